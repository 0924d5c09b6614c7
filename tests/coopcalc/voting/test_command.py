"""Counting as an outsider does: from a terminal, with nothing but Python."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coopcalc.voting import Part
from coopcalc.voting import __main__ as command
from tests.coopcalc.test_register_verify import golden

SOURCE = Path(__file__).parents[3] / "src"
START = f"import runpy, sys; sys.path.insert(0, {str(SOURCE)!r}); "
COMMAND = [sys.executable, "-I", "-S", "-c", START + "runpy.run_module('coopcalc.voting', run_name='__main__')"]
BOARD = """5 3
16 1 3 0
13 2 3 4 0
4 3 5 0
7 4 0
7 5 0
1 0
0
"Anna "An" Maes"
"Bert"
"Cé"
"Dora"
"Emma"
"Board of the bakery"
"""


@pytest.fixture
def board(tmp_path: Path) -> Path:
    path = tmp_path / "board.blt"
    path.write_text(BOARD, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a Python that sees neither site-packages nor our environment, only the source folder."""
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, Any]:
    code = command.main([str(argument) for argument in arguments])
    written = capsys.readouterr()

    def parsed(text: str) -> Any:
        return json.loads(text) if text.startswith("{") else text

    return code, parsed(written.out), parsed(written.err)


def test_counting_needs_no_more_than_python(board: Path) -> None:
    done = run("count", "--rule", "stv-scottish", "--seats", "3", "--lot", "2026", board)
    assert (done.returncode, done.stderr) == (0, "")
    golden("voting-count.json", json.dumps(json.loads(done.stdout), ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("is_pipe", [True, False])
def test_papers_come_through_standard_input(board: Path, tmp_path: Path, *, is_pipe: bool) -> None:
    """A pipe can't be rewound, a file that the shell opened can: both are counted, both tell the line."""
    words = [*COMMAND, "count", "--rule", "stv-scottish", "--lot", "2026", "-"]
    spoilt = tmp_path / "spoilt.blt"
    spoilt.write_text(BOARD.replace("7 4 0", "7 4"), encoding="utf-8")
    answers = []
    for path in (board, spoilt):
        with path.open("rb") as file:
            piped: dict[str, Any] = {"input": file.read()} if is_pipe else {"stdin": file}
            answers.append(subprocess.run(words, capture_output=True, timeout=60, check=False, **piped))
    counted, refused = answers
    from_file = run("count", "--rule", "stv-scottish", "--lot", "2026", board)
    assert (counted.returncode, counted.stdout.decode()) == (0, from_file.stdout)
    told = json.loads(refused.stderr)
    assert (refused.returncode, told["code"], told["line"], told["path"]) == (2, "paper_unended", 5, "-")


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_count_sheet(board: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    code, out, err = call(
        capsys, "count", "--rule", "stv-scottish", "--lot", "2026", "--format", "text", "--language", language, board
    )
    assert (code, err) == (0, "")
    golden(f"voting-sheet-{language}.txt", out)


def test_the_promised_keys(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "count", "--rule", "stv-scottish", "--lot", "2026", board)
    assert code == 0
    assert {"rule", "seats", "quota", "candidates", "elected", "stages", "ties"} <= out.keys()
    promised = {"stage", "votes", "non_transferable", "lost", "elected", "excluded", "transfers", "because"}
    assert all(promised <= stage.keys() for stage in out["stages"])
    assert out["stages"][0]["votes"] == {
        "1": "16.00000",
        "2": "13.00000",
        "3": "4.00000",
        "4": "7.00000",
        "5": "7.00000",
    }
    assert out["candidates"][0] == 'Anna "An" Maes'


def test_a_result_verifies_and_a_changed_one_does_not(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _code, told, _err = call(capsys, "count", "--rule", "stv-scottish", "--lot", "2026", board)
    result = tmp_path / "result.json"

    def verified(changed: Any, *arguments: str) -> tuple[int, list[str]]:
        result.write_text(json.dumps(changed), encoding="utf-8")
        code, out, _err = call(capsys, "verify", result, board, *arguments)
        assert out["ok"] == (code == 0)
        return code, [finding["what"] for finding in out["findings"]]

    assert verified(told) == (0, [])
    assert verified(told, "--rule", "stv-scottish", "--seats", "3", "--lot", "2026") == (0, [])
    assert verified({**told, "elected": [1, 2, 5]}) == (1, ["elected"])
    assert verified({**told, "quota": "11"}) == (1, ["quota"])
    assert verified({**told, "seats": 2}) == (1, ["seats"])
    assert verified({**told, "lot": {"seed": "2027", "item": ""}})[0] == 1
    assert verified(told, "--lot", "2027")[0] == 1
    stage = {**told["stages"][1], "votes": {**told["stages"][1]["votes"], "4": "8.00000"}}
    assert verified({**told, "stages": [told["stages"][0], stage, *told["stages"][2:]]}) == (1, ["votes 4"])
    assert verified({**told, "stages": told["stages"][:1]}) == (1, ["stages"])
    assert verified({**told, "ties": []}) == (1, ["ties"])


def test_more_papers_than_were_counted_are_found(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _code, told, _err = call(capsys, "count", "--rule", "stv-scottish", "--lot", "2026", board)
    result = tmp_path / "result.json"
    result.write_text(json.dumps(told), encoding="utf-8")
    board.write_text(BOARD.replace("7 5 0", "8 5 0"), encoding="utf-8")
    code, out, _err = call(capsys, "verify", result, board)
    assert code == 1
    assert out["findings"][0]["what"] == "valid"
    assert out["findings"][0]["claimed"] == "47"
    assert out["findings"][0]["counted"] == "48"


def test_any_spoilt_result_is_verified_or_refused(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Values swapped for others anywhere in a result: it is refused, or differences are found; never a traceback."""
    _code, told, _err = call(capsys, "count", "--rule", "stv-scottish", "--lot", "2026", board)
    result = tmp_path / "result.json"
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    others = [None, "", "x", -1, 10**20, "1E+999999999", "NaN", [], {}, True, 1.5, "\ud800", deep, [[1]], {"a": deep}]
    dice = random.Random(2)
    codes = []
    for _ in range(400):
        spoilt = json.loads(json.dumps(told))
        place, key = dice.choice(list(places(spoilt)))
        place[key] = dice.choice(others)
        result.write_text(json.dumps(spoilt), encoding="utf-8")
        codes.append(call(capsys, "verify", result, board)[0])
    assert set(codes) == {0, 1, 2}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a JSON value: what holds it, and its key or index."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "[" * 100_000, '{"rule": 1}', "\xff", '{"rule": "stv-scottish", "seats": "3"}', "1e999"],
)
def test_what_is_no_result_is_refused(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    result = tmp_path / "result.json"
    result.write_bytes(text.encode("latin-1"))
    code, out, err = call(capsys, "verify", result, board)
    assert (code, out, err["path"]) == (2, "", str(result))
    assert err["code"] in ("result_malformed", "json_malformed")


def test_a_refusal_is_told_with_code_line_and_path(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(BOARD.replace("7 4 0", "7 4 9 0"), encoding="utf-8")
    code, out, err = call(capsys, "count", "--rule", "stv-scottish", board, "--language", "nl")
    assert (code, out) == (2, "")
    assert err == {
        "code": "candidate_unknown",
        "message": "Er is geen kandidaat 9: de nummers gaan van 1 tot 5.",
        "line": 5,
        "path": str(board),
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "arguments_refused"),
        (("count", "--rule", "stv-scottish", "\udc80.blt"), "file_unreadable"),
        (("count",), "arguments_refused"),
        (("count", "--rule", "guessing", "x.blt"), "arguments_refused"),
        (("count", "--rule", "stv-scottish", "nowhere.blt"), "file_unreadable"),
        (("count", "--rule", "stv-scottish", "."), "file_unreadable"),
        (("verify", "nowhere.json", "nowhere.blt"), "file_unreadable"),
        (("lot", "nowhere.json"), "file_unreadable"),
    ],
)
def test_refused_arguments(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str) -> None:
    exit_code, out, err = call(capsys, *arguments)
    assert (exit_code, out, err["code"]) == (2, "", code)


def test_no_seats_and_a_lot_that_is_needed(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "count", "--rule", "stv-scottish", board, "--seats", "0")[2]["code"] == "seats_none"
    assert call(capsys, "count", "--rule", "stv-scottish", board, "--lot", "\udc80")[2]["code"] == "lot_malformed"
    board.write_text('2 1\n3 1 0\n3 2 0\n0\n"A"\n"B"\n"Chair"\n', encoding="utf-8")
    assert call(capsys, "count", "--rule", "stv-scottish", board)[2]["code"] == "lot_needed_exclusion"


def test_a_draw_by_hand(board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text('3 1\n3 1 0\n3 2 0\n1 3 0\n0\n"A"\n"B"\n"C"\n"Chair"\n', encoding="utf-8")
    drawn = tmp_path / "drawn.json"
    drawn.write_text('{"drawn": ["B", "A"], "tellers": ["Noor", "Piet"]}', encoding="utf-8")
    code, told, _err = call(capsys, "count", "--rule", "stv-scottish", board, "--drawn", drawn)
    assert (code, told["elected"]) == (0, [2])
    assert told["lot"] == {"drawn": ["B", "A"], "tellers": ["Noor", "Piet"]}
    result = tmp_path / "result.json"
    result.write_text(json.dumps(told), encoding="utf-8")
    assert call(capsys, "verify", result, board)[0] == 0
    drawn.write_text('{"drawn": ["B"]}', encoding="utf-8")
    assert call(capsys, "count", "--rule", "stv-scottish", board, "--drawn", drawn)[2]["code"] == "draw_incomplete"
    for malformed in ("[]", '{"drawn": [1]}', '{"drawn": "AB"}'):
        drawn.write_text(malformed, encoding="utf-8")
        assert call(capsys, "count", "--rule", "stv-scottish", board, "--drawn", drawn)[2]["code"] == "lot_malformed"


def test_what_is_no_text_is_told_escaped(board: Path, tmp_path: Path) -> None:
    """A teller's name that is half a character comes back as it was given; nothing ends in a traceback."""
    drawn = tmp_path / "drawn.json"
    drawn.write_text(r'{"drawn": ["Dora", "Emma"], "tellers": ["\ud800"]}', encoding="utf-8")
    done = run("count", "--rule", "stv-scottish", "--drawn", drawn, board)
    assert done.returncode == 0
    assert json.loads(done.stdout)["lot"]["tellers"] == ["\ud800"]
    refused = run("count", "--rule", "stv-scottish", "--lot", "\udcff", board)
    assert (refused.returncode, json.loads(refused.stderr)["code"]) == (2, "lot_malformed")


def test_a_seed_from_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [Part("Noor", "s1", "river"), Part("Amina", "s2", "bread")]
    told = {
        "parts": [{"name": part.name, "salt": part.salt, "part": part.part} for part in parts],
        "commitments": {part.name: part.commitment() for part in parts},
    }
    path = tmp_path / "parts.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    code, out, _err = call(capsys, "lot", path)
    # printf 'bread\nriver' | sha256sum
    assert (code, out["seed"]) == (0, "ac6ce3e82b0d2278da450f562648798248d7a89899c8dd2909cd39bdc1cf2e83")
    told["parts"][0]["part"] = "lake"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert call(capsys, "lot", path)[2]["code"] == "part_differs"
    path.write_text("{}", encoding="utf-8")
    assert call(capsys, "lot", path)[2]["code"] == "parts_malformed"
