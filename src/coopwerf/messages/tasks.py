"""Delivering mail in the background."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from coopwerf.documents import queries as documents
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant

from . import actions, addresses, queries, rendering, smtp
from .queries import FileFacts, MailFacts
from .states import MailState, Outcome

log = logging.getLogger(__name__)

QUEUE = "mail"
OVERDUE_AFTER = dt.timedelta(minutes=5)


@app.task(name="messages.deliver", queue=QUEUE)
def deliver(mail_id: str) -> None:
    """Try to deliver one mail, once.

    At least once, that is: a worker that dies between the server's yes and our note of it sends the mail again,
    under the same Message-ID.
    """
    mail = queries.mail(uuid.UUID(mail_id))
    if mail is None or mail.state is not MailState.WAITING or not settings.SMTP_URL:
        return
    files = files_along(mail)
    if files is None:
        return
    try:
        server = smtp.server_of(settings.SMTP_URL)
        sender = settings.DEFAULT_FROM_EMAIL
        answer = smtp.deliver(
            server, sender=sender, to=addresses.envelope(mail.to), content=rendering.mime_of(mail, files)
        )
    except ValueError as error:
        log.exception("mail %s can't be handed over", mail_id)
        answer = smtp.Answer(Outcome.PUT_OFF, str(error))
    actions.record_attempt(actor=SYSTEM, now=clock.now(), mail_id=mail.id, answer=answer)


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
    try:
        # A twin that waits already breaks only this inner transaction.
        with transaction.atomic():
            deliver.configure(queueing_lock=merged, lock=f"mail:{mail_id}", schedule_at=at).defer(mail_id=str(mail_id))
    except AlreadyEnqueued:
        return


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


@app.periodic(cron="23 * * * *")
@app.task(name="messages.blank", queue=QUEUE, queueing_lock="messages.blank")
def blank(timestamp: int) -> None:
    """Remove codes and links that have long expired."""
    if queries.has_unblanked(clock.now() - actions.READABLE_FOR):
        actions.blank_secrets(actor=SYSTEM, now=clock.now())
