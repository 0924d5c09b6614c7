"""Background work of the yard: what was never confirmed is forgotten, and the directory is kept up to date."""

import datetime as dt
import logging

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant

from . import actions, queries

log = logging.getLogger(__name__)

FORGOTTEN_AFTER = dt.timedelta(days=7)
"""An offer or a question that nobody confirmed: somebody else's address, or a change of mind."""


@app.periodic(cron="41 4 * * *")
@app.task(name="founding.look_after_yard", queue="care", queueing_lock="founding.look_after_yard", pass_context=False)
def look_after_yard(timestamp: int) -> None:
    """Forget and bring up to date, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        try:
            look_after(coop, now)
        except Refused as refusal:
            log.warning("the yard of %s wasn't looked after: %s", coop.id, refusal.code)


def look_after(coop: CoopFacts, now: dt.datetime) -> None:
    """Forget what was never confirmed in one co-operative, and bring its entry in the directory up to date."""
    before = now - FORGOTTEN_AFTER
    with tenant(coop.id):
        offers, said = queries.forgettable(coop.id, before)
        is_listed = queries.listed(coop.id)
    if offers or said:
        actions.forget_unconfirmed(actor=SYSTEM, now=now, coop_id=coop.id, before=before)
    if is_listed:
        actions.refresh_entry(actor=SYSTEM, now=now, coop_id=coop.id)
