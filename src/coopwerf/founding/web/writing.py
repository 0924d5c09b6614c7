"""Reports for those who write them: the list, one of them with its text, its preview."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.documents.figures import picture_url
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, policies, queries
from ..actions.reports import clean
from ..queries import ReportFacts
from ..states import REPORT_STATE_NAMES, TRANSLATION_STATE_NAMES, Rendering, ReportState
from . import pages
from .desk import WRITE, Desk
from .forms import DraftForm, ReportForm

LOOKS = {
    ReportState.DRAFT: "building",
    ReportState.SCHEDULED: "attention",
    ReportState.PUBLISHED: "good",
    ReportState.TAKEN_BACK: "danger",
}


@signed_in(WRITE)
@require_GET
def reports(request: Request) -> HttpResponse:
    """List the reports that somebody may write on, with how far each is."""
    desk = Desk(request)
    found = desk.reports()
    rows = [
        {
            "report": one,
            "title": one.written.words.title,
            "state": REPORT_STATE_NAMES[one.state],
            "look": LOOKS[one.state],
            "languages": [(code, TRANSLATION_STATE_NAMES[one.rendering(code)]) for code in LANGUAGE_NAMES],
            "is_corrected": one.pending is not None,
            "due": one.due_at.astimezone(clock.CIVIL) if one.due_at else None,
            "day": pages.day(one.published_at),
        }
        for one in found
    ]
    own = None if desk.may_author else [one.id for one in found]
    context = {
        "rows": rows,
        "may_author": desk.may_author,
        "waiting": queries.count_to_moderate(desk.coop_id, own),
    }
    return render(request, "founding/writing.html", context)


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a report."""
    desk = Desk(request)
    desk.may_author.require()
    form = DraftForm(request.POST or None, initial={"language": desk.coop.language})
    if request.method == "POST" and form.is_valid():
        try:
            report_id = actions.draft_report(**desk.act, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal, "title")
        else:
            made = queries.report_facts(desk.coop_id, report_id)
            assert made is not None
            messages.success(request, _("The draft is there. Only those who write it see it."))
            return redirect("founding:write", slug=desk.coop.slug, report=made.slug)
    return render(request, "founding/report_new.html", {"form": form})


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def one(request: Request, report: str) -> HttpResponse:
    """Write a report; “Look at it first” shows its text as it will be read, and keeps nothing.

    Every other button keeps what was typed, also those that lead further: nothing that isn't kept is left behind.
    """
    desk = Desk(request)
    found = desk.report(report)
    written = found.written
    initial = {
        **dataclasses.asdict(written.words),
        "cover": written.cover,
        "takes_comments": found.takes_comments,
        "revision": found.revision,
    }
    form = ReportForm(request.POST or None, initial=initial, report=found)
    looked = theirs = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "look":
            looked = _looked(desk, found, form)
        else:
            try:
                _keep(desk, found, form)
            except Refused as refusal:
                put_refusal(form, refusal)
                if refusal.code == "kernel.changed_meanwhile":
                    theirs = _theirs(desk, found, form)
            else:
                return _onwards(desk, found)
    context = {**_around(desk, found), "form": form, "looked": looked, "theirs": theirs}
    return render(request, "founding/write.html", context)


def _onwards(desk: Desk, report: ReportFacts) -> HttpResponse:
    """Lead, once what was typed is kept, to where the button that was pressed leads."""
    here = {"slug": desk.coop.slug, "report": report.slug}
    do = desk.request.POST.get("do", "")
    if do == "picture":
        return HttpResponseRedirect(reverse("founding:report-picture", kwargs=here))
    if do in ("publish", "correct", "schedule"):
        return HttpResponseRedirect(reverse("founding:report-move", kwargs={**here, "to": do}))
    said = _("What you wrote is kept.")
    if report.published_at is not None:
        said = _("What you wrote is kept. Nobody reads it before you publish the correction.")
    messages.success(desk.request, said)
    return HttpResponseRedirect(reverse("founding:write", kwargs=here))


def _keep(desk: Desk, report: ReportFacts, form: ReportForm) -> None:
    told = form.cleaned_data
    actions.write_report(
        **desk.act,
        report_id=report.id,
        words=form.words(),
        cover=told.get("cover"),
        takes_comments=told["takes_comments"],
        revision=told["revision"],
    )


def _theirs(desk: Desk, report: ReportFacts, form: ReportForm) -> pages.Told:
    """Return what somebody else kept meanwhile; who has read it beside their own words may keep these after all."""
    form.data = {**form.data.dict(), "revision": str(report.revision)}  # type: ignore[attr-defined]
    return pages.told(desk.coop, report, desk.today, version=report.written)


def _looked(desk: Desk, report: ReportFacts, form: ReportForm) -> pages.Told:
    """Return what was typed as it will be read."""
    version = dataclasses.replace(report.written, words=clean(form.words()), cover=form.cleaned_data.get("cover"))
    return pages.told(desk.coop, report, desk.today, version=version)


def _around(desk: Desk, report: ReportFacts) -> dict[str, Any]:
    """Return what stands around the text of a report: state, what it lacks, authors, languages, pictures."""
    lacking = policies.hindrances(report)
    called = pages.names_behind([report], desk.today)
    here = {"slug": desk.coop.slug, "report": report.slug}
    languages = [
        {
            "code": code,
            "name": LANGUAGE_NAMES[code],
            "state": TRANSLATION_STATE_NAMES[report.rendering(code)],
            "by": report.translations[code].translator if code in report.translations else "",
            "url": reverse("founding:report-translate", kwargs={**here, "language": code}),
            "waits": code in report.waiting,
            "look": {Rendering.STALE: "attention", Rendering.WAITING: "attention", Rendering.THERE: "good"}.get(
                report.rendering(code), ""
            ),
        }
        for code in LANGUAGE_NAMES
        if code != report.language
    ]
    return {
        "report": report,
        "title": report.written.words.title,
        "state": REPORT_STATE_NAMES[report.state],
        "is_draft": report.state is ReportState.DRAFT,
        "is_scheduled": report.state is ReportState.SCHEDULED,
        "is_published": report.state is ReportState.PUBLISHED,
        "is_taken_back": report.state is ReportState.TAKEN_BACK,
        "due": report.due_at.astimezone(clock.CIVIL) if report.due_at else None,
        "lacking": [one.reason for one in lacking],
        "may_publish": desk.may_author if not lacking else lacking[0],
        "may_author": desk.may_author,
        "authors": [called[one] for one in report.party_ids if one in called],
        "is_mine": bool(set(report.party_ids) & set(desk.actor.parties)),
        "language_name": LANGUAGE_NAMES[report.language],
        "languages": languages,
        "pictures": [
            {
                "place": place,
                "picture": picture,
                "alt": picture.alt(report.language)[0],
                "url": picture_url(desk.coop, picture, f"{picture.widths[0]}.webp"),
                "line": f"![](picture:{place})",
                "is_used": place in report.written.places,
            }
            for place, picture in report.pictures.items()
            if picture.is_there
        ],
        "page_url": pages.report_url(desk.coop, report),
        "comments": queries.shown_count(desk.coop_id, report.id) if report.published_at else 0,
    }


@signed_in(WRITE)
@require_GET
def preview(request: Request, report: str) -> HttpResponse:
    """Show a report as it would be read, with what nobody can read yet."""
    desk = Desk(request)
    found = desk.report(report)
    context = {
        "report": found,
        "page": pages.told(desk.coop, found, desk.today, version=found.written),
        "back": reverse("founding:write", kwargs={"slug": desk.coop.slug, "report": found.slug}),
    }
    return render(request, "founding/report_preview.html", context)
