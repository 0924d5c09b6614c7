"""What can happen in a register, and what a request for membership goes through."""

import dataclasses
import datetime as dt
import enum
import uuid
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopcalc.register.records import MovementKind, StandingEvent
from coopwerf.people.states import Address

__all__ = [
    "APPLICANT_NAMES",
    "DECIDERS",
    "ENDINGS",
    "ENDING_NAMES",
    "EVENT_NAMES",
    "IMPORT_TRANSITIONS",
    "LEAVING",
    "MISSING_NAMES",
    "MOVEMENT_NAMES",
    "OPEN_REQUESTS",
    "REQUEST_EVENT_NAMES",
    "REQUEST_STATE_NAMES",
    "REQUEST_TRANSITIONS",
    "Applicant",
    "ApplicantKind",
    "Ending",
    "ImportState",
    "Missing",
    "MovementKind",
    "RequestEventKind",
    "RequestState",
    "SharesAsked",
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
    # One that is withdrawn before it was confirmed is forgotten: nobody was registered yet.
    RequestState.UNCONFIRMED: frozenset({RequestState.INCOMPLETE, RequestState.COMPLETE}),
    RequestState.INCOMPLETE: frozenset({RequestState.COMPLETE, RequestState.REFUSED, RequestState.WITHDRAWN}),
    RequestState.COMPLETE: frozenset(
        {RequestState.INCOMPLETE, RequestState.ADMITTED, RequestState.REFUSED, RequestState.WITHDRAWN}
    ),
    RequestState.ADMITTED: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}

REQUEST_STATE_NAMES = {
    RequestState.UNCONFIRMED: pgettext_lazy("request", "Not confirmed yet"),
    RequestState.INCOMPLETE: pgettext_lazy("request", "Incomplete"),
    RequestState.COMPLETE: pgettext_lazy("request", "Ready for decision"),
    RequestState.ADMITTED: pgettext_lazy("request", "Admitted"),
    RequestState.REFUSED: pgettext_lazy("request", "Refused"),
    RequestState.WITHDRAWN: pgettext_lazy("request", "Withdrawn"),
}
"""What each state of a request is called."""

OPEN_REQUESTS = (RequestState.INCOMPLETE, RequestState.COMPLETE)
"""States in which a request waits for somebody of the co-operative."""


class ApplicantKind(enum.StrEnum):
    """Say who asks to become a member."""

    PERSON = "person"
    ORGANISATION = "organisation"
    MINOR = "minor"


APPLICANT_NAMES = {
    ApplicantKind.PERSON: pgettext_lazy("applicant", "Myself"),
    ApplicantKind.ORGANISATION: pgettext_lazy("applicant", "An organisation"),
    ApplicantKind.MINOR: pgettext_lazy("applicant", "A minor"),
}


class Missing(enum.StrEnum):
    """Say what a request lacks before the board can decide on it."""

    PAYMENT = "payment"
    ADDRESS = "address"


MISSING_NAMES = {
    Missing.PAYMENT: pgettext_lazy("missing", "the payment"),
    Missing.ADDRESS: pgettext_lazy("missing", "the address"),
}


class RequestEventKind(enum.StrEnum):
    """Say what happened to a request."""

    ASKED = "asked"
    CHANGED = "changed"
    RESIZED = "resized"
    PAID = "paid"
    TAKEN_BACK = "taken_back"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_EVENT_NAMES = {
    RequestEventKind.ASKED: pgettext_lazy("event of a request", "Asked"),
    RequestEventKind.CHANGED: pgettext_lazy("event of a request", "Completed"),
    RequestEventKind.RESIZED: pgettext_lazy("event of a request", "Number of shares changed"),
    RequestEventKind.PAID: pgettext_lazy("event of a request", "Paid"),
    RequestEventKind.TAKEN_BACK: pgettext_lazy("event of a request", "Payment taken back"),
    RequestEventKind.ADMITTED: pgettext_lazy("event of a request", "Admitted"),
    RequestEventKind.REFUSED: pgettext_lazy("event of a request", "Refused"),
    RequestEventKind.WITHDRAWN: pgettext_lazy("event of a request", "Withdrawn"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Describe who asks to become a member, and who acts for them: the representative, or a minor's guardian.

    `family` holds the registered name of an organisation. `party_id` names somebody who is known already.
    """

    kind: ApplicantKind = ApplicantKind.PERSON
    family: str = ""
    given: str = ""
    legal_form: str = ""
    enterprise_no: str = ""
    address: Address | None = None
    email: str = ""
    phone: str = ""
    born_on: dt.date | None = None
    agent_given: str = ""
    agent_family: str = ""
    party_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharesAsked:
    """Say how many shares of a class somebody asks for; without `amount_per_share` at the issue price of that day."""

    share_class: str
    quantity: int
    amount_per_share: Decimal | None = None


class ImportState(enum.StrEnum):
    """Say how far a spreadsheet has come on its way into the register."""

    OPEN = "open"
    BOOKING = "booking"
    BOOKED = "booked"
    DROPPED = "dropped"


IMPORT_TRANSITIONS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.OPEN: frozenset({ImportState.BOOKING, ImportState.BOOKED, ImportState.DROPPED}),
    # Back to open where a worker found a reason not to book.
    ImportState.BOOKING: frozenset({ImportState.BOOKED, ImportState.OPEN}),
    ImportState.BOOKED: frozenset(),
    ImportState.DROPPED: frozenset(),
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

LEAVING = (MovementKind.EXIT, MovementKind.EXCLUSION)
"""Movements for which something is due to who leaves; they may be decided before their day."""

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
    "import_history": _("Brought along with its history from an earlier register"),
}
"""Who can have taken a decision on which rows rest, by the code that is kept."""

BROUGHT_ALONG = "import"
BROUGHT_WITH_HISTORY = "import_history"
"""No decisions: a register that begins with what was held on a day, or with everything that ever happened."""
