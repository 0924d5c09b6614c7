"""Schulze's method: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), with winning votes.

Each two candidates are compared: how many papers put the one before the other. Candidates who aren't on a paper are
equal there, after those who are. A link from one to another is as strong as the papers that prefer the one, where these
are more than those that prefer the other. A path is as strong as its weakest link; A beats B when the strongest path
from A to B is stronger than the strongest one back. Beating so defined has no circles.

For one seat this is the paper's method. For several we use the order that it gives: whoever is beaten by nobody who is
left comes next. That isn't proportional: a majority can fill all seats (STV is for that). The lot settles ties.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..constraints import Constraints
from ..lot import Lot, draw
from ..papers import Election
from ..refusals import Refused
from ..results import Count, Reason, Stage, Tie
from ..words import Facts

MOST_CANDIDATES: Final = 400
"""Comparing paths takes the cube of it: some seconds for so many."""

Table = list[list[int]]


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None) -> Count:
    """Count by Schulze's method. Raises Refused where a lot has to decide and none was drawn."""
    if constraints:
        raise Refused("constraints_not_for_rule", rule="schulze")
    if len(election.standing) > MOST_CANDIDATES:
        raise Refused("candidates_too_many", candidates=len(election.standing), most=MOST_CANDIDATES)
    pairwise = compare(election)
    return _Ordering(election, lot, pairwise, strongest_paths(pairwise)).run()


def compare(election: Election) -> Table:
    """Count for each two of the standing, in their order, how many papers put the first before the second.

    A row is one large number with a lane of bits for each candidate, so that a paper adds to a whole row at once.
    """
    lane = election.valid_total.bit_length() + 1
    places = {number: place for place, number in enumerate(election.standing)}
    one = {number: 1 << lane * place for number, place in places.items()}
    everybody = sum(one.values())
    rows = dict.fromkeys(election.standing, 0)
    for ranking, how_many in election.valid.items():
        after = everybody * how_many
        if how_many == 1:
            for number in ranking:
                after -= one[number]
                rows[number] += after
        else:
            for number in ranking:
                after -= one[number] * how_many
                rows[number] += after
    mask = (1 << lane) - 1
    return [[rows[number] >> lane * place & mask for place in range(len(places))] for number in election.standing]


def strongest_paths(pairwise: Table) -> Table:
    """Compute how strong the strongest path between each two is, as Floyd and Warshall do; 0 where there is none."""
    size = range(len(pairwise))
    paths = [[pairwise[a][b] if pairwise[a][b] > pairwise[b][a] else 0 for b in size] for a in size]
    for through in size:
        onwards = paths[through]
        for start in size:
            row = paths[start]
            if reached := row[through]:
                paths[start] = [
                    old if old >= (new if new < reached else reached) else (new if new < reached else reached)
                    for old, new in zip(row, onwards, strict=True)
                ]
    for place in size:
        paths[place][place] = 0
    return paths


class _Ordering:
    def __init__(self, election: Election, lot: Lot, pairwise: Table, paths: Table) -> None:
        self.election = election
        self.lot = lot
        self.pairwise = pairwise
        self.paths = paths
        self.place = {number: place for place, number in enumerate(election.standing)}
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    def path(self, start: int, end: int) -> int:
        return self.paths[self.place[start]][self.place[end]]

    def run(self) -> Count:
        ranks = self.ranks()
        for rank in ranks:
            if len(self.elected) < self.election.seats:
                self._seat(rank)
        standing = self.election.standing
        return Count(
            rule="schulze",
            title=self.election.title,
            seats=self.election.seats,
            quota=None,
            valid=self.election.valid_total,
            blank=self.election.blank_total,
            candidates=self.election.names,
            elected=tuple(self.elected),
            stages=tuple(self.stages),
            ties=tuple(self.ties),
            withdrawn=tuple(sorted(self.election.withdrawn)),
            tables={
                "pairwise": self._table(self.pairwise),
                "strongest_paths": self._table(self.paths),
                "ranks": [{"rank": place, "candidates": rank} for place, rank in enumerate(ranks, 1)],
                "standing": list(standing),
            },
            lot=self.lot.as_json(),
        )

    def ranks(self) -> list[list[int]]:
        """Give all who stand in ranks: in each whoever nobody beats of those who aren't in a rank before."""
        left = list(self.election.standing)
        ranks = []
        while left:
            ranks.append(
                [one for one in left if not any(self.path(other, one) > self.path(one, other) for other in left)]
            )
            left = [number for number in left if number not in ranks[-1]]
        return ranks

    def _table(self, table: Table) -> list[list[str]]:
        """Write a table as rows of text, with the candidates' numbers before and above, and nothing on the diagonal."""
        numbers = [str(number) for number in self.election.standing]
        rows = [
            [numbers[a], *("" if a == b else str(votes) for b, votes in enumerate(row))] for a, row in enumerate(table)
        ]
        return [["", *numbers], *rows]

    def _seat(self, rank: Sequence[int]) -> None:
        """Give seats to those of a rank, by lot where they are more than the seats."""
        stage = len(self.stages) + 1
        because = []
        if stage == 1:
            facts: Facts = {"valid": self.election.valid_total, "seats": self.election.seats}
            because.append(Reason("schulze_compared", facts))
        vacancies = self.election.seats - len(self.elected)
        rest = [number for number in self.election.standing if number not in rank and number not in self.elected]
        left, chosen = list(rank), list[int]()
        while left and len(chosen) < vacancies:
            first = left[0]
            if len(left) > 1:
                fit = len(rank) <= vacancies
                tie = draw(
                    self.lot,
                    self.election,
                    left,
                    decides="order" if fit else "seat",
                    stage=stage,
                    code="schulze_lot_order" if fit else "schulze_lot_seat",
                )
                self.ties.append(tie)
                first = tie.chosen
            left.remove(first)
            chosen.append(first)
            because.append(self._why(first, rest))
        self.elected += chosen
        nothing = Decimal(0)
        self.stages.append(Stage(stage, {}, nothing, nothing, tuple(chosen), (), (), tuple(because)))

    def _why(self, chosen: int, rest: Sequence[int]) -> Reason:
        """Say who came closest to the chosen one, of those who are left."""
        if not rest:
            return Reason("schulze_last", {"candidate": chosen})
        names = self.election.names
        closest = min(rest, key=lambda other: (self.path(chosen, other) - self.path(other, chosen), names[other - 1]))
        forth, back = self.path(chosen, closest), self.path(closest, chosen)
        code = "schulze_elected" if forth > back else "schulze_elected_unbeaten"
        return Reason(code, {"candidate": chosen, "other": closest, "forth": forth, "back": back})
