"""Bars: one stage. A row for each candidate, as long as their votes; a line where a seat begins."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from ..terms import Terms
from .paper import HALF, LINE, SOLID, Paper, px, room

ROW: Final = 32
BAR: Final = 18
LONGEST: Final = 420
TOP: Final = 12


def draw(paper: Paper) -> None:
    """Draw the only stage of a count."""
    stage = paper.count.stages[0]
    left = paper.labels_room()
    need = _needed(paper)
    most = Fraction(max([*stage.votes.values(), need, Decimal(1)]))
    outcomes = max([room(paper.outcome(one)) for one in paper.order], default=Fraction(0))
    figures = max(room(paper.figure(votes)) for votes in (need, *stage.votes.values()))
    through = paper.count.tables.get("through", ())
    behind = left + LONGEST + figures
    paper.width = behind + outcomes + 48
    y = TOP
    for place, one in enumerate(paper.order):
        if place and place in (len(paper.count.elected), len(paper.count.elected) + len(through)):
            paper.line(f"M0 {px(y - 1)}H{px(paper.width)}", width="1.5", opacity="0.9")
        votes = stage.votes[one]
        chosen = one in paper.elected_in or one in through
        foot = y + ROW // 2 + 5
        paper.write(left - 12, foot, paper.short(one), anchor="end", strong=chosen)
        if votes:
            long = LONGEST * Fraction(votes) / most
            steps = f"M{px(left)} {px(y + (ROW - BAR) // 2)}h{px(long)}v{BAR}h-{px(long)}z"
            paper.path("elected" if chosen else "continuing", steps, SOLID if chosen else HALF)
        paper.write(left + LONGEST * Fraction(votes) / most + 8, foot, paper.figure(votes), strong=chosen)
        if one in paper.elected_in:
            paper.tick(behind + 24, foot + 1)
        paper.write(behind + 38, foot, paper.outcome(one), strong=chosen)
        y += ROW
    paper.line(f"M{px(left)} {TOP}V{px(y)}", opacity=LINE)
    items = []
    if paper.count.elected or through:
        items.append(("elected", paper.say("picture_elected" if paper.count.elected else "picture_through")))
    if len(paper.order) > len(paper.count.elected) + len(through):
        items.append(("continuing", paper.say("picture_not_elected")))
    if need:
        at = left + LONGEST * Fraction(need) / most
        paper.line(f"M{px(at)} {TOP - 4}V{px(y + 2)}", opacity="0.9", dashes="3 3")
        items.append(("quota", paper.say("picture_needed", votes=paper.figure(need))))
    paper.height = paper.legend(left, y + 26, items, paper.width)


def _needed(paper: Paper) -> Decimal:
    """Give the votes that a seat needs; none where any number will do."""
    count = paper.count
    if count.quota is not None:
        return count.quota
    return Decimal(0 if count.terms is None else Terms.from_json(count.terms).votes_needed(count.valid))
