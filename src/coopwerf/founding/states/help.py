"""What a call for help goes through, and what somebody offers."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.coops.states import Texts


class HelpKind(enum.StrEnum):
    """Say what is asked for."""

    TASK = "task"
    THING = "thing"
    MONEY = "money"


HELP_KIND_NAMES: Final = {
    HelpKind.TASK: _("Time and hands"),
    HelpKind.THING: _("A thing to borrow"),
    HelpKind.MONEY: pgettext_lazy("help", "Money"),
}
"""What each kind is called."""


class CallState(enum.StrEnum):
    """Say how far a call for help has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


CALL_TRANSITIONS: Final[Mapping[CallState, frozenset[CallState]]] = {
    CallState.DRAFT: frozenset({CallState.OPEN}),
    CallState.OPEN: frozenset({CallState.CLOSED}),
    CallState.CLOSED: frozenset({CallState.OPEN}),
}
"""From which state a call comes to which other; a draft can be deleted, what was asked for in public never."""

CALL_STATE_NAMES: Final = {
    CallState.DRAFT: pgettext_lazy("call for help", "Draft"),
    CallState.OPEN: pgettext_lazy("call for help", "Open"),
    CallState.CLOSED: pgettext_lazy("call for help", "Closed"),
}
"""What each state of a call is called."""


class OfferState(enum.StrEnum):
    """Say how far an offer of help has come."""

    SENT = "sent"
    OPEN = "open"
    ACCEPTED = "accepted"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OFFER_TRANSITIONS: Final[Mapping[OfferState, frozenset[OfferState]]] = {
    OfferState.SENT: frozenset(
        {OfferState.OPEN, OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN, OfferState.LAPSED}
    ),
    OfferState.OPEN: frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN}),
    OfferState.ACCEPTED: frozenset({OfferState.GIVEN, OfferState.DECLINED, OfferState.WITHDRAWN}),
    OfferState.GIVEN: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.WITHDRAWN: frozenset(),
    OfferState.LAPSED: frozenset(),
}
"""From which state an offer comes to which other. A place that goes to whoever comes first skips the waiting."""

OFFER_STATE_NAMES: Final = {
    OfferState.SENT: _("Waits for the helper’s confirmation"),
    OfferState.OPEN: _("Waits for an answer"),
    OfferState.ACCEPTED: pgettext_lazy("offer of help", "Accepted"),
    OfferState.GIVEN: pgettext_lazy("offer of help", "Given"),
    OfferState.DECLINED: pgettext_lazy("offer of help", "Declined"),
    OfferState.WITHDRAWN: pgettext_lazy("offer of help", "Withdrawn"),
    OfferState.LAPSED: pgettext_lazy("offer of help", "Not confirmed in time"),
}
"""What each state of an offer is called."""

TAKES_PLACE: Final = frozenset({OfferState.ACCEPTED, OfferState.GIVEN})
"""The states in which an offer has one of the places, and counts."""

UNDER_WAY: Final = frozenset({OfferState.SENT, OfferState.OPEN, OfferState.ACCEPTED})
"""The states in which somebody can't offer the same once more."""

SKILLS: Final[Mapping[str, Texts]] = {
    "any": {"nl": "Niets bijzonders nodig", "fr": "Rien de particulier", "en": "Nothing special"},
    "translating": {"nl": "Vertalen", "fr": "Traduire", "en": "Translating"},
    "writing": {"nl": "Schrijven en nalezen", "fr": "Écrire et relire", "en": "Writing and proof-reading"},
    "design": {"nl": "Vormgeven en tekenen", "fr": "Graphisme et dessin", "en": "Design and drawing"},
    "pictures": {"nl": "Foto en film", "fr": "Photo et vidéo", "en": "Photo and film"},
    "hands": {"nl": "Handen uit de mouwen", "fr": "Bricoler et mettre la main à la pâte", "en": "Handiwork"},
    "driving": {"nl": "Rijden en sjouwen", "fr": "Conduire et porter", "en": "Driving and carrying"},
    "talking": {"nl": "Mensen aanspreken", "fr": "Parler aux gens", "en": "Talking to people"},
    "hosting": {"nl": "Koken en ontvangen", "fr": "Cuisiner et accueillir", "en": "Cooking and hosting"},
    "computers": {"nl": "Computers en code", "fr": "Informatique et code", "en": "Computers and code"},
    "figures": {"nl": "Cijfers en boekhouding", "fr": "Chiffres et comptabilité", "en": "Figures and accounts"},
    "law": {"nl": "Recht en statuten", "fr": "Droit et statuts", "en": "Law and statutes"},
    "money": {"nl": "Geld zoeken", "fr": "Chercher des fonds", "en": "Finding money"},
}
"""What somebody is good at: a fixed list, so that helpers find what suits them."""

LONGEST_TASK: Final = 60 * 40
"""Minutes: more than a week of work is to be paid, or is several tasks."""
