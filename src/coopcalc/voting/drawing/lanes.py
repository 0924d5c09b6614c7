"""Lanes: a count of several stages. Each candidate has a lane, stages stand beside each other from left to right.

A bar is as high as the candidate's votes at the end of a stage. What a candidate keeps until the next stage runs on as
a faint strip; what goes to others leaves as ribbons from the top of the bar and arrives on top of theirs. Lanes are in
the order of election, then of who lasted longest, so that votes of the excluded mostly flow upwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ..results import LOST, NON_TRANSFERABLE, Stage, Transfer
from .paper import FAINT, FAINTEST, HALF, MOVING, SMALL, SOLID, Paper, Pixels, px, room

TOP: Final = 44
LOWEST_LANE: Final = 20
GAP: Final = 20
THINNEST: Final = Fraction(9, 10)
NOBODY: Final = 0


@dataclass(slots=True)
class _Lane:
    """A candidate's lane, or nobody's: where it stands, and its votes at the end of each stage."""

    who: int
    votes: list[Fraction]
    foot: Fraction = Fraction(0)
    kept: list[Fraction] = field(default_factory=list)


def draw(paper: Paper) -> None:
    """Draw the stages of a count."""
    _Lanes(paper).draw()


class _Lanes:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.stages: Sequence[Stage] = paper.count.stages
        many = len(self.stages)
        # How far stages stand apart, and how wide a bar is: numbers fit beside bars while there are few stages.
        self.pitch, self.bar = (100, 30) if many <= 8 else (76, 22) if many <= 16 else (46, 13)
        self.lanes = [_Lane(one, [Fraction(stage.votes[one]) for stage in self.stages]) for one in paper.order]
        if any(stage.non_transferable for stage in self.stages):
            self.lanes.append(_Lane(NOBODY, [Fraction(stage.non_transferable) for stage in self.stages]))
        self.of = {lane.who: lane for lane in self.lanes}
        self.place = {lane.who: position for position, lane in enumerate(self.lanes)}
        highest = [max([*lane.votes, *self._quotas_of(lane).values()]) for lane in self.lanes]
        self.scale = Fraction(max(320, 26 * len(self.lanes))) / (sum(highest) or 1)
        y = Fraction(TOP)
        for lane, high in zip(self.lanes, highest, strict=True):
            y += GAP + max(Fraction(LOWEST_LANE), high * self.scale)
            lane.foot = y
        self.bottom = y
        names = [room(paper.say("sheet_non_transferable"))] if NOBODY in self.of else []
        self.left = max([paper.labels_room(), *(name + 18 for name in names)])
        self.right = self.left + (many - 1) * self.pitch + self.bar
        self.end = self.right + 30 + max(room(self.outcome(lane)) for lane in self.lanes)

    def x(self, stage: int) -> Fraction:
        return self.left + stage * self.pitch

    def high(self, lane: _Lane, votes: Fraction) -> Fraction:
        """Give the y of so many votes above a lane's foot."""
        return lane.foot - votes * self.scale

    def outcome(self, lane: _Lane) -> str:
        return "" if lane.who == NOBODY else self.paper.outcome(lane.who)

    def draw(self) -> None:
        self._ground()
        for stage in range(1, len(self.stages)):
            self._between(stage)
        for lane in self.lanes:
            self._strips(lane)
            self._bars(lane)
        self._quotas()
        for lane in self.lanes:
            self._words(lane)
        self._legend()

    def _ground(self) -> None:
        paper = self.paper
        paper.write(self.left - 12, TOP - 20, paper.say("picture_stages"), anchor="end", size=SMALL)
        for position, stage in enumerate(self.stages):
            paper.write(
                self.x(position) + Fraction(self.bar, 2), TOP - 20, str(stage.number), anchor="middle", size=SMALL
            )
        paper.line(f"M0 {TOP - 10}H{px(self.end)}", width="1.5", opacity="0.9")
        for lane in self.lanes:
            paper.line(f"M{px(self.left)} {px(lane.foot)}H{px(self.right)}", opacity=FAINT)
        elected = len(paper.count.elected)
        if 0 < elected < len(self.lanes):
            y = self.lanes[elected - 1].foot + GAP - 4
            paper.line(f"M0 {px(y)}H{px(self.end)}", opacity="0.9")

    def _between(self, stage: int) -> None:
        """Draw what moved in a stage: ribbons from each giver, one shape for all of them."""
        moves = [move for move in self.stages[stage].transfers if move.target != LOST]
        given: dict[int, Fraction] = {}
        for move in self.stages[stage].transfers:
            given[move.source] = given.get(move.source, Fraction(0)) + Fraction(move.votes)
        for lane in self.lanes:
            lane.kept.append(lane.votes[stage - 1] - given.get(lane.who, Fraction(0)))
        arrived = {lane.who: lane.kept[stage - 1] for lane in self.lanes}
        starts: dict[tuple[int, int], Fraction] = {}
        for source in sorted(given):
            y = self.high(self.of[source], self.of[source].votes[stage - 1])
            for move in self._from(moves, source):
                starts[source, self._to(move)] = y
                y += Fraction(move.votes) * self.scale
        # Who gives from further below arrives first, right above what was kept: ribbons cross as little as they can.
        for source in sorted(given, key=lambda one: -self.place[one]):
            steps, told = [], []
            for move in self._from(moves, source):
                target = self.of[self._to(move)]
                arrived[target.who] += Fraction(move.votes)
                end = self.high(target, arrived[target.who])
                thick = max(Fraction(move.votes) * self.scale, THINNEST)
                steps.append(self._ribbon(stage, starts[source, target.who], end, thick))
                who = self.paper.say("sheet_non_transferable") if target.who == NOBODY else self.paper.name(target.who)
                told.append(f"{who} {self.paper.figure(move.votes)}")
            title = f"{self.stages[stage].number}: {self.paper.name(source)} → {', '.join(told)}"
            self.paper.path("moving", "".join(steps), MOVING, title)

    def _from(self, moves: Sequence[Transfer], source: int) -> list[Transfer]:
        return sorted((move for move in moves if move.source == source), key=lambda move: self.place[self._to(move)])

    def _to(self, move: Transfer) -> int:
        return NOBODY if move.target == NON_TRANSFERABLE else int(move.target)

    def _ribbon(self, stage: int, start: Fraction, end: Fraction, thick: Fraction) -> str:
        x, to = self.x(stage - 1) + self.bar, self.x(stage)
        half = (x + to) / 2
        return (
            f"M{px(x)} {px(start)}C{px(half)} {px(start)} {px(half)} {px(end)} {px(to)} {px(end)}v{px(thick)}"
            f"C{px(half)} {px(end + thick)} {px(half)} {px(start + thick)} {px(x)} {px(start + thick)}z"
        )

    def _strips(self, lane: _Lane) -> None:
        """Draw what a candidate keeps from each stage to the next."""
        gap = self.pitch - self.bar
        steps = [
            f"M{px(self.x(stage) + self.bar)} {px(self.high(lane, kept))}h{gap}V{px(lane.foot)}h-{gap}z"
            for stage, kept in enumerate(lane.kept)
            if kept * self.scale >= Fraction(1, 10)
        ]
        self.paper.path("kept", "".join(steps), FAINTEST)

    def _bars(self, lane: _Lane) -> None:
        since = self.paper.elected_in.get(lane.who, len(self.stages) + 1)
        kinds: dict[str, list[str]] = {"continuing": [], "elected": []}
        for position, votes in enumerate(lane.votes):
            if votes:
                y = self.high(lane, max(votes, THINNEST / self.scale))
                box = f"M{px(self.x(position))} {px(y)}h{self.bar}V{px(lane.foot)}h-{self.bar}z"
                kinds["elected" if self.stages[position].number >= since else "continuing"].append(box)
        if lane.who == NOBODY:
            self.paper.hatched("".join(kinds["continuing"]))
            return
        self.paper.path("continuing", "".join(kinds["continuing"]), HALF)
        self.paper.path("elected", "".join(kinds["elected"]), SOLID)

    def _quotas(self) -> None:
        """Draw the quota in the lanes of those who come near it."""
        steps = [
            f"M{px(self.x(position) - 5)} {px(self.high(lane, quota))}h{self.bar + 10}"
            for lane in self.lanes
            for position, quota in self._quotas_of(lane).items()
        ]
        if steps:
            self.paper.line("".join(steps), opacity="0.9", dashes="3 3")

    def _quotas_of(self, lane: _Lane) -> dict[int, Fraction]:
        """Give the quotas to show in a lane, by stage: where somebody comes near, and as long as they have votes."""
        found = {}
        for position, stage in enumerate(self.stages):
            quota = Fraction((stage.quota if stage.quota is not None else self.paper.count.quota) or 0)
            if lane.who != NOBODY and lane.votes[position] and max(lane.votes) >= quota * Fraction(3, 4):
                found[position] = quota
        return found

    def _words(self, lane: _Lane) -> None:
        """Write the name before a lane, what became of it behind, and votes and marks at its bars."""
        paper = self.paper
        elected = lane.who in paper.elected_in
        name = paper.say("sheet_non_transferable") if lane.who == NOBODY else paper.short(lane.who)
        paper.write(self.left - 12, lane.foot - 3, name, anchor="end", strong=elected)
        if lane.who != NOBODY:
            paper.write(self.right + 26, lane.foot - 3, self.outcome(lane), strong=elected)
        for position, votes in enumerate(lane.votes):
            stage = self.stages[position]
            x = self.x(position) + Fraction(self.bar, 2)
            if lane.who in stage.elected:
                paper.tick(self._beside(position), lane.foot - 3)
            if lane.who in stage.excluded:
                at = position if votes or not position else position - 1
                paper.cross(self._beside(at), lane.foot - 8)
            if self.pitch > 46 and votes and (not position or votes != lane.votes[position - 1]):
                shown = stage.non_transferable if lane.who == NOBODY else stage.votes[lane.who]
                paper.write(x, lane.foot + 12, paper.figure(Decimal(shown)), anchor="middle", size=SMALL)

    def _beside(self, position: int) -> Pixels:
        return self.x(position) + self.bar + 11

    def _legend(self) -> None:
        paper = self.paper
        items = [
            ("continuing", paper.say("picture_continuing")),
            ("elected", paper.say("picture_elected")),
            ("moving", paper.say("picture_moving")),
        ]
        if NOBODY in self.of:
            items.append(("nobody", paper.say("sheet_non_transferable")))
        items += [("quota", paper.say("picture_quota")), ("cross", paper.say("picture_excluded"))]
        paper.width = self.end + 4
        paper.height = paper.legend(self.left, self.bottom + 34, items, max(paper.width, self.left + 420))
        paper.width = max(paper.width, self.left + 420)
