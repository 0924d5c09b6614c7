"""Meek's method: worked by hand, beside the reference count of 1997, and its invariants."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.voting import NON_TRANSFERABLE, Constraint, Count, Election, Refused, Seeded, Stage, count, read_path
from coopcalc.voting.rules import stv_meek

from .small import board, elected, elections, names_of, renamed

SHARED = Path(os.environ.get("COOPWERF_SHARED", "../shared")) / "data" / "stv"
LOT = Seeded("seed")
BILLION = 10**9


def meek(election: Election, *constraints: Constraint, lot: Seeded = LOT) -> Count:
    return count(election, "stv-meek", lot=lot, constraints=constraints or None)


def refusal(election: Election, *constraints: Constraint) -> str:
    try:
        meek(election, *constraints)
    except Refused as refused:
        return refused.code
    return ""


def codes(stage: Stage) -> list[str]:
    return [reason.code for reason in stage.because]


def figures(stage: Stage) -> list[str]:
    return [str(votes) for _number, votes in sorted(stage.votes.items())]


@pytest.mark.skipif(not SHARED.is_dir(), reason="proof not run: the model election of 1997 isn't here")
def test_the_model_election_of_1997_is_counted_as_the_reference_count_says() -> None:
    reference = json.loads((SHARED / "ers97_meek_reference.json").read_text())
    told = meek(read_path(SHARED / "ers97.blt"))
    rounded = {str(stage.number): float(stage.quota.quantize(Decimal("0.01"))) for stage in told.stages if stage.quota}
    assert {number: rounded[number] for number in reference["quota"]} == reference["quota"]
    last = told.stages[-1]
    assert float(round(last.non_transferable, 2)) == reference["last_stage"]["exhausted"]
    for name in ("Abbot", "Vicar"):
        assert float(round(last.votes[told.candidates.index(name) + 1], 2)) == reference["last_stage"][name]
    assert [names for stage in told.stages for names in [told.candidates[n - 1] for n in stage.excluded]] == reference[
        "excluded"
    ]
    # The reference names those of one stage in the order of the papers' file; we name who has most votes first.
    by_stage = [sorted(told.candidates[n - 1] for n in stage.elected) for stage in told.stages if stage.elected]
    left = list(reference["elected"])
    assert by_stage == [sorted(left.pop(0) for _ in stage) for stage in by_stage]
    assert by_stage == [["Smith"], ["Duke"], ["Carpenter"], ["Freeman", "Prince"], ["Vicar"]]


def test_a_keep_value_worked_by_hand_until_it_settles() -> None:
    """Two seats; 8 A B, 4 A, 3 B, 3 C.

    18 papers, quota 18/3 = 6. A has 12, is elected, and needs only half: keep 6/12 = 0.5.
      A keeps 12 * 0.5 = 6. Of 8 A B, 8 * 0.5 = 4 go to B, who has 7. Of 4 A, 4 * 0.5 = 2 go to nobody.
      Quota (18 - 2)/3 = 5.333333334, rounded up. A has more than that: keep 0.5 * 5.333333334/6 = 0.4444444445.
    The next values are found the same way. They settle where A keeps exactly the quota: with keep k, A has 12k, nobody
    has 4(1 - k), the quota is (18 - 4 + 4k)/3. 36k = 14 + 4k gives k = 14/32 = 0.4375: quota 5.25, B 3 + 8 * 0.5625 =
    7.5, nobody 2.25, C 3. B reaches the quota.
    """
    told = meek(board(2, "8 A B\n4 A\n3 B\n3 C"))
    first, second = told.stages
    assert (str(first.quota), first.elected, first.keep) == ("6.000000000", (1,), {1: 1})
    assert second.elected == (2,)
    assert second.because[0].facts["candidates"] == [1]
    assert second.quota is not None
    assert second.keep is not None
    # A has the quota to a hundred-thousandth part.
    assert second.quota <= second.votes[1] <= second.quota * Decimal("1.00001")
    limits = {
        second.keep[1]: Fraction(14, 32),
        second.quota: Fraction("5.25"),
        second.votes[2]: Fraction("7.5"),
        second.non_transferable: Fraction("2.25"),
    }
    for found, limit in limits.items():
        assert abs(Fraction(found) - limit) < Fraction(1, 10_000)
    assert second.votes[3] == 3
    assert elected(told) == "AB"


def test_a_surplus_that_all_goes_on_is_settled_by_one_computation() -> None:
    """Three seats; 12 A B, 3 B, 2 C, 1 D: 18 papers, quota 4.5.

    Stage 1: A has 12 and is elected.
    Stage 2: keep 4.5/12 = 0.375: A has 4.5, the other 7.5 go to B, who has 10.5 and is elected. Nothing went to nobody,
    so the quota stays 4.5, and A has it exactly.
    Stage 3: B's surplus has nowhere to go, so the quota falls. Say it settles at q, with A and B having q each. Nobody
    receives what A, B, C and D don't have: q = (q + q + 2 + 1)/4, so q = 1.5. C has 2 and is elected.
    """
    told = meek(board(3, "12 A B\n3 B\n2 C\n1 D"))
    assert figures(told.stages[1]) == ["4.500000000", "10.500000000", "2.000000000", "1.000000000"]
    assert (told.stages[1].keep, told.stages[1].elected) == ({1: Decimal("0.375"), 2: 1}, (2,))
    assert told.stages[1].because[0].facts["times"] == 1
    assert [(move.source, move.target, str(move.votes)) for move in told.stages[1].transfers] == [(1, 2, "7.500000000")]
    assert told.stages[2].quota is not None
    assert abs(told.stages[2].quota - Decimal("1.5")) < Decimal("0.0001")
    assert elected(told) == "ABC"


def test_who_has_exactly_the_quota_is_elected() -> None:
    """Two seats, 9 papers: the quota is 3, not more. A and B have 3 and are elected; C and D share the rest."""
    told = meek(board(2, "3 A\n3 B\n2 C\n1 D"))
    assert [stage.elected for stage in told.stages] == [(1, 2)] or [stage.elected for stage in told.stages] == [(2, 1)]
    assert str(told.quota) == "3.000000000"


def test_who_lacks_only_what_rounding_took_has_the_quota() -> None:
    """Two seats, 12 papers: the quota is 4. A has 7, keeps 4/7 of each vote, and passes 3/7 of seven to B: 1 + 3 = 4.

    In billionths A keeps 0.571428572, so B has 1 + 7 × 0.428571428 = 3.999999996. E would go out next, and C have 4.
    """
    told = meek(board(2, "7 A B\n1 B\n3 C D\n1 E C"))
    assert elected(told) == "AB"
    assert [stage.excluded for stage in told.stages] == [(), ()]
    assert str(told.stages[1].votes[2]) == "3.999999996"
    assert "meek_quota_rounded" in codes(told.stages[1])


def test_a_quota_that_isnt_a_billionth_is_rounded_up_so_that_one_too_many_cant_reach_it() -> None:
    """Two seats, 10 papers: 10/3 = 3.3333333334. Nobody has it with 3 papers; with 4, A has."""
    told = meek(board(2, "4 A\n3 B\n3 C"))
    assert (str(told.stages[0].quota), told.stages[0].elected) == ("3.333333334", (1,))


def test_the_multi_way_tie_excludes_one_by_lot_instead_of_filling_a_seat_too_many() -> None:
    """Two seats, 9 papers: A, B and C have 3 each, exactly the quota, for two seats. D has nothing and goes first.

    Then A, B and C were equal at all stages: the lot decides. Whoever it favours least is excluded, the others stay.
    """
    told = meek(board(2, "3 A\n3 B\n3 C", names="D"))
    assert [stage.excluded for stage in told.stages[:2]] == [(), (4,)]
    assert "meek_too_many" in codes(told.stages[0])
    [tie] = [one for one in told.ties if one.decides == "exclusion"]
    assert (tie.by, tie.tied, len(tie.hashes)) == ("lot", (1, 2, 3), 3)
    assert set(told.elected) == {1, 2, 3} - {tie.order[-1]}
    with pytest.raises(Refused) as refused:
        meek(board(2, "3 A\n3 B\n3 C", names="D"), lot=Seeded(""))
    assert refused.value.code == "lot_needed_exclusion"


def test_a_tie_falls_on_who_was_behind_at_the_first_difference_not_at_the_last() -> None:
    """One seat, 20 papers, quota 10; B and C are equal after two exclusions.

    Stage 1: A 8, B 4, C 5, D 2, E 1.
    Stage 2: E (1 paper, E B) is excluded: B 5, C 5 are equal, D 2.
    Stage 3: D (1 D B, 1 D C) is excluded: B 6, C 6 are equal.
    Stage 4: the lowest are B and C with 6. At the first stage B had 4 and C 5: B is excluded.
    """
    told = meek(board(1, "8 A\n4 B\n5 C\n1 D B\n1 D C\n1 E B"))
    assert [figures(stage)[:3] for stage in told.stages[:3]] == [
        ["8.000000000", "4.000000000", "5.000000000"],
        ["8.000000000", "5.000000000", "5.000000000"],
        ["8.000000000", "6.000000000", "6.000000000"],
    ]
    assert told.stages[3].excluded == (2,)
    [tie] = told.ties
    assert (tie.by, tie.looked_back_to, tie.chosen, tie.tied) == ("look_back", 1, 2, (2, 3))
    assert tie.because is not None
    assert "stage 1; there B had the fewest, 4," in tie.because.sentence("en", told.candidates)


def test_a_seat_never_hangs_on_the_last_billionth() -> None:
    """Three seats; 4 C, 11 B D E, 2 E C A B D, 3 A D E B C: 20 papers, quota 5.

    B has 11 and passes 6 on to D, who passes 1 on to E: E then has 2 + 1 = 3, as many as A. In billionths B keeps
    0.454545455 of 11, a little too much, D keeps a little too little, and E gets 3.000000001. That is rounding, not a
    vote: A and E are tied. At the first stage E had 2 and A 3, so E is excluded.
    """
    told = meek(board(3, "4 C\n11 B D E\n2 E C A B D\n3 A D E B C"))
    assert figures(told.stages[2]) == ["3.000000000", "5.000000005", "4.000000000", "4.999999994", "3.000000001"]
    [tie] = told.ties
    assert (tie.tied, tie.by, tie.looked_back_to, tie.chosen) == ((1, 5), "look_back", 1, 5)
    assert told.stages[3].excluded == (5,)


def test_fewer_candidates_than_seats_are_all_elected() -> None:
    told = meek(board(4, "3 A B\n1 B", names="C"))
    assert (elected(told), codes(told.stages[-1])[-1]) == ("ABC", "meek_too_few")


def test_without_a_valid_paper_seats_are_filled_by_lot() -> None:
    told = meek(board(2, "3", names="ABC"))
    assert (told.valid, told.blank, len(told.elected), told.quota) == (0, 3, 2, 0)
    assert {tie.by for tie in told.ties} == {"lot"}


def test_when_all_papers_are_exhausted_the_quota_falls_with_them() -> None:
    """Two seats; 9 A, 1 B. A passes 6 of 9 on to nobody, the quota falls to (10 - 6)/3, A passes more on, and so on.

    With keep k: nobody has 9(1 - k), the quota is (1 + 9k)/3 = 9k: k = 1/18, the quota is 0.5, and B reaches it.
    """
    told = meek(board(2, "9 A\n1 B", names="C"))
    assert elected(told) == "AB"
    assert abs(told.stages[1].votes[1] - Decimal("0.5")) < Decimal("0.0001")


def test_the_withdrawn_are_passed_over_as_if_they_had_never_stood() -> None:
    with_them, without = board(2, "5 W A\n3 B W\n2 C\n2 W", withdrawn="W"), board(2, "5 A\n3 B\n2 C\n2")
    one, other = meek(with_them), meek(without)
    assert elected(one) == elected(other)
    assert [figures(stage) for stage in one.stages] == [figures(stage) for stage in other.stages]


def test_a_woman_is_guarded_and_a_man_with_the_quota_is_doomed() -> None:
    """Two seats, at least one woman. Men: A 9, B 7; women: C 2, D 1. 19 papers, quota 6.333333334.

    A is elected; B has the quota too, but with A and B the two seats would be full without a woman: B is doomed and
    excluded. D then has the fewest votes, but C and D aren't guarded one by one: D is excluded, C gets the seat.
    """
    traits = [{"gender": word} for word in "mmff"]
    told = meek(board(2, "9 A\n7 B D\n2 C\n1 D", traits=traits), Constraint("gender", "f", least=1))
    assert told.stages[0].elected == (1,)
    assert told.stages[1].excluded == (2,)
    assert codes(told.stages[1])[0] == "doomed"
    assert "gender f: min. 1" in told.stages[1].because[0].sentence("fr", told.candidates)
    # B's papers go to D, who has 8 and is elected.
    assert elected(told) == "AD"
    assert told.constraints == [{"trait": "gender", "value": "f", "least": 1, "most": None, "candidates": [3, 4]}]


def test_the_last_woman_isnt_excluded_although_she_has_the_fewest_votes() -> None:
    """Three seats, at least one woman: D, with 2 votes. 24 papers, quota 6: A has it exactly.

    D has the fewest votes, but without D the seats can't be filled with a woman: F, with 3, is excluded.
    """
    traits = [{"gender": word} for word in "mmmfmm"]
    told = meek(board(3, "6 A\n5 B\n4 C\n2 D\n4 E\n3 F", traits=traits), Constraint("gender", "f", least=1))
    assert (told.stages[1].excluded, codes(told.stages[1])) == ((6,), ["guarded", "meek_excluded"])
    assert told.stages[1].because[0].facts == {"candidate": 4, "votes": "2", "constraints": "gender f: min. 1"}
    assert 4 in told.elected


def one_by_one(election: Election, stage: Stage, continuing: set[int]) -> tuple[dict[int, int], int, int]:
    """Count again from a stage's keep values, paper by paper, in whole billionths."""
    assert stage.keep is not None
    keep = {number: int(kept * BILLION) for number, kept in stage.keep.items()}
    keep |= dict.fromkeys(continuing, BILLION)
    votes, nobody = dict.fromkeys(election.standing, 0), 0
    for ranking, how_many in election.valid.items():
        left = BILLION
        for number in ranking:
            kept = -(-left * keep.get(number, 0) // BILLION)
            votes[number] += kept * how_many
            left -= kept
        nobody += left * how_many
    return votes, nobody, -(-(sum(votes.values())) // (election.seats + 1))


@settings(max_examples=300, deadline=None)
@given(elections())
def test_every_stage_follows_from_its_keep_values_and_from_the_stage_before(election: Election) -> None:
    told = meek(election)
    assert len(told.elected) == min(election.seats, len(election.standing))
    assert len(set(told.elected)) == len(told.elected)
    out: set[int] = set()
    before: dict[int, Decimal] | None = None
    for stage in told.stages:
        out |= set(stage.excluded)
        continuing = (
            set(election.standing) - out - {number for one in told.stages[: stage.number] for number in one.elected}
        )
        votes, nobody, quota = one_by_one(election, stage, continuing)
        assert {number: int(has * BILLION) for number, has in stage.votes.items()} == votes
        assert stage.non_transferable * BILLION == nobody
        assert stage.quota is not None
        assert stage.quota * BILLION == quota
        assert stage.lost == 0
        assert sum(stage.votes.values()) + stage.non_transferable == election.valid_total
        if before is not None:
            after = dict(before)
            for move in stage.transfers:
                assert move.votes > 0
                after[move.source] -= move.votes
                if move.target != NON_TRANSFERABLE:
                    after[int(move.target)] += move.votes
            assert after == stage.votes
        before = dict(stage.votes)
        for reason in stage.because:
            for language in ("en", "nl", "fr"):
                assert reason.sentence(language, told.candidates)


@contextmanager
def places(decimals: int) -> Iterator[None]:
    """Let Meek's method compute with so many decimals, and go on until a difference is that small."""
    before = stv_meek.PLACES, stv_meek.ONE, stv_meek.NEAR
    try:
        stv_meek.PLACES, stv_meek.ONE, stv_meek.NEAR = decimals, 10**decimals, 10 ** (decimals - 10)  # type: ignore[misc]
        yield
    finally:
        stv_meek.PLACES, stv_meek.ONE, stv_meek.NEAR = before  # type: ignore[misc]


@settings(max_examples=100, deadline=None)
@given(elections())
def test_billionths_elect_and_exclude_the_same_people_as_forty_decimals(election: Election) -> None:
    usual = meek(election)
    with places(40):
        precise = meek(election)
    assert set(usual.elected) == set(precise.elected)
    assert [one for stage in usual.stages for one in stage.excluded] == [
        one for stage in precise.stages for one in stage.excluded
    ]


@settings(max_examples=150, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_neither_the_order_of_papers_nor_that_of_names_matters(election: Election, dice: Random) -> None:
    places = list(range(1, len(election.candidates) + 1))
    dice.shuffle(places)
    papers = list(election.papers.items())
    dice.shuffle(papers)
    other = renamed(
        Election(election.title, election.seats, election.candidates, dict(papers), election.withdrawn), places
    )
    one, two = meek(election), meek(other)
    assert names_of(election, one.elected) == names_of(other, two.elected)
    for first, second in zip(one.stages, two.stages, strict=True):
        assert {places[number - 1]: votes for number, votes in first.votes.items()} == second.votes
        assert names_of(election, first.excluded) == names_of(other, second.excluded)
        assert [reason.code for reason in first.because] == [reason.code for reason in second.because]


@settings(max_examples=200, deadline=None)
@given(elections(most_candidates=5))
def test_whoever_solidly_supports_some_candidates_gets_the_seats_of_their_number(election: Election) -> None:
    """Droop's proportionality: more than k quotas that put the same candidates first elect k of these, or all."""
    chosen = set(meek(election).elected)
    for size in range(1, len(election.standing) + 1):
        for some in combinations(election.standing, size):
            solid = sum(
                how_many
                for ranking, how_many in election.valid.items()
                if len(ranking) >= size and set(ranking[:size]) == set(some)
            )
            due = max(
                (k for k in range(election.seats + 1) if solid * (election.seats + 1) > k * election.valid_total),
                default=0,
            )
            assert len(chosen & set(some)) >= min(due, size)


constraint = st.sampled_from(
    [Constraint("gender", "f", least=1), Constraint("gender", "m", most=1), Constraint("region", "n", least=1, most=2)]
)


@settings(max_examples=200, deadline=None)
@given(elections(with_traits=True), st.lists(constraint, min_size=1, max_size=3, unique_by=str))
def test_constraints_are_kept_or_refused(election: Election, constraints: list[Constraint]) -> None:
    if refusal(election, *constraints):
        assert refusal(election, *constraints).startswith("constraint")
        return
    told = meek(election, *constraints)
    assert len(told.elected) == min(election.seats, len(election.standing))
    for one in constraints:
        having = sum(election.candidate(number).traits.get(one.trait) == one.value for number in told.elected)
        assert one.least <= having <= (having if one.most is None else one.most)
