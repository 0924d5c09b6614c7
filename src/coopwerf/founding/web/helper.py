"""The page of somebody who helps or asked something: by a signed link from their mail, without an account."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.messages import actions as following
from coopwerf.messages import links
from coopwerf.messages import queries as contacts
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions, queries
from ..actions.help_mails import PURPOSE
from ..states import OFFER_STATE_NAMES, UNDER_WAY, OfferState
from .forms import TranslationForm
from .help import shown
from .help_forms import WordsForm

HELPER = "whoever was mailed the link confirms what they offered or asked, follows it, and takes it back"


@public(HELPER)
@never_cache
@require_http_methods(["GET", "POST"])
def helper(request: Request, token: str) -> HttpResponse:
    """Show what somebody offered and asked; a button changes it, opening the page never does."""
    speak(request)
    contact_id = links.read(token, PURPOSE)
    if contact_id is None:
        return render(request, "founding/helper_gone.html", status=404)
    if request.method == "POST":
        try:
            said = _do(request, contact_id)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            if said:
                messages.success(request, said)
        return redirect("founding:helper", slug=request.coop.slug, token=token)
    return render(request, "founding/helper.html", {**_told(request, contact_id), "token": token})


@public(HELPER)
@never_cache
@require_http_methods(["GET", "POST"])
def translate(request: Request, token: str, offer_id: uuid.UUID) -> HttpResponse:
    """Let a helper write a report in another language, beside its original; an author reads it before it appears."""
    speak(request)
    contact_id = links.read(token, PURPOSE)
    if contact_id is None:
        return render(request, "founding/helper_gone.html", status=404)
    coop = request.coop
    offer = next((one for one in queries.offers_by(coop.id, contact_id) if one.id == offer_id), None)
    call = queries.call_facts(coop.id, offer.call_id) if offer is not None else None
    report = queries.report_facts(coop.id, call.report_id) if call is not None and call.report_id else None
    if offer is None or call is None or report is None or not report.is_public:
        raise Http404
    back = redirect("founding:helper", slug=coop.slug, token=token)
    if offer.state is not OfferState.ACCEPTED:
        return back
    who = contacts.contact(coop.id, contact_id)
    form = TranslationForm(
        request.POST or None,
        initial={"of_version": report.version.number, "translator": who.name if offer.may_name else ""},
        report=report,
        language=call.into,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_translation(
                actor=request.actor,
                now=clock.now(),
                coop_id=coop.id,
                contact_id=contact_id,
                offer_id=offer_id,
                words=form.words(),
                of_version=form.cleaned_data["of_version"],
                translator=form.cleaned_data["translator"],
                alts=form.alts(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you! One of us reads it, then it appears."))
            return back
    context = {
        "form": form,
        "shown": shown(call, coop),
        "language": call.into,
        "own_language": report.language,
        "token": token,
    }
    return render(request, "founding/helper_translate.html", context)


def _do(request: Request, contact_id: uuid.UUID) -> str:
    act: dict[str, Any] = {
        "actor": request.actor,
        "now": clock.now(),
        "coop_id": request.coop.id,
        "contact_id": contact_id,
    }
    what = request.POST.get("do", "")
    if what == "confirm":
        actions.confirm_help(**act)
        return _("Thank you: it is confirmed. You find here what becomes of it.")
    if what == "withdraw":
        actions.withdraw_offer(**act, offer_id=_id(request, "offer"))
        return _("Your offer is taken back. Thank you for having thought of it.")
    if what in ("name", "no-name"):
        actions.allow_name(**act, offer_id=_id(request, "offer"), may_name=what == "name")
        return _("That is noted.")
    if what == "write":
        form = WordsForm(request.POST)
        if not form.is_valid():
            raise Refused("founding.words_missing")
        told = form.cleaned_data
        actions.write_message(**act, call_id=_id(request, "call"), key=told["key"], words=told["words"])
        return _("Your message is passed on.")
    return ""


def _id(request: Request, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        raise Refused("founding.offer_gone") from None


def _told(request: Request, contact_id: uuid.UUID) -> dict[str, Any]:
    coop = request.coop
    offers = queries.offers_by(coop.id, contact_id)
    said = queries.messages_by(coop.id, contact_id)
    ids = {one.call_id for one in offers} | {one.call_id for one in said}
    calls = queries.calls_with(coop.id, ids)
    rows = []
    for call_id in sorted(ids, reverse=True):
        mine = [one for one in offers if one.call_id == call_id]
        rows.append(
            {
                "shown": shown(calls[call_id], coop),
                "offers": [
                    {
                        "offer": one,
                        "state": OFFER_STATE_NAMES[one.state],
                        "is_open": one.state in UNDER_WAY,
                        "translates": one.state is OfferState.ACCEPTED and calls[call_id].report_id is not None,
                        "looks": "good" if one.state in (OfferState.ACCEPTED, OfferState.GIVEN) else "",
                    }
                    for one in mine
                ],
                "messages": [one for one in said if one.call_id == call_id],
                "form": WordsForm(auto_id=f"{call_id}-%s"),
            }
        )
    contact = contacts.contact(coop.id, contact_id)
    waits = any(one.state is OfferState.SENT for one in offers) or any(one.confirmed_at is None for one in said)
    return {
        "rows": rows,
        "waits": waits,
        "contact": contact,
        "name_url": "" if waits or contact.name else _name_url(request, contact_id),
    }


def _name_url(request: Request, contact_id: uuid.UUID) -> str:
    """Return where somebody gives their name: who types an address in a form gives no name to whoever reads it."""
    token = links.sign(contact_id, following.PREFERENCES)
    return reverse("messages:preferences", kwargs={"slug": request.coop.slug, "token": token})
