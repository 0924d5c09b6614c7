"""The page of an offer for anybody, with what hangs on a window and stands beside a link."""

import dataclasses
import secrets

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from coopwerf.coops.queries import CoopFacts
from coopwerf.documents import files, posters
from coopwerf.kernel import clock
from coopwerf.kernel.kept import Kept
from coopwerf.kernel.web import Request, public
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.speaking import speak

from .. import policies, queries
from ..queries import OfferFacts
from .telling import Numbers, Told, facts, numbers_of, page_url, poster_of, told

OFFER = "an offer of shares is made to everybody"

STAND_IN = secrets.token_hex(24)
"""Stands in a kept page where the form that chooses a language has each visitor's own token."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Moment:
    """An offer and its numbers as they stood a moment ago, with the pages made of them: one in each language."""

    offer: OfferFacts
    numbers: Numbers
    pages: dict[str, str] = dataclasses.field(default_factory=dict)


_moments: Kept[_Moment | None] = Kept()


def open_page(request: Request, slug: str) -> OfferFacts:
    """Return the offer of a public page; raises Http404 for a draft and for none."""
    found = queries.offer_by_slug(request.coop.id, slug, clock.civil_date(clock.now()))
    if found is None or not found.is_public:
        raise Http404
    return found


@public(OFFER)
@require_GET
def offer(request: Request, offer: str) -> HttpResponse:
    """Show an offer to whoever reads it; for visitors the page is put together once in a moment."""
    speak(request)
    coop: CoopFacts = request.coop
    today = clock.civil_date(clock.now())

    def look() -> _Moment | None:
        found = queries.offer_by_slug(coop.id, offer, today)
        return _Moment(found, numbers_of(found, today)) if found is not None and found.is_public else None

    def make(moment: _Moment, **more: str) -> str:
        page = told(coop, moment.offer, today, numbers=moment.numbers)
        return render_to_string("capital/offer.html", {"page": page, **_links(coop, offer, page), **more}, request)

    is_like_all_others = _is_like_all_others(request)
    moment = _moments.get((coop, offer, today), look) if is_like_all_others else look()
    if moment is None:
        raise Http404
    language = str(get_language())
    if is_like_all_others:
        # Two who come at the same instant make the same page twice; nobody waits for the other.
        page = moment.pages.get(language) or make(moment, csrf_token=STAND_IN)
        moment.pages[language] = page
    else:
        page = make(moment)
    response = HttpResponse(page.replace(STAND_IN, get_token(request)))
    response.headers["Content-Language"] = str(get_language())[:2]
    return response


def _is_like_all_others(request: Request) -> bool:
    """Tell whether what stands around the page is the same for this reader as for every visitor in their language."""
    return not request.actor.is_person and not set(request.GET) - {"lang"} and not len(get_messages(request))


def _links(coop: CoopFacts, slug: str, page: Told) -> dict[str, object]:
    here = f"{settings.BASE_URL}/c/{coop.slug}/shares/{slug}/"
    return {
        "here": here,
        "picture": f"{here}picture-{page.text_language}.png?v={page.mark}",
        "locale": {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}[page.text_language],
        "others": [code for code in LANGUAGE_NAMES if code != page.text_language],
    }


def _poster(request: Request, slug: str, language: str) -> posters.Poster:
    """Return what stands on the poster of an offer in one of its languages; raises Http404 for another."""
    found = open_page(request, slug)
    if language not in found.languages:
        raise Http404
    translation.activate(request.coop.language_for(language))
    return poster_of(request.coop, found, facts(request.coop, found, clock.civil_date(clock.now())))


@public(OFFER)
@require_GET
def picture(request: Request, offer: str, language: str) -> HttpResponse:
    """Serve the picture beside a shared link; what has changed has another address."""
    content = posters.share_picture(_poster(request, offer, language))
    return HttpResponse(content, content_type="image/png", headers={"Cache-Control": "public, max-age=600"})


@public(OFFER)
@require_GET
def poster(request: Request, offer: str, language: str) -> HttpResponse:
    """Serve an offer as a poster to print, A4 with a code to scan."""
    content = posters.poster_pdf(_poster(request, offer, language), clock.now())
    name = content_disposition_header(False, f"{offer}-{language}.pdf") or "inline"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": name, "Cache-Control": "public, max-age=60"},
    )


@public(OFFER)
@require_GET
def version(request: Request, offer: str, number: int) -> HttpResponse:
    """Show what an offer told in one of its versions: who subscribed to it can read it for ever."""
    speak(request)
    found = open_page(request, offer)
    chosen = next(
        (one for one in queries.versions_of(request.coop.id, found.id) if one.number == number and one.published_at),
        None,
    )
    if chosen is None:
        raise Http404
    shown = dataclasses.replace(found, version=chosen)
    context = {
        "offer": shown,
        "version": chosen,
        "words": shown.words(str(get_language())),
        "is_last": chosen.id == found.version.id,
        "back": page_url(request.coop, found),
    }
    return render(request, "capital/version.html", context)


@public(OFFER)
@require_GET
def statutes(request: Request, offer: str, number: int) -> HttpResponse:
    """Serve the statutes that a version of an offer refers to: their file, else their text."""
    speak(request)
    found = queries.offer_by_slug(request.coop.id, offer, clock.civil_date(clock.now()))
    if found is None:
        raise Http404
    chosen = next((one for one in queries.versions_of(request.coop.id, found.id) if one.number == number), None)
    if chosen is None:
        raise Http404
    if not chosen.published_at and not policies.may_manage_offers(
        request.actor, request.coop.id, clock.civil_date(clock.now())
    ):
        raise Http404
    if chosen.statutes_file:
        try:
            content = files.read(queries.statutes_place(request.coop.id, chosen.statutes_file))
        except FileNotFoundError:
            raise Http404 from None
        name = content_disposition_header(True, chosen.statutes_file_name or "statutes.pdf") or "attachment"
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
    shown = dataclasses.replace(found, version=chosen)
    text = shown.words(str(get_language())).statutes
    if not text:
        raise Http404
    back = page_url(request.coop, found)
    return render(request, "capital/statutes.html", {"version": chosen, "text": text, "back": back, "offer": found})
