"""Papers on which candidates are marked: counting the marks, and giving the seats to whoever has most.

Shared by approval, plurality and the first round of a run-off. Seats are given one by one, to the candidate with most
votes of those who are left and with whom the constraints can still be kept: this is dooming (see constraints.py), and
whoever is guarded gets a seat because all others are doomed by then.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from ..constraints import Constraints, Keeper, keeper, listed
from ..lot import Decides, Lot, draw
from ..papers import Election, Ranking
from ..results import Count, Reason, Stage, Tie
from ..terms import Terms

NOTHING: Final = Decimal(0)


class Marks:
    """The votes of one round, and what became of them.

    `names` says which of a paper's names count. A paper is judged as it was marked, withdrawn candidates included.
    """

    def __init__(self, election: Election, terms: Terms, lot: Lot, names: Callable[[Ranking], Ranking]) -> None:
        self.election = election
        self.terms = terms
        self.lot = lot
        self.votes = dict.fromkeys(election.standing, 0)
        self.valid = self.invalid = self.blank = 0
        for ranking, how_many in election.papers.items():
            if ranking and (len(ranking) < terms.least or (terms.most is not None and len(ranking) > terms.most)):
                self.invalid += how_many
                continue
            counted = [number for number in names(ranking) if number in self.votes]
            if not counted:
                self.blank += how_many
                continue
            self.valid += how_many
            for number in counted:
                self.votes[number] += how_many
        self.elected: list[int] = []
        self.because: list[Reason] = []
        self.ties: list[Tie] = []
        if self.invalid:
            most = len(election.candidates) if terms.most is None else terms.most
            self.tell("marks_invalid", invalid=self.invalid, least=terms.least, most=most)

    def tell(self, code: str, **facts: str | int) -> None:
        """Note why."""
        self.because.append(Reason(code, facts))

    def give_seats(self, constraints: Constraints | None) -> Keeper | None:
        """Give the seats, most votes first; who has too few gets none. Give the keeper of the constraints."""
        needed = self.terms.votes_needed(self.valid)
        kept = keeper(self.election, constraints, empty_seats=needed > 0)
        left = {number for number, has in self.votes.items() if has >= needed}
        passed: set[int] = set()
        while left and len(self.elected) < self.election.seats:
            doomed = kept.doomed(self.elected, left) if kept else frozenset()
            free = left - doomed
            if not free:
                break
            most = max(self.votes[number] for number in free)
            if kept:
                for number in sorted(doomed - passed):
                    if self.votes[number] > most:
                        passed.add(number)
                        why = listed(kept.dooming(number, self.elected, left))
                        self.tell("marks_passed_over", candidate=number, votes=self.votes[number], constraints=why)
            tied = [number for number in free if self.votes[number] == most]
            chosen = self.first(tied, self._decides(tied, left, kept))
            self.elected.append(chosen)
            left.remove(chosen)
            self.tell("marks_elected", candidate=chosen, votes=most)
        self._tell_empty(needed)
        return kept

    def _decides(self, tied: Sequence[int], left: set[int], kept: Keeper | None) -> Decides:
        """Tell whether a tie is about a seat, or only about the order of names."""
        if len(tied) > self.election.seats - len(self.elected):
            return "seat"
        together = kept is None or kept.possible([*self.elected, *tied], left - set(tied))
        return "order" if together else "seat"

    def first(self, tied: Sequence[int], decides: Decides, code: str | None = None) -> int:
        """Give the first of equals, by lot."""
        if len(tied) == 1:
            return tied[0]
        tie = draw(self.lot, self.election, tied, decides=decides, stage=1, code=code)
        self.ties.append(tie)
        return tie.chosen

    def _tell_empty(self, needed: int) -> None:
        empty = self.election.seats - len(self.elected)
        if not empty:
            return
        for number in sorted(
            self.votes, key=lambda number: (-self.votes[number], self.election.candidate(number).name)
        ):
            if self.votes[number] < needed:
                self.tell("marks_too_few", candidate=number, votes=self.votes[number], needed=needed)
        self.tell("seats_empty", vacancies=empty)

    def count(self, rule: str, kept: Keeper | None, tables: Mapping[str, object] | None = None) -> Count:
        """Give the result: one stage."""
        stage = Stage(
            number=1,
            votes={number: Decimal(has) for number, has in self.votes.items()},
            non_transferable=NOTHING,
            lost=NOTHING,
            elected=tuple(self.elected),
            because=tuple(self.because),
        )
        return Count(
            rule=rule,
            title=self.election.title,
            seats=self.election.seats,
            quota=None,
            valid=self.valid,
            blank=self.blank,
            invalid=self.invalid,
            candidates=self.election.names,
            elected=tuple(self.elected),
            stages=(stage,),
            ties=tuple(self.ties),
            withdrawn=tuple(sorted(self.election.withdrawn)),
            tables=dict(tables or {}),
            lot=self.lot.as_json(),
            constraints=None if kept is None else kept.as_json(),
            terms=self.terms.as_json(),
        )
