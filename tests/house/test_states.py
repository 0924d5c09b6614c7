"""Every table of states is complete: what leads where, and what each is called."""

import enum
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .test_actions import rooms


def tables(ending: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Yield the tables of the packages' states whose name ends so."""
    seen = set()
    for room in rooms("states"):
        for name, table in vars(room).items():
            if name.endswith(ending) and isinstance(table, Mapping) and id(table) not in seen:
                seen.add(id(table))
                yield f"{room.__name__}.{name}", table


def faults(table: Mapping[Any, frozenset[Any]]) -> list[str]:
    """Return what a table of transitions lacks or has too much; its first state is where everything begins."""
    states = type(next(iter(table)))
    found = [f"{state} isn't there" for state in states if state not in table]
    found += [f"{there} is no {states.__name__}" for row in table.values() for there in row if there not in set(states)]
    first = next(iter(states))
    reached, frontier = {first}, [first]
    while frontier:
        for there in table.get(frontier.pop(), ()):
            if there not in reached:
                reached.add(there)
                frontier.append(there)
    return found + [f"nothing leads to {state}" for state in states if state not in reached]


@pytest.mark.parametrize(("name", "table"), list(tables("TRANSITIONS")))
def test_every_transition_table_names_every_state(name: str, table: Mapping[Any, frozenset[Any]]) -> None:
    """Each state stands in its table, and each can be reached from the first."""
    assert faults(table) == []


@pytest.mark.parametrize(("name", "table"), list(tables("NAMES")))
def test_every_state_has_a_name(name: str, table: Mapping[Any, Any]) -> None:
    """A table of names names every value of its enum."""
    values = type(next(iter(table)))
    if issubclass(values, enum.Enum):
        assert [value for value in values if value not in table] == []


def test_every_state_has_a_table() -> None:
    """An enum called …State has its table of transitions."""
    told = {type(next(iter(table))) for _name, table in tables("TRANSITIONS")}
    enums = {
        value
        for room in rooms("states")
        for name, value in vars(room).items()
        if isinstance(value, type) and issubclass(value, enum.Enum) and name.endswith("State")
    }
    assert enums - told == set()


class Door(enum.Enum):
    """States for the test of the test."""

    OPEN = 1
    SHUT = 2
    LOCKED = 3


def test_an_incomplete_table_is_found() -> None:
    """A state that is missing, and one that nothing leads to."""
    assert faults({Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset({Door.OPEN})}) == [
        "Door.LOCKED isn't there",
        "nothing leads to Door.LOCKED",
    ]
    complete = {Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset({Door.LOCKED}), Door.LOCKED: frozenset()}
    assert faults(complete) == []
