"""Scottish STV: the Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52.

Weighted inclusive Gregory: all papers of a candidate with a surplus move on, each at a part of its value. Votes are
whole numbers of hundred-thousandths: the order computes to five decimal places and ignores the remainder (rule 48(3)).
Papers that are alike travel together, so that a stage costs as much as there are different papers to move.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ..constraints import Constraints
from ..lot import Decides, Lot, draw
from ..papers import Election, Ranking
from ..results import LOST, NON_TRANSFERABLE, Count, Reason, Transfer, scaled, text
from .staged import Staged

PLACES: Final = 5
ONE: Final = 10**PLACES

Paper = tuple[Ranking, int]
"""Papers that are alike: their preferences, and how many they are."""


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None) -> Count:
    """Count by the order's rules 45 to 52. Raises Refused where a lot has to decide and none was drawn."""
    return _Counting(election, lot, constraints).run()


def kept_by(
    election: Election, elected: int, *, lot: Lot, constraints: Constraints | None = None
) -> Iterator[tuple[Ranking, int, int]]:
    """Give the papers that an elected candidate received: ranking, how many, and what of each one's value stayed there.

    Values are hundred-thousandths. Whoever passed no surplus on kept the whole value. For a countback.
    """
    counting = _Counting(election, lot, constraints)
    counting.run()
    kept = counting.kept.get(elected) or [(value, papers) for value, papers in counting.piles[elected].items()]
    for value, papers in kept:
        for ranking, how_many in papers:
            yield ranking, how_many, value


def quota(valid: int, seats: int) -> int:
    """Give the votes that make sure of a seat (rule 46): papers / (seats + 1), decimals ignored, plus one."""
    return valid // (seats + 1) + 1


class _Counting(Staged):
    rule = "stv-scottish"
    places = PLACES

    def __init__(self, election: Election, lot: Lot, constraints: Constraints | None) -> None:
        super().__init__(election, lot, constraints)
        self.quota = quota(election.valid_total, election.seats)
        # What each holds: papers by their value when they were received.
        self.piles: dict[int, dict[int, list[Paper]]] = {number: {} for number in election.standing}
        # What those with a surplus held, by what of each paper's value stayed with them.
        self.kept: dict[int, list[tuple[int, list[Paper]]]] = {}
        self.lost = 0
        self.surpluses: set[int] = set()
        self.history: list[dict[int, int]] = []

    def run(self) -> Count:
        self._first_stage()
        while self.vacancies and self.continuing:
            if doomed := self.doomed():
                self.exclude_doomed(doomed)
            elif self.surpluses:
                self._transfer_surplus()
            else:
                self._exclude()
            self._end_stage()
        return self.counted(Decimal(self.quota))

    def _first_stage(self) -> None:
        """Sort by first preferences (rule 45), compute the quota (rule 46)."""
        first: dict[int, list[Paper]] = {number: [] for number in self.continuing}
        for paper in self.election.valid.items():
            first[paper[0][0]].append(paper)
        for candidate, papers in first.items():
            self.piles[candidate][ONE] = papers
            self.votes[candidate] = ONE * sum(how_many for _ranking, how_many in papers)
        facts = {"valid": self.election.valid_total, "seats": self.election.seats, "quota": self.quota}
        self.because.append(Reason("scottish_first_stage", facts))
        self._end_stage()

    def _transfer_surplus(self) -> None:
        """Transfer the largest surplus (rules 48 and 49), at a value computed for each parcel."""
        most = max(self.votes[number] for number in self.surpluses)
        largest = [number for number in self.surpluses if self.votes[number] == most]
        source = self._settle(largest, decides="surplus")
        votes = self.votes[source]
        surplus = votes - self.quota * ONE
        self.because.append(
            Reason(
                "scottish_surplus" if len(self.surpluses) == 1 else "scottish_largest_surplus",
                {"candidate": source, "votes": self.text(votes), "surplus": self.text(surplus), "quota": self.quota},
            )
        )
        self.surpluses.remove(source)
        pile = self.piles[source].items()
        self.kept[source] = [(value - surplus * value // votes, papers) for value, papers in pile]
        moved = self._move(source, lambda value: surplus * value // votes)
        self.votes[source] -= surplus
        if lost := surplus - moved:
            self.lost += lost
            self.transfers.append(Transfer(source, LOST, scaled(lost, PLACES)))

    def _exclude(self) -> None:
        """Exclude who has the fewest votes (rules 50 and 51); transfer, unless rule 52 fills the seats."""
        guarded = self.guarded()
        free = self.continuing - guarded
        fewest = min(self.votes[number] for number in free)
        source = self._settle([number for number in free if self.votes[number] == fewest], decides="exclusion")
        self.tell_guarded(guarded, fewest)
        self.because.append(Reason("scottish_excluded", {"candidate": source, "votes": self.text(fewest)}))
        self.put_out([source])

    def put_out(self, sources: Sequence[int]) -> None:
        """Let candidates go, and their papers to the next on each, unless the seats are filled without (rule 52(2))."""
        self.continuing.difference_update(sources)
        self.excluded += sources
        goes_on = len(self.continuing) > self.vacancies
        for source in sources:
            code = "scottish_excluded_transfer" if goes_on else "scottish_no_further_transfer"
            self.because.append(Reason(code, {"candidate": source}))
            if goes_on:
                self._move(source, lambda value: value)
                self.votes[source] = 0

    def _move(self, source: int, value_of: Callable[[int], int]) -> int:
        """Move all papers of a candidate to the next continuing candidate on each; give the votes that arrived."""
        received: dict[int, tuple[int, int]] = {}
        stuck_votes = stuck_papers = 0
        continuing = self.continuing
        for value, papers in sorted(self.piles.pop(source).items(), reverse=True):
            worth = value_of(value)
            parcels: dict[int, list[Paper]] = {}
            stuck = 0
            for paper in papers:
                # Whoever stands before the present holder on a paper isn't continuing, and never will be again.
                for candidate in paper[0]:
                    if candidate in continuing:
                        if candidate in parcels:
                            parcels[candidate].append(paper)
                        else:
                            parcels[candidate] = [paper]
                        break
                else:
                    stuck += paper[1]
            stuck_papers += stuck
            stuck_votes += stuck * worth
            for candidate, parcel in parcels.items():
                how_many = sum(paper[1] for paper in parcel)
                papers_before, votes_before = received.get(candidate, (0, 0))
                received[candidate] = (papers_before + how_many, votes_before + how_many * worth)
                self.piles[candidate].setdefault(worth, []).extend(parcel)
        for candidate in sorted(received):
            how_many, votes = received[candidate]
            self.votes[candidate] += votes
            self.transfers.append(Transfer(source, candidate, scaled(votes, PLACES), how_many))
        if stuck_papers:
            self.non_transferable += stuck_votes
            self.transfers.append(Transfer(source, NON_TRANSFERABLE, scaled(stuck_votes, PLACES), stuck_papers))
        return stuck_votes + sum(votes for _papers, votes in received.values())

    def _end_stage(self) -> None:
        """Deem elected who has the quota (rule 47(1)), or all who are left (rule 52(1)); keep the stage."""
        enough = self.quota * ONE
        reached = [number for number in self.continuing if self.votes[number] >= enough]
        for number in self._ordered(reached):
            self._elect(number, "scottish_quota_reached", quota=self.quota)
            if self.votes[number] > enough:
                self.surpluses.add(number)
        if 0 < len(self.continuing) <= self.vacancies:
            code = "scottish_last_vacancies" if len(self.continuing) == self.vacancies else "scottish_too_few"
            left = self.vacancies
            for number in self._ordered(list(self.continuing)):
                self._elect(number, code, vacancies=left)
        self.history.append(dict(self.votes))
        self.keep_stage(lost=self.lost)

    def _elect(self, number: int, code: str, **facts: int) -> None:
        self.continuing.remove(number)
        self.elected.append(number)
        self.chosen.append(number)
        self.because.append(Reason(code, {"candidate": number, "votes": self.text(self.votes[number]), **facts}))

    def _ordered(self, numbers: Sequence[int]) -> Iterator[int]:
        """Order those elected in one stage, most votes first: our own convention, no seat depends on it.

        Except where seats are reserved: each is elected before the next is looked for, and who is doomed by then stays.
        """
        left = set(numbers)
        while left := left - self.doomed():
            most = max(self.votes[number] for number in left)
            tied = [number for number in left if self.votes[number] == most]
            yield (first := self._settle(tied, decides=self.at_stake(tied)))
            left.remove(first)

    def _settle(self, tied: Sequence[int], *, decides: Decides) -> int:
        """Choose among equals: by the most recent stage at which they weren't (rules 49(2), 51(2)(a)), then by lot.

        Where several were still equal at the decisive end of that stage, the same is asked about these alone.
        """
        left = sorted(tied)
        if len(left) == 1:
            return left[0]
        pick = min if decides == "exclusion" else max
        for number, before in zip(range(len(self.history), 0, -1), reversed(self.history), strict=True):
            decisive = pick(before[candidate] for candidate in left)
            narrowed = [candidate for candidate in left if before[candidate] == decisive]
            if len(narrowed) == 1:
                self.note_look_back(tied, narrowed[0], number, decides, before, f"scottish_look_back_{decides}")
                return narrowed[0]
            left = narrowed
        code = None if decides in ("order", "seat") else f"scottish_lot_{decides}"
        tie = draw(self.lot, self.election, left, decides=decides, stage=self.stage, code=code)
        self.ties.append(replace(tie, tied=tuple(sorted(tied))))
        return tie.chosen

    def text(self, votes: int) -> str:
        """Write votes with all five decimals, as the order computes them."""
        return text(self.decimal(votes))
