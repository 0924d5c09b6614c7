"""The archive of newsletters and its feed, for everybody."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats, markdown

from .. import queries
from ..queries import NewsletterFacts

ARCHIVE = "a newsletter to followers is written to everybody who wants to read it"
ATOM = "http://www.w3.org/2005/Atom"
IN_FEED = 30
"""Newsletters with all that they say: whoever reads feeds comes back before there are more."""


@public(ARCHIVE)
@require_GET
def archive(request: Request) -> HttpResponse:
    """List the newsletters that went to followers, newest first."""
    language = formats.language(get_language())
    lines = [
        {"number": one.number, "sent_at": one.sent_at, "subject": words.subject, "language": _language(one, language)}
        for one in queries.archive(request.coop.id)
        if (words := one.words(language)) is not None
    ]
    return render(request, "messages/archive.html", {"lines": lines})


@public(ARCHIVE)
@require_GET
def newsletter(request: Request, number: int) -> HttpResponse:
    """Show one newsletter, in the reader's language where it is written in it."""
    one = queries.archived(request.coop.id, number)
    language = formats.language(get_language())
    words = None if one is None else one.words(language)
    if one is None or words is None:
        raise Http404
    context = {"one": one, "words": words, "language": _language(one, language)}
    return render(request, "messages/archived.html", context)


@public(ARCHIVE)
@require_GET
def feed(request: Request) -> HttpResponse:
    """Hand the archive to programs that read feeds (Atom)."""
    coop, language = request.coop, formats.language(get_language())
    home = settings.BASE_URL + reverse("messages:archive", args=[coop.slug])
    self_url = settings.BASE_URL + reverse("messages:feed", args=[coop.slug])
    found = queries.archive(coop.id, most=IN_FEED)
    root = Element("feed", {"xmlns": ATOM})
    SubElement(root, "title").text = coop.name
    SubElement(root, "id").text = home
    SubElement(root, "link", {"href": home})
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": self_url})
    newest = max((one.sent_at for one in found if one.sent_at), default=None)
    SubElement(root, "updated").text = newest.isoformat() if newest else "1970-01-01T00:00:00+00:00"
    for one in found:
        words = one.words(language)
        if words is None or one.sent_at is None:
            continue
        url = settings.BASE_URL + reverse("messages:archived", args=[coop.slug, one.number])
        entry = SubElement(root, "entry", {"xml:lang": _language(one, language)})
        SubElement(entry, "title").text = words.subject
        SubElement(entry, "id").text = url
        SubElement(entry, "link", {"href": url})
        SubElement(entry, "updated").text = one.sent_at.isoformat()
        SubElement(SubElement(entry, "author"), "name").text = coop.name
        SubElement(entry, "content", {"type": "html"}).text = str(markdown.html(words.text))
    content = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8")
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


def _language(one: NewsletterFacts, language: str) -> str:
    """Return in which language a newsletter is shown to a reader of another."""
    words = one.words(language)
    return next((code for code, told in one.texts.items() if told is words), language)
