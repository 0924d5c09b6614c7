"""What movements did to the money behind shares: for the books of the packages above."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

from coopwerf.kernel.money import CENT
from coopwerf.kernel.questions import ask

from ..states import MovementKind

IN_PAIRS = (
    MovementKind.TRANSFER_OUT,
    MovementKind.TRANSFER_IN,
    MovementKind.CONVERSION_OUT,
    MovementKind.CONVERSION_IN,
    MovementKind.SPLIT,
)
"""Movements whose sides cancel each other: what is contributed and paid stays the same for the whole register."""
PAIRS = [kind.value for kind in IN_PAIRS]


@dataclasses.dataclass(frozen=True, slots=True)
class Moved:
    """A movement, or all of a kind on a day, by what it changed in euro.

    `amount` is the change of what the shares count for together, `paid` of what is paid on them, `value` what is
    due for shares that left. Of one that undoes another, `kind` is the other's and `undoes` is true. Of all of a day
    `movement_id` and the member are empty.
    """

    kind: MovementKind
    undoes: bool
    on: dt.date
    amount: Decimal
    paid: Decimal
    value: Decimal
    movements: int = 1
    movement_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    number: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Contributed:
    """What all shares count for together on a date, and what is paid on them, in euro."""

    amount: Decimal
    paid: Decimal

    @property
    def unpaid(self) -> Decimal:
        """Return what isn't paid yet."""
        return self.amount - self.paid


_OF = """
    FROM register_movement m
    LEFT JOIN register_movement wrong ON wrong.id = m.corrects_id
    JOIN register_member r ON r.id = m.member_id
    WHERE m.coop_id = %(coop)s AND coalesce(wrong.kind, m.kind) <> ALL(%(pairs)s)
"""
# What is due for shares that left is what was agreed, else what was paid on them; a correction takes that back.
_VALUE = """CASE WHEN coalesce(wrong.kind, m.kind) IN ('exit', 'exclusion')
    THEN (CASE WHEN wrong.id IS NULL THEN coalesce(m.value, -m.paid) ELSE -coalesce(wrong.value, -wrong.paid) END)
    ELSE 0.00 END"""
_ONE_BY_ONE = f"""
    SELECT coalesce(wrong.kind, m.kind), wrong.id IS NOT NULL, m."on", m.quantity * m.amount_per_share, m.paid,
           {_VALUE}, 1, m.id, m.member_id, r.party_id, r.number
    {_OF} AND m.position BETWEEN %(first)s AND %(last)s
    ORDER BY m.position
    """
_BY_DAY = f"""
    SELECT coalesce(wrong.kind, m.kind), wrong.id IS NOT NULL, m."on", sum(m.quantity * m.amount_per_share),
           sum(m.paid), sum({_VALUE}), count(*)
    {_OF} AND m."on" >= %(since)s AND m.position BETWEEN %(first)s AND %(last)s
    GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
    """
_CONTRIBUTED = """
    SELECT coalesce(sum(quantity * amount_per_share), 0), coalesce(sum(paid), 0)
    FROM register_movement WHERE coop_id = %(coop)s AND "on" <= %(at)s
"""


def moved(coop_id: uuid.UUID, first: int, last: int) -> list[Moved]:
    """Return the movements between two positions of the chain that changed the whole, in their order."""
    rows = ask(_ONE_BY_ONE, {"coop": coop_id, "first": first, "last": last, "pairs": PAIRS})
    return [_moved(*row) for row in rows]


def moved_by_day(coop_id: uuid.UUID, since: dt.date, first: int = 0, last: int = 2**62) -> list[Moved]:
    """Return per day, from a date on, what the movements between two positions changed, each kind by itself."""
    rows = ask(_BY_DAY, {"coop": coop_id, "since": since, "first": first, "last": last, "pairs": PAIRS})
    return [_moved(*row) for row in rows]


def contributed(coop_id: uuid.UUID, at: dt.date) -> Contributed:
    """Return what the shares count for on a date and what is paid on them; splits keep both the same."""
    ((amount, paid),) = ask(_CONTRIBUTED, {"coop": coop_id, "at": at})
    return Contributed(Decimal(amount).quantize(CENT), Decimal(paid).quantize(CENT))


def _moved(
    kind: str,
    undoes: bool,
    on: dt.date,
    amount: Decimal,
    paid: Decimal,
    value: Decimal,
    movements: int,
    movement_id: uuid.UUID | None = None,
    member_id: uuid.UUID | None = None,
    party_id: uuid.UUID | None = None,
    number: int | None = None,
) -> Moved:
    return Moved(
        kind=MovementKind(kind),
        undoes=undoes,
        on=on,
        amount=Decimal(amount).quantize(CENT),
        paid=Decimal(paid),
        value=Decimal(value),
        movements=movements,
        movement_id=movement_id,
        member_id=member_id,
        party_id=party_id,
        number=number,
    )
