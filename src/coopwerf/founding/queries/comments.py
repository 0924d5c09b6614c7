"""Comments: what stands below a report, what waits to be read, and the log of what became of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q

from ..models import Comment, CommentEvent, CommentObjection, ReportTranslation
from ..states import CommentState, Ground


@dataclasses.dataclass(frozen=True, slots=True)
class CommentFacts:
    """A comment; never with the address of whoever wrote it. `party_id` is that of an author who answers by name."""

    id: uuid.UUID
    report_id: uuid.UUID
    parent_id: uuid.UUID | None
    state: CommentState
    contact_id: uuid.UUID | None
    party_id: uuid.UUID | None
    pseudonym: str
    text: str
    language: str
    revision: int
    said_at: dt.datetime
    edit_until: dt.datetime
    edited_at: dt.datetime | None
    shown_at: dt.datetime | None
    ground: Ground | None
    wants_answers: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers, in the order in which they came; one that isn't shown stands for its answers."""

    comment: CommentFacts
    answers: Sequence[CommentFacts]


@dataclasses.dataclass(frozen=True, slots=True)
class EventFacts:
    """One line of the log: what became of a comment, by whom, on which ground, in whose words."""

    comment_id: uuid.UUID
    state: CommentState
    ground: Ground | None
    words: str
    by: uuid.UUID | None
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """What a reader objects to in a comment."""

    id: uuid.UUID
    comment_id: uuid.UUID
    ground: Ground
    words: str
    made_at: dt.datetime


def _facts(row: Comment) -> CommentFacts:
    return CommentFacts(
        id=row.id,
        report_id=row.report_id,
        parent_id=row.parent_id,
        state=CommentState(row.state),
        contact_id=row.contact_id,
        party_id=row.party_id,
        pseudonym=row.pseudonym,
        text=row.text,
        language=row.language,
        revision=row.revision,
        said_at=row.said_at,
        edit_until=row.edit_until,
        edited_at=row.edited_at,
        shown_at=row.shown_at,
        ground=Ground(row.ground) if row.ground else None,
        wants_answers=row.wants_answers,
    )


def comment(coop_id: uuid.UUID, comment_id: uuid.UUID) -> CommentFacts | None:
    """Return a comment, or None."""
    row = Comment.objects.filter(coop_id=coop_id, id=comment_id).first()
    return None if row is None else _facts(row)


def comments_with(coop_id: uuid.UUID, comment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CommentFacts]:
    """Return comments by id."""
    return {row.id: _facts(row) for row in Comment.objects.filter(coop_id=coop_id, id__in=comment_ids)}


def threads(coop_id: uuid.UUID, report_id: uuid.UUID) -> list[Thread]:
    """Return what is shown below a report: one question. Whatever isn't shown is there only for its answers."""
    rows = Comment.objects.filter(
        coop_id=coop_id,
        report_id=report_id,
        state__in=[CommentState.SHOWN, CommentState.HIDDEN, CommentState.GONE],
        shown_at__isnull=False,
    ).order_by("shown_at", "id")
    tops: dict[uuid.UUID, CommentFacts] = {}
    answers: dict[uuid.UUID, list[CommentFacts]] = {}
    for row in rows:
        if row.parent_id is None:
            tops[row.id] = _facts(row)
        elif row.state == CommentState.SHOWN:
            answers.setdefault(row.parent_id, []).append(_facts(row))
    return [
        Thread(one, answers.get(one.id, []))
        for one in tops.values()
        if one.state is CommentState.SHOWN or answers.get(one.id)
    ]


def listening(coop_id: uuid.UUID, comment_id: uuid.UUID) -> list[CommentFacts]:
    """Return the comments of a thread whose writers asked to hear what is answered, one for each of them.

    `comment_id` is the comment on top; only what is shown listens.
    """
    rows = Comment.objects.filter(
        Q(id=comment_id) | Q(parent_id=comment_id),
        coop_id=coop_id,
        state=CommentState.SHOWN,
        wants_answers=True,
        contact__isnull=False,
    )
    return [_facts(row) for row in rows.order_by("contact_id", "said_at", "id").distinct("contact_id")]


def shown_count(coop_id: uuid.UUID, report_id: uuid.UUID) -> int:
    """Return how many comments stand below a report."""
    return Comment.objects.filter(coop_id=coop_id, report_id=report_id, state=CommentState.SHOWN).count()


def is_trusted(coop_id: uuid.UUID, contact_id: uuid.UUID, but: uuid.UUID | None = None) -> bool:
    """Tell whether a comment of somebody was approved before, other than this one, and none was hidden since."""
    theirs = Comment.objects.filter(coop_id=coop_id, contact_id=contact_id)
    if but is not None:
        theirs = theirs.exclude(id=but)
    not_taken = [CommentState.HIDDEN, CommentState.REFUSED]
    if theirs.filter(state__in=not_taken).exists():
        return False
    # Who takes back what was hidden isn't trusted for it: the log says what was decided last.
    events = CommentEvent.objects.filter(comment__in=theirs.filter(state=CommentState.GONE))
    decided = events.exclude(state=CommentState.GONE).order_by("at", "id").values_list("comment_id", "state")
    if any(state in not_taken for state in dict(decided).values()):
        return False
    return theirs.filter(shown_at__isnull=False).exists()


def pseudonym_free(coop_id: uuid.UUID, key: str, contact_id: uuid.UUID) -> bool:
    """Tell whether nobody else goes by a pseudonym here, in comments that were read."""
    rows = Comment.objects.filter(coop_id=coop_id, pseudonym_key=key).exclude(state=CommentState.UNCONFIRMED)
    return not rows.exclude(contact_id=contact_id).exists()


def held_comments(
    coop_id: uuid.UUID, reports: Collection[uuid.UUID] | None = None, *, most: int = 100
) -> list[CommentFacts]:
    """Return the comments that wait to be read, the oldest first; of these reports only, where some are given."""
    rows = Comment.objects.filter(coop_id=coop_id, state=CommentState.HELD)
    if reports is not None:
        rows = rows.filter(report_id__in=reports)
    return [_facts(row) for row in rows.order_by("said_at", "id")[:most]]


def has_held(coop_id: uuid.UUID, report_id: uuid.UUID, *, but: uuid.UUID) -> bool:
    """Tell whether a comment below a report waits to be read, other than this one."""
    rows = Comment.objects.filter(coop_id=coop_id, report_id=report_id, state=CommentState.HELD)
    return rows.exclude(id=but).exists()


def objections(
    coop_id: uuid.UUID, reports: Collection[uuid.UUID] | None = None, *, most: int = 100
) -> list[ObjectionFacts]:
    """Return what readers object to and nobody has settled yet, the oldest first."""
    rows = CommentObjection.objects.filter(coop_id=coop_id, settled_at__isnull=True)
    if reports is not None:
        rows = rows.filter(comment__report_id__in=reports)
    return [
        ObjectionFacts(row.id, row.comment_id, Ground(row.ground), row.words, row.made_at)
        for row in rows.order_by("made_at", "id")[:most]
    ]


def count_to_moderate(coop_id: uuid.UUID, reports: Collection[uuid.UUID] | None = None) -> int:
    """Return how many comments wait for a moderator, to be read or because of an objection."""
    rows = Comment.objects.filter(coop_id=coop_id)
    if reports is not None:
        rows = rows.filter(report_id__in=reports)
    objected = CommentObjection.objects.filter(comment_id=OuterRef("id"), settled_at__isnull=True)
    return rows.filter(Q(state=CommentState.HELD) | Exists(objected)).count()


def reports_to_moderate(coop_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the reports below which something waits for a moderator."""
    rows = Comment.objects.filter(coop_id=coop_id)
    held = rows.filter(state=CommentState.HELD).values_list("report_id", flat=True)
    objected = rows.filter(objections__settled_at__isnull=True, objections__isnull=False)
    return frozenset(held) | frozenset(objected.values_list("report_id", flat=True))


def _event(row: CommentEvent) -> EventFacts:
    ground = Ground(row.ground) if row.ground else None
    return EventFacts(row.comment_id, CommentState(row.state), ground, row.words, row.by, row.at)


def events_of(coop_id: uuid.UUID, comment_id: uuid.UUID) -> list[EventFacts]:
    """Return the log of one comment, the newest line first."""
    rows = CommentEvent.objects.filter(coop_id=coop_id, comment_id=comment_id).order_by("-at", "-id")
    return [_event(row) for row in rows]


def log_of(coop_id: uuid.UUID, *, first: int = 0, limit: int = 50) -> list[EventFacts]:
    """Return the log of moderation, the newest line first."""
    rows = CommentEvent.objects.filter(coop_id=coop_id).order_by("-at", "-id")
    return [_event(row) for row in rows[first : first + limit]]


def count_events(coop_id: uuid.UUID) -> int:
    """Return how many lines the log of moderation has."""
    return CommentEvent.objects.filter(coop_id=coop_id).count()


def comments_about(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[CommentFacts]:
    """Return what somebody without an account said, the oldest first."""
    rows = Comment.objects.filter(coop_id=coop_id, contact_id=contact_id)
    return [_facts(row) for row in rows.order_by("said_at", "id")]


def comments_of_party(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[CommentFacts]:
    """Return what a party said by name, the oldest first."""
    rows = Comment.objects.filter(coop_id=coop_id, party_id=party_id)
    return [_facts(row) for row in rows.order_by("said_at", "id")]


def unconfirmed_before(coop_id: uuid.UUID, moment: dt.datetime) -> list[uuid.UUID]:
    """Return the comments whose address nobody confirmed, said before a moment."""
    rows = Comment.objects.filter(coop_id=coop_id, state=CommentState.UNCONFIRMED, said_at__lt=moment)
    return list(rows.order_by("said_at").values_list("id", flat=True))


def forgettable(coop_id: uuid.UUID, unconfirmed: dt.datetime, refused: dt.datetime) -> bool:
    """Tell whether comments said before these moments wait to be forgotten: not confirmed, or not taken."""
    rows = Comment.objects.filter(coop_id=coop_id)
    return (
        rows.filter(state=CommentState.UNCONFIRMED, said_at__lt=unconfirmed).exists()
        or rows.filter(state=CommentState.REFUSED, said_at__lt=refused).exists()
    )


def writing_contacts(coop_id: uuid.UUID, contact_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return who of some people without an account said something that isn't emptied, or translated a report."""
    said = Comment.objects.filter(coop_id=coop_id, contact_id__in=contact_ids).exclude(state=CommentState.GONE)
    made = ReportTranslation.objects.filter(coop_id=coop_id, made_by_contact_id__in=contact_ids)
    return {*said.values_list("contact_id", flat=True), *made.values_list("made_by_contact_id", flat=True)} - {None}
