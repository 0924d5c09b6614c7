"""Reserved seats: what can be kept, who is guarded, who is doomed; compared with trying every set of elected."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.voting import Candidate, Constraint, Election, Refused
from coopcalc.voting.constraints import Keeper


def election(seats: int, *traits: Mapping[str, str]) -> Election:
    candidates = tuple(Candidate(number, f"C{number}", traits=one) for number, one in enumerate(traits, 1))
    return Election("Board", seats, candidates, {(1,): 1})


def people(text: str) -> list[dict[str, str]]:
    """`fn ms` is a woman from the north and a man from the south."""
    return [dict(zip(("gender", "region", "class"), word, strict=False)) for word in text.split()]


def kept(board: Election, constraints: Sequence[Constraint], elected: Sequence[int]) -> bool:
    def having(one: Constraint) -> int:
        return sum(board.candidate(number).traits.get(one.trait) == one.value for number in elected)

    return all(one.least <= having(one) <= (len(elected) if one.most is None else one.most) for one in constraints)


def test_as_soon_as_two_men_are_elected_the_third_is_doomed_and_the_last_woman_guarded() -> None:
    # Three seats, at least one woman. Candidates: 1 and 2 are women, 3, 4 and 5 men.
    board = election(3, *people("f f m m m"))
    keeper = Keeper(board, [Constraint("gender", "f", least=1)])
    assert keeper.doomed((), (1, 2, 3, 4, 5)) == frozenset()
    assert keeper.doomed((3, 4), (1, 2, 5)) == {5}
    assert keeper.guarded((3, 4), (1, 2, 5)) == frozenset()
    assert keeper.guarded((3,), (1, 4, 5)) == {1}
    assert keeper.dooming(5, (3, 4), (1, 2, 5)) == (Constraint("gender", "f", least=1),)
    assert keeper.guarding(1, (3,), (1, 4, 5)) == (Constraint("gender", "f", least=1),)


def test_the_example_with_which_the_method_was_published() -> None:
    """Hill's example, as Otten tells it: 14 seats, 7 English, 6 Scottish, 1 Welsh; 7 men, 7 women.

    Two English men and the Welsh man are elected, nobody Scottish yet, and two Scottish women are left. Six Scottish
    are due, so at least four Scottish men; with three men elected of seven, exactly four. So both Scottish women are
    guarded and the two English men who are left are doomed; so is the Welsh woman, for the Welsh seat is taken.
    """
    groups = {"EM": 4, "EW": 7, "SM": 6, "SW": 3, "WM": 1, "WW": 1}
    people = [group for group, how_many in groups.items() for _ in range(how_many)]
    board = election(14, *({"nation": group[0], "gender": group[1]} for group in people))
    of = {group: [number for number, one in enumerate(people, 1) if one == group] for group in groups}
    nations = [Constraint("nation", nation, number, number) for nation, number in (("E", 7), ("S", 6), ("W", 1))]
    keeper = Keeper(board, [*nations, Constraint("gender", "M", 7, 7), Constraint("gender", "W", 7, 7)])
    elected = [*of["EM"][:2], *of["WM"]]
    continuing = set(board.standing) - {*elected, of["SW"][0]}
    assert keeper.guarded(elected, continuing) == set(of["SW"][1:])
    assert keeper.doomed(elected, continuing) == {*of["EM"][2:], *of["WW"]}


def test_two_traits_can_doom_together_what_neither_dooms_alone() -> None:
    # Two seats: one woman at least, one from the south at least. 1 is a man from the north, 2 a woman from the north,
    # 3 a man from the south, 4 a woman from the south. With 1 elected, only 4 brings both in the one seat that is left.
    board = election(2, *people("mn fn ms fs"))
    keeper = Keeper(board, [Constraint("gender", "f", least=1), Constraint("region", "s", least=1)])
    assert keeper.doomed((), (1, 2, 3, 4)) == frozenset()
    assert keeper.doomed((1,), (2, 3, 4)) == {2, 3}
    assert keeper.guarded((1,), (2, 3, 4)) == {4}
    assert keeper.dooming(3, (1,), (2, 3, 4)) == (Constraint("gender", "f", least=1),)


def test_three_traits_whose_pairs_can_be_kept_but_not_all_together() -> None:
    # Two seats, one of each value of three traits. Each pair of traits finds two people; the three together don't:
    # 1 is f n a, so the other must be m s b, who doesn't stand. The same for each of the other three.
    board = election(2, *people("fna msa mnb fsb"))
    one_each = [
        Constraint(trait, value, least=1) for trait, values in (("gender", "fm"), ("region", "ns"), ("class", "ab"))
        for value in values
    ]  # fmt: skip
    for trait in ("gender", "region", "class"):
        assert Keeper(board, [one for one in one_each if one.trait != trait])
    with pytest.raises(Refused) as refused:
        Keeper(board, one_each)
    assert refused.value.code == "constraints_impossible"
    assert "gender f: min. 1" in refused.value.message
    assert "2 seats" in refused.value.message


@pytest.mark.parametrize(
    ("seats", "constraints", "code", "facts"),
    [
        (3, [Constraint("gender", "f", least=2)], "constraint_impossible_least", {"least": 2, "standing": 1}),
        (3, [Constraint("gender", "m", most=1)], "constraint_impossible_most", {"most": 1, "rest": 1}),
        (3, [Constraint("gender", "x", least=1)], "constraint_impossible_least", {"least": 1, "standing": 0}),
        (
            2,
            [Constraint("gender", "m", least=2), Constraint("region", "n", most=1)],
            "constraints_impossible",
            {"constraints": "gender m: min. 2; region n: max. 1", "seats": 2},
        ),
    ],
)
def test_what_nobody_could_keep_is_refused_before_the_count_with_the_rules_that_clash(
    seats: int, constraints: list[Constraint], code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        Keeper(election(seats, *people("fs mn mn mn")), constraints)
    assert refused.value.code == code
    assert facts.items() <= refused.value.facts.items()


def test_a_rule_that_contradicts_itself_or_comes_without_sense_is_refused() -> None:
    for told in (
        {"trait": "gender", "value": "f", "least": 2, "most": 1},
        {"trait": "", "value": "f", "least": 2},
        {"trait": "gender", "value": "f", "least": -1},
        {"trait": "gender", "value": "f", "least": "1"},
        {"trait": "gender"},
        "f",
    ):
        with pytest.raises(Refused) as refused:
            Constraint.from_json(told)
        assert refused.value.code == "constraint_malformed"
    said_twice = [Constraint("gender", "f", least=2), Constraint("gender", "f", most=1)]
    with pytest.raises(Refused):
        Keeper(election(2, *people("f f f")), said_twice)


def test_the_withdrawn_and_those_without_the_trait_dont_fill_reserved_seats() -> None:
    board = election(2, {"gender": "f"}, {"gender": "f"}, {}, {})
    assert Keeper(board, [Constraint("gender", "f", least=2)])
    with pytest.raises(Refused):
        Keeper(board.without([1]), [Constraint("gender", "f", least=2)])


def test_a_reserved_seat_may_stay_empty_where_the_rule_knows_a_minimum_of_votes() -> None:
    # Three seats, one woman at least; the only woman fell out. Two men can have a seat, not three.
    keeper = Keeper(election(3, *people("f m m m")), [Constraint("gender", "f", least=1)], empty_seats=True)
    assert keeper.doomed((2,), (3, 4)) == frozenset()
    assert keeper.doomed((2, 3), (4,)) == {4}


def test_json_gives_the_constraint_back() -> None:
    for one in (Constraint("gender", "f", least=2), Constraint("class", "A", least=1, most=3)):
        assert Constraint.from_json(one.as_json()) == one


traits = st.fixed_dictionaries(
    {}, optional={"gender": st.sampled_from("fm"), "region": st.sampled_from("nse"), "class": st.sampled_from("ab")}
)
limits = st.tuples(st.integers(0, 2), st.none() | st.integers(0, 2)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
a_constraint = st.builds(
    lambda of, limit: Constraint(*of, *limit),
    st.sampled_from(
        [("gender", "f"), ("gender", "m"), ("region", "n"), ("region", "s"), ("class", "a"), ("class", "b")]
    ),
    limits,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(traits, min_size=1, max_size=7),
    st.integers(1, 4),
    st.lists(a_constraint, min_size=1, max_size=5),
    st.data(),
)
def test_it_answers_as_trying_every_set_of_elected_does(
    who: list[dict[str, str]], seats: int, constraints: list[Constraint], data: st.DataObject
) -> None:
    board = election(seats, *who)
    filled = min(seats, len(who))
    good = [set(some) for some in combinations(board.standing, filled) if kept(board, constraints, some)]
    if not good:
        with pytest.raises(Refused) as refused:
            Keeper(board, constraints)
        assert refused.value.code.startswith("constraint")
        return
    keeper = Keeper(board, constraints)
    # Go along one of the good ways: elect some of a good set, exclude some of the others.
    way = sorted(data.draw(st.sampled_from(good)))
    elected = {number for number in way if data.draw(st.booleans())}
    continuing = {number for number in board.standing if number not in elected}
    continuing -= {number for number in continuing if number not in way and data.draw(st.booleans())}
    reachable = [some for some in good if elected <= some <= elected | continuing]
    assert keeper.possible(elected, continuing)
    assert keeper.doomed(elected, continuing) == {
        number for number in continuing if not any(number in some for some in reachable)
    }
    assert keeper.guarded(elected, continuing) == {
        number for number in continuing if all(number in some for some in reachable)
    }
    for number in keeper.doomed(elected, continuing):
        reasons = keeper.dooming(number, elected, continuing)
        allowed = [some for some in combinations(board.standing, filled) if elected | {number} <= set(some)]
        left = [some for some in allowed if set(some) <= elected | continuing]
        assert not any(kept(board, reasons, some) for some in left)


def test_a_hundred_candidates_of_many_kinds_are_answered_at_once() -> None:
    who = [
        {"gender": "fmx"[number % 3], "region": f"r{number % 8}", "class": "abcd"[number // 7 % 4]}
        for number in range(100)
    ]
    constraints = [
        *(Constraint("gender", value, least=6, most=9) for value in "fm"),
        *(Constraint("region", f"r{number}", least=1, most=3) for number in range(8)),
        *(Constraint("class", value, least=4, most=7) for value in "abcd"),
    ]
    keeper = Keeper(election(20, *who), constraints)
    assert keeper.guarded((), range(1, 101)) == keeper.doomed((), range(1, 101)) == frozenset()
