"""Writing a report, publishing and correcting it openly, taking it back."""

import dataclasses
import datetime as dt
import uuid
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui import markdown
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, queries
from ..happenings import ReportCorrected, ReportPublished, ReportTakenBack
from ..models import Report, ReportAuthor, ReportPicture, ReportVersion
from ..queries import ReportFacts
from ..states import SECTIONS, ReportState, Words

LONGEST: Final = {"title": 120, "lead": 400, "caption": 400, **dict.fromkeys(SECTIONS, 20_000)}
LONGEST_WHY: Final = 500
LONGEST_SLUG: Final = 50
LATEST: Final = dt.timedelta(days=366)
RESERVED: Final = frozenset({"comments", "feed", "milestones", "new"})


@action(verb="founding.report_drafted")
def draft_report(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, title: str, language: str) -> uuid.UUID:
    """Begin a report that only its authors see; whoever begins it is the first of them. Return its id."""
    policies.may_author(actor, coop_id, clock.civil_date(now)).require()
    if language not in LANGUAGE_NAMES:
        raise Refused("founding.language_unknown")
    words = clean(Words(title=title))
    if not words.title:
        raise Refused("founding.no_title", path="title")
    row = _saved(Report(coop_id=coop_id, slug=_free_slug(coop_id, words.title), language=language, made_at=now))
    ReportVersion.objects.create(
        coop_id=coop_id,
        report=row,
        number=1,
        words=dataclasses.asdict(words),
        recorded_at=now,
        recorded_by=actor.party_id,
    )
    if actor.party_id is not None:
        ReportAuthor.objects.create(coop_id=coop_id, report=row, party_id=actor.party_id, invited_at=now, joined_at=now)
    audit("report", row.id)
    return row.id


@action(verb="founding.report_written")
def write_report(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    report_id: uuid.UUID,
    words: Words,
    cover: int | None,
    takes_comments: bool,
    revision: int,
) -> int:
    """Write what a report tells in its own language; of one that was published, for a version nobody reads yet.

    `revision` is the one that was looked at. Return the new one. Raises Refused kernel.changed_meanwhile.
    """
    row = held(coop_id, report_id, actor, now)
    writable(row, actor, now)
    if row.revision != revision:
        raise Refused("kernel.changed_meanwhile")
    told = clean(words)
    if cover is not None and not ReportPicture.objects.filter(coop_id=coop_id, report=row, place=cover).exists():
        raise Refused("founding.picture_unknown", place=cover, path="cover")
    version = ReportVersion.objects.filter(coop_id=coop_id, report=row).order_by("-number")[0]
    is_same = version.words == dataclasses.asdict(told) and version.cover == cover
    if not is_same:
        version = pending(row, actor, now)
        version.words, version.cover = dataclasses.asdict(told), cover
        version.save(update_fields=["words", "cover", "recorded_at", "recorded_by"])
    row.takes_comments = takes_comments
    touched(row, "takes_comments")
    audit("report", row.id, version=version.number, revision=row.revision)
    return row.revision


@action(verb="founding.report_published")
def publish_report(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, reason: str = ""
) -> int:
    """Publish a report, or what was corrected in one with the reason; return the number of the version.

    What it told before stays readable. Raises Refused with what it lacks, founding.no_reason, founding.nothing_new.
    """
    row = held(coop_id, report_id, actor, now, publishes=True)
    facts = _facts(coop_id, report_id)
    is_first = facts.published_at is None
    if is_first:
        # A worker saw that it is due; meanwhile somebody may have put it off, or made it a draft again.
        is_due = row.state == ReportState.SCHEDULED and row.due_at is not None and row.due_at <= now
        if actor.is_system and not is_due:
            raise Refused("founding.report_moved")
        policies.may_move(facts.state, ReportState.PUBLISHED).require()
    else:
        writable(row, actor, now)
        if facts.pending is None:
            raise Refused("founding.nothing_new")
        if not reason.strip():
            raise Refused("founding.no_reason", path="reason")
    for lacking in policies.hindrances(facts):
        lacking.require()
    written = facts.written
    shown = [str(facts.pictures[place].id) for place in sorted(written.places) if place in facts.pictures]
    ReportVersion.objects.filter(coop_id=coop_id, id=written.id).update(
        published_at=now, pictures=shown, reason="" if is_first else why(reason)
    )
    if is_first:
        # Numbers are given one after the other: who publishes at the same time waits here.
        queries.hold_numbers(coop_id)
        last = Report.objects.filter(coop_id=coop_id).aggregate(last=Max("number"))["last"] or 0
        row.state, row.due_at = ReportState.PUBLISHED.value, None
        row.number, row.published_at = last + 1, now
    touched(row, "state", "due_at", "number", "published_at")
    audit("report", row.id, number=row.number, version=written.number)
    if is_first:
        announce(ReportPublished(coop_id, row.id))
    else:
        announce(ReportCorrected(coop_id, row.id, written.number))
    return written.number


@action(verb="founding.report_scheduled")
def schedule_report(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, at: dt.datetime
) -> None:
    """Have a draft published by itself at a moment; raises Refused with what it lacks, and for one that is past."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    facts = _facts(coop_id, report_id)
    if facts.state not in (ReportState.DRAFT, ReportState.SCHEDULED):
        raise Refused("founding.report_moved")
    for lacking in policies.hindrances(facts):
        lacking.require()
    if not now < at <= now + LATEST:
        raise Refused("founding.moment_past", path="day")
    row.state, row.due_at = ReportState.SCHEDULED.value, at
    touched(row, "state", "due_at")
    from ..tasks import defer_publishing

    defer_publishing(coop_id, report_id, at)
    audit("report", row.id, at=at)


@action(verb="founding.report_unscheduled")
def unschedule_report(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """Make a report that was to be published by itself a draft again."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    policies.may_move(ReportState(row.state), ReportState.DRAFT).require()
    row.state, row.due_at = ReportState.DRAFT.value, None
    touched(row, "state", "due_at")
    audit("report", row.id)


@action(verb="founding.report_taken_back")
def take_back_report(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, reason: str) -> None:
    """Take back a report that was a mistake: nobody reads it any more, and its address says so and why."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    policies.may_move(ReportState(row.state), ReportState.TAKEN_BACK).require()
    if not reason.strip():
        raise Refused("founding.no_reason", path="reason")
    row.state, row.taken_back_at, row.taken_back_why = ReportState.TAKEN_BACK.value, now, why(reason)
    touched(row, "state", "taken_back_at", "taken_back_why")
    audit("report", row.id, number=row.number)
    announce(ReportTakenBack(coop_id, row.id))


@action(verb="founding.correction_discarded")
def discard_correction(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """Throw away what was written in a report since it was published."""
    row = held(coop_id, report_id, actor, now)
    if row.published_at is None:
        raise Refused("founding.nothing_new")
    gone, _tables = ReportVersion.objects.filter(coop_id=coop_id, report=row, published_at__isnull=True).delete()
    if not gone:
        raise Refused("founding.nothing_new")
    touched(row)
    audit("report", row.id)


@action(verb="founding.draft_deleted")
def delete_draft(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """Delete a report that nobody could read yet, with everything in it but its pictures."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    if row.published_at is not None:
        raise Refused("founding.only_draft")
    audit("report", row.id)
    row.delete()


def held(
    coop_id: uuid.UUID, report_id: uuid.UUID, actor: Actor, now: dt.datetime, *, publishes: bool = False
) -> Report:
    """Lock a report that the actor may write on, or may publish and take back; raises Refused."""
    row = Report.objects.select_for_update(no_key=True).filter(coop_id=coop_id, id=report_id).first()
    if row is None:
        raise Refused("founding.report_gone")
    today = clock.civil_date(now)
    if publishes:
        policies.may_author(actor, coop_id, today).require()
    else:
        policies.may_write(actor, coop_id, report_id, today).require()
    return row


def writable(row: Report, actor: Actor, now: dt.datetime) -> None:
    """Refuse to write on a report that was taken back; and on one that appears by itself to who may not publish it."""
    if row.state == ReportState.TAKEN_BACK:
        raise Refused("founding.report_taken_back")
    if row.state == ReportState.SCHEDULED:
        policies.may_author(actor, row.coop_id, clock.civil_date(now)).require()


def touched(row: Report, *fields: str) -> None:
    """Keep what changed of a report, and that it changed."""
    row.revision += 1
    row.save(update_fields=["revision", *fields])


def pending(row: Report, actor: Actor, now: dt.datetime) -> ReportVersion:
    """Return the version that can still be written: the last one, or a new one after one that was published."""
    last = ReportVersion.objects.filter(coop_id=row.coop_id, report=row).order_by("-number")[0]
    if last.published_at is None:
        last.recorded_at, last.recorded_by = now, actor.party_id
        return last
    return ReportVersion.objects.create(
        coop_id=row.coop_id,
        report=row,
        number=last.number + 1,
        words=last.words,
        cover=last.cover,
        recorded_at=now,
        recorded_by=actor.party_id,
    )


def clean(words: Words) -> Words:
    """Return what somebody typed with its lines as they are kept; raises Refused for what is too long."""
    told: dict[str, Any] = {}
    for name, text in dataclasses.asdict(words).items():
        said = markdown.known_signs(str(text)).strip()
        if name in ("title", "lead"):
            said = " ".join(said.split())
        if len(said) > LONGEST[name]:
            raise Refused("founding.text_too_long", length=len(said), longest=LONGEST[name], path=name)
        told[name] = said
    return Words(**told)


def why(reason: str) -> str:
    """Return a reason as it is kept; raises Refused for one that is too long."""
    said = " ".join(reason.replace("\x00", "").split())
    if len(said) > LONGEST_WHY:
        raise Refused("founding.text_too_long", length=len(said), longest=LONGEST_WHY, path="reason")
    return said


def _facts(coop_id: uuid.UUID, report_id: uuid.UUID) -> ReportFacts:
    facts = queries.report_facts(coop_id, report_id)
    assert facts is not None
    return facts


def _free_slug(coop_id: uuid.UUID, title: str) -> str:
    """Return an address made of a title that no other report has."""
    stem = slugify(title)[:LONGEST_SLUG].strip("-") or "report"
    taken = set(Report.objects.filter(coop_id=coop_id, slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED
    return next(
        one for number in range(1, len(taken) + 2) if (one := stem if number == 1 else f"{stem}-{number}") not in taken
    )


def _saved(row: Report) -> Report:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Two who begin with the same title at the same instant.
        raise Refused("kernel.changed_meanwhile") from error
    return row
