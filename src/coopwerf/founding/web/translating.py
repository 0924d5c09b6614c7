"""A report in another language: beside its original, and what somebody brought that waits to be read."""

import dataclasses
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions
from ..queries import ReportFacts
from ..states import LANGUAGE_WORDS, TRANSLATION_STATE_NAMES
from . import pages
from .desk import WRITE, Desk
from .differences import changes
from .forms import TranslationForm


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def translate(request: Request, report: str, language: str) -> HttpResponse:
    """Write a report in another language, or decide on what somebody brought."""
    desk = Desk(request)
    found = desk.report(report)
    if language not in LANGUAGE_NAMES or language == found.language:
        raise Http404
    if request.method == "POST" and request.POST.get("do") in ("accept", "decline"):
        return _decide(desk, found, language)
    there = found.translations.get(language)
    waiting = found.waiting.get(language)
    begin = waiting or there
    form = TranslationForm(
        request.POST or None,
        initial={
            **(dataclasses.asdict(begin.words) if begin is not None else {}),
            "translator": begin.translator if begin is not None else "",
            "of_version": found.version.number,
            **({f"alt{place}": said for place, said in waiting.alts.items()} if waiting is not None else {}),
        },
        report=found,
        language=language,
    )
    here = {"slug": desk.coop.slug, "report": found.slug}
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_translation(
                **desk.act,
                report_id=found.id,
                language=language,
                words=form.words(),
                of_version=form.cleaned_data["of_version"],
                translator=form.cleaned_data["translator"],
                alts=form.alts(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request, _("The report can be read in %(language)s.") % {"language": LANGUAGE_WORDS[language]}
            )
            return redirect("founding:write", slug=desk.coop.slug, report=found.slug)
    older = (
        next((one for one in found.published if one.number == there.of_version), None) if there is not None else None
    )
    context = {
        "report": found,
        "title": found.version.words.title,
        "form": form,
        "language": language,
        "language_name": LANGUAGE_WORDS[language],
        "own_language": found.language,
        "own_language_name": LANGUAGE_WORDS[found.language],
        "state": TRANSLATION_STATE_NAMES[found.rendering(language)],
        "changes": changes(older.words, found.version.words)
        if older is not None and older.number < found.version.number
        else [],
        "waiting": waiting,
        "back": reverse("founding:write", kwargs=here),
        "page_url": pages.report_url(desk.coop, found),
    }
    return render(request, "founding/report_translate.html", context)


def _decide(desk: Desk, report: ReportFacts, language: str) -> HttpResponse:
    request = desk.request
    try:
        which = {**desk.act, "report_id": report.id, "translation_id": uuid.UUID(request.POST.get("translation", ""))}
        if request.POST.get("do") == "accept":
            actions.accept_translation(**which)
            messages.success(
                request, _("The report can be read in %(language)s.") % {"language": LANGUAGE_WORDS[language]}
            )
        else:
            actions.decline_translation(**which)
            messages.success(request, _("The translation is left aside."))
    except ValueError:
        messages.error(request, Refused("founding.translation_gone").message)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("founding:write", slug=desk.coop.slug, report=report.slug)
