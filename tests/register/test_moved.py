"""What movements do to the money behind shares, as the books above are told."""

import datetime as dt
from decimal import Decimal

import pytest

from coopwerf.kernel import chain
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from coopwerf.register.states import MovementKind
from tests.cast import NOW, TODAY, Cast

from .test_register import BOARD, YEAR_START, admit, with_class

pytestmark = pytest.mark.django_db
__all__ = ["with_class"]


def position(coop: Cast) -> int:
    """Return how far the chain has come."""
    return int(chain.head_of(coop.id).split(":")[0])


def since(coop: Cast, before: int) -> list[tuple[MovementKind, bool, str, str, str]]:
    """Return what was moved since a position: kind, whether it undoes one, change, paid, what is due."""
    with tenant(coop.id):
        found = queries.moved(coop.id, before + 1, position(coop))
    return [(one.kind, one.undoes, str(one.amount), str(one.paid), str(one.value)) for one in found]


def contributed(coop: Cast, at: dt.date = TODAY) -> tuple[str, str, str]:
    """Return what the shares count for, what is paid on them and what isn't."""
    with tenant(coop.id):
        found = queries.contributed(coop.id, at)
    return str(found.amount), str(found.paid), str(found.unpaid)


def test_an_issue_paid_in_part_and_a_payment_later(with_class: Cast) -> None:
    """Four shares of 25 euro with 60 paid leave 40 open, until the rest is paid."""
    before = position(with_class)
    jana = admit(with_class, "Peeters", "Jana", 4, paid="60.00")
    assert since(with_class, before) == [(MovementKind.ISSUE, False, "100.00", "60.00", "0.00")]
    assert contributed(with_class) == ("100.00", "60.00", "40.00")
    before = position(with_class)
    actions.record_payment(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="A",
        amount=Decimal("40.00"),
        on=TODAY,
        decision=BOARD,
    )
    assert since(with_class, before) == [(MovementKind.PAYMENT, False, "0.00", "40.00", "0.00")]
    assert contributed(with_class, TODAY - dt.timedelta(days=1)) == ("100.00", "60.00", "40.00")
    assert contributed(with_class) == ("100.00", "100.00", "0.00")


def test_what_changes_hands_and_a_split_change_nothing_for_the_whole(with_class: Cast) -> None:
    """A transfer between members and a split aren't told: what the shares count for together stays the same."""
    jana, daniel = admit(with_class, "Peeters", "Jana", 4), admit(with_class, "Okafor", "Daniel", 2)
    before = position(with_class)
    actions.record_transfer(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        from_member_id=jana.id,
        to_member_id=daniel.id,
        share_class="A",
        quantity=1,
        on=TODAY,
        decision=BOARD,
    )
    actions.record_split(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        share_class="A",
        factor=5,
        on=TODAY,
        decision=BOARD,
    )
    assert since(with_class, before) == []
    assert contributed(with_class) == ("150.00", "150.00", "0.00")


def test_an_exit_says_what_is_due_and_its_correction_takes_that_back(with_class: Cast) -> None:
    """Two shares leave at what was paid; the exit turns out to be a mistake, and is undone."""
    jana = admit(with_class, "Peeters", "Jana", 2)
    before = position(with_class)
    actions.record_exit(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="A",
        quantity=2,
        on=dt.date(2026, 6, 30),
        decision=BOARD,
    )
    assert since(with_class, before) == [(MovementKind.EXIT, False, "-50.00", "-50.00", "50.00")]
    with tenant(with_class.id):
        (exit_row,) = queries.moved(with_class.id, before + 1, position(with_class))
    before = position(with_class)
    assert exit_row.movement_id is not None
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=exit_row.movement_id,
        decision=BOARD,
        quantity=0,
    )
    assert since(with_class, before) == [(MovementKind.EXIT, True, "50.00", "50.00", "-50.00")]
    assert contributed(with_class) == ("50.00", "50.00", "0.00")


def test_many_movements_are_told_by_day(with_class: Cast) -> None:
    """Two admissions of one day are one line, and what came before a date is left out."""
    admit(with_class, "Peeters", "Jana", 4)
    admit(with_class, "Okafor", "Daniel", 2, paid="30.00")
    with tenant(with_class.id):
        (both,) = queries.moved_by_day(with_class.id, YEAR_START)
        assert (both.kind, both.on, both.amount, both.paid, both.movements) == (
            MovementKind.ISSUE,
            YEAR_START,
            Decimal("150.00"),
            Decimal("130.00"),
            2,
        )
        assert queries.moved_by_day(with_class.id, YEAR_START + dt.timedelta(days=1)) == []
