"""What both rules of the single transferable vote share: the book of a count in stages, and reserved seats in it."""

import abc
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import ClassVar

from ..constraints import Constraints, keeper, listed
from ..lot import Decides, Lot
from ..papers import Election
from ..results import Count, Reason, Stage, Tie, Transfer, scaled
from ..words import Facts


class Staged(abc.ABC):
    """Keep the book of a count: who is left, elected or out, with which votes, and why.

    Votes are whole numbers of parts: `places` tells of which, as decimals.
    """

    rule: ClassVar[str]
    places: ClassVar[int]

    def __init__(self, election: Election, lot: Lot, constraints: Constraints | None) -> None:
        self.election = election
        self.lot = lot
        self.keeper = keeper(election, constraints)
        self.continuing = set(election.standing)
        self.votes = dict.fromkeys(election.standing, 0)
        self.non_transferable = 0
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        # Of the stage that is under way.
        self.transfers: list[Transfer] = []
        self.because: list[Reason] = []
        self.excluded: list[int] = []
        self.chosen: list[int] = []

    @property
    def stage(self) -> int:
        """Return the number of the stage that is under way."""
        return len(self.stages) + 1

    @property
    def vacancies(self) -> int:
        """Return how many seats are still to be filled."""
        return self.election.seats - len(self.elected)

    @abc.abstractmethod
    def put_out(self, sources: Sequence[int]) -> None:
        """Exclude candidates, in this order, and hand on what they held."""

    @abc.abstractmethod
    def text(self, votes: int) -> str:
        """Write votes for a sentence."""

    def decimal(self, votes: int) -> Decimal:
        """Return votes as a result holds them."""
        return scaled(votes, self.places)

    def counted(self, quota: Decimal) -> Count:
        """Return the result of a count that is over."""
        return Count(
            rule=self.rule,
            title=self.election.title,
            seats=self.election.seats,
            quota=quota,
            valid=self.election.valid_total,
            blank=self.election.blank_total,
            candidates=self.election.names,
            elected=tuple(self.elected),
            stages=tuple(self.stages),
            ties=tuple(self.ties),
            withdrawn=tuple(sorted(self.election.withdrawn)),
            lot=self.lot.as_json(),
            constraints=None if self.keeper is None else self.keeper.as_json(),
        )

    def keep_stage(
        self, *, lost: int = 0, quota: Decimal | None = None, keep: dict[int, Decimal] | None = None
    ) -> None:
        """Write the stage that is over into the book, and begin the next."""
        self.stages.append(
            Stage(
                number=self.stage,
                votes={number: self.decimal(votes) for number, votes in self.votes.items()},
                non_transferable=self.decimal(self.non_transferable),
                lost=self.decimal(lost),
                elected=tuple(self.chosen),
                excluded=tuple(self.excluded),
                transfers=tuple(self.transfers),
                because=tuple(self.because),
                quota=quota,
                keep=keep,
            )
        )
        self.transfers, self.because, self.excluded, self.chosen = [], [], [], []

    def guarded(self) -> frozenset[int]:
        """Return who may not be excluded, as a reserved seat needs them."""
        return frozenset() if self.keeper is None else self.keeper.guarded(self.elected, self.continuing)

    def doomed(self) -> frozenset[int]:
        """Return who can't be elected any more without breaking a constraint."""
        return frozenset() if self.keeper is None else self.keeper.doomed(self.elected, self.continuing)

    def exclude_doomed(self, doomed: frozenset[int]) -> None:
        """Exclude all who can't be elected any more without breaking a constraint."""
        assert self.keeper is not None
        for number in self._by_votes(doomed):
            self._because_of("doomed", number, self.keeper.dooming(number, self.elected, self.continuing))
        self.put_out(self._by_votes(doomed))

    def tell_guarded(self, guarded: frozenset[int], most: int) -> None:
        """Say who would have been excluded before somebody with so many votes, and why they weren't."""
        if self.keeper is None:
            return
        for number in self._by_votes(number for number in guarded if self.votes[number] <= most):
            self._because_of("guarded", number, self.keeper.guarding(number, self.elected, self.continuing))

    def at_stake(self, tied: Sequence[int]) -> Decides:
        """Tell whether equals who are to be elected can all be, so that only the order of naming is open."""
        if self.keeper is None or len(tied) == 1:
            return "order"
        together = self.keeper.possible([*self.elected, *tied], self.continuing - set(tied))
        return "order" if together else "seat"

    def note_look_back(
        self, tied: Sequence[int], chosen: int, stage: int, decides: Decides, before: dict[int, int], code: str
    ) -> None:
        """Write down a tie that an earlier stage settled, at which the votes were those of `before`."""
        facts: Facts = {
            "candidate": chosen,
            "candidates": sorted(tied),
            "votes": self.text(before[chosen]),
            "stage": stage,
        }
        self.ties.append(
            Tie(
                stage=self.stage,
                decides=decides,
                tied=tuple(sorted(tied)),
                by="look_back",
                chosen=chosen,
                looked_back_to=stage,
                votes={number: self.decimal(before[number]) for number in sorted(tied)},
                because=Reason(code, facts),
            )
        )

    def _by_votes(self, numbers: Iterable[int]) -> list[int]:
        return sorted(numbers, key=lambda number: (self.votes[number], self.election.candidate(number).name))

    def _because_of(self, code: str, number: int, why: Constraints) -> None:
        facts: Facts = {"candidate": number, "votes": self.text(self.votes[number]), "constraints": listed(why)}
        self.because.append(Reason(code, facts))
