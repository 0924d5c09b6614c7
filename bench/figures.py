"""A figure: what was measured, what it should be, and what a plain peer takes for the same on this machine."""

import dataclasses
import json
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

MOST: Literal["most"] = "most"
LEAST: Literal["least"] = "least"


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure; `bound` None for what is told as information only. `side`: may it be so much at most, or at least."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    side: Literal["most", "least"] = MOST
    peer: str = ""
    peer_value: float | None = None
    data: str = ""

    @property
    def holds(self) -> bool | None:
        """Tell whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        return self.value <= self.bound if self.side == MOST else self.value >= self.bound

    @property
    def ratio(self) -> float | None:
        """Return how many times the peer's figure ours is."""
        return round(self.value / self.peer_value, 3) if self.peer_value else None

    def as_dict(self) -> dict[str, object]:
        """Return what bench.json holds."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "bound": self.bound,
            "peer": self.peer or None,
            "peer_value": None if self.peer_value is None else round(self.peer_value, 3),
            "ratio": self.ratio,
            "cores": cores(),
            "data": self.data,
            "holds": self.holds,
        }


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time that this share of all stays below or at."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def write(figures: Iterable[Figure], file: Path) -> None:
    """Write bench.json."""
    file.write_text(json.dumps([figure.as_dict() for figure in figures], indent=1) + "\n", encoding="utf-8")


def table(figures: Iterable[Figure]) -> str:
    """Return a table for the terminal."""
    rows = [("", "value", "bound", "peer", "ratio", "")]
    marks = {True: "ok", False: "MISSED", None: ""}
    for figure in figures:
        sign = "≤" if figure.side == MOST else "≥"
        rows.append(
            (
                figure.name,
                f"{_short(figure.value)} {figure.unit}",
                "" if figure.bound is None else f"{sign} {_short(figure.bound)}",
                "" if figure.peer_value is None else f"{_short(figure.peer_value)} ({figure.peer})",
                "" if figure.ratio is None else f"{figure.ratio:.2f}",
                marks[figure.holds],
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")
