"""Values that every kind of bank file is read into.

Amounts are exact decimals as they stand in the file, with as many decimals as the bank wrote; a positive amount came
in. Reading decides nothing: a statement that doesn't add up is a statement that doesn't add up.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final

ZERO: Final = Decimal("0.00")


_CENT: Final = Decimal("0.01")


def exact(amount: Decimal) -> Decimal:
    """Return an amount with two decimals, and with more only where they say something."""
    short = amount.quantize(_CENT)
    return short if short == amount else amount.normalize()


class Status(StrEnum):
    """Say whether an entry is money that moved: only booked ones are."""

    BOOKED = "booked"
    PENDING = "pending"
    INFORMATION = "information"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One payment within an entry that the bank booked as a whole, or an entry's own particulars.

    `name`, `iban` and `bic` are the other party's; an account that is no IBAN stands in `iban` as the bank wrote it.
    `reference` is what a structured field holds: the twelve digits of a Belgian communication, an ISO 11649 reference,
    or what else the bank put there. `text` is everything free, with single spaces. `original` is the amount in the
    currency in which it was ordered, where that is another one.
    """

    amount: Decimal
    name: str = ""
    iban: str = ""
    bic: str = ""
    reference: str = ""
    text: str = ""
    bank_ref: str = ""
    end_to_end: str = ""
    return_code: str = ""
    original: tuple[Decimal, str] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Detail):
    """One line of a statement. `details` are the payments in it, where the bank names several.

    `booked` is None where a notice, which isn't a statement, names no day.
    """

    booked: dt.date | None
    value: dt.date | None = None
    currency: str = ""
    status: Status = Status.BOOKED
    is_reversal: bool = False
    batch: int | None = None
    kind: str = ""
    details: tuple[Detail, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a statement says of itself before its entries.

    `account` is an IBAN without spaces, or the number as the bank writes it. `opening` and `closing` are None where
    the bank names none. `identification` is the bank's name for the statement, `number` its place in the year's series.
    """

    format: str
    account: str
    currency: str = ""
    holder: str = ""
    identification: str = ""
    number: int | None = None
    begins: dt.date | None = None
    ends: dt.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StatementEnd:
    """Close a statement: its head, completed by what stood after the entries, and what they add up to."""

    head: Head
    total: Decimal
    entries: int

    @property
    def difference(self) -> Decimal | None:
        """Return closing less opening less what was booked; None where a balance is missing."""
        if self.head.opening is None or self.head.closing is None:
            return None
        return self.head.closing - self.head.opening - self.total

    @property
    def is_balanced(self) -> bool:
        """Tell whether opening balance and entries make the closing balance."""
        return self.difference == 0


Event = Head | Entry | StatementEnd
"""What a reader yields: a head, its entries, the end; then the next head."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A whole statement, for files that fit into memory."""

    head: Head
    end: StatementEnd
    entries: tuple[Entry, ...]


def collected(events: Iterable[Event]) -> Iterator[Statement]:
    """Turn what a reader yields into whole statements."""
    head: Head | None = None
    entries: list[Entry] = []
    for event in events:
        match event:
            case Head():
                head, entries = event, []
            case Entry():
                entries.append(event)
            case StatementEnd():
                assert head is not None
                yield Statement(head=event.head, end=event, entries=tuple(entries))


class Adding:
    """Add up a statement's booked entries while they pass."""

    def __init__(self) -> None:
        self.total = ZERO
        self.entries = 0

    def add(self, entry: Entry) -> None:
        """Count an entry; one that is pending is no money yet."""
        self.entries += 1
        if entry.status is Status.BOOKED:
            self.total += entry.amount

    def end(self, head: Head) -> StatementEnd:
        """Close the statement."""
        return StatementEnd(head=head, total=self.total, entries=self.entries)
