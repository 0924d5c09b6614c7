"""Background work of capital: letters to subscribers, what lapses, who is reminded, who moves up."""

import datetime as dt
import logging
import uuid
from typing import Any

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tasks import defer_once, go_on
from coopwerf.kernel.tenancy import tenant

from . import actions, queries
from .actions import QUEUE_DAYS

log = logging.getLogger(__name__)

QUEUE = "capital"
LETTERS_AFTER = 2
"""Seconds in which others join: letters of one evening are written together, and pages come first."""


@app.task(name="capital.first_letters", queue=QUEUE)
def first_letters(coop_id: str) -> None:
    """Write to whoever subscribed lately and got no letter yet."""
    write_waiting(uuid.UUID(coop_id), clock.now())


def write_waiting(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Write the first letters that wait in a co-operative."""
    act: dict[str, Any] = {"actor": SYSTEM, "coop_id": coop_id, "now": now}
    try:
        while len(actions.write_first_letters(**act)) == actions.LETTERS_AT_ONCE:
            pass
    except Refused:
        # To one of them nothing can be written: each gets their own, and nobody waits for another.
        with tenant(coop_id):
            ids = queries.unwritten(coop_id, now - actions.LETTERS_FOR, limit=100_000)
        for subscription_id in ids:
            try:
                actions.write_first_letters(**act, ids=[subscription_id])
            except Refused as refusal:
                log.warning("no letter about the subscription %s: %s", subscription_id, refusal.code)


def defer_first_letters(coop_id: uuid.UUID) -> None:
    """Ask a worker to write to who subscribes in these seconds, in the caller's transaction; once is enough for all."""
    whose = f"first_letters:{coop_id}"
    soon = first_letters.configure(queueing_lock=whose, lock=whose, schedule_in={"seconds": LETTERS_AFTER})
    defer_once(soon, coop_id=coop_id)


@app.periodic(cron="* * * * *")
@app.task(name="capital.first_letters_all", queue="care", queueing_lock="capital.first_letters_all", pass_context=False)
def first_letters_all(timestamp: int) -> None:
    """Write what still waits anywhere: who subscribed just when others' letters were being written, a worker died."""
    since = clock.now() - actions.LETTERS_FOR
    for coop in coops.all_coops():
        with tenant(coop.id):
            waits = queries.unwritten(coop.id, since, limit=1)
        if waits:
            defer_first_letters(coop.id)


@app.task(name="capital.move_up", queue=QUEUE)
def move_up(coop_id: str, offer_id: str) -> None:
    """Give room that came to whoever waits."""
    with tenant(uuid.UUID(coop_id)):
        is_waited_for = uuid.UUID(offer_id) in queries.offers_with_queue(uuid.UUID(coop_id))
    if is_waited_for:
        move_all_up(actor=SYSTEM, now=clock.now(), coop_id=uuid.UUID(coop_id), offer_id=uuid.UUID(offer_id))


def move_all_up(**whose: Any) -> None:
    """Give the room there is to whoever waits, some at a time: in between others can subscribe elsewhere."""
    while actions.move_up(**whose) == actions.MOVED_AT_ONCE:
        pass


def defer_moving_up(coop_id: uuid.UUID, offer_id: uuid.UUID) -> None:
    """Ask a worker to look who can move up; once is enough however much room came."""
    whose = f"move_up:{offer_id}"
    defer_once(move_up.configure(queueing_lock=whose, lock=whose), coop_id=coop_id, offer_id=offer_id)


@app.task(name="capital.take_up_again", queue=QUEUE)
def take_up_again(coop_id: str, subscription_id: str) -> None:
    """See whether somebody who paid late can take part again."""
    actions.take_up_again(
        actor=SYSTEM, now=clock.now(), coop_id=uuid.UUID(coop_id), subscription_id=uuid.UUID(subscription_id)
    )


def defer_taking_up(coop_id: uuid.UUID, subscription_id: uuid.UUID) -> None:
    """Ask a worker to see to a payment that came late, in the caller's transaction."""
    take_up_again.defer(coop_id=str(coop_id), subscription_id=str(subscription_id))


@app.periodic(cron="23 5 * * *")
@app.task(name="capital.look_after", queue="care", queueing_lock="capital.look_after", pass_context=False)
def look_after(timestamp: int) -> None:
    """Remind, let lapse, let move up and forget, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        go_on(look_after_coop, coop_id=coop.id, now=now)


def look_after_coop(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Do what a day asks for in one co-operative; a second time on the same day nothing is left to do.

    Each by itself: where one thing can't be done, nobody else waits for it.
    """
    today = clock.civil_date(now)
    whose: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    with tenant(coop_id):
        reminded = queries.to_remind(coop_id, today, limit=100_000)
        lapsed = queries.unpaid_since(coop_id, today, limit=100_000)
        lapsed += queries.stale_in_queue(coop_id, now - dt.timedelta(days=QUEUE_DAYS), limit=100_000)
    for subscription_id in reminded:
        go_on(actions.remind, **whose, subscription_id=subscription_id)
    for subscription_id in lapsed:
        go_on(actions.lapse_subscription, **whose, subscription_id=subscription_id)
    with tenant(coop_id):
        waited_for = queries.offers_with_queue(coop_id)
        is_old = queries.forgettable(coop_id, now - dt.timedelta(days=actions.FORGET_DAYS)).exists()
    for offer_id in waited_for:
        go_on(move_all_up, **whose, offer_id=offer_id)
    if is_old:
        go_on(actions.forget_typed, **whose)
