"""A sheet as it was read: rows of plain cells under the line numbers that people see, and which cells were merged."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

Cell = str | int | Decimal | dt.date | None
"""What a cell holds: text, a number (never a float), a date, or nothing."""

LOOKED_AT: Final = 40
"""In how many of the first rows a header is looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its line number in the sheet, the first being 1."""

    line: int
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Cell:
        """Return the cell of a column, or nothing beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else None

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in the row."""
        return all(is_blank(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block: lines and columns, both ends included; columns count from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name, with the rows that hold something."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    lookup: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def row(self, line: int) -> Row | None:
        """Return the row of a line, or None where the line is empty."""
        if not self.lookup and self.rows:
            self.lookup.update({row.line: place for place, row in enumerate(self.rows)})
        place = self.lookup.get(line)
        return None if place is None else self.rows[place]

    @property
    def width(self) -> int:
        """Return the number of columns in use."""
        return max((len(row.cells) for row in self.rows), default=0)

    def filled_down(self) -> dict[tuple[int, int], Cell]:
        """Return what merged blocks say about the cells below their first: (line, column) to the value above."""
        found: dict[tuple[int, int], Cell] = {}
        for merge in self.merges:
            first = self.row(merge.top)
            value = None if first is None else first.at(merge.left)
            if merge.bottom > merge.top and not is_blank(value):
                for line in range(merge.top + 1, merge.bottom + 1):
                    found[line, merge.left] = value
        return found


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing, or white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """Write a cell as a person would read it: dates day first, numbers plainly, text on one line."""
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return f"{cell.day:02d}-{cell.month:02d}-{cell.year:04d}"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell else "0"
    return " ".join(str(cell).split())


def trimmed(lines: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[Row]:
    """Make rows of cells under their line numbers: blank rows are left out, and blank ends of rows."""
    for line, cells in lines:
        end = len(cells)
        while end and is_blank(cells[end - 1]):
            end -= 1
        if end:
            yield Row(line, tuple(cells[:end]))


def to_json(sheets: Sequence[Sheet]) -> str:
    """Write sheets so that `from_json` reads the same again: a number is `["n", …]`, a date `["d", …]`."""
    return json.dumps(
        [
            {
                "name": sheet.name,
                "hidden": sheet.is_hidden,
                "merges": [[m.top, m.bottom, m.left, m.right] for m in sheet.merges],
                "rows": [[row.line, *map(_packed, row.cells)] for row in sheet.rows],
            }
            for sheet in sheets
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _packed(cell: Cell) -> Any:
    if isinstance(cell, dt.date):
        return ["d", cell.isoformat()]
    if isinstance(cell, int | Decimal):
        return ["n", str(cell)]
    return cell


def from_json(text: str) -> tuple[Sheet, ...]:
    """Read back what `to_json` wrote."""
    return tuple(
        Sheet(
            told["name"],
            tuple(Row(line, tuple(map(_unpacked, cells))) for line, *cells in told["rows"]),
            tuple(Merge(*merge) for merge in told["merges"]),
            told["hidden"],
        )
        for told in json.loads(text)
    )


def _unpacked(cell: Any) -> Cell:
    if isinstance(cell, list):
        kind, value = cell
        if kind == "d":
            return dt.date.fromisoformat(value)
        return int(value) if value.lstrip("-").isdecimal() else Decimal(value)
    return cell if cell is None else str(cell)
