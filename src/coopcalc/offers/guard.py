"""The guard of an offer: what was admitted and asked for within the window, against thresholds, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from .thresholds import Threshold, leaves_on, window_start

ZERO = Decimal("0.00")


class BoundCode(StrEnum):
    """Name a limit: of the law on all, on one person and on people; of the offer on all and on one person."""

    TOTAL = "total"
    PER_PERSON = "per_person"
    PEOPLE = "people"
    CEILING = "ceiling"
    OWN_PER_PERSON = "own_per_person"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was issued on a day, in euro."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The figures that a guard decides on; amounts in euro.

    `issued` is what the register issued by day, also before the window: what lies outside doesn't count.
    `requested` is everything that is asked for and not decided, however long ago; what lapsed, was refused or
    withdrawn is no longer in it. `people` is how many different people and organisations stand behind both.
    `person_*` is about the one who asks now: what was issued to them by day, what else they asked for, and whether they
    are among `people` already. `own_*` are the limits that the offer sets itself and what counts for them.
    """

    on: date
    threshold: Threshold
    issued: Sequence[Taken] = ()
    requested: Decimal = ZERO
    people: int = 0
    person_issued: Sequence[Taken] = ()
    person_requested: Decimal = ZERO
    person_counted: bool = False
    ceiling: Decimal | None = None
    own_taken: Decimal = ZERO
    own_per_person: Decimal | None = None
    own_person: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit with what counts for it already and what it leaves: euro, or people."""

    code: BoundCode
    limit: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        """Return what is left, never below zero."""
        return max(self.limit - self.used, ZERO)


@dataclass(frozen=True, slots=True)
class Returning:
    """So much room comes back on a day, for what was issued leaves the window."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class WorkingLine:
    """One step of the reckoning: its code and its facts."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a guard found: what is left for one more person, which limit binds, when room comes back, and why.

    `left` is None where nothing limits it. `window_from` is the first day that counts.
    """

    on: date
    window_from: date
    admitted: Decimal
    requested: Decimal
    bounds: tuple[Bound, ...]
    left: Decimal | None
    binding: BoundCode | None
    returning: tuple[Returning, ...]
    working: tuple[WorkingLine, ...]

    @property
    def counted(self) -> Decimal:
        """Return what counts within the window: admitted and requested."""
        return self.admitted + self.requested

    @property
    def room_on(self) -> date | None:
        """Return the day on which the oldest issue leaves the window; None where nothing was issued within it."""
        return self.returning[0].on if self.returning else None

    def bound(self, code: BoundCode) -> Bound | None:
        """Return one of the limits, or None where it doesn't apply."""
        return next((one for one in self.bounds if one.code is code), None)

    def fits(self, amount: Decimal) -> bool:
        """Tell whether an amount can still be asked for by this person."""
        return self.left is None or amount <= self.left

    def exceeded_by(self, amount: Decimal) -> Bound | None:
        """Return the limit that an amount would pass, the tightest one; None where it fits."""
        if self.fits(amount):
            return None
        return next(one for one in self.bounds if one.code is self.binding)

    def shares(self, price: Decimal) -> int | None:
        """Return how many shares at a price are left for this person; None where nothing limits it."""
        if self.left is None:
            return None
        return int((self.left / price).to_integral_value(ROUND_DOWN)) if price > 0 else 0

    def enough_on(self, amount: Decimal) -> date | None:
        """Return the first day on which the law's total leaves room for an amount, if nothing else is asked for.

        None where it never does by waiting: the amount passes another limit, or what is asked for fills it.
        """
        total = self.bound(BoundCode.TOTAL)
        if any(one.left < amount for one in self.bounds if one.code not in (BoundCode.TOTAL, BoundCode.PEOPLE)):
            return None
        if total is None or total.left >= amount:
            return self.on
        room = total.limit - total.used
        for back in self.returning:
            room += back.amount
            if room >= amount:
                return back.on
        return None


def _within(issued: Sequence[Taken], first: date) -> list[Taken]:
    return [one for one in issued if first <= one.on]


def guard(question: Question) -> Judgement:
    """Return what one more person may still ask for, with the reckoning.

    Counts what was issued within the rolling window and everything asked for, against the law's total, its maximum per
    person and its number of people, and against the offer's own ceiling and maximum. The tightest limit binds.
    """
    law = question.threshold
    first = window_start(question.on, law.months)
    inside = _within(question.issued, first)
    admitted = sum((one.amount for one in inside), ZERO)
    person_issued = sum((one.amount for one in _within(question.person_issued, first)), ZERO)
    bounds = []
    if law.total is not None:
        bounds.append(Bound(BoundCode.TOTAL, law.total, admitted + question.requested))
    if law.per_person is not None:
        bounds.append(Bound(BoundCode.PER_PERSON, law.per_person, person_issued + question.person_requested))
    if question.ceiling is not None:
        bounds.append(Bound(BoundCode.CEILING, question.ceiling, question.own_taken))
    if question.own_per_person is not None:
        bounds.append(Bound(BoundCode.OWN_PER_PERSON, question.own_per_person, question.own_person))
    tightest = min(bounds, key=lambda one: one.left, default=None)
    left = None if tightest is None else tightest.left
    binding = None if tightest is None else tightest.code
    if law.people is not None:
        # Fewer than so many: the last one who may come is the one before.
        people = Bound(BoundCode.PEOPLE, Decimal(law.people - 1), Decimal(question.people))
        bounds.append(people)
        if not question.person_counted and people.left < 1:
            left, binding = ZERO, BoundCode.PEOPLE
    back: dict[date, Decimal] = {}
    for one in inside:
        day = leaves_on(one.on, law.months)
        back[day] = back.get(day, ZERO) + one.amount
    working = [
        WorkingLine("window", {"from": first, "to": question.on, "months": law.months}),
        WorkingLine("admitted", {"amount": admitted}),
        WorkingLine("requested", {"amount": question.requested}),
        *(WorkingLine(one.code.value, {"limit": one.limit, "used": one.used, "left": one.left}) for one in bounds),
    ]
    return Judgement(
        on=question.on,
        window_from=first,
        admitted=admitted,
        requested=question.requested,
        bounds=tuple(bounds),
        left=left,
        binding=binding,
        returning=tuple(Returning(day, back[day]) for day in sorted(back) if back[day] > 0),
        working=tuple(working),
    )
