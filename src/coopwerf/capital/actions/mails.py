"""What is written to whoever subscribed: each letter with how it stands at that moment."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.messages.actions import send_letter

from .. import queries, words
from .. import subscription_letters as letters
from ..models import Subscription
from ..states import ForWhom, SubscriptionState
from .subscriptions import mail_token, typed


def first(row: Subscription, *, now: dt.datetime) -> None:
    """Write how it stands and what is to be done: to who subscribed, and for a gift to who gives it."""
    is_waiting = row.state == SubscriptionState.WAITING
    _write(row, letters.WAITING if is_waiting else letters.SUBSCRIBED, now=now)
    if row.for_whom == ForWhom.GIFT and row.payer_email and not is_waiting:
        _write_to_giver(row, now=now)


def reminder(row: Subscription, *, is_last: bool, now: dt.datetime) -> None:
    """Remind of what is still to be done: for a gift the giver of the payment, who gets it of the confirmation."""
    if row.for_whom == ForWhom.GIFT and row.payer_email and row.state == SubscriptionState.TO_PAY:
        _write_to_giver(row, now=now)
        if row.confirmed_at is not None:
            return
    _write(row, letters.REMINDER, now=now, is_last=is_last)


def moved_up(row: Subscription, *, now: dt.datetime) -> None:
    """Say that there is room."""
    _write(row, letters.MOVED_UP, now=now)
    if row.for_whom == ForWhom.GIFT and row.payer_email:
        _write_to_giver(row, now=now)


def lapsed(row: Subscription, *, now: dt.datetime) -> None:
    """Say that it lapsed."""
    _write(row, letters.LAPSED, now=now)


def _facts(row: Subscription, *, now: dt.datetime, is_last: bool = False) -> letters.SubscriptionLetter:
    today = clock.civil_date(now)
    coop = coops.coop_facts(row.coop_id)
    offer = queries.offer_facts(row.coop_id, row.offer_id, today)
    assert offer is not None
    facts = queries.subscription_facts(row.coop_id, row.id, today)
    pay = None
    if row.state == SubscriptionState.TO_PAY and row.due_on is not None:
        pay = letters.Payable(
            amount=row.amount - row.received, iban=offer.iban, holder=offer.holder, digits=row.digits, due_on=row.due_on
        )
    law = queries.law_of(row.coop_id, offer.regime, today)
    told = {}
    for language in offer.languages:
        with translation.override(language):
            told[language] = " ".join(words.law_sentences(offer, law))
    path = reverse("capital:subscription", kwargs={"slug": coop.slug, "token": mail_token(row.key)})
    return letters.SubscriptionLetter(
        coop=coop.name,
        titles={language: offer.words(language).title for language in offer.languages},
        name=facts.spoken if facts is not None else "",
        share_class=row.share_class.code,
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        amount=row.amount,
        share_word=coops.share_word(row.coop_id, today),
        pay=pay,
        must_confirm=row.confirmed_at is None,
        giver=row.payer if row.for_whom == ForWhom.GIFT else "",
        law=told,
        url=settings.BASE_URL + path,
        is_last=is_last,
    )


def _write(row: Subscription, template: str, *, now: dt.datetime, is_last: bool = False) -> None:
    common: dict[str, Any] = {
        "actor": SYSTEM,
        "now": now,
        "coop_id": row.coop_id,
        "template": template,
        "context": _facts(row, now=now, is_last=is_last),
    }
    if row.party_id is not None:
        sent = send_letter(**common, party_id=row.party_id)
    else:
        one = typed(row)
        if not one.email:
            return
        name = f"{one.agent_given or one.given} {one.agent_family or one.family}".strip()
        sent = send_letter(**common, email=one.email, name=name, language=row.language)
    row.letter_id = sent.id


def _write_to_giver(row: Subscription, *, now: dt.datetime) -> None:
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        template=letters.GIFT,
        context=_facts(row, now=now),
        email=row.payer_email,
        name=row.payer,
        language=row.language,
    )
