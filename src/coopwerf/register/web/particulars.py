"""Recording a member's changed name, address or contact: a form, a look at before and after, and only then the row."""

import dataclasses
import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict, refuse
from coopwerf.kernel.web import Request
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars

from .. import policies, queries
from .desk import Desk
from .particulars_forms import CHANGES, ChangeForm, ContactChange
from .record import tried
from .request_forms import put_refusal


@require_http_methods(["GET", "POST"])
@never_cache
def change(request: Request, number: int, what: str) -> HttpResponse:
    """Record one change of who a member is."""
    desk = Desk(request)
    desk.see.require()
    shape = CHANGES.get(what)
    facts = queries.member_by_number(desk.coop_id, number)
    if shape is None or facts is None:
        raise Http404
    on = _asked_date(request) or desk.today
    known = people.particulars_of(facts.party_id, on)
    back = {
        "back": reverse("register:member", kwargs={"slug": desk.coop.slug, "number": number}),
        "back_label": known.spoken or _("(erased)"),
        "number": number,
    }
    verdict = _verdict(desk, known, shape)
    if not verdict:
        if request.method == "POST":
            verdict.require()
        told = {"title": shape.title, "lead": shape.lead, "verdict": verdict}
        return render(request, "register/particulars/refused.html", {**told, **back})
    given = request.POST if request.method == "POST" else None
    form = shape(given, desk=desk, known=known, initial=_initial(known, shape, on))
    return _handle(desk, form, {"form": form, "known": known, **back})


def _verdict(desk: Desk, known: Particulars, shape: type[ChangeForm]) -> Verdict:
    verdict = policies.may_keep_particulars(desk.actor, desk.coop_id, known.party_id, desk.today)
    if verdict and known.is_erased:
        return refuse("register.party_without_name")
    if verdict and shape is ContactChange:
        return people_policies.may_change_contact(desk.actor, known.party_id, desk.coop_id, desk.today)
    return verdict


def _asked_date(request: Request) -> dt.date | None:
    """Return the date whose row is to be put right, where a link names one."""
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def _initial(known: Particulars, shape: type[ChangeForm], on: dt.date) -> dict[str, Any]:
    if shape is ContactChange:
        contact = people.contact_of(known.party_id)
        return {"email": contact.email, "phone": contact.phone}
    name = dataclasses.asdict(known.name) if known.name else {}
    address = known.address.as_record() if known.address else {"country": "BE"}
    return {**name, **address, "valid_from": on}


def _handle(desk: Desk, form: ChangeForm, context: dict[str, Any]) -> HttpResponse:
    """Show the form, what it would change, or write it down and lead on."""
    request = desk.request
    step = request.POST.get("step", "")
    if not form.is_bound or not form.is_valid() or step == "change":
        return render(request, "register/particulars/form.html", context)
    try:
        if step == "record":
            return _record(desk, form, context)
        return render(request, "register/particulars/confirm.html", context | _preview(form))
    except Refused as refusal:
        put_refusal(form, refusal)
        return render(request, "register/particulars/form.html", context)


def _record(desk: Desk, form: ChangeForm, context: dict[str, Any]) -> HttpResponse:
    """Write it down, if nothing was written about this member since it was shown."""
    try:
        with transaction.atomic():
            form.act(desk.request.POST.get("seen", ""))
    except Refused as refusal:
        if refusal.code != "kernel.changed_meanwhile":
            raise
        try:
            preview = _preview(form)
        except Refused as why:
            # The same thing pressed twice, or written down by a colleague: it stands there.
            if why.code != "people.unchanged":
                raise
            messages.info(desk.request, why.message)
            return redirect(context["back"])
        messages.warning(desk.request, refusal.message)
        return render(desk.request, "register/particulars/confirm.html", context | preview)
    messages.success(desk.request, form.done())
    return redirect(context["back"])


def _preview(form: ChangeForm) -> dict[str, Any]:
    """Return before and after, as the action itself does it; raises Refused as it does."""
    seen = people.last_written(form.party_id)
    before = form.facts(form.on)
    after = tried(form.act, lambda _row: form.facts(form.on))
    pairs = [(label, was, then) for (label, was), (_label, then) in zip(before, after, strict=True)]
    return {"pairs": pairs, "seen": seen, "later": form.later, "opens": form.opens}
