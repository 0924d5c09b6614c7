"""Subscribing to an offer, confirming the address, and changing one's mind."""

import base64
import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import token_hash
from coopwerf.kernel.verdict import Verdict
from coopwerf.people import queries as people
from coopwerf.people.states import PartyKind, clean_language
from coopwerf.register import actions as register_actions
from coopwerf.register import policies as register_policies
from coopwerf.register import queries as register
from coopwerf.register.states import Applicant, ApplicantKind, SharesAsked, told_of, typed_by

from .. import policies, queries
from ..models import Subscription, SubscriptionEvent, SubscriptionPayment
from ..states import (
    APPLICANT_OF,
    HOLDING,
    SUBSCRIPTION_TRANSITIONS,
    ForWhom,
    OfferState,
    SubscriptionEventKind,
    SubscriptionState,
    Wish,
    clean_payer,
    clean_subscriber,
    price,
    term,
)
from . import claims

MAILS_A_DAY = 10
"""To one e-mail address: a parent subscribes for all children, nobody floods a stranger's mailbox."""
SENT_AN_HOUR = 1000
"""From one place on the network: a hall sits behind one address, and on an evening with television many phones do."""
SAME_WITHIN = dt.timedelta(hours=1)
"""What is the same in every letter within so long is the same subscription, sent from another tab."""
VERSION_HOLDS = dt.timedelta(days=1)
"""How long somebody may take between reading an offer and sending: its words and its price hold as they were shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class Subscribed:
    """Name a subscription, how far it has come, and the secret of its page."""

    id: uuid.UUID
    state: SubscriptionState
    token: str


@action(verb="capital.subscribed")
def subscribe(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    wish: Wish,
    language: str,
    key: uuid.UUID | None = None,
    will_wait: bool = False,
    sent_from: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Subscribed:
    """Subscribe to shares of an offer: they are kept for the days of payment, and a claim for them is open at once.

    The same `key` again is the same subscription. Without room it is refused, or with `will_wait` put on the waiting
    list. Whoever has signed in asks the board at once; others once they have confirmed their address. `sent_from` is a
    network address, kept as a keyed hash only. Raises Refused for what can't be meant, capital.not_taking,
    capital.version_old, capital.price_old, capital.class_withdrawn, and `capital.room_…` where it doesn't fit.
    """
    today = clock.civil_date(now)
    key = key or uuid.uuid4()
    if (twin := _twin(coop_id, key)) is not None:
        audit("subscription", twin.id, verb="capital.subscribed_again")
        return twin
    offer = queries.offer_facts(coop_id, offer_id, today)
    if offer is None:
        raise Refused("capital.offer_gone")
    policies.may_subscribe(offer, today).require()
    row = _row(offer, wish, clean_language(language), key=key, sent_from=sent_from, actor=actor, now=now)
    lately = queries.lately(coop_id, row.email_key, row.sender_key, now)
    policies.may_send_again(
        mails=lately.mails, sent=lately.sent, most_mails=MAILS_A_DAY, most_sent=SENT_AN_HOUR
    ).require()
    same = queries.before(row, now - SAME_WITHIN).key
    if same is not None and (twin := _twin(coop_id, same)) is not None:
        audit("subscription", twin.id, verb="capital.subscribed_again")
        return twin
    if will_wait:
        fits = _counted(offer, row, now)
        if not policies.may_wait(fits):
            fits.require()
        if not fits:
            row.state = SubscriptionState.WAITING.value
    if row.state != SubscriptionState.WAITING:
        _hold(row, today, offer.payment_days)
    twin = _written(row, offer, now=now)
    if twin is not None:
        audit("subscription", twin.id, verb="capital.subscribed_again")
        return twin
    is_queued = row.state == SubscriptionState.WAITING
    note(row, SubscriptionEventKind.QUEUED if is_queued else SubscriptionEventKind.SENT, actor=actor, now=now)
    audit(
        "subscription",
        row.id,
        offer=offer_id,
        shares=row.quantity,
        amount=row.amount,
        state=row.state,
        for_whom=row.for_whom,
    )
    if not will_wait:
        # All is written; what doesn't fit is undone altogether. So it is held for as short as can be.
        _counted(offer, row, now).require()
    if row.party_id is not None and not is_queued:
        _ask_at_once(row, actor=actor, now=now)
    # Last, as telling the sealer: others wait where such a job is being asked for and this isn't through yet.
    _write_soon(coop_id)
    return Subscribed(row.id, SubscriptionState(row.state), page_token(key))


def _written(row: Subscription, offer: queries.OfferFacts, *, now: dt.datetime) -> Subscribed | None:
    """Write a subscription with its claim; return the one that was there first, where the same form came at once."""
    try:
        with transaction.atomic():
            if row.state != SubscriptionState.WAITING:
                opened = claims.open_for(row, _due(row), iban=offer.iban, holder=offer.holder, now=now)
                row.claim_id, row.digits = opened.id, opened.digits
            row.save(force_insert=True)
    except IntegrityError:
        twin = _twin(row.coop_id, row.key)
        if twin is None:
            raise
        return twin
    return None


def _counted(offer: queries.OfferFacts, row: Subscription, now: dt.datetime) -> Verdict:
    """Hold what is shared and tell whether a subscription has room, and nobody waits for it: one after the other.

    What is counted now is true until it is written. Raises Refused where the offer takes nobody any more, and where
    the same came from another tab in this very moment.
    """
    held = queries.hold_room(offer.coop_id, offer.id)
    if held is None or held.state != OfferState.OPEN:
        raise Refused("capital.not_taking")
    before = queries.before(row, now - SAME_WITHIN)
    if before.key is not None:
        raise Refused("kernel.changed_meanwhile")
    fits = policies.fits_subscription(
        offer, row.amount, clock.civil_date(now), party_id=row.party_id, who_key=row.who_key, but=row.id
    )
    return policies.room_or_queue(fits) if fits and before.has_queue else fits


@action(verb="capital.subscription_confirmed")
def confirm_subscription(
    *,
    coop_id: uuid.UUID,
    token: str = "",
    subscription_id: uuid.UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> SubscriptionState:
    """Take it that whoever subscribed agrees, and put their request before the board.

    By the secret that was mailed; or by the secretary, to whom they said so. On the waiting list it is only noted: the
    request comes with the place. Raises Refused capital.subscription_gone, capital.confirmed_already,
    capital.subscription_over, capital.earlier_request, and what the register refuses.
    """
    rows = Subscription.objects.select_related("share_class").filter(coop_id=coop_id)
    row = (rows.filter(mail_hash=token_hash(token)) if token else rows.filter(id__in=[subscription_id])).first()
    if row is None:
        raise Refused("capital.subscription_gone")
    if not token:
        register_policies.may_keep_requests(actor, coop_id, clock.civil_date(now)).require()
    policies.may_confirm(SubscriptionState(row.state), row.confirmed_at).require()
    if row.state == SubscriptionState.WAITING:
        waiting = Subscription.objects.filter(id=row.id, state=row.state, confirmed_at=None)
        if not waiting.update(confirmed_at=now):
            raise Refused("kernel.changed_meanwhile")
    else:
        bring(row, now=now)
    note(row, SubscriptionEventKind.CONFIRMED, actor=actor, now=now)
    audit("subscription", row.id, party=row.party_id, request=row.request_id)
    return SubscriptionState(row.state)


@action(verb="capital.subscription_withdrawn")
def withdraw_subscription(
    *,
    coop_id: uuid.UUID,
    token: str = "",
    subscription_id: uuid.UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Withdraw a subscription: by whoever has its secret address, by themselves, by the secretary at their word.

    What was paid comes back. Its room is free again. Raises Refused capital.subscription_gone,
    capital.subscription_over, capital.withdraw_by_mail.
    """
    today = clock.civil_date(now)
    rows = Subscription.objects.filter(coop_id=coop_id)
    hashed = token_hash(token)
    row = (rows.filter(id__in=[subscription_id]) if not token else rows.filter(mail_hash=hashed)).first()
    if row is None and token:
        row = rows.filter(page_hash=hashed).first()
        if row is not None:
            # Whoever typed it may take it back; once somebody confirmed it, it is theirs.
            policies.may_withdraw_unread(row.confirmed_at, row.received).require()
    if row is None:
        raise Refused("capital.subscription_gone")
    if not token and row.party_id not in actor.parties:
        register_policies.may_keep_requests(actor, coop_id, today).require()
    policies.may_withdraw(SubscriptionState(row.state), row.received, row.refund_id).require()
    queries.hold_subscriptions(coop_id, [row.id])
    if row.request_id is not None and row.state != SubscriptionState.LAPSED:
        # The register tells us, and then it ends here too.
        register_actions.withdraw_request(actor=SYSTEM, now=now, coop_id=coop_id, request_id=row.request_id)
    else:
        end([row], SubscriptionState.WITHDRAWN, on=today, actor=actor, now=now)
    audit("subscription", row.id, amount=row.amount, paid=row.received)


# What several of these need


def page_token(key: uuid.UUID) -> str:
    """Return the secret of a subscription's page, from the key of its form: shown to whoever sent it."""
    return _token("page", key)


def mail_token(key: uuid.UUID) -> str:
    """Return the secret that is mailed: whoever has it reads the mail of the address that was typed."""
    return _token("mail", key)


def _token(what: str, key: uuid.UUID) -> str:
    digest = salted_hmac(f"coopwerf.capital.subscription.{what}", str(key), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def keyed(what: str, text: str) -> str:
    """Return a keyed hash, by which something is found again and never read."""
    return salted_hmac(f"coopwerf.capital.{what}", text, algorithm="sha256").hexdigest()


def move(row: Subscription, state: SubscriptionState) -> None:
    """Bring a subscription into another state; raises Refused capital.subscription_over where nothing leads there."""
    if state not in SUBSCRIPTION_TRANSITIONS[SubscriptionState(row.state)]:
        raise Refused("capital.subscription_over")
    row.state = state.value


def note(row: Subscription, kind: SubscriptionEventKind, *, actor: Actor, now: dt.datetime, **told: Any) -> None:
    """Write down what happened to a subscription."""
    SubscriptionEvent.objects.create(
        coop_id=row.coop_id,
        subscription_id=row.id,
        kind=kind.value,
        on=told.get("on") or clock.civil_date(now),
        at=now,
        author_id=actor.party_id,
        amount=told.get("amount"),
    )


def bring(row: Subscription, *, now: dt.datetime) -> None:
    """Make a subscription the request of a party in the register, with what was paid on it already."""
    today = clock.civil_date(now)
    confirmed_at = row.confirmed_at or now
    applicant = dataclasses.replace(typed(row), party_id=row.party_id)
    try:
        asked = register_actions.ask_as_subscriber(
            actor=SYSTEM,
            now=now,
            coop_id=row.coop_id,
            applicant=applicant,
            agent_id=row.agent_id,
            shares=shares_of(row),
            language=row.language,
            asked_at=row.sent_at,
        )
    except Refused as refusal:
        if refusal.code == "register.asked_already":
            raise Refused("capital.earlier_request") from refusal
        raise
    offer = queries.offer_facts(row.coop_id, row.offer_id, today)
    assert offer is not None
    # Who it is stands fast only now: what they took elsewhere counts for their own limit.
    policies.fits_person(offer, asked.party_id, today).require()
    told = {key: value for key, value in row.told.items() if key in ("agent_given", "agent_family")}
    kept = told if asked.agent_id is None else {}
    values = {
        "party_id": asked.party_id,
        "agent_id": asked.agent_id,
        "request_id": asked.request_id,
        "confirmed_at": confirmed_at,
        "told": kept,
        "email_key": "",
        "sender_key": "",
        "content_key": "",
    }
    # Not locked before: registering people comes earlier in the order of locks. Who comes second finds it changed.
    rows = Subscription.objects.filter(id=row.id, request=None, state__in=[state.value for state in HOLDING])
    if not rows.update(**values):
        raise Refused("kernel.changed_meanwhile")
    for name, value in values.items():
        setattr(row, name, value)
    for payment in SubscriptionPayment.objects.filter(subscription=row, undone_at=None).order_by("on", "id"):
        carry(row, payment, now=now)
    claims.belongs_to(row, now=now)


def carry(row: Subscription, payment: SubscriptionPayment, *, now: dt.datetime) -> None:
    """Note a payment with the request in the register, as far as its shares cost so much."""
    assert row.request_id is not None
    today = clock.civil_date(now)
    facts = register.request_facts(row.coop_id, row.request_id, today)
    left = min(payment.amount, facts.to_pay) if facts is not None and facts.is_open else ZERO
    if not left:
        return
    payment.noted = left
    payment.event_id = register_actions.note_request_money(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        request_id=row.request_id,
        amount=left,
        on=min(payment.on, today),
    )
    payment.save(update_fields=["noted", "event_id"])


def end(rows: Sequence[Subscription], state: SubscriptionState, *, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """End subscriptions: nothing is asked for them any more, what came in goes back, their room is free.

    They are locked before their claims, as where money is matched. The ledger comes last, for it takes the
    chain's head.
    """
    ids = [row.id for row in rows]
    locked = list(Subscription.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id"))
    for row in locked:
        move(row, state)
        row.ended_at, row.remind_on, row.last_on = now, None, None
        if state is SubscriptionState.WITHDRAWN and not row.received:
            row.told, row.payer, row.payer_email = {}, "", ""
            row.email_key = row.sender_key = row.content_key = ""
        note(row, SubscriptionEventKind(state.value), actor=actor, now=now, on=on)
    for row in locked:
        claims.end(row, has_lapsed=state is SubscriptionState.LAPSED, now=now)
    if state is not SubscriptionState.LAPSED:
        give_back(not_given_back([row for row in locked if row.received > 0]), on, actor=actor, now=now)
    for row in locked:
        row.save()
    for offer_id in sorted({row.offer_id for row in locked}):
        room_came(locked[0].coop_id, offer_id)


def not_given_back(rows: Sequence[Subscription]) -> list[tuple[Subscription, SubscriptionPayment]]:
    """Return the payments that stand for these subscriptions and aren't to be paid back yet, the first ones first."""
    by_id = {row.id: row for row in rows}
    came = SubscriptionPayment.objects.filter(subscription_id__in=list(by_id), undone_at=None, refund_id=None)
    return [(by_id[one.subscription_id], one) for one in came.order_by("on", "id")]


def give_back(
    came: Sequence[tuple[Subscription, SubscriptionPayment]], on: dt.date, *, actor: Actor, now: dt.datetime
) -> None:
    """Put payments on the list of payments to make, each to who paid it, and then say so in the ledger.

    What was paid back to them already, before it had come in for good, isn't given twice: it is asked for no longer.
    """
    owed = []
    for row, payment in came:
        amount = payment.amount
        if row.refund_id is not None and (covered := claims.ask_less(row, payment, amount, now=now)):
            note(row, SubscriptionEventKind.ASKED_BACK, actor=actor, now=now, on=on, amount=-covered)
            amount -= covered
        if amount > 0:
            payment.refund_id = row.refund_id = claims.pay_back(row, payment, amount, on, now=now)
            payment.save(update_fields=["refund_id"])
            note(row, SubscriptionEventKind.REFUNDED, actor=actor, now=now, on=on, amount=amount)
            owed.append(claims.Refund(row, amount, payment.refund_id))
    if owed:
        claims.post_refunds(owed, on, now=now)


def room_came(coop_id: uuid.UUID, offer_id: uuid.UUID) -> None:
    """Let whoever waits move up soon, after this transaction."""
    from ..tasks import defer_moving_up

    defer_moving_up(coop_id, offer_id)


def shares_of(row: Subscription) -> SharesAsked:
    """Return what a subscription asks the register for."""
    return SharesAsked(share_class=row.share_class.code, quantity=row.quantity, amount_per_share=row.amount_per_share)


def typed(row: Subscription) -> Applicant:
    """Return who would become a member, as typed."""
    return typed_by(APPLICANT_OF[ForWhom(row.for_whom)].value, row.told)


def _write_soon(coop_id: uuid.UUID) -> None:
    from ..tasks import defer_first_letters

    defer_first_letters(coop_id)


def _twin(coop_id: uuid.UUID, key: uuid.UUID) -> Subscribed | None:
    found = queries.by_key(coop_id, key)
    return None if found is None else Subscribed(found[0], found[1], page_token(key))


def _due(row: Subscription) -> dt.date:
    assert row.due_on is not None
    return row.due_on


def _hold(row: Subscription, begins: dt.date, days: int) -> None:
    given = term(begins, days)
    row.state = SubscriptionState.TO_PAY.value
    row.due_on, row.remind_on, row.last_on = given.due_on, given.remind_on, given.last_on


def hold_now(row: Subscription, offer: queries.OfferFacts, *, now: dt.datetime) -> None:
    """Keep shares for somebody from today on: a claim with its own term of payment."""
    _hold(row, clock.civil_date(now), offer.payment_days)
    opened = claims.open_for(row, _due(row), iban=offer.iban, holder=offer.holder, now=now)
    row.claim_id, row.digits = opened.id, opened.digits


def _ask_at_once(row: Subscription, *, actor: Actor, now: dt.datetime) -> None:
    """Put the request of somebody who has signed in before the board."""
    assert row.party_id is not None
    asked = register_actions.ask_for_oneself(
        actor=actor, now=now, coop_id=row.coop_id, party_id=row.party_id, shares=shares_of(row)
    )
    row.request_id = asked.id
    row.save(update_fields=["request"])


def _row(
    offer: queries.OfferFacts,
    wish: Wish,
    language: str,
    *,
    key: uuid.UUID,
    sent_from: str,
    actor: Actor,
    now: dt.datetime,
) -> Subscription:
    """Return a subscription as it would be kept, with everything checked that needs no lock."""
    today = clock.civil_date(now)
    if not wish.accepts_statutes or not wish.accepts_risk:
        raise Refused("capital.not_accepted", path="accepts_risk" if wish.accepts_statutes else "accepts_statutes")
    version_id = _version(offer, wish, now)
    terms = next((one for one in offer.classes if one.code == wish.share_class), None)
    if terms is None:
        raise Refused("capital.class_withdrawn", path="share_class", share_class=wish.share_class)
    register_policies.fits_quantity(wish.quantity).require()
    each = _price(offer.coop_id, terms, wish, today)
    payer = clean_payer(wish.payer)
    party_id, agent_id, told = wish.applicant.party_id, None, {}
    if party_id is not None:
        if party_id not in actor.parties or actor.party_id is None:
            raise Refused("people.not_yours")
        kind = _kind(party_id, actor, today)
        agent_id = None if party_id == actor.party_id else actor.party_id
        for_whom = next(one for one, of in APPLICANT_OF.items() if of is kind)
        language = people.language_of([party_id])[party_id]
        who = mailbox = str(party_id)
    else:
        for_whom = wish.for_whom
        one = clean_subscriber(wish.applicant, payer, for_whom, today)
        kind, told = one.kind, told_of(one)
        mailbox = one.email.casefold()
        who = "|".join([mailbox, one.family.casefold(), one.given.casefold(), one.enterprise_no])
    shares = SharesAsked(share_class=wish.share_class, quantity=wish.quantity, amount_per_share=each)
    standing = register.offer(offer.coop_id, today)
    register_policies.may_ask(standing).require()
    held = 0
    if party_id is not None:
        held = _held(offer.coop_id, party_id, terms.share_class_id, today)
    register_policies.fits_offer(standing, kind, shares, held).require()
    try:
        amount = price(each, wish.quantity)
    except ValueError:
        raise Refused("register.amount_fractions", amount=each * wish.quantity) from None
    content = json.dumps([offer.slug, wish.share_class, wish.quantity, for_whom, told, payer.name, payer.email, who])
    return Subscription(
        coop_id=offer.coop_id,
        offer_id=offer.id,
        version_id=version_id,
        key=key,
        for_whom=for_whom.value,
        language=language,
        share_class_id=terms.share_class_id,
        quantity=wish.quantity,
        amount_per_share=each,
        amount=amount,
        told=told,
        payer=payer.name,
        payer_email=payer.email,
        page_hash=token_hash(page_token(key)),
        mail_hash=token_hash(mail_token(key)),
        who_key=keyed("who", who),
        email_key=keyed("email", mailbox),
        content_key=keyed("content", content),
        sender_key=keyed("sender", sent_from) if sent_from else "",
        party_id=party_id,
        agent_id=agent_id,
        sent_at=now,
        confirmed_at=None if party_id is None else now,
    )


def _kind(party_id: uuid.UUID, actor: Actor, today: dt.date) -> ApplicantKind:
    if people.particulars_of(party_id, today).kind is PartyKind.ORGANISATION:
        return ApplicantKind.ORGANISATION
    return ApplicantKind.PERSON if party_id == actor.party_id else ApplicantKind.MINOR


def _held(coop_id: uuid.UUID, party_id: uuid.UUID, share_class_id: uuid.UUID, today: dt.date) -> int:
    members = register.memberships(coop_id, frozenset({party_id}), today)
    return register.shares_of(coop_id, members[0].id, share_class_id, today) if members else 0


def _version(offer: queries.OfferFacts, wish: Wish, now: dt.datetime) -> uuid.UUID:
    """Return the version that was read: the present one, or one that was replaced while they filled in the form."""
    if wish.version_id is None or wish.version_id == offer.version.id:
        return offer.version.id
    read = queries.version_facts(offer.coop_id, wish.version_id)
    told = [one for one in queries.versions_of(offer.coop_id, offer.id) if one.published_at is not None]
    after = [one for one in told if read is not None and one.number > read.number]
    if read is None or read.id not in {one.id for one in told} or not after:
        raise Refused("capital.version_old")
    replaced_at = min(one.published_at for one in after if one.published_at is not None)
    if replaced_at < now - VERSION_HOLDS:
        raise Refused("capital.version_old")
    return read.id


def _price(coop_id: uuid.UUID, terms: register.Terms, wish: Wish, today: dt.date) -> Decimal:
    """Return the price per share that was shown: today's, or yesterday's where it changed while they filled in."""
    if wish.amount_per_share is None or wish.amount_per_share == terms.issue_price:
        return terms.issue_price
    before = {one.code: one for one in register.all_terms(coop_id, today - VERSION_HOLDS)}.get(terms.code)
    if before is None or before.issue_price != wish.amount_per_share:
        raise Refused("capital.price_old", price=terms.issue_price)
    return before.issue_price
