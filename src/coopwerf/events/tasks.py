"""Background work of gatherings: letters, places that come free, reminders, forgetting."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tasks import defer_once, go_on
from coopwerf.kernel.tenancy import tenant

from . import actions, policies, queries

log = logging.getLogger(__name__)

QUEUE = "events"
LETTERS_AFTER = 2
"""Seconds in which others join: letters of one evening are written together, and pages come first."""


@app.task(name="events.letters", queue=QUEUE)
def letters(coop_id: str) -> None:
    """Write the letters that wait in a co-operative."""
    write_waiting(uuid.UUID(coop_id), clock.now())


def write_waiting(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Write the letters that wait, some at a time: in between people can register."""
    after: uuid.UUID | None = None
    while True:
        with tenant(coop_id):
            ids = queries.unwritten(coop_id, actions.LETTERS_AT_ONCE, after=after)
        if not ids:
            return
        _write(coop_id, now, ids)
        after = ids[-1]


def _write(coop_id: uuid.UUID, now: dt.datetime, ids: Sequence[uuid.UUID]) -> None:
    """Write these letters; one that can't be written is logged and waits until next time, and no other waits for it."""
    try:
        actions.write_letters(actor=SYSTEM, now=now, coop_id=coop_id, ids=ids)
    except (OperationalError, InterfaceError):
        # It isn't the letter that fails but the database: to ask it many times more helps nobody.
        raise
    except Exception:
        if len(ids) == 1:
            log.exception("no letter about registration %s", ids[0])
            return
        # By halves few questions find the one among many.
        middle = len(ids) // 2
        _write(coop_id, now, ids[:middle])
        _write(coop_id, now, ids[middle:])


def defer_letters(coop_id: uuid.UUID) -> None:
    """Ask a worker to write letters within seconds, in the caller's transaction; once is enough for all."""
    whose = f"events_letters:{coop_id}"
    defer_once(
        letters.configure(queueing_lock=whose, lock=whose, schedule_in={"seconds": LETTERS_AFTER}), coop_id=coop_id
    )


@app.task(name="events.move_up", queue=QUEUE)
def move_up(coop_id: str, gathering_id: str) -> None:
    """Offer places that came free to who waits."""
    actions.give_room(actor=SYSTEM, now=clock.now(), coop_id=uuid.UUID(coop_id), gathering_id=uuid.UUID(gathering_id))


def defer_moving_up(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> None:
    """Ask a worker to look who can have a place, in the caller's transaction; once is enough however many came free."""
    whose = f"events_move_up:{gathering_id}"
    defer_once(move_up.configure(queueing_lock=whose, lock=whose), coop_id=coop_id, gathering_id=gathering_id)


@app.periodic(cron="* * * * *")
@app.task(name="events.keep_time", queue="care", queueing_lock="events.keep_time", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Let lapse what wasn't taken in time, and write what still waits, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        with tenant(coop.id):
            due = queries.due_gatherings(coop.id, now)
            waits = queries.unwritten(coop.id, limit=1)
        for gathering_id in due:
            go_on(actions.give_room, actor=SYSTEM, now=now, coop_id=coop.id, gathering_id=gathering_id)
        if waits:
            defer_letters(coop.id)


@app.periodic(cron="7 8 * * *")
@app.task(name="events.look_after", queue="care", queueing_lock="events.look_after", pass_context=False)
def look_after(timestamp: int) -> None:
    """Remind of tomorrow, ask again after a move, and forget, in every co-operative."""
    now = clock.now()
    for coop in coops.all_coops():
        go_on(look_after_coop, coop_id=coop.id, now=now)


def look_after_coop(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Do what a day asks for in one co-operative."""
    with tenant(coop_id):
        near = [queries.gathering(coop_id, one) for one in queries.to_remind(coop_id, now)]
        again = queries.to_ask_again(coop_id, now)
        old = queries.to_forget(coop_id, now)
        long_ago = queries.to_forget_names(coop_id, now - policies.NAMES_FOR)
    whose: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    for found in near:
        if found is not None and found.begins.date() - now.astimezone(found.begins.tzinfo).date() == dt.timedelta(1):
            go_on(actions.remind_gathering, **whose, gathering_id=found.id)
    for gathering_id in again:
        go_on(actions.ask_again, **whose, gathering_id=gathering_id)
    for gathering_id in old:
        go_on(actions.forget_needs, **whose, gathering_id=gathering_id)
    for gathering_id in long_ago:
        go_on(actions.forget_names, **whose, gathering_id=gathering_id)
