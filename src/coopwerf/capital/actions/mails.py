"""What is written to whoever subscribed: each letter with how it stands at that moment."""

import datetime as dt
import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import LetterTo, send_letter, send_letters
from coopwerf.payments.queries import ClaimFacts

from .. import queries, words
from .. import subscription_letters as letters
from ..models import Subscription
from ..states import ForWhom, SubscriptionState
from .subscriptions import mail_token, typed

log = logging.getLogger(__name__)


def first(rows: Sequence[Subscription], *, now: dt.datetime) -> None:
    """Write how it stands and what is to be done: to who subscribed, and for a gift to who gives it.

    To many at once, for what is the same in all their letters is looked up once.
    """
    if not rows:
        return
    today = clock.civil_date(now)
    facts = queries.facts_of(rows[0].coop_id, [row.id for row in rows], today)
    told = _Told(rows[0].coop_id, today)
    letters_to, givers = [], []
    for row in rows:
        is_waiting = row.state == SubscriptionState.WAITING
        context = _facts(row, told, name=facts[row.id].spoken)
        letters_to.append(LetterTo(template=letters.WAITING if is_waiting else letters.SUBSCRIBED, **_to(row, context)))
        if row.for_whom == ForWhom.GIFT and row.payer_email and not is_waiting:
            givers.append(LetterTo(template=letters.GIFT, **_to_giver(row, context)))
    sent = send_letters(actor=SYSTEM, now=now, coop_id=rows[0].coop_id, letters=[*letters_to, *givers])
    for row, letter_id in zip(rows, sent[: len(rows)], strict=True):
        row.letter_id = letter_id


def reminder(row: Subscription, *, is_last: bool, now: dt.datetime) -> None:
    """Remind of what is still to be done: for a gift the giver of the payment, who gets it of the confirmation."""
    if row.for_whom == ForWhom.GIFT and row.payer_email and row.state == SubscriptionState.TO_PAY:
        _write_to_giver(row, letters.GIFT, now=now)
        if row.confirmed_at is not None:
            return
    _write(row, letters.REMINDER, now=now, is_last=is_last)


def moved_up(row: Subscription, *, now: dt.datetime) -> None:
    """Say that there is room."""
    _write(row, letters.MOVED_UP, now=now)
    if row.for_whom == ForWhom.GIFT and row.payer_email:
        _write_to_giver(row, letters.GIFT, now=now)


def lapsed(row: Subscription, *, now: dt.datetime) -> None:
    """Say that it lapsed."""
    _write(row, letters.LAPSED, now=now)


def given_back(row: Subscription, amount: Decimal, *, now: dt.datetime) -> None:
    """Say that what came after the term is paid back, for there is no room any more."""
    with _if_they_are_known(row):
        _write(row, letters.GIVEN_BACK, now=now, back=amount)


def asked_back(row: Subscription, claim: ClaimFacts, *, now: dt.datetime) -> None:
    """Ask for what was paid back in vain: who gave the shares, else who subscribed."""
    pay = letters.Payable(
        amount=claim.open, iban=claim.iban, holder=claim.holder, digits=claim.digits, due_on=claim.due_on
    )
    with _if_they_are_known(row):
        if row.for_whom == ForWhom.GIFT:
            _write_to_giver(row, letters.ASKED_BACK, now=now, pay=pay)
        else:
            _write(row, letters.ASKED_BACK, now=now, pay=pay)


@contextmanager
def _if_they_are_known(row: Subscription) -> Iterator[None]:
    """Write nothing where what was typed is forgotten: money goes its way whether a letter can be written or not."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        log.warning("no letter about the subscription %s: %s", row.id, refusal.code)


class _Told:
    """What is the same in letters of one moment: the co-operative, its offers, and what the law wants said."""

    def __init__(self, coop_id: uuid.UUID, today: dt.date) -> None:
        self.coop_id, self.today = coop_id, today
        self.coop = coops.coop_facts(coop_id)
        self.share_word = coops.share_word(coop_id, today)
        self._offers: dict[uuid.UUID, tuple[queries.OfferFacts, dict[str, str]]] = {}

    def offer(self, offer_id: uuid.UUID) -> tuple[queries.OfferFacts, dict[str, str]]:
        """Return an offer, and what the law wants said of it in each of its languages."""
        if offer_id not in self._offers:
            offer = queries.offer_facts(self.coop_id, offer_id, self.today)
            assert offer is not None
            law = queries.law_of(self.coop_id, offer.regime, self.today)
            told = {}
            for language in offer.languages:
                with translation.override(language):
                    told[language] = " ".join(words.law_sentences(offer, law))
            self._offers[offer_id] = offer, told
        return self._offers[offer_id]


def _facts(
    row: Subscription, told: _Told, *, name: str, pay: letters.Payable | None = None, **more: Any
) -> letters.SubscriptionLetter:
    offer, law = told.offer(row.offer_id)
    if pay is None and row.state == SubscriptionState.TO_PAY and row.due_on is not None:
        pay = letters.Payable(
            amount=row.amount - row.received, iban=offer.iban, holder=offer.holder, digits=row.digits, due_on=row.due_on
        )
    path = reverse("capital:subscription", kwargs={"slug": told.coop.slug, "token": mail_token(row.key)})
    return letters.SubscriptionLetter(
        coop=told.coop.name,
        titles={language: offer.words(language).title for language in offer.languages},
        name=name,
        share_class=row.share_class.code,
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        amount=row.amount,
        share_word=told.share_word,
        pay=pay,
        must_confirm=row.confirmed_at is None,
        giver=row.payer if row.for_whom == ForWhom.GIFT else "",
        law=law,
        url=settings.BASE_URL + path,
        **more,
    )


def _now(row: Subscription, *, now: dt.datetime, **more: Any) -> letters.SubscriptionLetter:
    today = clock.civil_date(now)
    facts = queries.subscription_facts(row.coop_id, row.id, today)
    assert facts is not None
    return _facts(row, _Told(row.coop_id, today), name=facts.spoken, **more)


def _to(row: Subscription, context: letters.SubscriptionLetter) -> dict[str, Any]:
    """Return to whom a letter about a subscription goes: a party, or the address that was typed."""
    if row.party_id is not None:
        return {"context": context, "party_id": row.party_id}
    one = typed(row)
    name = f"{one.agent_given or one.given} {one.agent_family or one.family}".strip()
    return {"context": context, "email": one.email, "name": name, "language": row.language}


def _to_giver(row: Subscription, context: letters.SubscriptionLetter) -> dict[str, Any]:
    return {"context": context, "email": row.payer_email, "name": row.payer, "language": row.language}


def _write(row: Subscription, template: str, *, now: dt.datetime, **more: Any) -> None:
    whom = _to(row, _now(row, now=now, **more))
    row.letter_id = send_letter(actor=SYSTEM, now=now, coop_id=row.coop_id, template=template, **whom).id


def _write_to_giver(row: Subscription, template: str, *, now: dt.datetime, **more: Any) -> None:
    whom = _to_giver(row, _now(row, now=now, **more))
    send_letter(actor=SYSTEM, now=now, coop_id=row.coop_id, template=template, **whom)
