"""What everybody reads: the list of gatherings, a series, one of them with its programme, calendars, what was heard."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coopwerf.documents import posters
from coopwerf.documents.figures import figure
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats, markdown
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.paging import page_of
from coopwerf.ui.speaking import speak

from .. import calendar, policies, queries, words
from ..queries import GatheringFacts, SessionFacts
from ..states import FATE_NAMES, FORMAT_NAMES, KIND_NAMES, Fate, GatheringState, on_the_wall

A_PAGE = 20
SAID_A_PAGE = 50
PAGE = "a gathering is announced to everybody"
CALENDAR = "calendars fetch by themselves what everybody may know of gatherings"


def open_page(request: Request, slug: str) -> GatheringFacts:
    """Return the gathering of a public page; raises Http404 for a draft and for none."""
    found = queries.gathering_by_slug(request.coop.id, slug)
    if found is None or not found.is_public:
        raise Http404
    return found


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page with a secret in its address out of searches, and its address from other sites."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def page_url(request: Request, found: GatheringFacts) -> str:
    """Return the address of the page of a gathering."""
    return reverse("events:gathering", kwargs={"slug": request.coop.slug, "gathering": found.slug})


def line(request: Request, found: GatheringFacts, now: dt.datetime) -> dict[str, Any]:
    """Return a gathering as a line of a list."""
    return {
        "found": found,
        "title": found.words.title,
        "language": found.text_language,
        "kind": KIND_NAMES[found.kind],
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.place_in_words(found),
        "state": words.state_in_words(found, now),
        "url": page_url(request, found),
    }


@public(PAGE)
@require_GET
def gatherings(request: Request) -> HttpResponse:
    """Show the gatherings to come, and those that were."""
    speak(request)
    context = {**_list(request), "all_series": queries.public_series(request.coop.id)}
    return render(request, "events/gatherings.html", context)


def _list(request: Request, series_id: uuid.UUID | None = None) -> dict[str, Any]:
    """Return a page of the list: first those to come, then those that are over."""
    now, coop_id = clock.now(), request.coop.id
    page = page_of(
        request,
        A_PAGE,
        queries.count_public(coop_id, series_id),
        lambda first, limit: queries.public_gatherings(coop_id, series_id, now=now, first=first, limit=limit),
    )
    here = request.build_absolute_uri(reverse("events:feed", kwargs={"slug": request.coop.slug}))
    return {
        "page": page,
        "coming": [line(request, one, now) for one in page if not one.is_past(now)],
        "past": [line(request, one, now) for one in page if one.is_past(now)],
        "feed_url": here,
        "webcal_url": here.replace("https://", "webcal://").replace("http://", "webcal://"),
    }


@public(PAGE)
@require_GET
def series(request: Request, series: str) -> HttpResponse:
    """Show the gatherings of a series."""
    speak(request)
    named = queries.series_by_slug(request.coop.id, series)
    if named is None or not queries.count_public(request.coop.id, named.id):
        raise Http404
    context = _list(request, named.id)
    here = request.build_absolute_uri(
        reverse("events:series-feed", kwargs={"slug": request.coop.slug, "series": series})
    )
    context |= {
        "series": named,
        "feed_url": here,
        "webcal_url": here.replace("https://", "webcal://").replace("http://", "webcal://"),
    }
    return render(request, "events/gatherings.html", context)


@public(PAGE)
@require_GET
def gathering(request: Request, gathering: str) -> HttpResponse:
    """Show a gathering to whoever reads it."""
    speak(request)
    return render(request, "events/gathering.html", told(request, open_page(request, gathering)))


def told(request: Request, found: GatheringFacts) -> dict[str, Any]:
    """Return what the page of a gathering tells."""
    now = clock.now()
    programme = queries.sessions(found)
    seats = queries.session_counts(found.coop_id, found.id) if found.is_open and programme else {}
    taken = queries.taken(found.id) if found.is_open and found.capacity is not None else 0
    left = None if found.capacity is None else max(found.capacity - taken, 0)
    may = policies.may_register(found, now)
    here = settings.BASE_URL + page_url(request, found)
    before = found.moved_from
    return {
        "found": found,
        "words": found.words,
        "text_language": found.text_language,
        "description": markdown.html(found.words.description, level=3),
        "access": markdown.html(found.words.access, level=3),
        "kind": KIND_NAMES[found.kind],
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.where_in_words(found),
        "place": words.place_in_words(found),
        "series": found.series,
        "left": left,
        "is_full": left == 0,
        "shows_left": left is not None and 0 < left <= max(20, (found.capacity or 0) // 5),
        "takes": bool(may),
        "is_called_off": found.state is GatheringState.CANCELLED,
        "was": _before(before) if before and found.is_open else "",
        "is_past": found.is_past(now),
        "has_heard": bool(found.report) or (found.was_held(now) and _was_heard(found)),
        "days": _days(found, programme, seats),
        "register_url": page_url(request, found) + "register/",
        "here": here,
        "picture": f"{here}picture-{found.text_language}.png?v={found.changed_at:%Y%m%d%H%M%S}",
        "locale": {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}.get(found.text_language, "nl_BE"),
        "others": [code for code in found.languages if code != found.text_language],
    }


def _before(before: Any) -> str:
    begins, ends = (dt.datetime.fromisoformat(before[what]) for what in ("begins", "ends"))
    when = words.span_in_words(on_the_wall(begins, before["zone"]), on_the_wall(ends, before["zone"]))
    return ", ".join(part for part in (when, before["town"]) if part)


def _days(
    found: GatheringFacts, programme: list[SessionFacts], seats: dict[Any, tuple[int, int]]
) -> list[dict[str, Any]]:
    """Return the programme by day and by the hour at which sessions begin."""
    days: dict[dt.date, dict[dt.datetime, list[dict[str, Any]]]] = {}
    for one in programme:
        seated, _waiting = seats.get(one.id, (0, 0))
        days.setdefault(one.begins.date(), {}).setdefault(one.begins, []).append(
            {
                "session": one,
                "words": one.words,
                "description": markdown.html(one.words.description, level=4),
                "format": FORMAT_NAMES[one.format],
                "speaks": LANGUAGE_NAMES.get(one.language, ""),
                "is_full": one.capacity is not None and seated >= one.capacity and found.is_open,
            }
        )
    return [
        {"day": day, "hours": [{"begins": begins, "sessions": rows} for begins, rows in hours.items()]}
        for day, hours in days.items()
    ]


@public(PAGE)
@require_GET
def picture(request: Request, gathering: str, language: str) -> HttpResponse:
    """Serve the picture beside a shared link."""
    content = posters.share_picture(_poster(request, gathering, language))
    return HttpResponse(content, content_type="image/png", headers={"Cache-Control": "public, max-age=600"})


@public(PAGE)
@require_GET
def poster(request: Request, gathering: str, language: str) -> HttpResponse:
    """Serve a gathering as a poster to print, A4 with a code to scan."""
    content = posters.poster_pdf(_poster(request, gathering, language), clock.now())
    name = content_disposition_header(False, f"{gathering}-{language}.pdf") or "inline"
    headers = {"Content-Disposition": name, "Cache-Control": "public, max-age=60"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _poster(request: Request, slug: str, language: str) -> posters.Poster:
    found = open_page(request, slug)
    if language not in found.languages or language not in found.texts:
        raise Http404
    translation.activate(request.coop.language_for(language))
    return words.poster_of(request.coop, found)


@public(CALENDAR)
@require_GET
def calendar_file(request: Request, gathering: str) -> HttpResponse:
    """Serve a gathering for somebody's calendar, without the link to take part online."""
    speak(request)
    found = open_page(request, gathering)
    return ics(calendar.one(request.coop, found), f"{found.slug}.ics")


@public(CALENDAR)
@require_GET
def feed(request: Request) -> HttpResponse:
    """Serve all gatherings as a calendar that one subscribes to."""
    speak(request)
    name = _("Gatherings of %(coop)s") % {"coop": request.coop.name}
    found = queries.in_calendar(request.coop.id)
    return ics(calendar.feed(request.coop, name, found), f"{request.coop.slug}.ics", is_feed=True)


@public(CALENDAR)
@require_GET
def series_feed(request: Request, series: str) -> HttpResponse:
    """Serve the gatherings of a series as a calendar that one subscribes to."""
    speak(request)
    named = queries.series_by_slug(request.coop.id, series)
    found = [] if named is None else queries.in_calendar(request.coop.id, named.id)
    if named is None or not found:
        raise Http404
    return ics(calendar.feed(request.coop, named.name, found), f"{named.slug}.ics", is_feed=True)


def ics(content: bytes, name: str, *, is_feed: bool = False) -> HttpResponse:
    """Answer with a calendar: a feed is shown as it is, a file is saved."""
    headers = {"Content-Disposition": content_disposition_header(not is_feed, name) or "inline"}
    if is_feed:
        headers["Cache-Control"] = "public, max-age=600"
    return HttpResponse(content, content_type=calendar.CONTENT_TYPE, headers=headers)


def _was_heard(found: GatheringFacts) -> bool:
    return any(queries.fates(found.coop_id, found.id).values())


def _report(request: Request, found: GatheringFacts, language: str) -> str:
    """Return the report of a gathering as HTML, with the pictures that it names by their numbers."""
    text = found.report.get(language, "")
    pictures = queries.pictures(found.coop_id, found.id) if queries.pictures_in(text) else {}

    def shown(place: str, caption: str) -> str:
        one = pictures.get(int(place)) if place.isdecimal() else None
        return figure(request.coop, one, caption, language, found.languages[0]) if one is not None else ""

    return markdown.html(text, level=2, picture=shown)


@public("what was heard at a gathering, and what became of it, is told to everybody")
@require_GET
def heard(request: Request, gathering: str) -> HttpResponse:
    """Show the report of a gathering, and what became of each contribution, by theme."""
    speak(request)
    found = open_page(request, gathering)
    fates = queries.fates(found.coop_id, found.id)
    if not found.report and not any(fates.values()):
        raise Http404
    said = page_of(
        request,
        SAID_A_PAGE,
        sum(fates.values()),
        lambda first, limit: queries.contributions(found.coop_id, found.id, first=first, limit=limit),
    )
    wanted = formats.language(translation.get_language())
    language = wanted if wanted in found.report else next(iter(found.report), "")
    themes: dict[str, list[dict[str, Any]]] = {}
    for one in said:
        themes.setdefault(one.theme, []).append(
            {
                "facts": one,
                "text": markdown.html(one.text, level=4),
                "answer": markdown.html(one.answer, level=4),
                "answer_language": one.answer_language,
                "fate": FATE_NAMES[one.fate],
                "look": {Fate.TAKEN_UP: "good", Fate.OPEN: "building"}.get(one.fate, ""),
            }
        )
    whole, _sessions = queries.attendance(found, []) if found.was_held(clock.now()) else (None, {})
    context = {
        "found": found,
        "words": found.words,
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.place_in_words(found),
        "page": said,
        "report": _report(request, found, language) if said.number == 1 else "",
        "report_language": language,
        "themes": themes.items(),
        "counts": [(FATE_NAMES[fate], number) for fate, number in fates.items()],
        "people": max(whole.came, whole.most_heads or 0) if whole is not None else 0,
        "back": page_url(request, found),
        "back_label": found.words.title,
    }
    return render(request, "events/heard.html", context)
