"""Deciding as an outsider runs it: from a terminal, with nothing but the standard library."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coopcalc.assembly import __main__ as command

SOURCE = Path(__file__).parents[2] / "src"
GOLDEN = Path(__file__).parent / "golden"

STATUTES = {
    "rule": {"preset": "be-classes", "on": "2026-05-30", "statutes": {"classes": {"agree": ["A", "B"]}}},
    "call": 1,
    "issued": {"A": 1200, "B": 300},
    "present": {"A": 800, "B": 200},
    "votes": {"A": {"for": 620, "against": 150, "abstain": 30}, "B": {"for": 130, "against": 60, "blank": 10}},
}


def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command in a Python that sees neither site-packages nor our environment, only the source folder."""
    start = f"import runpy, sys; sys.path.insert(0, {str(SOURCE)!r}); "
    code = start + "runpy.run_module('coopcalc.assembly', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *arguments], capture_output=True, input=data, timeout=60, check=False
    )


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, Any]:
    """Run the command in this process; return its exit code and what it wrote, as JSON where it is."""

    def read(text: str) -> Any:
        return json.loads(text) if text[:1] in ("{", "[") else text

    code = command.main([str(argument) for argument in arguments])
    written = capsys.readouterr()
    return code, read(written.out), read(written.err)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A question that is rejected by one class."""
    path = tmp_path / "question.json"
    path.write_text(json.dumps(STATUTES))
    return path


def golden(name: str, text: str) -> None:
    """Compare with a kept file; COOPWERF_GOLDEN=write keeps what is given instead."""
    path = GOLDEN / name
    if os.environ.get("COOPWERF_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_without_anything_but_python(file: Path) -> None:
    """A rejected motion is no finding: exit 0. The same question on standard input gives the same bytes."""
    done = run("decide", str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert found["adopted"] is False
    assert list(found) == [
        "adopted",
        "quorum",
        "base",
        "needed",
        "for",
        "missing",
        "missing_added",
        "excess",
        "per_class",
        "casting",
        "rule",
        "working",
    ]
    assert run("decide", "-", data=file.read_bytes()).stdout == done.stdout


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_working_in_sentences(language: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a member reads it."""
    code, text, _ = call(capsys, "decide", file, "--format", "text", "--language", language)
    assert code == 0
    golden(f"decided.{language}.txt", text)


def test_the_json_as_it_is_kept(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stable, to the letter."""
    _, found, _ = call(capsys, "decide", file)
    golden("decided.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def test_a_verdict_that_holds(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In whatever language it was told."""
    for language in ("en", "nl", "fr"):
        _, found, _ = call(capsys, "decide", file, "--language", language)
        result = tmp_path / "result.json"
        result.write_text(json.dumps(found))
        assert call(capsys, "verify", result, file) == (0, {"ok": True, "adopted": False}, "")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda told: told.update(adopted=True), "adopted"),
        (lambda told: told.update(adopted=0), "adopted"),
        (lambda told: told.update({"for": "751"}), "for"),
        (lambda told: told.update({"for": 750}), "for"),
        (lambda told: told["quorum"].update(met="true"), "quorum.met"),
        (lambda told: told["per_class"]["B"].update(missing="0"), "per_class.B.missing"),
        (lambda told: told["per_class"].pop("B"), "per_class.B"),
        (lambda told: told["per_class"].update(C={}), "per_class.C"),
        (lambda told: told.update(signed="by me"), "signed"),
        (lambda told: told["working"].pop(), "working[24]"),
        (lambda told: told["working"][0].update(text="All is well. \ud800"), "working[0].text"),
        (lambda told: told["working"][0]["facts"].update(article="6:99"), "working[0].facts.article"),
        (lambda told: told["rule"].update(threshold="1/2"), "rule.threshold"),
        (lambda told: told.update(missing=1.5), "missing"),
    ],
)
def test_a_verdict_that_was_changed(
    change: Any, path: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it claims is compared, never trusted: exit 1, with the place."""
    _, found, _ = call(capsys, "decide", file)
    change(found)
    result = tmp_path / "result.json"
    result.write_text(json.dumps(found))
    code, told, _ = call(capsys, "verify", result, file, "--language", "nl")
    assert (code, told["ok"], told["findings"]) == (1, False, 1)
    assert told["found"][0]["path"] == path
    assert path in told["found"][0]["message"]


def test_a_verdict_of_another_question(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Something else altogether differs everywhere."""
    result = tmp_path / "result.json"
    result.write_text("{}")
    code, told, _ = call(capsys, "verify", result, file)
    assert (code, told["findings"]) == (1, 12)


@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        ((), "arguments_refused", None),
        (("count",), "arguments_refused", None),
        (("decide",), "arguments_refused", None),
        (("decide", "nowhere.json"), "file_unreadable", None),
        (("decide", "."), "file_unreadable", None),
        (("decide", "a\0b"), "file_unreadable", None),
        (("verify", "-", "-"), "stdin_twice", None),
        (("notice",), "one_of", None),
        (("notice", "--meeting", "2026-06-20"), "one_of", "days"),
        (("notice", "--meeting", "2026-06-31", "--days", "15"), "date_expected", "meeting"),
        (("notice", "--meeting", "20260620", "--days", "15"), "date_expected", "meeting"),
        (("notice", "--sent", "0001-01-01", "--days", "15"), "date_expected", "sent"),
        (("notice", "--sent", "9999-12-30", "--days", "15"), "date_out_of_bounds", "sent"),
        (("notice", "--sent", "2026-06-20", "--days", "-1"), "number_negative", "days"),
        (("notice", "--sent", "2026-06-20", "--days", "1.5"), "whole_expected", "days"),
        (("notice", "--sent", "2026-06-20", "--days", "100000"), "days_out_of_bounds", "days"),
        (("notice", "--sent", "2026-06-20", "--preset", "be-nothing"), "preset_unknown", None),
        (
            ("notice", "--sent", "2026-06-20", "--meeting", "2026-06-19", "--days", "1"),
            "meeting_before_notice",
            "meeting",
        ),
        (("presets", "--on", "yesterday"), "date_expected", "on"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_refusals_on_the_line(
    arguments: tuple[str, ...], code: str, path: str | None, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and one line that says what to do, in the language asked for."""
    exit_code, out, told = call(capsys, *arguments, "--language", language)
    assert (exit_code, out) == (2, "")
    assert (told["code"], told.get("path")) == (code, path)
    assert told["message"]


def test_a_broken_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line and path stand where a program finds them; of two files it is told which."""
    broken = tmp_path / "broken.json"
    broken.write_bytes(b'{"rule":\n\n')
    code, _, told = call(capsys, "decide", broken)
    assert (code, told["code"], told["line"]) == (2, "not_json", 3)
    good = tmp_path / "good.json"
    good.write_text(json.dumps(STATUTES))
    code, _, told = call(capsys, "verify", broken, good)
    assert (code, told["path"]) == (2, "RESULT")
    broken.write_text('{"adopted": true, "adopted": false}')
    assert call(capsys, "verify", broken, good)[2]["path"] == "RESULT.adopted"
    code, _, told = call(capsys, "verify", good, broken)
    assert (code, told["path"]) == (2, "adopted")


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """All, those of a country, those of a date, in a language."""
    _, everything, _ = call(capsys, "presets")
    assert {one["country"] for one in everything} == {"be", "nl"}
    _, dutch, _ = call(capsys, "presets", "--country", "nl", "--language", "nl")
    assert [one["title"] for one in dutch] == ["Gewoon besluit", "Wijziging van de statuten"]
    assert dutch[1]["rule"]["threshold"] == "2/3"
    assert dutch[1]["notice"] == {"days": 7, "counts": "neither", "article": "BW 2:42", "certainty": "1"}
    _, early, _ = call(capsys, "presets", "--country", "be", "--on", "2017-01-01")
    assert [one["name"] for one in early] == ["be-recognised-member", "be-recognised-tenth"]
    assert call(capsys, "presets", "--on", "1900-01-01")[1] == []


def test_notice_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """The last day to send, the first day to meet, and whether it was enough: a finding where it wasn't."""
    _, told, _ = call(capsys, "notice", "--meeting", "2026-06-20", "--preset", "be-statutes")
    assert (told["days"], told["latest_sending"]) == (15, "2026-06-04")
    _, told, _ = call(capsys, "notice", "--sent", "2026-06-04", "--days", "15")
    assert told["earliest_meeting"] == "2026-06-20"
    code, told, _ = call(capsys, "notice", "--sent", "2026-06-04", "--meeting", "2026-06-20", "--days", "15")
    assert (code, told["enough"], told["counted"], told["first"], told["last"]) == (
        0,
        True,
        15,
        "2026-06-05",
        "2026-06-19",
    )
    late = ("notice", "--sent", "2026-06-05", "--meeting", "2026-06-20", "--preset", "be-statutes")
    code, told, _ = call(capsys, *late)
    assert (code, told["enough"], told["counted"], told["missing"]) == (1, False, 14, 1)
    code, told, _ = call(capsys, *late, "--counts", "meeting", "--language", "fr")
    assert (code, told["counted"]) == (0, 15)
    assert "vendredi 5 juin 2026" in told["text"]
    code, told, _ = call(capsys, "notice", "--sent", "2026-06-20", "--meeting", "2026-06-20", "--days", "0")
    assert (code, told["counted"], told["first"]) == (0, 0, None)


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`-` reads it."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(STATUTES).encode())))
    code, found, _ = call(capsys, "decide", "-")
    assert (code, found["adopted"]) == (0, False)


def test_a_reader_that_goes_away(file: Path) -> None:
    """Whoever pipes us into `head` gets no traceback."""
    start = f"import runpy, sys; sys.path.insert(0, {str(SOURCE)!r}); "
    code = start + "runpy.run_module('coopcalc.assembly', run_name='__main__')"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", code, "presets"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert b"Traceback" not in child.stderr.read()
