"""The parts of an offer that are written one by one: terms, texts in each language, statutes, questions."""

import dataclasses
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, policies, queries
from ..queries import OfferFacts, OfferWords
from ..states import OfferState
from .desk import Desk
from .forms import QuestionForm, StatutesForm, TermsForm, TextsForm, suggested
from .telling import text_language


def _head(desk: Desk, offer: OfferFacts) -> dict[str, Any]:
    return {
        "offer": offer,
        "offer_title": offer.words(text_language(offer)).title,
        "verdict": policies.may_change_terms(offer.state),
        "is_draft": offer.state is OfferState.DRAFT,
    }


def _back(desk: Desk, offer: OfferFacts) -> HttpResponse:
    return redirect("capital:manage", slug=desk.coop.slug, offer=offer.slug)


@require_http_methods(["GET", "POST"])
def terms(request: Request, offer: str) -> HttpResponse:
    """Say what an offer offers: classes, amounts, dates, account."""
    desk = Desk(request)
    found = desk.offer(offer)
    form = TermsForm(request.POST or None, desk=desk, offer=found)
    if request.method == "POST" and form.is_valid():
        told = form.terms()
        try:
            actions.change_offer(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, offer_id=found.id, terms=told)
        except Refused as refusal:
            put_refusal(form, refusal, *_AT.get(refusal.code, ()))
        else:
            messages.success(request, _("The terms are kept."))
            return redirect("capital:manage", slug=desk.coop.slug, offer=told.slug)
    context = {"form": form, "notes": form.notes, "laws": form.laws, **_head(desk, found)}
    return render(request, "capital/terms.html", context)


_AT = {
    "capital.ceiling_above_law": ("ceiling",),
    "capital.per_person_above_law": ("per_person",),
    "capital.price_above_person": ("per_person",),
    "capital.closes_in_past": ("closes_on",),
}


@require_http_methods(["GET", "POST"])
def texts(request: Request, offer: str, language: str) -> HttpResponse:
    """Write what an offer tells in one language; empty fields begin with a text that suits most."""
    desk = Desk(request)
    found = desk.offer(offer)
    if language not in LANGUAGE_NAMES:
        raise Http404
    known = found.written.texts.get(language, OfferWords())
    with translation.override(desk.coop.language_for(language)):
        starting = {name: text for name, text in suggested(desk, found).items() if not getattr(known, name)}
    initial = {**dataclasses.asdict(known), **starting}
    form = TextsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_texts(
                actor=desk.actor,
                now=desk.now,
                coop_id=desk.coop_id,
                offer_id=found.id,
                language=language,
                words=OfferWords(**form.cleaned_data),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            said = _("The texts are kept.")
            if found.state is not OfferState.DRAFT:
                said = _("The texts are kept. Nobody reads them before you publish them.")
            messages.success(request, said)
            return _back(desk, found)
    context = {
        "form": form,
        "language": language,
        "language_name": LANGUAGE_NAMES[language],
        "is_suggested": bool(starting),
        **_head(desk, found),
    }
    return render(request, "capital/texts.html", context)


@require_http_methods(["GET", "POST"])
def statutes(request: Request, offer: str) -> HttpResponse:
    """Name the version of the statutes that an offer refers to, and bring its file."""
    desk = Desk(request)
    found = desk.offer(offer)
    version = found.written
    initial = {"name": version.statutes_name, "on": version.statutes_on}
    form = StatutesForm(
        request.POST or None, request.FILES or None, initial=initial, has_file=bool(version.statutes_file)
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file is not None and file.size > policies.LARGEST_FILE:
                raise Refused("capital.file_too_large", most=policies.LARGEST_FILE // 1_000_000, path="file")
            actions.name_statutes(
                actor=desk.actor,
                now=desk.now,
                coop_id=desk.coop_id,
                offer_id=found.id,
                name=form.cleaned_data["name"],
                on=form.cleaned_data["on"],
                content=None if file is None else file.read(),
                file_name="" if file is None else str(file.name),
                without_file=bool(form.cleaned_data.get("without_file")),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The statutes are named."))
            return _back(desk, found)
    return render(request, "capital/name_statutes.html", {"form": form, "version": version, **_head(desk, found)})


@require_GET
def questions(request: Request, offer: str) -> HttpResponse:
    """Show the questions on the page of an offer, with their answers."""
    desk = Desk(request)
    found = desk.offer(offer)
    rows = [
        {"id": one.id, "words": one.words(text_language(found), found.languages[0]), "missing": _untold(found, one)}
        for one in queries.questions_of(desk.coop_id, found.id)
    ]
    return render(request, "capital/questions.html", {"rows": rows, **_head(desk, found)})


def _untold(offer: OfferFacts, question: queries.Question) -> str:
    """Return the languages in which a question isn't answered."""
    return ", ".join(LANGUAGE_NAMES[code] for code in offer.languages if code not in question.texts)


@require_http_methods(["GET", "POST"])
def question(request: Request, offer: str, question_id: uuid.UUID | None = None) -> HttpResponse:
    """Write a question and its answer in the languages of an offer."""
    desk = Desk(request)
    found = desk.offer(offer)
    known = None
    if question_id is not None:
        known = next((one for one in queries.questions_of(desk.coop_id, found.id) if one.id == question_id), None)
        if known is None:
            raise Http404
    form = QuestionForm(request.POST or None, languages=found.languages, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_question(
                actor=desk.actor,
                now=desk.now,
                coop_id=desk.coop_id,
                offer_id=found.id,
                question_id=question_id,
                texts=form.texts(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The question stands on the page."))
            return redirect("capital:questions", slug=desk.coop.slug, offer=found.slug)
    return render(request, "capital/question.html", {"form": form, "known": known, **_head(desk, found)})


@require_POST
def remove_question(request: Request, offer: str, question_id: uuid.UUID) -> HttpResponse:
    """Take a question off the page of an offer."""
    desk = Desk(request)
    found = desk.offer(offer)
    if all(one.id != question_id for one in queries.questions_of(desk.coop_id, found.id)):
        raise Http404
    actions.remove_question(
        actor=desk.actor, now=desk.now, coop_id=desk.coop_id, offer_id=found.id, question_id=question_id
    )
    messages.success(request, _("The question is off the page."))
    return redirect("capital:questions", slug=desk.coop.slug, offer=found.slug)
