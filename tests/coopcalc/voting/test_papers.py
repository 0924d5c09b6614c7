"""What is counted: an election can't be made of what no count can mean."""

from typing import Any

import pytest

from coopcalc.voting import Candidate, Election, Refused

ANNA, BERT, CATO = Candidate(1, "Anna"), Candidate(2, "Bert"), Candidate(3, "Cato")
PEOPLE = (ANNA, BERT, CATO)


def test_papers_come_together_whatever_their_order() -> None:
    made = Election.of("Board", 2, PEOPLE, [(1, 2), (), (3,), (1, 2)])
    assert made.papers == {(1, 2): 2, (): 1, (3,): 1}
    assert made == Election.of("Board", 2, PEOPLE, [(3,), (1, 2), (1, 2), ()])
    assert (made.valid_total, made.blank_total) == (3, 1)


def test_who_withdrew_is_taken_from_every_paper() -> None:
    made = Election.of("Board", 2, PEOPLE, [(1, 2), (2,), (3, 1), (1,)]).without([1])
    assert made.standing == (2, 3)
    assert made.valid == {(2,): 2, (3,): 1}
    assert (made.valid_total, made.blank_total) == (3, 1)
    # The papers themselves stay as they are.
    assert made.papers[1, 2] == 1


@pytest.mark.parametrize(
    ("papers", "code"),
    [([(1, 4)], "candidate_unknown"), ([(0,)], "candidate_unknown"), ([(2, 1, 2)], "preference_repeated")],
)
def test_a_paper_names_candidates_once(papers: list[tuple[int, ...]], code: str) -> None:
    with pytest.raises(Refused) as refused:
        Election.of("Board", 2, PEOPLE, papers)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seats": 0}, "seats_none"),
        ({"seats": -1}, "seats_none"),
        ({"candidates": ()}, "candidates_none"),
        ({"candidates": (BERT, ANNA)}, "candidates_misnumbered"),
        ({"candidates": (ANNA, CATO)}, "candidates_misnumbered"),
        ({"candidates": (ANNA, Candidate(2, "Anna"))}, "name_repeated"),
        ({"candidates": tuple(Candidate(number, str(number)) for number in range(1, 1002))}, "candidates_too_many"),
        ({"withdrawn": frozenset({4})}, "withdrawn_unknown"),
        ({"papers": {(1,): 0}}, "count_zero"),
        ({"papers": {(1,): -1}}, "count_zero"),
    ],
)
def test_what_no_count_can_mean(changed: dict[str, Any], code: str) -> None:
    asked: dict[str, Any] = {"title": "Board", "seats": 2, "candidates": PEOPLE, "papers": {(1,): 1}, **changed}
    with pytest.raises(Refused) as refused:
        Election(**asked)
    assert refused.value.code == code


def test_traits_are_given_by_name() -> None:
    made = Election.of("Board", 2, PEOPLE, []).with_traits({"Anna": {"region": "north"}})
    assert made.with_traits({"Anna": {"gender": "f"}}).candidate(1).traits == {"region": "north", "gender": "f"}
    with pytest.raises(Refused) as refused:
        made.with_traits({"Nobody": {}})
    assert refused.value.code == "trait_of_nobody"
