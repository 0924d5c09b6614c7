"""The page of a subscription, by its secret address and without an account: how to pay, and how far it has come."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopcalc.references import epc_payload, format_iban
from coopwerf.coops import queries as coops
from coopwerf.coops.states import in_language, share_words
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.register import queries as register
from coopwerf.ui import formats

from .. import actions, policies, queries, words
from ..queries import OfferFacts, SubscriptionFacts
from ..states import ForWhom, Standing, SubscriptionState, written_digits
from .telling import text_language

FOLLOW = "whoever subscribed pays, confirms and follows it here, by a secret address and without an account"


@public(FOLLOW)
@never_cache
@require_http_methods(["GET", "POST"])
def subscription(request: Request, token: str) -> HttpResponse:
    """Show a subscription to whoever has its secret address; only its buttons do something, for links are scanned."""
    today = clock.civil_date(clock.now())
    if request.method == "POST":
        return _act(request, token)
    found = queries.subscription_by_token(request.coop.id, token, today)
    if found is None:
        return render(request, "capital/subscription_gone.html", status=404)
    response = render(request, "capital/subscription.html", _context(request, *found))
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _act(request: Request, token: str) -> HttpResponse:
    whose = {"actor": request.actor, "now": clock.now(), "coop_id": request.coop.id, "token": token}
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw_subscription(**whose)
            messages.success(request, _("Your subscription is withdrawn."))
        else:
            state = actions.confirm_subscription(**whose)
            messages.success(request, _confirmed(state))
    except Refused as refusal:
        if refusal.code == "capital.subscription_gone":
            return render(request, "capital/subscription_gone.html", status=404)
        messages.error(request, refusal.message)
    return HttpResponseRedirect(request.path)


def _confirmed(state: SubscriptionState) -> str:
    """Say what a confirmation did, and what comes next."""
    if state is SubscriptionState.WAITING:
        return _("Thank you. You keep your place on the waiting list.")
    if state is SubscriptionState.PAID:
        return _("Thank you. Your request is with the board.")
    return _("Thank you, your address is confirmed. What is left is the payment.")


def _context(request: Request, facts: SubscriptionFacts, is_mail: bool) -> dict[str, Any]:
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    lang = formats.language(get_language())
    offer = queries.offer_facts(coop_id, facts.offer_id, today)
    version = queries.version_facts(coop_id, facts.version_id)
    assert offer is not None
    assert version is not None
    asked = register.request_facts(coop_id, facts.request_id, today) if facts.request_id else None
    one, many = share_words(coops.share_word(coop_id, today), lang)
    pays = facts.state is SubscriptionState.TO_PAY or (facts.state is SubscriptionState.ADMITTED and facts.to_pay > 0)
    law = queries.law_of(coop_id, offer.regime, today)
    ground = register.grounds(coop_id, asked.decided_on).get(asked.ground) if asked and asked.decided_on else None
    unread = policies.may_withdraw_unread(facts.confirmed_at, facts.received)
    told: dict[str, Any] = {
        "facts": facts,
        "offer": offer,
        "version": version,
        "words": offer.words(text_language(offer)),
        "offer_url": reverse("capital:offer", kwargs={"slug": request.coop.slug, "offer": offer.slug}),
        "is_mail": is_mail,
        "is_waiting": facts.state is SubscriptionState.WAITING,
        "is_lapsed": facts.state is SubscriptionState.LAPSED,
        "is_given_back": facts.refund_id is not None,
        "lapsed_on": min(days) if (days := _last_days(facts)) else None,
        "is_paid": facts.state is SubscriptionState.PAID,
        "is_admitted": facts.state is SubscriptionState.ADMITTED,
        "is_refused": facts.state is SubscriptionState.REFUSED,
        "is_withdrawn": facts.state is SubscriptionState.WITHDRAWN,
        "is_short": facts.standing is Standing.SHORT,
        "is_gift": facts.for_whom is ForWhom.GIFT,
        "pays": pays,
        "asked_back": [_payable(offer, one.open, one.digits) for one in queries.asked_back(coop_id, facts.id)],
        "must_confirm": facts.confirmed_at is None and facts.is_open,
        "may_withdraw": facts.is_open and (is_mail or bool(unread)),
        "quantity_words": f"{formats.number(facts.quantity, lang)} {one if facts.quantity == 1 else many}",
        "law": words.law_sentences(offer, law),
        "number": asked.number if asked is not None and asked.state == "admitted" else None,
        "asked": asked,
        "ground": in_language(ground) if ground else "",
        "explanation": asked.explanation if asked is not None else "",
        "place": queries.place_in_queue(coop_id, offer.id, facts.id)
        if facts.state is SubscriptionState.WAITING
        else None,
    }
    if pays:
        told["pay"] = _payable(offer, facts.to_pay, facts.digits)
    return told


def _payable(offer: OfferFacts, amount: Decimal, digits: str) -> dict[str, Any]:
    """Return how to pay: what is read, typed and scanned."""
    communication = written_digits(digits)
    is_english = formats.language(get_language()) == "en"
    return {
        "amount": amount,
        "iban": format_iban(offer.iban),
        "holder": offer.holder,
        "communication": communication,
        "amount_typed": f"{amount:.2f}".replace(".", "." if is_english else ","),
        "code": epc_payload(name=offer.holder, iban=offer.iban, amount=amount, text=communication),
    }


def _last_days(facts: SubscriptionFacts) -> list[dt.date]:
    """Return the days until which a payment was awaited: its term, or earlier where somebody ended it by hand."""
    ended = clock.civil_date(facts.ended_at) if facts.ended_at else None
    return [day for day in (facts.due_on, ended) if day is not None]
