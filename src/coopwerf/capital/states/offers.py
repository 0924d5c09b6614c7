"""What an offer goes through, and in which ways one is made."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopcalc.offers import BoundCode, Regime
from coopwerf.coops.states import BELGIAN_CV, DUTCH, Stage

__all__ = [
    "ASKED_SOURCE",
    "COUNTRY_OF",
    "MOVEMENT_SOURCE",
    "OFFER_STATE_NAMES",
    "OFFER_TRANSITIONS",
    "PAPER_REGIMES",
    "PUBLIC_STATES",
    "REGIME_NAMES",
    "REGISTER_SOURCE",
    "BoundCode",
    "OfferState",
    "Regime",
]


MOVEMENT_SOURCE: Final = "register.movement"
REGISTER_SOURCE: Final = "register"
"""What entries of the books about shares follow from: one movement, or many at once."""
ASKED_SOURCE: Final = "capital.paid_in_vain"
"""Where claims come from for what was paid back although it never came in."""


class OfferState(enum.StrEnum):
    """Say how far an offer has come."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


OFFER_TRANSITIONS: Final[Mapping[OfferState, frozenset[OfferState]]] = {
    OfferState.DRAFT: frozenset({OfferState.OPEN}),
    OfferState.OPEN: frozenset({OfferState.PAUSED, OfferState.CLOSED}),
    OfferState.PAUSED: frozenset({OfferState.OPEN, OfferState.CLOSED}),
    OfferState.CLOSED: frozenset(),
}
"""From which state an offer comes to which other; a draft can be deleted, an offer that was open never."""

OFFER_STATE_NAMES: Final = {
    OfferState.DRAFT: pgettext_lazy("offer", "Draft"),
    OfferState.OPEN: pgettext_lazy("offer", "Open"),
    OfferState.PAUSED: pgettext_lazy("offer", "Paused"),
    OfferState.CLOSED: pgettext_lazy("offer", "Closed"),
}
"""What each state of an offer is called."""

PUBLIC_STATES: Final = (OfferState.OPEN, OfferState.PAUSED, OfferState.CLOSED)
"""The states in which anybody can read the page of an offer."""

COUNTRY_OF: Final[Mapping[Stage, str]] = {**dict.fromkeys(BELGIAN_CV, "BE"), **dict.fromkeys(DUTCH, "NL")}
"""Whose law an offer keeps to, by legal form; who isn't a co-operative yet has no shares to offer."""

REGIME_NAMES: Final = {
    Regime.SMALL: _("Small offer: nothing to deposit"),
    Regime.FEW: _("To few people: no offer to the public"),
    Regime.NOTE: _("Offer with an information note"),
    Regime.PROSPECTUS: _("Offer with an approved prospectus"),
    Regime.OTHER: _("Another exception, on advice"),
}
"""What each way of making an offer is called."""

PAPER_REGIMES: Final = frozenset({Regime.NOTE, Regime.PROSPECTUS, Regime.OTHER})
"""The ways that need a paper, of which the reference stands on the page."""
