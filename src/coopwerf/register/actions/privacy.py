"""What a register forgets of somebody who was erased, besides the salts of their names."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.people import policies as people

from .. import queries
from ..models import MembershipRequest, RegisterImport, RequestEvent
from ..states import OPEN_REQUESTS, RequestEventKind, RequestState
from .imports import drop_open
from .requests import move


@action(verb="register.person_forgotten")
def forget_person(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    emails: Collection[str] = (),
    names: Collection[str] = (),
) -> None:
    """Withdraw the open request of somebody who was erased, and forget what was typed in all of theirs.

    A request that was never confirmed, and a spreadsheet with their name that waits to be booked, go altogether.
    """
    people.may_host(actor).require()
    requests = MembershipRequest.objects.select_for_update().filter(coop_id=coop_id)
    today = civil_date(now)
    touched = 0
    for row in requests.filter(Q(party_id=party_id) | Q(agent_id=party_id)).order_by("id"):
        if row.party_id == party_id and row.state in OPEN_REQUESTS:
            move(row, RequestState.WITHDRAWN)
            row.decided_at, row.decided_on = now, today
            RequestEvent.objects.create(
                coop_id=coop_id, request=row, kind=RequestEventKind.WITHDRAWN.value, on=today, at=now
            )
        row.told, row.explanation, row.sender_key, row.email_key, row.missing = {}, "", "", "", []
        if row.agent_id == party_id:
            row.agent_id = None
        row.save()
        touched += 1
    unconfirmed, _tables = queries.unconfirmed_from(coop_id, emails).delete()
    dropped = queries.open_imports_with(coop_id, emails, names)
    for waiting in RegisterImport.objects.select_for_update().filter(coop_id=coop_id, id__in=dropped).order_by("id"):
        drop_open(waiting, now)
    audit("party", party_id, requests=touched, unconfirmed=unconfirmed, imports=len(dropped))
