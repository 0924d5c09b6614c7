"""Delivering mail in the background."""

import datetime as dt
import logging
import uuid
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.documents import queries as documents
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tasks import defer_once, go_on
from coopwerf.kernel.tenancy import tenant

from .. import actions, addresses, inbox, queries, rendering, returning, signing, smtp
from ..queries import FileFacts, MailFacts
from ..states import MailState, Outcome
from . import lanes

log = logging.getLogger(__name__)

QUEUE = "mail"
BULK_QUEUE = "bulk"
IN_DOUBT_AFTER = dt.timedelta(minutes=15)
"""A mail that was claimed so long ago is handed over by nobody any more: servers are given up after half a minute."""
OVERDUE_AFTER = dt.timedelta(minutes=5)


@app.task(name="messages.deliver", queue=QUEUE)
def deliver(mail_id: str) -> None:
    """Try to deliver one mail, once.

    It is claimed first, and that is committed: a worker that dies after it leaves the mail in doubt, for somebody to
    look at, and never sends it twice.
    """
    mail = queries.mail(uuid.UUID(mail_id))
    if mail is None or mail.state not in (MailState.WAITING, MailState.SENDING) or not settings.SMTP_URL:
        return
    files = files_along(mail) if mail.state is MailState.WAITING else []
    # Only one job per mail works at a time: where it is claimed already, the claimer is gone.
    if files is None or not actions.claim_mail(actor=SYSTEM, now=clock.now(), mail_id=mail.id, by=f"mail:{mail_id}"):
        return
    try:
        server = smtp.server_of(settings.SMTP_URL)
        content = signing.signed(rendering.mime_of(mail, files))
        sender, to = returning.return_address(mail.id), addresses.envelope(mail.to)
        answer = smtp.deliver(server, sender=sender, to=to, content=content)
    except (ValueError, OSError) as error:
        log.exception("mail %s can't be handed over", mail_id)
        answer = smtp.Answer(Outcome.PUT_OFF, str(error))
    actions.record_attempt(actor=SYSTEM, now=clock.now(), mail_id=mail.id, answer=answer)


@app.task(name="messages.send_bulk", queue=BULK_QUEUE, priority=-10)
def send_bulk(coop_id: str, bulk_id: str, lane: int) -> None:
    """Hand over mails of a batch for a while, and ask for another turn where some are left."""
    if not settings.SMTP_URL:
        return
    if lanes.work(uuid.UUID(coop_id), uuid.UUID(bulk_id), lane):
        _defer_lane(coop_id, bulk_id, lane)


def defer_lanes(coop_id: uuid.UUID, bulk_id: uuid.UUID) -> None:
    """Ask workers to hand over a batch, in the caller's transaction: as many at a time as there are lanes."""
    for lane in range(settings.MAIL_LANES):
        _defer_lane(str(coop_id), str(bulk_id), lane)


def _defer_lane(coop_id: str, bulk_id: str, lane: int) -> None:
    job = send_bulk.configure(queueing_lock=f"bulk:{bulk_id}:{lane}", lock=f"lane:{lane}")
    defer_once(job, coop_id=coop_id, bulk_id=bulk_id, lane=lane)


def files_along(mail: MailFacts) -> list[FileFacts] | None:
    """Return the files that go along with a mail, or None while a document among them is still to be made."""
    files = queries.files_of(mail.id)
    for coop_id, document_id in mail.documents:
        with tenant(coop_id):
            document = documents.document(coop_id, document_id)
        if not document.is_ready:
            return None
        files.append(FileFacts(document.name, document.media_type, documents.file_of(document)))
    return files


def defer_delivery(mail_id: uuid.UUID, *, at: dt.datetime | None = None, because_of: uuid.UUID | None = None) -> None:
    """Ask a worker to deliver a mail, now or at a moment, in the caller's transaction.

    `because_of` is the document it waited for: that request isn't merged with one that waits already, which may run
    before this transaction is through and still find the document missing.
    """
    merged = f"mail:{mail_id}" if because_of is None else f"mail:{mail_id}:{because_of}"
    defer_once(deliver.configure(queueing_lock=merged, lock=f"mail:{mail_id}", schedule_at=at), mail_id=mail_id)


def defer_deliveries(mail_ids: Sequence[uuid.UUID]) -> None:
    """Ask workers to deliver new mails, in the caller's transaction; nobody else knows them yet."""
    app.job_manager.batch_defer_jobs(
        jobs=[
            deliver.configure(queueing_lock=f"mail:{one}", lock=f"mail:{one}").make_new_job(mail_id=str(one))
            for one in mail_ids
        ]
    )


@app.periodic(cron="*/5 * * * *")
@app.task(name="messages.resume", queue=QUEUE, queueing_lock="messages.resume")
def resume(timestamp: int) -> None:
    """Put back to work mails whose time has passed, because a worker died in between."""
    for mail_id in queries.overdue(clock.now() - OVERDUE_AFTER):
        defer_delivery(mail_id)
    if queries.has_claimed(clock.now() - IN_DOUBT_AFTER):
        actions.doubt_claimed(actor=SYSTEM, now=clock.now(), before=clock.now() - IN_DOUBT_AFTER)


@app.periodic(cron="* * * * *")
@app.task(name="messages.resume_bulks", queue=QUEUE, queueing_lock="messages.resume_bulks")
def resume_bulks(timestamp: int) -> None:
    """Have batches gone on with of which a mail is due: put off a while ago, or left by a worker that died."""
    if settings.SMTP_URL:
        for coop_id, bulk_id in queries.due_bulks(clock.now()):
            with tenant(coop_id):
                is_open = queries.is_open(bulk_id)
            if is_open:
                defer_lanes(coop_id, bulk_id)


@app.task(name="messages.send_newsletter", queue=BULK_QUEUE)
def send_newsletter(coop_id: str, newsletter_id: str) -> None:
    """Write a newsletter to everybody whom it is for, once."""
    coop, one = uuid.UUID(coop_id), uuid.UUID(newsletter_id)
    with tenant(coop):
        is_due = one in queries.due_newsletters(coop, clock.now())
    if is_due:
        try:
            actions.send_newsletter(actor=SYSTEM, now=clock.now(), coop_id=coop, newsletter_id=one)
        except Refused as refusal:
            # Somebody emptied it after it was planned: it is theirs again, and leaves when they say so.
            log.warning("the newsletter %s can't be sent: %s", newsletter_id, refusal.code)
            actions.plan_newsletter(actor=SYSTEM, now=clock.now(), coop_id=coop, newsletter_id=one, at=None)


def defer_newsletter(coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> None:
    """Ask a worker to write a newsletter, in the caller's transaction; once is enough."""
    job = send_newsletter.configure(queueing_lock=f"newsletter:{newsletter_id}", lock=f"newsletter:{newsletter_id}")
    defer_once(job, coop_id=coop_id, newsletter_id=newsletter_id)


@app.task(name="messages.address_news", queue=BULK_QUEUE)
def address_news(coop_id: str, news_id: str) -> None:
    """Write something that was told to whoever wants to hear of it at once, once."""
    coop, one = uuid.UUID(coop_id), uuid.UUID(news_id)
    with tenant(coop):
        is_due = one in queries.unaddressed_news(coop)
    if is_due:
        actions.address_news(actor=SYSTEM, now=clock.now(), coop_id=coop, news_id=one)


def defer_addressing(coop_id: uuid.UUID, news_id: uuid.UUID) -> None:
    """Ask a worker to write what was told to whoever wants to hear of it, in the caller's transaction."""
    job = address_news.configure(queueing_lock=f"news:{news_id}", lock=f"news:{news_id}")
    defer_once(job, coop_id=coop_id, news_id=news_id)


@app.periodic(cron="* * * * *")
@app.task(name="messages.send_planned", queue=QUEUE, queueing_lock="messages.send_planned")
def send_planned(timestamp: int) -> None:
    """Have newsletters written whose time has come, and news that nobody was written to yet."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            due, told = queries.due_newsletters(coop.id, clock.now()), queries.unaddressed_news(coop.id)
        for news_id in told:
            defer_addressing(coop.id, news_id)
        for newsletter_id in due:
            defer_newsletter(coop.id, newsletter_id)


@app.periodic(cron="0 7 * * 1")
@app.task(name="messages.tell_week", queue=BULK_QUEUE, queueing_lock="messages.tell_week")
def tell_week(timestamp: int) -> None:
    """Write the mail of the week, on Monday morning, to whoever wants one; and forget who never confirmed."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_new = queries.has_fresh_news(coop.id)
        if is_new:
            go_on(actions.tell_week, actor=SYSTEM, now=clock.now(), coop_id=coop.id)
    # Only when everybody has their mail: that waits for nothing.
    for coop in coops.all_coops():
        go_on(forget_strangers, coop_id=coop.id, now=clock.now())


def forget_strangers(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Forget what nobody confirmed in a month, and whose address it was where nothing else needs it."""
    actions.forget_unconfirmed(actor=SYSTEM, now=now, coop_id=coop_id)
    with tenant(coop_id):
        unneeded = queries.strangers(coop_id, now - actions.ASKED_FOR)
    for contact_id in unneeded:
        actions.forget_stranger(actor=SYSTEM, now=now, coop_id=coop_id, contact_id=contact_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="messages.read_returned", queue=QUEUE, queueing_lock="messages.read_returned")
def read_returned(timestamp: int) -> None:
    """Read what came back, where the installation says where that is."""
    if settings.BOUNCES_URL:
        take_returned(settings.BOUNCES_URL)


def take_returned(url: str) -> Counter[str]:
    """Read what came back, take it out of its box, and return how many of each kind there were."""
    found: Counter[str] = Counter()

    def read(raw: bytes) -> None:
        found[note_returned(raw)] += 1

    inbox.take(url, read)
    return found


def note_returned(raw: bytes) -> str:
    """Note one message that came back; return what it was. Nothing is ever answered."""
    told = returning.read(raw)
    if isinstance(told, returning.NotReturned):
        return told.what
    known = (
        queries.mail_with_message_id(told.mail_id, told.message_id) is not None
        if told.message_id
        else queries.is_ours(told.mail_id)
    )
    if not known:
        return "unknown_mail"
    is_news = actions.record_bounce(
        actor=SYSTEM,
        now=clock.now(),
        mail_id=told.mail_id,
        kind=told.kind,
        status=told.status,
        words=told.words,
        digest=told.digest,
    )
    return told.kind.value if is_news else "known"


@app.periodic(cron="23 * * * *")
@app.task(name="messages.blank", queue=QUEUE, queueing_lock="messages.blank")
def blank(timestamp: int) -> None:
    """Remove codes and links that have long expired."""
    if queries.has_unblanked(clock.now() - actions.READABLE_FOR):
        actions.blank_secrets(actor=SYSTEM, now=clock.now())
