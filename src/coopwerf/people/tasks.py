"""Background work with people's data: erasures whose time has come, and the list of them beside the database."""

import logging

from procrastinate.contrib.django import app

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused

from . import actions, queries
from .actions.erasure_list import write_list

log = logging.getLogger(__name__)
QUEUE = "care"


@app.periodic(cron="* * * * *")
@app.task(name="people.erase_due", queue=QUEUE, queueing_lock="people.erase_due")
def erase_due(timestamp: int) -> None:
    """Erase whoever asked for it and didn't change their mind; what hinders it is tried again."""
    for party_id in queries.erasures_due(clock.now()):
        try:
            actions.erase_party(actor=SYSTEM, now=clock.now(), party_id=party_id)
        except Refused as refusal:
            log.warning("an erasure has to wait: %s", refusal.code)
    write_list()


@app.periodic(cron="41 3 * * *")
@app.task(name="people.forget_sign_ins", queue=QUEUE, queueing_lock="people.forget_sign_ins")
def forget_sign_ins(timestamp: int) -> None:
    """Delete codes, links and sessions that ran out."""
    actions.forget_sign_ins(actor=SYSTEM, now=clock.now())


@app.periodic(cron="23 4 * * *")
@app.task(name="people.erase_rest", queue=QUEUE, queueing_lock="people.erase_rest")
def erase_rest(timestamp: int) -> None:
    """Erase the names and addresses of whom was erased before, once no law keeps them any more."""
    for party_id in queries.erased_with_remains():
        now = clock.now()
        if queries.may_lose_more(party_id, clock.civil_date(now)):
            actions.erase_rest(actor=SYSTEM, now=now, party_id=party_id)
