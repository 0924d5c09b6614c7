"""What capital does when money is matched, shares move or books open; what it adds to the register and to the books."""

import argparse
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock, command
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as books
from coopwerf.ledger.happenings import BooksOpened
from coopwerf.ledger.states import BooksWord, MoneyPage, register_books_word, register_money_page, register_source
from coopwerf.messages import topics
from coopwerf.payments import queries as payments
from coopwerf.payments.happenings import MatchingBegins, MatchUndone, PaymentMatched
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased
from coopwerf.register import queries as register
from coopwerf.register.happenings import (
    CorrectionBegins,
    RequestResized,
    RequestsDecided,
    RequestWithdrawn,
    SharesMoved,
)
from coopwerf.register.states import Invitation, RequestMoney, register_invitations, register_request_money

from . import actions, queries, subscription_letters
from .actions.claims import SOURCE
from .letters import OFFERS
from .privacy import gather, tell
from .states import ASKED_SOURCE, MOVEMENT_SOURCE, REGISTER_SOURCE

__all__ = ["subscription_letters"]


@reacts_to(MatchingBegins)
def hold_subscriptions(event: MatchingBegins, *, actor: Actor, now: dt.datetime) -> None:
    """Lock the subscriptions whose claims are about to be matched, for accounts and the chain come later."""
    ids = [source_id for kind, source_id in event.sources if kind in (SOURCE, ASKED_SOURCE)]
    if ids:
        queries.hold_subscriptions(event.coop_id, ids)


@reacts_to(PaymentMatched)
def note_payment(event: PaymentMatched, *, actor: Actor, now: dt.datetime) -> None:
    """Note money that was matched to the claim of a subscription, or that it was paid back."""
    if event.source_kind != SOURCE or event.source_id is None:
        return
    if event.claim_kind == "refund":
        whose = {"coop_id": event.coop_id, "subscription_id": event.source_id}
        actions.note_paid_back(
            actor=SYSTEM, now=now, **whose, claim_id=event.claim_id, amount=event.amount, on=event.on
        )
    else:
        actions.note_payment(
            actor=SYSTEM,
            now=now,
            coop_id=event.coop_id,
            subscription_id=event.source_id,
            match_id=event.match_id,
            amount=event.amount,
            on=event.on,
        )


@reacts_to(MatchUndone)
def take_back_payment(event: MatchUndone, *, actor: Actor, now: dt.datetime) -> None:
    """Take back money whose match was undone, or what was said of paying it back."""
    if event.source_kind != SOURCE or event.source_id is None:
        return
    if event.claim_kind == "refund":
        whose = {"coop_id": event.coop_id, "subscription_id": event.source_id}
        actions.note_paid_back(
            actor=SYSTEM, now=now, **whose, claim_id=event.claim_id, amount=-event.amount, on=event.on
        )
    else:
        actions.take_back_payment(
            actor=SYSTEM, now=now, coop_id=event.coop_id, subscription_id=event.source_id, match_id=event.undoes
        )


@reacts_to(RequestsDecided)
def follow_decision(event: RequestsDecided, *, actor: Actor, now: dt.datetime) -> None:
    """Follow a decision on requests that came from subscriptions."""
    if queries.subscriptions_of_requests(event.coop_id, event.request_ids):
        actions.follow_decision(
            actor=SYSTEM,
            now=now,
            coop_id=event.coop_id,
            request_ids=event.request_ids,
            are_admitted=event.are_admitted,
            on=event.on,
        )


@reacts_to(RequestWithdrawn)
def follow_withdrawal(event: RequestWithdrawn, *, actor: Actor, now: dt.datetime) -> None:
    """Follow the withdrawal of a request that came from a subscription."""
    if queries.subscriptions_of_requests(event.coop_id, [event.request_id]):
        actions.follow_withdrawal(
            actor=SYSTEM, now=now, coop_id=event.coop_id, request_id=event.request_id, on=event.on
        )


@reacts_to(RequestResized)
def follow_size(event: RequestResized, *, actor: Actor, now: dt.datetime) -> None:
    """Ask for another amount where a request became one for another number of shares."""
    if queries.subscriptions_of_requests(event.coop_id, [event.request_id]):
        actions.follow_size(
            actor=SYSTEM,
            now=now,
            coop_id=event.coop_id,
            request_id=event.request_id,
            quantity=event.quantity,
            amount=event.price,
        )


@reacts_to(PartyErased)
def forget_subscriber(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Forget what somebody who was erased subscribed to, and what they paid for others."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = queries.subscriptions_with(coop.id, event.party_id, event.emails, event.names).exists()
        if is_there:
            actions.forget_subscriber(
                actor=actor,
                now=now,
                coop_id=coop.id,
                party_id=event.party_id,
                emails=sorted(event.emails),
                names=sorted(event.names),
            )


@register_request_money
def money_of_requests(coop_id: uuid.UUID, request_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RequestMoney]:
    """Return what came in by bank for requests that came from subscriptions, and under whose names."""
    found = queries.subscriptions_of_requests(coop_id, request_ids)
    if not found:
        return {}
    slug = coops.coop_facts(coop_id).slug
    names = payments.payers_of_claims(coop_id, [claim for _one, claim, _received in found.values() if claim])
    nobody = uuid.UUID(int=0)
    url = reverse("capital:subscription-one", kwargs={"slug": slug, "subscription_id": nobody})
    return {
        request_id: RequestMoney(
            received=received,
            payers=tuple(names.get(claim, ())) if claim else (),
            url=url.replace(str(nobody), str(one)),
        )
        for request_id, (one, claim, received) in found.items()
    }


@register_invitations
def open_offers(coop_id: uuid.UUID, on: dt.date) -> list[Invitation]:
    """Return the offers that are open, for whoever wants to become a member."""
    slug = coops.coop_facts(coop_id).slug
    return [
        Invitation(
            title=offer.words(get_language() or "en").title,
            text=_("These shares are offered just now: read what the money is for, and subscribe there."),
            url=reverse("capital:offer", kwargs={"slug": slug, "offer": offer.slug}),
        )
        for offer in queries.open_offers(coop_id, on)
    ]


people.register_export("capital", gather)
people.register_erased("capital", tell)


@reacts_to(BooksOpened)
def open_share_books(event: BooksOpened, *, actor: Actor, now: dt.datetime) -> None:
    """Bring what was contributed before into the books, and what moved since they begin."""
    actions.open_share_books(actor=SYSTEM, now=now, coop_id=event.coop_id, begins_on=event.begins_on)


@reacts_to(SharesMoved)
def post_shares(event: SharesMoved, *, actor: Actor, now: dt.datetime) -> None:
    """Bring movements of shares into the books, where any are kept."""
    if books.is_open(event.coop_id):
        actions.post_shares(actor=SYSTEM, now=now, coop_id=event.coop_id, first=event.first, last=event.last)


@reacts_to(CorrectionBegins)
def take_back_claims(event: CorrectionBegins, *, actor: Actor, now: dt.datetime) -> None:
    """Cancel what followed from a movement that is undone, before the register takes the head of the chain."""
    if books.is_open(event.coop_id):
        actions.take_back_claims(actor=SYSTEM, now=now, coop_id=event.coop_id, movement_id=event.movement_id)


def _with_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=command.date, metavar="DATE", help="the end of this day, else of today")


def prove_books(
    asked: command.DomainCommand,
    *,
    now: dt.datetime,
    coop: str | None = None,
    at: dt.date | None = None,
    **options: Any,
) -> None:
    """Print what register, ledger and bank say on a date; the finding is that they don't agree."""
    meant = coops.coop_for_command(coop)
    day = at or clock.civil_date(now)
    with tenant(meant.id), snapshot():
        found = queries.proof(meant.id, day)
    told: dict[str, object] = {
        "register": found.register,
        "ledger": found.ledger,
        "bank": found.bank,
        "open_claims": found.open_claims,
        "suspense": found.suspense,
        "difference": found.difference,
    }
    if not found.holds:
        told["differences"] = [
            {"check": check.code.value, "of": check.key, "ledger": check.ledger, "other": check.other}
            for check in found.differences
        ]
    asked.say(told)
    if not found.holds:
        raise SystemExit(command.FINDING)


register_books_word(
    BooksWord("prove", "Prove that register, ledger and bank agree at the end of a day.", _with_date, prove_books)
)
register_money_page(MoneyPage("proof", pgettext_lazy("money", "Proof"), "capital:proof", 60))


def _member_page(slug: str, source_id: uuid.UUID) -> str:
    coop = coops.coop_by_slug(slug)
    found = None if coop is None else register.movement(coop.id, source_id)
    if found is None:
        return reverse("register:register", kwargs={"slug": slug})
    return reverse("register:member", kwargs={"slug": slug, "number": found.member.number})


def _register_page(slug: str, source_id: uuid.UUID) -> str:
    return reverse("register:register", kwargs={"slug": slug})


register_source(MOVEMENT_SOURCE, gettext_lazy("the register"), _member_page)
register_source(REGISTER_SOURCE, gettext_lazy("the register"), _register_page)
topics.declare(OFFERS, name=gettext_lazy("Offers of shares"), told=gettext_lazy("when shares can be taken"), order=30)
