"""Background work of payments: forgetting what no law asks to keep any more."""

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant

from . import actions, queries


@app.periodic(cron="47 3 * * *")
@app.task(name="payments.forget_old_words", queue="care", queueing_lock="forget_old_words", pass_context=False)
def forget_old_words(timestamp: int) -> None:
    """Delete what banks wrote with lines whose years are over, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        with tenant(coop.id):
            before = queries.kept_from(coop.id, clock.civil_date(now))
            is_there = queries.old_words(coop.id, before, limit=1) or queries.old_files(coop.id, before)
        if is_there:
            actions.forget_old_words(actor=SYSTEM, now=now, coop_id=coop.id)
