"""Subscriptions as the co-operative sees them: how many stand where, a list, one of them, and what can be mended."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.messages import queries as letters
from coopwerf.messages.states import MailState
from coopwerf.payments import queries as payments
from coopwerf.ui import formats

from .. import actions, policies, queries
from ..queries import SubscriptionFacts
from ..states import (
    FOR_WHOM_NAMES,
    SUBSCRIPTION_EVENT_NAMES,
    SUBSCRIPTION_STATE_NAMES,
    ForWhom,
    Standing,
    SubscriptionState,
    written_digits,
)
from .subscription_forms import EmailForm, TermForm, put_refusal

AT_ONCE = 50
LATE, UNCONFIRMED = "late", "unconfirmed"
_NOBODY = uuid.UUID(int=0)


@require_GET
def subscriptions(request: Request) -> HttpResponse:
    """Show who subscribed, by state, fifty at a time, and first of all where somebody has to look."""
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_subscriptions(request.actor, coop_id, today).require()
    offers = queries.offers(coop_id, today)
    chosen = next((one for one in offers if one.slug == request.GET.get("offer")), None)
    counts = queries.count_subscriptions(coop_id, chosen.id if chosen else None)
    asked = request.GET.get("state", "")
    first = LATE if counts.late else SubscriptionState.TO_PAY.value
    state = asked if asked in (LATE, UNCONFIRMED, *SubscriptionState) else first
    states = list(SubscriptionState) if state in (LATE, UNCONFIRMED) else [SubscriptionState(state)]
    found = list(
        queries.subscriptions_page(
            coop_id,
            today,
            states=queries.UNFINISHED if state == UNCONFIRMED else states,
            offer_id=chosen.id if chosen else None,
            unconfirmed=state == UNCONFIRMED,
            late=state == LATE,
            after=_id(request.GET.get("after", "")),
            limit=AT_ONCE + 1,
        )
    )
    more = len(found) > AT_ONCE
    found = found[:AT_ONCE]
    one_url = reverse("capital:subscription-one", kwargs={"slug": request.coop.slug, "subscription_id": _NOBODY})
    keep = {"offer": chosen.slug} if chosen else {}
    titles = {one.id: one.words(str(get_language())).title for one in offers}
    tabs = [
        (LATE, _("To look at"), counts.late),
        *((one.value, str(SUBSCRIPTION_STATE_NAMES[one]), counts.by_state[one]) for one in SubscriptionState),
        (UNCONFIRMED, _("Not confirmed"), counts.unconfirmed),
    ]
    held = sum((counts.amounts[one] for one in (SubscriptionState.TO_PAY, SubscriptionState.PAID)), 0)
    context = {
        "tabs": [
            {
                "label": label,
                "url": f"?{urlencode({'state': code, **keep})}",
                "current": code == state,
                "count": count or None,
            }
            for code, label, count in tabs
            if count or code == state or code == SubscriptionState.TO_PAY
        ],
        "lines": [
            {
                "facts": facts,
                "url": one_url.replace(str(_NOBODY), str(facts.id)),
                "how": " · ".join(
                    str(part)
                    for part in (
                        SUBSCRIPTION_STATE_NAMES[facts.state] if state in (LATE, UNCONFIRMED) else "",
                        _("not confirmed") if facts.confirmed_at is None and facts.is_open else "",
                        FOR_WHOM_NAMES[facts.for_whom] if facts.for_whom is not ForWhom.SELF else "",
                        titles.get(facts.offer_id, "") if len(offers) > 1 and chosen is None else "",
                    )
                    if part
                ),
                "is_short": facts.standing is Standing.SHORT,
                "is_over": facts.standing is Standing.OVER,
                "is_overdue": facts.state is SubscriptionState.TO_PAY
                and facts.due_on is not None
                and facts.due_on < today,
            }
            for facts in found
        ],
        "counts": counts,
        "total": sum(counts.by_state.values()),
        "held": held,
        "to_pay": counts.by_state[SubscriptionState.TO_PAY],
        "to_pay_amount": counts.amounts[SubscriptionState.TO_PAY],
        "paid": counts.by_state[SubscriptionState.PAID],
        "paid_amount": counts.amounts[SubscriptionState.PAID],
        "queue": counts.by_state[SubscriptionState.WAITING],
        "offers": [{"slug": one.slug, "title": titles[one.id], "current": one == chosen} for one in offers],
        "chosen": chosen,
        "more": f"?{urlencode({'state': state, 'after': str(found[-1].id), **keep})}" if more else "",
    }
    return render(request, "capital/subscriptions.html", context)


@require_GET
def one(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Show one subscription: who, for what, what came in and from whom, what happened, and what to do."""
    return _one(request, subscription_id)


def _one(request: Request, subscription_id: uuid.UUID, **forms: Any) -> HttpResponse:
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_subscriptions(request.actor, coop_id, today).require()
    facts = queries.subscription_facts(coop_id, subscription_id, today)
    if facts is None:
        raise Http404
    offer = queries.offer_facts(coop_id, facts.offer_id, today)
    version = queries.version_facts(coop_id, facts.version_id)
    assert offer is not None
    mail_state = _mail_state(coop_id, facts)
    may_keep = policies.may_keep_subscriptions(request.actor, coop_id, today)
    names = payments.payers_of_claims(coop_id, [facts.claim_id]) if facts.claim_id else {}
    is_to_pay = facts.state is SubscriptionState.TO_PAY
    context = {
        "facts": facts,
        "offer": offer,
        "version": version,
        "title": offer.words(str(get_language())).title,
        "state_name": SUBSCRIPTION_STATE_NAMES[facts.state],
        "for_whom": FOR_WHOM_NAMES[facts.for_whom],
        "communication": written_digits(facts.digits),
        "payers": ", ".join(names.get(facts.claim_id, ())) if facts.claim_id else "",
        "is_short": facts.standing is Standing.SHORT,
        "is_lapsed": facts.state is SubscriptionState.LAPSED,
        "is_waiting": facts.state is SubscriptionState.WAITING,
        "place": queries.place_in_queue(coop_id, offer.id, facts.id)
        if facts.state is SubscriptionState.WAITING
        else None,
        "came_back": mail_state in (MailState.REFUSED, MailState.GIVEN_UP),
        "no_server": mail_state is MailState.KEPT,
        "events": [
            {"facts": event, "name": SUBSCRIPTION_EVENT_NAMES[event.kind]}
            for event in queries.subscription_events(coop_id, subscription_id, today)
        ],
        "may_keep": may_keep,
        "takes_term": bool(may_keep) and is_to_pay,
        "takes_lapse": bool(may_keep) and (is_to_pay or facts.state is SubscriptionState.WAITING),
        "takes_mail": bool(may_keep) and facts.is_open,
        "takes_email": bool(may_keep) and facts.is_open and facts.confirmed_at is None,
        "takes_word": bool(may_keep) and facts.is_open and facts.confirmed_at is None,
        "takes_revival": bool(may_keep) and facts.is_revivable,
        "takes_withdrawal": bool(may_keep)
        and bool(policies.may_withdraw(facts.state, facts.received, facts.refund_id)),
        "term": forms.get("term") or TermForm(initial={"due_on": facts.due_on}),
        "email": forms.get("email") or EmailForm(initial={"email": facts.email}),
    }
    return render(request, "capital/subscription_one.html", context)


def _mail_state(coop_id: uuid.UUID, facts: SubscriptionFacts) -> MailState | None:
    return letters.letter(coop_id, facts.letter_id).mail_state if facts.letter_id else None


@require_POST
def extend(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Give somebody more time to pay."""
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            actions.extend_term(**_whose(request, subscription_id), due_on=form.cleaned_data["due_on"])
        except Refused as refusal:
            form.add_error("due_on", refusal.message)
        else:
            until = formats.date_long(form.cleaned_data["due_on"], formats.language(get_language()))
            messages.success(request, _("They can pay until %(until)s.") % {"until": until})
            return _back(request, subscription_id)
    return _one(request, subscription_id, term=form)


@require_POST
def correct(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Correct the mail address, and write there."""
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            actions.correct_email(**_whose(request, subscription_id), email=form.cleaned_data["email"])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The address is corrected, and the mail is on its way to it."))
            return _back(request, subscription_id)
    return _one(request, subscription_id, email=form)


@require_POST
def resend(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Send the mail again."""
    actions.send_again(**_whose(request, subscription_id))
    messages.success(request, _("The mail is on its way again."))
    return _back(request, subscription_id)


@require_POST
def revive(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Take up a lapsed subscription again, while there is room."""
    if actions.take_up_again(**_whose(request, subscription_id)):
        messages.success(request, _("The subscription is taken up again."))
        return _back(request, subscription_id)
    facts = queries.subscription_facts(request.coop.id, subscription_id, clock.civil_date(clock.now()))
    if facts is not None and facts.refund_id is not None:
        messages.warning(
            request, _("There is no room for it any more. What came in stands on the list of payments to make.")
        )
    else:
        messages.warning(
            request,
            _(
                "It can’t be taken up now: there is no room, an earlier request of theirs still waits for the board, "
                "or what was typed is forgotten."
            ),
        )
    return _back(request, subscription_id)


@require_http_methods(["GET", "POST"])
def confirm(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Confirm a subscription at the word of who subscribed."""
    return _asked(
        request,
        subscription_id,
        actions.confirm_subscription,
        title=_("Did %(name)s say yes to you?"),
        text=_(
            "Do this when they told you themselves, by telephone or on paper, that they want these shares and accept "
            "the statutes and the risk. Their request comes before the board, under your name."
        ),
        act=_("Confirm it for them"),
        look="",
        done=_("The subscription is confirmed."),
    )


@require_http_methods(["GET", "POST"])
def lapse(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Let a subscription lapse before its term is over."""
    return _asked(
        request,
        subscription_id,
        actions.lapse_subscription,
        title=_("Let the subscription of %(name)s lapse?"),
        text=_("Its shares are free for somebody else, and they get a letter that says so."),
        act=pgettext("subscription", "Let it lapse"),
        done=_("The subscription has lapsed."),
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    """Withdraw a subscription at the word of who subscribed."""
    return _asked(
        request,
        subscription_id,
        actions.withdraw_subscription,
        title=_("Withdraw the subscription of %(name)s?"),
        text=_("Do this when they told you so. What they paid goes on the list of payments to make."),
        act=_("Withdraw the subscription"),
        done=_("The subscription is withdrawn."),
    )


def _asked(request: Request, subscription_id: uuid.UUID, deed: Any, **said: str) -> HttpResponse:
    today = clock.civil_date(clock.now())
    policies.may_keep_subscriptions(request.actor, request.coop.id, today).require()
    facts = queries.subscription_facts(request.coop.id, subscription_id, today)
    if facts is None:
        raise Http404
    if request.method == "POST":
        try:
            deed(**_whose(request, subscription_id))
            messages.success(request, said["done"])
        except Refused as refusal:
            messages.error(request, refusal.message)
        return _back(request, subscription_id)
    context = {
        "title": said["title"] % {"name": facts.spoken or _("(erased)")},
        "text": said["text"],
        "act": said["act"],
        "look": said.get("look", "danger"),
        "back": _url(request, subscription_id),
    }
    return render(request, "ui/confirm.html", context)


def _whose(request: Request, subscription_id: uuid.UUID) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "now": clock.now(),
        "coop_id": request.coop.id,
        "subscription_id": subscription_id,
    }


def _url(request: Request, subscription_id: uuid.UUID) -> str:
    return reverse("capital:subscription-one", kwargs={"slug": request.coop.slug, "subscription_id": subscription_id})


def _back(request: Request, subscription_id: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(_url(request, subscription_id))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
