"""The directory of the projects of this installation, for whoever looks for one."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coopwerf.coops.states import STAGE_NAMES, in_language
from coopwerf.documents import sheets
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats
from coopwerf.ui.paging import page_of
from coopwerf.ui.speaking import speak

from .. import queries
from ..queries import EntryFacts, Search
from ..states import REGIONS, STAGE_GROUP_NAMES, THEMES
from .project_forms import SearchForm

DIRECTORY = "projects that want to be found; each of them chose to be listed, and what is told"
PER_PAGE = 24


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """A project as it stands in the list: its words in the reader's language, its figures in words."""

    entry: EntryFacts
    language: str
    about: str
    needs: str
    stage: str
    is_building: bool
    region: str
    themes: tuple[str, ...]
    told: str


def card(one: EntryFacts) -> Card:
    """Return a project in the active language."""
    lang = formats.language(get_language())
    code, words = one.words(lang)
    return Card(
        entry=one,
        language=code if code != lang else "",
        about=words.about,
        needs=words.needs,
        stage=str(STAGE_GROUP_NAMES[one.stage_group]),
        is_building=one.stage_group != "cooperative",
        region=in_language(REGIONS[one.region]) if one.region in REGIONS else "",
        themes=tuple(in_language(THEMES[theme]) for theme in one.themes if theme in THEMES),
        told=told_from_the_yard(one.reports, one.last_report_on) if one.reports else "",
    )


@public(DIRECTORY)
@require_GET
def directory(request: Request) -> HttpResponse:
    """Show the projects that somebody looks for."""
    speak(request)
    form = SearchForm(request.GET)
    search = form.search()
    page = page_of(
        request,
        PER_PAGE,
        queries.count_projects(search),
        lambda first, limit: queries.projects(search, begin=first, most=limit),
    )
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "cards": [card(one) for one in page],
        "count": page.paginator.count,
        "is_filtered": search != Search(),
        "query": asked.urlencode(),
    }
    return render(request, "founding/directory.html", context)


MOST_BESIDE = 4
"""More don't fit beside each other on a screen or a sheet of paper."""


@public(DIRECTORY)
@require_GET
def beside(request: Request) -> HttpResponse:
    """Show a few projects beside each other: the same questions, each with its answers."""
    speak(request)
    asked = request.GET.getlist("project")
    found = queries.entries_with(asked[:MOST_BESIDE])
    lang = formats.language(get_language())
    cards = [card(one) for one in found]

    def row(label: str, *told: str) -> dict[str, Any]:
        return {"label": label, "told": told, "is_figure": False}

    def figures(label: str, *told: int | Decimal | None) -> dict[str, Any]:
        return {"label": label, "told": ["–" if one is None else formats.number(one, lang) for one in told]}

    def month(day: dt.date | None) -> str:
        return formats.month(day, lang) if day is not None else "–"

    rows = [
        row(_("Stage"), *(one.stage for one in cards)),
        row(_("Legal form"), *(str(STAGE_NAMES[one.stage]) for one in found)),
        row(_("Region"), *(one.region or "–" for one in cards)),
        row(_("Themes"), *(", ".join(one.themes) or "–" for one in cards)),
        row(_("Since"), *(month(one.since) for one in found)),
        figures(_("People who work on it"), *(one.people for one in found)),
        figures(pgettext("figure", "Members"), *(one.members for one in found)),
        row(
            _("Capital of the members"),
            *("–" if one.capital is None else formats.money(one.capital, lang, places=0) for one in found),
        ),
        figures(_("Helpers"), *(one.helpers for one in found)),
        figures(_("Calls for help"), *(one.calls for one in found)),
        row(_("Reports"), *(told_from_the_yard(one.reports, one.last_report_on) for one in found)),
        row(_("What it is"), *(one.about or "–" for one in cards)),
        row(_("What it needs"), *(one.needs or "–" for one in cards)),
    ]
    context = {
        "cards": cards,
        "rows": rows,
        "left_out": max(len(dict.fromkeys(asked)) - MOST_BESIDE, 0),
        "most": MOST_BESIDE,
    }
    return render(request, "founding/beside.html", context)


def told_from_the_yard(count: int, last_on: dt.date | None) -> str:
    """Say how many reports a project has, and of when the last one is."""
    if last_on is None:
        return _("No report yet")
    day = formats.date_long(last_on, formats.language(get_language()))
    said = ngettext("One report, of %(day)s", "%(count)s reports, the last of %(day)s", count)
    return said % {"count": count, "day": day}


@public(DIRECTORY)
@require_GET
def compare(request: Request) -> HttpResponse:
    """Return the same projects as a table, for funders who compare them: the same columns for all."""
    speak(request)
    search = SearchForm(request.GET).search()
    lang = formats.language(get_language())
    head = (
        _("Name"),
        _("Page"),
        _("Stage"),
        _("Legal form"),
        _("Region"),
        _("Themes"),
        _("Since"),
        _("People who work on it"),
        pgettext("figure", "Members"),
        _("Capital in euro"),
        _("Helpers"),
        _("Calls for help"),
        _("Reports"),
        _("Last report"),
        _("What it is"),
        _("What it needs"),
        _("Website"),
    )
    base = request.build_absolute_uri("/")[:-1]

    def row(one: EntryFacts) -> tuple[sheets.Cell, ...]:
        told, (_code, words) = card(one), one.words(lang)
        return (
            one.name,
            f"{base}/c/{one.slug}/",
            told.stage,
            str(STAGE_NAMES[one.stage]),
            told.region,
            "; ".join(told.themes),
            one.since,
            one.people,
            one.members,
            one.capital,
            one.helpers,
            one.calls,
            one.reports,
            one.last_report_on,
            words.about,
            words.needs,
            one.website,
        )

    answer = HttpResponse(
        # So that spreadsheets read accents as they are.
        "\ufeff" + sheets.csv_text(head, (row(one) for one in queries.projects(search))),
        content_type=sheets.CSV,
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="projects.csv"'
    return answer
