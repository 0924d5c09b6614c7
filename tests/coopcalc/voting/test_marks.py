"""Approval, plurality and run-offs: papers on which names are marked."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.voting import Constraint, Count, Election, Refused, Seeded, Terms, as_json, count, from_json
from coopcalc.voting.rules.runoff import second_round

from .small import board, elected, elections, names_of, renamed

LOT = Seeded("seed")


def marked(election: Election, rule: str, *constraints: Constraint, lot: Seeded = LOT, **terms: object) -> Count:
    declared = Terms.from_json(terms) if terms else None
    return count(election, rule, lot=lot, constraints=constraints or None, terms=declared)


def votes(count: Count) -> dict[str, int]:
    return {count.candidates[number - 1]: int(has) for number, has in count.stages[0].votes.items()}


def codes(count: Count) -> list[str]:
    return [reason.code for reason in count.stages[0].because]


def test_approval_counts_every_name_on_a_paper_once() -> None:
    """4 A B, 3 B C, 2 C, 1 A: A has 4 + 1 = 5, B 4 + 3 = 7, C 3 + 2 = 5. B is first; A and C are equal for a seat."""
    told = marked(board(2, "4 A B\n3 B C\n2 C\n1 A"), "approval")
    assert votes(told) == {"A": 5, "B": 7, "C": 5}
    assert told.elected[0] == 2
    [tie] = told.ties
    assert (tie.decides, tie.tied, tie.by) == ("seat", (1, 3), "lot")
    assert told.elected[1] == tie.order[0]


def test_plurality_for_one_seat_counts_the_first_name_of_a_ranking() -> None:
    """No limit was declared, so the papers are rankings: A 4, B 3, C 2."""
    told = marked(board(1, "4 A B C\n3 B C\n2 C B"), "plurality")
    assert (votes(told), elected(told), told.invalid) == ({"A": 4, "B": 3, "C": 2}, "A", 0)
    assert codes(told) == ["plurality_first_counted", "marks_elected"]


def test_a_block_vote_has_as_many_votes_as_seats_and_papers_with_more_are_invalid() -> None:
    """Two seats, two names at most: 4 A B, 3 B C, 2 C; 5 papers with A C D are invalid, 1 is blank. B 7, C 5, A 4."""
    told = marked(board(2, "4 A B\n3 B C\n2 C\n5 A C D\n1"), "plurality", most=2)
    assert (told.valid, told.invalid, told.blank) == (9, 5, 1)
    assert (votes(told), elected(told)) == ({"A": 4, "B": 7, "C": 5, "D": 0}, "BC")
    assert told.stages[0].because[0].facts == {"invalid": 5, "least": 1, "most": 2}
    assert as_json(told)["invalid"] == 5


def test_a_paper_with_too_few_names_is_invalid_and_a_blank_one_is_blank() -> None:
    told = marked(board(1, "2 A B\n3 A\n1"), "approval", least=2)
    assert (told.valid, told.invalid, told.blank, votes(told)) == (2, 3, 1, {"A": 2, "B": 2})


def test_a_paper_is_judged_as_it_was_marked_although_somebody_withdrew() -> None:
    """At most two names. A B W names three: invalid, also after W withdrew. W alone: blank. A W: a vote for A."""
    told = marked(board(1, "2 A B W\n3 W\n4 A W", withdrawn="W"), "approval", most=2)
    assert (told.valid, told.invalid, told.blank, votes(told)) == (4, 2, 3, {"A": 4, "B": 0})


def test_in_a_ranking_the_place_of_who_withdrew_goes_to_the_next() -> None:
    told = marked(board(1, "5 W B\n4 A", withdrawn="W"), "plurality")
    assert votes(told) == {"A": 4, "B": 5}


def test_a_seat_that_needs_a_part_of_the_papers_stays_empty_without_it() -> None:
    """Three seats, a quarter of 8 valid papers: 2 votes. A has 5, B exactly 2, C 1: a seat stays empty.

    More than a quarter would be 3 votes: B is out too.
    """
    profile = board(3, "5 A\n2 B\n1 C")
    told = marked(profile, "approval", needed="1/4")
    assert (elected(told), codes(told)[-2:]) == ("AB", ["marks_too_few", "seats_empty"])
    assert told.stages[0].because[-2].facts == {"candidate": 3, "votes": 1, "needed": 2}
    assert elected(marked(profile, "approval", needed="1/4", strict=True)) == "A"
    # Nine papers: a quarter is 2.25 votes, so 3.
    assert elected(marked(board(3, "6 A\n2 B\n1 C"), "approval", needed="1/4")) == "A"


def test_votes_that_nobody_needs_to_have_still_give_no_seat_short_of_candidates() -> None:
    told = marked(board(4, "2 A\n1 B"), "plurality", most=4)
    assert (elected(told), codes(told)[-1]) == ("AB", "seats_empty")


def test_the_last_seat_goes_to_the_woman_with_most_votes_not_to_the_third_man() -> None:
    """Three seats, at least one woman. Men A 9, B 8, C 7; women D 3, E 2: A, B, then D. C would fill the seats."""
    traits = [{"gender": word} for word in "mmmff"]
    told = marked(board(3, "9 A\n8 B\n7 C\n3 D\n2 E", traits=traits), "approval", Constraint("gender", "f", least=1))
    assert elected(told) == "ABD"
    passed = next(reason for reason in told.stages[0].because if reason.code == "marks_passed_over")
    assert passed.facts == {"candidate": 3, "votes": 7, "constraints": "gender f: min. 1"}
    assert told.constraints == [{"trait": "gender", "value": "f", "least": 1, "most": None, "candidates": [4, 5]}]


def test_a_tie_of_which_only_one_can_be_elected_is_about_a_seat_although_seats_are_left() -> None:
    """Three seats, at most one from the north. A and B, both from the north, have 5 each, C and D fewer."""
    traits = [{"region": word} for word in "nnss"]
    told = marked(board(3, "5 A\n5 B\n3 C\n2 D", traits=traits), "plurality", Constraint("region", "n", most=1), most=1)
    assert [(tie.decides, tie.tied) for tie in told.ties] == [("seat", (1, 2))]
    assert set(told.elected) - {1, 2} == {3, 4}


def test_a_reserved_seat_stays_empty_when_nobody_it_is_for_has_the_votes() -> None:
    """Two seats, one woman at least, half of the papers needed. A and B have them, D (the only woman) doesn't."""
    traits = [{"gender": word} for word in "mmf"]
    profile = board(2, "6 A B\n2 A\n1 D", traits=traits)
    told = marked(profile, "approval", Constraint("gender", "f", least=1), needed="1/2")
    assert (elected(told), codes(told)[-1]) == ("A", "seats_empty")


def test_more_than_half_wins_the_first_round_and_exactly_half_doesnt() -> None:
    assert elected(marked(board(1, "6 A\n3 B\n2 C"), "runoff")) == "A"
    told = marked(board(1, "5 A\n3 B\n2 C"), "runoff")
    assert (told.elected, told.tables["through"]) == ((), [1, 2])
    assert told.stages[0].because[1].facts == {"vacancies": 1, "needed": 6}


def test_the_second_round_is_an_election_of_its_own() -> None:
    """5 A, 3 B, 4 C: A and C go on. In the second round, renumbered 1 and 2, C gets 7 of 13."""
    profile = board(1, "5 A\n3 B\n4 C")
    first = marked(profile, "runoff")
    second = second_round(first, profile, {(1,): 6, (2,): 7})
    assert second.names == ("A", "C")
    assert elected(marked(second, "plurality", most=1)) == "C"
    with pytest.raises(Refused) as refused:
        second_round(marked(board(1, "1 A"), "runoff"), profile, {})
    assert refused.value.code == "runoff_over"


def test_how_many_go_on_and_what_happens_to_equals_is_data() -> None:
    """8 A, 3 B, 3 C, 2 D of 16: A has exactly half. B and C are equal for the second place."""
    profile = board(1, "8 A\n3 B\n3 C\n2 D")
    told = marked(profile, "runoff")
    [tie] = told.ties
    assert (told.tables["through"], tie.tied, tie.decides) == ([1, tie.chosen], (2, 3), "seat")
    assert marked(profile, "runoff", equals_through=True, lot=Seeded("")).tables["through"] == [1, 2, 3]
    assert marked(profile, "runoff", through=3).tables["through"] == [1, 2, 3]
    with pytest.raises(Refused):
        marked(profile, "runoff", lot=Seeded(""))


def test_a_run_off_for_two_seats_asks_two_per_seat_that_is_left() -> None:
    """Two names at most; 10 papers. A is on 7: elected. B 5, C 4, D 2: for the other seat B and C go on."""
    told = marked(board(2, "4 A B\n3 A C\n1 B C\n2 D"), "runoff", most=2)
    assert (elected(told), told.tables["through"]) == ("A", [2, 3])


def test_what_rules_dont_know_is_refused() -> None:
    profile = board(1, "1 A")
    with pytest.raises(Refused) as refused:
        marked(profile, "stv-meek", most=1)
    assert refused.value.code == "terms_not_for_rule"
    with pytest.raises(Refused) as refused:
        marked(profile, "runoff", Constraint("gender", "f", least=1))
    assert refused.value.code == "constraints_not_for_rule"


@pytest.mark.parametrize(
    "told",
    [
        {"least": 0},
        {"least": 3, "most": 2},
        {"needed": "5/4"},
        {"needed": "1", "strict": True},
        {"needed": 0.5},
        {"needed": "1/0"},
        {"most": "2"},
        {"strict": 1},
        {"through": 1},
        {"unknown": 1},
        ["least"],
    ],
)
def test_terms_that_cant_be_are_refused(told: object) -> None:
    with pytest.raises(Refused) as refused:
        Terms.from_json(told)
    assert refused.value.code == "terms_malformed"


def test_terms_and_results_come_back_from_json() -> None:
    declared = Terms(2, 3, Fraction(1, 3), strict=True, through=3, equals_through=True)
    assert Terms.from_json(declared.as_json()) == declared
    assert Terms().as_json() == {}
    told = marked(board(2, "4 A B\n3 B C\n2 C"), "approval", most=2)
    assert as_json(from_json(as_json(told))) == as_json(told)


rules = st.sampled_from(["approval", "plurality", "runoff"])


@settings(max_examples=200, deadline=None)
@given(elections(), rules, st.randoms(use_true_random=False))
def test_neither_the_order_of_papers_nor_that_of_names_matters(election: Election, rule: str, dice: Random) -> None:
    places = list(range(1, len(election.candidates) + 1))
    dice.shuffle(places)
    other = renamed(election, places)
    one, two = marked(election, rule), marked(other, rule)
    assert names_of(election, one.elected) == names_of(other, two.elected)
    assert names_of(election, one.tables.get("through", ())) == names_of(other, two.tables.get("through", ()))
    if rule != "runoff":
        assert len(one.elected) == min(election.seats, len(election.standing))
    for reason in one.stages[0].because:
        assert all(reason.sentence(language, one.candidates) for language in ("en", "nl", "fr"))


@settings(max_examples=200, deadline=None)
@given(elections(), rules, st.data())
def test_a_paper_more_for_a_candidate_never_takes_the_seat_away(
    election: Election, rule: str, data: st.DataObject
) -> None:
    """Monotone: one more paper with one name only, or that name put on a paper that hasn't got it."""
    before = marked(election, rule)
    # A paper more also asks for more votes in a first round, so there only what is on the papers changes.
    changes = [("add", number) for number in before.elected if rule != "runoff"]
    changes += [("more", number) for number in before.elected if rule == "approval"]
    if not changes:
        return
    what, number = data.draw(st.sampled_from(changes))
    papers = dict(election.papers)
    if what == "add":
        papers[number,] = papers.get((number,), 0) + 1
    else:
        for ranking in [one for one in papers if number not in one]:
            papers[*ranking, number] = papers.get((*ranking, number), 0) + papers.pop(ranking)
    after = marked(Election(election.title, election.seats, election.candidates, papers, election.withdrawn), rule)
    assert number in after.elected


constraint = st.sampled_from(
    [Constraint("gender", "f", least=1), Constraint("gender", "m", most=1), Constraint("region", "n", least=1, most=2)]
)


@settings(max_examples=200, deadline=None)
@given(elections(with_traits=True), st.lists(constraint, min_size=1, max_size=3, unique_by=str))
def test_reserved_seats_change_no_more_than_they_must(election: Election, constraints: list[Constraint]) -> None:
    """Of all sets that keep the constraints, the elected are the best: most votes first, compared place by place."""
    filled = min(election.seats, len(election.standing))

    def keeps(some: tuple[int, ...]) -> bool:
        having = [sum(election.candidate(n).traits.get(one.trait) == one.value for n in some) for one in constraints]
        return all(
            one.least <= number <= (filled if one.most is None else one.most)
            for one, number in zip(constraints, having, strict=True)
        )

    good = [some for some in combinations(election.standing, filled) if keeps(some)]
    if not good:
        with pytest.raises(Refused) as refused:
            marked(election, "approval", *constraints)
        assert refused.value.code.startswith("constraint")
        return
    told = marked(election, "approval", *constraints)
    has = told.stages[0].votes
    best = max(sorted((has[number] for number in some), reverse=True) for some in good)
    assert keeps(told.elected)
    assert sorted((has[number] for number in told.elected), reverse=True) == best
