"""What is counted: candidates, seats, and the papers, equal ones once with how many there are.

A ranking is a tuple of candidates' numbers, the most wanted first; numbers count from 1. For rules without an order
(approval, plurality) it is simply the names that were marked. The same papers give the same election whatever their
order in the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Self

from .refusals import Refused

Ranking = tuple[int, ...]

MOST_CANDIDATES: Final = 1_000
"""A result holds everybody's votes at every stage, of which there may be as many as candidates."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to vote for. `traits` say what constraints are about: `{"gender": "f", "region": "north"}`."""

    number: int
    name: str
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Election:
    """Candidates, seats and papers, as they were read.

    `withdrawn` are numbers of candidates who no longer stand: the count goes on as if they had never stood. A paper
    that names nobody else, or nobody at all, is blank: it isn't valid and doesn't count into a quota. Each ranking has
    at least one paper and holds a number at most once: `read` and `of` see to that.

    Raises Refused for seats, numbers or names that no count can have.
    """

    title: str
    seats: int
    candidates: tuple[Candidate, ...]
    papers: Mapping[Ranking, int]
    withdrawn: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what can't be counted."""
        if self.seats < 1:
            raise Refused("seats_none", seats=self.seats)
        if not self.candidates:
            raise Refused("candidates_none")
        if len(self.candidates) > MOST_CANDIDATES:
            raise Refused("candidates_too_many", candidates=len(self.candidates), most=MOST_CANDIDATES)
        if [one.number for one in self.candidates] != list(range(1, len(self.candidates) + 1)):
            raise Refused("candidates_misnumbered")
        seen: set[str] = set()
        for candidate in self.candidates:
            if candidate.name in seen:
                raise Refused("name_repeated", name=candidate.name)
            seen.add(candidate.name)
        if not self.withdrawn <= set(range(1, len(self.candidates) + 1)):
            raise Refused("withdrawn_unknown", number=max(self.withdrawn))
        if min(self.papers.values(), default=1) < 1:
            raise Refused("count_zero")

    @classmethod
    def of(cls, title: str, seats: int, candidates: Iterable[Candidate], papers: Iterable[Ranking]) -> Self:
        """Make an election from papers one by one; () is a blank one. Raises Refused for what no paper can say."""
        standing = tuple(candidates)
        known = {one.number for one in standing}
        found: dict[Ranking, int] = {}
        for ranking in papers:
            found[ranking] = found.get(ranking, 0) + 1
        for ranking in found:
            for place, number in enumerate(ranking):
                if number not in known:
                    raise Refused("candidate_unknown", text=str(number), candidates=len(standing))
                if number in ranking[:place]:
                    raise Refused("preference_repeated", number=number)
        return cls(title, seats, standing, found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Give the names in the order of the numbers."""
        return tuple(one.name for one in self.candidates)

    @cached_property
    def standing(self) -> tuple[int, ...]:
        """Give the numbers of the candidates who stand."""
        return tuple(one.number for one in self.candidates if one.number not in self.withdrawn)

    @cached_property
    def valid(self) -> Mapping[Ranking, int]:
        """Give the valid papers: without the withdrawn candidates, and without blank papers."""
        if not self.withdrawn and () not in self.papers:
            return self.papers
        found: dict[Ranking, int] = {}
        for ranking, how_many in self.papers.items():
            kept = tuple(number for number in ranking if number not in self.withdrawn) if self.withdrawn else ranking
            if kept:
                found[kept] = found.get(kept, 0) + how_many
        return found

    @cached_property
    def valid_total(self) -> int:
        """Count the valid papers."""
        return sum(self.valid.values())

    @cached_property
    def blank_total(self) -> int:
        """Count the papers that name nobody who stands."""
        return sum(self.papers.values()) - self.valid_total

    def candidate(self, number: int) -> Candidate:
        """Give the candidate with a number."""
        return self.candidates[number - 1]

    def with_seats(self, seats: int) -> Self:
        """Give the same election for another number of seats."""
        return replace(self, seats=seats)

    def with_traits(self, traits: Mapping[str, Mapping[str, str]]) -> Self:
        """Give the same election with traits of candidates, by name, added. Raises Refused for an unknown name."""
        for name in traits:
            if name not in self.names:
                raise Refused("trait_of_nobody", name=name)
        candidates = tuple(
            replace(one, traits={**one.traits, **traits[one.name]}) if one.name in traits else one
            for one in self.candidates
        )
        return replace(self, candidates=candidates)

    def without(self, numbers: Iterable[int]) -> Self:
        """Give the same election as if these candidates hadn't stood."""
        return replace(self, withdrawn=self.withdrawn | frozenset(numbers))
