"""What is new in a statement, and booking it: entries, what the bank wrote, and their postings, in batches."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from coopcalc.bank import Detail, Entry
from coopcalc.bank.overlap import Part, is_anchored, points_of, unseen
from coopcalc.references import references_in
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.money import LARGEST
from coopwerf.kernel.rows import insert_values, take_stock
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.actions import Posting

from .. import queries
from ..models import BankAccount, BankEntry, BankEntryWords, Statement, StatementDay
from ..queries import AccountFacts
from ..states import Family
from .spooling import Spool

AT_ONCE = 2000
READ_AT_ONCE = 10_000
DAYS_TO_TELL = 60
ENTRY_SOURCE = "payments.entry"
ACCOUNT_SOURCE = "payments.account"
_ENTRY = (
    *("id", "coop_id", "account_id", "statement_id", "number", "booked", "value", "posted_on", "amount", "open"),
    *("bank_ref", "kind", "return_code", "is_reversal", "balance_before", "fingerprint", "occurrence"),
)
_WORDS = (
    *("entry_id", "coop_id", "name", "iban", "bic", "reference", "text", "end_to_end", "original", "content"),
    *("digits", "details"),
)
MOST_TOLD = 20
LONGEST_TEXT = 4000


@dataclasses.dataclass(slots=True)
class Sifted:
    """What was found of a statement's entries: which are new, known, or of days that another kind of statement leads.

    `same`, `missing` and `extra` compare these days: how many are booked too, which are only in the file, and which are
    only in the books. Somebody has to look at `alike`, which are known by hardly more than their amount, and at
    `again`, which are new and look like known ones.
    """

    by_day: dict[dt.date, list[int]]
    before: dict[int, Decimal]
    new: list[int] = dataclasses.field(default_factory=list)
    known: int = 0
    early: int = 0
    led: list[dt.date] = dataclasses.field(default_factory=list)
    same: int = 0
    missing: list[tuple[dt.date, Decimal]] = dataclasses.field(default_factory=list)
    extra: list[tuple[dt.date, Decimal]] = dataclasses.field(default_factory=list)
    alike: list[tuple[dt.date, Decimal]] = dataclasses.field(default_factory=list)
    again: list[tuple[dt.date, Decimal]] = dataclasses.field(default_factory=list)
    occurrences: dict[int, int] = dataclasses.field(default_factory=dict)

    @property
    def report(self) -> dict[str, Any]:
        """Return what a comparison found, for keeping."""
        told: dict[str, Any] = {}
        if self.led:
            told = {
                "days": len(self.led),
                "same": self.same,
                "missing": len(self.missing),
                "extra": len(self.extra),
                "missing_days": _told(self.missing),
                "extra_days": _told(self.extra),
            }
        if self.alike:
            told |= {"alike": len(self.alike), "alike_days": _told(self.alike)}
        if self.again:
            told |= {"again": len(self.again), "again_days": _told(self.again)}
        return told


def _told(lines: Sequence[tuple[dt.date, Decimal]]) -> list[list[str]]:
    return [[on.isoformat(), str(amount)] for on, amount in lines[:MOST_TOLD]]


def sift(spool: Spool, account: AccountFacts, family: Family, begins_on: dt.date | None) -> Sifted:
    """Find out what is new in a statement; without `begins_on` it is only compared with what is booked."""
    by_day = spool.by_day()
    before = spool.balances(by_day)
    found = Sifted(by_day, before)
    if not by_day:
        return found
    first, last = next(iter(by_day)), next(reversed(by_day))
    led = queries.led_by_others(account.id, family, first, last)
    known = _Known(account.id, family, by_day)
    parts = {on: _part(spool, places, before) for on, places in by_day.items()}
    anchored = _is_anchored(account, spool, sifted=found, parts=parts, known=known)
    for on, places in by_day.items():
        day = known.of(on)
        if begins_on is None or any(begin <= on <= end for begin, end in led):
            _compare(found, on, [spool.amounts[place] for place in places], day.amounts)
        elif on < begins_on:
            found.early += len(places)
        else:
            # Of a day of which nothing is known everything is new.
            flags = [True] * len(places)
            if day.amounts:
                marks = [spool.mark(place, before.get(place)) for place in places]
                told = unseen(marks, parts[on], day.marks, day.parts, anchored=anchored)
                flags = told.new
                for doubtful, which in ((found.alike, told.by_amount), (found.again, told.alike)):
                    doubtful += [
                        (on, spool.amounts[place]) for place, is_so in zip(places, which, strict=True) if is_so
                    ]
            fresh = [place for place, is_new in zip(places, flags, strict=True) if is_new]
            found.known += len(places) - len(fresh)
            _count(found, spool, fresh, day)
            found.new.extend(fresh)
    return found


class _Known:
    """What is known of the days of a statement: read some thousand entries at a time, and let go of again."""

    def __init__(self, account_id: uuid.UUID, family: Family, by_day: Mapping[dt.date, Sequence[int]]) -> None:
        self._account_id, self._family = account_id, family
        self._spans: list[tuple[dt.date, dt.date]] = []
        count = 0
        for on, places in by_day.items():
            if not self._spans or count + len(places) > READ_AT_ONCE:
                self._spans.append((on, on))
                count = 0
            self._spans[-1] = self._spans[-1][0], on
            count += len(places)
        self._place = -1
        self._days: dict[dt.date, queries.KnownDay] = {}

    def of(self, on: dt.date) -> queries.KnownDay:
        """Return what is known of a day; days are asked for in their order, from the first again at any time."""
        if self._place < 0 or not self._spans[self._place][0] <= on <= self._spans[self._place][1]:
            self._place = next(place for place, (begin, end) in enumerate(self._spans) if begin <= on <= end)
            self._days = {}
            self._days = queries.known_days(self._account_id, self._family, *self._spans[self._place])
        return self._days.get(on) or queries.KnownDay()


def _is_anchored(
    account: AccountFacts, spool: Spool, *, sifted: Sifted, parts: dict[dt.date, Part], known: _Known
) -> bool:
    """Tell whether a statement's balances are those that are known of the account; so many days are enough to tell."""
    if not sifted.before:
        return False
    first, last = next(iter(parts)), next(reversed(parts))
    days = []
    before, after = queries.points_beside(account.id, first, last)
    if parts[first].opening in before:
        days.append((before, before))
    if parts[last].closing in after:
        days.append((after, after))
    for on, places in sifted.by_day.items():
        day = known.of(on)
        if day.amounts:
            own = points_of([spool.mark(place, sifted.before[place]) for place in places], ())
            days.append((own, points_of(day.marks, day.parts)))
        if len(days) >= DAYS_TO_TELL:
            break
    return is_anchored(days)


def _part(spool: Spool, places: Sequence[int], before: Mapping[int, Decimal]) -> Part:
    if not before:
        return Part(None, None, spool.head.number)
    return Part(before[places[0]], before[places[-1]] + spool.amounts[places[-1]], spool.head.number)


def _count(found: Sifted, spool: Spool, fresh: Sequence[int], day: queries.KnownDay) -> None:
    """Give the new entries of a day their numbers among those of equal amount and reference."""
    counted = Counter((mark.amount, mark.reference) for mark in day.marks)
    for place in fresh:
        key = spool.amounts[place], spool.references[place]
        counted[key] += 1
        found.occurrences[place] = counted[key]


def _compare(found: Sifted, on: dt.date, told: Sequence[Decimal], booked: Sequence[Decimal]) -> None:
    here, there = Counter(told), Counter(booked)
    found.led.append(on)
    found.same += (here & there).total()
    found.missing += [(on, amount) for amount in (here - there).elements()]
    found.extra += [(on, amount) for amount in (there - here).elements()]


def is_too_large(spool: Spool) -> bool:
    """Tell whether an amount, or their sum, is beyond what the books can hold."""
    balances = [one for one in (spool.head.opening, spool.head.closing) if one is not None]
    return any(abs(value) > LARGEST for value in (*spool.amounts, spool.total, *balances))


def book(
    coop_id: uuid.UUID,
    row: Statement,
    account: AccountFacts,
    spool: Spool,
    sifted: Sifted,
    *,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Write the new entries of a statement with their postings; return how many were dated on a later, open day."""
    _write_days(coop_id, row, spool, sifted)
    open_from = books.first_open_day(coop_id)
    assert open_from is not None
    _post_opening(coop_id, account, spool, sifted, actor=actor, now=now)
    wanted = set(sifted.new)
    lines: list[tuple[Any, ...]] = []
    words: list[tuple[Any, ...]] = []
    postings: list[Posting] = []
    moved = 0

    def flush() -> None:
        insert_values(BankEntry, _ENTRY, lines)
        insert_values(BankEntryWords, _WORDS, words)
        if postings:
            ledger.post(actor=actor, now=now, coop_id=coop_id, postings=postings)
        for told in (lines, words, postings):
            told.clear()

    flushed = 0
    ids: list[uuid.UUID] = []
    for place, entry in spool.entries() if wanted else ():
        if place not in wanted:
            continue
        assert entry.booked is not None
        if not ids:
            # In the order of the lines: they are listed by them within a day.
            ids = sorted((uuid7() for _ in range(AT_ONCE)), reverse=True)
        entry_id = ids.pop()
        on = max(entry.booked, open_from)
        moved += on != entry.booked
        amount = entry.amount.quantize(Decimal("0.01"))
        lines.append(
            (
                *(entry_id, coop_id, account.id, row.id, place + 1, entry.booked, entry.value),
                *(on if amount else None, amount, amount, spool.references[place], entry.kind[:40]),
                *(entry.return_code[:10], entry.is_reversal, sifted.before.get(place)),
                *(_fingerprint(account.id, entry.booked, amount, spool.references[place]), sifted.occurrences[place]),
            )
        )
        words.append(_words(entry_id, coop_id, entry, spool.contents[place]))
        if amount:
            postings.append(
                Posting(
                    on=on,
                    rule="bank_in",
                    amounts={"amount": amount},
                    source_kind=ENTRY_SOURCE,
                    source_id=entry_id,
                    accounts={"bank": account.ledger_code},
                )
            )
        if len(lines) >= AT_ONCE:
            flush()
            flushed += 1
            if flushed == 1 and len(wanted) > 2 * AT_ONCE:
                # Else the database would go on looking for rows as if there were as few as before the first ones.
                take_stock()
    if lines:
        flush()
    return moved


def _fingerprint(account_id: uuid.UUID, booked: dt.date, amount: Decimal, reference: str) -> str:
    text = f"{account_id} {booked} {amount} {reference}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def clean(text: str, longest: int) -> str:
    """Return a text without signs that no table takes, cut where it is too long."""
    return text.replace("\0", "")[:longest]


def _words(entry_id: uuid.UUID, coop_id: uuid.UUID, entry: Entry, content: str) -> tuple[Any, ...]:
    original = "" if entry.original is None else f"{entry.original[0]} {entry.original[1]}"
    said = (entry.reference, entry.text, entry.end_to_end)
    digits = list(dict.fromkeys(one for text in said if len(text) >= 12 for one in references_in(text)))
    return (
        *(entry_id, coop_id, clean(entry.name, 200), clean(entry.iban, 40), clean(entry.bic, 20)),
        *(clean(entry.reference, 140), clean(entry.text, LONGEST_TEXT), clean(entry.end_to_end, 140)),
        *(original[:40], content, digits, details_of(entry.details)),
    )


def details_of(details: Sequence[Detail]) -> list[dict[str, str]]:
    """Return the payments within an entry, for keeping."""
    names = ("name", "iban", "reference", "text", "bank_ref", "end_to_end", "return_code")
    return [{"amount": str(one.amount), **{name: clean(getattr(one, name), 1000) for name in names}} for one in details]


def _write_days(coop_id: uuid.UUID, row: Statement, spool: Spool, sifted: Sifted) -> None:
    """Keep the balances that the bank tells: of each day where the statement adds up, else of its last day.

    Where it tells no closing balance, those that its entries make are the best that is known.
    """
    head = spool.head
    days: list[tuple[dt.date, Decimal, Decimal]] = []
    if head.opening is not None and (sifted.before or head.closing is None):
        opening = head.opening
        for on, places in sifted.by_day.items():
            closing = opening + sum((spool.amounts[place] for place in places), Decimal(0))
            days.append((on, opening, closing))
            opening = closing
    first = days[0][0] if days else head.ends
    if head.opening is not None and head.begins is not None and (first is None or head.begins < first):
        days.insert(0, (head.begins, head.opening, head.opening))
    last = head.ends or next(reversed(sifted.by_day), None)
    if head.closing is not None and last is not None and (not days or days[-1][0] < last):
        days.append((last, head.closing, head.closing))
    StatementDay.objects.bulk_create(
        [
            StatementDay(
                coop_id=coop_id, account_id=row.account_id, statement=row, on=on, opening=opening, closing=closing
            )
            for on, opening, closing in days
        ],
        batch_size=1000,
    )


def _post_opening(
    coop_id: uuid.UUID, account: AccountFacts, spool: Spool, sifted: Sifted, *, actor: Actor, now: dt.datetime
) -> None:
    """Post what stood on the account before its first statement; an earlier one that comes later moves that back."""
    head = spool.head
    begins_on, open_from = books.begins_on(coop_id), books.first_open_day(coop_id)
    days = [day for day in (head.begins, next(iter(sifted.by_day), None), head.ends) if day is not None]
    if head.opening is None or not days:
        return
    assert begins_on is not None
    assert open_from is not None
    amount = head.opening.quantize(Decimal("0.01"))
    for on, places in sifted.by_day.items():
        if on < begins_on:
            amount += sum((spool.amounts[place] for place in places), Decimal(0))
    first = max(min(days), begins_on)
    if account.known_from is not None and account.known_from <= first:
        return
    BankAccount.objects.filter(id=account.id).update(known_from=first)
    posted = [
        entry
        for entry in books.entries_from(coop_id, ACCOUNT_SOURCE, account.id)
        if entry.reverses is None and entry.reversed_by is None
    ]
    if posted:
        ledger.reverse(actor=actor, now=now, coop_id=coop_id, entry_ids=[entry.id for entry in posted])
    if amount:
        ledger.post(
            actor=actor,
            now=now,
            coop_id=coop_id,
            postings=[
                Posting(
                    on=max(first, open_from),
                    rule="bank_opening",
                    amounts={"amount": amount},
                    source_kind=ACCOUNT_SOURCE,
                    source_id=account.id,
                    accounts={"bank": account.ledger_code},
                )
            ],
        )
