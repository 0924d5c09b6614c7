"""Closing periods, and opening them again."""

import datetime as dt
import uuid

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import Closing
from ..states import ReopenReason


@action(verb="ledger.period_closed")
def close_period(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, until: dt.date) -> None:
    """Close the books until and including a day: from then on no entry is dated on it or before.

    Raises Refused for a day that isn't over yet, and for one that is closed already.
    """
    chain.lock(coop_id)
    today = civil_date(now)
    policies.may_keep_books(actor, coop_id, today).require()
    policies.may_close_period(queries.books(coop_id), until, today).require()
    _record(actor, now, coop_id, until, "")
    audit("coop", coop_id, until=until)


@action(verb="ledger.period_reopened")
def reopen_period(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, reason: str, until: dt.date | None = None
) -> None:
    """Open closed days again, for a reason: those after `until`, or all where it is None.

    The row that closed them stays, and so does this one. Raises Refused without a reason from the list.
    """
    chain.lock(coop_id)
    policies.may_keep_books(actor, coop_id, civil_date(now)).require()
    books = queries.books(coop_id)
    policies.may_reopen_period(books).require()
    assert books is not None
    if reason not in list(ReopenReason):
        raise Refused("ledger.reason_unknown", path="reason")
    if until is not None and (books.closed_until is None or until >= books.closed_until):
        raise Refused("ledger.reopen_earlier", path="until", until=books.closed_until)
    if until is not None and until < books.begins_on:
        until = None
    _record(actor, now, coop_id, until, reason)
    audit("coop", coop_id, was=books.closed_until, until=until, reason=reason)


def _record(actor: Actor, now: dt.datetime, coop_id: uuid.UUID, until: dt.date | None, reason: str) -> None:
    Closing.objects.create(
        coop_id=coop_id,
        closed_until=until,
        reason=reason,
        head=chain.head_of(coop_id),
        recorded_at=now,
        author_id=actor.party_id,
    )
