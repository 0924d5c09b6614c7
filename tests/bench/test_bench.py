"""`make bench` measures what it says: tried small, on a real installation."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figures import LEAST, Figure, percentile, table, write
from bench.machine import ROOT, environment
from bench.people import Browser, at_once
from tests.launch.conftest import free_port


def test_a_figure_knows_whether_it_holds(tmp_path: Path) -> None:
    """A bound is the most or the least that may be; a figure without one is information; ties hold."""
    figures = [
        Figure("fast", 3.0, "s", bound=3, peer="plain", peer_value=1.5),
        Figure("many", 29.9, "a second", bound=30, side=LEAST),
        Figure("told", 7, "s"),
    ]
    assert [figure.holds for figure in figures] == [True, False, None]
    assert figures[0].ratio == 2.0
    write(figures, tmp_path / "bench.json")
    told = json.loads((tmp_path / "bench.json").read_text())
    assert {"name", "value", "unit", "bound", "peer", "peer_value", "ratio", "cores", "data"} <= told[0].keys()
    assert told[2]["bound"] is None
    text = table(figures).splitlines()
    assert "MISSED" in text[2]
    assert len({line.index("≤") if "≤" in line else line.index("≥") for line in text[1:3]}) == 1


def test_percentiles() -> None:
    """Of a hundred, ninety-five are as fast or faster."""
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([1.0, 2.0], 0.5) == 1.0


def test_a_failing_page_is_no_fast_page() -> None:
    """Nobody answers: the figure is an error, not a short time."""
    with pytest.raises(RuntimeError):
        at_once([Browser(free_port()) for _ in range(2)], lambda dice: f"/{dice.random()}", 1)
    assert random.Random(1).random() == random.Random(1).random()


@pytest.mark.exhaustive
def test_the_whole_of_it_small(tmp_path: Path) -> None:
    """Three hundred members: every part but the fresh clone runs, signs twenty people in, and writes its figures."""
    parts = ("register", "verify", "rest", "admissions", "web", "offer", "import", "backup")
    out = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--members", "300", "--rows", "100", "--out", str(out), "--only", *parts],
        env=environment(),
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    told = {figure["name"]: figure for figure in json.loads(out.read_text())}
    assert told["memory at rest, all processes"]["value"] > 50
    assert told["member page, 20 people reading"]["unit"] == "ms p95"
    assert told["import"]["data"].startswith("a spreadsheet of 100 rows")
    assert all(figure["value"] > 0 for figure in told.values())
