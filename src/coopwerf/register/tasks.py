"""Background work of the register: forgetting what was typed and never confirmed."""

import datetime as dt

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant

from . import queries
from .actions import forget_unconfirmed
from .actions.requests import WAITS_DAYS


@app.periodic(cron="41 3 * * *")
@app.task(name="register.forget_unconfirmed", queue="care", queueing_lock="forget_unconfirmed", pass_context=False)
def forget_unconfirmed_requests(timestamp: int) -> None:
    """Delete requests that nobody confirmed within their days, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_waiting = queries.has_stale_requests(coop.id, now - dt.timedelta(days=WAITS_DAYS))
        if is_waiting:
            forget_unconfirmed(actor=SYSTEM, now=now, coop_id=coop.id)
