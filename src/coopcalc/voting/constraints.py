"""Seats that are reserved: at least, or at most, so many of the elected with a trait. Declared before the vote.

Guarding and dooming, after I. D. Hill, "STV with constraints" (Voting matters 9, 1998), and J. Otten, "STV with
multiple constraints" (Voting matters 13, 2001): as soon as the constraints can only be kept with a candidate, that
candidate is guarded and won't be excluded; as soon as they can't be kept with a candidate, that candidate is doomed and
won't be elected. Asked anew after each election and each exclusion. The question behind both is whether the seats that
are left can be filled so that everything is kept; it is answered exactly: for one or two traits by a flow through their
values, for more by a search that such flows cut short.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import Any, Self

from .flow import Range, take
from .papers import Election
from .refusals import Refused


@dataclass(frozen=True, slots=True)
class Constraint:
    """Of the elected, at least `least` and at most `most` (None: no limit) have this value of this trait.

    Raises Refused where no number lies between the two.
    """

    trait: str
    value: str
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        """Refuse what nothing can keep."""
        if not self.trait or not self.value or self.least < 0 or (self.most is not None and self.most < self.least):
            raise Refused("constraint_malformed", constraint=str(self))

    def as_json(self) -> Mapping[str, Any]:
        """Give it as JSON holds it."""
        return {"trait": self.trait, "value": self.value, "least": self.least, "most": self.most}

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Read what `as_json` gave. Raises Refused for anything else."""
        try:
            trait, value, least, most = told["trait"], told["value"], told.get("least", 0), told.get("most")
        except (KeyError, TypeError, AttributeError) as error:
            raise Refused("constraint_malformed", constraint=str(told)) from error
        if not isinstance(trait, str) or not isinstance(value, str) or type(least) is not int:
            raise Refused("constraint_malformed", constraint=str(told))
        if most is not None and type(most) is not int:
            raise Refused("constraint_malformed", constraint=str(told))
        return cls(trait, value, least, most)

    def __str__(self) -> str:
        """Write it as all three languages read it: `gender f: min. 2, max. 3`."""
        limits = [f"min. {self.least}"] if self.least or self.most is None else []
        if self.most is not None:
            limits.append(f"max. {self.most}")
        return f"{self.trait} {self.value}: {', '.join(limits)}"


Constraints = Sequence[Constraint]

_Profile = tuple[int | None, ...]
"""For each trait that constraints are about: the position of the constraint that a candidate falls under, or None."""


def listed(constraints: Iterable[Constraint]) -> str:
    """Write constraints as a fact of a sentence."""
    return "; ".join(str(one) for one in constraints)


class Keeper:
    """Keeps the constraints of an election while its votes are counted.

    `empty_seats`: a reserved seat may stay empty (where a candidate needs a minimum of votes). Raises Refused, saying
    which, when constraints can't be kept by whoever stands.
    """

    def __init__(self, election: Election, constraints: Constraints, *, empty_seats: bool = False) -> None:
        self.constraints = tuple(_merged(constraints))
        self.seats = election.seats
        self.filled = min(election.seats, len(election.standing))
        self._traits = tuple(sorted({one.trait for one in self.constraints}))
        place = {(one.trait, one.value): index for index, one in enumerate(self.constraints)}
        self._profiles: Mapping[int, _Profile] = {
            number: tuple(
                place.get((trait, election.candidate(number).traits.get(trait, ""))) for trait in self._traits
            )
            for number in election.standing
        }
        self._nobody: frozenset[_Profile] = frozenset()
        self._answer = cache(self._find)
        if not self.possible((), election.standing):
            raise self._refusal(election)
        if empty_seats:
            self.filled = election.seats
            by_trait: list[list[int | None]] = [[None] for _ in self._traits]
            for index, one in enumerate(self.constraints):
                by_trait[self._traits.index(one.trait)].append(index)
            self._nobody = frozenset(product(*by_trait))
            self._answer = cache(self._find)

    def possible(self, elected: Iterable[int], continuing: Iterable[int]) -> bool:
        """Tell whether the seats that are left can be filled from the continuing so that everything is kept."""
        return self._ask(self._count(elected), self._count(continuing)) is not None

    def doomed(self, elected: Iterable[int], continuing: Iterable[int]) -> frozenset[int]:
        """Give those of the continuing with whom the constraints can't be kept any more."""
        continuing = tuple(continuing)
        has, may = self._count(elected), self._count(continuing)
        # Each way to fill the seats that was found saves asking about everybody who has a seat in it.
        ways = [self._ask(has, may) or {}]
        lost = set()
        for one in may:
            if not any(
                way.get(one) or self._exchanges(has, way, giver=other, taker=one) for way in ways for other in way
            ):
                alone = Counter([one])
                if (way := self._ask(has + alone, may - alone)) is None:
                    lost.add(one)
                else:
                    ways.append(way)
        return frozenset(number for number in continuing if self._profiles[number] in lost)

    def guarded(self, elected: Iterable[int], continuing: Iterable[int]) -> frozenset[int]:
        """Give those of the continuing without whom the constraints can't be kept any more."""
        continuing = tuple(continuing)
        has, may = self._count(elected), self._count(continuing)
        ways = [self._ask(has, may) or may]
        needed = set()
        for one, how_many in may.items():
            if not any(
                way.get(one, 0) < how_many
                or (way.get(other, 0) < might and self._exchanges(has, way, giver=one, taker=other))
                for way in ways
                for other, might in may.items()
            ):
                if (way := self._ask(has, may - Counter([one]))) is None:
                    needed.add(one)
                else:
                    ways.append(way)
        return frozenset(number for number in continuing if self._profiles[number] in needed)

    def dooming(self, candidate: int, elected: Iterable[int], continuing: Iterable[int]) -> tuple[Constraint, ...]:
        """Give the constraints that doom a candidate: too many together, possible without any one of them."""
        one = Counter([self._profiles[candidate]])
        return self._smallest(self._count(elected) + one, self._count(continuing) - one)

    def guarding(self, candidate: int, elected: Iterable[int], continuing: Iterable[int]) -> tuple[Constraint, ...]:
        """Give the constraints that guard a candidate: too many without, possible without any one of them."""
        return self._smallest(self._count(elected), self._count(continuing) - Counter([self._profiles[candidate]]))

    def as_json(self) -> list[Mapping[str, Any]]:
        """Give the constraints as a result holds them: with the numbers of the candidates whom each is about."""
        return [
            {**one.as_json(), "candidates": [number for number, profile in self._profiles.items() if index in profile]}
            for index, one in enumerate(self.constraints)
        ]

    def _count(self, numbers: Iterable[int]) -> Counter[_Profile]:
        return Counter(self._profiles[number] for number in numbers)

    def _ask(self, has: Counter[_Profile], may: Counter[_Profile]) -> Mapping[_Profile, int] | None:
        return self._answer(frozenset(has.items()), frozenset(may.items()), frozenset(range(len(self.constraints))))

    def _exchanges(
        self, has: Counter[_Profile], way: Mapping[_Profile, int], *, giver: _Profile, taker: _Profile
    ) -> bool:
        """Tell whether in a way to fill the seats a giver's seat could go to a taker, everything still being kept."""
        if not way.get(giver):
            return False
        for gone, come in zip(giver, taker, strict=True):
            if gone != come:
                for index, change in ((gone, -1), (come, 1)):
                    if index is not None:
                        one = self.constraints[index]
                        after = change + sum(
                            how_many for some in (has, way) for profile, how_many in some.items() if index in profile
                        )
                        if after < one.least or (one.most is not None and after > one.most):
                            return False
        return True

    def _find(
        self, has: frozenset[tuple[_Profile, int]], may: frozenset[tuple[_Profile, int]], kept: frozenset[int]
    ) -> Mapping[_Profile, int] | None:
        """Say how many of each profile could take the seats so that the constraints at the positions `kept` are kept.

        None if they can't be. Profiles are told without what isn't kept.
        """
        seats = self.filled - sum(how_many for _, how_many in has)
        taken: Counter[int] = Counter()
        for profile, how_many in has:
            taken.update({index: how_many for index in profile if index is not None})
        ranges: dict[int, Range] = {}
        for index in kept:
            one = self.constraints[index]
            room = seats if one.most is None else min(seats, one.most - taken[index])
            ranges[index] = (max(0, one.least - taken[index]), room)
        cells: Counter[_Profile] = Counter()
        for profile, how_many in [*may, *((profile, seats) for profile in self._nobody)]:
            cells[tuple(index if index in kept else None for index in profile)] += how_many
        return _fill(cells, ranges, seats, len(self._traits)) if seats >= 0 else None

    def _smallest(self, has: Counter[_Profile], may: Counter[_Profile]) -> tuple[Constraint, ...]:
        """Give constraints that can't be kept together, none of which could be left out; none if all can be kept."""
        held, left = frozenset(has.items()), frozenset(may.items())
        kept = frozenset(range(len(self.constraints)))
        if self._answer(held, left, kept) is not None:
            return ()
        for index in range(len(self.constraints)):
            if self._answer(held, left, kept - {index}) is None:
                kept -= {index}
        return tuple(self.constraints[index] for index in sorted(kept))

    def _refusal(self, election: Election) -> Refused:
        found = self._smallest(Counter(), self._count(election.standing))
        if len(found) > 1:
            return Refused("constraints_impossible", constraints=listed(found), seats=self.seats)
        one = found[0]
        standing = sum(self._profiles[number].count(self.constraints.index(one)) for number in self._profiles)
        trait, value, seats = one.trait, one.value, self.seats
        if one.least > min(standing, self.filled):
            code = "constraint_impossible_least"
            return Refused(code, trait=trait, value=value, seats=seats, least=one.least, standing=standing)
        rest = len(self._profiles) - standing
        code = "constraint_impossible_most"
        return Refused(code, trait=trait, value=value, seats=seats, most=one.most or 0, rest=rest)


def keeper(election: Election, constraints: Constraints | None, *, empty_seats: bool = False) -> Keeper | None:
    """Give a keeper where there is something to keep. Raises Refused when that can't be done."""
    return Keeper(election, constraints, empty_seats=empty_seats) if constraints else None


def _merged(constraints: Constraints) -> Iterable[Constraint]:
    """Give one constraint per trait and value, in their order: the order of declaration doesn't matter."""
    found: dict[tuple[str, str], Constraint] = {}
    for one in constraints:
        if (same := found.get((one.trait, one.value))) is not None:
            limits = [most for most in (same.most, one.most) if most is not None]
            one = Constraint(one.trait, one.value, max(same.least, one.least), min(limits) if limits else None)
        found[one.trait, one.value] = one
    return [found[key] for key in sorted(found)]


def _fill(
    cells: Mapping[_Profile, int], ranges: Mapping[int, Range], seats: int, traits: int
) -> dict[_Profile, int] | None:
    """Say how many to take from each cell, so that each constraint's number is within its range; None if none can."""
    present = {index for profile, how_many in cells.items() if how_many for index in profile}
    if any(least > most or (least and index not in present) for index, (least, most) in ranges.items()):
        return None
    if not seats:
        return None if any(least for least, _most in ranges.values()) else dict.fromkeys(cells, 0)
    if traits < 3:
        taken = _pair(cells, ranges, seats, 0, traits - 1)
        return None if taken is None else {profile: taken[profile[0], profile[-1]] for profile in cells}
    if any(_pair(cells, ranges, seats, first, second) is None for first, second in combinations(range(traits), 2)):
        return None
    # Each pair of traits can be satisfied; all of them together may still not. Decide on one cell, then on the rest.
    largest = max(cells, key=lambda profile: (cells[profile], str(profile)))
    rest = {profile: how_many for profile, how_many in cells.items() if profile != largest}
    under = [index for index in largest if index is not None]
    for number in range(min([cells[largest], seats, *(ranges[index][1] for index in under)]), -1, -1):
        after = {index: (max(0, ranges[index][0] - number), ranges[index][1] - number) for index in under}
        if (found := _fill(rest, {**ranges, **after}, seats - number, traits)) is not None:
            return {**found, largest: number}
    return None


def _pair(
    cells: Mapping[_Profile, int], ranges: Mapping[int, Range], seats: int, first: int, second: int
) -> dict[tuple[int | None, int | None], int] | None:
    """Answer for two traits alone (the only one, given twice), exactly: how many to take, by the values of the two."""
    between: Counter[tuple[int | None, int | None]] = Counter()
    for profile, how_many in cells.items():
        between[profile[first], profile[second]] += how_many
    anybody = (0, seats)
    rows = {one: anybody if one is None else ranges[one] for one, _ in between}
    columns = {one: anybody if one is None else ranges[one] for _, one in between}
    return take(rows, columns, between, seats)
