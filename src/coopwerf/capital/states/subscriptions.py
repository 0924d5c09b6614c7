"""Subscribing, as plain values: what is asked, by and for whom, how far it has come, and its dates."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import pgettext_lazy

from coopcalc.references import format_communication
from coopwerf.kernel.money import CENT, ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import clean_email, clean_text
from coopwerf.register.states import Applicant, ApplicantKind, cleaned


class ForWhom(enum.StrEnum):
    """Say for whom shares are subscribed to."""

    SELF = "self"
    ORGANISATION = "organisation"
    GIFT = "gift"
    MINOR = "minor"


FOR_WHOM_NAMES: Final = {
    ForWhom.SELF: pgettext_lazy("for whom", "For myself"),
    ForWhom.ORGANISATION: pgettext_lazy("for whom", "For an organisation"),
    ForWhom.GIFT: pgettext_lazy("for whom", "As a gift"),
    ForWhom.MINOR: pgettext_lazy("for whom", "For a minor"),
}
"""What each way to subscribe is called."""

APPLICANT_OF: Final[Mapping[ForWhom, ApplicantKind]] = {
    ForWhom.SELF: ApplicantKind.PERSON,
    ForWhom.ORGANISATION: ApplicantKind.ORGANISATION,
    ForWhom.GIFT: ApplicantKind.PERSON,
    ForWhom.MINOR: ApplicantKind.MINOR,
}
"""Who would become a member."""


class SubscriptionState(enum.StrEnum):
    """Say how far a subscription has come; whether its address is confirmed is a date beside it."""

    WAITING = "waiting"
    TO_PAY = "to_pay"
    PAID = "paid"
    LAPSED = "lapsed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = SubscriptionState
SUBSCRIPTION_TRANSITIONS: Final[Mapping[SubscriptionState, frozenset[SubscriptionState]]] = {
    _S.WAITING: frozenset({_S.TO_PAY, _S.LAPSED, _S.WITHDRAWN}),
    _S.TO_PAY: frozenset({_S.PAID, _S.LAPSED, _S.ADMITTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.PAID: frozenset({_S.TO_PAY, _S.LAPSED, _S.ADMITTED, _S.REFUSED, _S.WITHDRAWN}),
    # Who pays late takes part again while there is room, else gets it back and the subscription stays lapsed.
    _S.LAPSED: frozenset({_S.TO_PAY, _S.PAID, _S.WITHDRAWN}),
    _S.ADMITTED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
"""From which state a subscription comes to which other."""

SUBSCRIPTION_STATE_NAMES: Final = {
    _S.WAITING: pgettext_lazy("subscription", "On the waiting list"),
    _S.TO_PAY: pgettext_lazy("subscription", "To be paid"),
    _S.PAID: pgettext_lazy("subscription", "Paid"),
    _S.LAPSED: pgettext_lazy("subscription", "Lapsed"),
    _S.ADMITTED: pgettext_lazy("subscription", "Admitted"),
    _S.REFUSED: pgettext_lazy("subscription", "Refused"),
    _S.WITHDRAWN: pgettext_lazy("subscription", "Withdrawn"),
}
"""What each state of a subscription is called."""

HOLDING: Final = (_S.TO_PAY, _S.PAID)
"""The states in which a subscription takes room; once it is a request of the register it counts there."""


class SubscriptionEventKind(enum.StrEnum):
    """Say what happened to a subscription."""

    SENT = "sent"
    QUEUED = "queued"
    MOVED_UP = "moved_up"
    CONFIRMED = "confirmed"
    REMINDED = "reminded"
    MAILED = "mailed"
    CORRECTED = "corrected"
    EXTENDED = "extended"
    RESIZED = "resized"
    PAID = "paid"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    REVIVED = "revived"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"
    PAID_BACK = "paid_back"
    ASKED_BACK = "asked_back"
    KEPT_PAID = "kept_paid"
    PASSED = "passed"


_E = SubscriptionEventKind
SUBSCRIPTION_EVENT_NAMES: Final = {
    _E.SENT: pgettext_lazy("event of a subscription", "Subscribed"),
    _E.QUEUED: pgettext_lazy("event of a subscription", "Put on the waiting list"),
    _E.MOVED_UP: pgettext_lazy("event of a subscription", "There was room: moved up"),
    _E.CONFIRMED: pgettext_lazy("event of a subscription", "Address confirmed"),
    _E.REMINDED: pgettext_lazy("event of a subscription", "Reminded"),
    _E.MAILED: pgettext_lazy("event of a subscription", "Mail sent again"),
    _E.CORRECTED: pgettext_lazy("event of a subscription", "Mail address corrected"),
    _E.EXTENDED: pgettext_lazy("event of a subscription", "More time to pay"),
    _E.RESIZED: pgettext_lazy("event of a subscription", "Number of shares changed"),
    _E.PAID: pgettext_lazy("event of a subscription", "Paid"),
    _E.TAKEN_BACK: pgettext_lazy("event of a subscription", "Payment taken back"),
    _E.LAPSED: pgettext_lazy("event of a subscription", "Lapsed"),
    _E.REVIVED: pgettext_lazy("event of a subscription", "Taken up again"),
    _E.ADMITTED: pgettext_lazy("event of a subscription", "Admitted"),
    _E.REFUSED: pgettext_lazy("event of a subscription", "Refused"),
    _E.WITHDRAWN: pgettext_lazy("event of a subscription", "Withdrawn"),
    _E.REFUNDED: pgettext_lazy("event of a subscription", "To be paid back"),
    _E.PAID_BACK: pgettext_lazy("event of a subscription", "Paid back"),
    _E.KEPT_PAID: pgettext_lazy("event of a subscription", "Still called paid in the register"),
    _E.PASSED: pgettext_lazy(
        "event of a subscription", "Passed over for now: their limit is reached, or another request of theirs is open"
    ),
    _E.ASKED_BACK: pgettext_lazy("event of a subscription", "Paid back by mistake: asked for again"),
}
"""What each event of a subscription is called."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Who gives shares, or who else pays: a name for the treasurer, and for a gift where to send how to pay."""

    name: str = ""
    email: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody subscribes to: so many shares of a class for whom, under which version of the offer.

    `amount_per_share` is the price that was shown; without it that of the day. `applicant` is who would become a
    member; its `party_id` names oneself, or whom one acts for, after signing in. `payer` is somebody else who pays,
    and for a gift whoever gives it.
    """

    for_whom: ForWhom = ForWhom.SELF
    share_class: str
    quantity: int
    amount_per_share: Decimal | None = None
    version_id: uuid.UUID | None = None
    applicant: Applicant
    payer: Giver = Giver()
    accepts_statutes: bool = False
    accepts_risk: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """When a subscription has to be paid, and when it is reminded of: None where the term is too short for that."""

    due_on: dt.date
    remind_on: dt.date | None
    last_on: dt.date | None


def term(begins: dt.date, days: int) -> Term:
    """Return the term of payment that begins on a day.

    The first reminder comes after half of it, the last one two days before its end; neither on the day itself nor two
    within as many days.
    """
    due = begins + dt.timedelta(days=days)
    last = due - dt.timedelta(days=2) if days >= 4 else None
    half = begins + dt.timedelta(days=(days + 1) // 2)
    first = half if days >= 8 else None
    return Term(due, first, last)


class Standing(enum.StrEnum):
    """Say how what came in compares with what was asked."""

    NOTHING = "nothing"
    SHORT = "short"
    EXACT = "exact"
    OVER = "over"


def standing(amount: Decimal, received: Decimal) -> Standing:
    """Return how what came in compares with what was asked."""
    if received <= ZERO:
        return Standing.NOTHING
    if received == amount:
        return Standing.EXACT
    return Standing.SHORT if received < amount else Standing.OVER


def price(amount_per_share: Decimal, quantity: int) -> Decimal:
    """Return what shares cost together, in euro; raises ValueError for fractions of a cent."""
    exact = amount_per_share * quantity
    if exact != exact.quantize(CENT):
        raise ValueError("fractions of a cent")
    return exact.quantize(CENT)


def written_digits(digits: str) -> str:
    """Write the twelve digits of a structured communication as banks do; nothing where there are none."""
    return format_communication(digits) if digits else ""


def clean_payer(payer: Giver) -> Giver:
    """Return who else pays, or who gives, as we keep it; raises Refused, with `path`."""
    try:
        email = clean_email(payer.email)
    except Refused as refusal:
        refusal.path = "payer_email"
        raise
    return Giver(name=clean_text(payer.name, field="payer", longest=200), email=email)


def clean_subscriber(applicant: Applicant, payer: Giver, for_whom: ForWhom, today: dt.date) -> Applicant:
    """Return who would become a member as we keep it; raises Refused, with `path`, for what can't be meant."""
    one = cleaned(dataclasses.replace(applicant, kind=APPLICANT_OF[for_whom]), today)
    if not one.email:
        raise Refused("people.email_missing", path="email")
    if one.address is None:
        raise Refused("people.address_missing", path="street")
    known = clean_payer(payer)
    if for_whom is ForWhom.GIFT and not (known.name and known.email):
        raise Refused("capital.giver_missing", path="payer_email" if known.name else "payer")
    return one
