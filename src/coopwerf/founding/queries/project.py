"""Profiles, partners, and the directory of the projects that want to be found."""

import dataclasses
import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from coopwerf.coops.states import Stage
from coopwerf.documents import queries as documents
from coopwerf.documents.queries import PictureFacts

from ..models import DirectoryEntry, Partner, Project
from ..states import ConsentWay, PartnerKind, StageGroup, spoken

CONFIGS: Final = {"nl": "dutch", "fr": "french", "en": "english"}
"""Which rules of words PostgreSQL has for our languages."""

_WORD = re.compile(r"\w+")
MOST_WORDS: Final = 8
_SEARCHED: Final = ("search", "words_nl", "words_fr", "words_en", "words_all")
"""What is only searched, and never read."""


@dataclasses.dataclass(frozen=True, slots=True)
class ProjectWords:
    """What a project is, and what it needs, in one language."""

    about: str = ""
    needs: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Who a project is: the same questions for all."""

    themes: tuple[str, ...]
    region: str
    texts: Mapping[str, ProjectWords]
    people: int | None
    since: dt.date | None
    website: str
    shows_members: bool
    shows_capital: bool
    is_listed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class EntryFacts:
    """A project of the directory, as everybody may read it."""

    coop_id: uuid.UUID
    slug: str
    name: str
    hue: int
    stage: Stage
    stage_group: StageGroup
    region: str
    themes: tuple[str, ...]
    texts: Mapping[str, ProjectWords]
    people: int | None
    since: dt.date | None
    website: str
    members: int | None
    capital: Decimal | None
    helpers: int
    calls: int
    reports: int
    last_report_on: dt.date | None

    def words(self, *languages: str) -> tuple[str, ProjectWords]:
        """Return in which language it is told, and what it tells."""
        code, words = spoken(self.texts, languages)
        return code, words or ProjectWords()


@dataclasses.dataclass(frozen=True, slots=True)
class PartnerFacts:
    """An organisation that supports a project; who agreed there is for the project only."""

    id: uuid.UUID
    name: str
    kind: PartnerKind
    url: str
    role: Mapping[str, str]
    since: dt.date
    until: dt.date | None
    agreed_on: dt.date | None
    agreed_how: ConsentWay | None
    agreed_by: str
    logo: PictureFacts | None

    def is_now(self, on: dt.date) -> bool:
        """Tell whether it supports the project on a date."""
        return self.until is None or self.until >= on


def folded(text: str) -> str:
    """Return a text without accents and capitals: as it is searched, on both sides."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("œ", "oe").replace("æ", "ae")


def project(coop_id: uuid.UUID) -> ProjectFacts | None:
    """Return the profile of a project, or None before it is written."""
    row = Project.objects.filter(coop_id=coop_id).first()
    if row is None:
        return None
    return ProjectFacts(
        themes=tuple(row.themes),
        region=row.region,
        texts=_words(row.texts),
        people=row.people,
        since=row.since,
        website=row.website,
        shows_members=row.shows_members,
        shows_capital=row.shows_capital,
        is_listed=row.is_listed,
    )


def _words(texts: Mapping[str, Mapping[str, str]]) -> dict[str, ProjectWords]:
    return {code: ProjectWords(told.get("about", ""), told.get("needs", "")) for code, told in texts.items()}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for in the directory; what is empty isn't asked. `region` may be a country."""

    text: str = ""
    theme: str = ""
    region: str = ""
    group: StageGroup | None = None


def _found(search: Search) -> QuerySet[DirectoryEntry]:
    rows = DirectoryEntry.objects.filter(coop__is_practice=False)
    if search.theme:
        rows = rows.filter(themes__contains=[search.theme])
    if search.region:
        rows = rows.filter(region__startswith=search.region)
    if search.group is not None:
        rows = rows.filter(stage_group=search.group.value)
    words = _WORD.findall(folded(search.text))[:MOST_WORDS]
    if search.text.strip() and not words:
        return rows.none()
    if words:
        said = " ".join(words)
        # By the beginnings of words, whatever the language; and by the rules of each language.
        asked = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        for config in CONFIGS.values():
            asked |= SearchQuery(said, config=config, search_type="plain")
        rows = rows.filter(search=asked).annotate(rank=SearchRank(F("search"), asked))
        return rows.order_by("-rank", "name_key", "coop_id")
    return rows.order_by("name_key", "coop_id")


def count_projects(search: Search) -> int:
    """Return how many projects of the directory are found."""
    return _found(search).count()


def projects(search: Search, *, begin: int = 0, most: int | None = None) -> Sequence[EntryFacts]:
    """Return the projects that are found, the best first, else by name: one query, whoever asks."""
    rows = _found(search).select_related("coop").defer(*_SEARCHED)
    return [_entry(row) for row in (rows[begin:] if most is None else rows[begin : begin + most])]


def entry(coop_id: uuid.UUID) -> EntryFacts | None:
    """Return one project of the directory; None when it isn't listed."""
    row = DirectoryEntry.objects.filter(coop_id=coop_id).select_related("coop").first()
    return None if row is None else _entry(row)


def _entry(row: DirectoryEntry) -> EntryFacts:
    return EntryFacts(
        coop_id=row.coop_id,
        slug=row.coop.slug,
        name=row.coop.name,
        hue=row.coop.hue,
        stage=Stage(row.stage),
        stage_group=StageGroup(row.stage_group),
        region=row.region,
        themes=tuple(row.themes),
        texts=_words(row.texts),
        people=row.people,
        since=row.since,
        website=row.website,
        members=row.members,
        capital=row.capital,
        helpers=row.helpers,
        calls=row.calls,
        reports=row.reports,
        last_report_on=row.last_report_on,
    )


def listed(coop_id: uuid.UUID) -> bool:
    """Tell whether a project is in the directory."""
    return DirectoryEntry.objects.filter(coop_id=coop_id).exists()


# Partners


def _partner(row: Partner, logo: PictureFacts | None) -> PartnerFacts:
    return PartnerFacts(
        id=row.id,
        name=row.name,
        kind=PartnerKind(row.kind),
        url=row.url,
        role=row.role,
        since=row.since,
        until=row.until,
        agreed_on=row.agreed_on,
        agreed_how=ConsentWay(row.agreed_how) if row.agreed_how else None,
        agreed_by=row.agreed_by,
        logo=logo if logo is not None and logo.is_there else None,
    )


def partners(coop_id: uuid.UUID, *, agreed: bool = True) -> Sequence[PartnerFacts]:
    """Return the partners in their order; those that agreed to be named, or all for who keeps them."""
    rows = Partner.objects.filter(coop_id=coop_id).order_by("place", "id")
    found = list(rows.exclude(agreed_on=None) if agreed else rows)
    logos = documents.pictures_with(coop_id, {row.logo_id for row in found if row.logo_id is not None})
    return [_partner(row, logos.get(row.logo_id) if row.logo_id is not None else None) for row in found]


def partner(coop_id: uuid.UUID, partner_id: uuid.UUID) -> PartnerFacts | None:
    """Return one partner, or None."""
    row = Partner.objects.filter(coop_id=coop_id, id=partner_id).first()
    if row is None:
        return None
    return _partner(row, documents.picture(coop_id, row.logo_id) if row.logo_id is not None else None)


def is_logo_shown(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether a picture is the logo of a partner that agreed to be named."""
    return Partner.objects.filter(coop_id=coop_id, logo_id=picture_id).exclude(agreed_on=None).exists()


def is_logo(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether a picture is the logo of a partner."""
    return Partner.objects.filter(coop_id=coop_id, logo_id=picture_id).exists()


def entries_with(slugs: Sequence[str]) -> Sequence[EntryFacts]:
    """Return the listed projects with these names in their addresses, in this order: one query."""
    rows = DirectoryEntry.objects.filter(coop__is_practice=False, coop__slug__in=slugs)
    found = {row.coop.slug: _entry(row) for row in rows.select_related("coop").defer(*_SEARCHED)}
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]


def has_partners(coop_id: uuid.UUID) -> bool:
    """Tell whether anybody can read of partners here."""
    return Partner.objects.filter(Q(coop_id=coop_id) & ~Q(agreed_on=None)).exists()
