"""Calls for help for those who keep the yard: written, opened, answered, closed with thanks."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.messages import queries as contacts
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.shell import NavItem

from .. import actions, queries
from ..queries import CallFacts
from ..states import (
    CALL_STATE_NAMES,
    HELP_KIND_NAMES,
    LANGUAGE_WORDS,
    OFFER_STATE_NAMES,
    TRANSLATION_STATE_NAMES,
    CallState,
    HelpKind,
    OfferState,
    Rendering,
)
from .help import shown
from .help_forms import CallForm, ClosingForm, DecideForm, WordsForm
from .yard import Desk, languages_of, reading


def _call(here: Desk, call_id: uuid.UUID) -> CallFacts:
    found = queries.call_facts(here.coop_id, call_id)
    if found is None:
        raise Http404
    return found


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show every call, with how many offers wait for an answer."""
    here = Desk(request)
    waiting = queries.count_waiting(here.coop_id)
    rows = [
        {
            "shown": shown(one, here.coop),
            "state": CALL_STATE_NAMES[one.state],
            "look": {CallState.OPEN: "good", CallState.DRAFT: "building"}.get(one.state, ""),
            "waiting": waiting.get(one.id, 0),
        }
        for one in queries.calls(here.coop_id, with_drafts=True)
    ]
    return render(request, "founding/help_desk.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def translations(request: Request) -> HttpResponse:
    """Show which reports lack which language, and ask for a translation by one press."""
    here = Desk(request)
    if request.method == "POST":
        report, _mark, language = request.POST.get("want", "").partition(" ")
        found = queries.report_by_slug(here.coop_id, report)
        if found is None:
            raise Http404
        try:
            made = actions.ask_translation(**here.act, report_id=found.id, language=language)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("founding:help-translations", slug=here.coop.slug)
        messages.success(request, _("Everybody reads it. Share its page where people have a moment."))
        return redirect("founding:call", slug=here.coop.slug, call_id=made)
    asked = {(one.report_id, one.into) for one in queries.calls(here.coop_id) if one.state is CallState.OPEN}
    rows = [
        {
            "title": report.version.words.title,
            "language": report.language,
            "want": f"{report.slug} {code}",
            "name": LANGUAGE_WORDS[code],
            "state": TRANSLATION_STATE_NAMES[report.rendering(code)],
            "is_asked": (report.id, code) in asked,
        }
        for report in queries.published_reports(here.coop_id)
        for code in languages_of(here.coop)
        if report.rendering(code) in (Rendering.MISSING, Rendering.STALE)
    ]
    return render(request, "founding/help_translations.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def write(request: Request, call_id: uuid.UUID | None = None) -> HttpResponse:
    """Write a call, or mend one."""
    here = Desk(request)
    known = _call(here, call_id) if call_id is not None else None
    wanted = request.GET.get("kind", "")
    kind = known.kind if known is not None else HelpKind(wanted) if wanted in set(HelpKind) else HelpKind.TASK
    form = CallForm(
        request.POST or None,
        languages=languages_of(here.coop),
        call=known,
        kind=kind,
        money=queries.money_calls(here.coop_id),
        reading=reading(here.coop),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_call(**here.act, call_id=call_id, terms=form.terms())
        except Refused as refusal:
            put_refusal(form, refusal, *form.at(refusal.code))
        else:
            messages.success(request, _("The call is kept."))
            return redirect("founding:call", slug=here.coop.slug, call_id=made)
    kinds = [
        NavItem(label=str(name), url=f"?kind={code.value}", current=code is kind)
        for code, name in HELP_KIND_NAMES.items()
    ]
    return render(request, "founding/call_write.html", {"form": form, "known": known, "kinds": kinds})


@require_GET
def call(request: Request, call_id: uuid.UUID) -> HttpResponse:
    """Show a call with what was offered and asked."""
    here = Desk(request)
    found = _call(here, call_id)
    offers = [
        {
            "offer": one,
            "state": OFFER_STATE_NAMES[one.state],
            "waits": one.state is OfferState.OPEN,
            "is_accepted": one.state is OfferState.ACCEPTED,
            "look": {OfferState.OPEN: "attention", OfferState.ACCEPTED: "good", OfferState.GIVEN: "good"}.get(
                one.state, ""
            ),
        }
        for one in queries.offers_for(here.coop_id, call_id)
    ]
    context = {
        "shown": shown(found, here.coop),
        "call": found,
        "state": CALL_STATE_NAMES[found.state],
        "is_draft": found.state is CallState.DRAFT,
        "is_open": found.state is CallState.OPEN,
        "is_closed": found.state is CallState.CLOSED,
        "offers": offers,
        "talks": queries.talks(here.coop_id, call_id),
    }
    return render(request, "founding/call.html", context)


@require_POST
def open_(request: Request, call_id: uuid.UUID) -> HttpResponse:
    """Ask for help in public."""
    here = Desk(request)
    _call(here, call_id)
    try:
        actions.open_call(**here.act, call_id=call_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Everybody reads it. Share its page where people have a moment."))
    return redirect("founding:call", slug=here.coop.slug, call_id=call_id)


@require_http_methods(["GET", "POST"])
def close(request: Request, call_id: uuid.UUID) -> HttpResponse:
    """Say what became of a call, thank who helped, and close it."""
    here = Desk(request)
    found = _call(here, call_id)
    form = ClosingForm(request.POST or None, languages=languages_of(here.coop))
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.close_call(**here.act, call_id=call_id, closing=form.closing())
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("It is closed. Letters of thanks: %(count)s.") % {"count": count})
            return redirect("founding:call", slug=here.coop.slug, call_id=call_id)
    return render(request, "founding/call_close.html", {"form": form, "shown": shown(found, here.coop)})


@require_http_methods(["GET", "POST"])
def delete(request: Request, call_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then delete a draft."""
    here = Desk(request)
    _call(here, call_id)
    back = reverse("founding:call", kwargs={"slug": here.coop.slug, "call_id": call_id})
    if request.method == "POST":
        try:
            actions.delete_call(**here.act, call_id=call_id)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(back)
        messages.success(request, _("The draft is deleted."))
        return redirect("founding:help-desk", slug=here.coop.slug)
    context = {
        "title": _("Delete this draft?"),
        "text": _("Nobody has read it. What you wrote goes."),
        "act": _("Delete the draft"),
        "look": "danger",
        "back": back,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
def offer(request: Request, offer_id: uuid.UUID) -> HttpResponse:
    """Say yes or no to an offer, or note that it was given."""
    here = Desk(request)
    found = queries.offer_facts(here.coop_id, offer_id)
    if found is None:
        raise Http404
    of = _call(here, found.call_id)
    form = DecideForm(request.POST or None, in_kind=found.is_in_kind and found.state is OfferState.OPEN)
    if request.method == "POST" and form.is_valid():
        try:
            said = _decide(here, request.POST.get("do", ""), offer_id, form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal, *_OFFER_AT.get(refusal.code, ()))
        else:
            messages.success(request, said)
            return redirect("founding:call", slug=here.coop.slug, call_id=of.id)
    context = {
        "form": form,
        "offer": found,
        "shown": shown(of, here.coop),
        "call": of,
        "state": OFFER_STATE_NAMES[found.state],
        "waits": found.state is OfferState.OPEN,
        "is_accepted": found.state is OfferState.ACCEPTED,
        "name": found.name or _("Somebody who gave no name"),
    }
    return render(request, "founding/offer.html", context)


_OFFER_AT = {"founding.value_missing": ("value",), "founding.words_missing": ("answer",)}


def _decide(here: Desk, what: str, offer_id: uuid.UUID, told: dict[str, Any]) -> str:
    if what == "accept":
        actions.accept_offer(**here.act, offer_id=offer_id, answer=told["answer"], value=told.get("value"))
        return _("They are written to: yes, please.")
    if what == "decline":
        actions.decline_offer(**here.act, offer_id=offer_id, answer=told["answer"])
        return _("They are written to: no, thank you.")
    if what == "given":
        actions.give_offer(**here.act, offer_id=offer_id)
        return _("It is noted that they helped.")
    raise Refused("founding.offer_changed")


@require_http_methods(["GET", "POST"])
def talk(request: Request, call_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """Write with somebody who asked or offered something, without seeing their address."""
    here = Desk(request)
    found = _call(here, call_id)
    said = queries.conversation(here.coop_id, call_id, contact_id)
    offered = [one for one in queries.offers_for(here.coop_id, call_id) if one.contact_id == contact_id]
    if not said and not offered:
        raise Http404
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.answer_message(
                **here.act, call_id=call_id, contact_id=contact_id, key=told["key"], words=told["words"]
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Your answer is on its way."))
            return redirect("founding:talk", slug=here.coop.slug, call_id=call_id, contact_id=contact_id)
    name = contacts.contact(here.coop_id, contact_id).name or _("Somebody who gave no name")
    context = {"form": form, "shown": shown(found, here.coop), "call": found, "said": said, "name": name}
    return render(request, "founding/talk.html", context)
