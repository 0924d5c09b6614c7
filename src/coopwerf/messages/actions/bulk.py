"""Batches: written at once, set apart by lanes, claimed and noted one by one."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Exists, F, OuterRef

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies, rendering
from ..bulk_mime import BulkText
from ..models import Bulk, Contact, Following, Mail, Pace
from ..queries import Due
from ..smtp import Answer
from ..states import BULK_TRANSITIONS, BulkState, MailState, Outcome
from .mails import note, paced

NEWSLETTER = "messages.newsletter"
APART = dt.timedelta(minutes=2)
"""How long mails are set apart for a lane: those of a lane that died come to others after it."""
ROWS_AT_ONCE = 2000


@dataclasses.dataclass(frozen=True, slots=True)
class BulkReader:
    """Who gets a mail of a batch: in which of its texts, and what stands there for them alone."""

    email: str
    email_key: str
    variant: str
    fills: Mapping[str, str]


def write_bulk(
    *,
    now: dt.datetime,
    coop_id: uuid.UUID,
    code: str,
    texts: Mapping[str, BulkText],
    sender: str,
    reply_to: str,
    list_id: str,
    readers: Sequence[BulkReader],
    paused: bool = False,
) -> uuid.UUID:
    """Store a batch with a mail for each reader, in the caller's action; an address stands in it once.

    Nothing is rendered here: 50,000 mails are so many short rows. Workers begin when the transaction is done.
    """
    bulk = Bulk.objects.create(
        coop_id=coop_id,
        code=code,
        texts={variant: dataclasses.asdict(text) for variant, text in texts.items()},
        sender=sender,
        reply_to=reply_to,
        list_id=list_id,
        state=(BulkState.PAUSED if paused else BulkState.OPEN).value,
        made_at=now,
    )
    has_server = bool(settings.SMTP_URL)
    subjects = {variant: subject_of(text) for variant, text in texts.items()}
    ending = rendering.message_host()
    for begin in range(0, len(readers), ROWS_AT_ONCE):
        rows = []
        for one in readers[begin : begin + ROWS_AT_ONCE]:
            row = Mail(
                to=one.email,
                to_key=one.email_key,
                domain=one.email_key.rpartition("@")[2],
                sender=sender,
                reply_to=reply_to,
                subject=subjects[one.variant],
                bulk_id=bulk.id,
                bulk_of=coop_id,
                variant=one.variant,
                fills=dict(one.fills),
                is_letter=True,
                made_at=now,
                state=(MailState.WAITING if has_server else MailState.KEPT).value,
                next_at=now if has_server else None,
            )
            row.message_id = f"<{row.id}@{ending}>"
            rows.append(row)
        Mail.objects.bulk_create(rows, ignore_conflicts=True)
    if readers and has_server and not paused:
        # The task knows this module: it is imported only when there is something to do.
        from ..tasks import defer_lanes

        defer_lanes(coop_id, bulk.id)
    return bulk.id


def subject_of(text: BulkText) -> str:
    """Return the subject of a mail with this text as its row keeps it."""
    return " ".join(text.subject.split())[:500]


@action(verb="messages.mails_set_apart")
def set_apart(*, actor: Actor, now: dt.datetime, bulk_id: uuid.UUID, by: str, count: int) -> list[Due]:
    """Set mails of a batch apart for a lane for two minutes; none of a domain whose pace allows none now.

    The rows of the batch's co-operative are open. Handing over is work of the installation, as that of a post office:
    it leaves no trace in the chain of a co-operative, whose own trail says that the batch was written, to how many.
    """
    full = Pace.objects.filter(domain=OuterRef("domain"), next_at__gt=now)
    rows = list(
        Mail.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(bulk_id=bulk_id, state=MailState.WAITING, next_at__lte=now)
        .filter(~Exists(full))
        .order_by("next_at", "id")[:count]
    )
    if rows and not Bulk.objects.filter(pk=bulk_id, state=BulkState.OPEN).exists():
        rows = []
    Mail.objects.filter(pk__in=[row.id for row in rows]).update(next_at=now + APART, claimed_by=by)
    audit("bulk", bulk_id, mails=len(rows))
    return [Due(row.id, row.to, row.domain, row.variant, row.fills or {}, row.message_id, row.made_at) for row in rows]


@dataclasses.dataclass(frozen=True, slots=True)
class Noted:
    """What became of a mail that was handed over."""

    mail_id: uuid.UUID
    answer: Answer


@action(verb="messages.mail_handed_on")
def hand_on(
    *,
    actor: Actor,
    now: dt.datetime,
    by: str,
    noted: Noted | None = None,
    claim: uuid.UUID | None = None,
    domain: str = "",
    let_go: Sequence[uuid.UUID] = (),
) -> bool:
    """Note what became of one mail and claim the next, in one step; tell whether that one may be handed over.

    `let_go` are mails set apart that won't be handed over now. Of a batch that was paused nothing is claimed.
    """
    verb = "messages.mail_handed_on"
    if noted is not None:
        verb = _note_quickly(noted, now) or note(
            Mail.objects.select_for_update(of=("self",)).get(pk=noted.mail_id), noted.answer, now
        )
        if noted.answer.outcome is Outcome.PUT_OFF:
            _drop_unwanted(noted.mail_id)
    if let_go:
        Mail.objects.filter(pk__in=let_go, state=MailState.WAITING, claimed_by=by).update(next_at=now, claimed_by="")
    claimed = False
    if claim is not None:
        is_open = Exists(Bulk.objects.filter(pk=OuterRef("bulk_id"), state=BulkState.OPEN))
        has_pace = Exists(Pace.objects.filter(domain=OuterRef("domain")))
        mine = Mail.objects.filter(pk=claim, state=MailState.WAITING, claimed_by=by)
        # Nearly every domain has no pace, and then one statement is all.
        claimed = bool(mine.filter(is_open, ~has_pace).update(state=MailState.SENDING, claimed_at=now))
        if not claimed and Pace.objects.filter(pk=domain).exists() and paced(domain, now):
            claimed = bool(mine.filter(is_open).update(state=MailState.SENDING, claimed_at=now))
        if not claimed:
            mine.update(next_at=now, claimed_by="")
    audit("mail", claim if noted is None else noted.mail_id, verb=verb)
    return claimed


def _note_quickly(noted: Noted, now: dt.datetime) -> str:
    """Note that a mail was taken, in one statement; return the verb, empty where it isn't as simple as that."""
    if noted.answer.outcome is not Outcome.DELIVERED:
        return ""
    rows = Mail.objects.filter(pk=noted.mail_id, state=MailState.SENDING)
    taken = rows.update(
        state=MailState.DELIVERED, delivered_at=now, words=noted.answer.words, attempts=F("attempts") + 1, next_at=None
    )
    return "messages.mail_delivered" if taken else ""


def _drop_unwanted(mail_id: uuid.UUID) -> None:
    """Drop a mail that was put off where its batch was stopped, or its reader left, while it was being handed over.

    What waited then was dropped at once; this one was in nobody's reach.
    """
    row = Mail.objects.filter(pk=mail_id, state=MailState.WAITING, bulk_id__isnull=False).first()
    if row is None or row.bulk_id is None:
        return
    bulk = Bulk.objects.get(pk=row.bulk_id)
    them = Contact.objects.filter(coop_id=bulk.coop_id, email_key=row.to_key, forgotten_at__isnull=True)
    follows = Following.objects.filter(contact_id=OuterRef("pk"), confirmed_at__isnull=False, left_at__isnull=True)
    has_left = bool(bulk.list_id) and them.filter(~Exists(follows), declined_at__isnull=False).exists()
    is_blocked = them.filter(blocked_at__isnull=False).exists()
    if bulk.state == BulkState.STOPPED or not row.to_key or has_left or is_blocked:
        Mail.objects.filter(pk=mail_id).update(state=MailState.DROPPED, next_at=None)


@action(verb="messages.bulk_moved")
def move_bulk(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, bulk_id: uuid.UUID, to: BulkState) -> None:
    """Pause a batch, let it go on, or stop it for good: what waits then isn't sent any more."""
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    row = Bulk.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=bulk_id).first()
    if row is None or to not in BULK_TRANSITIONS[BulkState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    bring_to(coop_id, bulk_id, to)
    audit("bulk", bulk_id, to=to.value)


def bring_to(coop_id: uuid.UUID, bulk_id: uuid.UUID, to: BulkState) -> int:
    """Let the mails of a batch leave, wait, or never leave; return how many won't leave any more."""
    Bulk.objects.filter(coop_id=coop_id, pk=bulk_id).update(state=to)
    dropped = 0
    if to is BulkState.STOPPED:
        waiting = Mail.objects.filter(bulk_id=bulk_id, state__in=[MailState.WAITING, MailState.KEPT])
        dropped = waiting.update(state=MailState.DROPPED, next_at=None)
    if to is BulkState.OPEN and settings.SMTP_URL:
        from ..tasks import defer_lanes

        defer_lanes(coop_id, bulk_id)
    return dropped


def drop_waiting(coop_id: uuid.UUID, email_key: str, *, also_notices: bool = False, keep: str = "") -> int:
    """Send somebody who left no more of what waits for them, but for batches of a code; notices by law still go."""
    theirs = Bulk.objects.filter(coop_id=coop_id).exclude(code=keep)
    if not also_notices:
        theirs = theirs.exclude(list_id="")
    rows = Mail.objects.filter(
        bulk_of=coop_id,
        bulk_id__in=list(theirs.values_list("pk", flat=True)),
        to_key=email_key,
        state__in=[MailState.WAITING, MailState.KEPT],
    )
    return rows.update(state=MailState.DROPPED, next_at=None)
