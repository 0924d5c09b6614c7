"""What a report shows: its text with pictures, its authors, what machines read of it."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from coopwerf.coops.queries import CoopFacts
from coopwerf.documents.figures import figure, picture_url
from coopwerf.kernel import clock
from coopwerf.people import queries as people
from coopwerf.ui import formats, markdown

from ..queries import ReportFacts, TranslationFacts, VersionFacts
from ..states import SECTION_NAMES, SECTIONS, Rendering, Words

_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: how it is headed in the language of the text, and its HTML."""

    code: str
    heading: str
    html: SafeString


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A report as it is read in a language: its words, and the language in which they are."""

    report: ReportFacts
    language: str
    words: Words
    rendering: Rendering
    cover: SafeString
    sections: Sequence[Section]
    authors: Sequence[str]
    translator: str

    @property
    def is_translation(self) -> bool:
        """Tell whether what is read is a translation."""
        return self.language != self.report.language


def reader_language() -> str:
    """Return the language of whoever reads this page."""
    return formats.language(get_language())


def report_url(coop: CoopFacts, report: ReportFacts) -> str:
    """Return the address of the public page of a report."""
    return reverse("founding:report", kwargs={"slug": coop.slug, "report": report.slug})


def text_html(coop: CoopFacts, report: ReportFacts, text: str, language: str) -> SafeString:
    """Return a part of a report as HTML, with the pictures that it names by their numbers."""

    def picture(place: str, caption: str) -> str:
        found = report.pictures.get(int(place)) if place.isdecimal() else None
        return figure(coop, found, caption, language, report.language) if found is not None else ""

    return markdown.html(text, level=3, picture=picture)


def sections(coop: CoopFacts, report: ReportFacts, words: Words, language: str) -> list[Section]:
    """Return the parts of a report that say something, each as HTML, headed in the language of the text."""
    with translation.override(coop.language_for(language)):
        headings = {code: str(SECTION_NAMES[code]) for code in SECTIONS}
    return [
        Section(code, headings[code], text_html(coop, report, text, language))
        for code in SECTIONS
        if (text := getattr(words, code))
    ]


def told(
    coop: CoopFacts,
    report: ReportFacts,
    on: dt.date,
    *,
    version: VersionFacts | None = None,
    wanted: str = "",
    called: Mapping[uuid.UUID, str] | None = None,
) -> Told:
    """Return a report in the reader's language, else in its own; a `version` that is given in its own.

    `called` names who wrote and translated it, where that is known of many reports already.
    """
    wanted = wanted or reader_language()
    called = names_behind([report], on) if called is None else called
    language = report.language if version is not None else report.told_in(wanted)
    chosen = version or report.version
    words = chosen.words if version is not None else report.words(language)
    cover = report.pictures.get(chosen.cover or 0)
    shown = report.translations.get(language) if version is None else None
    return Told(
        report=report,
        language=language,
        words=words,
        rendering=Rendering.ORIGINAL if version is not None else report.rendering(wanted),
        cover=SafeString("")
        if cover is None
        else figure(coop, cover, words.caption, language, report.language, is_first=True),
        sections=sections(coop, report, words, language),
        authors=[called[one] for one in report.party_ids if one in called],
        translator=_translator(shown, called) if shown is not None else "",
    )


def _translator(shown: TranslationFacts, called: Mapping[uuid.UUID, str]) -> str:
    if shown.translator or shown.made_by is None:
        return shown.translator
    return called.get(shown.made_by, "")


def names_behind(reports: Iterable[ReportFacts], on: dt.date) -> dict[uuid.UUID, str]:
    """Return how those are called who wrote or translated reports, in one question; who was erased isn't named."""
    made = [(report.party_ids, [one.made_by for one in report.translations.values()]) for report in reports]
    ids = {one for wrote, translated in made for one in (*wrote, *translated) if one is not None}
    found = people.particulars(ids, on) if ids else {}
    return {party_id: one.spoken for party_id, one in found.items() if one.spoken}


def describe(words: Words) -> str:
    """Return in a line what a report is about: its first sentences, else how its first part begins."""
    text = words.lead or next((part for code in SECTIONS if (part := getattr(words, code))), "")
    return markdown.beginning(text, 200)


def shared_picture(coop: CoopFacts, report: ReportFacts) -> dict[str, Any] | None:
    """Return the picture beside a shared link, with its size; None where the report shows none."""
    picture = report.cover
    if picture is None:
        places = [one for place in sorted(report.version.places) if (one := report.pictures.get(place)) is not None]
        picture = next((one for one in places if one.is_there), None)
    if picture is None:
        return None
    width = min(1200, picture.width)
    return {
        "url": settings.BASE_URL + picture_url(coop, picture, "shared.jpg"),
        "width": width,
        "height": max(1, round(picture.height * width / picture.width)),
        "picture": picture,
    }


def structured(coop: CoopFacts, page: Told) -> SafeString:
    """Return what search engines read of a report (schema.org) as JSON that can't end its element."""
    report = page.report
    here = settings.BASE_URL + report_url(coop, report)
    shared = shared_picture(coop, report)
    home = {"@type": "Organization", "name": coop.name, "url": f"{settings.BASE_URL}/c/{coop.slug}/"}
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": page.words.title,
        "description": describe(page.words),
        "inLanguage": page.language,
        "url": here,
        "author": [{"@type": "Person", "name": name} for name in page.authors] or home,
        "publisher": home,
        "dateModified": report.changed_at.isoformat(),
    }
    if report.published_at is not None:
        about["datePublished"] = report.published_at.isoformat()
    if page.is_translation:
        about["translationOfWork"] = {"@type": "Report", "url": here, "inLanguage": report.language}
    if shared is not None:
        picture = shared["picture"]
        about["image"] = {
            "@type": "ImageObject",
            "url": shared["url"],
            "width": shared["width"],
            "height": shared["height"],
            "creditText": picture.author,
            **({"license": picture.licence_url} if picture.licence_url else {}),
        }
    return SafeString(json.dumps(about, ensure_ascii=False).translate(_SAFE))


def day(moment: dt.datetime | None) -> dt.date | None:
    """Return on which day a moment falls."""
    return None if moment is None else clock.civil_date(moment)
