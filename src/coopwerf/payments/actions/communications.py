"""Giving everybody the communication under which they pay for ever: a standing order needs one that never changes."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence

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
    wanted = register.parties_moved(coop_id) if party_ids is None else party_ids
    known = queries.permanent_of(coop_id, wanted)
    missing = sorted(set(wanted) - set(known))
    for begin in range(0, len(missing), AT_ONCE):
        part = missing[begin : begin + AT_ONCE]
        Communication.objects.bulk_create(
            [
                Communication(coop_id=coop_id, party_id=party_id, digits=digits)
                for party_id, digits in zip(part, _free(coop_id, len(part)), strict=True)
            ],
            batch_size=1000,
            # Somebody may be given one by another transaction at the same instant: the first one stands.
            ignore_conflicts=True,
        )
    audit("coop", coop_id, given=len(missing))
    return len(missing)


def _free(coop_id: uuid.UUID, count: int) -> list[str]:
    """Draw so many communications that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {make_communication(secrets.randbelow(10**10 - 1) + 1) for _ in range(count - len(found))}
        found |= drawn - queries.taken_among(coop_id, drawn)
    return sorted(found)
