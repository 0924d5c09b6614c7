"""A subscription from the bank's file to the register and back: register, ledger and bank say the same."""

import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connections

from coopwerf.capital import actions, queries
from coopwerf.capital.states import SubscriptionState
from coopwerf.coops import actions as coops
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import queries as books
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as bank
from coopwerf.payments.states import ClaimState
from coopwerf.register import actions as register_actions
from coopwerf.register import queries as register
from coopwerf.register.actions import DecisionInput
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import RequestState
from tests.cast import NOW, TODAY, Cast
from tests.payments.bank import bring_entries, claim_now, open_bank, paid_with, told

from .offering import opened, with_shares
from .subscribed import applicant, confirmed, inside, mailed, shown, subscribed

BOARD = DecisionInput(body="board", on=TODAY, reference="this board, item 4")


@pytest.fixture
def offer(wolkenwerf: Cast, db: None) -> uuid.UUID:
    """Return the open offer of Wolkenwerf, whose books are open."""
    open_bank(wolkenwerf)
    with_shares(wolkenwerf)
    return opened(wolkenwerf)


def paid_in(coop: Cast, done: actions.Subscribed, amount: str, **more: Any) -> uuid.UUID:
    """Let the bank's file bring money with the communication of a subscription, and accept it; return its entry."""
    (line,) = bring_entries(coop, paid_with(shown(coop, done.id), amount, **more))  # type: ignore[arg-type]
    payments.accept(**told(coop), entry_id=line.id, claim_id=claim_of(coop, done))
    return line.id


def claim_of(coop: Cast, done: actions.Subscribed) -> uuid.UUID:
    """Return the claim of a subscription."""
    found = shown(coop, done.id).claim_id
    assert found is not None
    return found


def standing(coop: Cast, role: str) -> Decimal:
    """Return what stands on the accounts of a role, debit positive."""
    with inside(coop):
        return books.balance_of_role(coop.id, role, TODAY)


def request_of(coop: Cast, done: actions.Subscribed) -> MembershipRequest:
    """Return the request that a subscription became."""
    with inside(coop):
        return MembershipRequest.objects.get(id=shown(coop, done.id).request_id)


def refused(coop: Cast, done: actions.Subscribed) -> None:
    """Let the board refuse."""
    with inside(coop):
        ground = next(iter(register.grounds(coop.id, TODAY)))
    register_actions.refuse_requests(
        actor=coop.chair.actor,
        now=NOW,
        coop_id=coop.id,
        request_ids=[request_of(coop, done).id],
        decision=BOARD,
        ground=ground,
    )


def test_the_file_pays_a_subscription_and_the_board_sees_by_whom(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Her mother's transfer carries the communication: paid, ready for the board, with the mother's name."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    found = shown(wolkenwerf, done.id)
    assert claim_now(wolkenwerf, claim_of(wolkenwerf, done)).party_id == found.party_id
    entry = paid_in(wolkenwerf, done, "150.00", name="Griet Maes")
    assert shown(wolkenwerf, done.id).state is SubscriptionState.PAID
    assert request_of(wolkenwerf, done).state == RequestState.COMPLETE
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "suspense")) == (-150, 0)
    page = wolkenwerf.chair.browser().get(wolkenwerf.url("requests/")).content.decode()
    assert "Griet Maes" in page
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert shown(wolkenwerf, done.id).state is SubscriptionState.TO_PAY
    assert request_of(wolkenwerf, done).paid == 0
    assert standing(wolkenwerf, "subscriptions_received") == 0


def test_what_is_refused_goes_back_to_the_account_it_came_from(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The board refuses: a payment to make, with the payer's account; in the ledger owed, until the bank paid it."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    paid_in(wolkenwerf, done, "150.00", name="Griet Maes")
    refused(wolkenwerf, done)
    found = shown(wolkenwerf, done.id)
    assert found.state is SubscriptionState.REFUSED
    with inside(wolkenwerf):
        (owed,) = bank.payments_to_make(wolkenwerf.id)
    assert (owed.id, owed.amount, owed.holder) == (found.refund_id, Decimal("150.00"), "Griet Maes")
    assert owed.iban
    assert claim_now(wolkenwerf, claim_of(wolkenwerf, done)).state is ClaimState.CANCELLED
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, -150)
    (out,) = bring_entries(wolkenwerf, paid_with(owed, "150.00", side="DBIT", ref="OUT1"), opening="250.00")
    payments.accept(**told(wolkenwerf), entry_id=out.id, claim_id=owed.id)
    assert standing(wolkenwerf, "refunds_due") == 0
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"subscriptions/{done.id}/")).content.decode()
    assert "Terugbetaald" in page


def test_the_bank_takes_back_what_was_to_be_paid_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Refused, and then the transfer turns out to be somebody else's: nothing is owed any more, in no book."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    refused(wolkenwerf, done)
    payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        assert not bank.payments_to_make(wolkenwerf.id)
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)
    assert standing(wolkenwerf, "suspense") == -150
    assert shown(wolkenwerf, done.id).received == 0


def test_who_is_admitted_unpaid_pays_later_and_the_register_knows(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Where the statutes let the board admit who hasn't paid, the claim stays open until the money comes."""
    coops.set_rules(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        valid_from=TODAY,
        values={"shares.fully_paid": False},
    )
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    register_actions.admit_requests(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        request_ids=[request_of(wolkenwerf, done).id],
        decision=BOARD,
    )
    assert shown(wolkenwerf, done.id).state is SubscriptionState.ADMITTED
    assert claim_now(wolkenwerf, claim_of(wolkenwerf, done)).state is ClaimState.OPEN
    entry = paid_in(wolkenwerf, done, "150.00")
    member = request_of(wolkenwerf, done).member_id
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, member, TODAY)
    assert held is not None
    assert held.paid == Decimal("150.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, member, TODAY)
    assert held is not None
    assert held.paid == 0


@pytest.mark.django_db(transaction=True)
def test_the_board_refuses_while_the_treasurer_matches(wolkenwerf: Cast) -> None:
    """At the same instant, again and again: whoever comes second finds it as it is, and the books agree."""
    open_bank(wolkenwerf)
    with_shares(wolkenwerf)
    offer_id = opened(wolkenwerf)
    for number in range(6):
        done = subscribed(wolkenwerf, offer_id, 1, applicant(f"Mens{number}"))
        confirmed(wolkenwerf, done)
        claim = claim_of(wolkenwerf, done)
        line_of = paid_with(shown(wolkenwerf, done.id), "50.00", ref=f"R{number}")  # type: ignore[arg-type]
        (line,) = bring_entries(wolkenwerf, line_of, number=number + 1, opening=f"{100 + 50 * number}.00")
        ready = threading.Barrier(2)
        failures: list[BaseException] = []

        def at_once(deed: Any, *, gate: threading.Barrier = ready, failed: list[BaseException] = failures) -> None:
            try:
                gate.wait()
                deed()
            except (Refused, OperationalError) as refusal:
                failed.append(refusal)
            finally:
                connections.close_all()

        def match(line_id: uuid.UUID = line.id, claim_id: uuid.UUID = claim) -> None:
            payments.accept(**told(wolkenwerf), entry_id=line_id, claim_id=claim_id)

        def refuse(which: actions.Subscribed = done) -> None:
            refused(wolkenwerf, which)

        threads = [threading.Thread(target=at_once, args=(deed,)) for deed in (match, refuse)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert not [one for one in failures if isinstance(one, OperationalError)], "nobody waits for ever"
        found = shown(wolkenwerf, done.id)
        assert found.state is SubscriptionState.REFUSED
        assert (found.refund_id is not None) == (found.received > 0)
    assert standing(wolkenwerf, "subscriptions_received") == 0


def test_withdrawn_before_it_was_confirmed_what_came_goes_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Noor paid, then changed her mind by the link in her mail: her money stands on the list."""
    done = subscribed(wolkenwerf, offer)
    paid_in(wolkenwerf, done, "150.00")
    token = mailed(wolkenwerf, done.id)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token)
    with inside(wolkenwerf):
        (owed,) = bank.payments_to_make(wolkenwerf.id)
    assert owed.amount == Decimal("150.00")
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, -150)


def test_a_match_is_undone_although_the_member_left_since(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Admitted on somebody else's payment, and gone again: the match is undone, the proof names what lacks."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    asked = request_of(wolkenwerf, done)
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id, "decision": BOARD}
    register_actions.admit_requests(**{**act, "actor": wolkenwerf.chair.actor}, request_ids=[asked.id])
    member_id = request_of(wolkenwerf, done).member_id
    assert member_id is not None
    register_actions.record_exit(**act, member_id=member_id, share_class="A", quantity=3, on=TODAY)
    payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        found = queries.proof(wolkenwerf.id, TODAY)
    assert [(one.code.value, str(one.other)) for one in found.differences] == [("received", "150.00")]
    assert str(standing(wolkenwerf, "suspense")) == "-150.00"


def owed_back(coop: Cast) -> list[tuple[str, str]]:
    """Return what is to be paid, and to whom."""
    with inside(coop):
        return sorted((str(claim.open), claim.holder) for claim in bank.payments_to_make(coop.id))


def test_each_payer_gets_their_own_money_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Griet paid a hundred and Piet fifty for the same shares; refused, each is on the list with what was theirs."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    facts = shown(wolkenwerf, done.id)
    for line in bring_entries(
        wolkenwerf,
        paid_with(facts, "100.00", name="Griet Maes", ref="A"),  # type: ignore[arg-type]
        paid_with(facts, "50.00", name="Piet Ander", iban="BE43068999999501", ref="B"),  # type: ignore[arg-type]
    ):
        payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_of(wolkenwerf, done))
    refused(wolkenwerf, done)
    assert owed_back(wolkenwerf) == [("100.00", "Griet Maes"), ("50.00", "Piet Ander")]
    assert standing(wolkenwerf, "refunds_due") == -150


def test_a_payment_that_never_was_theirs_isnt_paid_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Refused with a hundred paid, fifty come later; the hundred turn out to be somebody else's: only fifty go back."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "100.00", name="Griet Maes")
    refused(wolkenwerf, done)
    late = paid_with(shown(wolkenwerf, done.id), "50.00", name="Piet Ander", ref="R2")  # type: ignore[arg-type]
    (line,) = bring_entries(wolkenwerf, late, opening="200.00", number=2)
    payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_of(wolkenwerf, done))
    assert owed_back(wolkenwerf) == [("100.00", "Griet Maes"), ("50.00", "Piet Ander")]
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert owed_back(wolkenwerf) == [("50.00", "Piet Ander")]
    assert (standing(wolkenwerf, "suspense"), standing(wolkenwerf, "refunds_due")) == (-100, -50)
    with inside(wolkenwerf):
        assert queries.proof(wolkenwerf.id, TODAY).holds


def test_what_went_back_to_somebody_who_never_paid_is_asked_for_again(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The refund left the bank before the match turned out wrong: it is asked for again, and makes nobody a member."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    refused(wolkenwerf, done)
    with inside(wolkenwerf):
        (due,) = bank.payments_to_make(wolkenwerf.id)
    (out,) = bring_entries(wolkenwerf, paid_with(due, "150.00", side="DBIT", ref="OUT"), opening="250.00", number=2)
    payments.accept(**told(wolkenwerf), entry_id=out.id, claim_id=due.id)
    payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        (again,) = (one for one in bank.claims_by_source(wolkenwerf.id, "capital.paid_twice", done.id))
        lacks = [(one.code.value, str(one.other)) for one in queries.proof(wolkenwerf.id, TODAY).differences]
    assert (str(again.open), lacks) == ("150.00", [("received", "150.00")])
    (back,) = bring_entries(wolkenwerf, paid_with(again, "150.00", ref="BACK"), opening="100.00", number=3)
    payments.accept(**told(wolkenwerf), entry_id=back.id, claim_id=again.id)
    with inside(wolkenwerf):
        assert queries.proof(wolkenwerf.id, TODAY).holds
    assert owed_back(wolkenwerf) == []
