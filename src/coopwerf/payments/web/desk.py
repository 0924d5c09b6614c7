"""What every page about the bank asks first, and how its lines, requests and bookings are told."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coopcalc.matching import Reason
from coopcalc.references import format_communication, format_iban, format_rf, is_communication, is_rf
from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import money_pages
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars
from coopwerf.register import policies as register
from coopwerf.ui import formats
from coopwerf.ui.shell import NavItem

from .. import policies, queries
from ..queries import ClaimFacts, EntryFacts, MatchFacts
from ..states import CLAIM_KIND_NAMES, MatchKind

OFF = frozenset({"amount_short", "amount_over", "already_paid", "paid_by_other", "communication_mistyped"})
"""Reasons that ask for a second look."""
LONGEST_Q = 100
REQUEST = "register.request"


class Desk:
    """The bank of a request's co-operative, today, and what its actor may do with it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor: Actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)
        policies.may_see_bank(self.actor, self.coop_id, self.today).require()

    @cached_property
    def keep(self) -> Verdict:
        """Say whether the actor may say what money was for."""
        return policies.may_keep_bank(self.actor, self.coop_id, self.today)

    @property
    def whose(self) -> dict[str, Any]:
        """Return what every action is told."""
        return {"actor": self.actor, "now": self.now, "coop_id": self.coop_id}

    @property
    def language(self) -> str:
        """Return the language of the page."""
        return formats.language(get_language())

    def money(self, amount: Decimal) -> str:
        """Write an amount within a sentence."""
        return formats.money(amount, self.language)

    def url(self, name: str, *, query: Mapping[str, Any] | None = None, **kwargs: object) -> str:
        """Return the address of a page about this bank; what is empty in a query is left out."""
        address = reverse(f"payments:{name}", kwargs={"slug": self.coop.slug, **kwargs})
        told = {key: value for key, value in (query or {}).items() if value}
        return f"{address}?{urlencode(told)}" if told else address

    def inbox(self, line: uuid.UUID | None = None, *, done: uuid.UUID | None = None, q: str = "") -> str:
        """Return the address of the inbox, with a line at hand."""
        return self.url("inbox", query={"q": q, "line": line, "done": done})

    def tabs(self, current: str, counts: Mapping[str, int] | None = None) -> list[NavItem]:
        """Return the pages about money that the actor sees, as tabs."""
        powers = coops.powers_of(self.coop_id, self.actor.parties, self.today)
        return [
            NavItem(
                label=str(page.label),
                url=reverse(page.url_name, kwargs={"slug": self.coop.slug}),
                current=page.code == current,
                count=(counts or {}).get(page.code) or None,
            )
            for page in money_pages(powers)
        ]

    def claim_url(self, claim: ClaimFacts) -> str:
        """Return the page of what a claim comes from, where whoever looks may see it; else nothing."""
        if claim.source_kind != REQUEST or claim.source_id is None or not self.sees_requests:
            return ""
        return reverse("register:request", kwargs={"slug": self.coop.slug, "request_id": claim.source_id})

    @cached_property
    def sees_requests(self) -> bool:
        """Tell whether the actor may see requests for membership."""
        return bool(register.may_see_requests(self.actor, self.coop_id, self.today))

    @cached_property
    def accounts(self) -> Mapping[uuid.UUID, queries.AccountFacts]:
        """Return the bank accounts by their id."""
        return {one.id: one for one in queries.accounts(self.coop_id)}

    def entry(self, entry_id: uuid.UUID) -> EntryFacts:
        """Return a line of the bank that is there."""
        facts = queries.entry_facts(self.coop_id, entry_id)
        if facts is None:
            raise Http404
        return facts

    def names(self, claims: Iterable[ClaimFacts]) -> "Names":
        """Return what the parties of claims are called today: one query for all."""
        ids = {one.party_id for one in claims if one.party_id is not None}
        return Names(people.particulars(ids, self.today) if ids else {})


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """What parties are called."""

    known: Mapping[uuid.UUID, Particulars]

    def of(self, claim: ClaimFacts) -> str:
        """Return whose a claim is, else the holder of the account, else its communication."""
        found = self.known.get(claim.party_id) if claim.party_id is not None else None
        if found is not None:
            return found.spoken
        return claim.holder if claim.holder and claim.direction == "out" else format_communication(claim.digits)


def kind(claim: ClaimFacts) -> str:
    """Return what a claim is for, to stand alone."""
    return capfirst(str(CLAIM_KIND_NAMES[claim.kind]))


def who(name: str) -> str:
    """Return the other side of a line; some lines have none."""
    return name or _("No name")


def note(reference: str, text: str) -> str:
    """Return what the payer wrote: the structured communication as people know it, then the text."""
    if reference and reference in "".join(sign for sign in text.upper() if sign.isalnum()):
        return text
    said = reference
    if is_communication(reference):
        said = format_communication(reference)
    elif is_rf(reference):
        said = format_rf(reference)
    return " · ".join(part for part in (said, text) if part)


@dataclasses.dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the bank as pages show it."""

    id: uuid.UUID
    who: str
    on: dt.date
    amount: Decimal
    left: Decimal
    note: str
    iban: str
    account: str
    reference: str
    bank_ref: str

    @property
    def booked(self) -> Decimal:
        """Return how much of it is explained."""
        return self.amount - self.left

    @property
    def is_part(self) -> bool:
        """Tell whether some of it is explained, and some of it waits."""
        return self.left not in (0, self.amount)


def line_shown(entry: EntryFacts, desk: Desk) -> LineShown:
    """Return a line for a page; which account it is on only where there are several."""
    own = desk.accounts.get(entry.account_id)
    return LineShown(
        id=entry.id,
        who=who(entry.name),
        on=entry.booked,
        amount=entry.amount,
        left=entry.open,
        note=note(entry.reference, entry.text),
        iban=format_iban(entry.iban),
        account=format_iban(own.iban) if own is not None and len(desk.accounts) > 1 else "",
        reference=entry.reference,
        bank_ref=entry.bank_ref,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class ReasonShown:
    """Why a line may be for a request."""

    text: str
    points: int
    speaks_for: bool


def reasons_shown(reasons: Sequence[Reason], language: str) -> list[ReasonShown]:
    """Return reasons in the language of the page."""
    return [ReasonShown(one.said(language), one.points, one.code not in OFF) for one in reasons]


def after(desk: Desk, claim: ClaimFacts, amount: Decimal) -> str:
    """Say how a claim stands once so much more is paid."""
    left = claim.open - amount
    if left > 0:
        return _("%(amount)s still open") % {"amount": desk.money(left)}
    if claim.kind == "capital":
        return _("paid: the board decides")
    return _("paid in full")


def match_title(desk: Desk, match: MatchFacts, claims: Mapping[uuid.UUID, ClaimFacts], names: Names) -> str:
    """Say what a part of a line was for."""
    claim = claims.get(match.claim_id) if match.claim_id is not None else None
    match match.kind:
        case MatchKind.CLAIM if claim is not None:
            return f"{names.of(claim)} · {CLAIM_KIND_NAMES[claim.kind]}"
        case MatchKind.REFUND if claim is not None:
            return _("Money to give back to %(name)s") % {"name": names.of(claim)}
        case MatchKind.ACCOUNT:
            facts = books.account(desk.coop_id, match.account_code)
            name = "" if facts is None else facts.name
            return _("Account %(code)s %(name)s") % {"code": match.account_code, "name": name}
        case MatchKind.RETURN:
            return _("A payment that came back")
        case _:
            return _("Between our own accounts")


@dataclasses.dataclass(frozen=True, slots=True)
class DoneShown:
    """What was done just now, with the way back."""

    text: str
    undo_url: str = ""
    next: str = ""


def done_shown(desk: Desk, text: str) -> DoneShown | None:
    """Return what a page says of the booking that led to it; nothing where it was undone meanwhile."""
    match_id = some_id(text)
    facts = queries.match_facts(desk.coop_id, match_id) if match_id is not None else None
    if facts is None or not facts.stands:
        return None
    claims = queries.claims_with(desk.coop_id, [facts.claim_id]) if facts.claim_id else {}
    entry = queries.entry_facts(desk.coop_id, facts.entry_id)
    said = (
        _("Booked: %(amount)s from %(who)s. %(title)s.")
        if facts.amount > 0
        else _("Booked: %(amount)s to %(who)s. %(title)s.")
    )
    return DoneShown(
        text=said
        % {
            "amount": desk.money(abs(facts.amount)),
            "who": who(entry.name if entry is not None else ""),
            "title": match_title(desk, facts, claims, desk.names(claims.values())),
        },
        undo_url=desk.url("undo", match_id=facts.id) if desk.keep else "",
        next=str(facts.entry_id),
    )


def some_id(text: str) -> uuid.UUID | None:
    """Read an id from an address or a form."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def searched(request: Request) -> str:
    """Return what somebody looks for."""
    given = request.POST if request.method == "POST" else request.GET
    return " ".join(given.get("q", "").replace("\0", "").split())[:LONGEST_Q]


def wait_count(count: int) -> str:
    """Say how many lines wait."""
    if not count:
        return _("No line waits")
    return ngettext("One line waits for you", "%(count)s lines wait for you", count) % {"count": count}
