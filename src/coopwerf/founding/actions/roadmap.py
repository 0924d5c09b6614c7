"""The only writers of the roadmap."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies
from ..models import RoadmapStep, StepEvidence, StepMoment
from ..queries import StepWords
from ..states import OPEN_STEPS, EvidenceKind, MomentKind, Season, StepState

Because = Mapping[str, str]


@action(verb="founding.step_written")
def write_step(
    *,
    coop_id: uuid.UUID,
    step_id: uuid.UUID | None = None,
    season: Season | None = None,
    day: dt.date | None = None,
    texts: Mapping[str, StepWords],
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Write a step, as a draft that nobody else reads, or mend its words; return its id.

    A season counts for a draft only: what was promised moves by `move_promise`. Raises Refused founding.step_empty.
    """
    today = clock.civil_date(now)
    told = {}
    for code, words in texts.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        title, text = words.title.strip(), words.text.replace("\r\n", "\n").strip()
        policies.fits_text(title, policies.LONGEST_LINE).require(path=f"title_{code}")
        policies.fits_text(text, policies.LONGEST_TEXT).require(path=f"text_{code}")
        if title:
            told[code] = {"title": title, "text": text}
    if not told:
        raise Refused("founding.step_empty")
    if step_id is None:
        policies.may_keep_yard(actor, coop_id, today).require()
        if RoadmapStep.objects.filter(coop_id=coop_id).count() >= policies.MOST_STEPS:
            raise Refused("founding.roadmap_full", most=policies.MOST_STEPS)
        row = RoadmapStep(coop_id=coop_id, made_at=now)
    else:
        row = _held(coop_id, step_id, actor, today)
    if row.state == StepState.DRAFT:
        if season is None:
            raise Refused("founding.season_wrong", path="season")
        _set_promise(row, season, day)
    row.texts, row.changed_at = told, now
    row.save()
    audit("step", row.id, languages=sorted(told), season=row.season)
    return row.id


@action(verb="founding.step_promised")
def promise_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Put a draft on the roadmap: from now on it is promised, and stays to be read whatever becomes of it."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    _to(row, StepState.PROMISED)
    _note(row, MomentKind.PROMISED, actor, now)


@action(verb="founding.promise_moved")
def move_promise(
    *,
    coop_id: uuid.UUID,
    step_id: uuid.UUID,
    season: Season,
    day: dt.date | None = None,
    because: Because,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Promise a step for another time, and say why; what was promised before stays to be read.

    Raises Refused founding.why_missing, founding.promise_same.
    """
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    if StepState(row.state) not in OPEN_STEPS:
        raise Refused("founding.step_changed")
    why = _why(because)
    before = (row.season, row.due_on, row.has_day)
    _set_promise(row, season, day)
    if (row.season, row.due_on, row.has_day) == before:
        raise Refused("founding.promise_same", path="season")
    _note(row, MomentKind.MOVED, actor, now, because=why)


@action(verb="founding.step_begun")
def begin_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Say on which day work on a step began. Raises Refused founding.day_ahead."""
    today = clock.civil_date(now)
    row = _held(coop_id, step_id, actor, today)
    _past(on, today)
    _to(row, StepState.BEGUN)
    row.began_on = on
    _note(row, MomentKind.BEGUN, actor, now, on=on)


@action(verb="founding.step_done")
def finish_step(
    *,
    coop_id: uuid.UUID,
    step_id: uuid.UUID,
    on: dt.date,
    evidence: tuple[EvidenceKind, str, str] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say on which day a step was done, and by what one can see it: kind, name and address.

    Raises Refused founding.day_ahead, founding.done_before_begun, founding.url_wrong.
    """
    today = clock.civil_date(now)
    row = _held(coop_id, step_id, actor, today)
    _past(on, today)
    if row.began_on is not None and on < row.began_on:
        raise Refused("founding.done_before_begun", began=row.began_on, path="on")
    _to(row, StepState.DONE)
    row.done_on = on
    _note(row, MomentKind.DONE, actor, now, on=on)
    if evidence is not None:
        _add_evidence(row, evidence, now)


@action(verb="founding.step_reopened")
def reopen_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, because: Because, actor: Actor, now: dt.datetime) -> None:
    """Say that a step isn't done after all, and why."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    if row.state != StepState.DONE:
        raise Refused("founding.step_changed")
    why = _why(because)
    _to(row, StepState.BEGUN)
    row.done_on = None
    _note(row, MomentKind.REOPENED, actor, now, because=why)


@action(verb="founding.step_dropped")
def drop_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, because: Because, actor: Actor, now: dt.datetime) -> None:
    """Say that a step won't be made, and why; it stays to be read."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    why = _why(because)
    _to(row, StepState.DROPPED)
    _note(row, MomentKind.DROPPED, actor, now, because=why)


@action(verb="founding.step_taken_up")
def take_up_step(
    *,
    coop_id: uuid.UUID,
    step_id: uuid.UUID,
    season: Season,
    day: dt.date | None = None,
    because: Because,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Promise a step again that was dropped."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    if row.state != StepState.DROPPED:
        raise Refused("founding.step_changed")
    why = _why(because)
    _set_promise(row, season, day)
    _to(row, StepState.PROMISED)
    row.began_on = None
    _note(row, MomentKind.TAKEN_UP, actor, now, because=why)


@action(verb="founding.step_placed")
def place_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, earlier: bool, actor: Actor, now: dt.datetime) -> None:
    """Let a step change places with the one before or after it in its season; at an end nothing changes."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    rows = list(
        RoadmapStep.objects.select_for_update().filter(coop_id=coop_id, season=row.season).order_by("place", "id")
    )
    at = next(number for number, one in enumerate(rows) if one.id == row.id)
    to = at - 1 if earlier else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for number, one in enumerate(rows, 1):
        if one.place != number:
            one.place = number
            one.save(update_fields=["place"])
    audit("step", row.id, season=row.season, place=min(max(to, 0), len(rows) - 1) + 1)


@action(verb="founding.evidence_added")
def add_evidence(
    *,
    coop_id: uuid.UUID,
    step_id: uuid.UUID,
    kind: EvidenceKind,
    title: str,
    url: str,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Add by what one can see a step; return its id. Raises Refused founding.url_wrong, founding.evidence_full."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    made = _add_evidence(row, (kind, title, url), now)
    audit("step", row.id, evidence=made, kind=kind.value)
    return made


@action(verb="founding.evidence_removed")
def remove_evidence(
    *, coop_id: uuid.UUID, step_id: uuid.UUID, evidence_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Take a link off a step: it leads nowhere any more."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    gone, _tables = StepEvidence.objects.filter(coop_id=coop_id, step=row, id=evidence_id).delete()
    if not gone:
        raise Refused("founding.evidence_gone")
    audit("step", row.id, evidence=evidence_id)


@action(verb="founding.step_deleted")
def delete_step(*, coop_id: uuid.UUID, step_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft. Raises Refused founding.step_kept for what was promised."""
    row = _held(coop_id, step_id, actor, clock.civil_date(now))
    if row.state != StepState.DRAFT:
        raise Refused("founding.step_kept")
    audit("step", row.id)
    row.delete()


# What several of these need


def _held(coop_id: uuid.UUID, step_id: uuid.UUID, actor: Actor, today: dt.date) -> RoadmapStep:
    policies.may_keep_yard(actor, coop_id, today).require()
    row = RoadmapStep.objects.select_for_update().filter(coop_id=coop_id, id=step_id).first()
    if row is None:
        raise Refused("founding.step_gone")
    return row


def _to(row: RoadmapStep, to: StepState) -> None:
    policies.may_move_step(StepState(row.state), to).require()
    row.state = to.value


def _set_promise(row: RoadmapStep, season: Season, day: dt.date | None) -> None:
    """Set for when a step is promised; in another season it comes last."""
    policies.fits_promise(season, day).require(path="day" if day is not None else "season")
    if row.season != season.code:
        last = RoadmapStep.objects.filter(coop_id=row.coop_id, season=season.code).order_by("-place").first()
        row.place = 1 if last is None else last.place + 1
    row.season, row.due_on, row.has_day = season.code, day or season.last_day, day is not None


def _note(
    row: RoadmapStep,
    kind: MomentKind,
    actor: Actor,
    now: dt.datetime,
    *,
    on: dt.date | None = None,
    because: Because | None = None,
) -> None:
    """Keep what happened for ever, save the step, and leave the action's entry in the trail."""
    row.changed_at = now
    row.save()
    StepMoment.objects.create(
        coop_id=row.coop_id,
        step=row,
        kind=kind.value,
        season=row.season,
        due_on=row.due_on,
        has_day=row.has_day,
        on=on,
        because=dict(because or {}),
        recorded_at=now,
        author_id=actor.party_id,
    )
    audit("step", row.id, season=row.season, due_on=row.due_on, on=on)


def _add_evidence(row: RoadmapStep, evidence: tuple[EvidenceKind, str, str], now: dt.datetime) -> uuid.UUID:
    kind, title, url = evidence[0], evidence[1].strip(), evidence[2].strip()
    if not title:
        raise Refused("founding.evidence_empty", path="title")
    if url.startswith(f"{settings.BASE_URL}/"):
        # A page of ours is kept from its slash on: it is there too when the installation moves.
        url = url.removeprefix(settings.BASE_URL)
    policies.fits_text(title, policies.LONGEST_LINE).require(path="title")
    policies.fits_text(url, policies.LONGEST_URL).require(path="url")
    policies.fits_url(url, own=True).require(path="url")
    if StepEvidence.objects.filter(coop_id=row.coop_id, step=row).count() >= policies.MOST_EVIDENCE:
        raise Refused("founding.evidence_full", most=policies.MOST_EVIDENCE)
    made = StepEvidence.objects.create(
        coop_id=row.coop_id, step=row, kind=kind.value, title=title, url=url, added_at=now
    )
    return made.id


def _why(because: Because) -> dict[str, str]:
    told = {}
    for code, text in because.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        plain = " ".join(text.split())
        policies.fits_text(plain, policies.LONGEST_WHY).require(path=f"because_{code}")
        if plain:
            told[code] = plain
    if not told:
        raise Refused("founding.why_missing")
    return told


def _past(on: dt.date, today: dt.date) -> None:
    if on > today:
        raise Refused("founding.day_ahead", path="on")
