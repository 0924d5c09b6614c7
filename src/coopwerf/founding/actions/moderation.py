"""Deciding what stands below a report; every decision goes into a log that nobody can change."""

import datetime as dt
import uuid
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import send_letter

from .. import letters, policies, queries
from ..models import Comment, CommentEvent, CommentObjection
from ..states import CommentState, Ground
from .comments import comment_url, listeners, move, tell_thread
from .reports import why

MOST_OBJECTIONS: Final = 20
"""Open ones to one comment: more tell nothing new."""


@action(verb="founding.comment_approved")
def approve_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, revision: int
) -> None:
    """Show a comment that waited; `revision` is that which was read. From now on its writer's next ones don't wait."""
    row = _held(coop_id, comment_id, actor, now)
    if row.revision != revision:
        raise Refused("founding.comment_changed")
    is_new = row.shown_at is None
    _decide(row, CommentState.SHOWN, None, "", actor, now)
    _tell(row, now)
    if is_new:
        report = queries.report_facts(coop_id, row.report_id)
        assert report is not None
        tell_thread(row, report, now)
    audit("comment", row.id, report=row.report_id)


@action(verb="founding.comment_refused")
def refuse_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, ground: Ground, words: str = ""
) -> None:
    """Don't take a comment that waited, on a ground that its writer is told."""
    row = _held(coop_id, comment_id, actor, now)
    _decide(row, CommentState.REFUSED, ground, words, actor, now)
    _tell(row, now)
    audit("comment", row.id, report=row.report_id, ground=ground.value)


@action(verb="founding.comment_hidden")
def hide_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, ground: Ground, words: str = ""
) -> None:
    """Hide a comment that stood there, on a ground that its writer is told; what was objected to is settled."""
    row = _held(coop_id, comment_id, actor, now)
    _decide(row, CommentState.HIDDEN, ground, words, actor, now)
    _tell(row, now)
    audit("comment", row.id, report=row.report_id, ground=ground.value)


@action(verb="founding.comment_shown_again")
def show_again(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, words: str = "") -> None:
    """Show a comment after all that was hidden or not taken."""
    row = _held(coop_id, comment_id, actor, now)
    if CommentState(row.state) not in (CommentState.HIDDEN, CommentState.REFUSED):
        raise Refused("founding.comment_settled")
    _decide(row, CommentState.SHOWN, None, words, actor, now)
    _tell(row, now)
    audit("comment", row.id, report=row.report_id)


@action(verb="founding.objections_settled")
def settle_objections(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, words: str = ""
) -> None:
    """Leave a comment where it stands although somebody objected."""
    row = _held(coop_id, comment_id, actor, now)
    if not _open_objections(row).exists():
        raise Refused("founding.comment_settled")
    _log(row, None, words, actor, now)
    _open_objections(row).update(settled_at=now)
    audit("comment", row.id, report=row.report_id)


@action(verb="founding.comment_objected")
def object_to_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, ground: Ground, words: str = ""
) -> None:
    """Tell whoever writes the report that a comment shouldn't stand there; who tells it isn't kept."""
    row = (
        Comment.objects.select_for_update(of=("self",))
        .filter(coop_id=coop_id, id=comment_id, state=CommentState.SHOWN)
        .first()
    )
    if row is None:
        raise Refused("founding.comment_gone")
    if _open_objections(row).count() < MOST_OBJECTIONS:
        CommentObjection.objects.create(
            coop_id=coop_id, comment=row, ground=ground.value, words=why(words), made_at=now
        )
    audit("comment", row.id, report=row.report_id, ground=ground.value)


@action(verb="founding.moderators_reminded")
def remind_moderators(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> int:
    """Write to whoever writes reports below which comments wait; return to how many."""
    coop = coops.coop_facts(coop_id)
    waiting: dict[uuid.UUID, int] = {}
    titles: dict[uuid.UUID, dict[str, str]] = {}
    for report_id in sorted(queries.reports_to_moderate(coop_id)):
        report = queries.report_facts(coop_id, report_id)
        if report is None:
            continue
        count = queries.count_to_moderate(coop_id, [report_id])
        for party_id in listeners(report, now):
            waiting[party_id] = waiting.get(party_id, 0) + count
            titles.setdefault(party_id, report.titles)
    url = settings.BASE_URL + reverse("founding:moderation", kwargs={"slug": coop.slug})
    for party_id, count in sorted(waiting.items()):
        send_letter(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            template=letters.TO_READ,
            context=letters.ToReadLetter(coop=coop.name, titles=titles[party_id], count=count, text="", url=url),
            party_id=party_id,
        )
    audit("comment", None, readers=len(waiting))
    return len(waiting)


def _held(coop_id: uuid.UUID, comment_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Comment:
    rows = Comment.objects.filter(coop_id=coop_id, id=comment_id)
    messages.hold_contact(coop_id, rows.values_list("contact_id", flat=True).first())
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise Refused("founding.comment_gone")
    policies.may_moderate(actor, coop_id, row.report_id, clock.civil_date(now)).require()
    return row


def _open_objections(row: Comment) -> QuerySet[CommentObjection]:
    return CommentObjection.objects.filter(coop_id=row.coop_id, comment=row, settled_at__isnull=True)


def _decide(row: Comment, to: CommentState, ground: Ground | None, words: str, actor: Actor, now: dt.datetime) -> None:
    move(row, to)
    row.ground = "" if ground is None else ground.value
    if to is CommentState.SHOWN and row.shown_at is None:
        row.shown_at = now
    row.save(update_fields=["state", "ground", "shown_at"])
    _log(row, ground, words, actor, now)
    _open_objections(row).update(settled_at=now)


def _log(row: Comment, ground: Ground | None, words: str, actor: Actor, now: dt.datetime) -> None:
    CommentEvent.objects.create(
        coop_id=row.coop_id,
        comment=row,
        state=row.state,
        ground="" if ground is None else ground.value,
        words=why(words),
        by=actor.party_id,
        at=now,
    )


def _tell(row: Comment, now: dt.datetime) -> None:
    """Tell whoever wrote a comment what became of it, and why."""
    if row.contact_id is None or not messages.contact(row.coop_id, row.contact_id).can_be_written_to:
        return
    report = queries.report_facts(row.coop_id, row.report_id)
    assert report is not None
    last = queries.events_of(row.coop_id, row.id)[0]
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        template=letters.COMMENT_DECIDED,
        context=letters.DecidedLetter(
            coop=coops.coop_facts(row.coop_id).name,
            titles=report.titles,
            state=CommentState(row.state),
            ground=last.ground,
            words=last.words,
            text=row.text,
            url=comment_url(row),
        ),
        contact_id=row.contact_id,
    )
