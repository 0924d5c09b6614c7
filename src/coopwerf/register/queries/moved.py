"""What movements did to the money behind shares: for the books of the packages above."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Final

from coopwerf.kernel.money import CENT
from coopwerf.kernel.questions import ask

from ..states import MovementKind

LAST: Final = 2**62
"""A position that no chain reaches."""
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
# In cents for each movement: after a split a share can count for fractions of a cent, and sums must add up everywhere.
_AMOUNT = "round(m.quantity * m.amount_per_share, 2)"
# What is due for shares that left is what was agreed, else what was paid on them; a correction takes that back.
_VALUE = """CASE WHEN coalesce(wrong.kind, m.kind) IN ('exit', 'exclusion')
    THEN (CASE WHEN wrong.id IS NULL THEN coalesce(m.value, -m.paid) ELSE -coalesce(wrong.value, -wrong.paid) END)
    ELSE 0.00 END"""
_ONE_BY_ONE = f"""
    SELECT coalesce(wrong.kind, m.kind), wrong.id IS NOT NULL, m."on", {_AMOUNT}, m.paid,
           {_VALUE}, 1, m.id, m.member_id, r.party_id, r.number
    {_OF} AND m.position BETWEEN %(first)s AND %(last)s AND m."on" >= %(since)s
      AND (%(kinds)s::text[] IS NULL OR coalesce(wrong.kind, m.kind) = ANY(%(kinds)s))
    ORDER BY m.position
    """
_BY_DAY = f"""
    SELECT coalesce(wrong.kind, m.kind), wrong.id IS NOT NULL, m."on", sum({_AMOUNT}),
           sum(m.paid), sum({_VALUE}), count(*)
    {_OF} AND m."on" >= %(since)s AND m.position BETWEEN %(first)s AND %(last)s
      AND coalesce(wrong.kind, m.kind) <> ALL(%(besides)s)
    GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
    """
_PARTIES = """
    SELECT DISTINCT r.party_id FROM register_movement m JOIN register_member r ON r.id = m.member_id
    WHERE m.coop_id = %(coop)s AND m.position BETWEEN %(first)s AND %(last)s AND m.quantity > 0
"""
_CONTRIBUTED = f"""
    SELECT coalesce(sum({_AMOUNT}), 0), coalesce(sum(m.paid), 0)
    FROM register_movement m LEFT JOIN register_movement wrong ON wrong.id = m.corrects_id
    WHERE m.coop_id = %(coop)s AND m."on" <= %(at)s AND coalesce(wrong.kind, m.kind) <> ALL(%(pairs)s)
"""  # noqa: S608  (made of our own constants)


def moved(
    coop_id: uuid.UUID,
    first: int = 0,
    last: int = LAST,
    *,
    since: dt.date = dt.date.min,
    kinds: Collection[MovementKind] | None = None,
) -> list[Moved]:
    """Return the movements between two positions of the chain that changed the whole, in their order.

    Those of a date or later, and of some kinds, where these are named; one that undoes another is of the other's kind.
    """
    only = None if kinds is None else [kind.value for kind in kinds]
    told = {"coop": coop_id, "first": first, "last": last, "since": since, "kinds": only, "pairs": PAIRS}
    rows = ask(_ONE_BY_ONE, told)
    return [_moved(*row) for row in rows]


def moved_by_day(
    coop_id: uuid.UUID,
    since: dt.date,
    first: int = 0,
    last: int = LAST,
    *,
    besides: Collection[MovementKind] = (),
) -> list[Moved]:
    """Return per day, from a date on, what the movements between two positions changed, each kind by itself.

    Kinds in `besides` are left out.
    """
    left_out = [kind.value for kind in besides]
    told = {"coop": coop_id, "since": since, "first": first, "last": last, "besides": left_out, "pairs": PAIRS}
    rows = ask(_BY_DAY, told)
    return [_moved(*row) for row in rows]


def parties_moved(coop_id: uuid.UUID, first: int = 0, last: int = LAST) -> list[uuid.UUID]:
    """Return who came to hold shares by movements between two positions of the chain, each once."""
    rows = ask(_PARTIES, {"coop": coop_id, "first": first, "last": last})
    return [row[0] for row in rows]


def contributed(coop_id: uuid.UUID, at: dt.date) -> Contributed:
    """Return what the shares count for on a date and what is paid on them; splits keep both the same."""
    ((amount, paid),) = ask(_CONTRIBUTED, {"coop": coop_id, "at": at, "pairs": PAIRS})
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
