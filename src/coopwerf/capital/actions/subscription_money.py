"""What happens to subscriptions when money is matched, and when the register decides."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.register import actions as register_actions
from coopwerf.register import queries as register
from coopwerf.register.actions import DecisionInput
from coopwerf.register.states import RequestState

from .. import policies
from ..models import Subscription, SubscriptionEvent, SubscriptionPayment
from ..states import HOLDING, SubscriptionEventKind, SubscriptionState
from . import claims, mails
from .subscriptions import carry, end, give_back, note

log = logging.getLogger(__name__)

_GIVES_BACK = (SubscriptionState.REFUSED, SubscriptionState.WITHDRAWN)
BANK = "bank"
"""Who decided on a payment of shares: nobody, it came in."""


def _locked(coop_id: uuid.UUID, **which: object) -> Subscription | None:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("share_class")
    return rows.filter(coop_id=coop_id, **which).first()


@action(verb="capital.subscription_paid")
def note_payment(
    *,
    coop_id: uuid.UUID,
    subscription_id: uuid.UUID,
    match_id: uuid.UUID,
    amount: Decimal,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Note money that was matched to a subscription, once for each match, and pass it on to the register.

    Paying makes nobody a member. What comes for one that is refused or withdrawn goes back; for one that lapsed it is
    seen to soon, for then the offer's room must be counted first; once something went back there, so does the rest.
    """
    policies.may_follow_books(actor).require()
    row = _locked(coop_id, id=subscription_id)
    if row is None:
        raise Refused("capital.subscription_gone")
    payment, is_new = SubscriptionPayment.objects.get_or_create(
        match_id=match_id, defaults={"coop_id": coop_id, "subscription": row, "amount": amount, "on": on}
    )
    if is_new:
        row.received += amount
        note(row, SubscriptionEventKind.PAID, actor=actor, now=now, on=on, amount=amount)
        state = SubscriptionState(row.state)
        if state in HOLDING:
            row.state = _paid_state(row)
            if row.request_id is not None:
                carry(row, payment, now=now)
        elif state is SubscriptionState.ADMITTED:
            _pay_shares(row, payment, now=now)
        elif state is SubscriptionState.LAPSED and row.refund_id is None:
            from ..tasks import defer_taking_up

            defer_taking_up(coop_id, row.id)
        else:
            give_back([(row, payment)], clock.civil_date(now), actor=actor, now=now)
        row.save(update_fields=["received", "state", "refund_id"])
    audit("subscription", row.id, amount=amount, on=on, state=row.state, match=match_id)


@action(verb="capital.subscription_unpaid")
def take_back_payment(
    *, coop_id: uuid.UUID, subscription_id: uuid.UUID, match_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Take back a payment whose match was undone, here and in the register; both stay readable.

    The bank is right even where the register can't follow any more, for the member left meanwhile: then it goes on
    calling that paid, which is noted here, and the proof of the books names who it is.
    """
    policies.may_follow_books(actor).require()
    today = clock.civil_date(now)
    row = _locked(coop_id, id=subscription_id)
    if row is None:
        raise Refused("capital.subscription_gone")
    payment = SubscriptionPayment.objects.filter(match_id=match_id, subscription=row, undone_at=None).first()
    if payment is not None:
        payment.undone_at = now
        payment.save(update_fields=["undone_at"])
        row.received -= payment.amount
        note(row, SubscriptionEventKind.TAKEN_BACK, actor=actor, now=now, on=today, amount=-payment.amount)
        if row.state in HOLDING:
            row.state = _paid_state(row)
        kept = _kept_paid(row, payment, today, now=now)
        if kept > 0:
            note(row, SubscriptionEventKind.KEPT_PAID, actor=actor, now=now, on=today, amount=kept)
        if row.refund_id is not None or row.state in _GIVES_BACK:
            _give_back_less(row, payment, today, actor=actor, now=now)
        row.save(update_fields=["received", "state", "refund_id", "letter_id"])
    audit("subscription", row.id, state=row.state, match=match_id)


@action(verb="capital.subscription_paid_back")
def note_paid_back(
    *,
    coop_id: uuid.UUID,
    subscription_id: uuid.UUID,
    claim_id: uuid.UUID,
    amount: Decimal,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Note that the bank paid back what came in for a subscription, or with an amount below zero that it didn't.

    What is asked back of who paid isn't any more then, and so much isn't owed again either. What wasn't owed any more,
    but was on its way by then, counts for what else is, or is asked for.
    """
    policies.may_follow_books(actor).require()
    row = _locked(coop_id, id=subscription_id)
    if row is None:
        raise Refused("capital.subscription_gone")
    note(row, SubscriptionEventKind.PAID_BACK, actor=actor, now=now, on=on, amount=-amount)
    today = clock.civil_date(now)
    payment = row.payments.filter(refund_id=claim_id).first()
    if payment is not None and amount > 0 and claims.is_cancelled(coop_id, claim_id):
        claims.pay_back_after_all(row, claim_id, amount, today, now=now)
        note(row, SubscriptionEventKind.REFUNDED, actor=actor, now=now, on=today, amount=amount)
        _owe_less(row, payment, amount, today, actor=actor, now=now)
        row.refund_id = claim_id
        row.save(update_fields=["refund_id", "letter_id"])
    elif payment is not None and amount < 0 and (covered := claims.ask_less(row, payment, -amount, now=now)):
        note(row, SubscriptionEventKind.ASKED_BACK, actor=actor, now=now, on=today, amount=-covered)
        note(row, SubscriptionEventKind.REFUNDED, actor=actor, now=now, on=today, amount=-covered)
        claims.pay_back_less(row, claim_id, covered, today, now=now)
    audit("subscription", row.id, amount=amount, on=on)


@action(verb="capital.subscriptions_decided")
def follow_decision(
    *,
    coop_id: uuid.UUID,
    request_ids: Sequence[uuid.UUID],
    are_admitted: bool,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Follow what was decided on requests: admitted, or refused, and then what came in goes back; return how many."""
    policies.may_follow_books(actor).require()
    rows = list(
        Subscription.objects.select_for_update(of=("self",))
        .select_related("share_class")
        .filter(coop_id=coop_id, request_id__in=request_ids, state__in=[state.value for state in HOLDING])
        .order_by("id")
    )
    if are_admitted:
        Subscription.objects.filter(id__in=[row.id for row in rows]).update(
            state=SubscriptionState.ADMITTED.value, ended_at=now, remind_on=None, last_on=None
        )
        SubscriptionEvent.objects.bulk_create(
            [
                SubscriptionEvent(
                    coop_id=coop_id,
                    subscription=row,
                    kind=SubscriptionEventKind.ADMITTED.value,
                    on=on,
                    at=now,
                    author_id=actor.party_id,
                )
                for row in rows
            ],
            batch_size=2000,
        )
    else:
        end(rows, SubscriptionState.REFUSED, on=on, actor=actor, now=now)
    audit("subscription", None, subscriptions=len(rows), admitted=are_admitted, on=on)
    return len(rows)


@action(verb="capital.subscription_request_withdrawn")
def follow_withdrawal(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, on: dt.date, actor: Actor, now: dt.datetime
) -> None:
    """Follow a request that was withdrawn in the register: its subscription ends, and what came in goes back."""
    policies.may_follow_books(actor).require()
    row = Subscription.objects.select_related("share_class").filter(coop_id=coop_id, request_id=request_id).first()
    follows = row is not None and row.state in HOLDING
    if row is not None and follows:
        end([row], SubscriptionState.WITHDRAWN, on=on, actor=actor, now=now)
    audit("subscription", None if row is None else row.id, follows=follows)


@action(verb="capital.subscription_resized")
def follow_size(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, quantity: int, amount: Decimal, actor: Actor, now: dt.datetime
) -> None:
    """Follow a request that asks for another number of shares: another amount is asked for."""
    policies.may_follow_books(actor).require()
    row = _locked(coop_id, request_id=request_id)
    if row is not None and row.state in HOLDING:
        row.quantity, row.amount = quantity, amount
        row.state = _paid_state(row)
        row.save(update_fields=["quantity", "amount", "state"])
        note(row, SubscriptionEventKind.RESIZED, actor=actor, now=now)
        claims.resize(row, now=now)
    audit("subscription", None if row is None else row.id, shares=quantity, amount=amount)


def _give_back_less(
    row: Subscription, payment: SubscriptionPayment, on: dt.date, *, actor: Actor, now: dt.datetime
) -> None:
    """Pay back no more what didn't come in after all; where the bank paid it back already, ask for it."""
    _owe_less(row, payment, payment.amount, on, actor=actor, now=now)
    owed = row.payments.filter(Q(undone_at=None) | Q(asked_id__isnull=False)).exclude(refund_id=None)
    row.refund_id = owed.order_by("on", "id").values_list("refund_id", flat=True).last()


def _owe_less(
    row: Subscription, payment: SubscriptionPayment, amount: Decimal, on: dt.date, *, actor: Actor, now: dt.datetime
) -> None:
    """Owe who paid so much less: of what is to be paid back of this first, then of others; ask for the rest."""
    left = amount
    for one in claims.of_same_payer(payment, row.payments.exclude(refund_id=None)):
        assert one.refund_id is not None
        due = min(claims.still_to_pay_back(row.coop_id, one.refund_id), left)
        if due > 0:
            claims.pay_back_less(row, one.refund_id, due, on, now=now)
            note(row, SubscriptionEventKind.REFUNDED, actor=actor, now=now, on=on, amount=-due)
            left -= due
    if left > 0:
        asked = claims.ask_back(row, payment, left, now=now)
        payment.asked_id = asked.id
        payment.save(update_fields=["asked_id"])
        mails.asked_back(row, asked, now=now)
        note(row, SubscriptionEventKind.ASKED_BACK, actor=actor, now=now, on=on, amount=left)


def _paid_state(row: Subscription) -> str:
    return (SubscriptionState.PAID if row.received >= row.amount else SubscriptionState.TO_PAY).value


def _by_bank(row: Subscription, on: dt.date) -> DecisionInput:
    return DecisionInput(body=BANK, on=on, reference=row.digits)


def _pay_shares(row: Subscription, payment: SubscriptionPayment, *, now: dt.datetime) -> None:
    """Record money for shares that were issued unpaid, as far as they ask for so much."""
    today = clock.civil_date(now)
    assert row.request_id is not None
    facts = register.request_facts(row.coop_id, row.request_id, today)
    assert facts is not None
    assert facts.member_id is not None
    noted = sum((one.noted for one in row.payments.filter(undone_at=None)), ZERO)
    # What the register couldn't take back it still calls paid: money that comes after all is for that.
    kept = row.events.filter(kind=SubscriptionEventKind.KEPT_PAID.value).values_list("amount", flat=True)
    left = min(payment.amount, row.amount - noted - sum((amount or ZERO for amount in kept), ZERO))
    if left <= 0:
        return
    payment.noted = left
    payment.movement_id = register_actions.record_payment(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        member_id=facts.member_id,
        share_class=row.share_class.code,
        amount=left,
        on=max(min(payment.on, today), facts.decided_on or payment.on),
        decision=_by_bank(row, payment.on),
        amount_per_share=row.amount_per_share,
    )
    payment.save(update_fields=["noted", "movement_id"])


def _kept_paid(row: Subscription, payment: SubscriptionPayment, today: dt.date, *, now: dt.datetime) -> Decimal:
    """Take a payment back in the register where it noted it; return how much of it stays paid there."""
    noted: Decimal = payment.noted
    try:
        with transaction.atomic():
            if payment.movement_id is not None:
                register_actions.correct_movement(
                    actor=SYSTEM,
                    now=now,
                    coop_id=row.coop_id,
                    movement_id=payment.movement_id,
                    decision=_by_bank(row, today),
                    quantity=0,
                )
            elif payment.event_id is not None and row.request_id is not None:
                return _kept_with_request(row, payment, today, now=now)
    except Refused as refusal:
        log.warning("the register keeps a payment of the subscription %s: %s", row.id, refusal.code)
        return noted
    return ZERO


def _kept_with_request(row: Subscription, payment: SubscriptionPayment, today: dt.date, *, now: dt.datetime) -> Decimal:
    """Take a payment back that the register noted with a request, or with its issue; return what is kept of it."""
    assert row.request_id is not None
    assert payment.event_id is not None
    noted: Decimal = payment.noted
    facts = register.request_facts(row.coop_id, row.request_id, today)
    if facts is None:
        return ZERO
    if facts.is_open:
        register_actions.take_back_request_payment(
            actor=SYSTEM, now=now, coop_id=row.coop_id, request_id=row.request_id, event_id=payment.event_id
        )
    elif facts.state is RequestState.ADMITTED:
        issue = register.issue_of_request(row.coop_id, row.request_id)
        if issue is None:
            return noted
        if issue.paid < noted:
            # Somebody corrected it in the register meanwhile: what is left there is for others first.
            others = row.payments.filter(undone_at=None, event_id__isnull=False).values_list("noted", flat=True)
            return max(issue.paid - sum(others, ZERO), ZERO)
        register_actions.correct_movement(
            actor=SYSTEM,
            now=now,
            coop_id=row.coop_id,
            movement_id=issue.id,
            decision=_by_bank(row, today),
            paid=issue.paid - noted,
        )
    return ZERO
