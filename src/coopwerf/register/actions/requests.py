"""Asking to become a member: by anybody on the public form, by a member for more shares, by the secretary on paper."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils.crypto import salted_hmac

from coopwerf.coops import queries as coops
from coopwerf.coops.states import ShareWord
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import new_token, token_hash
from coopwerf.messages.actions import send_letter
from coopwerf.people import actions as people_actions
from coopwerf.people import queries as people
from coopwerf.people.states import Address, PartyKind, clean_language

from .. import letters, policies, queries
from ..happenings import RequestResized, RequestWithdrawn
from ..models import MembershipRequest, RequestEvent, ShareClass
from ..states import (
    OPEN_REQUESTS,
    REQUEST_TRANSITIONS,
    Applicant,
    ApplicantKind,
    Missing,
    RequestEventKind,
    RequestState,
    SharesAsked,
    cleaned,
    told_of,
    typed_by,
)
from .applicants import new_parties, registered
from .members import full_price

WAITS_DAYS = 14
"""How long a request waits to be confirmed; then what was typed is deleted."""
ASKED_AN_HOUR = 100
"""From one place on the network: a whole hall may sign up behind one address."""
MAILS_A_DAY = 3
"""To one e-mail address: whoever types somebody else's can't flood it."""
SETTLED = (
    *("state", "asked_on", "told", "sender_key", "email_key", "party_id", "agent_id"),
    *("member_id", "takes_more", "missing", "paid_on"),
)
ZERO = Decimal("0.00")


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Name a request, its state, and the secret of its page where it has one."""

    id: uuid.UUID
    state: RequestState
    token: str


@action(verb="register.membership_asked")
def ask_membership(
    *,
    coop_id: uuid.UUID,
    applicant: Applicant,
    shares: SharesAsked | None = None,
    language: str,
    sent_from: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what somebody typed on the public form, and mail them a link with which they confirm it.

    Nobody is registered before. More than a few requests a day for one e-mail address are left unanswered, and
    nothing tells so: the answer is the same for every address. Raises Refused for what can't be meant, and
    after very many requests from one place (`sent_from`: its network address, kept as a keyed hash only).
    """
    today = clock.civil_date(now)
    offer = queries.offer(coop_id, today)
    policies.may_ask(offer).require()
    one = cleaned(applicant, today)
    if not one.email:
        raise Refused("people.email_missing", path="email")
    if one.address is None:
        raise Refused("people.address_missing", path="street")
    language = clean_language(language)
    policies.fits_offer(offer, one.kind, shares).require()
    sender_key = _key(sent_from) if sent_from else ""
    email_key = _key(one.email)
    lately = MembershipRequest.objects.filter(coop_id=coop_id, state=RequestState.UNCONFIRMED)
    if sender_key and lately.filter(sender_key=sender_key, asked_at__gt=now - dt.timedelta(hours=1)).count() >= (
        ASKED_AN_HOUR
    ):
        raise Refused("register.asked_too_often")
    if lately.filter(email_key=email_key, asked_at__gt=now - dt.timedelta(days=1)).count() >= MAILS_A_DAY:
        audit("request", None, verb="register.membership_asked_again")
        return
    token = new_token()
    row = MembershipRequest.objects.create(
        coop_id=coop_id,
        state=RequestState.UNCONFIRMED.value,
        kind=one.kind.value,
        language=language,
        told=told_of(one),
        token_hash=token_hash(token),
        sender_key=sender_key,
        email_key=email_key,
        asked_at=now,
        asked_on=today,
        consented_at=now,
        **price_of(coop_id, offer, shares),
    )
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=coop_id,
        template=letters.CONFIRM,
        context=_letter(row, _spoken(one), token, today),
        email=one.email,
        name=f"{one.agent_given} {one.agent_family}".strip() or _spoken(one),
        language=language,
    )
    audit("request", row.id, kind=one.kind.value, shares=row.quantity)


@action(verb="register.request_confirmed")
def confirm_request(*, coop_id: uuid.UUID, token: str, actor: Actor, now: dt.datetime) -> Asked:
    """Turn what was typed into a request: whoever has the link reads the mail of its address.

    Registers who asks, unless that address belongs to somebody of the same name already. A member's request
    becomes one for more shares. Raises Refused register.request_gone, register.request_decided,
    register.asked_already, register.you_are_member.
    """
    today = clock.civil_date(now)
    rows = MembershipRequest.objects.select_related("share_class")
    typed = rows.filter(coop_id=coop_id, token_hash=token_hash(token)).first()
    if typed is None:
        raise Refused("register.request_gone")
    if typed.state != RequestState.UNCONFIRMED:
        raise Refused("register.request_confirmed")
    one = typed_by(typed.kind, typed.told)
    party_id, agent_id = registered(coop_id, one, typed.language, actor=actor, now=now)
    typed.asked_on, typed.told, typed.sender_key, typed.email_key = today, {}, "", ""
    if one.kind is not ApplicantKind.PERSON and agent_id is None:
        # Somebody who isn't known to act for a member organisation: the board sees who says so.
        typed.told = {"agent_given": one.agent_given, "agent_family": one.agent_family}
    settle(typed, party_id, agent_id, queries.offer(coop_id, today), now=now, actor=actor)
    audit("request", typed.id, party=party_id, state=typed.state, more=typed.takes_more)
    return Asked(typed.id, RequestState(typed.state), token)


@action(verb="register.membership_asked_by_holder")
def ask_for_oneself(
    *,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    shares: SharesAsked | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Asked:
    """Ask to become a member, or for more shares, as somebody who has signed in or for whom they act.

    Raises Refused people.not_yours, register.asked_already, register.you_are_member and what can't be meant.
    """
    if party_id not in actor.parties or actor.party_id is None:
        raise Refused("people.not_yours")
    today = clock.civil_date(now)
    offer = queries.offer(coop_id, today)
    policies.may_ask(offer).require()
    known = people.particulars_of(party_id, today)
    kind = ApplicantKind.ORGANISATION if known.kind is PartyKind.ORGANISATION else ApplicantKind.PERSON
    if kind is ApplicantKind.PERSON and party_id != actor.party_id:
        kind = ApplicantKind.MINOR
    row = MembershipRequest(
        coop_id=coop_id,
        kind=kind.value,
        language=people.language_of([party_id])[party_id],
        asked_at=now,
        asked_on=today,
        consented_at=now,
        **price_of(coop_id, offer, shares),
    )
    agent_id = None if party_id == actor.party_id else actor.party_id
    settle(row, party_id, agent_id, offer, now=now, actor=actor)
    audit("request", row.id, party=party_id, shares=row.quantity, more=row.takes_more)
    return Asked(row.id, RequestState(row.state), "")


@action(verb="register.request_recorded")
def record_request(
    *,
    coop_id: uuid.UUID,
    applicant: Applicant,
    shares: SharesAsked | None = None,
    language: str,
    asked_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Asked:
    """Write down the request of somebody on paper, with or without e-mail address.

    With an address they get a mail with the page that shows how far it has come. `applicant.party_id` names
    somebody whom this co-operative knows already. Raises Refused for what can't be meant.
    """
    today = clock.civil_date(now)
    policies.may_keep_requests(actor, coop_id, today).require()
    policies.fits_today(asked_on, today).require()
    offer = queries.offer(coop_id, today)
    if applicant.party_id is not None:
        if applicant.party_id not in queries.known_here(coop_id, [applicant.party_id]):
            raise Refused("register.party_unknown")
        one, party_id, agent_id = applicant, applicant.party_id, None
        language = people.language_of([party_id])[party_id]
        email = people.email_of([party_id]).get(party_id, "")
        name = people.particulars_of(party_id, today).spoken
    else:
        one = cleaned(applicant, today)
        party_id, agent_id = new_parties(
            coop_id, one, clean_language(language), actor=actor, now=now, agent_id=None, valid_from=asked_on
        )
        email, name = one.email, _spoken(one)
    token = new_token() if email else ""
    row = MembershipRequest(
        coop_id=coop_id,
        kind=one.kind.value,
        is_on_paper=True,
        language=language,
        token_hash=token_hash(token) if token else None,
        asked_at=now,
        asked_on=asked_on,
        **price_of(coop_id, offer, shares),
    )
    settle(row, party_id, agent_id, offer, now=now, actor=actor)
    if email:
        send_letter(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            template=letters.NOTED,
            context=_letter(row, name, token, today),
            party_id=party_id,
        )
    audit("request", row.id, party=party_id, on=asked_on, shares=row.quantity, more=row.takes_more)
    return Asked(row.id, RequestState(row.state), token)


@action(verb="register.request_paid")
def record_request_payment(
    *,
    coop_id: uuid.UUID,
    request_id: uuid.UUID,
    amount: Decimal,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> RequestState:
    """Note that money came for a request; several payments add up. Returns the request's state.

    Raises Refused for more than the shares cost, for a date in the future, and once it was decided.
    """
    today = clock.civil_date(now)
    policies.may_keep_requests(actor, coop_id, today).require()
    policies.fits_today(on, today).require()
    policies.fits_money(amount).require()
    if amount == 0:
        raise Refused("register.amount_out_of_bounds", amount=amount)
    row = open_request(coop_id, request_id)
    pay_into(row, amount, on, actor=actor, now=now)
    audit("request", row.id, amount=amount, on=on, state=row.state)
    return RequestState(row.state)


@action(verb="register.request_payment_taken_back")
def take_back_request_payment(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, event_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> RequestState:
    """Take back a payment that was noted by mistake; both stay readable. Returns the request's state."""
    today = clock.civil_date(now)
    policies.may_keep_requests(actor, coop_id, today).require()
    row = open_request(coop_id, request_id)
    wrong = RequestEvent.objects.filter(
        coop_id=coop_id, request_id=row.id, id=event_id, kind=RequestEventKind.PAID, undone_by=None
    ).first()
    if wrong is None or wrong.amount is None:
        raise Refused("kernel.changed_meanwhile")
    row.paid -= wrong.amount
    _note(
        row, RequestEventKind.TAKEN_BACK, on=wrong.on, at=now, author=actor.party_id, amount=-wrong.amount, undoes=wrong
    )
    _reckon(row, queries.offer(coop_id, today), today)
    row.save(update_fields=["paid", "paid_on", "missing", "state"])
    audit("request", row.id, amount=-wrong.amount, state=row.state)
    return RequestState(row.state)


@action(verb="register.request_resized")
def change_request_quantity(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, quantity: int, actor: Actor, now: dt.datetime
) -> RequestState:
    """Change how many shares a request asks for, at the word of who asked; its price per share stays.

    Works out anew what it costs and lacks. Returns the request's state. Raises Refused for a number that can't be
    meant, for one that costs less than is paid already, and once the request was decided.
    """
    today = clock.civil_date(now)
    policies.may_keep_requests(actor, coop_id, today).require()
    policies.fits_quantity(quantity).require()
    row = open_request(coop_id, request_id)
    if row.share_class is None:
        raise Refused("register.request_without_shares")
    before = row.quantity
    if quantity == before:
        raise Refused("people.unchanged")
    price = full_price(row.amount_per_share, quantity)
    if row.paid > price:
        raise Refused("register.request_costs_less_than_paid", paid=row.paid, asked=price)
    offer = queries.offer(coop_id, today)
    held = queries.shares_of(coop_id, row.member_id, row.share_class.id, today) if row.member_id else 0
    shares = SharesAsked(share_class=row.share_class.code, quantity=quantity, amount_per_share=row.amount_per_share)
    policies.fits_offer(offer, ApplicantKind(row.kind), shares, held).require()
    row.quantity = quantity
    _note(row, RequestEventKind.RESIZED, on=today, at=now, author=actor.party_id, shares=(before, quantity))
    _reckon(row, offer, today)
    row.save(update_fields=["quantity", "paid_on", "missing", "state"])
    audit("request", row.id, before=before, shares=quantity, state=row.state)
    announce(RequestResized(coop_id=coop_id, request_id=row.id, quantity=quantity, price=price))
    return RequestState(row.state)


@action(verb="register.request_completed")
def complete_request(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, address: Address, actor: Actor, now: dt.datetime
) -> RequestState:
    """Add the domicile or seat that a request lacked. Returns the request's state."""
    today = clock.civil_date(now)
    policies.may_keep_requests(actor, coop_id, today).require()
    facts = queries.request_facts(coop_id, request_id, today)
    if facts is None or facts.party_id is None:
        raise Refused("register.request_decided")
    # An address may go into the register's chain, which is the last lock of all: the person and the request come first.
    people.hold_parties([facts.party_id])
    row = open_request(coop_id, request_id)
    if Missing.ADDRESS not in row.missing:
        raise Refused("people.unchanged")
    people_actions.change_address(
        actor=actor.entrusted_with(facts.party_id),
        now=now,
        coop_id=coop_id,
        party_id=facts.party_id,
        valid_from=facts.asked_on,
        **address.as_record(),
    )
    _note(row, RequestEventKind.CHANGED, on=today, at=now, author=actor.party_id)
    _reckon(row, queries.offer(coop_id, today), today)
    row.save(update_fields=["paid_on", "missing", "state"])
    audit("request", row.id, state=row.state)
    return RequestState(row.state)


@action(verb="register.request_withdrawn")
def withdraw_request(
    *,
    coop_id: uuid.UUID,
    request_id: uuid.UUID | None = None,
    token: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Withdraw a request: by whoever has its secret address, by the person themselves, by the secretary at their word.

    One that wasn't confirmed is deleted. Raises Refused register.request_gone, register.request_decided.
    """
    today = clock.civil_date(now)
    rows = MembershipRequest.objects.select_for_update().filter(coop_id=coop_id)
    row = (rows.filter(token_hash=token_hash(token)) if token else rows.filter(id__in=[request_id])).first()
    if row is None:
        raise Refused("register.request_gone")
    if not token and row.party_id not in actor.parties:
        policies.may_keep_requests(actor, coop_id, today).require()
    if row.state == RequestState.UNCONFIRMED:
        audit("request", row.id, paid=ZERO)
        row.delete()
        return
    move(row, RequestState.WITHDRAWN)
    row.decided_at, row.decided_on = now, today
    row.save(update_fields=["state", "decided_at", "decided_on"])
    _note(row, RequestEventKind.WITHDRAWN, on=today, at=now, author=actor.party_id)
    audit("request", row.id, paid=row.paid)
    assert row.party_id is not None
    announce(RequestWithdrawn(coop_id=coop_id, request_id=row.id, party_id=row.party_id, on=today, paid=row.paid))


@action(verb="register.unconfirmed_forgotten")
def forget_unconfirmed(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Delete what was typed on the public form and never confirmed; return how many requests that were."""
    gone, _tables = queries.stale_requests(coop_id, now - dt.timedelta(days=WAITS_DAYS)).delete()
    audit("request", None, requests=gone)
    return gone


# What several of these need


def move(row: MembershipRequest, state: RequestState) -> None:
    """Bring a request into another state; raises Refused register.request_decided where nothing leads there."""
    if state not in REQUEST_TRANSITIONS[RequestState(row.state)]:
        raise Refused("register.request_decided")
    row.state = state.value


def _key(text: str) -> str:
    return salted_hmac("coopwerf.register.requests", text, algorithm="sha256").hexdigest()


def _spoken(one: Applicant) -> str:
    return f"{one.given} {one.family}".strip()


def _letter(row: MembershipRequest, name: str, token: str, on: dt.date) -> letters.RequestLetter:
    coop = coops.coop_facts(row.coop_id)
    return letters.RequestLetter(
        coop=coop.name,
        name=name,
        shares=shares_told(row, coops.share_word(coop.id, on)),
        url=settings.BASE_URL + reverse("register:join-status", kwargs={"slug": coop.slug, "token": token}),
        days=WAITS_DAYS,
    )


def shares_told(row: MembershipRequest, word: ShareWord) -> letters.SharesTold | None:
    """Return the shares of a request as letters tell them; None where none are asked for."""
    if row.share_class is None:
        return None
    return letters.SharesTold(
        share_class=row.share_class.code,
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        paid=row.paid,
        share_word=word,
    )


def price_of(coop_id: uuid.UUID, offer: queries.Offer, shares: SharesAsked | None) -> dict[str, Any]:
    """Return class, number and amount per share of the shares asked for, as columns of a request."""
    if shares is None:
        return {"amount_per_share": Decimal(0)}
    terms = next((one for one in offer.classes if one.code == shares.share_class), None)
    if terms is None:
        raise Refused("register.class_unknown", share_class=shares.share_class)
    policies.fits_quantity(shares.quantity).require()
    amount = terms.issue_price if shares.amount_per_share is None else shares.amount_per_share
    full_price(amount, shares.quantity)
    return {
        "share_class": ShareClass.objects.get(coop_id=coop_id, id=terms.share_class_id),
        "quantity": shares.quantity,
        "amount_per_share": amount,
    }


def settle(
    row: MembershipRequest,
    party_id: uuid.UUID,
    agent_id: uuid.UUID | None,
    offer: queries.Offer,
    *,
    now: dt.datetime,
    actor: Actor,
) -> None:
    """Put a request before the board: who asks, whether a member does, what is missing; write it with its event."""
    today = clock.civil_date(now)
    row.party_id, row.agent_id = party_id, agent_id
    members = queries.memberships(row.coop_id, frozenset({party_id}), today)
    held = 0
    if members:
        if row.share_class is None:
            raise Refused("register.you_are_member", number=members[0].number)
        row.member_id, row.takes_more = members[0].id, True
        held = queries.shares_of(row.coop_id, members[0].id, row.share_class.id, today)
    shares = None
    if row.share_class is not None:
        shares = SharesAsked(
            share_class=row.share_class.code, quantity=row.quantity, amount_per_share=row.amount_per_share
        )
    policies.fits_offer(offer, ApplicantKind(row.kind), shares, held).require()
    was_typed = bool(row.state)
    row.state = RequestState.INCOMPLETE.value
    _reckon(row, offer, today)
    if MembershipRequest.objects.filter(coop_id=row.coop_id, party_id=party_id, state__in=OPEN_REQUESTS).exists():
        raise Refused("register.asked_already")
    try:
        if not was_typed:
            row.save(force_insert=True)
        # Not locked before: registering people comes earlier in the order of locks. Who comes second finds it changed.
        elif not MembershipRequest.objects.filter(id=row.id, state=RequestState.UNCONFIRMED).update(
            **{field: getattr(row, field) for field in SETTLED}
        ):
            raise Refused("register.request_confirmed")
    except IntegrityError:
        raise Refused("register.asked_already") from None
    _note(row, RequestEventKind.ASKED, on=row.asked_on, at=now, author=actor.party_id)


def _reckon(row: MembershipRequest, offer: queries.Offer, today: dt.date) -> None:
    """Work out what a request lacks, when it was paid in full, and so in which state it waits."""
    missing = []
    price = full_price(row.amount_per_share, row.quantity)
    if offer.must_be_paid and row.paid < price:
        missing.append(Missing.PAYMENT.value)
    assert row.party_id is not None
    if people.particulars_of(row.party_id, today).address is None:
        missing.append(Missing.ADDRESS.value)
    row.missing = missing
    row.paid_on = None
    if row.paid and row.paid >= price:
        payments = row.events.filter(kind=RequestEventKind.PAID, undone_by=None)
        row.paid_on = payments.order_by("-on").values_list("on", flat=True).first()
    state = RequestState.INCOMPLETE if missing else RequestState.COMPLETE
    if row.state != state:
        move(row, state)


def pay_into(row: MembershipRequest, amount: Decimal, on: dt.date, *, actor: Actor, now: dt.datetime) -> RequestEvent:
    """Add money to a request, and work out what it lacks now; return the event."""
    today = clock.civil_date(now)
    price = full_price(row.amount_per_share, row.quantity)
    if row.paid + amount > price:
        raise Refused("register.request_paid_too_much", paid=row.paid, amount=amount, asked=price)
    row.paid += amount
    event = _note(row, RequestEventKind.PAID, on=on, at=now, author=actor.party_id, amount=amount)
    _reckon(row, queries.offer(row.coop_id, today), today)
    row.save(update_fields=["paid", "paid_on", "missing", "state"])
    return event


def _note(
    row: MembershipRequest,
    kind: RequestEventKind,
    *,
    on: dt.date,
    at: dt.datetime,
    author: uuid.UUID | None,
    amount: Decimal | None = None,
    shares: tuple[int, int] | None = None,
    undoes: RequestEvent | None = None,
) -> RequestEvent:
    before, after = shares or (None, None)
    return RequestEvent.objects.create(
        coop_id=row.coop_id,
        request=row,
        kind=kind.value,
        on=on,
        at=at,
        author_id=author,
        amount=amount,
        shares_before=before,
        shares_after=after,
        undoes=undoes,
    )


def open_request(coop_id: uuid.UUID, request_id: uuid.UUID) -> MembershipRequest:
    """Lock a request that still waits; raises Refused register.request_gone, register.request_decided."""
    row = (
        MembershipRequest.objects.select_for_update(of=("self",))
        .select_related("share_class")
        .filter(coop_id=coop_id, id=request_id)
        .first()
    )
    if row is None:
        raise Refused("register.request_gone")
    if row.state not in OPEN_REQUESTS:
        raise Refused("register.request_decided")
    return row
