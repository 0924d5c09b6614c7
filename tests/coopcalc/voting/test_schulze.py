"""Schulze's method: the example of the paper, ties, several seats, and what it promises."""

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopcalc.voting import Constraint, Count, Election, Refused, Seeded, as_json, count, from_json
from coopcalc.voting.rules.schulze import MOST_CANDIDATES, compare, strongest_paths

from .small import board, elected, elections, names_of, renamed

LOT = Seeded("seed")

PAPER_OF_2011 = """
    5 A C B E D
    5 A D E C B
    8 B E D A C
    3 C A B E D
    7 C A E B D
    2 C B A D E
    7 D C E B A
    8 E B A D C
"""


def schulze(election: Election, lot: Seeded = LOT) -> Count:
    return count(election, "schulze", lot=lot)


def test_the_papers_own_example_of_45_voters() -> None:
    """Schulze 2011, section 3: the published tables and the order E A C B D.

    Two cells by hand. A before B: 5 + 5 + 3 + 7 = 20 papers; B before A: 8 + 2 + 7 + 8 = 25. There is no link from A
    to B, but a path A D C B: A before D on 5 + 5 + 3 + 7 + 2 + 8 = 30, D before C on 5 + 8 + 7 + 8 = 28, C before B on
    5 + 5 + 3 + 7 + 2 + 7 = 29.
    Its weakest link is 28, stronger than B's 25 to A: A beats B although more papers put B before A.
    """
    told = schulze(board(5, PAPER_OF_2011))
    assert told.tables["pairwise"] == [
        ["", "1", "2", "3", "4", "5"],
        ["1", "", "20", "26", "30", "22"],
        ["2", "25", "", "16", "33", "18"],
        ["3", "19", "29", "", "17", "24"],
        ["4", "15", "12", "28", "", "14"],
        ["5", "23", "27", "21", "31", ""],
    ]
    assert told.tables["strongest_paths"] == [
        ["", "1", "2", "3", "4", "5"],
        ["1", "", "28", "28", "30", "24"],
        ["2", "25", "", "28", "33", "24"],
        ["3", "25", "29", "", "29", "24"],
        ["4", "25", "28", "28", "", "24"],
        ["5", "25", "28", "28", "31", ""],
    ]
    assert elected(told) == "EACBD"
    assert told.tables["ranks"] == [{"rank": place, "candidates": [n]} for place, n in enumerate((5, 1, 3, 2, 4), 1)]
    assert told.ties == ()
    # E beats A by 25 to 24, and C, B and D by more: A came closest.
    first = told.stages[0].because[1]
    assert first.facts == {"candidate": 5, "other": 1, "forth": 25, "back": 24}
    assert "25" in first.sentence("nl", told.candidates)


def test_who_isnt_on_a_paper_comes_last_there_and_equal_with_the_others_who_arent() -> None:
    """3 A; 2 B C. A before B and C on 3 papers; B and C before A on 2; B before C on 2, C before B on none."""
    assert compare(board(1, "3 A\n2 B C")) == [[0, 3, 3], [2, 0, 2], [2, 0, 0]]
    told = schulze(board(3, "3 A\n2 B C"))
    assert elected(told) == "ABC"


def test_equals_for_the_last_seat_are_settled_by_lot_and_never_without() -> None:
    # A beats both others; B and C are equal: 2 papers each way.
    profile = board(2, "2 A B C\n2 A C B")
    told = schulze(profile)
    [tie] = told.ties
    assert (tie.decides, tie.tied, tie.stage) == ("seat", (2, 3), 2)
    assert told.elected == (1, tie.order[0])
    with pytest.raises(Refused) as refused:
        schulze(profile, Seeded(""))
    assert refused.value.code == "lot_needed_seat"
    # With a seat for each of them the lot only puts names in order, and needn't be drawn.
    assert set(schulze(profile.with_seats(3), Seeded("")).elected) == {1, 2, 3}


def test_a_candidate_whom_nobody_beats_goes_before_one_who_was_beaten_by_the_first() -> None:
    """A beats C, nobody else beats anybody: A and B fill two seats, whatever the lot says about B and C.

    1 A C B, 1 B A C: A before C on 2 papers, A and B are 1 to 1, B and C are 1 to 1.
    """
    told = [schulze(board(2, "1 A C B\n1 B A C"), Seeded(str(seed))) for seed in range(20)]
    assert {frozenset(one.elected) for one in told} == {frozenset({1, 2})}
    assert {tie.decides for one in told for tie in one.ties} == {"order"}


def test_what_it_cant_do_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        count(board(1, "1 A"), "schulze", constraints=[Constraint("gender", "f", least=1)])
    assert refused.value.code == "constraints_not_for_rule"
    names = [f"N{number:03}" for number in range(MOST_CANDIDATES + 1)]
    with pytest.raises(Refused) as refused:
        schulze(board(1, "\n".join(f"1 {name}" for name in names)))
    assert refused.value.code == "candidates_too_many"


def test_without_papers_everybody_is_equal() -> None:
    told = schulze(board(1, "2", names="ABC"))
    assert (told.valid, told.blank, len(told.elected)) == (0, 2, 1)
    assert told.tables["ranks"] == [{"rank": 1, "candidates": [1, 2, 3]}]


def test_json_gives_the_result_back() -> None:
    told = schulze(board(2, PAPER_OF_2011))
    assert as_json(from_json(as_json(told))) == as_json(told)


def compared_plainly(election: Election) -> list[list[int]]:
    """Compare two at a time, paper by paper."""

    def prefers(ranking: tuple[int, ...], one: int, other: int) -> bool:
        return one in ranking and (other not in ranking or ranking.index(one) < ranking.index(other))

    def papers(one: int, other: int) -> int:
        return sum(n for ranking, n in election.valid.items() if one != other and prefers(ranking, one, other))

    return [[papers(one, other) for other in election.standing] for one in election.standing]


def paths_plainly(pairwise: list[list[int]]) -> list[list[int]]:
    """Find the strongest of all paths by walking every one that visits nobody twice."""

    def walk(here: int, end: int, seen: frozenset[int], strength: int | None) -> int:
        if here == end:
            return strength or 0
        best = 0
        for following in range(len(pairwise)):
            link = pairwise[here][following]
            if following not in seen and link > pairwise[following][here]:
                weakest = link if strength is None else min(strength, link)
                best = max(best, walk(following, end, seen | {following}, weakest))
        return best

    size = range(len(pairwise))
    return [[0 if one == other else walk(one, other, frozenset({one}), None) for other in size] for one in size]


@settings(max_examples=200, deadline=None)
@given(elections(most_candidates=5))
def test_tables_are_what_their_definitions_say(election: Election) -> None:
    pairwise = compare(election)
    assert pairwise == compared_plainly(election)
    assert strongest_paths(pairwise) == paths_plainly(pairwise)


@settings(max_examples=200, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_neither_the_order_of_papers_nor_that_of_names_matters(election: Election, dice: Random) -> None:
    places = list(range(1, len(election.candidates) + 1))
    dice.shuffle(places)
    other = renamed(election, places)
    one, two = schulze(election), schulze(other)
    assert names_of(election, one.elected) == names_of(other, two.elected)
    assert len(one.elected) == min(election.seats, len(election.standing))
    for stage in one.stages:
        for reason in stage.because:
            assert all(reason.sentence(language, one.candidates) for language in ("en", "nl", "fr"))


def raised(election: Election, favourite: int, dice: Random) -> Election:
    """Give the same papers, on some of which one candidate stands further ahead, or stands at last."""
    papers: dict[tuple[int, ...], int] = {}
    for ranking, how_many in election.papers.items():
        place = ranking.index(favourite) if favourite in ranking else len(ranking)
        ahead = dice.randint(0, place)
        rest = [number for number in ranking if number != favourite]
        changed = (*rest[:ahead], favourite, *rest[ahead:])
        moved = dice.randint(0, how_many)
        for key, number in ((ranking, how_many - moved), (changed, moved)):
            if number:
                papers[key] = papers.get(key, 0) + number
    return Election(election.title, election.seats, election.candidates, papers, election.withdrawn)


@settings(max_examples=300, deadline=None)
@given(elections(), st.data(), st.randoms(use_true_random=False))
def test_more_support_never_lets_anybody_new_beat_a_candidate(
    election: Election, data: st.DataObject, dice: Random
) -> None:
    """Monotone: who is beaten by nobody stays so; for several seats, those ahead of a candidate only become fewer."""
    favourite = data.draw(st.sampled_from(election.standing))
    place = election.standing.index(favourite)

    def beaten_by(one: Election) -> set[int]:
        paths = strongest_paths(compare(one))
        return {other for other in range(len(paths)) if paths[other][place] > paths[place][other]}

    assert beaten_by(raised(election, favourite, dice)) <= beaten_by(election)


@settings(max_examples=200, deadline=None)
@given(elections())
def test_who_wins_every_comparison_is_elected_first(election: Election) -> None:
    pairwise = compare(election)
    size = range(len(pairwise))
    winners = [a for a in size if all(a == b or pairwise[a][b] > pairwise[b][a] for b in size)]
    assume(winners)
    assert schulze(election).elected[0] == election.standing[winners[0]]
