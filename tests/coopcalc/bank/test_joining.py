"""Statements come in any order, several a day, again and overlapping: nothing is missing unless something is."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.bank.joining import Break, Step, Strip, apart, breaks, closings, openings

FIRST = dt.date(2026, 11, 1)


def day(number: int) -> dt.date:
    """Return so many days after the first."""
    return FIRST + dt.timedelta(days=number)


def strip(*days: tuple[int, int, int], number: int | None = None) -> Strip:
    """Return a statement of (day, before, after)."""
    return Strip(tuple((day(on), Decimal(before), Decimal(after)) for on, before, after in days), number)


def told(*strips: Strip, walked: dict[int, list[tuple[int, int]]] | None = None) -> list[tuple[int, int, int, int]]:
    """Return the breaks as (day after, closing, day before, opening)."""
    steps = {day(on): [(Decimal(one), Decimal(two)) for one, two in these] for on, these in (walked or {}).items()}
    return [
        ((one.after - FIRST).days, int(one.closing), (one.before - FIRST).days, int(one.opening))
        for one in breaks(strips, steps)
    ]


@pytest.mark.parametrize(
    ("strips", "found"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([strip((0, 90, 100)), strip((1, 100, 150))], [], id="two days"),
        pytest.param([strip((0, 90, 100)), strip((2, 140, 150))], [(0, 100, 2, 140)], id="a day is missing"),
        pytest.param(
            [strip((0, 90, 100)), strip((1, 100, 150)), strip((1, 150, 130)), strip((1, 130, 170)), strip((2, 170, 9))],
            [],
            id="three on one day",
        ),
        pytest.param(
            [strip((0, 90, 100)), strip((1, 100, 150)), strip((1, 160, 170)), strip((2, 170, 180))],
            [(1, 150, 1, 160)],
            id="within a day",
        ),
        pytest.param(
            [
                strip((0, 90, 100)),
                strip((1, 100, 150), number=1),
                strip((1, 300, 170), number=3),
                strip((1, 200, 210), number=5),
                strip((2, 210, 220)),
            ],
            [(1, 150, 1, 300), (1, 170, 1, 200)],
            id="twice within a day, told by the numbers",
        ),
        pytest.param(
            [strip((0, 100, 120)), strip((1, 120, 150), number=1), strip((1, 150, 120), number=2), strip((2, 120, 99))],
            [],
            id="the account comes back",
        ),
        pytest.param(
            [strip((0, 90, 150)), strip((1, 100, 150), number=2), strip((1, 150, 100), number=3), strip((2, 100, 99))],
            [(0, 150, 1, 100)],
            id="it comes back, and the numbers say from where",
        ),
        pytest.param(
            [strip((0, 90, 100)), strip((0, 100, 150), (1, 150, 180)), strip((0, 180, 200), (1, 200, 210))],
            [],
            id="two bear the same two days",
        ),
        pytest.param(
            [strip((0, 100, 150), (3, 150, 180)), strip((1, 150, 150)), strip((2, 150, 150)), strip((4, 180, 170))],
            [],
            id="days without entries within a longer one",
        ),
        pytest.param(
            [strip((0, 90, 100)), strip((1, 100, 150)), strip((1, 100, 200)), strip((2, 200, 210))],
            [],
            id="the half of a day, and the whole",
        ),
        pytest.param(
            [strip((0, 90, 100)), strip((1, 100, 150)), strip((1, 170, 170)), strip((2, 150, 210))],
            [],
            id="a balance beside what moved",
        ),
        pytest.param(
            [strip((0, 90, 100)), strip((0, 100, 100), (1, 130, 130)), strip((2, 130, 140))],
            [(0, 100, 1, 130)],
            id="one that doesn't add up",
        ),
    ],
)
def test_in_whatever_order_statements_come(strips: list[Strip], found: list[tuple[int, int, int, int]]) -> None:
    for ordered in permutations(strips):
        assert told(*ordered) == found


def test_files_cut_within_a_day_touch_where_their_entries_do() -> None:
    cut = [strip((0, 90, 100)), strip((1, 100, 200)), strip((1, 150, 250)), strip((2, 250, 260))]
    assert apart(cut) == {day(1)}
    assert told(*cut) == [(1, 200, 1, 150)]
    assert told(*cut, walked={1: [(100, 150), (150, 200), (200, 250)]}) == []


def test_without_steps_an_account_began_nowhere() -> None:
    assert (openings([]), closings([])) == ([], [])


def cut(walk: list[tuple[int, Decimal]], places: list[int]) -> list[list[tuple[int, Decimal, Decimal]]]:
    """Cut a walk of (day, balance after) at some places into statements, each with its steps by day."""
    found = []
    for begin, end in pairwise(sorted({0, *places, len(walk) - 1})):
        days: dict[int, tuple[int, Decimal, Decimal]] = {}
        for place in range(begin, end):
            on, before, after = walk[place + 1][0], walk[place][1], walk[place + 1][1]
            days[on] = on, days[on][1] if on in days else before, after
        found.append(list(days.values()))
    return found


@st.composite
def walks(draw: st.DrawFn, *, comes_back: bool) -> list[tuple[int, Decimal]]:
    """Draw where an account went: days, and the balance after each entry; without coming back if so asked."""
    count = draw(st.integers(2, 12))
    on, balance = 0, Decimal(100)
    found = [(on, balance)]
    for _entry in range(count):
        on += draw(st.integers(0, 2))
        balance += draw(st.sampled_from([-10, 10, 20]) if comes_back else st.sampled_from([10, 20, 35]))
        found.append((on, balance))
    return found


def strips_of(cuts: list[list[tuple[int, Decimal, Decimal]]], first: int | None) -> list[Strip]:
    """Return statements, numbered from `first` on."""
    return [
        Strip(tuple((day(on), before, after) for on, before, after in days), None if first is None else first + place)
        for place, days in enumerate(cuts)
    ]


def entries_of(walk: list[tuple[int, Decimal]]) -> dict[dt.date, list[Step]]:
    """Return the steps of each day."""
    found: dict[dt.date, list[Step]] = {}
    for (_before, before), (on, after) in pairwise(walk):
        found.setdefault(day(on), []).append((before, after))
    return found


PLACES = st.lists(st.integers(1, 12), max_size=6)


@settings(max_examples=300, deadline=None)
@given(walks(comes_back=True), PLACES, PLACES, st.booleans(), st.randoms(use_true_random=False))
def test_nothing_is_missing_of_a_whole_account(
    walk: list[tuple[int, Decimal]], places: list[int], others: list[int], is_again: bool, dice: object
) -> None:
    """Cut anywhere, once or twice in other places, with numbers, in any order."""
    strips = strips_of(cut(walk, [one for one in places if one < len(walk) - 1]), 1)
    if is_again:
        strips += strips_of(cut(walk, [one for one in others if one < len(walk) - 1]), None)
    dice.shuffle(strips)  # type: ignore[attr-defined]
    assert breaks(strips, entries_of(walk)) == []


@settings(max_examples=300, deadline=None)
@given(walks(comes_back=False), PLACES, st.booleans(), st.data())
def test_the_neighbours_of_what_is_missing_are_named(
    walk: list[tuple[int, Decimal]], places: list[int], are_numbered: bool, data: st.DataObject
) -> None:
    """A statement in the middle is left out: the one before it and the one after it don't join, and nothing else."""
    strips = strips_of(cut(walk, [one for one in places if one < len(walk) - 1]), 1 if are_numbered else None)
    if len(strips) < 3:
        return
    gone = data.draw(st.integers(1, len(strips) - 2))
    left, right = strips[gone - 1].days[-1], strips[gone + 1].days[0]
    kept = data.draw(st.permutations(strips[:gone] + strips[gone + 1 :]))
    assert breaks(kept, {}) == [Break(left[0], left[2], right[0], right[1])]
