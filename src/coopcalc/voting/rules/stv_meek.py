"""STV by Meek's method: I. D. Hill, B. A. Wichmann and D. R. Woodall, "Algorithm 123", Computer Journal 30 (1987).

An elected candidate keeps only a part of each vote that arrives, the keep value, and passes the rest on; so that each
elected candidate has exactly the quota, whatever way the votes came. The quota is that of Droop without rounding to
whole votes, from the votes that are still with a candidate.

Keep values are computed anew until each elected candidate has the quota to a hundred-thousandth part. Then candidates
are elected who reach it: stages end with the first preferences, such a full distribution, or an exclusion. A tie for
exclusion falls on who was behind at the first difference, from the first stage on; then the lot decides.

What we fixed where the paper leaves it to the machine: votes, keep values and quota are whole numbers of billionths.
What is kept of a vote, a new keep value and the quota are rounded up and what is passed on is the remainder (as in
Hill's later programs), so that nothing is ever lost. Nobody is excluded by a difference that what is still to be
distributed could turn around: then keep values are computed on, until none changes any more. Who then differs by less
than rounding can explain is tied, and who lacks no more than that has the quota: a seat must not hang on the last
billionth.

Papers that agree on which elected candidates they pass through are one node of a tree: a recount costs as much as there
are nodes. A paper is only looked at when the candidate who holds it is elected or excluded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..constraints import Constraints
from ..lot import Decides, Lot, draw
from ..papers import Election
from ..results import NON_TRANSFERABLE, Count, Reason, Target, Transfer
from ..words import Facts
from .staged import Staged

PLACES: Final = 9
ONE: Final = 10**PLACES
NEAR: Final = 100_000

Paper = tuple[Iterator[int], int]
"""Papers that are alike: their preferences from the one after the present holder on, and how many they are."""

_ROOT: Final = 0


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None) -> Count:
    """Count by Meek's method. Raises Refused where a lot has to decide and none was drawn."""
    return _Counting(election, lot, constraints).run()


class _Tree:
    """Which elected candidates papers pass through, in their order. A node has a smaller number than those below it."""

    def __init__(self, valid: int) -> None:
        self.above: list[int] = [_ROOT]
        self.elected: list[int] = [0]
        self.papers: list[int] = [valid]
        self.spent: list[int] = [0]
        self.below: dict[tuple[int, int], int] = {}

    def node(self, above: int, elected: int) -> int:
        """Give the node of an elected candidate below another node."""
        found = self.below.get((above, elected))
        if found is None:
            found = self.below[above, elected] = len(self.above)
            self.above.append(above)
            self.elected.append(elected)
            self.papers.append(0)
            self.spent.append(0)
        return found

    def pass_down(self, keep: Mapping[int, int]) -> tuple[list[int], dict[int, int]]:
        """Give what leaves each node of one vote, and the votes of each elected candidate."""
        leaving = [ONE]
        votes = dict.fromkeys(keep, 0)
        for above, elected, papers in zip(self.above[1:], self.elected[1:], self.papers[1:], strict=True):
            if arriving := leaving[above]:
                kept = -(-arriving * keep[elected] // ONE)
                votes[elected] += kept * papers
                leaving.append(arriving - kept)
            else:
                leaving.append(0)
        return leaving, votes


class _Counting(Staged):
    rule = "stv-meek"
    places = PLACES

    def __init__(self, election: Election, lot: Lot, constraints: Constraints | None) -> None:
        super().__init__(election, lot, constraints)
        self.total = election.valid_total * ONE
        self.keep: dict[int, int] = {}
        self.tree = _Tree(election.valid_total)
        # What each continuing candidate holds: papers and their number, by node.
        self.piles: dict[int, dict[int, list[Paper]]] = {number: {} for number in election.standing}
        self.held: dict[int, dict[int, int]] = {number: {} for number in election.standing}
        self.quota = 0
        # Of each stage its votes, and how far these may differ and still be equal.
        self.history: list[tuple[dict[int, int], int]] = []

    def run(self) -> Count:
        self._first_stage()
        while self.vacancies and self.continuing:
            if doomed := self.doomed():
                self.exclude_doomed(doomed)
            elif lowered := self._lowered():
                self._distribute(lowered)
            else:
                self._exclude_lowest()
            self._end_stage()
        return self.counted(self.decimal(self.quota))

    def _first_stage(self) -> None:
        for ranking, how_many in self.election.valid.items():
            preferences = iter(ranking)
            self._hand(next(preferences), _ROOT, (preferences, how_many))
        self._recount()
        facts: Facts = {
            "valid": self.election.valid_total,
            "seats": self.election.seats,
            "quota": self.text(self.quota),
        }
        self.because.append(Reason("meek_first_stage", facts))
        self._end_stage()

    def _hand(self, candidate: int, node: int, paper: Paper) -> None:
        pile, held = self.piles[candidate], self.held[candidate]
        if node in pile:
            pile[node].append(paper)
            held[node] += paper[1]
        else:
            pile[node] = [paper]
            held[node] = paper[1]

    def _hand_on(self, candidate: int, *, through: bool) -> None:
        """Hand the papers of somebody who was elected (through whom they pass) or excluded on to whoever is next."""
        continuing, keep, tree = self.continuing, self.keep, self.tree
        for start, papers in self.piles.pop(candidate).items():
            first = start
            if through:
                first = tree.node(start, candidate)
                tree.papers[first] += self.held[candidate][start]
            for paper in papers:
                node = first
                for following in paper[0]:
                    if following in continuing:
                        self._hand(following, node, paper)
                        break
                    if following in keep:
                        node = tree.node(node, following)
                        tree.papers[node] += paper[1]
                else:
                    tree.spent[node] += paper[1]
        del self.held[candidate]

    def _recount(self) -> None:
        """Compute everybody's votes and the quota from the keep values."""
        leaving, votes = self.tree.pass_down(self.keep)
        votes |= self._with_continuing(leaving)
        self.votes = {number: votes.get(number, 0) for number in self.votes}
        self._requote(leaving)

    def _with_continuing(self, leaving: list[int]) -> dict[int, int]:
        return {
            number: sum(leaving[node] * papers for node, papers in held.items()) for number, held in self.held.items()
        }

    def _requote(self, leaving: list[int]) -> None:
        self.non_transferable = sum(map(int.__mul__, leaving, self.tree.spent))
        self.quota = -(-(self.total - self.non_transferable) // (self.election.seats + 1))

    def _lowered(self) -> dict[int, int]:
        """Give the keep values that fall: of the elected with more than the quota, unless it is near enough."""
        found: dict[int, int] = {}
        if self._near() and self._decided():
            return found
        for number, kept in self.keep.items():
            if self.votes[number] > self.quota:
                lower = -(-kept * self.quota // self.votes[number])
                if lower < kept:
                    found[number] = lower
        return found

    def _near(self) -> bool:
        """Tell whether each elected candidate has the quota to a hundred-thousandth part."""
        return all(self.votes[number] * NEAR <= self.quota * (NEAR + 1) for number in self.keep)

    def _decided(self) -> bool:
        """Tell whether what is still to be distributed can't change any more who is elected or excluded next."""
        moving = self._slack()
        if any(0 < self.quota - self.votes[number] <= 2 * moving for number in self.continuing):
            return False
        lowest = sorted(self.votes[number] for number in self.continuing - self.guarded())[:2]
        return len(lowest) < 2 or lowest[1] - lowest[0] > moving

    def _slack(self) -> int:
        """Give how far votes may still be from where they would settle without rounding, at most.

        Distributing a surplus s makes others: votes that nobody receives lower the quota, by 1/(seats + 1) of them for
        each of at most `seats` elected. Together they are less than s * (seats + 1). The same holds for what comes of
        rounding, which is less than a billionth for each paper and each elected candidate.
        """
        away = sum(abs(self.votes[number] - self.quota) for number in self.keep)
        return away * (self.election.seats + 1) + self._rounding()

    def _rounding(self) -> int:
        """Give what of `_slack` comes of rounding alone."""
        return self.election.valid_total * len(self.keep) * (self.election.seats + 1)

    def _distribute(self, lowered: dict[int, int]) -> None:
        """Lower keep values until none changes any more: then all surpluses are distributed."""
        before, held, lending = dict(self.keep), dict(self.votes), sorted(lowered)
        times = 0
        while lowered:
            self.keep.update(lowered)
            leaving, votes = self.tree.pass_down(self.keep)
            self.votes = {**held, **votes}
            self._requote(leaving)
            times += 1
            if self._near():
                self.votes |= self._with_continuing(leaving)
            lowered = self._lowered()
        after, self.keep, self.votes = self.keep, before, held
        # Who gave what to whom: the values are put from old to new one by one, in the order of election.
        for number in self.elected:
            if after[number] != self.keep[number]:
                self._note_transfers(number, keep=after[number])
        facts: Facts = {"candidates": lending, "quota": self.text(self.quota), "times": times}
        self.because.append(Reason("meek_surplus", facts))

    def _note_transfers(self, source: int, *, keep: int | None = None) -> None:
        """Let a candidate pass on what a lower keep value, or an exclusion (None), makes free; note where it goes."""
        before = self.votes
        stuck = self.total - sum(before.values())
        if keep is None:
            self._hand_on(source, through=False)
        else:
            self.keep[source] = keep
        self._recount()
        arrived: list[tuple[Target, int]] = [(number, self.votes[number] - before[number]) for number in sorted(before)]
        arrived.append((NON_TRANSFERABLE, self.non_transferable - stuck))
        self.transfers += [
            Transfer(source, target, self.decimal(votes)) for target, votes in arrived if votes and target != source
        ]

    def _exclude_lowest(self) -> None:
        """Exclude who has the fewest votes, of those who may be excluded."""
        guarded = self.guarded()
        free = self.continuing - guarded
        fewest = min(self.votes[number] for number in free) + self._slack()
        source = self._settle([number for number in free if self.votes[number] <= fewest])
        self.tell_guarded(guarded, self.votes[source])
        self.because.append(Reason("meek_excluded", {"candidate": source, "votes": self.text(self.votes[source])}))
        self.put_out([source])

    def put_out(self, sources: Sequence[int]) -> None:
        """Exclude candidates; what they held goes to the next on each paper."""
        self.continuing.difference_update(sources)
        for source in sources:
            self.excluded.append(source)
            self._note_transfers(source)

    def _end_stage(self) -> None:
        """Elect who reached the quota, or all who are left when they are no more than the seats; keep the stage."""
        slack = self._slack()
        # Rounding takes from who isn't elected yet, and from nobody else: who lacks only that has the quota.
        enough = self.quota - self._rounding()
        reached = [number for number in self.continuing if self.quota and self.votes[number] >= max(enough, 1)]
        if len(reached) > self.vacancies:
            # The multi-way tie of the paper: all votes are with candidates who have the quota exactly, one too many.
            self.because.append(
                Reason("meek_too_many", {"candidates": sorted(reached), "quota": self.text(self.quota)})
            )
            reached = []
        for number in self._ordered(reached):
            code = "meek_quota_reached" if self.votes[number] >= self.quota else "meek_quota_rounded"
            self._elect(number, code, quota=self.text(self.quota))
        if 0 < len(self.continuing) <= self.vacancies:
            code = "meek_last_vacancies" if len(self.continuing) == self.vacancies else "meek_too_few"
            left = self.vacancies
            for number in self._ordered(list(self.continuing)):
                self._elect(number, code, vacancies=left)
        self.history.append((dict(self.votes), slack))
        kept = {number: self.decimal(kept) for number, kept in sorted(self.keep.items())}
        self.keep_stage(quota=self.decimal(self.quota), keep=kept)

    def _elect(self, number: int, code: str, **facts: str | int) -> None:
        self.continuing.remove(number)
        self.keep[number] = ONE
        self.elected.append(number)
        self.chosen.append(number)
        self._hand_on(number, through=True)
        self.because.append(Reason(code, {"candidate": number, "votes": self.text(self.votes[number]), **facts}))

    def _ordered(self, numbers: Sequence[int]) -> Iterator[int]:
        """Order those elected in one stage, most votes first; equals by who was ahead at the first difference.

        No seat depends on it, except where seats are reserved: each is elected before the next is looked for, and who
        is doomed by then is left.
        """
        left = set(numbers)
        while left := left - self.doomed():
            most = max(self.votes[number] for number in left)
            tied = [number for number in left if self.votes[number] >= most - self._slack()]
            if (decides := self.at_stake(tied)) == "order":
                tied = [number for number in tied if self.votes[number] == most]
            yield (first := self._settle(tied, decides=decides))
            left.remove(first)

    def _settle(self, tied: Sequence[int], *, decides: Decides = "exclusion") -> int:
        """Choose among equals by the first stage at which they weren't, then by lot.

        Where several were equal there too, the same is asked about these alone, from the next stage on.
        """
        left = sorted(tied)
        if len(left) == 1:
            return left[0]
        for number, (before, slack) in enumerate(self.history, 1):
            if decides != "exclusion":
                most = max(before[candidate] for candidate in left)
                left = [candidate for candidate in left if before[candidate] >= most - slack]
            else:
                fewest = min(before[candidate] for candidate in left)
                left = [candidate for candidate in left if before[candidate] <= fewest + slack]
            if len(left) == 1:
                self.note_look_back(tied, left[0], number, decides, before, f"meek_look_back_{decides}")
                return left[0]
        code = "meek_lot_exclusion" if decides == "exclusion" else None
        tie = draw(self.lot, self.election, left, decides=decides, stage=self.stage, code=code)
        self.ties.append(replace(tie, tied=tuple(sorted(tied))))
        return tie.chosen

    def text(self, votes: int) -> str:
        """Write votes with all decimals that say something."""
        whole, rest = divmod(votes, ONE)
        return f"{whole}.{rest:0{PLACES}}".rstrip("0").rstrip(".")
