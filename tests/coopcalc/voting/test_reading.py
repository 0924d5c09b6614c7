"""Files of papers: read as the format says, or refused with the line."""

import io
import random
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from coopcalc.voting import Election, Refused, read, read_path
from coopcalc.voting.reading import lines

BLT = """4 2
3 1 2 0
2 2 4 0
1 3 0
0
"Anna"
"Bert"
"Cé"
"Dora"
"Board"
"""
CSV = """4,2,
3,1,2,
2,2,4,
1,3,
"Candidate 1","Anna","Greens",
"Candidate 2","Bert","",
"Candidate 3","Cé","Blues",
"Candidate 4","Dora","Greens",
"Board",
"""
PAPERS = {(1, 2): 3, (2, 4): 2, (3,): 1}


def parse(text: str | bytes) -> Election:
    return read(io.BytesIO(text.encode() if isinstance(text, str) else text))


def refusal(text: str | bytes) -> tuple[str, int | None]:
    with pytest.raises(Refused) as refused:
        parse(text)
    return refused.value.code, refused.value.line


@pytest.mark.parametrize("text", [BLT, CSV])
def test_both_layouts_say_the_same(text: str) -> None:
    found = parse(text)
    assert (found.title, found.seats, found.names) == ("Board", 2, ("Anna", "Bert", "Cé", "Dora"))
    assert found.papers == PAPERS


def test_the_csv_layout_tells_the_party() -> None:
    assert [dict(one.traits) for one in parse(CSV).candidates] == [
        {"party": "Greens"}, {}, {"party": "Blues"}, {"party": "Greens"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n \n\t\n",
        lambda text: "\n" + text.replace("2,2,4,\n", "2,2,4,\n\n").replace("2 2 4 0\n", "2 2 4 0\n  \n"),
        lambda text: text.replace("\n3", "\n 3").replace("\n0", "\n\t0 "),
        lambda text: text.replace('"Anna"', '"  Anna "').replace("é", "e\u0301"),
        lambda text: text.replace("2 2 4 0", "1 2 4 0\n1 2 4 0").replace("2,2,4,", "1,2,4,\n1,2,4,"),
        lambda text: text.replace("2 2 4 0", "1 2 4 0\n01 02 4 0").replace("2,2,4,", "1,2,4,\n01,02,4,"),
    ],
)
@pytest.mark.parametrize("text", [BLT, CSV])
def test_what_makes_no_difference(text: str, change: Any) -> None:
    assert parse(change(text)) == parse(text)


def test_the_order_of_the_papers_makes_no_difference() -> None:
    swapped = BLT.replace("3 1 2 0\n2 2 4 0\n", "2 2 4 0\n3 1 2 0\n")
    assert parse(swapped) == parse(BLT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4 2\n", "# papers of May\n4 2  # candidates, seats\n"),
        ("2 2 4 0\n", "# by post\n2 2 4 0 # counted twice\n"),
        ("0\n\"Anna\"", "0 # the end\n# and now the names\n\"Anna\" # chair"),
        ("2 2 4 0\n1 3 0", "2 2 4 0 1 3 0"),
        ('"Anna"\n"Bert"', '"Anna" "Bert"'),
        ('"Board"', '"Board"\n"counted by hand"\n"12 May"\n# end'),
    ],
)  # fmt: skip
def test_what_a_blt_file_may_also_hold(old: str, new: str) -> None:
    assert parse(BLT.replace(old, new)) == parse(BLT)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('"Anna "An" Maes"', 'Anna "An" Maes'),
        (r'"Anna \"An\" Maes"', 'Anna "An" Maes'),
        ('"Anna ""An"" Maes"', 'Anna "An" Maes'),
        ('"Anna "An" Maes" # chair', 'Anna "An" Maes'),
        ('"Anna # 1"', "Anna # 1"),
        ('"O\'Neill, Seán 😀"', "O'Neill, Seán 😀"),
        ('"0"', "0"),
    ],
)
def test_names_hold_what_people_are_called(written: str, read_as: str) -> None:
    assert parse(BLT.replace('"Anna"', written)).names[0] == read_as


def test_quotes_around_a_title_and_in_a_name_of_the_csv_layout() -> None:
    changed = CSV.replace('"Board",', '""Board, 2026"",').replace('"Anna"', '"Anna ""An"" Maes"')
    assert (parse(changed).title, parse(changed).names[0]) == ("Board, 2026", 'Anna "An" Maes')


def test_candidates_withdraw() -> None:
    assert parse(BLT.replace("3 1 2 0", "-2 -4\n3 1 2 0")).withdrawn == {2, 4}
    assert parse(BLT.replace("3 1 2 0", "-2\n-4\n3 1 2 0")).withdrawn == {2, 4}


def test_blank_papers_are_kept_apart() -> None:
    for found in (parse(BLT.replace("1 3 0", "1 3 0\n5 0")), parse(CSV.replace("1,3,", "1,3,\n5,"))):
        assert (found.valid_total, found.blank_total) == (6, 5)
        assert found.valid == PAPERS


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("2 2 4 0", "2 2 4", "paper_unended", 3),
        ("2 2 4 0", "2 2 4\n1 3 0", "paper_unended", 3),
        ("2 2 4 0", "2 2 5 0", "candidate_unknown", 3),
        ("2 2 4 0", "2 2 99999999999999999999 0", "candidate_unknown", 3),
        ("2 2 4 0", "2 2 4 2 0", "preference_repeated", 3),
        ("2 2 4 0", "-2 2 4 0", "count_negative", 3),
        ("3 1 2 0", "-2 2 4 0", "count_negative", 2),
        ("3 1 2 0", "-5\n3 1 2 0", "candidate_unknown", 2),
        ("3 1 2 0", "-2 4\n3 1 2 0", "number_malformed", 2),
        ("2 2 4 0", "-2", "paper_unended", 3),
        ("2 2 4 0", "0 2 4 0", "count_zero", 3),
        ("2 2 4 0", "2.5 2 4 0", "number_malformed", 3),
        ("2 2 4 0", "1e3 2 4 0", "number_malformed", 3),
        ("2 2 4 0", "9999999999999 2 4 0", "number_too_large", 3),
        ("2 2 4 0", "2 +2 4 0", "number_malformed", 3),
        ("2 2 4 0", "2 1_0 4 0", "number_malformed", 3),
        ("2 2 4 0", "2 2=4 0", "preferences_equal", 3),
        ("2 2 4 0", "2 2 - 4 0", "preference_skipped", 3),
        ("2 2 4 0", "(a1) 2 4 0", "number_malformed", 3),
        ("2 2 4 0", "2 ² 4 0", "number_malformed", 3),
        ("2 2 4 0", "2 2 4 0 1", "paper_unended", 3),
        ("1 3 0\n0\n", "1 3 0\n", "end_missing", 5),
        ('"Dora"\n', "", "names_missing", 9),
        ('"Dora"\n"Board"\n', "", "names_missing", 8),
        ('"Dora"\n', "Dora\n", "name_unquoted", 9),
        ('"Dora"\n', '"Dora\n', "name_unquoted", 9),
        ('"Dora"\n', '""\n', "name_empty", 9),
        ('"Dora"\n', '"Do\x1b[2Jra"\n', "name_unprintable", 9),
        ('"Dora"\n', '"Anna"\n', "name_repeated", None),
        ('"Board"\n', '"Board"\n"a"\n"b"\n"c"\n', "after_end", 13),
        ('"Board"\n', '"Board"\n3 1 2 0\n', "name_unquoted", 11),
        ("4 2\n", "4\n", "header_malformed", 1),
        ("4 2\n", "4 2 1\n", "header_malformed", 1),
        ("4 2\n", "four 2\n", "header_malformed", 1),
        ("4 2\n", "4 -2\n", "header_malformed", 1),
        ("4 2\n", "0 2\n", "candidates_none", 1),
        ("4 2\n", "4 0\n", "seats_none", 1),
        ("4 2\n", "99999 2\n", "candidates_too_many", 1),
    ],
)
def test_a_blt_file_is_refused_with_its_line(old: str, new: str, code: str, line: int | None) -> None:
    assert refusal(BLT.replace(old, new, 1)) == (code, line)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("2,2,4,", "2,2,5,", "candidate_unknown", 3),
        ("2,2,4,", "2,2,0,", "candidate_unknown", 3),
        ("2,2,4,", "2,2,2,", "preference_repeated", 3),
        ("2,2,4,", "-2,2,4,", "count_negative", 3),
        ("2,2,4,", "0,2,4,", "count_zero", 3),
        ("2,2,4,", "2,,4,", "preference_skipped", 3),
        ("2,2,4,", "2 2 4 0", "number_malformed", 3),
        ("2,2,4,", ",2,4,", "number_malformed", 3),
        ('"Board",\n', "", "names_missing", 8),
        ('"Candidate 1","Anna","Greens",\n', "", "candidate_row_malformed", 8),
        ('"Board",\n', '"Board",\n"More",\n', "after_end", 10),
        ('"Board",\n', '"Board",\n1,2,\n', "name_unquoted", 10),
        ('"Candidate 4","Dora","Greens",', '"Candidate 4","Dora', "name_unquoted", 8),
        ('"Candidate 4","Dora","Greens",', '"Candidate 4","Dora","Greens","x",', "candidate_row_malformed", 8),
        ("4,2,\n", "4,\n", "header_malformed", 1),
        ("4,2,\n", "4,0,\n", "seats_none", 1),
        ("4,2,\n", "99999,2,\n", "candidates_too_many", 1),
    ],
)
def test_a_csv_file_is_refused_with_its_line(old: str, new: str, code: str, line: int | None) -> None:
    if code == "candidate_row_malformed" and not new:
        # One candidate's line is missing, so the title stands where the last candidate should.
        assert refusal(CSV.replace(old, new, 1)) == ("names_missing", 8)
        return
    assert refusal(CSV.replace(old, new, 1)) == (code, line)


def test_other_encodings_are_refused_instead_of_guessed() -> None:
    assert refusal(BLT.encode("latin-1")) == ("not_utf8", 8)
    assert refusal(CSV.encode("latin-1")) == ("not_utf8", 7)
    assert refusal(BLT.encode("utf-16")) == ("not_utf8", 1)


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"# nothing\n", b"\x00" * 100, b"\xff", b"PK\x03\x04", b'"', b"{}", b"1"]
)
def test_what_is_no_file_of_papers(raw: bytes) -> None:
    assert refusal(raw)[0] in ("file_empty", "header_malformed")


def test_the_line_is_found_far_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks are cut between lines, wherever they end; a line that is there twice is refused where it stood first."""
    good = "".join(f"1 {number} 0\n" for number in (1, 2, 3, 4) * 50)
    bad = BLT.replace("2 2 4 0\n", good + "1 7 0\n" + good + "1 7 0\n")
    for size in range(1, 40):
        monkeypatch.setattr(lines, "BLOCK", size)
        assert refusal(bad) == ("candidate_unknown", 203)
        assert parse(BLT) == parse(CSV.replace('"Greens"', '""').replace('"Blues"', '""'))


class Endless(io.RawIOBase):
    """A file of as many bytes as wanted that holds the same lines again and again, and never much of them at once."""

    def __init__(self, head: bytes, line: bytes, times: int, tail: bytes) -> None:
        self.head, self.line, self.tail = head, line, tail
        self.size = len(head) + len(line) * times + len(tail)
        self.at = 0
        self.most_asked = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "everything at once"
        self.most_asked = max(self.most_asked, size)
        body = self.size - len(self.head) - len(self.tail)
        wanted = min(size, self.size - self.at)
        start, stop = self.at, self.at + wanted
        self.at = stop
        parts = [self.head[start:stop]]
        inside, until = max(start - len(self.head), 0), min(max(stop - len(self.head), 0), body)
        if until > inside:
            first = inside % len(self.line)
            repeated = self.line * ((until - inside) // len(self.line) + 2)
            parts.append(repeated[first : first + until - inside])
        behind = len(self.head) + body
        parts.append(self.tail[max(start - behind, 0) : max(stop - behind, 0)])
        return b"".join(parts)

    def readline(self, size: int | None = -1, /) -> bytes:
        start = self.at
        piece = self.read(min(size if size is not None and size >= 0 else 200, 200))
        line = piece[: piece.find(b"\n") + 1] or piece
        self.at = start + len(line)
        return line


@pytest.mark.parametrize("size", [2**26, pytest.param(2**31, marks=pytest.mark.exhaustive)])
def test_a_file_of_any_size_takes_the_memory_of_its_different_papers(size: int) -> None:
    line = b"1 1 2 3 4" + b" " * 4000 + b"0\n"
    file = Endless(b"4 2\n", line, size // len(line), BLT[BLT.index('0\n"Anna') :].encode())
    assert file.size > size - 10_000
    found = read(file)  # type: ignore[arg-type]
    assert found.papers == {(1, 2, 3, 4): size // len(line)}
    assert file.most_asked <= lines.BLOCK


def test_one_line_without_end_is_refused() -> None:
    endless: BinaryIO = Endless(b"4 2\n", b"1 2 ", 2**28, b"")  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        read(endless)
    assert (refused.value.code, refused.value.line) == ("line_too_long", 2)
    assert refusal(BLT.replace("2 2 4 0", "2 2 " + " " * lines.LONGEST_LINE + "4 0")) == ("line_too_long", 3)
    assert refusal("4" + " " * lines.LONGEST_LINE + "2\n") == ("line_too_long", 1)


def test_too_many_different_papers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 50)
    monkeypatch.setattr(lines, "MOST_DISTINCT", 100)
    varied = "".join(f"{number} 1 0\n" for number in range(1, 1000))
    code, line = refusal(BLT.replace("3 1 2 0\n", varied))
    assert code == "papers_too_varied"
    assert line is not None
    assert line < 115
    monkeypatch.setattr(lines, "MOST_DISTINCT", 10_000)
    monkeypatch.setattr(lines, "MOST_DISTINCT_BYTES", 500)
    assert refusal(BLT.replace("3 1 2 0\n", varied))[0] == "papers_too_varied"
    assert parse(BLT.replace("3 1 2 0\n", "1 1 2 0\n" * 1000)).papers[1, 2] == 1000


def test_a_member_of_an_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wards.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ward.csv", CSV)
        archive.writestr("bad.csv", CSV.replace("1,3,", "1,9,"))
    with zipfile.ZipFile(path) as archive:
        with archive.open("ward.csv") as file:
            assert read(file).papers == PAPERS  # type: ignore[arg-type]
        with archive.open("bad.csv") as file, pytest.raises(Refused) as refused:
            read(file)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.line) == ("candidate_unknown", 4)


def test_a_path_is_named_in_the_refusal(tmp_path: Path) -> None:
    path = tmp_path / "bad.blt"
    path.write_text(BLT.replace("1 3 0", "1 9 0"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_path(path)
    assert (refused.value.code, refused.value.line, refused.value.path) == ("candidate_unknown", 4, str(path))
    with pytest.raises(Refused) as refused:
        read_path(tmp_path / "nowhere.blt")
    assert (refused.value.code, refused.value.path) == ("file_unreadable", str(tmp_path / "nowhere.blt"))


@pytest.mark.parametrize("text", [BLT, CSV])
def test_any_spoilt_file_is_read_or_refused(text: str) -> None:
    """Cut, doubled, swapped and overwritten bytes: never anything but an election or a refusal with a sentence."""
    dice = random.Random(1)
    said: set[str] = set()
    for _ in range(2000):
        raw = bytearray(text.encode())
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.randint(0, 3)] = bytes(dice.choices(b'0123456789 ,-"\n#=\xff\x00', k=dice.randint(0, 3)))
        try:
            found = parse(bytes(raw))
        except Refused as refused:
            said.add(refused.message)
        else:
            assert all(how_many > 0 for how_many in found.papers.values())
    assert len(said) > 20
