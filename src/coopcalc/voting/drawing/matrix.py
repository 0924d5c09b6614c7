"""Who beats whom (Schulze): a dark square where the candidate of the row beats the candidate of the column."""

from fractions import Fraction
from typing import Final

from .paper import BEATS, SMALL, Paper, px, room

CELL: Final = 30


def draw(paper: Paper) -> None:
    """Draw the strongest paths; candidates in the order in which they come, so that the winners stand above."""
    tables = paper.count.tables
    ranks = [one for rank in tables["ranks"] for one in rank["candidates"]]
    order = [*paper.count.elected, *(one for one in ranks if one not in paper.elected_in)]
    place = {one: position for position, one in enumerate(tables["standing"], 1)}
    paths = tables["strongest_paths"]
    left = paper.labels_room()
    figures = max([room(cell, SMALL) for row in paths[1:] for cell in row[1:]], default=Fraction(0))
    cell = max(Fraction(CELL), figures + 10)
    top = max([room(paper.short(one), SMALL) for one in order], default=Fraction(0)) * Fraction(3, 4) + 20
    beats, equal = [], []
    for row, one in enumerate(order):
        y = top + row * CELL
        for column, other in enumerate(order):
            if one == other:
                continue
            forth, back = paths[place[one]][place[other]], paths[place[other]][place[one]]
            box = f"M{px(left + column * cell + 1)} {px(y + 1)}h{px(cell - 2)}v{CELL - 2}h-{px(cell - 2)}z"
            if int(forth) > int(back):
                beats.append(box)
            elif forth == back:
                equal.append(box)
    paper.path("beats", "".join(beats), BEATS)
    paper.hatched("".join(equal))
    for row, one in enumerate(order):
        y = top + row * CELL
        elected = one in paper.elected_in
        paper.write(left - 12, y + 20, paper.short(one), anchor="end", strong=elected)
        x = left + row * cell + cell / 2
        turned = f'transform="translate({px(x + 4)} {px(top - 8)}) rotate(-48)"'
        paper.add(f"<g {turned}>")
        paper.write(0, 0, paper.short(one), size=SMALL, strong=elected)
        paper.add("</g>")
        for column, other in enumerate(order):
            if one != other:
                told = paths[place[one]][place[other]]
                soft = int(told) <= int(paths[place[other]][place[one]])
                at = left + column * cell + cell / 2
                paper.write(at, y + 19, told, anchor="middle", size=SMALL, soft=soft)
        if row and row == len(paper.count.elected):
            paper.line(f"M0 {px(y)}H{px(left + len(order) * cell)}", width="1.5", opacity="0.9")
    items = [("beats", paper.say("picture_beats"))]
    if equal:
        items.append(("nobody", paper.say("picture_equal")))
    told = max(room(what, SMALL) for _kind, what in items)
    paper.width = max(left + len(order) * cell + top - 10, left + told + 40)
    paper.height = paper.legend(left, top + len(order) * CELL + 26, items, paper.width)
