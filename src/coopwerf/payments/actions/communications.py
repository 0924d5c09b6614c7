"""Giving everybody the communication under which they pay for ever: a standing order needs one that never changes."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence

from django.db import connection

from coopcalc.references import make_communication
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.register import queries as register

from .. import policies, queries
from ..models import Communication

AT_ONCE = 5000


@action(verb="payments.communications_given")
def give_communications(
    *, coop_id: uuid.UUID, party_ids: Sequence[uuid.UUID] | None = None, actor: Actor, now: dt.datetime
) -> int:
    """Give a communication for ever to each of these who has none, or to everybody who ever held shares.

    Who brought one from elsewhere keeps it: it stands in the register. Returns how many were given.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    wanted = set(register.parties_moved(coop_id) if party_ids is None else party_ids)
    missing = sorted(wanted - set(queries.permanent_of(coop_id, wanted)))
    given = 0
    for begin in range(0, len(missing), AT_ONCE):
        part = missing[begin : begin + AT_ONCE]
        while part:
            given += _write(coop_id, part, _free(coop_id, len(part)))
            # Who was given one by another transaction at the same instant keeps that. Whoever has none still was to get
            # what somebody else was given meanwhile: for them another one is drawn.
            rows = Communication.objects.filter(coop_id=coop_id, party_id__in=part)
            has = set(rows.values_list("party_id", flat=True))
            part = [party_id for party_id in part if party_id not in has]
    audit("coop", coop_id, given=given)
    return given


def _write(coop_id: uuid.UUID, party_ids: Sequence[uuid.UUID], digits: Sequence[str]) -> int:
    """Write the communications that clash with no other one; return how many these are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO payments_communication (coop_id, party_id, digits)
            SELECT %s, party_id, digits FROM unnest(%s::uuid[], %s::text[]) AS told (party_id, digits)
            ON CONFLICT DO NOTHING
            """,
            [coop_id, list(party_ids), list(digits)],
        )
        return int(cursor.rowcount)


def _free(coop_id: uuid.UUID, count: int) -> list[str]:
    """Draw so many communications that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {make_communication(secrets.randbelow(10**10 - 1) + 1) for _ in range(count - len(found))}
        found |= drawn - queries.taken_among(coop_id, drawn)
    return sorted(found)
