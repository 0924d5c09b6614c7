"""Entries of the journals, with their lines and what they follow from."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from coopwerf.kernel.questions import ask

from ..models import Entry, Line
from ..rules import OPENING
from ..states import JOURNAL_MARKS, Journal
from .accounts import AccountFacts, accounts
from .reading import read

AT_ONCE = 5000
ZERO = Decimal("0.00")


@dataclasses.dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of an entry: the account, the amount (debit positive), whom and which claim it is about."""

    account: AccountFacts
    amount: Decimal
    party_id: uuid.UUID | None
    claim_id: uuid.UUID | None

    @property
    def debit(self) -> Decimal | None:
        """Return the amount where it is a debit."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """Return the amount, as a positive one, where it is a credit."""
        return -self.amount if self.amount < 0 else None


@dataclasses.dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry: its place in its journal, its day, by which rule, what it follows from, and its lines."""

    id: uuid.UUID
    journal: Journal
    number: int
    on: dt.date
    rule: str
    source_kind: str
    source_id: uuid.UUID | None
    reverses: uuid.UUID | None
    reversed_by: uuid.UUID | None
    author_id: uuid.UUID | None
    position: int
    recorded_at: dt.datetime
    words: str
    lines: Sequence[LineFacts]

    @property
    def label(self) -> str:
        """Return its number as people say it: B-12."""
        return f"{JOURNAL_MARKS[self.journal]}-{self.number}"

    @property
    def total(self) -> Decimal:
        """Return what it moves: the sum of its debits."""
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)


@dataclasses.dataclass(frozen=True, slots=True)
class JournalRow:
    """A line of the journal as an accountant reads it, with all that its entry says."""

    on: dt.date
    journal: Journal
    number: int
    line: int
    account: AccountFacts
    amount: Decimal
    rule: str
    words: str
    reverses: str
    position: int


_COLUMNS = [field.name for field in dataclasses.fields(EntryFacts) if field.name != "lines"]
_ENTRY = """
    SELECT e.id, e.journal, e.number, e."on", e.rule, e.source_kind, e.source_id, e.reverses_id,
           (SELECT b.id FROM ledger_entry b WHERE b.reverses_id = e.id), e.author_id, e.position,
           (SELECT c.at FROM kernel_chainlink c WHERE c.coop_id = e.coop_id AND c.position = e.position),
           coalesce((SELECT w.text FROM ledger_entrywords w WHERE w.entry_id = e.id), '')
    FROM ledger_entry e
"""


def entries_with(coop_id: uuid.UUID, entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, EntryFacts]:
    """Return entries by their ids; those that aren't of this co-operative are left out."""
    rows = ask(_ENTRY + "WHERE e.coop_id = %(coop)s AND e.id = ANY(%(ids)s)", {"coop": coop_id, "ids": list(entry_ids)})
    return {one.id: one for one in _with_lines(coop_id, rows)}


def entry(coop_id: uuid.UUID, entry_id: uuid.UUID) -> EntryFacts | None:
    """Return an entry, or None where there is none with this id."""
    return entries_with(coop_id, [entry_id]).get(entry_id)


def entries_from(coop_id: uuid.UUID, source_kind: str, source_id: uuid.UUID) -> list[EntryFacts]:
    """Return what was posted because of something, in the order in which it was written."""
    rows = ask(
        _ENTRY + "WHERE e.coop_id = %(coop)s AND e.source_id = %(id)s AND e.source_kind = %(kind)s ORDER BY e.position",
        {"coop": coop_id, "id": source_id, "kind": source_kind},
    )
    return _with_lines(coop_id, rows)


def journal(
    coop_id: uuid.UUID,
    *,
    journal: Journal | None = None,
    from_on: dt.date | None = None,
    until: dt.date | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[EntryFacts]:
    """Return entries, the last written first; `before` is the position of the last one read before."""
    rows = read(
        _ENTRY
        + """
        WHERE e.coop_id = %(coop)s AND (%(journal)s = '' OR e.journal = %(journal)s)
          AND e."on" BETWEEN %(from)s AND %(until)s AND e.position < %(before)s
        ORDER BY e.position DESC LIMIT %(limit)s
        """,
        {
            "coop": coop_id,
            "journal": "" if journal is None else journal.value,
            "from": from_on or dt.date.min,
            "until": until or dt.date.max,
            "before": 2**62 if before is None else before,
            "limit": limit,
        },
    )
    return _with_lines(coop_id, rows)


def _with_lines(coop_id: uuid.UUID, rows: Sequence[tuple[Any, ...]]) -> list[EntryFacts]:
    lines: dict[object, list[LineFacts]] = {row[0]: [] for row in rows}
    known = {one.id: one for one in accounts(coop_id)} if rows else {}
    for found in ask(
        """
        SELECT l.entry_id, l.account_id, l.amount, l.party_id, l.claim_id
        FROM ledger_line l WHERE l.coop_id = %(coop)s AND l.entry_id = ANY(%(ids)s) ORDER BY l.entry_id, l.number
        """,
        {"coop": coop_id, "ids": list(lines)},
    ):
        entry_id, account_id, *rest = found
        lines[entry_id].append(LineFacts(known[account_id], *rest))
    return [_entry(row, lines[row[0]]) for row in rows]


def _entry(row: tuple[Any, ...], lines: Sequence[LineFacts]) -> EntryFacts:
    known = dict(zip(_COLUMNS, row, strict=True))
    return EntryFacts(**{**known, "journal": Journal(known["journal"])}, lines=lines)


def journal_rows(coop_id: uuid.UUID, from_on: dt.date, until: dt.date) -> Iterator[JournalRow]:
    """Yield every line of a period by day and place in the chain, some thousands at a time: for an export."""
    known = {one.id: one for one in accounts(coop_id)}
    place: tuple[dt.date, int, int] = (dt.date.min, 0, 0)
    while True:
        rows = read(
            """
            SELECT e."on", e.journal, e.number, l.number, l.account_id, l.amount, e.rule, coalesce(w.text, ''),
                   coalesce(o.journal || ' ' || o.number, ''), e.position
            FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
            LEFT JOIN ledger_entrywords w ON w.entry_id = e.id
            LEFT JOIN ledger_entry o ON o.id = e.reverses_id
            WHERE e.coop_id = %(coop)s AND e."on" BETWEEN %(from)s AND %(until)s
              AND (e."on", e.position, l.number) > (%(day)s, %(position)s, %(number)s) AND e."on" >= %(day)s
            ORDER BY e."on", e.position, l.number LIMIT %(limit)s
            """,
            {
                "coop": coop_id,
                "from": from_on,
                "until": until,
                "day": place[0],
                "position": place[1],
                "number": place[2],
                "limit": AT_ONCE,
            },
        )
        for row in rows:
            yield JournalRow(row[0], Journal(row[1]), row[2], row[3], known[row[4]], *row[5:])
        if len(rows) < AT_ONCE:
            return
        place = (rows[-1][0], rows[-1][9], rows[-1][3])


def lines_between(coop_id: uuid.UUID, from_on: dt.date, until: dt.date) -> int:
    """Return how many lines are dated in a period."""
    found = Entry.objects.filter(coop_id=coop_id, on__range=(from_on, until)).aggregate(lines=Sum("line_count"))
    return int(found["lines"] or 0)


def counts(coop_id: uuid.UUID) -> dict[Journal, int]:
    """Return how many entries each journal has."""
    rows: QuerySet[Entry, tuple[str, int]] = (
        Entry.objects.filter(coop_id=coop_id).order_by().values_list("journal").annotate(count=Count("id"))
    )
    found = dict(rows)
    return {journal: found.get(journal.value, 0) for journal in Journal}


def opening_entry(coop_id: uuid.UUID) -> uuid.UUID | None:
    """Return the entry that holds the opening balances, unless it was taken back."""
    return (
        Entry.objects.filter(coop_id=coop_id, rule=OPENING, reverses=None, reversed_by=None)
        .values_list("id", flat=True)
        .first()
    )


def opened_by_rules(coop_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the accounts that the opening of the bank or of the register was posted on."""
    stands = Q(entry__reverses=None, entry__reversed_by=None)
    return set(
        Line.objects.filter(stands, coop_id=coop_id, entry__journal=Journal.OPENING)
        .exclude(entry__rule=OPENING)
        .values_list("account_id", flat=True)
    )
