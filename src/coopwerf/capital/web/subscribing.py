"""Subscribing in three short steps on a phone, or in one for who has signed in."""

import dataclasses
import uuid
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coopwerf.coops import queries as coops
from coopwerf.coops.states import share_words
from coopwerf.kernel import clock
from coopwerf.kernel.kept import Kept
from coopwerf.kernel.limits import visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.register import queries as register
from coopwerf.register.states import Applicant
from coopwerf.ui import formats
from coopwerf.ui.speaking import speak

from .. import actions, policies, queries, words
from ..queries import OfferFacts
from ..states import FOR_WHOM_NAMES, ForWhom, Giver, Wish, clean_subscriber, price
from . import draft as drafts
from .draft import Draft
from .public import open_page
from .subscription_forms import MineForm, PersonForm, SharesForm, YesForm, put_refusal
from .telling import page_url, text_language

TAKE = "whoever wants shares that are offered to everybody subscribes here, without an account"
WAITABLE = ("capital.room_total", "capital.room_total_until", "capital.room_ceiling", "capital.room_people")
GONE = ("capital.version_old", "capital.price_old", "capital.class_withdrawn", "register.class_unknown")


@public(TAKE)
@never_cache
@require_http_methods(["GET", "POST"])
def shares(request: Request, offer: str) -> HttpResponse:
    """Ask for how many shares, of which class, and for whom; who has signed in does it all at once."""
    speak(request)
    found = _page(request, offer)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    draft = drafts.of(request)
    wanted = request.GET.get("for", "")
    is_mine = "mine" in request.POST if request.method == "POST" else draft is None and not wanted
    if request.actor.is_person and is_mine:
        return _mine(request, found)
    initial: dict[str, Any] = {}
    if draft is not None and draft.has_shares:
        initial = {"for_whom": draft.for_whom, "share_class": draft.share_class, "quantity": draft.quantity}
    if wanted in list(ForWhom):
        initial["for_whom"] = wanted
    form = SharesForm(request.POST or None, classes=found.classes, initial=initial)
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        quantity = form.cleaned_data["quantity"]
        try:
            amount = price(terms.issue_price, quantity)
            _fits(found, amount)
        except (Refused, ValueError) as refusal:
            if isinstance(refusal, ValueError):
                refusal = Refused("register.amount_fractions", amount=terms.issue_price * quantity)
            put_refusal(form, refusal)
        else:
            kept = dataclasses.replace(
                draft or drafts.new(),
                for_whom=form.cleaned_data["for_whom"],
                share_class=terms.code,
                quantity=quantity,
                price=str(terms.issue_price),
                version=str(found.version.id),
            )
            return _on(request, found, kept, "take-who")
    context = {
        "form": form,
        "only": found.classes[0] if len(found.classes) == 1 else None,
        "notes": {one.value: note for one, note in _for_whom_notes().items()},
        "prices": {one.code: words.amount_each(one.issue_price) for one in found.classes},
        "has_just_sent": drafts.has_just_sent(request),
        **_room(found),
        **_common(request, found, draft, 1),
    }
    return render(request, "capital/take_shares.html", context)


@public(TAKE)
@never_cache
@require_http_methods(["GET", "POST"])
def who(request: Request, offer: str) -> HttpResponse:
    """Ask who becomes a member."""
    speak(request)
    found = _page(request, offer)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    draft = drafts.of(request)
    if draft is None or not draft.has_shares:
        return HttpResponseRedirect(_url(request, found, "take"))
    initial: dict[str, Any] = {"language": formats.language(get_language())}
    if coops.stage(request.coop.id, clock.civil_date(clock.now())).startswith("nl_"):
        initial["country"] = "NL"
    form = PersonForm(request.POST or None, for_whom=ForWhom(draft.for_whom), initial={**initial, **draft.who})
    if request.method == "POST":
        told = {name: str(request.POST.get(name, "")).strip() for name in form.fields}
        kept = dataclasses.replace(draft, who={name: value for name, value in told.items() if value})
        if form.is_valid():
            try:
                clean_subscriber(form.applicant(), form.giver(), form.for_whom, clock.civil_date(clock.now()))
            except Refused as refusal:
                put_refusal(form, refusal)
            else:
                return _on(request, found, kept, "take-check")
    context = {"form": form, "for_whom": draft.for_whom, **_common(request, found, draft, 2)}
    return render(request, "capital/take_who.html", context)


@public(TAKE)
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: Request, offer: str) -> HttpResponse:
    """Let somebody look through what they filled in, accept statutes and risk, and send it: once, however often."""
    speak(request)
    found = _page(request, offer)
    sealed = request.POST.get("seen", "")
    # What this page showed is what is sent, whatever another tab did meanwhile.
    draft = drafts.unseal(sealed, drafts.SEEN_SECONDS) if sealed else drafts.of(request)
    if draft is None or not draft.has_shares or not draft.who:
        return HttpResponseRedirect(_url(request, found, "take"))
    person = PersonForm(draft.who, for_whom=ForWhom(draft.for_whom))
    if not person.is_valid():
        return HttpResponseRedirect(_url(request, found, "take-who"))
    words_read = _words(request, found, draft)
    form = YesForm(request.POST if sealed else None, risk=words_read.risk_sentence)
    is_waiting = request.POST.get("wait") == "1"
    problem: Refused | None = None
    if sealed and form.is_valid() and not form.cleaned_data["website"]:
        wish = Wish(
            for_whom=ForWhom(draft.for_whom),
            share_class=draft.share_class,
            quantity=draft.quantity,
            amount_per_share=draft.amount_per_share,
            version_id=draft.version_id,
            applicant=person.applicant(),
            payer=person.giver(),
            accepts_statutes=True,
            accepts_risk=True,
        )
        try:
            done = actions.subscribe(
                actor=request.actor,
                now=clock.now(),
                coop_id=request.coop.id,
                offer_id=found.id,
                wish=wish,
                language=person.cleaned_data["language"],
                key=draft.key,
                will_wait=is_waiting,
                sent_from=visitor(request),
            )
        except Refused as refusal:
            problem = refusal
            found = _page(request, offer, anew=True)
        else:
            return _done(request, found, done)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    amount = price(draft.amount_per_share, draft.quantity)
    if problem is None and not sealed:
        verdict = policies.fits_subscription(found, amount, clock.civil_date(clock.now()))
        if verdict and queries.waiting_in_queue(found.coop_id, found.id, limit=1):
            verdict = policies.room_or_queue(verdict)
        if not verdict:
            problem = Refused(verdict.code, **verdict.facts)
    offers_queue = problem is not None and (problem.code in WAITABLE or problem.code == "capital.others_wait")
    context = {
        "form": form,
        "who": _spoken(person),
        "seen": drafts.seal(draft),
        "amount": amount,
        "problem": problem.message if problem is not None else "",
        "offers_queue": offers_queue or is_waiting,
        "starts_again": problem is not None and problem.code in GONE,
        "version": _version(request, found, draft),
        **_common(request, found, draft, 3),
    }
    return render(request, "capital/take_check.html", context)


@public(TAKE)
@require_POST
def afresh(request: Request, offer: str) -> HttpResponse:
    """Forget what was filled in, and begin with the first step."""
    found = _page(request, offer)
    response = HttpResponseRedirect(_url(request, found, "take"))
    drafts.forget(response, _url(request, found, "take"), is_sent=False)
    return response


_offers: Kept[OfferFacts | None] = Kept()


def _page(request: Request, slug: str, *, anew: bool = False) -> OfferFacts:
    """Return the offer of a page, as it is or was less than a second ago; raises Http404 for a draft and for none.

    What is sent is checked by the action as it is at that moment; pages show what was true a moment before.
    """
    if anew:
        return open_page(request, slug)
    today = clock.civil_date(clock.now())
    found = _offers.get((request.coop.id, slug, today), lambda: queries.offer_by_slug(request.coop.id, slug, today))
    if found is None or not found.is_public:
        raise Http404
    return found


def _mine(request: Request, found: OfferFacts) -> HttpResponse:
    """Let who has signed in take shares in one step: their data are known."""
    now = clock.now()
    today = clock.civil_date(now)
    assert request.actor.party_id is not None
    known = people.particulars(request.actor.parties, today)
    others = sorted(known.keys() - {request.actor.party_id}, key=lambda party_id: known[party_id].sort_key)
    hats = [(party_id, known[party_id].spoken) for party_id in (request.actor.party_id, *others)]
    hats.sort(key=lambda hat: hat[0] != request.actor.acting_for)
    members = {one.party_id: one for one in register.memberships(request.coop.id, request.actor.parties, today)}
    said = found.words(text_language(found))
    form = MineForm(request.POST or None, classes=found.classes, hats=hats, risk=said.risk_sentence)
    problem: Refused | None = None
    if request.method == "POST" and form.is_valid():
        wish = Wish(
            share_class=form.terms().code,
            quantity=form.cleaned_data["quantity"],
            applicant=Applicant(party_id=form.party_id()),
            payer=Giver(name=form.cleaned_data["payer"]),
            accepts_statutes=True,
            accepts_risk=True,
        )
        try:
            done = actions.subscribe(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                offer_id=found.id,
                wish=wish,
                language=formats.language(get_language()),
                key=_key(request.POST.get("key", "")),
                will_wait=request.POST.get("wait") == "1",
                sent_from=visitor(request),
            )
        except Refused as refusal:
            problem = refusal
            if refusal.code not in (*WAITABLE, "capital.others_wait"):
                put_refusal(form, refusal)
        else:
            return _done(request, found, done)
    mine = members.get(request.actor.party_id)
    offers_queue = problem is not None and problem.code in (*WAITABLE, "capital.others_wait")
    context = {
        "form": form,
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "only": found.classes[0] if len(found.classes) == 1 else None,
        "prices": {one.code: words.amount_each(one.issue_price) for one in found.classes},
        "me": known[request.actor.party_id].spoken,
        "number": mine.number if mine is not None else None,
        "waiting": queries.subscriptions_of(found.coop_id, request.actor.parties, today),
        "problem": problem.message if problem is not None and offers_queue else "",
        "offers_queue": offers_queue,
        "others": [(one.value, name) for one, name in FOR_WHOM_NAMES.items() if one is not ForWhom.SELF],
        "version": found.version,
        **_room(found),
        **_common(request, found, None, 0),
    }
    return render(request, "capital/take_mine.html", context)


def _done(request: Request, found: OfferFacts, done: actions.Subscribed) -> HttpResponse:
    there = reverse("capital:subscription", kwargs={"slug": request.coop.slug, "token": done.token})
    response = HttpResponseRedirect(there)
    drafts.forget(response, _url(request, found, "take"), is_sent=True)
    return response


def _on(request: Request, found: OfferFacts, draft: Draft, to: str) -> HttpResponse:
    response = HttpResponseRedirect(_url(request, found, to))
    drafts.keep(response, draft, _url(request, found, "take"))
    return response


def _url(request: Request, found: OfferFacts, name: str) -> str:
    return reverse(f"capital:{name}", kwargs={"slug": request.coop.slug, "offer": found.slug})


def _closed(request: Request, found: OfferFacts) -> HttpResponse | None:
    """Return the page of an offer that takes nobody at the moment; None while it does."""
    today = clock.civil_date(clock.now())
    verdict = policies.may_subscribe(found, today)
    if verdict and found.classes:
        return None
    context = {"offer": found, "words": found.words(text_language(found)), "back": page_url(request.coop, found)}
    return render(request, "capital/take_closed.html", {**context, "verdict": verdict})


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _fits(found: OfferFacts, amount: Decimal) -> None:
    """Refuse what one person could never take; whether there is room is said at the end, beside the waiting list."""
    verdict = policies.fits_subscription(found, amount, clock.civil_date(clock.now()))
    if not verdict and not policies.may_wait(verdict):
        verdict.require()


def _room(found: OfferFacts) -> dict[str, Any]:
    """Say how much room there is, where that matters: for the cheapest class."""
    cheapest = min((one.issue_price for one in found.classes), default=None)
    judgement = queries.room(found, clock.civil_date(clock.now())) if cheapest else None
    left = judgement.shares(cheapest) if judgement is not None and cheapest else None
    has_queue = bool(queries.waiting_in_queue(found.coop_id, found.id, limit=1))
    return {"is_full": left == 0 or has_queue, "left": left if left is not None and left <= 20 else None}


def _words(request: Request, found: OfferFacts, draft: Draft) -> queries.OfferWords:
    shown = dataclasses.replace(found, version=_version(request, found, draft))
    return shown.words(text_language(found))


def _version(request: Request, found: OfferFacts, draft: Draft) -> queries.VersionFacts:
    if draft.version_id == found.version.id:
        return found.version
    return queries.version_facts(request.coop.id, draft.version_id) or found.version


def _spoken(person: PersonForm) -> dict[str, Any]:
    """Return what was filled in, as it is read through."""
    one = person.applicant()
    payer = person.giver()
    return {
        "name": f"{one.given} {one.family}".strip(),
        "agent": f"{one.agent_given} {one.agent_family}".strip(),
        "address": one.address.cleaned().on_one_line if one.address else "",
        "email": one.email,
        "phone": one.phone,
        "enterprise_no": one.enterprise_no,
        "legal_form": one.legal_form,
        "born_on": one.born_on,
        "payer": payer.name,
        "payer_email": payer.email,
    }


def _for_whom_notes() -> dict[ForWhom, str]:
    return {
        ForWhom.GIFT: _("You pay, and they become a member if they agree."),
        ForWhom.MINOR: _("Younger than 18: a parent or guardian acts for them."),
    }


def _common(request: Request, found: OfferFacts, draft: Draft | None, step: int) -> dict[str, Any]:
    today = clock.civil_date(clock.now())
    lang = formats.language(get_language())
    law = queries.law_of(request.coop.id, found.regime, today)
    one, many = share_words(coops.share_word(request.coop.id, today), lang)
    said = found.words(text_language(found))
    told: dict[str, Any] = {
        "offer": found,
        "words": said,
        "text_language": text_language(found),
        "steps": [_("Shares"), _("About you"), _("Look through")],
        "step": step,
        "law": words.law_sentences(found, law),
        "back": page_url(request.coop, found),
        "draft": draft,
        "share_word": one,
        "shares_word": many,
    }
    if draft is not None and draft.has_shares:
        amount = price(draft.amount_per_share, draft.quantity)
        told["sum_label"] = ngettext("%(count)s %(one)s %(code)s", "%(count)s %(many)s %(code)s", draft.quantity) % {
            "count": formats.number(draft.quantity, lang),
            "one": one,
            "many": many,
            "code": draft.share_class,
        }
        told["sum_amount"] = formats.money(amount, lang)
        told["each"] = draft.amount_per_share
        told["for_whom_name"] = FOR_WHOM_NAMES[ForWhom(draft.for_whom)]
    return told
