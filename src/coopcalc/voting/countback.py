"""Countback: who takes the seat of somebody who left, by the papers that had elected them.

After the Electoral Act 1992 of the Australian Capital Territory, schedule 4, part 4.3 (casual vacancies), the method of
Hare and Clark that Tasmania introduced in 1917. Only the papers of the member who left are counted again, so that the
voters who had chosen that member choose again; nobody else's seat is touched. Those stand who stood in the election,
weren't elected and say that they would take the seat.

- A paper counts for what of its value had stayed with the member (clause 13): the value at which it was received, less
  what went on with a surplus. The act's formula is made for surpluses of the last parcel only; with surpluses from all
  papers the same words give this difference.
- It goes to the first of those who stand again (clause 14). Papers that name none of them are non-transferable.
- More than half of the votes of all who are left elects: half, plus one, fractions disregarded (clause 12).
- Otherwise who has the fewest is excluded, and those papers go on at their value (as clauses 8 and 9). Equals: who had
  fewer at the last stage at which they weren't equal, else by lot.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from .constraints import Constraints
from .lot import NO_LOT, Lot, draw
from .papers import Election, Ranking
from .refusals import Refused
from .results import NON_TRANSFERABLE, Count, Reason, Stage, Tie, Transfer, scaled, text
from .rules import stv_meek, stv_scottish
from .words import Facts

RULE: Final = "countback"
OF: Final = "of"
"""The table of a countback's result: the rule of the election, who left, who stood."""


def countback(
    election: Election,
    rule: str,
    left: int,
    *,
    contestants: Iterable[int] | None = None,
    lot: Lot = NO_LOT,
    constraints: Constraints | None = None,
) -> Count:
    """Count the papers of somebody elected again, for their seat.

    `rule`, `lot` and `constraints` are those by which the election was counted; `contestants` are the numbers of those
    who would take the seat, all who weren't elected where it is None. Raises Refused for a rule without countback,
    somebody who wasn't elected or can't stand, nobody to choose from, and where a lot has to decide and none was drawn.
    """
    if rule not in _KEPT:
        raise Refused("countback_not_for_rule", rule=rule)
    known, kept_by, places = _KEPT[rule]
    counted = known(election, lot=lot, constraints=constraints)
    if left not in counted.elected:
        raise Refused("countback_not_elected", name=_name(election, left))
    free = [number for number in election.standing if number not in counted.elected]
    asked = sorted(free if contestants is None else set(contestants))
    for number in asked:
        if number not in free:
            raise Refused("countback_cannot_stand", name=_name(election, number))
    if not asked:
        raise Refused("countback_nobody")
    return _Counting(election, rule, left, asked, lot, kept_by(election, left, counted, lot, constraints), places).run()


def _name(election: Election, number: int) -> str:
    return election.candidate(number).name if 1 <= number <= len(election.candidates) else str(number)


class _Counting:
    def __init__(
        self,
        election: Election,
        rule: str,
        left: int,
        contestants: Sequence[int],
        lot: Lot,
        kept: Iterator[tuple[Ranking, int, int]],
        places: int,
    ) -> None:
        self.election = election
        self.lot = lot
        self.places = places
        self.continuing = set(contestants)
        self.of = {"rule": rule, "left": left, "contestants": list(contestants)}
        self.papers: dict[Ranking, int] = {}
        self.valid = 0
        for ranking, how_many, value in kept:
            wanted = tuple(number for number in ranking if number in self.continuing)
            self.papers[wanted] = self.papers.get(wanted, 0) + how_many * value
            self.valid += how_many
        self.non_transferable = self.papers.pop((), 0)
        self.votes = dict.fromkeys(contestants, 0)
        for ranking, units in self.papers.items():
            self.votes[ranking[0]] += units
        facts: Facts = {"candidate": left, "votes": self._text(sum(self.votes.values()) + self.non_transferable)}
        self.because = [Reason("countback_first_stage", facts)]
        self.transfers: list[Transfer] = []
        self.excluded: tuple[int, ...] = ()
        self.history: list[dict[int, int]] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    def run(self) -> Count:
        while (elected := self._end_stage()) is None:
            self._exclude()
        return Count(
            rule=RULE,
            title=self.election.title,
            seats=1,
            quota=self.stages[-1].quota,
            valid=self.valid,
            blank=0,
            candidates=self.election.names,
            elected=(elected,),
            stages=tuple(self.stages),
            ties=tuple(self.ties),
            withdrawn=tuple(sorted(self.election.withdrawn)),
            tables={OF: self.of},
            lot=self.lot.as_json(),
        )

    def _end_stage(self) -> int | None:
        """Keep the stage; give who is elected by it."""
        remaining = sum(self.votes[number] for number in self.continuing)
        majority = remaining // (2 * 10**self.places) + 1
        elected = None
        if len(self.continuing) == 1:
            (elected,) = self.continuing
            self.because.append(
                Reason("countback_last", {"candidate": elected, "votes": self._text(self.votes[elected])})
            )
        else:
            most = max(self.continuing, key=lambda number: self.votes[number])
            if self.votes[most] >= majority * 10**self.places:
                elected = most
                facts: Facts = {"candidate": most, "votes": self._text(self.votes[most]), "quota": majority}
                self.because.append(Reason("countback_majority", facts))
        self.history.append(dict(self.votes))
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                votes={number: scaled(votes, self.places) for number, votes in self.votes.items()},
                non_transferable=scaled(self.non_transferable, self.places),
                lost=scaled(0, self.places),
                elected=() if elected is None else (elected,),
                excluded=self.excluded,
                transfers=tuple(self.transfers),
                because=tuple(self.because),
                quota=Decimal(majority),
            )
        )
        self.because, self.transfers = [], []
        return elected

    def _exclude(self) -> None:
        fewest = min(self.votes[number] for number in self.continuing)
        source = self._settle([number for number in self.continuing if self.votes[number] == fewest])
        self.because.append(Reason("countback_excluded", {"candidate": source, "votes": self._text(fewest)}))
        self.continuing.remove(source)
        self.excluded = (source,)
        arrived: dict[int, int] = {}
        stuck = 0
        for ranking, units in self.papers.items():
            still = [number for number in ranking if number in self.continuing or number == source]
            if still and still[0] == source:
                if len(still) > 1:
                    arrived[still[1]] = arrived.get(still[1], 0) + units
                else:
                    stuck += units
        self.votes[source] = 0
        for number in sorted(arrived):
            self.votes[number] += arrived[number]
            self.transfers.append(Transfer(source, number, scaled(arrived[number], self.places)))
        if stuck:
            self.non_transferable += stuck
            self.transfers.append(Transfer(source, NON_TRANSFERABLE, scaled(stuck, self.places)))

    def _settle(self, tied: Sequence[int]) -> int:
        """Choose who is excluded: who had fewer at the last stage at which they weren't equal, then by lot."""
        left = sorted(tied)
        stage = len(self.stages) + 1
        if len(left) == 1:
            return left[0]
        for number, before in zip(range(len(self.history), 0, -1), reversed(self.history), strict=True):
            fewest = min(before[candidate] for candidate in left)
            left = [candidate for candidate in left if before[candidate] == fewest]
            if len(left) == 1:
                facts: Facts = {"candidate": left[0], "candidates": sorted(tied), "stage": number}
                self.ties.append(
                    Tie(
                        stage=stage,
                        decides="exclusion",
                        tied=tuple(sorted(tied)),
                        by="look_back",
                        chosen=left[0],
                        looked_back_to=number,
                        votes={candidate: scaled(before[candidate], self.places) for candidate in sorted(tied)},
                        because=Reason("countback_look_back", {**facts, "votes": self._text(fewest)}),
                    )
                )
                return left[0]
        self.ties.append(draw(self.lot, self.election, left, decides="exclusion", stage=stage))
        return self.ties[-1].chosen

    def _text(self, units: int) -> str:
        return text(scaled(units, self.places))


def _kept_scottish(
    election: Election, left: int, counted: Count, lot: Lot, constraints: Constraints | None
) -> Iterator[tuple[Ranking, int, int]]:
    return stv_scottish.kept_by(election, left, lot=lot, constraints=constraints)


def _kept_meek(
    election: Election, left: int, counted: Count, lot: Lot, constraints: Constraints | None
) -> Iterator[tuple[Ranking, int, int]]:
    """Give what stayed with a candidate by Meek's keep values: each elected one on a paper's way keeps a part."""
    one = 10**stv_meek.PLACES
    keep = {number: int(value.scaleb(stv_meek.PLACES)) for number, value in (counted.stages[-1].keep or {}).items()}
    excluded = {number for stage in counted.stages for number in stage.excluded}
    for ranking, how_many in election.valid.items():
        arriving = one
        for number in ranking:
            if number in excluded:
                continue
            kept = -(-arriving * keep.get(number, one) // one)
            if number == left:
                yield ranking, how_many, kept
                break
            arriving -= kept


_KEPT: Final = {
    "stv-scottish": (stv_scottish.count, _kept_scottish, stv_scottish.PLACES),
    "stv-meek": (stv_meek.count, _kept_meek, stv_meek.PLACES),
}
