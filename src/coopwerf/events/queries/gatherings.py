"""Gatherings as pages show them: one, the list for everybody, a series, and what was heard."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import get_language

from coopwerf.documents import queries as documents
from coopwerf.documents.queries import PictureFacts
from coopwerf.kernel.questions import Question

from ..models import Contribution, Desk, Gathering, GatheringPicture, Series, Session
from ..states import (
    Fate,
    Format,
    GatheringState,
    GatheringWords,
    Kind,
    SessionWords,
    on_the_wall,
    slots,
)

PUBLIC = (GatheringState.ANNOUNCED.value, GatheringState.HELD.value, GatheringState.CANCELLED.value)


def _chosen(texts: Mapping[str, Any], languages: Sequence[str]) -> str:
    """Return the language in which a text is shown: the reader's where it is written in it, else the first."""
    wanted = (get_language() or "en")[:2]
    return wanted if wanted in texts else next((code for code in languages if code in texts), "")


@dataclasses.dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series with its names by language."""

    id: uuid.UUID
    slug: str
    texts: Mapping[str, str]
    programme: str

    @property
    def name(self) -> str:
        """Return its name for the reader."""
        return self.texts.get(_chosen(self.texts, list(self.texts)), self.slug)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A session of a programme; times are those of the gathering's zone."""

    id: uuid.UUID
    texts: Mapping[str, SessionWords]
    format: Format
    room: str
    speakers: str
    language: str
    capacity: int | None
    begins: dt.datetime
    ends: dt.datetime
    is_for_all: bool

    @property
    def text_language(self) -> str:
        """Return in which language its texts are shown to the reader."""
        return _chosen(self.texts, list(self.texts))

    @property
    def words(self) -> SessionWords:
        """Return its texts for the reader."""
        return self.texts.get(self.text_language, SessionWords(title=""))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GatheringFacts:
    """A gathering; `begins` and `ends` are on the wall of its zone. `online` is for who is registered only."""

    id: uuid.UUID
    coop_id: uuid.UUID
    slug: str
    kind: Kind
    state: GatheringState
    series: SeriesFacts | None
    languages: tuple[str, ...]
    texts: Mapping[str, GatheringWords]
    begins: dt.datetime
    ends: dt.datetime
    zone: str
    town: str
    address: str
    online: str
    capacity: int | None
    asks_children: bool
    forget_days: int
    sequence: int
    made_at: dt.datetime
    changed_at: dt.datetime
    announced_at: dt.datetime | None
    ended_at: dt.datetime | None
    moved_from: Mapping[str, Any]
    answer_by: dt.datetime | None
    report: Mapping[str, str]
    reported_at: dt.datetime | None

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read of it."""
        return self.state is not GatheringState.DRAFT

    @property
    def is_open(self) -> bool:
        """Tell whether it is announced, neither held nor called off."""
        return self.state is GatheringState.ANNOUNCED

    @property
    def is_online(self) -> bool:
        """Tell whether it can be followed from home."""
        return bool(self.online)

    @property
    def text_language(self) -> str:
        """Return in which language its texts are shown to the reader."""
        return _chosen(self.texts, self.languages)

    @property
    def words(self) -> GatheringWords:
        """Return its texts for the reader."""
        return self.texts.get(self.text_language, GatheringWords(title=""))

    @property
    def lasts_a_day(self) -> bool:
        """Tell whether it ends on the day on which it begins."""
        return self.begins.date() == self.ends.date()

    def has_begun(self, now: dt.datetime) -> bool:
        """Tell whether it has begun."""
        return self.begins <= now

    def is_past(self, now: dt.datetime) -> bool:
        """Tell whether it is over."""
        return self.ends <= now

    def was_held(self, now: dt.datetime) -> bool:
        """Tell whether what was said there can be told: it is over, or those who hold it say that it was held."""
        return self.state is GatheringState.HELD or self.is_past(now)


def series_facts(row: Series) -> SeriesFacts:
    """Return a series as a value."""
    return SeriesFacts(row.id, row.slug, row.texts, row.programme)


def gathering_facts(row: Gathering) -> GatheringFacts:
    """Return a gathering as a value."""
    same = {
        name: getattr(row, name)
        for name in (
            *("id", "coop_id", "slug", "zone", "town", "address", "online", "capacity", "asks_children"),
            *("forget_days", "sequence", "made_at", "changed_at", "announced_at", "ended_at", "moved_from"),
            *("answer_by", "report", "reported_at"),
        )
    }
    return GatheringFacts(
        **same,
        kind=Kind(row.kind),
        state=GatheringState(row.state),
        series=None if row.series is None else series_facts(row.series),
        languages=tuple(row.languages),
        texts={code: GatheringWords(**told) for code, told in row.texts.items()},
        begins=on_the_wall(row.begins_at, row.zone),
        ends=on_the_wall(row.ends_at, row.zone),
    )


def session_facts(row: Session, zone: str) -> SessionFacts:
    """Return a session as a value."""
    return SessionFacts(
        id=row.id,
        texts={code: SessionWords(**told) for code, told in row.texts.items()},
        format=Format(row.format),
        room=row.room,
        speakers=row.speakers,
        language=row.language,
        capacity=row.capacity,
        begins=on_the_wall(row.begins_at, zone),
        ends=on_the_wall(row.ends_at, zone),
        is_for_all=row.is_for_all,
    )


def _rows(coop_id: uuid.UUID) -> QuerySet[Gathering]:
    return Gathering.objects.select_related("series").filter(coop_id=coop_id)


def _by_id(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> QuerySet[Gathering]:
    return _rows(coop_id).filter(id=gathering_id)


_GATHERING = Question(_by_id)


def gathering(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> GatheringFacts | None:
    """Return a gathering by its id, or None; each press at a desk asks for it."""
    rows = _GATHERING(coop_id=coop_id, gathering_id=gathering_id)
    return gathering_facts(rows[0]) if rows else None


def gathering_by_slug(coop_id: uuid.UUID, slug: str) -> GatheringFacts | None:
    """Return a gathering by its address, or None."""
    row = _rows(coop_id).filter(slug=slug).first()
    return None if row is None else gathering_facts(row)


def all_gatherings(coop_id: uuid.UUID, *, first: int = 0, limit: int = 50) -> list[GatheringFacts]:
    """Return gatherings, the newest first, drafts too: for who organises them."""
    return [gathering_facts(row) for row in _rows(coop_id).order_by("-begins_at", "id")[first : first + limit]]


def count_gatherings(coop_id: uuid.UUID) -> int:
    """Return how many gatherings there are, drafts too."""
    return Gathering.objects.filter(coop_id=coop_id).count()


def _public(coop_id: uuid.UUID, series_id: uuid.UUID | None) -> QuerySet[Gathering]:
    rows = _rows(coop_id).filter(state__in=PUBLIC)
    return rows if series_id is None else rows.filter(series_id=series_id)


def public_gatherings(
    coop_id: uuid.UUID, series_id: uuid.UUID | None = None, *, now: dt.datetime, first: int = 0, limit: int = 50
) -> list[GatheringFacts]:
    """Return gatherings that everybody may read of: those to come, the next one first, then those that are over."""
    is_past = models.Case(models.When(ends_at__lte=now, then=1), default=0, output_field=models.IntegerField())
    comes_at = models.Case(models.When(ends_at__gt=now, then=models.F("begins_at")))
    rows = _public(coop_id, series_id).order_by(is_past, comes_at, "-begins_at", "id")
    return [gathering_facts(row) for row in rows[first : first + limit]]


def count_public(coop_id: uuid.UUID, series_id: uuid.UUID | None = None) -> int:
    """Return how many gatherings everybody may read of."""
    return _public(coop_id, series_id).count()


IN_CALENDAR = 500
"""As many as a calendar holds to which people subscribe: the last ones."""


def in_calendar(coop_id: uuid.UUID, series_id: uuid.UUID | None = None) -> list[GatheringFacts]:
    """Return the gatherings of the calendar to which people subscribe, the first one first."""
    rows = _public(coop_id, series_id).order_by("-begins_at", "id")[:IN_CALENDAR]
    return [gathering_facts(row) for row in list(rows)[::-1]]


def coming(coop_id: uuid.UUID, now: dt.datetime, limit: int = 3) -> list[GatheringFacts]:
    """Return the announced gatherings that aren't over, the first one first."""
    rows = _rows(coop_id).filter(state=GatheringState.ANNOUNCED.value, ends_at__gt=now)
    return [gathering_facts(row) for row in rows.order_by("begins_at", "id")[:limit]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """What waits for organisers: what is over and not said to be held, what has no desk yet, unanswered voices."""

    over: tuple[GatheringFacts, ...]
    without_desk: tuple[GatheringFacts, ...]
    unanswered: int
    unanswered_at: str


DESKS_BEFORE = dt.timedelta(days=2)
ANSWERS_AFTER = dt.timedelta(days=14)
"""How long after a gathering nobody is asked yet what became of what people said."""


def to_do(coop_id: uuid.UUID, now: dt.datetime) -> ToDo:
    """Return what waits for organisers; `unanswered_at` is the address of the gathering with most open voices."""
    announced = _rows(coop_id).filter(state=GatheringState.ANNOUNCED.value, begins_at__lt=now + DESKS_BEFORE)
    has_desk = Desk.objects.filter(gathering_id=models.OuterRef("id"), closed_at__isnull=True)
    rows = list(announced.annotate(has_desk=models.Exists(has_desk)).order_by("begins_at", "id")[:20])
    open_voices = Contribution.objects.filter(
        coop_id=coop_id, fate=Fate.OPEN.value, gathering__ends_at__lt=now - ANSWERS_AFTER
    )
    by_gathering = open_voices.values("gathering__slug").annotate(number=models.Count("id")).order_by("-number")
    waiting = list(by_gathering[:100])
    return ToDo(
        over=tuple(gathering_facts(row) for row in rows if row.ends_at <= now),
        without_desk=tuple(gathering_facts(row) for row in rows if row.ends_at > now and row.town and not row.has_desk),
        unanswered=sum(one["number"] for one in waiting),
        unanswered_at=waiting[0]["gathering__slug"] if waiting else "",
    )


def all_series(coop_id: uuid.UUID) -> list[SeriesFacts]:
    """Return every series, the newest first."""
    return [series_facts(row) for row in Series.objects.filter(coop_id=coop_id).order_by("-made_at", "id")[:200]]


def public_series(coop_id: uuid.UUID) -> list[SeriesFacts]:
    """Return the series of which everybody may read, the newest first."""
    theirs = Gathering.objects.filter(series_id=models.OuterRef("id"), state__in=PUBLIC)
    rows = Series.objects.filter(models.Exists(theirs), coop_id=coop_id).order_by("-made_at", "id")
    return [series_facts(row) for row in rows[:50]]


def series_held(coop_id: uuid.UUID, limit: int = 5) -> list[SeriesFacts]:
    """Return the series of which a gathering was held, that of the last one first."""
    held = models.Max("gatherings__begins_at", filter=models.Q(gatherings__state=GatheringState.HELD.value))
    rows = Series.objects.filter(coop_id=coop_id).annotate(held_at=held).filter(held_at__isnull=False)
    return [series_facts(row) for row in rows.order_by("-held_at", "id")[:limit]]


def series_by_slug(coop_id: uuid.UUID, slug: str) -> SeriesFacts | None:
    """Return a series by its address, or None."""
    row = Series.objects.filter(coop_id=coop_id, slug=slug).first()
    return None if row is None else series_facts(row)


def sessions(found: GatheringFacts) -> list[SessionFacts]:
    """Return the programme of a gathering, in its order."""
    rows = Session.objects.filter(coop_id=found.coop_id, gathering_id=found.id)
    return [session_facts(row, found.zone) for row in rows.order_by("begins_at", "ends_at", "id")]


def slots_of(programme: Iterable[SessionFacts]) -> list[list[SessionFacts]]:
    """Return the sessions that are chosen from, in slots: of each slot somebody takes one."""
    by_id = {one.id: one for one in programme if not one.is_for_all}
    grouped = slots([(one.id, one.begins, one.ends) for one in by_id.values()])
    return [[by_id[ident] for ident in members] for members in grouped]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ContributionFacts:
    """Something that people said, and what became of it."""

    id: uuid.UUID
    session_id: uuid.UUID | None
    theme: str
    texts: Mapping[str, str]
    fate: Fate
    answers: Mapping[str, str]
    answered_on: dt.date | None
    voices: int

    @property
    def text_language(self) -> str:
        """Return in which language it is shown to the reader."""
        return _chosen(self.texts, list(self.texts))

    @property
    def text(self) -> str:
        """Return what was said."""
        return self.texts.get(self.text_language, "")

    @property
    def answer_language(self) -> str:
        """Return in which language what became of it is shown to the reader."""
        return _chosen(self.answers, list(self.answers))

    @property
    def answer(self) -> str:
        """Return what became of it, in the reader's language where it is told in it."""
        return self.answers.get(self.answer_language, "")


def contributions(
    coop_id: uuid.UUID, gathering_id: uuid.UUID, *, first: int = 0, limit: int = 50
) -> list[ContributionFacts]:
    """Return what people said at a gathering, by theme."""
    return [_contribution_facts(row) for row in _said(coop_id, gathering_id)[first : first + limit]]


def contribution(coop_id: uuid.UUID, gathering_id: uuid.UUID, contribution_id: uuid.UUID) -> ContributionFacts | None:
    """Return something that people said at a gathering, or None."""
    row = _said(coop_id, gathering_id).filter(id=contribution_id).first()
    return None if row is None else _contribution_facts(row)


def fates(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> dict[Fate, int]:
    """Return of how much that people said at a gathering became what."""
    rows = Contribution.objects.filter(coop_id=coop_id, gathering_id=gathering_id)
    found = dict(rows.values_list("fate").annotate(number=models.Count("id")).order_by("fate"))
    return {fate: found.get(fate.value, 0) for fate in Fate}


def _said(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> QuerySet[Contribution]:
    return Contribution.objects.filter(coop_id=coop_id, gathering_id=gathering_id).order_by("theme", "id")


def _contribution_facts(row: Contribution) -> ContributionFacts:
    return ContributionFacts(
        id=row.id,
        session_id=row.session_id,
        theme=row.theme,
        texts=row.texts,
        fate=Fate(row.fate),
        answers=row.answers,
        answered_on=row.answered_on,
        voices=row.voices,
    )


_PLACE = re.compile(r"\(picture:(\d{1,3})\)")


def pictures_in(text: str) -> frozenset[int]:
    """Return the numbers of the pictures that a text shows."""
    return frozenset(int(place) for place in _PLACE.findall(text))


def pictures(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> dict[int, PictureFacts]:
    """Return the pictures of a gathering by the numbers with which its report names them."""
    rows = GatheringPicture.objects.filter(coop_id=coop_id, gathering_id=gathering_id).order_by("place")
    places = dict(rows.values_list("place", "picture_id"))
    found = documents.pictures_with(coop_id, set(places.values())) if places else {}
    return {place: found[picture_id] for place, picture_id in places.items()}


def is_picture_shown(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether the report of a gathering shows a picture, in any language."""
    rows = GatheringPicture.objects.filter(coop_id=coop_id, picture_id=picture_id).select_related("gathering")
    return any(
        row.gathering.state in PUBLIC and row.place in pictures_in(text)
        for row in rows
        for text in row.gathering.report.values()
    )


def is_picture_used(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether a picture was brought to a gathering."""
    return GatheringPicture.objects.filter(coop_id=coop_id, picture_id=picture_id).exists()
