"""How the statements of an account join, in whatever order they came, and where something is missing between them.

What joins is told by the balances: a statement that begins with what another ended with follows it. Files overlap and
are issued again, and the account comes back to a balance; so what statements tell of a day is put together first, then
the days. Where balances don't tell what came first, the bank's own numbers do, and without them the order of arrival.
"""

import dataclasses
import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

Step = tuple[Decimal, Decimal]
"""From which balance to which other an account went."""


@dataclasses.dataclass(frozen=True, slots=True)
class Strip:
    """What one statement tells of an account: the step of each of its days, in their order, and the bank's number."""

    days: tuple[tuple[dt.date, Decimal, Decimal], ...]
    number: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Break:
    """Two neighbours that don't join: the day and the balance at the end of one, and at the beginning of the next."""

    after: dt.date
    closing: Decimal
    before: dt.date
    opening: Decimal


def openings(steps: Sequence[Step], *, is_ordered: bool = False) -> list[Decimal]:
    """Return with which balances an account may have begun some steps, the likeliest first; none without steps.

    That is where no step ends. An account that came back to where it began may have begun anywhere on its way, or
    where the steps `is_ordered` with the first of them.
    """
    real = [step for step in steps if step[0] != step[1]] or steps
    befores, afters = [before for before, _after in real], [after for _before, after in real]
    for left in (set(befores) - set(afters), Counter(befores) - Counter(afters)):
        if left:
            return [one for one in befores if one in left]
    return befores[:1] if is_ordered else befores


def closings(steps: Sequence[Step], *, is_ordered: bool = False) -> list[Decimal]:
    """Return with which balances an account may have ended some steps, the likeliest first; none without steps."""
    return openings([(after, before) for before, after in reversed(steps)], is_ordered=is_ordered)


def apart(strips: Sequence[Strip]) -> set[dt.date]:
    """Return the days of which statements tell parts that don't touch: what was walked within them is to be told."""
    return {day for day, pieces in _by_day(strips, {}).items() if len(pieces) > 1}


def breaks(strips: Sequence[Strip], walked: Mapping[dt.date, Collection[Step]]) -> list[Break]:
    """Return where the statements of an account don't join, in the order of time; they are given as they came.

    `walked` are the steps of the entries of some days: by them parts that overlap are seen to touch.
    """
    by_day = _by_day(strips, walked)
    groups = _Groups()
    for one, other in _links(strips, by_day):
        groups.join(one, other)
    spans: dict[Hashable, tuple[dt.date, dt.date]] = {}
    for day, pieces in by_day.items():
        for piece in pieces:
            spans[groups.of(piece)] = spans.get(groups.of(piece), (day, day))[0], day
    found: list[Break] = []
    seen: set[Hashable] = set()
    previous: _Piece | None = None
    for day, pieces in by_day.items():
        for piece in sorted(pieces, key=lambda one: _place(one, *spans[groups.of(one)])):
            if previous is not None and groups.of(piece) not in seen:
                found.append(Break(previous.day, previous.closings[0], day, piece.openings[0]))
            seen.add(groups.of(piece))
            previous = piece
    return found


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Parts of a day that touch each other: of which strips, and between which balances they may lie."""

    day: dt.date
    strips: tuple[int, ...]
    openings: tuple[Decimal, ...]
    closings: tuple[Decimal, ...]


class _Groups:
    """Which things belong together, as far as they were joined."""

    def __init__(self) -> None:
        self._leaders: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """Return who stands for the group of a thing."""
        while (leader := self._leaders.setdefault(one, one)) != one:
            self._leaders[one] = self._leaders[leader]
            one = leader
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        """Say that two things belong together."""
        self._leaders[self.of(other)] = self.of(one)


def _by_day(strips: Sequence[Strip], walked: Mapping[dt.date, Collection[Step]]) -> dict[dt.date, list[_Piece]]:
    """Put together what strips tell of each day, the first day first, by number and else in their order."""
    told: dict[dt.date, list[tuple[int, Step]]] = defaultdict(list)
    places = sorted(range(len(strips)), key=lambda place: (strips[place].number is None, strips[place].number or 0))
    for place in places:
        for day, before, after in strips[place].days:
            told[day].append((place, (before, after)))
    return {day: _pieces(day, told[day], walked.get(day, ()), strips) for day in sorted(told)}


def _pieces(
    day: dt.date, told: Sequence[tuple[int, Step]], walked: Iterable[Step], strips: Sequence[Strip]
) -> list[_Piece]:
    groups = _Groups()
    for before, after in (*(step for _place, step in told), *walked):
        groups.join(before, after)
    found: dict[Hashable, list[tuple[int, Step]]] = defaultdict(list)
    for place, step in told:
        found[groups.of(step[0])].append((place, step))
    # Beside what moved, a balance at which nothing moved and that nothing touches says nothing of the order.
    moved = [parts for parts in found.values() if any(before != after for _place, (before, after) in parts)]
    pieces = []
    for parts in moved or found.values():
        steps = [step for _place, step in parts]
        is_ordered = all(strips[place].number is not None for place, _step in parts)
        begun = openings(steps, is_ordered=is_ordered)
        ended = closings(steps, is_ordered=is_ordered)
        pieces.append(_Piece(day, tuple(place for place, _step in parts), tuple(begun), tuple(ended)))
    return pieces


def _links(strips: Sequence[Strip], by_day: Mapping[dt.date, list[_Piece]]) -> Iterator[tuple[_Piece, _Piece]]:
    """Yield which pieces of different days, or of strips that bear the same days, follow each other."""
    piece_of = {(place, day): piece for day, pieces in by_day.items() for piece in pieces for place in piece.strips}
    for one, other in pairwise(by_day.values()):
        yield from ((left, right) for left in one for right in other if set(left.closings) & set(right.openings))
    beginning: dict[Decimal, list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
    for place, strip in enumerate(strips):
        for (day, _before, after), (later, before, _after) in pairwise(strip.days):
            if after == before and (place, day) in piece_of and (place, later) in piece_of:
                yield piece_of[place, day], piece_of[place, later]
        if (place, strip.days[0][0]) in piece_of:
            beginning[strip.days[0][1]].append((strip.days[0][0], strip.days[-1][0], place))
    for found in beginning.values():
        found.sort()
    for place, strip in enumerate(strips):
        first, last, closing = strip.days[0][0], strip.days[-1][0], strip.days[-1][2]
        found = beginning.get(closing, [])
        for begins, ends, other_place in found[bisect_left(found, (first, last, -1)) :]:
            if begins >= last:
                break
            # Two that bear the same days follow each other although both tell something of each of these days.
            if ends >= last and other_place != place and (place, last) in piece_of:
                yield piece_of[place, last], piece_of[other_place, begins]


def _place(piece: _Piece, first: dt.date, last: dt.date) -> tuple[bool, bool]:
    """Return where a piece stands within its day: what comes from days before first, what goes on later last."""
    return first == piece.day, last > piece.day
