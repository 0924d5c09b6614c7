"""Money for subscriptions: short, over, twice, undone; admitted unpaid; refused, withdrawn and paid back."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from coopwerf.capital import actions, queries
from coopwerf.capital.models import SubscriptionPayment
from coopwerf.capital.states import Standing, SubscriptionState
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.register import actions as register_actions
from coopwerf.register import queries as register
from coopwerf.register.actions import DecisionInput
from coopwerf.register.models import MembershipRequest
from tests.cast import NOW, TODAY, Cast

from .offering import opened, with_shares
from .subscribed import confirmed, inside, mailed, paid, rows, shown, subscribed

pytestmark = pytest.mark.django_db
BOARD = DecisionInput(body="board", on=TODAY, reference="this board, item 4")


@pytest.fixture
def offer(wolkenwerf: Cast) -> uuid.UUID:
    """Return the open offer of Wolkenwerf: shares A of 50 euro."""
    with_shares(wolkenwerf)
    return opened(wolkenwerf)


def undone(coop: Cast, done: actions.Subscribed, match_id: uuid.UUID) -> None:
    """Let a match be undone."""
    actions.take_back_payment(actor=SYSTEM, now=NOW, coop_id=coop.id, subscription_id=done.id, match_id=match_id)


def page_of(coop: Cast, done: actions.Subscribed) -> str:
    """Return the page behind the link in the mail."""
    return str(Client().get(coop.url(f"subscription/{mailed(coop, done.id)}/")).content.decode())


def asked(coop: Cast, done: actions.Subscribed) -> MembershipRequest:
    """Return the request that a subscription became."""
    with inside(coop):
        return MembershipRequest.objects.get(id=shown(coop, done.id).request_id)


def test_money_before_the_confirmation_waits_and_is_carried_over(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Noor pays at once and confirms later: the secretary sees it wait, then the register has it."""
    done = subscribed(wolkenwerf, offer)
    paid(wolkenwerf, done, "100.00")
    paid(wolkenwerf, done, "50.00")
    found = shown(wolkenwerf, done.id)
    assert (found.state, found.is_late) == (SubscriptionState.PAID, True)
    with inside(wolkenwerf):
        assert queries.count_subscriptions(wolkenwerf.id).late == 1
    browser = wolkenwerf.secretary.browser()
    browser.post("/ui/language/", {"language": "fr"})
    page = browser.get(wolkenwerf.url("subscriptions/")).content.decode()
    assert "Vandamme, Noor" in page
    assert ">0</span> souscription<" in page, "none is singular in French: a word “one” would be untrue"
    confirmed(wolkenwerf, done)
    request = asked(wolkenwerf, done)
    assert (request.state, request.paid) == ("complete", Decimal("150.00"))
    assert not shown(wolkenwerf, done.id).is_late


def test_short_over_and_the_same_match_twice(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Too little waits, too much is shown and never goes into the register, a match counts once."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    first = paid(wolkenwerf, done, "100.00")
    for _twice in "ab":
        actions.note_payment(
            actor=SYSTEM,
            now=NOW,
            coop_id=wolkenwerf.id,
            subscription_id=done.id,
            match_id=first,
            amount=Decimal("100.00"),
            on=TODAY,
        )
    found = shown(wolkenwerf, done.id)
    assert (found.received, found.standing, found.state) == (Decimal("100.00"), Standing.SHORT, "to_pay")
    second = paid(wolkenwerf, done, "80.00")
    found = shown(wolkenwerf, done.id)
    assert (found.over, found.standing, found.state) == (Decimal("30.00"), Standing.OVER, "paid")
    assert asked(wolkenwerf, done).paid == Decimal("150.00")
    undone(wolkenwerf, done, second)
    undone(wolkenwerf, done, second)
    found = shown(wolkenwerf, done.id)
    assert (found.received, found.state) == (Decimal("100.00"), "to_pay")
    request = asked(wolkenwerf, done)
    assert (request.paid, request.state) == (Decimal("100.00"), "incomplete")


def test_the_board_sees_what_is_short_and_admits_who_paid(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The board's list says what came in; admitted she is a member, and the page behind her link says so."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    paid(wolkenwerf, done, "100.00")
    board = wolkenwerf.chair.browser()
    page = board.get(wolkenwerf.url("requests/?state=incomplete")).content.decode()
    assert "50,00" in page
    paid(wolkenwerf, done, "50.00")
    request = asked(wolkenwerf, done)
    page = board.get(wolkenwerf.url(f"requests/{request.id}/")).content.decode()
    assert wolkenwerf.url(f"subscriptions/{done.id}/") in page
    register_actions.admit_requests(
        actor=wolkenwerf.chair.actor, now=NOW, coop_id=wolkenwerf.id, request_ids=[request.id], decision=BOARD
    )
    found = shown(wolkenwerf, done.id)
    assert found.state is SubscriptionState.ADMITTED
    assert "lid 1 van Wolkenwerf" in page_of(wolkenwerf, done)
    assert "Betalen maakt niemand lid" not in page_of(wolkenwerf, done), "she is one"
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, asked(wolkenwerf, done).member_id, TODAY)
    assert held is not None
    assert (held.shares, held.paid) == (3, Decimal("150.00"))


def test_a_match_undone_after_the_admission_is_taken_back_in_the_register(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The bank takes the transfer back after the board admitted her: the register says what is really paid."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    paid(wolkenwerf, done, "100.00")
    second = paid(wolkenwerf, done, "50.00")
    request = asked(wolkenwerf, done)
    register_actions.admit_requests(
        actor=wolkenwerf.chair.actor, now=NOW, coop_id=wolkenwerf.id, request_ids=[request.id], decision=BOARD
    )
    undone(wolkenwerf, done, second)
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, asked(wolkenwerf, done).member_id, TODAY)
    assert held is not None
    assert (held.shares, held.paid) == (3, Decimal("100.00"))
    third = paid(wolkenwerf, done, "70.00")
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, asked(wolkenwerf, done).member_id, TODAY)
        assert held is not None
        assert held.paid == Decimal("150.00"), "never more than the shares ask"
        assert SubscriptionPayment.objects.get(match_id=third).noted == Decimal("50.00")
    undone(wolkenwerf, done, third)
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, asked(wolkenwerf, done).member_id, TODAY)
    assert held is not None
    assert held.paid == Decimal("100.00")


def test_refused_or_withdrawn_the_money_goes_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """What was paid stands on the list of payments to make; what comes afterwards too."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    paid(wolkenwerf, done, "150.00")
    request = asked(wolkenwerf, done)
    with inside(wolkenwerf):
        ground = next(iter(register.grounds(wolkenwerf.id, TODAY)))
    register_actions.refuse_requests(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        request_ids=[request.id],
        decision=BOARD,
        ground=ground,
    )
    found = shown(wolkenwerf, done.id)
    assert found.state is SubscriptionState.REFUSED
    assert found.refund_id is not None
    other = subscribed(wolkenwerf, offer, quantity=1)
    token = mailed(wolkenwerf, other.id)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token)
    assert shown(wolkenwerf, other.id).refund_id is None
    paid(wolkenwerf, other, "50.00")
    assert shown(wolkenwerf, other.id).refund_id is not None
    with pytest.raises(Refused) as refusal:
        actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token)
    assert refusal.value.code == "capital.subscription_over"


def test_another_number_of_shares_asks_for_another_amount(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The secretary changes the request to two shares: the claim follows, and it is paid."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    paid(wolkenwerf, done, "100.00")
    register_actions.change_request_quantity(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        request_id=asked(wolkenwerf, done).id,
        quantity=2,
    )
    found = shown(wolkenwerf, done.id)
    assert (found.amount, found.quantity, found.state) == (Decimal("100.00"), 2, SubscriptionState.PAID)


def test_only_who_reads_the_mail_withdraws_what_is_confirmed(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Whoever typed it may take it back while nobody confirmed it and nothing is paid."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    with pytest.raises(Refused) as refusal:
        actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=done.token)
    assert refusal.value.code == "capital.withdraw_by_mail"
    with pytest.raises(Refused) as refusal:
        actions.confirm_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=done.token)
    assert refusal.value.code == "capital.subscription_gone", "the page's own secret confirms nothing"
    typed = subscribed(wolkenwerf, offer, quantity=1)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=typed.token)
    row = rows(wolkenwerf)[1]
    assert (row.state, row.told) == ("withdrawn", {})


def test_nobody_but_the_books_says_what_was_paid(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """A treasurer matches in the bank inbox; nobody writes money into a subscription by hand."""
    done = subscribed(wolkenwerf, offer)
    with pytest.raises(Refused) as refusal:
        actions.note_payment(
            actor=wolkenwerf.treasurer.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            subscription_id=done.id,
            match_id=uuid.uuid4(),
            amount=Decimal(150),
            on=TODAY - dt.timedelta(days=1),
        )
    assert refusal.value.code == "capital.follows_books"
