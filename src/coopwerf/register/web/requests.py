"""Requests for membership as the co-operative sees them: the list, one of them, on paper, and deciding in one go."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.coops.states import in_language
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.people.states import clean_enterprise_no
from coopwerf.ui import formats

from .. import actions, policies, queries
from ..states import (
    APPLICANT_NAMES,
    MISSING_NAMES,
    OPEN_REQUESTS,
    REQUEST_EVENT_NAMES,
    REQUEST_STATE_NAMES,
    Applicant,
    ApplicantKind,
    Missing,
    RequestMoney,
    RequestState,
    request_money,
)
from .request_forms import AddressForm, DecisionForm, PaperForm, PaymentForm, QuantityForm, RefusalForm, put_refusal

_SOME_ID = uuid.UUID(int=0)
AT_ONCE = 50
AT_ONCE_DECIDED = 1000
TABS = (
    RequestState.COMPLETE,
    RequestState.INCOMPLETE,
    RequestState.ADMITTED,
    RequestState.REFUSED,
    RequestState.WITHDRAWN,
)


@require_GET
def requests(request: Request) -> HttpResponse:
    """Show who asks to become a member, by state, fifty at a time; from here many are decided in one go."""
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_requests(request.actor, coop_id, today).require()
    counts = queries.count_open_requests(coop_id)
    asked = request.GET.get("state", "")
    first = RequestState.COMPLETE
    if counts[RequestState.INCOMPLETE] and not counts[RequestState.COMPLETE]:
        first = RequestState.INCOMPLETE
    state = RequestState(asked) if asked in TABS else first
    after = _id(request.GET.get("after", ""))
    found = list(queries.requests_page(coop_id, [state], today, after=after, limit=AT_ONCE + 1))
    more = len(found) > AT_ONCE
    found = found[:AT_ONCE]
    here = reverse("register:requests", kwargs={"slug": request.coop.slug})
    # Fifty addresses differ in one word only.
    one_url = reverse("register:request", kwargs={"slug": request.coop.slug, "request_id": _SOME_ID})
    grounds = queries.grounds(coop_id, today) if state is RequestState.REFUSED else {}
    money = request_money(coop_id, [facts.id for facts in found])
    context = {
        "tabs": [
            {
                "label": str(REQUEST_STATE_NAMES[one]),
                "url": f"{here}?state={one.value}",
                "current": one is state,
                "count": counts.get(one) or None,
            }
            for one in TABS
        ],
        "state": state.value,
        "is_open": state in OPEN_REQUESTS,
        "is_complete": state is RequestState.COMPLETE,
        "waiting": counts[RequestState.COMPLETE],
        "incomplete": counts[RequestState.INCOMPLETE],
        "lines": [
            {
                "facts": facts,
                "url": one_url.replace(str(_SOME_ID), str(facts.id)),
                "missing": missing_in_words(facts),
                "money": money_in_words(facts, money.get(facts.id)),
                "ground": in_language(grounds[facts.ground]) if facts.ground in grounds else "",
            }
            for facts in found
        ],
        "has_shares": any(facts.quantity for facts in found),
        "all_chosen": request.GET.get("all") == "1",
        "choose_url": f"?{urlencode({'state': state.value, 'all': '0' if request.GET.get('all') == '1' else '1'})}",
        "more": f"?{urlencode({'state': state.value, 'after': str(found[-1].id)})}" if more else "",
        "may_decide": policies.may_decide_requests(request.actor, coop_id, today),
        "may_keep": policies.may_keep_requests(request.actor, coop_id, today),
        "join_url": settings.BASE_URL + reverse("register:join", kwargs={"slug": request.coop.slug}),
        "offer": queries.offer(coop_id, today),
    }
    return render(request, "register/requests.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: Request) -> HttpResponse:
    """Decide on the chosen requests in one go: show them, ask for date and reference, and do it."""
    now = clock.now()
    today = clock.civil_date(now)
    coop_id = request.coop.id
    policies.may_decide_requests(request.actor, coop_id, today).require()
    given = request.POST if request.method == "POST" else request.GET
    is_refusal = given.get("as") == "refuse"
    ids = [found for found in map(_id, given.getlist("r")) if found is not None][:AT_ONCE_DECIDED]
    back = reverse("register:requests", kwargs={"slug": request.coop.slug})
    chosen = list(queries.requests_with(coop_id, ids, today))
    if not chosen:
        messages.warning(request, _("Choose at least one request first."))
        return HttpResponseRedirect(back)
    fits = [one for one in chosen if (one.is_open if is_refusal else one.state is RequestState.COMPLETE)]
    initial = {"on": today}
    seen = ",".join(str(one.quantity) for one in chosen)
    data = request.POST if request.method == "POST" else None
    form: DecisionForm
    grounds: list[tuple[str, str]] = []
    if is_refusal:
        grounds = [(code, in_language(text)) for code, text in queries.grounds(coop_id, today).items()]
        form = RefusalForm(data, initial=initial, grounds=grounds)
    else:
        form = DecisionForm(data, initial=initial)
    if request.method == "POST" and form.is_valid():
        decision = form.decision(queries.offer(coop_id, today).decided_by)
        wanted = {"actor": request.actor, "now": now, "coop_id": coop_id, "request_ids": ids, "decision": decision}
        try:
            if request.POST.get("seen", seen) != seen:
                raise Refused("kernel.changed_meanwhile")
            if is_refusal:
                count = actions.refuse_requests(
                    **wanted, ground=form.cleaned_data["ground"], explanation=form.cleaned_data["explanation"]
                )
                said = ngettext(
                    "One request is refused. The letter is on its way, or waits to be printed.",
                    "%(count)s requests are refused. The letters are on their way, or wait to be printed.",
                    count,
                ) % {"count": count}
            else:
                said = _admitted(actions.admit_requests(**wanted))
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(f"{back}?state={'refused' if is_refusal else 'admitted'}")
    context = {
        "form": form,
        "is_refusal": is_refusal,
        "chosen": chosen,
        "seen": seen,
        "left_out": len(chosen) - len(fits),
        "count": len(chosen),
        "shares": sum(one.quantity for one in chosen),
        "paid": sum((one.paid for one in chosen), Decimal("0.00")),
        "has_shares": any(one.quantity for one in chosen),
        "on_paper": sum(not one.email for one in chosen),
        "has_grounds": not is_refusal or bool(grounds),
        "back": back,
    }
    return render(request, "register/decide.html", context)


def _admitted(done: actions.AdmittedMany) -> str:
    """Say what an admission did, and what comes next."""
    parts = []
    if done.members:
        numbers = [str(one.number) for one in done.members]
        parts.append(
            ngettext(
                "Admitted: one member, with number %(first)s.",
                "Admitted: %(count)s members, with numbers %(first)s to %(last)s.",
                len(numbers),
            )
            % {"count": len(numbers), "first": numbers[0], "last": numbers[-1]}
        )
    if done.more:
        parts.append(
            ngettext("One member has more shares.", "%(count)s members have more shares.", done.more)
            % {"count": done.more}
        )
    parts.append(_("Everybody gets a letter; those without e-mail address wait under Letters, to be printed."))
    return " ".join(parts)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down the request of somebody on paper."""
    now = clock.now()
    today = clock.civil_date(now)
    coop_id = request.coop.id
    policies.may_keep_requests(request.actor, coop_id, today).require()
    offer = queries.offer(coop_id, today)
    asked_kind = request.POST.get("as") or request.GET.get("as") or ""
    kind = ApplicantKind(asked_kind) if asked_kind in list(ApplicantKind) else ApplicantKind.PERSON
    initial = {"language": request.coop.language, "asked_on": today}
    form = PaperForm(request.POST or None, kind=kind, offer=offer, initial=initial)
    if request.method == "POST":
        known = _known(coop_id, form, today) if form.is_valid() or "same_as" in form.fields else []
        if known:
            form = PaperForm(request.POST, kind=kind, offer=offer, initial=initial, known=known)
        if form.is_valid():
            try:
                asked = actions.record_request(
                    actor=request.actor,
                    now=now,
                    coop_id=coop_id,
                    applicant=_applicant(form),
                    shares=form.shares(),
                    language=form.cleaned_data["language"],
                    asked_on=form.cleaned_data["asked_on"],
                )
            except Refused as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, _("The request is noted."))
                return redirect("register:request", slug=request.coop.slug, request_id=asked.id)
    here = reverse("register:request-new", kwargs={"slug": request.coop.slug})
    context = {
        "form": form,
        "kind": kind.value,
        "offer": offer,
        "only": offer.classes[0] if len(offer.classes) == 1 else None,
        "is_known": "same_as" in form.fields,
        "tabs": [
            {
                "label": pgettext("applicant", "A person") if one is ApplicantKind.PERSON else str(name),
                "url": f"{here}?as={one.value}",
                "current": one is kind,
            }
            for one, name in APPLICANT_NAMES.items()
        ],
    }
    return render(request, "register/request_new.html", context)


def _known(coop_id: uuid.UUID, form: PaperForm, today: dt.date) -> list[tuple[str, str]]:
    """Return whom this co-operative knows that look like who was typed, with why."""
    told = form.cleaned_data
    candidate = people.Candidate(
        family=told.get("family", ""),
        given=told.get("given", ""),
        email=told.get("email", ""),
        enterprise_no=_number(told.get("enterprise_no", ""), told.get("country", "")),
    )
    (found,) = people.duplicates([candidate])
    here = queries.known_here(coop_id, found.keys())
    names = people.particulars(here.keys(), today)
    choices = []
    for party_id, number in sorted(here.items(), key=lambda pair: names[pair[0]].sort_key):
        whom = names[party_id]
        facts = {"name": whom.display, "number": number, "where": whom.domicile or "–"}
        said = _("Member %(number)s: %(name)s, %(where)s") if number else _("%(name)s, %(where)s: asked before")
        choices.append((str(party_id), said % facts))
    return choices


def _number(text: str, country: str) -> str:
    try:
        return clean_enterprise_no(text, country)
    except Refused:
        return ""


def _applicant(form: PaperForm) -> Applicant:
    one = form.applicant()
    same = form.cleaned_data.get("same_as", "new")
    return one if same in ("", "new") else dataclasses.replace(one, party_id=uuid.UUID(same))


@require_GET
def one(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Show one request: who, for what, what is missing, what happened."""
    return _one(request, request_id)


def _one(request: Request, request_id: uuid.UUID, **forms: Any) -> HttpResponse:
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_requests(request.actor, coop_id, today).require()
    facts = queries.request_facts(coop_id, request_id, today)
    if facts is None:
        raise Http404
    may_keep = policies.may_keep_requests(request.actor, coop_id, today)
    decide_url = reverse("register:requests-decide", kwargs={"slug": request.coop.slug})
    ground = queries.grounds(coop_id, facts.decided_on).get(facts.ground) if facts.decided_on else None
    context = {
        "facts": facts,
        "kind": APPLICANT_NAMES[facts.kind] if facts.kind is not ApplicantKind.PERSON else "",
        "state_name": REQUEST_STATE_NAMES[facts.state],
        "is_complete": facts.state is RequestState.COMPLETE,
        "is_admitted": facts.state is RequestState.ADMITTED,
        "missing": missing_in_words(facts),
        "money": money_in_words(facts, request_money(coop_id, [facts.id]).get(facts.id)),
        "lookalikes": _lookalikes(coop_id, facts, today) if facts.is_open else [],
        "events": [
            {"facts": event, "name": REQUEST_EVENT_NAMES[event.kind]}
            for event in queries.request_events(coop_id, request_id, today)
        ],
        "ground": in_language(ground) if ground else "",
        "may_keep": may_keep,
        "may_decide": policies.may_decide_requests(request.actor, coop_id, today),
        "payment": forms.get("payment") or PaymentForm(today=today, left=facts.to_pay),
        "takes_payment": bool(may_keep) and facts.is_open and facts.to_pay > 0,
        "quantity": forms.get("quantity") or QuantityForm(initial={"quantity": facts.quantity}),
        "takes_quantity": bool(may_keep) and facts.is_open and facts.quantity > 0,
        "address": forms.get("address") or AddressForm(),
        "takes_address": bool(may_keep) and facts.is_open and Missing.ADDRESS in facts.missing,
        "admit_url": f"{decide_url}?{urlencode({'as': 'admit', 'r': str(facts.id)})}",
        "refuse_url": f"{decide_url}?{urlencode({'as': 'refuse', 'r': str(facts.id)})}",
    }
    return render(request, "register/request.html", context)


def _lookalikes(coop_id: uuid.UUID, facts: queries.RequestFacts, today: dt.date) -> list[dict[str, Any]]:
    """Return members whom this co-operative knows that look like who asks."""
    if facts.takes_more:
        return []
    known = people.particulars([facts.party_id], today) if facts.party_id else {}
    name = known[facts.party_id].name if facts.party_id in known else None
    if name is None:
        return []
    candidate = people.Candidate(
        family=name.family, given=name.given, email=facts.email, enterprise_no=name.enterprise_no
    )
    (found,) = people.duplicates([candidate])
    likely = {party_id for party_id, why in found.items() if why != {"email"}} - {facts.party_id, facts.agent_id}
    members = {party: number for party, number in queries.known_here(coop_id, likely).items() if number}
    names = people.particulars(members.keys(), today)
    return [{"number": number, "name": names[party].display} for party, number in sorted(members.items())]


@require_POST
def paid(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Note a payment."""
    now = clock.now()
    today = clock.civil_date(now)
    policies.may_keep_requests(request.actor, request.coop.id, today).require()
    form = PaymentForm(request.POST, today=today, left=Decimal("0.00"))
    if form.is_valid():
        try:
            state = actions.record_request_payment(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                request_id=request_id,
                amount=form.cleaned_data["amount"],
                on=form.cleaned_data["on"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            amount = formats.money(form.cleaned_data["amount"], formats.language(get_language()))
            said = (
                _("%(amount)s is noted. The request is ready to be decided.")
                if state is RequestState.COMPLETE
                else _("%(amount)s is noted.")
            )
            messages.success(request, said % {"amount": amount})
            return redirect("register:request", slug=request.coop.slug, request_id=request_id)
    return _one(request, request_id, payment=form)


@require_POST
def unpaid(request: Request, request_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Take back a payment that was noted by mistake."""
    actions.take_back_request_payment(
        actor=request.actor, now=clock.now(), coop_id=request.coop.id, request_id=request_id, event_id=event_id
    )
    messages.success(request, _("The payment is taken back. Both stay readable below."))
    return redirect("register:request", slug=request.coop.slug, request_id=request_id)


@require_POST
def resize(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Change how many shares are asked for."""
    now = clock.now()
    today = clock.civil_date(now)
    policies.may_keep_requests(request.actor, request.coop.id, today).require()
    form = QuantityForm(request.POST)
    if form.is_valid():
        try:
            actions.change_request_quantity(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                request_id=request_id,
                quantity=form.cleaned_data["quantity"],
            )
        except Refused as refusal:
            form.add_error("quantity", refusal.message)
        else:
            messages.success(request, _resized(queries.request_facts(request.coop.id, request_id, today)))
            return redirect("register:request", slug=request.coop.slug, request_id=request_id)
    return _one(request, request_id, quantity=form)


def _resized(facts: queries.RequestFacts | None) -> str:
    """Say what a request asks for now, and what is left to pay."""
    assert facts is not None
    lang = (get_language() or "en")[:2]
    told = {"count": formats.number(facts.quantity, lang), "amount": formats.money(facts.to_pay, lang)}
    if facts.to_pay:
        said = ngettext(
            "The request is for %(count)s share now; %(amount)s is still to be paid.",
            "The request is for %(count)s shares now; %(amount)s is still to be paid.",
            facts.quantity,
        )
    else:
        said = ngettext(
            "The request is for %(count)s share now; all of it is paid.",
            "The request is for %(count)s shares now; all of it is paid.",
            facts.quantity,
        )
    return said % told


@require_POST
def complete(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Add the address that was missing."""
    now = clock.now()
    policies.may_keep_requests(request.actor, request.coop.id, clock.civil_date(now)).require()
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            actions.complete_request(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                request_id=request_id,
                address=form.address(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The address is noted."))
            return redirect("register:request", slug=request.coop.slug, request_id=request_id)
    return _one(request, request_id, address=form)


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Withdraw a request at the word of who asked."""
    now = clock.now()
    today = clock.civil_date(now)
    policies.may_keep_requests(request.actor, request.coop.id, today).require()
    facts = queries.request_facts(request.coop.id, request_id, today)
    if facts is None:
        raise Http404
    if request.method == "POST":
        actions.withdraw_request(actor=request.actor, now=now, coop_id=request.coop.id, request_id=request_id)
        messages.success(request, _("The request is withdrawn."))
        return redirect("register:requests", slug=request.coop.slug)
    context = {
        "title": _("Withdraw the request of %(name)s?") % {"name": facts.spoken},
        "text": _("Do this when they told you so. It can’t be undone; they can ask again at any time."),
        "act": _("Withdraw the request"),
        "look": "danger",
        "back": reverse("register:request", kwargs={"slug": request.coop.slug, "request_id": request_id}),
    }
    return render(request, "ui/confirm.html", context)


def missing_in_words(facts: queries.RequestFacts) -> str:
    """Return what a request lacks, as part of a sentence."""
    lang = formats.language(get_language())
    said = []
    for code in facts.missing:
        if code is Missing.PAYMENT:
            said.append(_("%(amount)s to pay") % {"amount": formats.money(facts.to_pay, lang)})
        else:
            said.append(str(MISSING_NAMES[code]))
    return ", ".join(said)


@dataclasses.dataclass(frozen=True, slots=True)
class MoneyWords:
    """What there is to say of the money for a request: how it stands, by whom it was paid, and where to read more."""

    label: str
    look: str
    payers: str
    url: str


def money_in_words(facts: queries.RequestFacts, money: RequestMoney | None) -> MoneyWords | None:
    """Return what the bank says of a request: nothing yet, short, over; and under whose names it was paid."""
    if money is None:
        return None
    lang = formats.language(get_language())
    received = max(money.received, facts.paid)
    label, look = "", ""
    if received > facts.price:
        label = _("%(amount)s too much") % {"amount": formats.money(received - facts.price, lang)}
        look = "attention"
    elif 0 < received < facts.price:
        label = _("%(amount)s short") % {"amount": formats.money(facts.price - received, lang)}
        look = "attention"
    elif not received and money.is_expected:
        label = pgettext("money for a request", "not paid yet")
    others = [name for name in money.payers if name.casefold() != facts.spoken.casefold()]
    return MoneyWords(label, look, ", ".join(others), money.url)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
