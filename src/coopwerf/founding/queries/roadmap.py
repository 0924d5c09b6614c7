"""The roadmap: steps with everything that was promised, as anybody may read it; drafts for those who write them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from ..models import RoadmapStep, StepEvidence, StepMoment
from ..states import OPEN_STEPS, PROMISES, EvidenceKind, MomentKind, Season, StepState, spoken


@dataclasses.dataclass(frozen=True, slots=True)
class StepWords:
    """What a step is called and what it is, in one language."""

    title: str = ""
    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class MomentFacts:
    """What happened to a step: what was promised by it, on which day it was, why, and when it was written down."""

    kind: MomentKind
    season: Season
    due_on: dt.date
    has_day: bool
    on: dt.date | None
    because: Mapping[str, str]
    recorded_at: dt.datetime
    author_id: uuid.UUID | None

    @property
    def is_promise(self) -> bool:
        """Tell whether it says by when the step will be done."""
        return self.kind in PROMISES


@dataclasses.dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """By what one can see that a step is done."""

    id: uuid.UUID
    kind: EvidenceKind
    title: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the roadmap, with everything that was promised and happened, the oldest first."""

    id: uuid.UUID
    season: Season
    place: int
    state: StepState
    texts: Mapping[str, StepWords]
    due_on: dt.date
    has_day: bool
    began_on: dt.date | None
    done_on: dt.date | None
    moments: tuple[MomentFacts, ...]
    evidence: tuple[EvidenceFacts, ...]

    def words(self, *languages: str) -> tuple[str, StepWords]:
        """Return in which language it is told, and what it tells."""
        code, words = spoken(self.texts, languages)
        return code, words or StepWords()

    @property
    def promises(self) -> tuple[MomentFacts, ...]:
        """Return what was promised, the first promise first."""
        return tuple(one for one in self.moments if one.is_promise)

    @property
    def first(self) -> MomentFacts | None:
        """Return the first promise; None for a draft."""
        return next(iter(self.promises), None)

    @property
    def moves(self) -> tuple[MomentFacts, ...]:
        """Return the later promises."""
        return self.promises[1:]

    @property
    def is_moved(self) -> bool:
        """Tell whether another day is promised now than at first."""
        return bool(self.moves) and self.moves[-1].due_on != self.promises[0].due_on

    @property
    def left_seasons(self) -> tuple[Season, ...]:
        """Return the seasons for which it was promised before, and isn't any more."""
        return tuple(dict.fromkeys(one.season for one in self.promises if one.season != self.season))

    def is_late(self, on: dt.date) -> bool:
        """Tell whether its promise has passed without it being done."""
        return self.state in OPEN_STEPS and self.due_on < on


def _told(coop_id: uuid.UUID, rows: QuerySet[RoadmapStep]) -> list[StepFacts]:
    found = list(rows.order_by("season", "place", "id"))
    ids = [row.id for row in found]
    moments: dict[uuid.UUID, list[MomentFacts]] = {step_id: [] for step_id in ids}
    for one in StepMoment.objects.filter(coop_id=coop_id, step_id__in=ids).order_by("id"):
        moments[one.step_id].append(
            MomentFacts(
                kind=MomentKind(one.kind),
                season=Season(one.season),
                due_on=one.due_on,
                has_day=one.has_day,
                on=one.on,
                because=one.because,
                recorded_at=one.recorded_at,
                author_id=one.author_id,
            )
        )
    evidence: dict[uuid.UUID, list[EvidenceFacts]] = {step_id: [] for step_id in ids}
    for proof in StepEvidence.objects.filter(coop_id=coop_id, step_id__in=ids).order_by("id"):
        evidence[proof.step_id].append(EvidenceFacts(proof.id, EvidenceKind(proof.kind), proof.title, proof.url))
    return [
        StepFacts(
            id=row.id,
            season=Season(row.season),
            place=row.place,
            state=StepState(row.state),
            texts={
                code: StepWords(str(told.get("title", "")), str(told.get("text", "")))
                for code, told in row.texts.items()
            },
            due_on=row.due_on,
            has_day=row.has_day,
            began_on=row.began_on,
            done_on=row.done_on,
            moments=tuple(moments[row.id]),
            evidence=tuple(evidence[row.id]),
        )
        for row in found
    ]


def roadmap(coop_id: uuid.UUID, *, with_drafts: bool = False) -> Sequence[StepFacts]:
    """Return the steps in their order, season after season: three queries for any number."""
    rows = RoadmapStep.objects.filter(coop_id=coop_id)
    return _told(coop_id, rows if with_drafts else rows.exclude(state=StepState.DRAFT))


def step_facts(coop_id: uuid.UUID, step_id: uuid.UUID) -> StepFacts | None:
    """Return one step, or None."""
    found = _told(coop_id, RoadmapStep.objects.filter(coop_id=coop_id, id=step_id))
    return found[0] if found else None


def has_roadmap(coop_id: uuid.UUID) -> bool:
    """Tell whether anybody can read a roadmap here."""
    return RoadmapStep.objects.filter(coop_id=coop_id).exclude(state=StepState.DRAFT).exists()
