"""Asking to become a member, for anybody: the form, the mailed link, and how far the request has come."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.coops import queries as coops
from coopwerf.coops.states import in_language
from coopwerf.kernel import clock
from coopwerf.kernel.limits import visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.ui import formats

from .. import actions, policies, queries
from ..states import APPLICANT_NAMES, ApplicantKind, RequestState, invitations
from .request_forms import HolderForm, JoinForm, put_refusal
from .terms import rights_of, statutes_in_short

ASK = "whoever wants to become a member asks here, without an account"
FOLLOW = "whoever was mailed the link may confirm their request and see how far it has come"


@public(ASK)
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: Request) -> HttpResponse:
    """Show the form, or take what was typed; whoever has signed in asks at once, others confirm by mail."""
    now = clock.now()
    today = clock.civil_date(now)
    offer = queries.offer(request.coop.id, today)
    if not offer.is_open:
        return render(request, "register/join_closed.html", {"verdict": policies.may_ask(offer)})
    asked_kind = request.POST.get("as") or request.GET.get("as") or ""
    if request.actor.is_person and not asked_kind:
        return _join_signed_in(request, offer)
    kind = ApplicantKind(asked_kind) if asked_kind in list(ApplicantKind) else ApplicantKind.PERSON
    initial: dict[str, Any] = {"language": formats.language(get_language())}
    if coops.stage(request.coop.id, today).startswith("nl_"):
        initial["country"] = "NL"
    form = JoinForm(request.POST or None, kind=kind, offer=offer, initial=initial)
    if request.method == "POST" and form.is_valid():
        # A machine that fills in every field is told the same as a human being, and nothing is kept.
        if not form.cleaned_data["website"]:
            try:
                actions.ask_membership(
                    actor=request.actor,
                    now=now,
                    coop_id=request.coop.id,
                    applicant=form.applicant(),
                    shares=form.shares(),
                    language=form.cleaned_data["language"],
                    sent_from=visitor(request),
                )
            except Refused as refusal:
                put_refusal(form, refusal)
        if form.is_valid():
            return redirect("register:join-sent", slug=request.coop.slug)
    context = {
        "form": form,
        "kind": kind.value,
        "tabs": _tabs(request, kind),
        "steps": _steps(),
        **_terms(request, offer),
    }
    return render(request, "register/join.html", context)


def _join_signed_in(request: Request, offer: queries.Offer) -> HttpResponse:
    """Let somebody ask in their own name, or of whom they act for: their data are known."""
    now = clock.now()
    today = clock.civil_date(now)
    assert request.actor.party_id is not None
    known = people.particulars(request.actor.parties, today)
    others = sorted(known.keys() - {request.actor.party_id}, key=lambda party_id: known[party_id].sort_key)
    hats = [(party_id, known[party_id].spoken) for party_id in (request.actor.party_id, *others)]
    hats.sort(key=lambda hat: hat[0] != request.actor.acting_for)  # whose hat one wears comes first
    members = {one.party_id: one for one in queries.memberships(request.coop.id, request.actor.parties, today)}
    is_member = request.actor.party_id in members
    form = HolderForm(request.POST or None, offer=offer, hats=hats)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_for_oneself(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                party_id=form.party_id(),
                shares=form.shares(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("Your request is with the board. You hear from it either way.")
                if asked.state is RequestState.COMPLETE
                else _("Your request is noted. The board decides once what it lacks is there."),
            )
            return HttpResponseRedirect(reverse("register:join-mine", kwargs={"slug": request.coop.slug}))
    waiting = queries.open_requests_of(request.coop.id, request.actor.parties, today)
    context = {
        "form": form,
        "me": known[request.actor.party_id].spoken,
        "is_member": is_member,
        "number": members[request.actor.party_id].number if is_member else None,
        "can_ask": bool(offer.classes) or not is_member or len(hats) > 1,
        "waiting": waiting,
        "tabs": _tabs(request, None),
        **_terms(request, offer),
    }
    return render(request, "register/join_signed_in.html", context)


@public(ASK)
@require_GET
def sent(request: Request) -> HttpResponse:
    """Say that a mail is on its way: the same whatever was typed."""
    return render(request, "register/join_sent.html", {"steps": _steps()})


@public(FOLLOW)
@never_cache
@require_http_methods(["GET", "POST"])
def status(request: Request, token: str) -> HttpResponse:
    """Show a request to whoever has its mailed link; only its buttons do something, so that a link scanner doesn't."""
    now = clock.now()
    today = clock.civil_date(now)
    if request.method == "POST":
        return _act(request, token)
    facts = queries.request_by_token(request.coop.id, token, today)
    if facts is None:
        return render(request, "register/join_gone.html", status=404)
    response = render(request, "register/join_status.html", _status(request, facts))
    response["X-Robots-Tag"] = "noindex"
    return response


def _act(request: Request, token: str) -> HttpResponse:
    now = clock.now()
    here = HttpResponseRedirect(request.path)
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw_request(actor=request.actor, now=now, coop_id=request.coop.id, token=token)
            messages.success(request, _("Your request is withdrawn."))
            still_there = queries.request_by_token(request.coop.id, token, clock.civil_date(now))
            return here if still_there else redirect("site:public", slug=request.coop.slug)
        actions.confirm_request(actor=request.actor, now=now, coop_id=request.coop.id, token=token)
        messages.success(request, _("Thank you. Your request is with the board."))
    except Refused as refusal:
        if refusal.code == "register.request_gone":
            return render(request, "register/join_gone.html", status=404)
        messages.error(request, refusal.message)
    return here


@never_cache
@public(ASK)
@require_GET
def mine(request: Request) -> HttpResponse:
    """Show somebody who has signed in how far their own requests have come."""
    today = clock.civil_date(clock.now())
    waiting = queries.open_requests_of(request.coop.id, request.actor.parties, today)
    if not request.actor.is_person or not waiting:
        return redirect("register:join", slug=request.coop.slug)
    return render(request, "register/join_status.html", _status(request, waiting[0]))


def _status(request: Request, facts: queries.RequestFacts) -> dict[str, Any]:
    ground = queries.grounds(request.coop.id, facts.decided_on).get(facts.ground) if facts.decided_on else None
    return {
        "facts": facts,
        "is_unconfirmed": facts.state is RequestState.UNCONFIRMED,
        "is_admitted": facts.state is RequestState.ADMITTED,
        "is_refused": facts.state is RequestState.REFUSED,
        "is_withdrawn": facts.state is RequestState.WITHDRAWN,
        "must_pay": bool(facts.quantity) and facts.to_pay > 0,
        "lacks_address": "address" in facts.missing,
        "is_complete": facts.state is RequestState.COMPLETE,
        "ground": in_language(ground) if ground else "",
        "steps": _steps(),
        "step": 2 if facts.state is RequestState.UNCONFIRMED else 3,
    }


def _steps() -> list[str]:
    return [_("Fill in"), _("Confirm by mail"), _("The board decides")]


def _tabs(request: Request, kind: ApplicantKind | None) -> list[dict[str, Any]]:
    here = reverse("register:join", kwargs={"slug": request.coop.slug})
    return [
        {"label": str(name), "url": f"{here}?as={one.value}", "current": one is kind}
        for one, name in APPLICANT_NAMES.items()
    ]


def _terms(request: Request, offer: queries.Offer) -> dict[str, Any]:
    today = clock.civil_date(clock.now())
    return {
        "offer": offer,
        "classes": [{"terms": terms, "rights": rights_of(terms)} for terms in offer.classes],
        "only": offer.classes[0] if len(offer.classes) == 1 else None,
        "statutes": statutes_in_short(request.coop.id, offer, today),
        "invitations": invitations(request.coop.id, today),
    }
