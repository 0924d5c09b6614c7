"""What a register never takes, although each row by itself would look fine: shares after leaving, two memberships."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.models import Movement, Standing
from coopwerf.register.states import Ending, MovementKind
from tests.cast import NOW, TODAY, Cast

from .test_register import BOARD, YEAR_START, admit, party, proof, with_class

pytestmark = pytest.mark.django_db
__all__ = ["with_class"]

SPRING, SUMMER, AUTUMN = dt.date(2024, 4, 1), dt.date(2024, 7, 1), dt.date(2024, 10, 1)


def told(coop: Cast, **more: Any) -> dict[str, Any]:
    """Return what every act of the secretary says."""
    return {"actor": coop.secretary.actor, "now": NOW, "coop_id": coop.id, "decision": BOARD, **more}


def row(coop: Cast, kind: MovementKind) -> Movement:
    """Return the only movement of a kind that still stands."""
    with tenant(coop.id):
        return Movement.objects.get(kind=kind, corrected_by=None)


def leave(coop: Cast, member: actions.Admitted, on: dt.date) -> None:
    """Record that somebody gave up all shares, and left."""
    actions.record_exit(**told(coop, on=on), member_id=member.id, share_class="A", quantity=4, ends_membership=True)


def test_nobody_leaves_before_the_day_on_which_they_give_up_their_shares(with_class: Cast) -> None:
    """Jana gives her shares up in July: she can't have left in April, when she held four."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    actions.record_exit(**told(with_class, on=SUMMER), member_id=jana.id, share_class="A", quantity=4)
    with pytest.raises(Refused) as refused:
        actions.record_ending(**told(with_class, on=SPRING), member_id=jana.id, reason=Ending.EXIT)
    assert refused.value.code == "register.shares_left"
    actions.record_ending(**told(with_class, on=SUMMER), member_id=jana.id, reason=Ending.EXIT)
    assert proof(with_class).ok


@pytest.mark.parametrize("kind", [MovementKind.EXIT, MovementKind.ISSUE])
def test_no_correction_leaves_shares_to_somebody_who_left(with_class: Cast, kind: MovementKind) -> None:
    """Jana left without shares: her exit can't be taken back, nor can she have had more, while she is gone."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    leave(with_class, jana, SUMMER)
    wrong = row(with_class, kind)
    with pytest.raises(Refused) as refused:
        actions.correct_movement(
            **told(with_class), movement_id=wrong.id, quantity=0 if kind is MovementKind.EXIT else 5
        )
    assert refused.value.code == "register.member_ended_already"
    assert proof(with_class).ok


def test_who_is_about_to_leave_takes_no_more_shares(with_class: Cast) -> None:
    """Jana leaves at New Year, as was decided: what she would take today she would hold after that."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    leave(with_class, jana, TODAY + dt.timedelta(days=30))
    with pytest.raises(Refused) as refused:
        actions.record_issue(**told(with_class, on=TODAY), member_id=jana.id, share_class="A", quantity=1)
    assert refused.value.code == "register.member_ended_already"
    assert proof(with_class).ok


def test_nobody_is_a_member_twice(with_class: Cast) -> None:
    """Jana left in summer and came back in autumn, with a new number; never were there two of her."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        facts = queries.member_facts(with_class.id, jana.id)
    assert facts is not None
    with pytest.raises(Refused) as early:
        actions.record_admission(**told(with_class, on=dt.date(2023, 1, 1)), party_id=facts.party_id)
    assert early.value.code == "register.member_already"
    leave(with_class, jana, SUMMER)
    again = actions.record_admission(**told(with_class, on=AUTUMN), party_id=facts.party_id)
    with tenant(with_class.id):
        ended = Standing.objects.get(member_id=jana.id, event="ended")
        begun = Standing.objects.get(member_id=again.id, event="admitted")
    for standing, on in ((ended, None), (ended, AUTUMN + dt.timedelta(days=1)), (begun, SPRING)):
        with pytest.raises(Refused) as refused:
            actions.correct_standing(**told(with_class), standing_id=standing.id, on=on)
        assert refused.value.code == "register.member_already"
    assert proof(with_class).ok


def test_a_payment_put_on_its_right_day_stays_a_payment(with_class: Cast) -> None:
    """The secretary gives only the right date; the ten euro aren't lost, and a payment never turns into shares."""
    jana = admit(with_class, "Peeters", "Jana", 4, paid="50.00")
    actions.record_payment(**told(with_class, on=SUMMER), member_id=jana.id, share_class="A", amount=Decimal("10.00"))
    actions.correct_movement(**told(with_class, on=SPRING), movement_id=row(with_class, MovementKind.PAYMENT).id)
    moved = row(with_class, MovementKind.PAYMENT)
    assert (moved.on, moved.paid, moved.quantity) == (SPRING, Decimal("10.00"), 0)
    with pytest.raises(Refused):
        actions.correct_movement(**told(with_class), movement_id=moved.id, quantity=3)
    assert proof(with_class).ok


@pytest.mark.parametrize(
    "shares",
    [
        {"quantity": 1, "amount_per_share": Decimal("25.123456"), "paid": Decimal(0)},
        {"quantity": 1, "amount_per_share": Decimal("1e13"), "paid": Decimal(0)},
        {"quantity": 1, "amount_per_share": Decimal("NaN"), "paid": Decimal(0)},
        {"quantity": 10**19},
    ],
)
def test_numbers_that_no_register_can_hold_are_refused(with_class: Cast, shares: dict[str, Any]) -> None:
    """As an admission, as an issue and as a correction: with a reason, not with an error of the database."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    issue = row(with_class, MovementKind.ISSUE)
    with pytest.raises(Refused):
        actions.record_admission(
            **told(with_class, on=YEAR_START),
            party_id=party(with_class, "Okafor"),
            shares=[SharesInput(share_class="A", **shares)],
        )
    with pytest.raises(Refused):
        actions.record_issue(**told(with_class, on=YEAR_START), member_id=jana.id, share_class="A", **shares)
    with pytest.raises(Refused):
        actions.correct_movement(**told(with_class), movement_id=issue.id, **shares)
    with pytest.raises(Refused):
        actions.record_exit(
            **told(with_class, on=SUMMER), member_id=jana.id, share_class="A", quantity=1, paid=Decimal("-5")
        )
    assert proof(with_class).ok


def test_splits_stop_before_the_numbers_do(with_class: Cast) -> None:
    """A split into more shares than a register counts is refused."""
    admit(with_class, "Peeters", "Jana", 1_000_000)
    with pytest.raises(Refused) as refused:
        actions.record_split(**told(with_class, on=SUMMER), share_class="A", factor=2500)
    assert refused.value.code == "register.quantity_too_large"


def test_a_decision_of_the_year_24_is_refused(with_class: Cast) -> None:
    """Nor did anybody ask or pay then: the exported register would be found to hold impossible dates."""
    long_ago = dt.date(24, 1, 10)
    decision = DecisionInput(body="board", on=long_ago, reference="item 3")
    someone = party(with_class, "Okafor")
    for more in ({"decision": decision}, {"asked_on": long_ago}, {"paid_on": long_ago}):
        with pytest.raises(Refused) as refused:
            actions.record_admission(**told(with_class, on=YEAR_START) | more, party_id=someone)
        assert refused.value.code == "register.date_too_early"


def test_an_admission_is_not_put_into_the_future(with_class: Cast) -> None:
    """Who was admitted was admitted; only an exit may be decided ahead of its day."""
    admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        begun = Standing.objects.get(event="admitted")
    ahead = TODAY + dt.timedelta(days=100)
    with pytest.raises(Refused) as refused:
        actions.correct_standing(**told(with_class), standing_id=begun.id, on=ahead)
    assert refused.value.code == "register.date_in_future"
    with pytest.raises(Refused) as later:
        actions.correct_movement(**told(with_class, on=ahead), movement_id=row(with_class, MovementKind.ISSUE).id)
    assert later.value.code == "register.date_in_future"
