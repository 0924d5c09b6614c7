"""A subscription from the bank's file to the register and back: register, ledger and bank say the same."""

import threading
import time
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

from coopcalc.references import format_communication, format_iban
from coopwerf.capital import actions, queries
from coopwerf.capital.actions import claims
from coopwerf.capital.models import Subscription
from coopwerf.capital.states import ASKED_SOURCE, SubscriptionEventKind, SubscriptionState
from coopwerf.coops import actions as coops
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import queries as books
from coopwerf.messages.models import Mail
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
from tests.payments.files import camt_entry

from .offering import facts, opened, with_shares
from .subscribed import applicant, confirmed, gift, inside, last_mail, mailed, shown, subscribed

BOARD = DecisionInput(body="board", on=TODAY, reference="this board, item 4")


@pytest.fixture
def offer(wolkenwerf: Cast, db: None) -> uuid.UUID:
    """Return the open offer of Wolkenwerf, whose books are open."""
    open_bank(wolkenwerf)
    with_shares(wolkenwerf)
    return opened(wolkenwerf)


def paid_in(coop: Cast, done: actions.Subscribed, amount: str, **more: Any) -> uuid.UUID:
    """Let the bank's file bring money with the communication of a subscription, and accept it; return its entry."""
    file = {name: more.pop(name) for name in ("opening", "number") if name in more}
    (line,) = bring_entries(coop, paid_with(shown(coop, done.id), amount, **more), **file)  # type: ignore[arg-type]
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


def owed_by_us(coop: Cast) -> list[tuple[Decimal, str, str]]:
    """Return the payments to make: how much, to which account, in whose name."""
    with inside(coop):
        return [(one.open, one.iban, one.holder) for one in bank.payments_to_make(coop.id)]


def asked_back(coop: Cast, done: actions.Subscribed) -> list[bank.ClaimFacts]:
    """Return the claims for what was paid back in vain, with those that are settled or cancelled by now."""
    with inside(coop):
        return bank.claims_by_source(coop.id, ASKED_SOURCE, done.id)


def paid_back(coop: Cast, refund_id: uuid.UUID | None, amount: str, opening: str) -> uuid.UUID:
    """Let the bank's file tell that something was paid back, and accept it; return its entry."""
    assert refund_id is not None
    owed = claim_now(coop, refund_id)
    (out,) = bring_entries(coop, paid_with(owed, amount, side="DBIT", ref="OUT1"), opening=opening, number=2)
    payments.accept(**told(coop), entry_id=out.id, claim_id=refund_id)
    return out.id


def test_two_who_paid_both_get_their_own_back(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Griet paid a hundred, Piet fifty: each gets that back, on the account it came from; one undone, one is left."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    here = shown(wolkenwerf, done.id)
    griet, piet = bring_entries(
        wolkenwerf,
        paid_with(here, "100.00", name="Griet Maes", ref="A"),  # type: ignore[arg-type]
        paid_with(here, "50.00", name="Piet Ander", iban="BE43068999999501", ref="B"),  # type: ignore[arg-type]
    )
    for line in (griet, piet):
        payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_of(wolkenwerf, done))
    refused(wolkenwerf, done)
    to_griet = (Decimal("100.00"), griet.iban, "Griet Maes")
    to_piet = (Decimal("50.00"), "BE43068999999501", "Piet Ander")
    assert owed_by_us(wolkenwerf) == [to_griet, to_piet]
    assert standing(wolkenwerf, "refunds_due") == -150
    payments.undo(**told(wolkenwerf), entry_id=piet.id)
    assert owed_by_us(wolkenwerf) == [to_griet]
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, -100)
    payments.undo(**told(wolkenwerf), entry_id=griet.id)
    assert (owed_by_us(wolkenwerf), standing(wolkenwerf, "refunds_due")) == ([], 0)
    assert shown(wolkenwerf, done.id).refund_id is None


def test_the_first_of_two_refunds_ends_with_its_own_payment(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """A hundred was to go back and fifty came later: the hundred is undone, and only the fifty is owed."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    first = paid_in(wolkenwerf, done, "100.00", name="Griet Maes")
    refused(wolkenwerf, done)
    line_of = paid_with(shown(wolkenwerf, done.id), "50.00", ref="R2")  # type: ignore[arg-type]
    (line,) = bring_entries(wolkenwerf, line_of, opening="200.00", number=2)
    payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_of(wolkenwerf, done))
    payments.undo(**told(wolkenwerf), entry_id=first)
    assert [amount for amount, _iban, _name in owed_by_us(wolkenwerf)] == [Decimal("50.00")]
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, -50)


def test_what_was_paid_back_in_vain_is_asked_for(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """It was paid back, then the transfer turns out not to be theirs: a claim asks for it, until it came after all."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00", name="Griet Maes")
    refused(wolkenwerf, done)
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    (asked,) = asked_back(wolkenwerf, done)
    assert (asked.open, asked.direction, asked.party_id) == (
        Decimal("150.00"),
        "in",
        shown(wolkenwerf, done.id).party_id,
    )
    assert owed_by_us(wolkenwerf) == []
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (150, 0)
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"subscriptions/{done.id}/")).content.decode()
    assert "Ten onrechte terugbetaald" in page
    payments.accept(**told(wolkenwerf), entry_id=entry, claim_id=claim_of(wolkenwerf, done))
    (asked,) = asked_back(wolkenwerf, done)
    assert asked.state is ClaimState.CANCELLED
    assert owed_by_us(wolkenwerf) == [], "it isn't paid back twice"
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert [one.open for one in asked_back(wolkenwerf, done) if one.state is ClaimState.OPEN] == [Decimal("150.00")]


def in_vain(coop: Cast, offer_id: uuid.UUID, **told_of: Any) -> tuple[actions.Subscribed, bank.ClaimFacts]:
    """Let a subscription be paid, withdrawn and paid back, and then its payment be undone; return what is asked."""
    done = subscribed(coop, offer_id, **told_of)
    entry = paid_in(coop, done, "150.00", name="Griet Maes")
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=coop.id, token=mailed(coop, done.id))
    paid_back(coop, shown(coop, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(coop), entry_id=entry)
    (asked,) = asked_back(coop, done)
    return done, asked


def test_whoever_got_money_back_in_vain_reads_how_to_return_it(
    offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """Withdrawn or lapsed, paid back, undone: page and letter say what is asked, where to and with what words."""
    done, asked = in_vain(wolkenwerf, offer)
    address = wolkenwerf.url(f"subscription/{mailed(wolkenwerf, done.id)}/")
    how = {format_communication(asked.digits), format_iban(facts(wolkenwerf, offer).iban), "150,00"}
    for state in (SubscriptionState.LAPSED, SubscriptionState.WITHDRAWN):
        with inside(wolkenwerf):
            Subscription.objects.filter(id=done.id).update(state=state.value)
        page = client.get(address).content.decode()
        assert "niets verschuldigd" not in page
        assert "Wil je ons" in page
        assert {one for one in how if one in page} == how
    mail = last_mail()
    assert mail.subject.startswith("Wil je")
    assert {one for one in how if one in mail.text} == how
    with inside(wolkenwerf):
        assert [one.open for one in queries.asked_back(wolkenwerf.id, done.id)] == [Decimal("150.00")]
    (line,) = bring_entries(
        wolkenwerf,
        paid_with(asked, "150.00", ref="BACK", booked="2026-11-22"),
        opening="100.00",
        number=3,
        on="2026-11-22",
    )
    payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    page = client.get(address).content.decode()
    assert "Je bent niets verschuldigd" in page
    assert format_communication(asked.digits) not in page


def test_who_gave_the_shares_is_asked_for_what_came_back_in_vain(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The giver gets the letter, without the secret address of who would become a member."""
    done, asked = in_vain(wolkenwerf, offer, **gift())
    mail = last_mail("jan@example.org")
    assert format_communication(asked.digits) in mail.text
    assert mailed(wolkenwerf, done.id) not in mail.text
    assert [one.to for one in Mail.objects.all()] == ["jan@example.org"]


def test_what_was_typed_is_forgotten_and_the_claim_opens_all_the_same(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Nobody can be written to any more: the money is asked for, and the letter is left out."""
    done = subscribed(wolkenwerf, offer)
    entry = paid_in(wolkenwerf, done, "150.00")
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, done.id))
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    with inside(wolkenwerf):
        Subscription.objects.filter(id=done.id).update(told={})
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert [one.open for one in asked_back(wolkenwerf, done)] == [Decimal("150.00")]
    assert not Mail.objects.exists()


def test_what_was_paid_back_in_vain_comes_in(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """They pay the claim: the books agree again, and nothing of it goes back."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    refused(wolkenwerf, done)
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    (asked,) = asked_back(wolkenwerf, done)
    (line,) = bring_entries(
        wolkenwerf,
        paid_with(asked, "150.00", ref="BACK", booked="2026-11-22"),
        opening="100.00",
        number=3,
        on="2026-11-22",
    )
    payments.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    assert owed_by_us(wolkenwerf) == []
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)


def test_what_was_paid_back_in_vain_does_not_arrive_either(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Neither transfer went through: nobody owes anybody anything."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    refused(wolkenwerf, done)
    out = paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    payments.undo(**told(wolkenwerf), entry_id=out)
    assert owed_by_us(wolkenwerf) == []
    assert {one.state for one in asked_back(wolkenwerf, done)} == {ClaimState.CANCELLED}
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)


def test_what_the_bank_paid_back_when_it_was_not_owed_any_more(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """It was given to the bank, then the match is undone, and the bank pays all the same: a claim asks for it."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00", name="Griet Maes")
    refused(wolkenwerf, done)
    refund_id = shown(wolkenwerf, done.id).refund_id
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert asked_back(wolkenwerf, done) == []
    out = paid_back(wolkenwerf, refund_id, "150.00", "250.00")
    assert [one.open for one in asked_back(wolkenwerf, done)] == [Decimal("150.00")]
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (150, 0)
    payments.undo(**told(wolkenwerf), entry_id=out)
    assert {one.state for one in asked_back(wolkenwerf, done)} == {ClaimState.CANCELLED}
    assert owed_by_us(wolkenwerf) == []
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)


def test_nobody_is_to_get_back_and_asked_at_once(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The refund came back while the payment stood, which then is undone too: nothing is owed, and nothing is asked."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00", name="Griet Maes")
    refused(wolkenwerf, done)
    out = paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    payments.accept(**told(wolkenwerf), entry_id=entry, claim_id=claim_of(wolkenwerf, done))
    payments.undo(**told(wolkenwerf), entry_id=out)
    assert [amount for amount, _iban, _name in owed_by_us(wolkenwerf)] == [Decimal("150.00")]
    payments.undo(**told(wolkenwerf), entry_id=entry)
    assert owed_by_us(wolkenwerf) == []
    assert {one.state for one in asked_back(wolkenwerf, done)} == {ClaimState.CANCELLED}
    assert (standing(wolkenwerf, "subscriptions_received"), standing(wolkenwerf, "refunds_due")) == (0, 0)


def test_who_pays_does_not_pay_for_what_another_got_in_vain(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Griet got a hundred back that never came; Piet's fifty goes back to Piet all the same."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    first = paid_in(wolkenwerf, done, "100.00", name="Griet Maes")
    refused(wolkenwerf, done)
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "100.00", "200.00")
    payments.undo(**told(wolkenwerf), entry_id=first)
    paid_in(wolkenwerf, done, "50.00", name="Piet Ander", iban="BE43068999999501", ref="P", opening="100.00", number=3)
    assert owed_by_us(wolkenwerf) == [(Decimal("50.00"), "BE43068999999501", "Piet Ander")]
    assert [one.open for one in asked_back(wolkenwerf, done)] == [Decimal("100.00")]


def test_of_whom_the_bank_tells_no_account_nobody_is_the_same(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Griet got a hundred back that never came; Piet's fifty goes back to Piet, though neither has an account."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    first = paid_in(wolkenwerf, done, "100.00", name="Griet Maes", iban="")
    refused(wolkenwerf, done)
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "100.00", "200.00")
    payments.undo(**told(wolkenwerf), entry_id=first)
    paid_in(wolkenwerf, done, "50.00", name="Piet Ander", iban="", ref="P", opening="100.00", number=3)
    assert owed_by_us(wolkenwerf) == [(Decimal("50.00"), "", "Piet Ander")]
    assert [one.open for one in asked_back(wolkenwerf, done)] == [Decimal("100.00")]
    payments.accept(**told(wolkenwerf), entry_id=first, claim_id=claim_of(wolkenwerf, done))
    assert owed_by_us(wolkenwerf) == [(Decimal("50.00"), "", "Piet Ander")], "Griet's own line isn't paid back twice"
    assert {one.state for one in asked_back(wolkenwerf, done)} == {ClaimState.CANCELLED}


def test_what_the_register_called_unpaid_already_is_not_kept_paid(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The secretary corrected the issue before the bank did: the money that comes after all is noted as paid."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    whose: dict[str, Any] = {"actor": wolkenwerf.chair.actor, "now": NOW, "coop_id": wolkenwerf.id}
    request = request_of(wolkenwerf, done)
    register_actions.admit_requests(**whose, request_ids=[request.id], decision=BOARD)
    coops.set_rules(**whose, valid_from=TODAY, values={"shares.fully_paid": False})
    with inside(wolkenwerf):
        issue = register.issue_of_request(wolkenwerf.id, request.id)
    assert issue is not None
    register_actions.correct_movement(**whose, movement_id=issue.id, decision=BOARD, paid=Decimal(0))
    payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        kinds = {one.kind for one in queries.subscription_events(wolkenwerf.id, done.id, TODAY)}
    assert SubscriptionEventKind.KEPT_PAID not in kinds
    payments.accept(**told(wolkenwerf), entry_id=entry, claim_id=claim_of(wolkenwerf, done))
    with inside(wolkenwerf):
        held = register.holdings_of(wolkenwerf.id, request_of(wolkenwerf, done).member_id, TODAY)
    assert held is not None
    assert held.paid == Decimal("150.00")


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


@pytest.mark.parametrize("is_return", [False, True])
def test_the_bank_takes_back_what_somebody_paid_who_has_left(
    offer: uuid.UUID, wolkenwerf: Cast, is_return: bool
) -> None:
    """Admitted, left, and only then the transfer is undone, or comes back: it is, and the proof names who it is."""
    done = subscribed(wolkenwerf, offer)
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    register_actions.admit_requests(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        request_ids=[request_of(wolkenwerf, done).id],
        decision=BOARD,
    )
    member = request_of(wolkenwerf, done).member_id
    assert member is not None
    register_actions.record_exit(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        decision=BOARD,
        member_id=member,
        share_class="A",
        quantity=3,
        on=TODAY,
    )
    if is_return:
        back = camt_entry("150.00", side="DBIT", ref="BACK", booked="2026-11-22")
        (line,) = bring_entries(wolkenwerf, back, opening="250.00", number=2, on="2026-11-22")
        payments.note_return(**told(wolkenwerf), entry_id=line.id, returned_entry_id=entry)
    else:
        payments.undo(**told(wolkenwerf), entry_id=entry)
    with inside(wolkenwerf):
        assert bank.matches_of_claim(wolkenwerf.id, claim_of(wolkenwerf, done))[0].undone_by is not None
        (event,) = [
            one
            for one in queries.subscription_events(wolkenwerf.id, done.id, TODAY)
            if one.kind is SubscriptionEventKind.KEPT_PAID
        ]
        found = queries.proof(wolkenwerf.id, TODAY)
    assert event.amount == Decimal("150.00")
    party = shown(wolkenwerf, done.id).party_id
    assert [(check.code.value, check.key, check.other) for check in found.differences] == [
        ("received", str(party), Decimal("150.00"))
    ]
    if not is_return:
        payments.accept(**told(wolkenwerf), entry_id=entry, claim_id=claim_of(wolkenwerf, done))
        with inside(wolkenwerf):
            assert queries.proof(wolkenwerf.id, TODAY).holds, "it was theirs after all"


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


@pytest.mark.django_db(transaction=True)
def test_two_treasurers_match_one_line_to_what_was_paid_in_vain(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One says it is the payment after all, the other that they gave it back: neither waits for ever."""
    open_bank(wolkenwerf)
    with_shares(wolkenwerf)
    done = subscribed(wolkenwerf, opened(wolkenwerf))
    confirmed(wolkenwerf, done)
    entry = paid_in(wolkenwerf, done, "150.00")
    refused(wolkenwerf, done)
    paid_back(wolkenwerf, shown(wolkenwerf, done.id).refund_id, "150.00", "250.00")
    payments.undo(**told(wolkenwerf), entry_id=entry)
    (asked,) = asked_back(wolkenwerf, done)
    claim = claim_of(wolkenwerf, done)
    has_locked, failures = threading.Event(), list[BaseException]()
    ask_less = claims.ask_less

    def slowly(*args: Any, **told: Any) -> Decimal:
        has_locked.set()
        time.sleep(0.5)
        return ask_less(*args, **told)

    def match(claim_id: uuid.UUID) -> None:
        try:
            if claim_id == asked.id:
                has_locked.wait(10)
            payments.accept(**told(wolkenwerf), entry_id=entry, claim_id=claim_id)
        except (Refused, OperationalError) as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    monkeypatch.setattr(claims, "ask_less", slowly)
    threads = [threading.Thread(target=match, args=(one,)) for one in (claim, asked.id)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (failure,) = failures
    assert isinstance(failure, Refused), "the second is told that the line is explained"
    assert {one.state for one in asked_back(wolkenwerf, done)} == {ClaimState.CANCELLED}


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
