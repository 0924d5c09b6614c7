"""A seat falls vacant: the papers that had elected who left are counted again. Worked by hand."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from coopcalc.voting import Drawn, Election, Refused, as_json, count, countback, from_json
from coopcalc.voting.sheet import sheet
from coopcalc.voting.verify import verify
from tests.coopcalc.voting.elections import codes, election, events, named, votes
from tests.coopcalc.voting.test_command import call
from tests.coopcalc.voting.test_properties import COUNTS, SEED, elections

RULE = "stv-scottish"
BOARD = election("5 A C; 4 A D; 5 B; 2 C; 1 D", seats=2)


def test_the_papers_count_for_what_had_stayed_with_the_member() -> None:
    """17 papers, 2 seats: quota 17 / 3 + 1 = 6. A has 9, a surplus of 3: each paper went on at 3 / 9 = 0.33333.

    A and B are elected. A leaves. Of each of A's nine papers 1 - 0.33333 = 0.66667 had stayed with A: 6.00003 votes.
    C: 5 × 0.66667 = 3.33335. D: 4 × 0.66667 = 2.66668. Half of 6.00003 and one, fractions disregarded, is 4: nobody has
    that. D has fewer and is excluded; those papers name nobody else who stands. C is left.
    """
    assert named(count(BOARD, RULE), count(BOARD, RULE).elected) == "A B"
    counted = countback(BOARD, RULE, 1)
    assert votes(counted, 1) == {"C": "3.33335", "D": "2.66668"}
    assert counted.stages[0].quota == 4
    assert events(counted) == ["", "xD +C"]
    assert votes(counted, 2) == {"C": "3.33335", "D": "0", "-": "2.66668"}
    assert codes(counted.stages[0]) == ["countback_first_stage"]
    assert codes(counted.stages[1]) == ["countback_excluded", "countback_last"]
    assert (counted.rule, counted.seats, counted.valid) == ("countback", 1, 9)


def test_more_than_half_takes_the_seat_at_once() -> None:
    """13 papers, 1 seat: quota 7, which A has. A leaves: B has 4 of A's 7, half and one is 7 / 2 + 1 = 4."""
    counted = countback(election("4 A B; 2 A C; 1 A D; 6 B", seats=1), RULE, 1)
    assert events(counted) == ["+B"]
    assert votes(counted, 1) == {"B": "4", "C": "2", "D": "1"}
    assert codes(counted.stages[0])[-1] == "countback_majority"


def test_a_member_elected_without_the_quota_leaves_papers_at_their_whole_value() -> None:
    """16 papers, 2 seats: quota 6. A has 7: 1 / 7 = 0.14285 a paper; two of A's name B: 4 + 0.2857 = 4.2857.

    C (3) and D (2) go out; D's paper for C counts on to C. B is elected without the quota. B leaves: four papers at 1,
    of which three name C, and the two of A at 0.14285, which name D: C 3, D 0.2857. 3.2857 / 2 + 1 = 2.64…, so 2: C.
    """
    board = election("5 A; 2 A B D; 3 B C; 1 B; 3 C; 1 D; 1 D C", seats=2)
    counted = count(board, RULE)
    assert named(counted, counted.elected) == "A B"
    assert votes(counted, 2)["B"] == "4.2857"
    again = countback(board, RULE, 2)
    assert votes(again, 1) == {"C": "3", "D": "0.2857", "-": "1"}
    assert again.stages[0].quota == 2
    assert events(again) == ["+C"]


def test_equals_look_back_and_then_the_lot_decides() -> None:
    """B leaves; B's five papers name nobody else: C and D have nothing, at all stages. The lot favours D."""
    counted = countback(BOARD, RULE, 2, lot=Drawn(("D", "C")))
    assert votes(counted, 1) == {"C": "0", "D": "0", "-": "5"}
    assert events(counted) == ["", "xC +D"]
    assert [tie.decides for tie in counted.ties] == ["exclusion"]
    with pytest.raises(Refused) as refused:
        countback(BOARD, RULE, 2)
    assert refused.value.code == "lot_needed_exclusion"


def test_a_tie_looks_back() -> None:
    """A (9 of 14) leaves: C 3, D 2, E 4. D goes first, to E and C: C 4... with one paper each, C 4 and E 5.

    Here D's two papers name C and nobody: C 3 + 1 = 4 equals E's 4. At stage 1 C had fewer: C is excluded, E is left.
    """
    board = election("3 A C; 1 A D C; 1 A D; 4 A E; 5 B", seats=1)
    counted = countback(board, RULE, 1, contestants=[3, 4, 5])
    assert events(counted) == ["", "xD", "xC +E"]
    [tie] = counted.ties
    assert (tie.by, tie.looked_back_to, named(counted, (tie.chosen,))) == ("look_back", 1, "C")


def test_only_who_would_take_the_seat_stands() -> None:
    counted = countback(BOARD, RULE, 1, contestants=[4])
    assert votes(counted, 1) == {"D": "2.66668", "-": "3.33335"}
    assert named(counted, counted.elected) == "D"


def test_with_meek_the_papers_count_for_the_part_that_was_kept() -> None:
    """Meek's quota is 17 / 3 = 5.666…; A keeps 5.666… of its 9: each of A's papers counts for A's keep value."""
    counted = count(BOARD, "stv-meek", lot=SEED)
    keep = (counted.stages[-1].keep or {})[1]
    again = countback(BOARD, "stv-meek", 1, lot=SEED)
    assert again.stages[0].votes == {3: 5 * keep, 4: 4 * keep}
    assert abs(sum(again.stages[0].votes.values()) - counted.stages[-1].votes[1]) < Decimal("0.000001")


@pytest.mark.parametrize(
    ("rule", "left", "contestants", "code"),
    [
        ("schulze", 1, None, "countback_not_for_rule"),
        (RULE, 3, None, "countback_not_elected"),
        (RULE, 9, None, "countback_not_elected"),
        (RULE, 1, [2], "countback_cannot_stand"),
        (RULE, 1, [1], "countback_cannot_stand"),
        (RULE, 1, [9], "countback_cannot_stand"),
        (RULE, 1, [], "countback_nobody"),
    ],
)
def test_what_is_no_countback(rule: str, left: int, contestants: list[int] | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        countback(BOARD, rule, left, contestants=contestants, lot=SEED)
    assert refused.value.code == code


@COUNTS
@given(elections(), some.sampled_from([RULE, "stv-meek"]), some.data())
def test_every_vote_that_the_member_held_is_somewhere(board: Election, rule: str, data: some.DataObject) -> None:
    counted = count(board, rule, lot=SEED)
    left = data.draw(some.sampled_from(counted.elected))
    assume(len(counted.elected) < len(board.candidates))
    again = countback(board, rule, left, lot=SEED)
    assert again.elected[0] not in counted.elected
    totals = {sum(stage.votes.values()) + stage.non_transferable + stage.lost for stage in again.stages}
    assert len(totals) == 1
    # What was cut off when a surplus went on had stayed with the member.
    lost = counted.stages[-1].lost if rule == RULE else Decimal("0.000001")
    assert -Decimal("0.000001") <= totals.pop() - counted.stages[-1].votes[left] <= lost
    kept = from_json(json.loads(json.dumps(as_json(again))))
    assert verify(kept, board).findings == ()


def test_the_command_counts_back_and_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    papers, result = tmp_path / "board.blt", tmp_path / "result.json"
    papers.write_text('4 2\n5 1 3 0\n4 1 4 0\n5 2 0\n2 3 0\n1 4 0\n0\n"A"\n"B"\n"C"\n"D"\n"Board"\n', encoding="utf-8")
    asked = ("countback", "--rule", RULE, "--left", "A", papers)
    code, told, _err = call(capsys, *asked)
    assert (code, told["elected"], told["tables"]["of"]) == (0, [3], {"rule": RULE, "left": 1, "contestants": [3, 4]})
    result.write_text(json.dumps(told), encoding="utf-8")
    assert call(capsys, "verify", result, papers)[0] == 0
    result.write_text(json.dumps({**told, "elected": [4]}), encoding="utf-8")
    assert call(capsys, "verify", result, papers)[0] == 1
    for of in (
        None,
        {},
        {"rule": RULE, "left": "1", "contestants": []},
        {"rule": RULE, "left": 1, "contestants": ["C"]},
    ):
        result.write_text(json.dumps({**told, "tables": {"of": of}}), encoding="utf-8")
        assert call(capsys, "verify", result, papers)[2]["code"] == "result_malformed"
    assert call(capsys, *asked, "--stands", "D")[1]["elected"] == [4]
    assert call(capsys, *asked, "--stands", "Nobody")[2]["code"] == "name_unknown"
    assert "Countback" in call(capsys, *asked, "--format", "text")[1]


def test_the_sheet_names_the_act() -> None:
    assert "Electoral Act 1992" in sheet(countback(BOARD, RULE, 1), "nl")
