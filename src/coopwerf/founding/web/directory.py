"""The directory of the projects of this installation, for whoever looks for one."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coopwerf.coops.states import STAGE_NAMES, in_language
from coopwerf.documents import sheets
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats

from .. import queries
from ..queries import EntryFacts, Search
from ..states import REGIONS, STAGE_GROUP_NAMES, THEMES
from .project_forms import SearchForm
from .yard import speak

DIRECTORY = "projects that want to be found; each of them chose to be listed, and what is told"
PER_PAGE = 24


class _Rows(Sequence[EntryFacts]):
    """The projects that are found, read page by page."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._count = queries.count_projects(search)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, piece: Any) -> Any:
        begin, end = piece.start or 0, piece.stop
        return queries.projects(self.search, begin=begin, most=end - begin)


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
    )


@public(DIRECTORY)
@require_GET
def directory(request: Request) -> HttpResponse:
    """Show the projects that somebody looks for."""
    speak(request)
    form = SearchForm(request.GET)
    search = form.search()
    page = Paginator(_Rows(search), PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "cards": [card(one) for one in page.object_list],
        "count": page.paginator.count,
        "is_filtered": search != Search(),
        "query": asked.urlencode(),
    }
    return render(request, "founding/directory.html", context)


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
