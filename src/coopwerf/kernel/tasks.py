"""Background work of the kernel: sealing audit entries into the chains, and looking after the queue itself."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import JobDeferrer, Status

from . import chain, clock, limits
from .models import ChainHead, Unsealed
from .questions import ask
from .tenancy import tenant

log = logging.getLogger(__name__)

# A worker says every ten seconds that it lives.
STALLED_SECONDS = 45
MOST_STALLS = 5


_WAITS = "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %(lock)s AND status = 'todo'"


@app.task(name="kernel.seal", queue="seal")
def seal(coop_id: str) -> None:
    """Seal the waiting audit entries of one co-operative."""
    chain.seal(coop_id=uuid.UUID(coop_id), at=clock.now())


def defer_sealing(coop_id: uuid.UUID) -> None:
    """Ask a worker to seal soon; once is enough however many entries wait."""
    # Mostly a twin waits already: to look costs a quarter of being refused by it.
    if ask(_WAITS, {"lock": f"seal:{coop_id}"}):
        return
    defer_once(seal.configure(queueing_lock=f"seal:{coop_id}", lock=f"seal:{coop_id}"), coop_id=coop_id)


def defer_once(job: JobDeferrer, **arguments: uuid.UUID | str | int) -> None:
    """Ask a worker for something in the caller's transaction; where a twin waits already, that is enough.

    Ids are handed over as text, as the queue keeps them.
    """
    try:
        # A twin that waits already breaks only this inner transaction.
        with transaction.atomic():
            job.defer(**{name: str(one) if isinstance(one, uuid.UUID) else one for name, one in arguments.items()})
    except AlreadyEnqueued:
        return


def go_on(deed: Callable[..., object], **whose: Any) -> None:
    """Do one thing of many: where it fails, that is written down, and all others are done."""
    try:
        deed(**whose)
    except Exception:
        about = ", ".join(f"{name} {value}" for name, value in whose.items() if name.endswith("_id"))
        log.exception("%s failed: %s", getattr(deed, "__name__", deed), about)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.seal_all", queue="seal", queueing_lock="seal_all", pass_context=False)
def seal_all(timestamp: int) -> None:
    """Seal whatever still waits anywhere, in case a worker died in between."""
    for coop_id in list(ChainHead.objects.values_list("coop_id", flat=True)):
        with tenant(coop_id):
            waits = Unsealed.objects.filter(coop_id=coop_id).exists()
        if waits:
            chain.seal(coop_id=coop_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", queue="care", queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """Put the jobs of dead workers back into the queue; one that stalled too often has failed."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        if job.attempts >= MOST_STALLS:
            await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
            continue
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # Its twin waits already, and can't begin before this one lets go of their lock.
            await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=True)


@app.periodic(cron="17 3 * * *")
@app.task(name="kernel.forget_old_jobs", queue="care", queueing_lock="forget_old_jobs", pass_context=False)
async def forget_old_jobs(timestamp: int) -> None:
    """Delete jobs that were done two weeks ago; failed ones stay for whoever looks into them."""
    await app.job_manager.delete_old_jobs(nb_hours=24 * 14, include_cancelled=True, include_aborted=True)


@app.periodic(cron="27 3 * * *")
@app.task(name="kernel.forget_counts", queue="care", queueing_lock="forget_counts", pass_context=False)
def forget_counts(timestamp: int) -> None:
    """Forget how often programs and visitors asked, a day later."""
    limits.forget_counts(clock.now())
