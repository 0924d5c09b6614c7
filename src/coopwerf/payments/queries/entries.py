"""Entries of the bank: what waits to be explained, and what each was for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from coopcalc.matching import Payment, Reason
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask

from ..models import BankEntry, Match
from ..states import EntryState, MatchKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DetailFacts:
    """A payment within an entry that the bank booked as a whole; `number` counts from 1."""

    number: int
    amount: Decimal
    name: str = ""
    iban: str = ""
    reference: str = ""
    text: str = ""
    bank_ref: str = ""
    end_to_end: str = ""
    return_code: str = ""

    @property
    def payment(self) -> Payment:
        """Return it as a line to match."""
        return Payment(
            amount=self.amount,
            name=self.name,
            iban=self.iban,
            reference=self.reference,
            text=self.text,
            end_to_end=self.end_to_end,
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """An entry with what the bank wrote, and how much of it waits to be explained."""

    id: uuid.UUID
    account_id: uuid.UUID
    statement_id: uuid.UUID
    number: int
    booked: dt.date
    value: dt.date | None
    posted_on: dt.date | None
    amount: Decimal
    open: Decimal
    bank_ref: str
    kind: str
    return_code: str
    is_reversal: bool
    name: str
    iban: str
    bic: str
    reference: str
    text: str
    end_to_end: str
    original: str
    details: tuple[DetailFacts, ...]

    @property
    def state(self) -> EntryState:
        """Return how far it is explained."""
        if not self.open:
            return EntryState.MATCHED
        return EntryState.OPEN if self.open == self.amount else EntryState.PARTLY

    @property
    def payment(self) -> Payment:
        """Return what is open of it as a line to match."""
        return Payment(
            amount=self.open,
            name=self.name,
            iban=self.iban,
            reference=self.reference,
            text=self.text,
            end_to_end=self.end_to_end,
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """What a part of an entry was for; `amount` has the entry's sign."""

    id: uuid.UUID
    entry_id: uuid.UUID
    kind: MatchKind
    claim_id: uuid.UUID | None
    account_code: str
    other_entry_id: uuid.UUID | None
    detail: int | None
    amount: Decimal
    score: int | None
    reasons: tuple[Reason, ...]
    on: dt.date
    at: dt.datetime
    author_id: uuid.UUID | None
    undoes: uuid.UUID | None
    undone_by: uuid.UUID | None

    @property
    def stands(self) -> bool:
        """Tell whether it holds: it isn't undone, and undoes nothing."""
        return self.undoes is None and self.undone_by is None


_WORDS = ("name", "iban", "bic", "reference", "text", "end_to_end", "original")
_OWN = tuple(field.name for field in dataclasses.fields(EntryFacts) if field.name not in (*_WORDS, "details"))


def entry_row(row: BankEntry) -> EntryFacts:
    """Return a row, read with its words, as facts; the words of an old one may be gone."""
    words = getattr(row, "words", None)
    told: dict[str, Any] = {name: getattr(row, name) for name in _OWN}
    told |= {name: getattr(words, name, "") for name in _WORDS}
    details = tuple(detail_facts(number, one) for number, one in enumerate(getattr(words, "details", ()), start=1))
    return EntryFacts(**told, details=details)


def detail_facts(number: int, told: Mapping[str, Any]) -> DetailFacts:
    """Return a payment within an entry, as it was kept."""
    return DetailFacts(number=number, **{**told, "amount": Decimal(told["amount"])})


def match_row(row: Match) -> MatchFacts:
    """Return a row, read with what undid it, as facts."""
    undone = getattr(row, "undone_by", None)
    return MatchFacts(
        id=row.id,
        entry_id=row.entry_id,
        kind=MatchKind(row.kind),
        claim_id=row.claim_id,
        account_code=row.account_code,
        other_entry_id=row.other_entry_id,
        detail=row.detail,
        amount=row.amount,
        score=row.score,
        reasons=tuple(Reason.from_json(one) for one in row.reasons),
        on=row.on,
        at=row.at,
        author_id=row.author_id,
        undoes=row.undoes_id,
        undone_by=None if undone is None else undone.id,
    )


_WAITING = """
    SELECT count(*), coalesce(sum(open), 0), max(id::text) FROM payments_bankentry
    WHERE coop_id = %(coop)s AND open <> 0
"""


def _rows(coop_id: uuid.UUID) -> QuerySet[BankEntry]:
    return BankEntry.objects.filter(coop_id=coop_id).select_related("words")


def entry_facts(coop_id: uuid.UUID, entry_id: uuid.UUID) -> EntryFacts | None:
    """Return an entry, or None."""
    row = _rows(coop_id).filter(id=entry_id).first()
    return None if row is None else entry_row(row)


def entries_with(coop_id: uuid.UUID, entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, EntryFacts]:
    """Return entries by their ids."""
    return {row.id: entry_row(row) for row in _rows(coop_id).filter(id__in=list(entry_ids))}


def inbox_page(
    coop_id: uuid.UUID,
    *,
    state: EntryState | None = EntryState.OPEN,
    q: str = "",
    account_id: uuid.UUID | None = None,
    limit: int = 50,
    after: uuid.UUID | None = None,
) -> list[EntryFacts]:
    """Return entries in the order in which the bank booked them; those that wait, in whole or in part, by default.

    `state` is OPEN for all that waits, PARTLY for what is explained in part, MATCHED, or None for everything, and then
    the latest comes first. `q` looks in names, texts, accounts, communications and amounts; `after` is the last entry
    of the page before.
    """
    rows = found_entries(coop_id, state, q, account_id)
    waits = state in (EntryState.OPEN, EntryState.PARTLY)
    if after is not None:
        last = BankEntry.objects.filter(coop_id=coop_id, id=after).values_list("booked", flat=True).first()
        if last is not None and waits:
            rows = rows.filter(Q(booked__gt=last) | Q(booked=last, id__gt=after))
        elif last is not None:
            rows = rows.filter(Q(booked__lt=last) | Q(booked=last, id__lt=after))
    order = ("booked", "id") if waits else ("-booked", "-id")
    return [entry_row(row) for row in rows.order_by(*order)[:limit]]


def waiting(coop_id: uuid.UUID) -> tuple[int, Decimal, str | None]:
    """Return how many entries wait, what is open of them together, and the latest of them: whether anything changed."""

    def read() -> tuple[int, Decimal, str | None]:
        ((count, total, latest),) = ask(_WAITING, {"coop": coop_id})
        return count, total, latest

    return remembered(("payments.waiting", coop_id), read)


def count_inbox(
    coop_id: uuid.UUID,
    *,
    state: EntryState | None = EntryState.OPEN,
    q: str = "",
    account_id: uuid.UUID | None = None,
) -> int:
    """Return how many entries there are in all on these pages."""
    return found_entries(coop_id, state, q, account_id).count()


def found_entries(
    coop_id: uuid.UUID, state: EntryState | None, q: str, account_id: uuid.UUID | None
) -> QuerySet[BankEntry]:
    """Return the rows of entries that are looked for, with their words."""
    rows = _rows(coop_id)
    match state:
        case EntryState.OPEN:
            rows = rows.exclude(open=0)
        case EntryState.PARTLY:
            rows = rows.exclude(open=0).exclude(open=F("amount"))
        case EntryState.MATCHED:
            rows = rows.filter(open=0)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    for word in q.split()[:8]:
        rows = rows.filter(_about(word))
    return rows


def _about(word: str) -> Q:
    found = (
        Q(words__name__icontains=word)
        | Q(words__text__icontains=word)
        | Q(words__reference__icontains=word)
        | Q(words__iban__icontains=word.upper())
    )
    digits = "".join(sign for sign in word if sign.isdecimal())
    if len(digits) >= 6:
        found |= Q(words__reference__contains=digits) | Q(words__digits__contains=[digits])
    plain = word.replace("€", "").lstrip("-\u2212")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if plain.replace(".", "", 1).isdecimal() and len(plain) <= 12:
        amount = Decimal(plain)
        found |= Q(amount=amount) | Q(amount=-amount)
    return found


def entries_of_statement(
    coop_id: uuid.UUID, statement_id: uuid.UUID, *, limit: int = 200, after: int = 0
) -> list[EntryFacts]:
    """Return the entries that a statement brought, in its order; `after` is the number of the last one before."""
    rows = _rows(coop_id).filter(statement_id=statement_id, number__gt=after).order_by("number")
    return [entry_row(row) for row in rows[:limit]]


def matches_of_entries(coop_id: uuid.UUID, entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[MatchFacts]]:
    """Return what was ever said of entries, also what was undone, the oldest first."""
    found: dict[uuid.UUID, list[MatchFacts]] = {entry_id: [] for entry_id in entry_ids}
    rows = Match.objects.filter(coop_id=coop_id, entry_id__in=list(entry_ids)).select_related("undone_by")
    for row in rows.order_by("id"):
        found[row.entry_id].append(match_row(row))
    return found


def matches_of_claim(coop_id: uuid.UUID, claim_id: uuid.UUID) -> list[MatchFacts]:
    """Return what was ever said to pay a claim, the oldest first."""
    rows = Match.objects.filter(coop_id=coop_id, claim_id=claim_id).select_related("undone_by")
    return [match_row(row) for row in rows.order_by("id")]


def match_facts(coop_id: uuid.UUID, match_id: uuid.UUID) -> MatchFacts | None:
    """Return a match, or None."""
    row = Match.objects.filter(coop_id=coop_id, id=match_id).select_related("undone_by").first()
    return None if row is None else match_row(row)


def latest_matches(coop_id: uuid.UUID, *, limit: int = 50, before: uuid.UUID | None = None) -> list[MatchFacts]:
    """Return matches, the latest first; `before` is the last one of the page before."""
    rows = Match.objects.filter(coop_id=coop_id).select_related("undone_by")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [match_row(row) for row in rows.order_by("-id")[:limit]]


# What waits, by its age


AGES: Sequence[int] = (7, 30, 90)
"""Up to so many days; older is what comes after."""


@dataclasses.dataclass(frozen=True, slots=True)
class Age:
    """Entries that wait for up to so many days (None: longer than all others): how many, and how much in and out."""

    days: int | None
    count: int
    money_in: Decimal
    money_out: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Suspense:
    """What nobody has explained yet: in all, by age, and since when the oldest waits."""

    count: int
    total: Decimal
    oldest: dt.date | None
    ages: tuple[Age, ...]


def suspense(coop_id: uuid.UUID, on: dt.date) -> Suspense:
    """Return what waits to be explained, by its age on a day."""
    rows = ask(
        "SELECT booked, count(*), sum(open), coalesce(sum(open) FILTER (WHERE open > 0), 0),"
        " coalesce(sum(open) FILTER (WHERE open < 0), 0) FROM payments_bankentry"
        " WHERE coop_id = %(coop)s AND open <> 0 GROUP BY booked",
        {"coop": coop_id},
    )
    bounds = [*AGES, None]
    sums: dict[int | None, list[Any]] = {bound: [0, ZERO, ZERO] for bound in bounds}
    for booked, count, _total, money_in, money_out in rows:
        days = (on - booked).days
        bound = next((one for one in AGES if days <= one), None)
        sums[bound][0] += count
        sums[bound][1] += money_in
        sums[bound][2] += money_out
    return Suspense(
        count=sum(row[1] for row in rows),
        total=sum((row[2] for row in rows), ZERO),
        oldest=min((row[0] for row in rows), default=None),
        ages=tuple(Age(bound, *sums[bound]) for bound in bounds),
    )


def suspense_list(coop_id: uuid.UUID, *, limit: int = 200, after: uuid.UUID | None = None) -> list[EntryFacts]:
    """Return what waits to be explained, the oldest first."""
    return inbox_page(coop_id, state=EntryState.OPEN, limit=limit, after=after)


def unmatched(coop_id: uuid.UUID, at: dt.date) -> Decimal:
    """Return what wasn't explained of the entries that were posted by a day, as far as matches are posted by it."""
    told = BankEntry.objects.filter(coop_id=coop_id, posted_on__lte=at).aggregate(sum=Sum("amount"))["sum"] or ZERO
    said = Match.objects.filter(coop_id=coop_id, on__lte=at).aggregate(sum=Sum("amount"))["sum"] or ZERO
    return Decimal(told - said)


def posted(coop_id: uuid.UUID, at: dt.date) -> Decimal:
    """Return what the entries add up to that were posted by a day."""
    return BankEntry.objects.filter(coop_id=coop_id, posted_on__lte=at).aggregate(sum=Sum("amount"))["sum"] or ZERO


# What comes back, and what goes between own accounts


RETURNS_WITHIN = dt.timedelta(days=400)
"""How long ago a payment may be that comes back: a direct debit can for thirteen months."""
INTERNAL_WITHIN = dt.timedelta(days=7)


def returned_by(coop_id: uuid.UUID, entry: EntryFacts, *, limit: int = 5) -> list[EntryFacts]:
    """Return the entries that an entry may bring back: the opposite amount, the same party or the same reference.

    The bank says of a return that it is one, by its code or mark; without it only the same end-to-end reference counts.
    """
    rows = _rows(coop_id).filter(
        account_id=entry.account_id,
        amount=-entry.amount,
        booked__lte=entry.booked,
        booked__gte=entry.booked - RETURNS_WITHIN,
    )
    about = Q(pk=None)
    if entry.end_to_end:
        about |= Q(words__end_to_end=entry.end_to_end)
    if entry.return_code or entry.is_reversal:
        if entry.iban:
            about |= Q(words__iban=entry.iban)
        if entry.name:
            about |= Q(words__name__iexact=entry.name)
        if entry.reference:
            about |= Q(words__reference=entry.reference)
    taken = Match.objects.filter(coop_id=coop_id, kind=MatchKind.RETURN, undoes=None, undone_by=None)
    rows = rows.filter(about).exclude(id__in=taken.values("entry_id")).exclude(id=entry.id)
    return [entry_row(row) for row in rows.order_by("-booked", "-id")[:limit]]


def other_side_of(coop_id: uuid.UUID, entry: EntryFacts, *, limit: int = 5) -> list[EntryFacts]:
    """Return the entries of our other accounts that an entry may have its other side in."""
    rows = (
        _rows(coop_id)
        .filter(
            amount=-entry.amount,
            open=-entry.amount,
            booked__lte=entry.booked + INTERNAL_WITHIN,
            booked__gte=entry.booked - INTERNAL_WITHIN,
        )
        .exclude(account_id=entry.account_id)
    )
    return [entry_row(row) for row in rows.order_by("booked", "id")[:limit]]
