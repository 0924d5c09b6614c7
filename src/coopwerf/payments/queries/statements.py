"""Statements, the gaps between them, and by what their entries are recognised when they come again."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from coopcalc.bank.joining import Step, Strip, apart, breaks
from coopcalc.bank.overlap import Mark, Part
from coopwerf.kernel.questions import ask

from ..models import BankEntry, Statement, StatementDay
from ..states import BOOKED_FAMILIES, Family, StatementState

MOST_GAPS = 200


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """A statement as it was read, and what was done with it."""

    id: uuid.UUID
    account_id: uuid.UUID
    account: str
    file: str
    file_id: uuid.UUID
    format: str
    family: Family
    identification: str
    number: int | None
    begins: dt.date | None
    ends: dt.date | None
    opening: Decimal | None
    closing: Decimal | None
    total: Decimal
    entries: int
    new: int
    state: StatementState
    report: dict[str, Any]
    because: str
    imported_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: uuid.UUID | None

    @property
    def difference(self) -> Decimal | None:
        """Return closing less opening less entries; None where a balance is missing."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - self.opening - self.total

    @property
    def is_balanced(self) -> bool:
        """Tell whether its entries make its closing balance."""
        return self.difference == 0


def _facts(row: Statement) -> StatementFacts:
    return StatementFacts(
        id=row.id,
        account_id=row.account_id,
        account=row.account.iban,
        file=row.file.name,
        file_id=row.file_id,
        format=row.format,
        family=Family(row.family),
        identification=row.identification,
        number=row.number,
        begins=row.begins,
        ends=row.ends,
        opening=row.opening,
        closing=row.closing,
        total=row.total,
        entries=row.entries,
        new=row.new,
        state=StatementState(row.state),
        report=row.report,
        because=row.because,
        imported_at=row.imported_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by_id,
    )


def _statements(coop_id: uuid.UUID) -> QuerySet[Statement]:
    return Statement.objects.filter(coop_id=coop_id).select_related("account", "file")


def statements(
    coop_id: uuid.UUID, *, limit: int = 50, before: uuid.UUID | None = None, state: StatementState | None = None
) -> list[StatementFacts]:
    """Return statements, the latest brought first; `before` is the last one of the page before."""
    rows = _statements(coop_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    if state is not None:
        rows = rows.filter(state=state.value)
    return [_facts(row) for row in rows.order_by("-id")[:limit]]


def statement_facts(coop_id: uuid.UUID, statement_id: uuid.UUID) -> StatementFacts | None:
    """Return a statement, or None."""
    row = _statements(coop_id).filter(id=statement_id).first()
    return None if row is None else _facts(row)


def count_held(coop_id: uuid.UUID) -> int:
    """Return how many statements wait for somebody to say whether they are booked."""
    return Statement.objects.filter(coop_id=coop_id, state=StatementState.HELD).count()


@dataclasses.dataclass(frozen=True, slots=True)
class Gap:
    """Something is missing between two statements of an account.

    `kind` is `balance` where a closing balance isn't the next opening one, `number` where the bank's own numbers skip
    some. `after` and `before` are the days on both sides; the numbers missing are `first_missing` to `last_missing`.
    """

    account_id: uuid.UUID
    account: str
    kind: str
    after: dt.date
    before: dt.date
    closing: Decimal | None = None
    opening: Decimal | None = None
    first_missing: int | None = None
    last_missing: int | None = None

    @property
    def missing(self) -> Decimal | None:
        """Return by how much the balances differ."""
        if self.closing is None or self.opening is None:
            return None
        return self.opening - self.closing


def gaps(coop_id: uuid.UUID) -> list[Gap]:
    """Return what is missing between the booked statements of each account, the latest first."""
    rows = ask(
        "SELECT d.account_id, a.iban, d.statement_id, s.number, d.on, d.opening, d.closing"
        " FROM payments_statementday d JOIN payments_bankaccount a ON a.id = d.account_id"
        " JOIN payments_statement s ON s.id = d.statement_id WHERE d.coop_id = %(coop)s ORDER BY 1, 3, d.on",
        {"coop": coop_id},
    )
    strips: dict[tuple[uuid.UUID, str], list[Strip]] = defaultdict(list)
    for (account_id, iban, _statement_id, number), days in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        strips[account_id, iban].append(Strip(tuple(row[4:] for row in days), number))
    found = [gap for (account_id, iban), told in strips.items() for gap in _in_balances(account_id, iban, told)]
    found += _in_numbers(coop_id, {(gap.account_id, gap.before) for gap in found})
    return sorted(found, key=lambda gap: gap.before, reverse=True)[:MOST_GAPS]


def _in_balances(account_id: uuid.UUID, iban: str, strips: Sequence[Strip]) -> Iterable[Gap]:
    for one in breaks(strips, _walked(account_id, apart(strips))):
        yield Gap(account_id, iban, "balance", one.after, one.before, one.closing, one.opening)


def _walked(account_id: uuid.UUID, days: Collection[dt.date]) -> Mapping[dt.date, list[Step]]:
    """Return from which balance to which other the entries of some days went."""
    found: dict[dt.date, list[Step]] = defaultdict(list)
    if days:
        rows = BankEntry.objects.filter(account_id=account_id, booked__in=days, balance_before__isnull=False)
        for on, before, amount in rows.values_list("booked", "balance_before", "amount"):
            assert before is not None
            found[on].append((before, before + amount))
    return found


def _in_numbers(coop_id: uuid.UUID, known: set[tuple[uuid.UUID, dt.date]]) -> Iterable[Gap]:
    rows = ask(
        "SELECT s.account_id, a.iban, s.family, extract(year FROM coalesce(s.ends, s.last_day)), s.number,"
        " min(coalesce(s.first_day, s.ends)),"
        " max(coalesce(s.last_day, s.ends)) FROM payments_statement s"
        " JOIN payments_bankaccount a ON a.id = s.account_id"
        " WHERE s.coop_id = %(coop)s AND s.state = 'booked' AND s.number > 0"
        " AND coalesce(s.first_day, s.ends) IS NOT NULL"
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3, 4, 5",
        {"coop": coop_id},
    )
    previous: tuple[Any, ...] | None = None
    for row in rows:
        account_id, iban, _family, _year, number, first, _last = row
        # Numbers begin anew each year, and some banks don't number at all.
        if previous is not None and previous[:4] == row[:4]:
            skipped = number - previous[4] - 1
            if 0 < skipped < 400 and first >= previous[6] and (account_id, first) not in known:
                yield Gap(
                    account_id,
                    iban,
                    "number",
                    previous[6],
                    first,
                    first_missing=previous[4] + 1,
                    last_missing=number - 1,
                )
        previous = row


# By what entries are recognised when they come again


@dataclasses.dataclass(slots=True)
class KnownDay:
    """What is known of an account's day."""

    marks: list[Mark] = dataclasses.field(default_factory=list)
    parts: list[Part] = dataclasses.field(default_factory=list)
    amounts: list[Decimal] = dataclasses.field(default_factory=list)


def known_days(account_id: uuid.UUID, family: Family, first: dt.date, last: dt.date) -> dict[dt.date, KnownDay]:
    """Return what was booked of an account from a day to another, and what its statements of one kind said of it."""
    found: dict[dt.date, KnownDay] = defaultdict(KnownDay)
    rows = BankEntry.objects.filter(account_id=account_id, booked__gte=first, booked__lte=last)
    for booked, amount, reference, before, content, iban, its_family in rows.order_by(
        "booked", "occurrence", "id"
    ).values_list(
        "booked", "amount", "bank_ref", "balance_before", "words__content", "words__iban", "statement__family"
    ):
        day = found[booked]
        day.amounts.append(amount)
        if its_family == family:
            day.marks.append(Mark(amount, content, reference, iban or "", before))
    parts = StatementDay.objects.filter(
        account_id=account_id, on__gte=first, on__lte=last, statement__family=family.value
    ).order_by("id")
    for on, opening, closing, number, begins, ends in parts.values_list(
        "on", "opening", "closing", "statement__number", "statement__first_day", "statement__last_day"
    ):
        # Of a day without entries a statement tells only what stood on the account.
        if opening != closing or (begins is not None and ends is not None and begins <= on <= ends):
            found[on].parts.append(Part(opening, closing, number))
    return dict(found)


def points_beside(account_id: uuid.UUID, first: dt.date, last: dt.date) -> tuple[set[Decimal], set[Decimal]]:
    """Return the balances known of an account's last day before some days, and of its first day after them."""
    days = StatementDay.objects.filter(account_id=account_id)
    edges = (
        days.filter(on__lt=first).order_by("-on").values_list("on", flat=True).first(),
        days.filter(on__gt=last).order_by("on").values_list("on", flat=True).first(),
    )
    before, after = (
        {point for pair in days.filter(on=on).values_list("opening", "closing") for point in pair} if on else set()
        for on in edges
    )
    return before, after


def led_by_others(
    account_id: uuid.UUID, family: Family, first: dt.date, last: dt.date
) -> list[tuple[dt.date, dt.date]]:
    """Return the days, as spans, of which another kind of statement of an account was booked."""
    rows = Statement.objects.filter(
        account_id=account_id,
        state=StatementState.BOOKED,
        family__in=[one.value for one in BOOKED_FAMILIES if one is not family],
        first_day__lte=last,
    )
    found = []
    for begin, end, ends in rows.values_list("first_day", "last_day", "ends"):
        assert begin is not None
        assert end is not None
        until = end if ends is None else max(end, ends)
        if until >= first:
            found.append((begin, until))
    return found
