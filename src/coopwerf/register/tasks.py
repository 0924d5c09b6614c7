"""Background work of the register: booking what was brought, forgetting what nobody confirmed or booked."""

import datetime as dt
import logging
import uuid

from procrastinate.contrib.django import app

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tasks import defer_once
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import queries as people

from . import actions, queries
from .actions import forget_unconfirmed
from .actions.requests import WAITS_DAYS
from .states import ImportState

log = logging.getLogger(__name__)


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


QUEUE = "register"
FORGOTTEN_AFTER = dt.timedelta(days=14)


@app.task(name="register.book_import", queue=QUEUE)
def book_import(coop_id: str, import_id: str, account_id: str = "") -> None:
    """Book one spreadsheet, or write down why it can't be booked."""
    whose = {"coop_id": uuid.UUID(coop_id), "import_id": uuid.UUID(import_id)}
    now = clock.now()
    today = clock.civil_date(now)
    try:
        actor = people.actor_of(uuid.UUID(account_id), on=today) if account_id else SYSTEM
        with tenant(whose["coop_id"]):
            facts = queries.import_facts(**whose)
            if facts.state is not ImportState.BOOKING:
                return
            _sheet, setting, plan = queries.import_plan(facts, today=today)
        if not plan.is_bookable:
            raise Refused("register.import_doubtful", doubtful=len(plan.doubts))
        actions.import_register(
            actor=actor,
            now=now,
            at=setting.at,
            members=plan.members,
            prices=plan.prices,
            first_dates=plan.first_dates,
            skipped=plan.skipped,
            reference=facts.file_name,
            **whose,
        )
    except Refused as refusal:
        told = {key: str(value) for key, value in refusal.facts.items()}
        actions.stop_import(actor=SYSTEM, now=clock.now(), reason=refusal.code, facts=told, **whose)
    except Exception:
        # Somebody waits for this: the page says that it stopped, the log says why.
        log.exception("import %s can't be booked", import_id)
        actions.stop_import(actor=SYSTEM, now=clock.now(), reason="register.import_unforeseen", facts={}, **whose)


def defer_booking(coop_id: uuid.UUID, import_id: uuid.UUID, actor: Actor) -> None:
    """Ask a worker to book a spreadsheet, in the caller's transaction."""
    defer_once(
        book_import.configure(queueing_lock=f"import:{import_id}", lock=f"import:{coop_id}"),
        coop_id=coop_id,
        import_id=import_id,
        account_id="" if actor.account_id is None else str(actor.account_id),
    )


@app.periodic(cron="43 3 * * *")
@app.task(name="register.forget_imports", queue="care", queueing_lock="register.forget_imports", pass_context=False)
def forget_imports(timestamp: int) -> None:
    """Remove the spreadsheets that were brought two weeks ago and never booked."""
    before = clock.now() - FORGOTTEN_AFTER
    for coop in coops.all_coops():
        with tenant(coop.id):
            waits = bool(queries.forgotten_imports(coop.id, before))
        if waits:
            actions.forget_imports(actor=SYSTEM, now=clock.now(), coop_id=coop.id, before=before)
