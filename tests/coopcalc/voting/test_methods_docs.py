"""The worked examples in docs/how-it-works say what counting says."""

import re
from pathlib import Path

import pytest

from coopcalc.voting import Constraint, Seeded, Terms, count

from .small import board, elected

DOCS = Path(__file__).parents[3] / "docs" / "how-it-works"
EXAMPLE = re.compile(r"^```count ([^\n]*)\n(.*?)^```\n(.*?)(?=^```count|\Z)", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def examples() -> list[tuple[str, dict[str, str], str, list[list[list[str]]]]]:
    found = []
    for name in ("counting-meek", "counting-schulze", "counting-approval", "counting-reserved-seats"):
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        for told, papers, rest in EXAMPLE.findall(text):
            words = dict(word.split("=") for word in told.split())
            tables = [
                [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
                for table in TABLE.findall(rest)
            ]
            found.append((f"{name} {words['rule']}", words, papers, tables))
    return found


@pytest.mark.parametrize(("words", "papers", "tables"), [pytest.param(*one[1:], id=one[0]) for one in examples()])
def test_an_example_is_counted_as_it_is_told(words: dict[str, str], papers: str, tables: list[list[list[str]]]) -> None:
    terms = Terms(most=int(words["most"])) if "most" in words else None
    women = [name for name in words.get("women", "").split(",") if name]
    election = board(int(words["seats"]), papers).with_traits({name: {"gender": "f"} for name in women})
    reserved = [Constraint("gender", "f", least=int(words["least"]))] if women else None
    told = count(election, words["rule"], lot=Seeded("docs"), terms=terms, constraints=reserved)
    names = list(told.candidates)
    shown = 0
    for head, _line, *rows in tables:
        if head[0] in ("stage", "votes"):
            for row, stage in zip(rows, told.stages, strict=True):
                cells = dict(zip(head, row, strict=True))
                expected = {name: f"{stage.votes[names.index(name) + 1]:.2f}" for name in names}
                assert {name: f"{float(cells[name]):.2f}" for name in names} == expected
                assert cells["elected"].split() == [names[number - 1] for number in stage.elected]
                if "quota" in cells:
                    assert stage.quota is not None
                    assert cells["quota"] == f"{stage.quota:.2f}"
                    assert cells["non-transferable"] == f"{stage.non_transferable:.2f}"
                shown += 1
        elif head[0] in ("pairwise", "strongest paths"):
            table = told.tables[head[0].replace(" ", "_")]
            assert [row[1:] for row in rows] == [row[1:] for row in table[1:]]
            shown += 1
        elif head[0] == "seat":
            assert rows[0][1:] == list(elected(told))
            shown += 1
    assert shown >= 1
