"""Background work of founding: what is published by itself, reminders, and what is forgotten."""

import datetime as dt
import logging
import uuid

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tasks import defer_once, go_on
from coopwerf.kernel.tenancy import tenant

from . import actions, queries

log = logging.getLogger(__name__)

QUEUE = "founding"

FORGOTTEN_AFTER = dt.timedelta(days=7)
"""An offer or a question that nobody confirmed: somebody else's address, or a change of mind."""


@app.task(name="founding.publish", queue=QUEUE)
def publish(coop_id: str) -> None:
    """Publish the reports of a co-operative whose moment has come."""
    publish_due(uuid.UUID(coop_id), clock.now())


def publish_due(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Publish what is due; what lacks something stays as it is, for whoever scheduled it to mend."""
    with tenant(coop_id):
        ids = queries.due(coop_id, now)
    for report_id in ids:
        try:
            actions.publish_report(actor=SYSTEM, now=now, coop_id=coop_id, report_id=report_id)
        except Refused as refusal:
            log.warning("the report %s can't be published: %s", report_id, refusal.code)


def defer_publishing(coop_id: uuid.UUID, report_id: uuid.UUID, at: dt.datetime) -> None:
    """Ask a worker to publish a report at its moment, in the caller's transaction."""
    whose = f"founding.publish:{report_id}:{at:%Y%m%d%H%M}"
    job = publish.configure(queueing_lock=whose, lock=f"founding.publish:{coop_id}", schedule_at=at)
    defer_once(job, coop_id=coop_id)


@app.periodic(cron="* * * * *")
@app.task(name="founding.publish_all", queue="care", queueing_lock="founding.publish_all", pass_context=False)
def publish_all(timestamp: int) -> None:
    """Publish whatever is due anywhere: a worker may have died at that moment."""
    now = clock.now()
    for coop in coops.all_coops():
        go_on(publish_due, coop_id=coop.id, now=now)


@app.periodic(cron="0 7 * * 1")
@app.task(name="founding.remind_moderators", queue="care", queueing_lock="founding.remind", pass_context=False)
def remind_moderators(timestamp: int) -> None:
    """Remind those who write reports of comments that wait, on Monday morning."""
    now = clock.now()
    for coop in coops.all_coops():
        with tenant(coop.id):
            waits = bool(queries.reports_to_moderate(coop.id))
        if waits:
            go_on(actions.remind_moderators, actor=SYSTEM, now=now, coop_id=coop.id)


@app.periodic(cron="43 4 * * *")
@app.task(name="founding.forget", queue="care", queueing_lock="founding.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget comments that nobody confirmed, and after half a year those that weren't taken."""
    now = clock.now()
    before = now - actions.FORGET_UNCONFIRMED_AFTER, now - actions.FORGET_REFUSED_AFTER
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_old = queries.forgettable(coop.id, *before)
        if is_old:
            go_on(actions.forget_old_comments, actor=SYSTEM, now=now, coop_id=coop.id)


@app.periodic(cron="41 4 * * *")
@app.task(name="founding.look_after_yard", queue="care", queueing_lock="founding.look_after_yard", pass_context=False)
def look_after_yard(timestamp: int) -> None:
    """Forget and bring up to date, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        go_on(look_after, coop_id=coop.id, now=now)


def look_after(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Forget what was never confirmed in one co-operative, and bring its entry in the directory up to date."""
    before = now - FORGOTTEN_AFTER
    with tenant(coop_id):
        offers, said = queries.unconfirmed_help(coop_id, before)
        is_listed = queries.listed(coop_id)
    if offers or said:
        actions.forget_unconfirmed(actor=SYSTEM, now=now, coop_id=coop_id, before=before)
    if is_listed:
        actions.refresh_entry(actor=SYSTEM, now=now, coop_id=coop_id)
