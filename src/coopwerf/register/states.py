"""What can happen in a register, and what a request for membership goes through."""

import enum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopcalc.register.records import MovementKind, StandingEvent

__all__ = [
    "DECIDERS",
    "ENDINGS",
    "ENDING_NAMES",
    "EVENT_NAMES",
    "MOVEMENT_NAMES",
    "REQUEST_TRANSITIONS",
    "Ending",
    "MovementKind",
    "RequestState",
    "StandingEvent",
]


class Ending(enum.StrEnum):
    """Say why a membership ended."""

    EXIT = "exit"
    EXCLUSION = "exclusion"
    DEATH = "death"
    DISSOLUTION = "dissolution"
    TRANSFER = "transfer"
    UNKNOWN = "unknown"


ENDINGS = [ending.value for ending in Ending]


class RequestState(enum.StrEnum):
    """Say how far a request for membership has come."""

    UNCONFIRMED = "unconfirmed"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.UNCONFIRMED: frozenset({RequestState.INCOMPLETE, RequestState.COMPLETE, RequestState.WITHDRAWN}),
    RequestState.INCOMPLETE: frozenset({RequestState.COMPLETE, RequestState.REFUSED, RequestState.WITHDRAWN}),
    RequestState.COMPLETE: frozenset(
        {RequestState.INCOMPLETE, RequestState.ADMITTED, RequestState.REFUSED, RequestState.WITHDRAWN}
    ),
    RequestState.ADMITTED: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}

MOVEMENT_NAMES = {
    MovementKind.ISSUE: pgettext_lazy("movement of shares", "Issue"),
    MovementKind.OPENING: pgettext_lazy("movement of shares", "Brought along"),
    MovementKind.TRANSFER_OUT: _("Transfer to another member"),
    MovementKind.TRANSFER_IN: _("Transfer from another member"),
    MovementKind.CONVERSION_OUT: _("Conversion into another class"),
    MovementKind.CONVERSION_IN: _("Conversion from another class"),
    MovementKind.EXIT: pgettext_lazy("movement of shares", "Exit"),
    MovementKind.EXCLUSION: pgettext_lazy("movement of shares", "Exclusion"),
    MovementKind.SPLIT: pgettext_lazy("movement of shares", "Split"),
    MovementKind.PAYMENT: pgettext_lazy("movement of shares", "Payment"),
    MovementKind.CORRECTION: pgettext_lazy("movement of shares", "Correction"),
}
"""What each kind of movement is called."""

EVENT_NAMES = {
    StandingEvent.ADMITTED: pgettext_lazy("membership", "Admitted"),
    StandingEvent.ENDED: pgettext_lazy("membership", "Ended"),
}
"""What the beginning and the end of a membership are called."""

ENDING_NAMES = {
    Ending.EXIT: pgettext_lazy("end of a membership", "Exit"),
    Ending.EXCLUSION: pgettext_lazy("end of a membership", "Exclusion"),
    Ending.DEATH: pgettext_lazy("end of a membership", "Death"),
    Ending.DISSOLUTION: pgettext_lazy("end of a membership", "Dissolution"),
    Ending.TRANSFER: pgettext_lazy("end of a membership", "Transfer of all shares"),
    Ending.UNKNOWN: pgettext_lazy("end of a membership", "Not known"),
}
"""Why a membership ended."""

DECIDERS = {
    "board": pgettext_lazy("who decided", "The board"),
    "assembly": pgettext_lazy("who decided", "The general assembly"),
    "founders": _("The founders, in the deed"),
    "bank": _("Nobody: a payment that came in"),
    "law": _("The law or a judge: a death, a judgment"),
    "import": _("Brought along from an earlier register"),
}
"""Who can have taken a decision on which rows rest, by the code that is kept."""
