"""What a page asked once it doesn't ask again; an action forgets it all."""

import datetime as dt
from typing import Any

import pytest

from coopwerf.coops import actions as coops
from coopwerf.coops import queries
from coopwerf.coops.states import Power
from coopwerf.kernel.memo import kept_while, remembered, remembering
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast


def test_an_answer_is_remembered_in_its_block_only() -> None:
    """Outside a block each question is asked; inside it once."""
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    assert (remembered("x", ask), remembered("x", ask)) == (1, 2)
    with remembering():
        assert (remembered("x", ask), remembered("x", ask), remembered("y", ask)) == (3, 3, 4)
    with remembering():
        assert remembered("x", ask) == 5


@pytest.mark.django_db
def test_a_mandate_that_ends_is_not_remembered(wolkenwerf: Cast, django_assert_num_queries: Any) -> None:
    """Three questions about one person's powers cost one query; after an action they are asked anew."""
    who, on = wolkenwerf.director, NOW.date()
    with remembering(), tenant(wolkenwerf.id):
        with django_assert_num_queries(1):
            assert queries.holds_mandate(wolkenwerf.id, who.actor.parties, on)
            assert queries.may(wolkenwerf.id, who.actor.parties, Power.SEE_REGISTER, on)
            assert Power.KEEP_REGISTER not in queries.powers_of(wolkenwerf.id, who.actor.parties, on)
        (held,) = queries.mandates_of([who.party_id], on)
        coops.end_mandate(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            mandate_id=held.id,
            until=on - dt.timedelta(days=1),
        )
        assert not queries.holds_mandate(wolkenwerf.id, who.actor.parties, on)


def test_an_answer_is_kept_while_its_mark_stands_and_never_under_a_mark_that_moved() -> None:
    """Asked once for each mark; what was asked while the mark moved is told, and not kept."""
    marks, asked = ["a"], []

    def ask() -> str:
        asked.append(marks[-1])
        return f"as of {marks[-1]}"

    def moving() -> str:
        marks.append("c")
        return ask()

    key = ("test", "kept_while")
    assert [kept_while(key, lambda: marks[-1], ask) for _time in range(3)] == ["as of a"] * 3
    assert asked == ["a"]
    marks.append("b")
    assert kept_while(key, lambda: marks[-1], moving) == "as of c"
    assert kept_while(key, lambda: marks[-1], ask) == "as of c"
    assert asked == ["a", "c", "c"], "what was asked while it moved isn't kept"
    marks.append("a")
    assert kept_while(key, lambda: marks[-1], ask) == "as of a"
    assert asked == ["a", "c", "c", "a"], "only the last mark is kept"
