"""Making documents in the background."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tasks import defer_once
from coopwerf.kernel.tenancy import tenant

from . import actions, files, queries

log = logging.getLogger(__name__)

QUEUE = "documents"
FORGOTTEN_AFTER = dt.timedelta(minutes=5)


@app.task(name="documents.make", queue=QUEUE)
def make(coop_id: str, document_id: str) -> None:
    """Make one document, or write down why it can't be made."""
    whose = {"coop_id": uuid.UUID(coop_id), "document_id": uuid.UUID(document_id)}
    if not actions.begin_document(actor=SYSTEM, now=clock.now(), **whose):
        return
    try:
        actions.make_document(actor=SYSTEM, now=clock.now(), **whose)
    except Refused as refusal:
        actions.fail_document(actor=SYSTEM, now=clock.now(), reason=refusal.code, **whose)
    except Exception:
        # Whatever it is, somebody waits for this document: the page says that it failed, the log says why.
        log.exception("document %s can't be made", document_id)
        actions.fail_document(actor=SYSTEM, now=clock.now(), reason="documents.unset", **whose)


def defer_making_many(coop_id: uuid.UUID, document_ids: Sequence[uuid.UUID]) -> None:
    """Ask workers to make new documents, in the caller's transaction; nobody else knows them yet."""
    jobs = [
        make.configure(queueing_lock=f"document:{one}", lock=f"document:{one}").make_new_job(
            coop_id=str(coop_id), document_id=str(one)
        )
        for one in document_ids
    ]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs=jobs)


def defer_making(coop_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Ask a worker to make a document, in the caller's transaction."""
    job = make.configure(queueing_lock=f"document:{document_id}", lock=f"document:{document_id}")
    defer_once(job, coop_id=coop_id, document_id=document_id)


@app.task(name="documents.remove", queue=QUEUE)
def remove(names: list[str]) -> None:
    """Remove files that nothing points to any more; those that are gone already don't matter."""
    files.remove(names)


def defer_removing(names: list[str]) -> None:
    """Ask a worker to remove files, in the caller's transaction."""
    remove.defer(names=names)


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.resume", queue=QUEUE, queueing_lock="documents.resume")
def resume(timestamp: int) -> None:
    """Put back to work whatever waits too long, because a worker died in between."""
    before = clock.now() - FORGOTTEN_AFTER
    for coop in coops.all_coops():
        with tenant(coop.id):
            for document_id in list(queries.waiting(coop.id, before)):
                defer_making(coop.id, document_id)
