"""What docs/how-it-works/deciding.md shows is what comes out; COOPWERF_GOLDEN=write writes it there."""

import json
import os
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from coopcalc import assembly
from coopcalc.assembly import NoticeRule
from coopcalc.assembly import __main__ as command

PAGE = Path(__file__).parents[2] / "docs" / "how-it-works" / "deciding.md"
QUESTION = re.compile(r"```json\n(?P<asked>.*?)```\n\n```text\n(?P<told>.*?)```\n", re.DOTALL)
COMMAND = re.compile(r"```console\n\$ python -m coopcalc\.assembly (?P<line>[^\n]*)\n(?P<told>.*?)```\n", re.DOTALL)
ROW = re.compile(
    r"^\| (?P<meeting>\d+ \w+ \d{4})[^|]*\| (?P<latest>\d+ \w+ \d{4}) \| (?P<first>[^|]*?) to (?P<last>[^|]*?) \|$"
)
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"]


def answered(match: re.Match[str]) -> str:
    """Return a question with what comes out of it."""
    text = assembly.as_text(assembly.decide(assembly.parse(match["asked"].encode())))
    return f"```json\n{match['asked']}```\n\n```text\n{text}```\n"


def test_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Every question under its working, every command over its answer."""

    def ran(match: re.Match[str]) -> str:
        command.main(shlex.split(match["line"]))
        lines = json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False, indent=1)
        return f"```console\n$ python -m coopcalc.assembly {match['line']}\n{lines}\n```\n"

    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```json") == len(QUESTION.findall(page)) > 8
    assert page.count("```console") == len(COMMAND.findall(page)) == 2
    expected = COMMAND.sub(ran, QUESTION.sub(answered, page))
    if os.environ.get("COOPWERF_GOLDEN") == "write":
        PAGE.write_text(expected, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == expected


def read(text: str, year: int) -> date:
    """Read a date as the table writes it."""
    number, month, *rest = text.split()
    return date(int(rest[0]) if rest else year, [*MONTHS, "December"].index(month) + 1, int(number))


def test_dates_of_the_table() -> None:
    """Fifteen clear days, row by row."""
    rule, rows = NoticeRule(15), 0
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if row is None:
            continue
        rows += 1
        meeting, latest = read(row["meeting"], 0), read(row["latest"], 0)
        assert rule.latest_sending(meeting) == latest, line
        last = read(row["last"], meeting.year)
        month = row["first"] if " " in row["first"] else f"{row['first']} {last:%B}"
        assert rule.first_and_last(latest, meeting) == (read(month, latest.year), last), line
    assert rows == 6


def test_figures_in_the_text() -> None:
    """What the text says of the two readings of a tenth, and of nine voters."""
    page = PAGE.read_text(encoding="utf-8")
    assert "700 votes, so 70. After capping, 340 votes take part" in page
    assert "11 of 19 is more than half" in page
    assert 475 == 400 + 3 * 25
    rule = {"unit": "share", "base": "present", "threshold": "1/2", "strict": True}
    nine = [{"id": number, "shares": number + 1, "vote": "for"} for number in range(9)]
    asked = {"rule": {**rule, "cap": {"fraction": "1/10", "of": "after_cap"}}, "holders": nine}
    assert assembly.decide(assembly.parse(json.dumps(asked).encode())).whole.base == 0


def test_keys_of_the_table_are_the_keys_of_a_rule() -> None:
    """The page names every key that a rule has, and no other."""
    table = PAGE.read_text(encoding="utf-8").split("## A rule is data")[1].split("##")[0]
    named = {
        key
        for line in table.splitlines()
        if line.startswith("| `")
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert named == set(assembly.rules.as_json(assembly.preset("be-ordinary").rule))
