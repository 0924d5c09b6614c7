"""Scottish STV by hand: each hard corner of the order's rules 45 to 52, with the arithmetic written out."""

from hashlib import sha256

import pytest

from coopcalc.voting import Constraint, Drawn, Refused, Seeded, count
from tests.coopcalc.voting.elections import codes, election, events, named, votes

RULE = "stv-scottish"


def test_the_larger_of_two_surpluses_goes_first_and_that_decides() -> None:
    """48 papers, 4 seats: quota 48 / 5 = 9 (.6 ignored) + 1 = 10. A has 16 (surplus 6), B 13 (surplus 3).

    A first (rule 49(1)): each paper is worth 6 × 1 / 16 = 0.375; 16 × 0.375 = 6. C: 4 + 6 = 10, exactly the quota.
    Then B: 3 × 1 / 13 = 0.23076 (remainder ignored); 13 × 0.23076 = 2.99988. C has a seat, so D gets them: 9.99988.
    0.00012 is lost. E has 8 and is excluded; D is left for the last seat.

    B first would have given C its 2.99988, then A's 6: a surplus that goes to E too, who would have beaten D.
    """
    counted = count(election("16 A C; 13 B C D; 4 C E; 7 D; 8 E", seats=4), RULE)
    assert counted.quota == 10
    assert events(counted) == ["+A +B", "+C", "", "xE +D"]
    assert votes(counted, 2) == {"A": "10", "B": "13", "C": "10", "D": "7", "E": "8"}
    assert votes(counted, 3) == {"A": "10", "B": "10", "C": "10", "D": "9.99988", "E": "8", "~": "0.00012"}
    assert codes(counted.stages[1])[0] == "scottish_largest_surplus"
    assert codes(counted.stages[2])[0] == "scottish_surplus"
    assert named(counted, counted.elected) == "A B C D"


def test_a_surplus_that_arises_goes_before_a_smaller_one_that_waited() -> None:
    """45 papers, 4 seats: quota 45 / 5 + 1 = 10. A has 20 (surplus 10), B 12 (surplus 2).

    A's papers are worth 10 / 20 = 0.5 each; C gets 10: 5 + 10 = 15, a surplus of 5, more than B's 2: C's goes next.
    C's papers that came from A: 5 × 0.5 / 15 = 0.16666; 20 × 0.16666 = 3.3332 to D: 4 + 3.3332 = 7.3332.
    C's own papers: 5 × 1 / 15 = 0.33333; 5 × 0.33333 = 1.66665 to E: 5.66665. Lost: 5 - 3.3332 - 1.66665 = 0.00015.
    B last: 2 × 1 / 12 = 0.16666; 12 × 0.16666 = 1.99992 to E: 7.66657. Lost: 0.00008 more. D has fewer and is excluded.
    """
    counted = count(election("20 A C D; 12 B E; 5 C E; 4 D; 4 E", seats=4), RULE)
    assert events(counted) == ["+A +B", "+C", "", "", "xD +E"]
    assert votes(counted, 3) == {"A": "10", "B": "12", "C": "10", "D": "7.3332", "E": "5.66665", "~": "0.00015"}
    assert votes(counted, 4) == {"A": "10", "B": "10", "C": "10", "D": "7.3332", "E": "7.66657", "~": "0.00023"}


def test_a_paper_keeps_what_it_was_worth_when_it_was_received() -> None:
    """17 papers, 3 seats: quota 17 / 4 + 1 = 5. A has 9 (surplus 4): papers worth 4 / 9 = 0.44444.

    5 × 0.44444 = 2.2222 to B: 4 + 2.2222 = 6.2222, a surplus of 1.2222. 4 × 0.44444 = 1.77776 to C: 3.77776.
    Lost: 4 - 2.2222 - 1.77776 = 0.00004.
    B's papers from A were received at 0.44444: 1.2222 × 0.44444 / 6.2222 = 0.0872992…, so 0.08729; 5 of them carry
    0.43645 to D. B's own 4: 1.2222 / 6.2222 = 0.1964256…, so 0.19642; they name nobody else: 0.78568 stays behind.
    Lost: 1.2222 - 0.43645 - 0.78568 = 0.00007, 0.00011 in all. D: 2 + 0.43645 = 2.43645, fewer than C: excluded.
    """
    counted = count(election("5 A B D; 4 A C; 4 B; 2 C; 2 D", seats=3), RULE)
    assert counted.quota == 5
    assert votes(counted, 2) == {"A": "5", "B": "6.2222", "C": "3.77776", "D": "2", "~": "0.00004"}
    assert votes(counted, 3) == {
        "A": "5", "B": "5", "C": "3.77776", "D": "2.43645", "-": "0.78568", "~": "0.00011",
    }  # fmt: skip
    assert events(counted) == ["+A", "+B", "", "xD +C"]


def test_exactly_the_quota_is_elected_and_has_nothing_to_transfer() -> None:
    """11 papers, 2 seats: quota 11 / 3 + 1 = 4. A has 4: elected, for it equals the quota (rule 47(1)).

    It doesn't exceed it (rule 48(1)), so nothing of A's moves, although A's papers name D. C and D have 2, B has 3. By
    lot C is excluded; C's papers name A, who has a seat, and then D: 2 + 2 = 4, the quota, exactly again.
    """
    counted = count(election("4 A D; 3 B; 2 C A D; 2 D B", seats=2), RULE, lot=Drawn(("D", "C")))
    assert events(counted) == ["+A", "xC +D"]
    assert votes(counted, 2) == {"A": "4", "B": "3", "C": "0", "D": "4"}
    assert [(transfer.source, transfer.target) for transfer in counted.stages[1].transfers] == [(3, 4)]


def test_an_exclusion_tie_looks_back_over_several_stages() -> None:
    """23 papers, 1 seat: quota 23 / 2 + 1 = 12. Q (1) is excluded, then P (2).

              stage 1   stage 2 (Q's to X)   stage 3 (P's to X and Y)
        X        3              4                    5
        Y        4              4                    5
        Z        5              5                    5

    Three are equal. The last stage at which they weren't is 2: X and Y had fewer than Z, so it isn't Z. Between X and Y
    the same is asked again: the last stage at which they differed is 1, and X had fewer there (rule 51(2)(a)).
    """
    counted = count(election("8 W; 3 X Y; 4 Y; 5 Z W; 1 Q X; 1 P X; 1 P Y", seats=1), RULE)
    assert events(counted) == ["", "xQ", "xP", "xX", "xZ +W"]
    assert votes(counted, 4) == {"P": "0", "Q": "0", "W": "8", "X": "0", "Y": "8", "Z": "5", "-": "2"}
    [tie] = counted.ties
    assert (tie.stage, tie.decides, tie.by, tie.looked_back_to) == (4, "exclusion", "look_back", 1)
    assert named(counted, tie.tied) == "X Y Z"
    assert named(counted, (tie.chosen,)) == "X"


def test_equal_surpluses_look_back() -> None:
    """31 papers, 4 seats: quota 31 / 5 + 1 = 7. A has 14 (surplus 7): 7 / 14 = 0.5 a paper.

    B: 5 + 6 × 0.5 = 8. C: 4 + 8 × 0.5 = 8. Both have a surplus of 1. At stage 1 B had more: it goes first (rule 49(2)).
    """
    counted = count(election("6 A B D; 8 A C E; 5 B D; 4 C E; 5 D; 3 E", seats=4), RULE)
    assert votes(counted, 2) == {"A": "7", "B": "8", "C": "8", "D": "5", "E": "3"}
    assert named(counted, counted.stages[1].elected) == "B C"
    [order, surplus] = counted.ties
    assert (order.decides, order.by) == ("order", "look_back")
    assert (surplus.decides, surplus.by, surplus.looked_back_to, surplus.stage) == ("surplus", "look_back", 1, 3)
    assert counted.stages[2].transfers[0].source == 2
    assert counted.stages[3].transfers[0].source == 3


def test_equal_surpluses_that_were_always_equal_go_by_lot() -> None:
    """31 papers, 4 seats: quota 7. A has 12 (surplus 5): 5 / 12 = 0.41666 a paper.

    B: 5 + 6 × 0.41666 = 7.49996, and C the same; they were equal at stage 1 too: the lot decides (rule 49(3)).
    """
    board = election("6 A B D; 6 A C E; 5 B D; 5 C E; 5 D; 4 E", seats=4)
    counted = count(board, RULE, lot=Drawn(tuple("CB")))
    assert votes(counted, 2) == {"A": "7", "B": "7.49996", "C": "7.49996", "D": "5", "E": "4", "~": "0.00008"}
    order, surplus = counted.ties
    assert (order.decides, order.by, named(counted, order.order)) == ("order", "lot", "C B")
    assert (surplus.decides, surplus.stage, named(counted, (surplus.chosen,))) == ("surplus", 3, "C")
    assert counted.stages[2].transfers[0].source == 3
    assert [tie.because.code for tie in count(board, RULE).ties if tie.because] == ["lot_order", "lot_without_effect"]


def test_a_tie_for_the_last_place_goes_by_lot_and_only_by_lot() -> None:
    """7 papers, 2 seats: quota 7 / 3 + 1 = 3. A has 3. B and C have 2 at all stages: rule 51(2)(b).

    The lot orders them by SHA-256 of `SEED:ITEM:NAME`; the first is favoured, so the last is excluded.
    """
    board = election("3 A; 2 B; 2 C", seats=2)
    for seed in ("one", "two", "three"):
        first = min("BC", key=lambda name: sha256(f"{seed}:Board:{name}".encode()).hexdigest())
        counted = count(board, RULE, lot=Seeded(seed))
        assert named(counted, counted.elected) == f"A {first}"
        assert counted.ties[-1].hashes[2] == sha256(f"{seed}:Board:B".encode()).hexdigest()
    with pytest.raises(Refused) as refused:
        count(board, RULE)
    assert refused.value.code == "lot_needed_exclusion"
    assert refused.value.facts == {"names": "B, C", "stage": 2}


def test_candidates_are_excluded_one_at_a_time() -> None:
    """9 papers, 1 seat: quota 5. D and E have no votes. Other rules exclude both at once, this one never (50(1)).

    D or E by lot (stage 2), the other (stage 3), then C (2, the fewest): C's papers go to B: 3 + 2 = 5, the quota.
    """
    counted = count(election("4 A; 3 B; 2 C B", seats=1, candidates="A B C D E"), RULE, lot=Drawn(("D", "E")))
    assert events(counted) == ["", "xE", "xD", "xC +B"]


def test_without_a_lot_only_what_changes_nothing_is_settled() -> None:
    """D and E have no votes: whichever goes first, B is elected, so no lot is asked for; the result says so.

    Among 5 equal candidates for one seat every outcome elects somebody else: a lot is asked for.
    """
    counted = count(election("4 A; 3 B; 2 C B", seats=1, candidates="A B C D E"), RULE)
    assert named(counted, counted.elected) == "B"
    assert [tie.because.code for tie in counted.ties if tie.because] == ["lot_without_effect"]
    with pytest.raises(Refused, match="A, B, C, D, E have equally few votes at stage 2"):
        count(election("1 A; 1 B; 1 C; 1 D; 1 E", seats=1), RULE)
    # 5 candidates without votes can be drawn in 120 orders, 7 in 5,040: too many to try, so a lot is asked for.
    assert named(count(election("9 A; 8 B", seats=1, candidates="A B C D E F G"), RULE), (1,)) == "A"
    with pytest.raises(Refused, match="stage 2"):
        count(election("9 A; 8 B; 2 J B; 2 K B", seats=1, candidates="A B C D E F G H I J K"), RULE)


def test_the_last_seats_are_filled_without_a_transfer() -> None:
    """12 papers, 2 seats: quota 12 / 3 + 1 = 5. A has 5. C (3) is excluded: B alone is left for one seat.

    C's papers would have made B's 4 into 7, but no further transfer shall be made (rule 52(2)): C keeps 3 on the sheet.
    """
    counted = count(election("5 A; 4 B; 3 C B", seats=2), RULE)
    assert events(counted) == ["+A", "xC +B"]
    assert votes(counted, 2) == {"A": "5", "B": "4", "C": "3"}
    assert codes(counted.stages[1]) == ["scottish_excluded", "scottish_no_further_transfer", "scottish_last_vacancies"]


def test_a_surplus_stays_where_it_is_once_the_seats_are_filled() -> None:
    """10 papers, 2 seats, quota 4: A has 6, a surplus of 2, but only B is left for the other seat (52(2))."""
    counted = count(election("6 A B; 4 B", seats=2), RULE)
    assert len(counted.stages) == 1
    assert votes(counted, 1) == {"A": "6", "B": "4"}


def test_fewer_candidates_than_seats_leave_a_seat_empty() -> None:
    """6 papers, 3 seats, 2 candidates: quota 6 / 4 + 1 = 2. A has 5; B has 1 and is elected without the quota."""
    counted = count(election("5 A; 1 B", seats=3), RULE)
    assert named(counted, counted.elected) == "A B"
    assert codes(counted.stages[0])[1:] == ["scottish_quota_reached", "scottish_too_few"]


def test_when_all_papers_are_exhausted_the_last_are_elected_below_the_quota() -> None:
    """20 papers, 3 seats: quota 6. Nobody names a second preference. A has 9: its surplus of 3 is non-transferable,

    3 / 9 = 0.33333 a paper, 2.99997 for 9, and 0.00003 is lost. E (1) and D (2) are excluded; their papers stop too. B
    and C are left for two seats, with 4 votes each. That they are equal matters only for the order of naming them.
    """
    counted = count(election("9 A; 4 B; 4 C; 2 D; 1 E", seats=3), RULE, lot=Drawn(("C", "B")))
    assert events(counted) == ["+A", "", "xE", "xD +C +B"]
    assert votes(counted, 4) == {"A": "6", "B": "4", "C": "4", "D": "2", "E": "0", "-": "3.99997", "~": "0.00003"}
    assert counted.stages[3].transfers == ()


def test_papers_skip_whoever_has_a_seat_or_is_out() -> None:
    """14 papers, 2 seats: quota 14 / 3 + 1 = 5. A 5, exactly. D (2) is excluded: its papers name A (elected), then B.

    B: 3 + 2 = 5, elected. C keeps 4.
    """
    counted = count(election("5 A; 3 B; 4 C; 2 D A B", seats=2), RULE)
    assert events(counted) == ["+A", "xD +B"]
    assert votes(counted, 2) == {"A": "5", "B": "5", "C": "4", "D": "0"}


def test_nobody_voted() -> None:
    """Without papers the quota is 0 / 2 + 1 = 1, and every exclusion is by lot: the favoured one is left."""
    counted = count(election("", seats=1, candidates="A B C"), RULE, lot=Drawn(("B", "C", "A")))
    assert named(counted, counted.elected) == "B"
    assert [tie.decides for tie in counted.ties] == ["exclusion", "exclusion"]


def test_who_withdrew_never_stood() -> None:
    """A withdrew: 4 papers `A B` are B's; 3 papers `A` are blank. 10 valid: quota 10 / 2 + 1 = 6. B: 4 + 2 = 6."""
    board = election("4 A B; 3 A; 2 B; 4 C", seats=1).without([1])
    counted = count(board, RULE)
    assert (counted.valid, counted.blank, counted.quota) == (10, 3, 6)
    assert votes(counted, 1) == {"B": "6", "C": "4"}
    assert named(counted, counted.elected) == "B"


WOMEN = [Constraint("gender", "f", least=1)]


def test_a_seat_is_kept_for_a_woman() -> None:
    """15 papers, 2 seats: quota 6. A (m) has 6. The other seat must go to a woman: B and D are doomed and go out.

    C is left for one seat: nothing more is transferred (rule 52(2)), and C is elected with 2.
    """
    board = election("6 A; 5 B C; 2 C; 2 D", seats=2).with_traits({"C": {"gender": "f"}})
    counted = count(board, RULE, constraints=WOMEN)
    assert events(counted) == ["+A", "xD xB +C"]
    assert votes(counted, 2) == {"A": "6", "B": "5", "C": "2", "D": "2"}
    assert codes(counted.stages[1])[:2] == ["doomed", "doomed"]
    assert named(count(board, RULE), count(board, RULE).elected) == "A B"


def test_a_woman_with_the_fewest_votes_is_guarded() -> None:
    """24 papers, 3 seats: quota 7. A has 8: a surplus of 1, 0.125 a paper, makes E 5 + 1 = 6.

    C, the only woman, has 1, the fewest, but is guarded: D (4) is excluded, B gets those papers: 6 + 4 = 10, elected.
    Now the last seat is C's: E is doomed and goes out, although B's surplus of 3 is still to come; it stays with B.
    """
    board = election("8 A E; 6 B E; 1 C; 4 D B; 5 E", seats=3).with_traits({"C": {"gender": "f"}})
    counted = count(board, RULE, constraints=WOMEN)
    assert events(counted) == ["+A", "", "xD +B", "xE +C"]
    assert votes(counted, 3) == {"A": "7", "B": "10", "C": "1", "D": "0", "E": "6"}
    assert codes(counted.stages[2])[:2] == ["guarded", "scottish_excluded"]
    assert counted.constraints == [{"trait": "gender", "value": "f", "least": 1, "most": None, "candidates": [3]}]


def test_who_has_the_quota_but_may_not_be_elected_passes_everything_on() -> None:
    """20 papers, 2 seats, at most 1 from the north: quota 7. A and B, both north, have 8 and 7.

    A is elected first (more votes). B can't be any more: all 7 papers go on, at their full value, before A's surplus:
    C 3 + 7 = 10, elected.
    """
    board = election("8 A D; 7 B C; 3 C; 2 D", seats=2).with_traits({"A": {"region": "n"}, "B": {"region": "n"}})
    counted = count(board, RULE, constraints=[Constraint("region", "n", most=1)])
    assert events(counted) == ["+A", "xB +C"]
    assert votes(counted, 2) == {"A": "8", "B": "0", "C": "10", "D": "2"}
    assert codes(counted.stages[1])[0] == "doomed"


@pytest.mark.parametrize("rule", [RULE, "stv-meek"])
def test_which_of_two_equals_gets_the_one_seat_goes_by_lot(rule: str) -> None:
    """A and B, both north, have 7 each; at most one of them may be elected. Who comes first decides about a seat."""
    board = election("7 A; 7 B; 3 C; 2 D", seats=2).with_traits({"A": {"region": "n"}, "B": {"region": "n"}})
    north = [Constraint("region", "n", most=1)]
    assert named(count(board, rule, lot=Drawn(("B", "A")), constraints=north), (2,)) == "B"
    counted = count(board, rule, lot=Drawn(("B", "A", "C", "D")), constraints=north)
    assert counted.stages[0].elected == (2,)
    with pytest.raises(Refused) as refused:
        count(board, rule, constraints=north)
    assert refused.value.code == "lot_needed_seat"
