"""The verifier as an outsider runs it: on a file, with nothing but the standard library."""

import json
import os
import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from coopcalc import chain, register
from coopcalc.register import __main__ as command
from coopcalc.register import export, verify
from tests.coopcalc import registers
from tests.coopcalc.registers import COOP, Book

GOLDEN = Path(__file__).parent / "golden"
SOURCE = Path(__file__).parents[2] / "src"


def story() -> Book:
    """A small co-operative with everything that a register can hold."""
    book = Book()
    a, b = book.share_class("A"), book.share_class("B", price="12.5")
    decision = book.decision("2020-01-15")
    anna = book.admit(1, "2020-02-01", name="Anna Maes")
    bert = book.admit(2, "2020-02-01", name="=cmd()|' /C calc'!A0")
    werf = book.admit(3, "2021-05-01", name="De Werf vzw 😀", kind="organisation")
    book.move(anna, a, "issue", 4, "100", "2020-02-01", decision=decision)
    book.move(bert, a, "issue", 2, "20", "2020-02-01", decision=decision)
    book.audit()
    book.move(bert, a, "payment", 0, "30", "2020-08-01")
    wrong = book.move(werf, b, "issue", 100, "1250", "2021-05-01", amount="12.5")
    book.transfer(anna, bert, a, 1, "2022-01-01")
    book.move(bert, a, "exit", -3, "-75", "2023-06-30")
    book.standing(bert, "ended", "2023-06-30")
    book.move(werf, b, "correction", -100, "-1250", "2021-05-01", amount="12.5", corrects=wrong)
    book.move(werf, b, "issue", 10, "125", "2021-05-01", amount="12.5")
    book.audit("register.corrected")
    dora = book.admit(4, "2020-02-01", name="Dora")
    book.standing(dora, "ended", "2021-01-01")
    book.links[-3] = (book.links[-3][0], "")  # Dora's record was erased
    return book


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a Python that sees neither site-packages nor our environment, only the source folder."""
    start = f"import runpy, sys; sys.path.insert(0, {str(SOURCE)!r}); "
    code = start + "runpy.run_module('coopcalc.register', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, Any]:
    """Run the command in this process; return its exit code and what it wrote, as JSON where it is."""

    def read(text: str) -> Any:
        return json.loads(text) if text.startswith("{") else text

    code = command.main([str(argument) for argument in arguments])
    written = capsys.readouterr()
    return code, read(written.out), read(written.err)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return story().write(tmp_path / "de-werf.register")


def golden(name: str, text: str) -> None:
    """Compare with a kept file; COOPWERF_GOLDEN=write keeps what is given instead."""
    path = GOLDEN / name
    if os.environ.get("COOPWERF_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_an_export_is_what_it_was(file: Path) -> None:
    golden("de-werf.register", file.read_text(encoding="utf-8"))


def test_verifying_needs_no_more_than_python(file: Path) -> None:
    done = run("verify", str(file), "--head", str(story().head()))
    assert (done.returncode, done.stderr) == (0, "")
    golden("verified.json", done.stdout)


@pytest.mark.parametrize(
    ("at", "known", "name"),
    [
        ("2020-12-31", None, "2020.csv"),
        ("2021-12-31", "20", "2021-before-the-correction.csv"),
        ("2021-12-31", "2026-11-23T12:00:00.000019Z", "2021-before-the-correction.csv"),
        ("2021-12-31", None, "2021.csv"),
        ("2026-01-01", None, "2026.csv"),
    ],
)
def test_the_register_of_a_date(
    file: Path, capsys: pytest.CaptureFixture[str], at: str, known: str | None, name: str
) -> None:
    code, out, err = call(capsys, "show", file, "--at", at, *(["--known", known] if known else []))
    assert (code, err) == (0, "")
    golden(name, out)


def test_totals_name_the_head_that_they_were_read_at(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "show", file, "--at", "2021-12-31", "--totals", "--known", "20")
    head = chain.Head.before_first(COOP)
    for text, _private in story().links[:20]:
        head = head.after(text)
    assert code == 0
    assert out == {
        "at": "2021-12-31",
        "known": 20,
        "members": 3,
        "shares": {"A": 6, "B": 100},
        "paid": "1400.00",
        "head": str(head),
    }
    code, out, _err = call(capsys, "show", file, "--at", "2021-12-31", "--format", "json")
    assert (out["members"], out["paid"], len(out["rows"])) == (3, "275.00", 4)


def test_an_earlier_head_is_an_ancestor_and_another_is_not(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = chain.Head.before_first(COOP)
    for text, _private in story().links[:9]:
        assert call(capsys, "verify", file, "--head", str(head))[0] == 0
        head = head.after(text)
    other = chain.Head(9, "0" * 64)
    code, out, _err = call(capsys, "verify", file, "--head", str(other))
    assert (code, out["ok"], out["first_broken"]["code"], out["first_broken"]["position"]) == (
        1,
        False,
        "ancestor_differs",
        9,
    )
    code, out, _err = call(capsys, "verify", file, "--head", f"0:{chain.genesis(COOP[:-1] + '2')}")
    assert (code, out["first_broken"]["code"]) == (1, "ancestor_differs")
    code, out, _err = call(capsys, "verify", file, "--head", f"900:{'0' * 64}")
    assert (code, out["first_broken"]["code"], out["first_broken"]["asked"]) == (1, "ancestor_beyond_end", 900)
    code, _out, err = call(capsys, "verify", file, "--head", "yesterday's")
    assert (code, err["code"]) == (2, "head_malformed")


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def broken(capsys: pytest.CaptureFixture[str], file: Path, content: bytes) -> tuple[int, str]:
    """Verify a file with this content; return the position and code of what is broken first."""
    file.write_bytes(content)
    code, out, err = call(capsys, "verify", file)
    assert (code, err) == (1, ""), err
    assert out["ok"] is False
    assert out["first_broken"]["message"].endswith(".")
    return out["first_broken"]["position"], out["first_broken"]["code"]


def test_a_changed_link_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = file.read_bytes()
    assert content.count(b'"quantity":4}') + content.count(b'"quantity":4,') == 1
    position = next(i for i, line in enumerate(lines_of(file)) if b'"quantity":4,' in line)
    assert broken(capsys, file, content.replace(b'"quantity":4,', b'"quantity":5,')) == (position, "hash_differs")


def test_a_changed_stored_hash_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(file)
    text, _hash, private = lines[7].split(b"\t")
    lines[7] = b"\t".join((text, b"0" * 64, private))
    assert broken(capsys, file, b"".join(lines)) == (7, "hash_differs")


def test_a_line_that_is_no_link_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(file)
    for wrong in (b"\n", lines[7].replace(b"\t", b" "), lines[7][:-1] + b"\tmore\n"):
        assert broken(capsys, file, b"".join([*lines[:7], wrong, *lines[8:]])) == (7, "line_malformed")


def test_a_link_that_is_no_text_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, wrong = lines_of(file), b'{"at":"\xff\xfe'
    digest = sha256(bytes.fromhex(chain.genesis(COOP)) + wrong).hexdigest().encode()
    assert broken(capsys, file, lines[0] + wrong + b"\t" + digest + b"\t\n") == (1, "not_text")


def test_a_changed_name_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    position = next(i for i, line in enumerate(lines_of(file)) if b"De Werf vzw" in line and i)
    content = file.read_bytes().replace(b'"name":"De Werf vzw', b'"name":"Der Werf vzw')
    assert broken(capsys, file, content) == (position, "commitment_differs")


@pytest.mark.parametrize(
    ("private", "code"),
    [
        (b"{}", "private_malformed"),
        (b'{"record":{},"salt":"00"}', "private_malformed"),
        (b'{"record":[],"salt":"' + b"00" * 16 + b'"}', "private_malformed"),
        (b'{"record":{}, "salt":"' + b"00" * 16 + b'"}', "private_malformed"),
        (b'{"record":{},"salt":"' + b"00" * 16 + b'"}', "commitment_differs"),
        (b"\xff\xfe", "private_malformed"),
    ],
    ids=str,
)
def test_a_private_record_of_another_form_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], private: bytes, code: str
) -> None:
    lines = lines_of(file)
    lines[3] = b"\t".join((*lines[3].split(b"\t")[:2], private + b"\n"))
    assert broken(capsys, file, b"".join(lines)) == (3, code)
    lines[3] = story().export().splitlines(keepends=True)[3]
    lines[1] = b"\t".join((*lines[1].split(b"\t")[:2], private + b"\n"))
    assert broken(capsys, file, b"".join(lines)) == (1, "private_unexpected")


def test_a_missing_link_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(file)
    assert broken(capsys, file, b"".join(lines[:7] + lines[8:])) == (7, "position_gap")
    assert broken(capsys, file, b"".join([*lines[:7], lines[8], lines[7], *lines[9:]])) == (7, "position_gap")
    assert broken(capsys, file, b"".join(lines[:-2])) == (len(lines) - 2, "links_missing")
    assert broken(capsys, file, b"".join([*lines, lines[-1]])) == (len(lines), "position_gap")


@pytest.mark.parametrize("cut", [1, 2, 40, 200])
def test_a_file_cut_off_within_a_line_is_named(file: Path, capsys: pytest.CaptureFixture[str], cut: int) -> None:
    position, _code = broken(capsys, file, file.read_bytes()[:-cut])
    assert position == len(story().links)


def rehashed(book: Book) -> bytes:
    """Export a forgery whose every hash is right again."""
    return registers.export(book.coop, book.links)


def test_a_forgery_with_every_hash_renewed_shows_against_a_printed_head(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed, book = story().head(), story()
    at = next(i for i, (text, _private) in enumerate(book.links) if '"quantity":4,' in text)
    book.links[at] = (book.links[at][0].replace('"quantity":4,', '"quantity":5,'), "")
    file.write_bytes(rehashed(book))
    assert call(capsys, "verify", file)[0] == 0
    code, out, _err = call(capsys, "verify", file, "--head", str(printed))
    assert (code, out["first_broken"]["code"]) == (1, "ancestor_differs")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"quantity":4,', '"quantity": 4,', "not_canonical"),
        ('"quantity":4,', '"quantity":4.0,', "not_canonical"),
        ('"quantity":4,', '"quantity":"4",', "body_malformed"),
        ('"quantity":4,', '"quantity":4,"remark":"x",', "body_malformed"),
        ('"paid":"100.00"', '"paid":"100.000"', "body_malformed"),
        ('"paid":"100.00"', '"paid":"-0.00"', "body_malformed"),
        ('"kind":"movement"', '"kind":"standing"', "body_malformed"),
        ('"kind":"movement"', '"kind":"movement","more":1', "body_malformed"),
        ('"position":{at}', '"position":{next}', "position_gap"),
        ('{"at":"2026-', '{"at":"2025-', "time_backwards"),
        ('{"at":"2026-11-23T', '{"at":"2026-11-23 ', "body_malformed"),
        ("{", "", "not_canonical"),
    ],
)
def test_a_forged_link_of_another_form_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, code: str
) -> None:
    book = story()
    at = next(i for i, (text, _private) in enumerate(book.links) if '"quantity":4,' in text)
    old, new = (text.replace("{at}", str(at + 1)).replace("{next}", str(at + 2)) for text in (old, new))
    assert '"quantity":4,' in book.links[at][0]
    book.links[at] = (book.links[at][0].replace(old, new, 1), "")
    file.write_bytes(rehashed(book))
    _code, out, _err = call(capsys, "verify", file)
    assert (at + 1, code) in [(found["position"], found["code"]) for found in out["found"]]


def test_a_header_that_promises_another_head_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, head = lines_of(file), story().head()
    lines[0] = register.header_line(
        register.Header(COOP, "de-werf", "De Werf", chain.Head(head.position, "0" * 64), head.position)
    )
    assert broken(capsys, file, b"".join(lines)) == (head.position, "head_differs")
    lines[0] = register.header_line(register.Header(COOP, "de-werf", "De Werf", head, 3))
    assert broken(capsys, file, b"".join(lines)) == (4, "links_unexpected")
    lines[0] = register.header_line(register.Header(COOP[:-1] + "2", "de-werf", "De Werf", head, head.position))
    assert broken(capsys, file, b"".join(lines)) == (1, "hash_differs")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{}",
        b"[]\n",
        b"null\n",
        b"PK\x03\x04" + bytes(range(256)),
        b'{"format":"coopwerf-register/2"}\n',
        b"[" * 99_999,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_export_is_refused(file: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    file.write_bytes(content)
    code, out, err = call(capsys, "verify", file)
    assert (code, out, err["line"]) == (2, "", 1)
    assert err["code"] in ("header_unreadable", "format_unknown")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(lines_of(file)[0] + b"x" * (export.LONGEST_LINE + 10))
    code, _out, err = call(capsys, "verify", file)
    assert (code, err["code"], err["line"]) == (2, "line_too_long", 2)


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for wrong in (tmp_path / "nothing", tmp_path):
        code, _out, err = call(capsys, "verify", wrong)
        assert (code, err["code"]) == (2, "file_unreadable")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "arguments_refused"),
        (["verify"], "arguments_refused"),
        (["show", "x"], "arguments_refused"),
        (["show", "{file}", "--at", "31/12/2026"], "date_malformed"),
        (["show", "{file}", "--at", "2026-02-30"], "date_malformed"),
        (["show", "{file}", "--at", "2026-01-01", "--known", "later"], "known_malformed"),
        (["show", "{file}", "--at", "2026-01-01", "--format", "pdf"], "arguments_refused"),
    ],
    ids=str,
)
def test_refused_arguments_are_told_as_json(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert command.main([argument.format(file=file) for argument in arguments]) == 2
    assert json.loads(capsys.readouterr().err)["code"] == code


def test_a_broken_register_is_not_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_bytes().replace(b'"quantity":4,', b'"quantity":5,'))
    code, out, err = call(capsys, "show", file, "--at", "2026-01-01")
    assert (code, out, err["first_broken"]["code"]) == (1, "", "hash_differs")


def test_a_register_that_does_not_add_up_is_shown_with_what_was_found(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = story()
    book.admit(1)
    book.write(file)
    code, out, err = call(capsys, "show", file, "--at", "2026-01-01")
    assert (code, out.count("\n"), err["first_broken"]["code"]) == (1, 6, "member_number_repeated")


def test_garbage_anywhere_never_ends_in_a_traceback(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, dice = file.read_bytes(), random.Random(2)
    for _ in range(300):
        start = dice.randrange(len(content))
        piece = dice.choice([b"", dice.randbytes(dice.randrange(1, 30)), b"\t", b"\n", b"\xff", b'"', b"}" * 9])
        changed = content[:start] + piece + content[start + dice.randrange(0, 30) :]
        file.write_bytes(changed)
        code, out, err = call(capsys, "verify", file)
        assert code in (0, 1, 2)
        assert (out if code < 2 else err)["ok" if code < 2 else "code"] is not None
        if code == 0 and changed != content:  # a letter of the header's name or slug, which nothing depends on
            assert start < content.index(b"\n")


def test_every_finding_of_the_chain_has_its_sentence_and_its_test() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in verify.CHAIN_MESSAGES if f'"{code}"' not in tests] == []


def test_verifying_takes_no_longer_than_it_may(tmp_path: Path) -> None:
    """Fifty thousand movements a second on one core are the aim (see the bench); a busy machine gets a third."""
    book = registers.big_book(3_000)
    file = book.write(tmp_path / "big.register")
    began = process_time()
    with file.open("rb") as opened:
        verification = register.verify_export(opened)[1]
    assert verification.ok
    assert verification.movements / (process_time() - began) > 50_000 / 3
