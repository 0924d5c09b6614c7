"""The picture of a count: what it shows, for whom it can be read, and what it must not hold."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.voting import Candidate, Count, Election, Seeded, count
from coopcalc.voting.picture import Picture, picture
from coopcalc.voting.rules import RULES

from .small import board, elections
from .test_schulze import PAPER_OF_2011

SVG = "{http://www.w3.org/2000/svg}"


def counted(election: Election, rule: str) -> Count:
    return count(election, rule, lot=Seeded("seed"))


def parsed(drawn: Picture) -> tuple[ElementTree.Element, ElementTree.Element]:
    return ElementTree.fromstring(drawn.svg), ElementTree.fromstring(f"<div>{drawn.table}</div>")


def texts(svg: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in svg.iter(f"{SVG}text")]


def shapes(svg: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [one for one in svg.iter(f"{SVG}path") if one.get("class") == f"count__{kind}"]


def rows(table: ElementTree.Element) -> list[list[str]]:
    return [[cell.text or "" for cell in row] for row in table.iter("tr")]


def test_the_lanes_and_the_table_of_a_small_count() -> None:
    """Two seats; 8 A B, 4 A, 3 B, 3 C by Meek: A is elected in stage 1, B in stage 2, C isn't."""
    svg, table = parsed(picture(counted(board(2, "8 A B\n4 A\n3 B\n3 C"), "stv-meek"), "en"))
    assert rows(table)[0] == ["", "Stage 1", "Stage 2", "Outcome"]
    assert rows(table)[1][:2] == ["A", "12.000000000"]
    assert [row[-1] for row in rows(table)[1:4]] == ["elected in stage 1", "elected in stage 2", "not elected"]
    assert rows(table)[-1][:2] == ["Quota", "6.000000000"]
    assert {"A", "B", "C", "elected in stage 1", "Non-transferable"} <= set(texts(svg))
    # What moved from A is one shape, and says so.
    titles = [title.text for shape in shapes(svg, "moving") for title in shape.iter(f"{SVG}title")]
    assert titles == ["2: A → B 4.5, Non-transferable 2.2"]


def test_one_stage_is_drawn_as_bars_with_the_votes_that_a_seat_needs() -> None:
    svg, table = parsed(picture(counted(board(1, "5 A\n3 B\n2 C"), "runoff"), "nl"))
    assert [row[-1] for row in rows(table)[1:]] == [
        "gaat door naar de tweede ronde",
        "gaat door naar de tweede ronde",
        "niet verkozen",
    ]
    assert "6 stemmen nodig voor een zetel" in texts(svg)


def test_schulze_is_drawn_as_who_beats_whom() -> None:
    svg, table = parsed(picture(counted(board(1, PAPER_OF_2011), "schulze"), "fr"))
    # E A C B D each beat all who come after: 4 + 3 + 2 + 1 squares in one shape.
    squares, legend = shapes(svg, "beats")
    assert ((squares.get("d") or "").count("M"), (legend.get("d") or "").count("M")) == (10, 1)
    assert len(list(table.iter("table"))) == 2
    assert ["A", "", "20", "26", "30", "22"] in rows(table)


def test_votes_are_written_as_the_language_does() -> None:
    drawn = picture(counted(board(2, "8 A B\n4 A\n3 B\n3 C"), "stv-meek"), "fr")
    assert "7,5" in texts(parsed(drawn)[0])
    assert "12,000000000" in drawn.table


def test_names_from_outside_are_only_text() -> None:
    evil = '<script>alert("x")</script> & "co"'
    election = Election('<b onload="x">', 1, (Candidate(1, evil), Candidate(2, "B")), {(1,): 3, (2,): 2})
    for rule in RULES:
        drawn = picture(counted(election, rule), "en")
        parsed(drawn)
        assert "<script" not in drawn.svg + drawn.table
        assert "<b " not in drawn.svg + drawn.table


def big(candidates: int, seats: int) -> Election:
    """Build an election in which one candidate after the other falls out."""
    papers = {}
    for number in range(1, candidates + 1):
        ranking = (number, *(other for other in range(candidates, 0, -1) if other < number), number % candidates + 1)
        papers[tuple(dict.fromkeys(ranking))] = 100 + number * number
    people = tuple(Candidate(number, f"Kandidaat met een lange naam {number}") for number in range(1, candidates + 1))
    return Election("Groot", seats, people, papers)


@pytest.mark.parametrize("rule", ["stv-scottish", "stv-meek"])
def test_thirty_candidates_and_forty_stages_stay_a_page(rule: str) -> None:
    for candidates in (30, 40):
        drawn = picture(counted(big(candidates, 8), rule), "nl")
        svg, _table = parsed(drawn)
        assert float(svg.get("height") or 0) < 70 * candidates
        assert len(drawn.svg) < 250_000
        assert sum(text.startswith("Kandidaat met een lange n") for text in texts(svg)) == candidates


def test_an_ident_that_could_break_out_of_its_attribute_is_refused() -> None:
    with pytest.raises(ValueError, match="x y"):
        picture(counted(board(1, "1 A"), "plurality"), ident="x y")


@settings(max_examples=120, deadline=None)
@given(elections(), st.sampled_from(sorted(RULES)), st.sampled_from(["en", "nl", "fr"]))
def test_every_count_can_be_drawn_and_read(election: Election, rule: str, language: str) -> None:
    told = counted(election, rule)
    drawn = picture(told, language, ident="board-1")
    svg, table = parsed(drawn)
    # A strict content security policy lets nothing through that runs or styles.
    for element in svg.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "defs", "pattern", "rect", "path", "text", "g"}
        assert not {name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name}
    idents = [one.get("id") or "" for one in svg.iter() if one.get("id")]
    assert len(idents) == len(set(idents)) == 3
    assert all(ident.startswith("board-1-") for ident in idents)
    assert set((svg.get("aria-labelledby") or "").split()) <= set(idents)
    assert set(re.findall(r"url\(#([^)]*)\)", drawn.svg)) <= set(idents)
    assert svg.get("role") == "img"
    # Everything is within the picture.
    width, height = float(svg.get("width") or 0), float(svg.get("height") or 0)
    for one in svg.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x") or 0) <= width
        assert 0 <= float(one.get("y") or 0) <= height
    standing = {election.candidate(number).name for number in election.standing}
    assert standing <= set(texts(svg))
    assert standing <= {row[0] for row in rows(table)}
