"""Reports for whoever reads them: the list, one of them, its earlier versions, the feed."""

import dataclasses
import datetime as dt
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_safe

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import COOPERATIVES
from coopwerf.documents.figures import picture_url
from coopwerf.kernel import clock
from coopwerf.kernel.kept import Kept
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.ui import formats
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.paging import page_of
from coopwerf.ui.speaking import speak

from .. import policies, queries
from ..queries import CommentFacts, ReportFacts, Thread
from ..states import GROUND_NAMES, LANGUAGE_WORDS, CommentState, Rendering, ReportState
from . import pages, talking
from .differences import changes_as_read

READ = "a report from the yard is told to everybody"
STAND_IN = secrets.token_hex(24)
KEY_STAND_IN = str(uuid.uuid4())
"""These stand in a kept page where each visitor has a token and a key of their own. Nobody can write them: a link in a
comment that held them would carry the token of its reader away."""
_PATH = re.compile(r"""(?<=[" ])/c/""")
EARLIER = 5
A_PAGE = 20
THREADS_A_PAGE = 50
IN_FEED = 30


@dataclasses.dataclass(frozen=True, slots=True)
class _Moment:
    """A report with what stands below it as they were a moment ago, and the pages made of them, one a language."""

    report: ReportFacts
    threads: Sequence[Thread]
    names: Mapping[uuid.UUID, str]
    earlier: Sequence[ReportFacts]
    is_building: bool
    made: dict[str, str] = dataclasses.field(default_factory=dict, compare=False)


_moments: Kept[_Moment | None] = Kept()


def open_report(request: Request, slug: str) -> ReportFacts:
    """Return the report of a public page; raises Http404 for one that nobody could read ever."""
    found = queries.report_by_slug(request.coop.id, slug)
    if found is None or found.published_at is None:
        raise Http404
    return found


def is_like_all_others(request: Request) -> bool:
    """Tell whether what stands around a page is the same for this reader as for every visitor in their language."""
    return not request.actor.is_person and not set(request.GET) - {"lang"} and not len(get_messages(request))


def _kept(coop: CoopFacts, slug: str, today: dt.date) -> _Moment | None:
    """Return a report as it stood a moment ago; what is the same as before keeps the pages that were made of it."""
    key = (coop, slug, today)

    def again() -> _Moment | None:
        before, found = _moments.last(key), look(coop, slug, today)
        return before if before is not None and before == found else found

    return _moments.get(key, again)


def look(coop: CoopFacts, slug: str, today: dt.date) -> _Moment | None:
    """Return a report that can be read, or could once, with everything that its page shows."""
    found = queries.report_by_slug(coop.id, slug)
    if found is None or found.published_at is None:
        return None
    if not found.is_public:
        return _Moment(found, (), {}, (), False)
    said = queries.threads(coop.id, found.id)
    earlier = [one for one in queries.published_reports(coop.id, limit=EARLIER + 1) if one.id != found.id]
    is_building = coops.stage(coop.id, today) not in COOPERATIVES
    return _Moment(found, said, _names(said, today), earlier[:EARLIER], is_building)


def _names(said: Sequence[Thread], today: dt.date) -> dict[uuid.UUID, str]:
    """Return how those are called who answer by name."""
    comments = [comment for thread in said for comment in (thread.comment, *thread.answers)]
    ids = sorted({one.party_id for one in comments if one.party_id is not None})
    return {party_id: one.spoken for party_id, one in people.particulars(ids, today).items()} if ids else {}


@public(READ)
@require_safe
def report(request: Request, report: str) -> HttpResponse:
    """Show a report to whoever reads it; for visitors the page is put together once in a moment."""
    speak(request)
    coop: CoopFacts = request.coop
    today = clock.civil_date(clock.now())
    is_kept = is_like_all_others(request)
    moment = _kept(coop, report, today) if is_kept else look(coop, report, today)
    if moment is None:
        raise Http404
    if not moment.report.is_public:
        return _taken_back(request, moment.report)
    language = str(get_language())
    if is_kept:
        # Two who come at the same instant make the same page twice; nobody waits for the other.
        page = moment.made.get(language) or _page(request, moment, today, csrf_token=STAND_IN)
        moment.made[language] = page
    else:
        page = _page(request, moment, today)
    # Whoever opens the page gets a key of their own: what they send twice is said once.
    page = page.replace(KEY_STAND_IN, str(uuid.uuid4()))
    response = HttpResponse(page.replace(STAND_IN, get_token(request)))
    response.headers["Content-Language"] = pages.reader_language()
    return response


def _page(request: Request, moment: _Moment, today: dt.date, **more: str) -> str:
    context = report_context(request, moment.report, today)
    threads = Paginator(moment.threads, THREADS_A_PAGE).get_page(request.GET.get("page"))
    by_name = bool(policies.may_answer_by_name(request.actor, request.coop.id, moment.report.id, today))
    context |= {
        "threads": [_thread(one, moment.names) for one in threads],
        "talk": threads,
        "comments": sum(
            comment.state is CommentState.SHOWN
            for thread in moment.threads
            for comment in (thread.comment, *thread.answers)
        ),
        "earlier": [{"url": pages.report_url(request.coop, one), **_short(one)} for one in moment.earlier],
        "is_building": moment.is_building,
        "form": talking.form_for(by_name=by_name, key=KEY_STAND_IN),
        "by_name": by_name,
        "may_write": by_name,
        **more,
    }
    return render_to_string("founding/report.html", context, request)


def report_context(request: Request, report: ReportFacts, today: dt.date) -> dict[str, Any]:
    """Return what the page of a report shows of the report itself."""
    coop: CoopFacts = request.coop
    page = pages.told(coop, report, today)
    here = settings.BASE_URL + pages.report_url(coop, report)
    return {
        "report": report,
        "page": page,
        "day": pages.day(report.published_at),
        "here": here,
        "about": pages.structured(coop, page),
        "description": pages.describe(page.words),
        "shared": pages.shared_picture(coop, report),
        "locale": {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}[page.language],
        "languages": [(code, LANGUAGE_NAMES[code]) for code in report.languages],
        "other_languages": [(code, LANGUAGE_NAMES[code]) for code in report.languages if code != page.language],
        "own_language": LANGUAGE_WORDS[report.language],
        "wanted_language": LANGUAGE_WORDS[pages.reader_language()],
        "is_missing": page.rendering in (Rendering.MISSING, Rendering.WAITING),
        "is_stale": page.rendering is Rendering.STALE,
        "corrections": [
            {"number": one.number, "day": pages.day(one.published_at), "reason": one.reason}
            for one in report.published
            if one.number > report.published[-1].number
        ],
        "first": report.published[-1].number if report.published else 1,
        "feed_language": page.language,
    }


def _short(report: ReportFacts) -> dict[str, Any]:
    language = report.told_in(pages.reader_language())
    words = report.words(language)
    return {
        "title": words.title,
        "language": language,
        "lead": pages.describe(words),
        "day": pages.day(report.published_at),
        "number": report.number,
        "is_taken_back": report.state is ReportState.TAKEN_BACK,
        "why": report.taken_back_why,
    }


def _thread(thread: Thread, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    return {
        **shown_comment(thread.comment, names),
        "answers": [shown_comment(one, names) for one in thread.answers],
    }


def shown_comment(comment: CommentFacts, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    """Return what everybody sees of a comment."""
    return {
        "id": comment.id,
        "name": names.get(comment.party_id, "") if comment.party_id is not None else comment.pseudonym,
        "by_name": comment.party_id is not None,
        "text": comment.text,
        "language": comment.language,
        "at": comment.said_at.astimezone(clock.CIVIL),
        "is_edited": comment.edited_at is not None,
        "is_shown": comment.state is CommentState.SHOWN,
        "is_gone": comment.state is CommentState.GONE,
        "ground": str(GROUND_NAMES[comment.ground]) if comment.ground is not None else "",
    }


def _taken_back(request: Request, report: ReportFacts) -> HttpResponse:
    """Say that a report was taken back, and why; nothing of it is told."""
    context = {"report": report, "day": pages.day(report.taken_back_at)}
    return render(request, "founding/report_taken_back.html", context, status=410)


@public(READ)
@require_safe
def version(request: Request, report: str, number: int) -> HttpResponse:
    """Show what a report told in one of its versions, and what was changed to come to it."""
    speak(request)
    found = open_report(request, report)
    if not found.is_public:
        return _taken_back(request, found)
    chosen = next((one for one in found.published if one.number == number), None)
    if chosen is None:
        raise Http404
    before = next((one for one in found.published if one.number < number), None)
    today = clock.civil_date(clock.now())
    context = {
        "report": found,
        "version": chosen,
        "day": pages.day(chosen.published_at),
        "page": pages.told(request.coop, found, today, version=chosen),
        "changes": changes_as_read(before.words, chosen.words) if before is not None else [],
        "before": before,
        "is_last": chosen.number == found.version.number,
        "versions": [{"number": one.number, "day": pages.day(one.published_at)} for one in found.published],
        "back": pages.report_url(request.coop, found),
    }
    return render(request, "founding/report_version.html", context)


@public(READ)
@require_GET
def reports(request: Request) -> HttpResponse:
    """List what was told from the yard, the newest first; what was taken back says so."""
    speak(request)
    page = page_of(
        request,
        A_PAGE,
        queries.count_published(request.coop.id, with_taken_back=True),
        lambda first, limit: queries.published_reports(request.coop.id, with_taken_back=True, first=first, limit=limit),
    )
    rows = [
        {"url": pages.report_url(request.coop, one), "cover": _small(request.coop, one), **_short(one)} for one in page
    ]
    today = clock.civil_date(clock.now())
    context = {
        "rows": rows,
        "page": page,
        "may_write": request.actor.is_person and bool(policies.may_author(request.actor, request.coop.id, today)),
        "feed_language": pages.reader_language(),
        "here": settings.BASE_URL + reverse("founding:reports", kwargs={"slug": request.coop.slug}),
        "languages": list(LANGUAGE_NAMES),
    }
    return render(request, "founding/reports.html", context)


def _small(coop: CoopFacts, report: ReportFacts) -> dict[str, Any] | None:
    picture = report.cover if report.is_public else None
    if picture is None:
        return None
    return {"url": picture_url(coop, picture, f"{picture.widths[0]}.webp"), "picture": picture}


@public(READ)
@require_GET
def feed(request: Request, language: str) -> HttpResponse:
    """Serve the newest reports as an Atom feed in a language; what isn't translated stands there in its own."""
    if language not in LANGUAGE_NAMES:
        raise Http404
    coop: CoopFacts = request.coop
    found = queries.published_reports(coop.id, with_taken_back=True, limit=IN_FEED)
    today = clock.civil_date(clock.now())
    called = pages.names_behind(found, today)
    with translation.override(coop.language_for(language)):
        entries = [_entry(coop, one, language, today, called) for one in found]
        home = settings.BASE_URL + reverse("founding:reports", kwargs={"slug": coop.slug})
        context = {
            "coop": coop,
            "language": language,
            "entries": entries,
            "updated": max((one.changed_at for one in found), default=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
            "home": f"{home}?lang={language}",
            "here": settings.BASE_URL + request.path,
            "id": f"urn:uuid:{coop.id}",
        }
        text = render_to_string("founding/feed.xml", context)
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _entry(
    coop: CoopFacts, report: ReportFacts, language: str, today: dt.date, called: Mapping[uuid.UUID, str]
) -> dict[str, Any]:
    url = settings.BASE_URL + pages.report_url(coop, report)
    entry: dict[str, Any] = {
        "id": f"urn:uuid:{report.id}",
        "url": f"{url}?lang={language}",
        "published": report.published_at,
        "updated": report.changed_at,
        "number": formats.number(report.number or 0, language),
        "is_taken_back": not report.is_public,
        "why": report.taken_back_why,
    }
    if not report.is_public:
        return entry
    page = pages.told(coop, report, today, wanted=language, called=called)
    html = "".join(f"<h2>{one.heading}</h2>{one.html}" for one in page.sections)
    return {
        **entry,
        "language": page.language,
        "title": page.words.title,
        "summary": page.words.lead,
        "authors": page.authors or [coop.name],
        # Whoever reads it elsewhere needs whole addresses.
        "html": _PATH.sub(f"{settings.BASE_URL}/c/", f"{page.cover}{html}"),
    }
