"""Background work of the kernel: sealing audit entries into the chains."""

import uuid

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import chain, clock
from .models import ChainHead, Unsealed
from .tenancy import tenant


@app.task(name="kernel.seal", queue="seal")
def seal(coop_id: str) -> None:
    """Seal the waiting audit entries of one co-operative."""
    chain.seal(coop_id=uuid.UUID(coop_id), at=clock.now())


def defer_sealing(coop_id: uuid.UUID) -> None:
    """Ask a worker to seal soon; once is enough however many entries wait."""
    try:
        # An enqueued twin breaks only this inner transaction.
        with transaction.atomic():
            seal.configure(queueing_lock=f"seal:{coop_id}", lock=f"seal:{coop_id}").defer(coop_id=str(coop_id))
    except AlreadyEnqueued:
        return


@app.periodic(cron="* * * * *")
@app.task(name="kernel.seal_all", queue="seal", queueing_lock="seal_all", pass_context=False)
def seal_all(timestamp: int) -> None:
    """Seal whatever still waits anywhere, in case a worker died in between."""
    for coop_id in list(ChainHead.objects.values_list("coop_id", flat=True)):
        with tenant(coop_id):
            waits = Unsealed.objects.filter(coop_id=coop_id).exists()
        if waits:
            chain.seal(coop_id=coop_id, at=clock.now())
