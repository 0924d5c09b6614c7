"""What can happen in a register, and what a request for membership goes through."""

import dataclasses
import datetime as dt
import enum
import functools
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coopcalc.register.records import MovementKind, StandingEvent
from coopcalc.register.sheets import fold
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import MAJORITY, Address, Name, PartyKind, birthday, clean_email, clean_phone

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
    "Invitation",
    "Missing",
    "MovementKind",
    "RequestEventKind",
    "RequestMoney",
    "RequestState",
    "SharesAsked",
    "StandingEvent",
    "cleaned",
    "countries",
    "invitations",
    "register_invitations",
    "register_request_money",
    "request_money",
    "told_of",
    "typed_by",
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


def cleaned(applicant: Applicant, today: dt.date) -> Applicant:
    """Return an applicant as we keep them; raises Refused, with `path`, for what can't be meant."""
    address = applicant.address.cleaned() if applicant.address else None
    address = None if address is None or address.is_empty else address
    kind = PartyKind.ORGANISATION if applicant.kind is ApplicantKind.ORGANISATION else PartyKind.PERSON
    name = Name(applicant.family, applicant.given, applicant.legal_form, applicant.enterprise_no).cleaned(
        kind, address.country if address else ""
    )
    if kind is PartyKind.ORGANISATION and not name.enterprise_no:
        raise Refused("people.enterprise_number_missing", path="enterprise_no")
    agent = Name("")
    if applicant.kind is not ApplicantKind.PERSON:
        try:
            agent = Name(applicant.agent_family, applicant.agent_given).cleaned(PartyKind.PERSON)
        except Refused as refusal:
            refusal.path = "agent_given" if refusal.path == "given" else "agent_family"
            raise
    if applicant.kind is ApplicantKind.MINOR and (
        applicant.born_on is None or not applicant.born_on <= today < birthday(applicant.born_on, MAJORITY)
    ):
        raise Refused("register.not_a_minor", path="born_on")
    return Applicant(
        kind=applicant.kind,
        family=name.family,
        given=name.given,
        legal_form=name.legal_form,
        enterprise_no=name.enterprise_no,
        address=address,
        email=clean_email(applicant.email),
        phone=clean_phone(applicant.phone),
        born_on=applicant.born_on if applicant.kind is ApplicantKind.MINOR else None,
        agent_given=agent.given,
        agent_family=agent.family,
    )


def told_of(one: Applicant) -> dict[str, Any]:
    """Return an applicant as JSON, to be kept until they confirm."""
    told = {key: value for key, value in dataclasses.asdict(one).items() if value and key not in ("kind", "party_id")}
    if one.address is not None:
        told["domicile"] = one.address.on_one_line
    if one.born_on is not None:
        told["born_on"] = one.born_on.isoformat()
    return told


def typed_by(kind: str, typed: dict[str, Any]) -> Applicant:
    """Return the applicant that `told_of` wrote down."""
    told = {key: value for key, value in typed.items() if key != "domicile"}
    if "address" in told:
        told["address"] = Address(**told["address"])
    if "born_on" in told:
        told["born_on"] = dt.date.fromisoformat(told["born_on"])
    return Applicant(kind=ApplicantKind(kind), **told)


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


@dataclasses.dataclass(frozen=True, slots=True)
class RequestMoney:
    """What the books above know of the money for a request, in euro.

    `received` came in by bank, also what is more than the shares cost; `payers` are the names under which it came,
    `url` is where it stands. `is_expected` where somebody was asked to pay by bank.
    """

    received: Decimal
    payers: tuple[str, ...]
    url: str
    is_expected: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Invitation:
    """A better door for whoever wants to become a member: what it is called, what stands behind it, and its address."""

    title: str
    text: str
    url: str


MoneyOfRequests = Callable[[uuid.UUID, Collection[uuid.UUID]], Mapping[uuid.UUID, RequestMoney]]
Invitations = Callable[[uuid.UUID, dt.date], Sequence[Invitation]]
_money_of_requests: list[MoneyOfRequests] = []
_invitations: list[Invitations] = []


def register_request_money(provider: MoneyOfRequests) -> MoneyOfRequests:
    """Let a package above say what money came for requests; its pages ask it once for all of a list."""
    _money_of_requests.append(provider)
    return provider


def request_money(coop_id: uuid.UUID, request_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RequestMoney]:
    """Return what is known of the money for these requests; those without are left out."""
    found: dict[uuid.UUID, RequestMoney] = {}
    if request_ids:
        for provider in _money_of_requests:
            found.update(provider(coop_id, request_ids))
    return found


def register_invitations(provider: Invitations) -> Invitations:
    """Let a package above name a better door than the plain form, such as an open offer."""
    _invitations.append(provider)
    return provider


def invitations(coop_id: uuid.UUID, on: dt.date) -> list[Invitation]:
    """Return the doors that packages above name for whoever wants to become a member on a date."""
    return [one for provider in _invitations for one in provider(coop_id, on)]


COUNTRIES = [
    ("BE", pgettext_lazy("country", "Belgium")),
    ("NL", pgettext_lazy("country", "The Netherlands")),
    ("FR", pgettext_lazy("country", "France")),
    ("LU", pgettext_lazy("country", "Luxembourg")),
    ("DE", pgettext_lazy("country", "Germany")),
    ("AT", pgettext_lazy("country", "Austria")),
    ("BG", pgettext_lazy("country", "Bulgaria")),
    ("CH", pgettext_lazy("country", "Switzerland")),
    ("CY", pgettext_lazy("country", "Cyprus")),
    ("CZ", pgettext_lazy("country", "Czechia")),
    ("DK", pgettext_lazy("country", "Denmark")),
    ("EE", pgettext_lazy("country", "Estonia")),
    ("ES", pgettext_lazy("country", "Spain")),
    ("FI", pgettext_lazy("country", "Finland")),
    ("GB", pgettext_lazy("country", "United Kingdom")),
    ("GR", pgettext_lazy("country", "Greece")),
    ("HR", pgettext_lazy("country", "Croatia")),
    ("HU", pgettext_lazy("country", "Hungary")),
    ("IE", pgettext_lazy("country", "Ireland")),
    ("IT", pgettext_lazy("country", "Italy")),
    ("LT", pgettext_lazy("country", "Lithuania")),
    ("LV", pgettext_lazy("country", "Latvia")),
    ("MA", pgettext_lazy("country", "Morocco")),
    ("MT", pgettext_lazy("country", "Malta")),
    ("NO", pgettext_lazy("country", "Norway")),
    ("PL", pgettext_lazy("country", "Poland")),
    ("PT", pgettext_lazy("country", "Portugal")),
    ("RO", pgettext_lazy("country", "Romania")),
    ("SE", pgettext_lazy("country", "Sweden")),
    ("SI", pgettext_lazy("country", "Slovenia")),
    ("SK", pgettext_lazy("country", "Slovakia")),
    ("TR", pgettext_lazy("country", "Turkey")),
    ("US", pgettext_lazy("country", "United States")),
]
_NEIGHBOURS = 5


def countries() -> list[tuple[str, str]]:
    """Return the countries to choose from: the neighbours, then all others as the reader's language sorts them."""
    return list(_countries(get_language() or ""))


@functools.cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    named = [(code, str(name)) for code, name in COUNTRIES]
    return (*named[:_NEIGHBOURS], *sorted(named[_NEIGHBOURS:], key=lambda one: fold(one[1])))
