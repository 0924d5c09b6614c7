"""What a member and share register is made of: immutable rows, each with its position in the chain.

How the rows are read:

- A row is never changed. What the register says on a date, as known at a position, is found from the rows dated on or
  before that date that stand at or before that position.
- *Movements* are signed and simply add up. `amount_per_share` names the shares that move: what is to be contributed for
  each of them. It is the same on every row about those shares (their issue, payments on them, their transfer, their
  exit), so that shares taken at 25 and at 30 euro stay apart. A split is two rows: the old shares out, the new ones in.
- A movement that was wrong is undone by a *correction*: the same member, class, amount per share and date, with exactly
  the opposite quantity and paid amount, and `corrects` naming it. What was meant follows as an ordinary new row.
- A *standing* (admitted, ended) that was wrong is undone by one with `voids`: the same member, event and date. Neither
  of the two then counts.
- Both sides of a transfer, conversion or split carry the same `pair`.
- A member is one from the date admitted; on the date ended no longer, and from that day on holds nothing.
- Of terms of a class and of particulars of a party, the one with the latest `from_on` not after the date holds; of two
  with the same date, the later in the chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

FIRST_DATE: Final = date(1800, 1, 1)
LAST_DATE: Final = date(9999, 12, 31)


class MovementKind(StrEnum):
    """Say what made shares or payments move."""

    ISSUE = "issue"
    OPENING = "opening"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    CONVERSION_OUT = "conversion_out"
    CONVERSION_IN = "conversion_in"
    EXIT = "exit"
    EXCLUSION = "exclusion"
    SPLIT = "split"
    PAYMENT = "payment"
    CORRECTION = "correction"


class StandingEvent(StrEnum):
    """Say whether a membership begins or ends."""

    ADMITTED = "admitted"
    ENDED = "ended"


INCREASING: Final = frozenset({"issue", "opening", "transfer_in", "conversion_in"})
DECREASING: Final = frozenset({"transfer_out", "conversion_out", "exit", "exclusion"})
PAIRED: Final = frozenset({"transfer_out", "transfer_in", "conversion_out", "conversion_in", "split"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member's number and who it stands for. Numbers are never used twice."""

    position: int
    id: str
    number: int
    party: str
    party_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The beginning or the end of a membership, with the three dates apart: asked, paid, and the date it holds."""

    position: int
    id: str
    member: str
    event: str
    reason: str | None
    on: date
    asked_on: date | None = None
    paid_on: date | None = None
    decision: str | None = None
    voids: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A change in a member's shares of a class, or in what is paid on them. Euro; `quantity` and `paid` are signed.

    `value` is what changed hands: paid out at an exit or exclusion, the price of a transfer; None where nothing did.
    `author` is the party who recorded it.
    """

    position: int
    id: str
    member: str
    share_class: str
    kind: str
    quantity: int
    amount_per_share: Decimal
    paid: Decimal
    on: date
    decision: str | None = None
    pair: str | None = None
    corrects: str | None = None
    value: Decimal | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTerms:
    """The terms of a share class from a date. `id` names the class: later terms of the same class repeat it."""

    position: int
    id: str
    code: str
    from_on: date
    nominal: Decimal | None = None
    issue_price: Decimal | None = None
    terms: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """A party's name and domicile from a date, as this register knows them; `record` is None once erased.

    `record` has `name`, `kind`, `domicile` {street, number, box, postcode, town, country} and `enterprise_no`.
    """

    position: int
    id: str
    party: str
    from_on: date
    commitment: str
    record: Mapping[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that rows refer to; what was decided is a private record under the commitment."""

    position: int
    id: str
    on: date
    commitment: str
