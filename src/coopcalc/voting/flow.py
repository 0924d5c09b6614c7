"""Take so many from the cells of a table that each row's and each column's number lies within its range.

A flow from the rows to the columns with bounds below and above, found by augmenting paths (Ford and Fulkerson, "Flows
in Networks", 1962). Whole numbers only.
"""

from collections import deque
from collections.abc import Hashable, Mapping
from typing import TypeVar

Range = tuple[int, int]
"""At least, at most."""

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

_Node = tuple[str, Hashable]

_SOURCE: _Node = ("source", None)
_SINK: _Node = ("sink", None)
_GIVER: _Node = ("giver", None)
_TAKER: _Node = ("taker", None)


def take(
    rows: Mapping[Row, Range],
    columns: Mapping[Column, Range],
    cells: Mapping[tuple[Row, Column], int],
    total: int,
) -> dict[tuple[Row, Column], int] | None:
    """Say how many to take from each cell, `total` in all, within the ranges of rows and columns; None if none can."""
    if any(least > most for least, most in [*rows.values(), *columns.values()]):
        return None
    room: dict[_Node, dict[_Node, int]] = {}
    wanted = 0

    def pipe(start: _Node, end: _Node, least: int, most: int) -> None:
        """Lay a pipe; what must flow through it at least is owed by the giver and to the taker."""
        nonlocal wanted
        _add(room, start, end, most - least)
        if least:
            _add(room, _GIVER, end, least)
            _add(room, start, _TAKER, least)
            wanted += least

    for row, (least, most) in rows.items():
        pipe(_SOURCE, ("row", row), least, most)
    for column, (least, most) in columns.items():
        pipe(("column", column), _SINK, least, most)
    for (row, column), how_many in cells.items():
        pipe(("row", row), ("column", column), 0, how_many)
    pipe(_SINK, _SOURCE, total, total)
    while wanted:
        pushed = _push(room)
        if not pushed:
            return None
        wanted -= pushed
    # What flows through a pipe is what could flow back.
    return {(row, column): room["column", column]["row", row] for row, column in cells}


def _add(room: dict[_Node, dict[_Node, int]], start: _Node, end: _Node, how_much: int) -> None:
    forth = room.setdefault(start, {})
    forth[end] = forth.get(end, 0) + how_much
    room.setdefault(end, {}).setdefault(start, 0)


def _push(room: dict[_Node, dict[_Node, int]]) -> int:
    """Send as much as one shortest path from giver to taker lets through; 0 when there is no path left."""
    came_from: dict[_Node, _Node] = {_GIVER: _GIVER}
    waiting = deque([_GIVER])
    while waiting and _TAKER not in came_from:
        node = waiting.popleft()
        for following, left in room.get(node, {}).items():
            if left and following not in came_from:
                came_from[following] = node
                waiting.append(following)
    if _TAKER not in came_from:
        return 0
    path: list[tuple[_Node, _Node]] = []
    node = _TAKER
    while node != _GIVER:
        path.append((came_from[node], node))
        node = came_from[node]
    least = min(room[start][end] for start, end in path)
    for start, end in path:
        room[start][end] -= least
        room[end][start] += least
    return least
