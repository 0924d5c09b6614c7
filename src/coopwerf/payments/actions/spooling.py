"""A statement on its way from a file into the books: kept beside the memory until it is known what is new in it."""

import datetime as dt
import hashlib
import marshal
import tempfile
from array import array
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from typing import IO, Any

from coopcalc.bank import Detail, Entry, Head, StatementEnd
from coopcalc.bank.overlap import Mark
from coopcalc.bank.statement import Status

from ..states import CURRENCY

_NOTHING = ("", "NONREF", "NOTPROVIDED", "NONE", "NULL", "0")
_WORDS = ("name", "iban", "bic", "reference", "text", "bank_ref", "end_to_end", "return_code")
EPOCH = dt.date(1970, 1, 1)


def reference_of(entry: Entry) -> str:
    """Return the bank's reference of an entry; empty for what banks write where they have none."""
    plain = entry.bank_ref.strip()
    return "" if plain.upper() in _NOTHING or not plain.strip("0") else plain[:80]


def content_of(entry: Entry) -> str:
    """Return what is equal only for entries of which the bank says the same, in few signs."""
    told = "\x1f".join(
        (
            *(getattr(entry, name) for name in ("name", "iban", "reference", "text", "end_to_end", "return_code")),
            reference_of(entry),
            str(entry.amount),
            *(f"{one.amount} {one.name} {one.iban} {one.reference} {one.text}" for one in entry.details),
        )
    )
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


class Spool:
    """The booked entries of one statement: by what they are recognised in memory, all else in a file of the moment."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.end: StatementEnd | None = None
        self.count = 0
        self.days = array("i")
        self.amounts: list[Decimal] = []
        self.contents: list[str] = []
        self.references: list[str] = []
        self.accounts: list[str] = []
        self.foreign = ""
        self.fraction: Decimal | None = None
        self.undated = 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (`close` closes it)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, entry: Entry) -> None:
        """Keep an entry; what the bank only announces is no money yet."""
        if entry.status is not Status.BOOKED:
            return
        if entry.booked is None:
            self.undated += 1
            return
        if entry.currency and entry.currency != CURRENCY:
            self.foreign = entry.currency
        if self.fraction is None and entry.amount != entry.amount.quantize(Decimal("0.01")):
            self.fraction = entry.amount
        self.count += 1
        self.days.append((entry.booked - EPOCH).days)
        self.amounts.append(entry.amount)
        self.contents.append(content_of(entry))
        self.references.append(reference_of(entry))
        self.accounts.append(entry.iban)
        marshal.dump(_packed(entry), self._file)

    def finish(self, end: StatementEnd) -> None:
        """Keep what stood after the entries."""
        self.end = end
        self.head = end.head

    @property
    def total(self) -> Decimal:
        """Return what the booked entries add up to."""
        return sum(self.amounts, Decimal(0))

    @property
    def is_balanced(self) -> bool:
        """Tell whether opening balance and entries make the closing balance."""
        head = self.head
        return head.opening is not None and head.closing is not None and head.closing - head.opening == self.total

    def by_day(self) -> dict[dt.date, list[int]]:
        """Return the places of the entries by their day, days in order, within a day as the bank wrote them."""
        found: dict[int, list[int]] = {}
        for place, day in enumerate(self.days):
            found.setdefault(day, []).append(place)
        return {EPOCH + dt.timedelta(days=day): found[day] for day in sorted(found)}

    def balances(self, by_day: dict[dt.date, list[int]]) -> dict[int, Decimal]:
        """Return the balance before each entry, where the statement adds up."""
        if not self.is_balanced:
            return {}
        order = [place for places in by_day.values() for place in places]
        assert self.head.opening is not None
        before = accumulate((self.amounts[place] for place in order), initial=self.head.opening)
        return dict(zip(order, before, strict=False))

    def mark(self, place: int, before: Decimal | None) -> Mark:
        """Return by what an entry is recognised."""
        return Mark(self.amounts[place], self.contents[place], self.references[place], self.accounts[place], before)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Yield the entries with their places, as they were read."""
        self._file.seek(0)
        for place in range(self.count):
            yield place, _unpacked(marshal.load(self._file))  # noqa: S302  (our own, written a moment ago)


def _packed(entry: Entry) -> tuple[Any, ...]:
    assert entry.booked is not None
    return (
        *_detail(entry),
        entry.booked.toordinal(),
        None if entry.value is None else entry.value.toordinal(),
        entry.currency,
        entry.is_reversal,
        entry.batch,
        entry.kind,
        [_detail(one) for one in entry.details],
    )


def _detail(one: Detail) -> tuple[Any, ...]:
    original = None if one.original is None else (str(one.original[0]), one.original[1])
    return (str(one.amount), *(getattr(one, name) for name in _WORDS), original)


def _opened(told: tuple[Any, ...]) -> dict[str, Any]:
    amount, *words, original = told
    return {
        "amount": Decimal(amount),
        **dict(zip(_WORDS, words, strict=True)),
        "original": None if original is None else (Decimal(original[0]), original[1]),
    }


def _unpacked(told: tuple[Any, ...]) -> Entry:
    *own, booked, value, currency, is_reversal, batch, kind, details = told
    return Entry(
        **_opened(tuple(own)),
        booked=dt.date.fromordinal(booked),
        value=None if value is None else dt.date.fromordinal(value),
        currency=currency,
        is_reversal=is_reversal,
        batch=batch,
        kind=kind,
        details=tuple(Detail(**_opened(tuple(one))) for one in details),
    )
