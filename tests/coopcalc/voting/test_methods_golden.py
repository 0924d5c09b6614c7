"""Whole results and a whole picture, to the letter: what others have stored must stay what we would count."""

import json
from pathlib import Path

import pytest

from coopcalc.voting import Constraint, Count, Seeded, Terms, as_json, count, from_json
from coopcalc.voting.picture import picture

from .small import board
from .test_schulze import PAPER_OF_2011

GOLDEN = Path(__file__).parents[1] / "golden"
LOT = Seeded("3f2a", item="Board 2026")


def meek() -> Count:
    """Count an election with a surplus, an exclusion, a tie by lot and a guarded woman."""
    traits = [{"gender": word} for word in "mmmfmf"]
    papers = "9 A B C\n4 A D\n5 B\n4 C B\n2 D C\n2 E D\n3 F\n1 F D\n2 E"
    return count(board(3, papers, traits=traits), "stv-meek", lot=LOT, constraints=[Constraint("gender", "f", least=1)])


def schulze() -> Count:
    """Count the example of Schulze's paper for three seats."""
    return count(board(3, PAPER_OF_2011), "schulze", lot=LOT)


def approval() -> Count:
    """Count marks with invalid and blank papers and a tie for the last seat."""
    papers = "4 A B\n3 B C\n2 C\n1 A\n5 A B C D\n2"
    return count(board(2, papers), "approval", lot=LOT, terms=Terms(most=3))


@pytest.mark.parametrize("counted", [meek, schulze, approval], ids=lambda one: one.__name__)
def test_a_result_is_what_it_was(counted) -> None:  # type: ignore[no-untyped-def]
    told = as_json(counted(), "en")
    golden = json.loads((GOLDEN / f"voting-{counted.__name__}.json").read_text(encoding="utf-8"))
    assert told == golden
    # Reading it back and writing it again gives the same, without the sentences.
    assert as_json(from_json(golden)) == as_json(counted())


def test_a_picture_is_what_it_was() -> None:
    drawn = picture(meek(), "nl", ident="golden")
    assert f"{drawn.svg}\n{drawn.table}\n" == (GOLDEN / "voting-picture.html").read_text(encoding="utf-8")
