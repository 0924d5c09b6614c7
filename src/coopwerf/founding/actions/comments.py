"""Saying something below a report, and mending or taking back what one said."""

import dataclasses
import datetime as dt
import re
import unicodedata
import uuid
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import links
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import confirm_contact, know_contact, send_letter
from coopwerf.people import queries as people

from .. import letters, policies, queries
from ..happenings import CommentAsked
from ..models import Comment, CommentEvent, ReportTranslation
from ..queries import ReportFacts
from ..states import (
    COMMENT_TRANSITIONS,
    EDIT_WINDOW,
    CommentState,
    Ground,
    alphabets,
    hides_something,
    pseudonym_key,
)

LONGEST_COMMENT: Final = 3000
LONGEST_PSEUDONYM: Final = 40
MOST_LINKS: Final = 3
MOST_A_DAY: Final = 20
"""From one address: below one report people talk, and nobody needs more to say what they think."""
MOST_MAILS_A_DAY: Final = 5
"""To an address of which nobody said that it is theirs: a form must not be a way to fill somebody's mailbox."""
FORGET_UNCONFIRMED_AFTER: Final = dt.timedelta(days=7)
FORGET_REFUSED_AFTER: Final = dt.timedelta(days=183)
_LINK: Final = re.compile(r"https?://|www\.", re.I)
_NO_NAME: Final = re.compile(r"://|www\.|@|[<>\[\]{}]", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What became of a comment: its id and state, and the contact whose address was typed."""

    comment_id: uuid.UUID
    state: CommentState
    contact_id: uuid.UUID | None


@action(verb="founding.comment_said")
def say(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    report_id: uuid.UUID,
    key: uuid.UUID,
    pseudonym: str,
    email: str,
    text: str,
    language: str,
    parent_id: uuid.UUID | None = None,
    proven_id: uuid.UUID | None = None,
    wants_answers: bool = False,
) -> Said:
    """Say something below a report under a pseudonym; sent twice with the same key it is said once.

    Whoever typed an address may be anybody: it waits until the link in a mail says that it is theirs. `proven_id` is
    the contact of which this browser has shown that already. A first comment then waits to be read, later ones don't.
    `wants_answers`: once it is shown, its writer gets a mail of what is answered, until they stop that.
    """
    twin = _by_key(coop_id, key)
    if twin is not None:
        return _again(twin)
    report = _open(coop_id, report_id)
    name, said = clean_pseudonym(pseudonym), clean_text(text)
    parent = _parent(coop_id, report_id, parent_id)
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name="", language=language)
    _free(coop_id, report, name, contact_id, now)
    is_proven = contact_id == proven_id
    lately = Comment.objects.filter(coop_id=coop_id, contact_id=contact_id, said_at__gt=now - dt.timedelta(days=1))
    if lately.count() >= (MOST_A_DAY if is_proven else MOST_MAILS_A_DAY):
        raise Refused("founding.said_often")
    state = CommentState.UNCONFIRMED
    if is_proven:
        state = CommentState.SHOWN if queries.is_trusted(coop_id, contact_id) else CommentState.HELD
    row = Comment(
        coop_id=coop_id,
        report_id=report_id,
        parent=parent,
        key=key,
        state=state.value,
        contact_id=contact_id,
        pseudonym=name,
        pseudonym_key=pseudonym_key(name),
        text=said,
        language=language,
        said_at=now,
        edit_until=now + EDIT_WINDOW,
        shown_at=now if state is CommentState.SHOWN else None,
        wants_answers=wants_answers,
    )
    twin = _stored(row)
    if twin is not None:
        return _again(twin)
    audit("comment", row.id, report=report_id, state=row.state)
    if state is CommentState.UNCONFIRMED:
        _ask_to_confirm(row, report, now)
    elif state is CommentState.HELD:
        asked(row, report, now)
    else:
        tell_thread(row, report, now)
    return Said(row.id, state, contact_id)


@action(verb="founding.comment_answered")
def answer_by_name(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    report_id: uuid.UUID,
    key: uuid.UUID,
    text: str,
    language: str,
    parent_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Say something as one of those who write a report, by name and at once; return its id."""
    policies.may_answer_by_name(actor, coop_id, report_id, clock.civil_date(now)).require()
    twin = _by_key(coop_id, key)
    if twin is not None:
        return _again(twin).comment_id
    report = _open(coop_id, report_id)
    row = Comment(
        coop_id=coop_id,
        report_id=report_id,
        parent=_parent(coop_id, report_id, parent_id),
        key=key,
        state=CommentState.SHOWN.value,
        party_id=actor.party_id,
        text=clean_text(text),
        language=language,
        said_at=now,
        edit_until=now + EDIT_WINDOW,
        shown_at=now,
    )
    twin = _stored(row)
    if twin is not None:
        return _again(twin).comment_id
    audit("comment", row.id, report=report_id)
    tell_thread(row, report, now)
    return row.id


def _by_key(coop_id: uuid.UUID, key: uuid.UUID) -> Comment | None:
    return Comment.objects.filter(coop_id=coop_id, key=key).first()


def _stored(row: Comment) -> Comment | None:
    """Store a comment; where the same form came at the same instant, return the one that was first."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        twin = _by_key(row.coop_id, row.key)
        if twin is None:
            raise
        return twin
    return None


def _again(twin: Comment) -> Said:
    """Return what was said by the same form already."""
    audit("comment", twin.id, verb="founding.comment_said_again")
    return Said(twin.id, CommentState(twin.state), twin.contact_id)


@action(verb="founding.comment_confirmed")
def confirm_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, contact_id: uuid.UUID
) -> CommentState:
    """Take a comment from whoever reads the mail of its address, by the press of a button; return its state.

    The caller read the signed link. Pressing again changes nothing. Raises Refused founding.pseudonym_taken where
    somebody else came to be known by the pseudonym meanwhile, and what `say` refuses.
    """
    # First who wrote it, then what: who is forgotten at the same instant is held in this order too.
    confirm_contact(actor=SYSTEM, now=now, coop_id=coop_id, contact_id=contact_id)
    row = _theirs(coop_id, comment_id, contact_id)
    if row.state == CommentState.UNCONFIRMED:
        report = _open(coop_id, row.report_id)
        _free(coop_id, report, row.pseudonym, contact_id, now)
        is_trusted = queries.is_trusted(coop_id, contact_id, but=row.id)
        row.state = (CommentState.SHOWN if is_trusted else CommentState.HELD).value
        row.edit_until = now + EDIT_WINDOW
        row.shown_at = now if is_trusted else None
        row.save(update_fields=["state", "edit_until", "shown_at"])
        if not is_trusted:
            asked(row, report, now)
        else:
            tell_thread(row, report, now)
    audit("comment", row.id, state=row.state)
    return CommentState(row.state)


@action(verb="founding.comment_edited")
def edit_comment(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    comment_id: uuid.UUID,
    contact_id: uuid.UUID,
    text: str,
) -> CommentState:
    """Mend what one said, within a quarter of an hour; a first comment that stood there is read once more."""
    row = _theirs(coop_id, comment_id, contact_id)
    mine = queries.comment(coop_id, comment_id)
    assert mine is not None
    policies.may_mend(mine, now).require()
    row.text, row.edited_at, row.revision = clean_text(text), now, row.revision + 1
    if row.state == CommentState.SHOWN and not queries.is_trusted(coop_id, contact_id, but=row.id):
        row.state = CommentState.HELD.value
        asked(row, _open(coop_id, row.report_id), now)
    row.save(update_fields=["text", "edited_at", "revision", "state"])
    audit("comment", row.id, state=row.state, revision=row.revision)
    return CommentState(row.state)


@action(verb="founding.comment_taken_back")
def take_back_comment(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, contact_id: uuid.UUID
) -> None:
    """Take away what one said, at any time: nothing of it stays but that something stood there."""
    row = _theirs(coop_id, comment_id, contact_id)
    empty(Comment.objects.filter(coop_id=coop_id, id=row.id), now)
    audit("comment", row.id)


@action(verb="founding.answers_followed")
def follow_answers(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, comment_id: uuid.UUID, contact_id: uuid.UUID, wants: bool
) -> None:
    """Write to whoever wrote a comment when it is answered, or stop writing: for the whole thread at once.

    The caller read the signed link.
    """
    row = _theirs(coop_id, comment_id, contact_id)
    top = row.parent_id or row.id
    mine = Comment.objects.filter(Q(id=top) | Q(parent_id=top), coop_id=coop_id, contact_id=contact_id)
    (Comment.objects.filter(id=row.id) if wants else mine).update(wants_answers=wants)
    audit("comment", row.id, wants=wants)


@action(verb="founding.comments_forgotten")
def forget_comments_of(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> int:
    """Empty everything that somebody without an account said here, and take their name off translations.

    Return how many comments.
    """
    count = empty(Comment.objects.filter(coop_id=coop_id, contact_id=contact_id), now)
    ReportTranslation.objects.filter(coop_id=coop_id, made_by_contact_id=contact_id).update(translator="")
    audit("contact", contact_id, comments=count)
    return count


@action(verb="founding.comments_cleared")
def forget_old_comments(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> int:
    """Forget comments that nobody confirmed within a week, and after half a year those that weren't taken."""
    stale = queries.unconfirmed_before(coop_id, now - FORGET_UNCONFIRMED_AFTER)
    Comment.objects.filter(coop_id=coop_id, id__in=stale).delete()
    refused = Comment.objects.filter(
        coop_id=coop_id, state=CommentState.REFUSED, said_at__lt=now - FORGET_REFUSED_AFTER
    )
    count = empty(refused, now)
    audit("comment", None, unconfirmed=len(stale), refused=count)
    return len(stale) + count


def empty(rows: QuerySet[Comment], now: dt.datetime) -> int:
    """Empty comments, and write into the log that their writers took them away; return how many."""
    found = list(rows.exclude(state=CommentState.GONE).select_for_update(of=("self",)).order_by("id"))
    for row in found:
        move(row, CommentState.GONE)
        row.text = row.pseudonym = row.pseudonym_key = row.ground = ""
        row.save()
    CommentEvent.objects.bulk_create(
        CommentEvent(coop_id=row.coop_id, comment=row, state=CommentState.GONE.value, at=now) for row in found
    )
    return len(found)


def move(row: Comment, to: CommentState) -> None:
    """Bring a comment into another state; raises Refused where it can't come there from its own."""
    if to not in COMMENT_TRANSITIONS[CommentState(row.state)]:
        raise Refused("founding.comment_settled")
    row.state = to.value


def tell_thread(row: Comment, report: ReportFacts, now: dt.datetime) -> None:
    """Write to those of a thread who asked for it that something was answered; whoever answers isn't told."""
    if row.parent_id is None:
        return
    coop = coops.coop_facts(row.coop_id)
    name = row.pseudonym
    if row.party_id is not None:
        name = people.particulars_of(row.party_id, clock.civil_date(now)).spoken
    for one in queries.listening(row.coop_id, row.parent_id):
        assert one.contact_id is not None
        if one.contact_id == row.contact_id or not messages.contact(row.coop_id, one.contact_id).can_be_written_to:
            continue
        own = own_url(row.coop_id, one.id, one.contact_id)
        send_letter(
            actor=SYSTEM,
            now=now,
            coop_id=row.coop_id,
            template=letters.ANSWERED,
            context=letters.AnsweredLetter(
                coop=coop.name,
                titles=report.titles,
                name=name,
                text=row.text,
                url=settings.BASE_URL
                + reverse("founding:report", kwargs={"slug": coop.slug, "report": report.slug})
                + f"#comment-{row.id}",
                stop_url=f"{own}?stop",
            ),
            contact_id=one.contact_id,
        )


def asked(row: Comment, report: ReportFacts, now: dt.datetime) -> None:
    """Tell whoever writes a report that a comment waits; by mail when nothing waited before."""
    announce(CommentAsked(row.coop_id, row.report_id, row.id))
    if queries.has_held(row.coop_id, row.report_id, but=row.id):
        return
    coop = coops.coop_facts(row.coop_id)
    path = reverse("founding:moderation", kwargs={"slug": coop.slug})
    context = letters.ToReadLetter(
        coop=coop.name,
        titles=report.titles,
        count=1,
        text=row.text,
        url=settings.BASE_URL + path,
    )
    for party_id in listeners(report, now):
        send_letter(
            actor=SYSTEM, now=now, coop_id=row.coop_id, template=letters.TO_READ, context=context, party_id=party_id
        )


def listeners(report: ReportFacts, now: dt.datetime) -> list[uuid.UUID]:
    """Return who is told of comments on a report: its authors, as far as mail reaches them."""
    return [party_id for party_id in report.party_ids if people.email_of([party_id]).get(party_id)]


def clean_text(text: str) -> str:
    """Return what somebody said as it is kept; raises Refused for nothing, too much, and a list of links."""
    said = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not said:
        raise Refused("founding.nothing_said", path="text")
    if len(said) > LONGEST_COMMENT:
        raise Refused("founding.text_too_long", length=len(said), longest=LONGEST_COMMENT, path="text")
    if len(_LINK.findall(said)) > MOST_LINKS:
        raise Refused("founding.many_links", most=MOST_LINKS, path="text")
    return said


def clean_pseudonym(pseudonym: str) -> str:
    """Return a pseudonym in one line, in one alphabet; raises Refused for one that hides something or is none."""
    name = " ".join(unicodedata.normalize("NFC", pseudonym).split())
    if hides_something(name) or len(alphabets(name)) > 1:
        raise Refused("founding.pseudonym_mixed", path="pseudonym")
    if not 2 <= len(name) <= LONGEST_PSEUDONYM or _NO_NAME.search(name) or not pseudonym_key(name):
        raise Refused("founding.pseudonym_wrong", most=LONGEST_PSEUDONYM, path="pseudonym")
    return name


def _free(coop_id: uuid.UUID, report: ReportFacts, name: str, contact_id: uuid.UUID, now: dt.datetime) -> None:
    """Refuse a pseudonym by which somebody else goes, or that is the name of one who writes the report."""
    key = pseudonym_key(name)
    authors = people.particulars(report.party_ids, clock.civil_date(now)).values()
    names = {pseudonym_key(one.spoken) for one in authors} | {pseudonym_key(coops.coop_facts(coop_id).name)}
    if key in names or not queries.pseudonym_free(coop_id, key, contact_id):
        raise Refused("founding.pseudonym_taken", path="pseudonym")


def _open(coop_id: uuid.UUID, report_id: uuid.UUID) -> ReportFacts:
    report = queries.report_facts(coop_id, report_id)
    if report is None:
        raise Refused("founding.report_gone")
    policies.may_comment(report).require()
    return report


def _parent(coop_id: uuid.UUID, report_id: uuid.UUID, parent_id: uuid.UUID | None) -> Comment | None:
    """Return below which comment an answer stands: that, or the one that it answers itself."""
    if parent_id is None:
        return None
    row = Comment.objects.filter(coop_id=coop_id, report_id=report_id, id=parent_id, state=CommentState.SHOWN).first()
    if row is None:
        raise Refused("founding.comment_gone")
    return row.parent or row


def _theirs(coop_id: uuid.UUID, comment_id: uuid.UUID, contact_id: uuid.UUID) -> Comment:
    row = (
        Comment.objects.select_for_update(of=("self",))
        .filter(coop_id=coop_id, id=comment_id, contact_id=contact_id)
        .first()
    )
    if row is None:
        raise Refused("founding.comment_gone")
    return row


def _ask_to_confirm(row: Comment, report: ReportFacts, now: dt.datetime) -> None:
    assert row.contact_id is not None
    if not messages.contact(row.coop_id, row.contact_id).can_be_written_to:
        return
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        template=letters.CONFIRM_COMMENT,
        context=letters.CommentLetter(
            coop=coops.coop_facts(row.coop_id).name,
            titles=report.titles,
            pseudonym=row.pseudonym,
            text=row.text,
            url=comment_url(row),
        ),
        contact_id=row.contact_id,
    )


def purpose(comment_id: uuid.UUID) -> str:
    """Return for what the link of a comment is signed."""
    return f"founding.comment {comment_id}"


def comment_url(row: Comment) -> str:
    """Return the address by which whoever wrote a comment confirms, mends and takes it back."""
    assert row.contact_id is not None
    return own_url(row.coop_id, row.id, row.contact_id)


def own_url(coop_id: uuid.UUID, comment_id: uuid.UUID, contact_id: uuid.UUID) -> str:
    """Return the address of a comment for whoever wrote it."""
    token = links.sign(contact_id, purpose(comment_id))
    slug = coops.coop_facts(coop_id).slug
    path = reverse("founding:comment-own", kwargs={"slug": slug, "comment_id": comment_id, "token": token})
    return settings.BASE_URL + path


def ground_of(ground: str) -> Ground:
    """Return a ground by its code; raises Refused for none that there is."""
    try:
        return Ground(ground)
    except ValueError:
        raise Refused("founding.no_ground", path="ground") from None
