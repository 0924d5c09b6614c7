"""The count sheet: of every rule, in every language, aligned; and every result verifies."""

import json

import pytest

from coopcalc.voting import LANGUAGES, RULES, Constraint, Count, Election, Seeded, as_json, count, from_json
from coopcalc.voting.sheet import pad, sheet, width
from coopcalc.voting.verify import verify
from tests.coopcalc.voting.elections import election

PAPERS = "16 Anna Cé; 13 Bert Cé Dora; 4 Cé Emma; 7 Dora; 7 Emma; 3 Fatima"


def board() -> Election:
    return election(PAPERS, seats=3, title="Board of the bakery")


@pytest.fixture(params=sorted(RULES))
def counted(request: pytest.FixtureRequest) -> Count:
    return count(board(), request.param, lot=Seeded("2026"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_every_rule_has_straight_columns(counted: Count, language: str) -> None:
    lines = sheet(counted, language).splitlines()
    assert lines[0] == "Board of the bakery"
    rows = [line for line in lines if " │ " in line or "─┼─" in line]
    assert len(rows) >= (0 if counted.rule == "schulze" else 8)
    for line in rows:
        # The first column ends at the same place everywhere.
        assert line[rows[2].index("┼")] in "│┼"
    for name in counted.candidates:
        assert any(line.startswith(f"{counted.candidates.index(name) + 1} {name}") for line in lines)
    assert [line.split(". ")[1] for line in lines if line[:3].strip().isdigit() and line[3:5] == ". "] == [
        counted.candidates[number - 1] for number in counted.elected
    ]


def test_a_result_of_every_rule_verifies(counted: Count) -> None:
    kept = from_json(json.loads(json.dumps(as_json(counted, "nl"))))
    found = verify(kept, board())
    assert found.findings == ()
    assert found.believed == ("rule", "lot", "agreed")


@pytest.mark.parametrize("rule", ["stv-scottish", "stv-meek", "approval", "plurality"])
def test_reserved_seats_stand_on_the_sheet_and_verify(rule: str) -> None:
    reserved = [Constraint("region", "north", least=1)]
    traits = {"Fatima": {"region": "north"}, "Emma": {"region": "north"}}
    counted = count(board().with_traits(traits), rule, lot=Seeded("2026"), constraints=reserved)
    assert set(counted.elected) & {5, 6}
    assert "Voorbehouden zetels: region north: min. 1" in sheet(counted, "nl")
    assert "I. D. Hill" in sheet(counted, "nl")
    kept = from_json(json.loads(json.dumps(as_json(counted))))
    assert kept.constraints == [{"trait": "region", "value": "north", "least": 1, "most": None, "candidates": [5, 6]}]
    assert verify(kept, board()).findings == ()


def test_columns_of_wide_and_of_combining_characters() -> None:
    assert width("Cé") == width("Ce\u0301") == 2
    assert width("陳") == 2
    assert pad("陳大文", 5) == "陳大…"
    assert pad("An", 4) == "An  "
