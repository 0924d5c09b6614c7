"""Giving everybody the communication under which they pay for ever: a standing order needs one that never changes."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence

from coopcalc.references import make_communication
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.questions import ask
from coopwerf.register import queries as register

from .. import policies, queries

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
    given = 0
    for begin in range(0, len(missing), AT_ONCE):
        part = missing[begin : begin + AT_ONCE]
        given += len(_insert(coop_id, part, _free(coop_id, len(part))))
    audit("coop", coop_id, given=given)
    return given


def _insert(coop_id: uuid.UUID, party_ids: Sequence[uuid.UUID], digits: Sequence[str]) -> list[tuple[object, ...]]:
    """Insert communications; to whom another transaction gives one at the same instant, that one stays."""
    return ask(
        """
        INSERT INTO payments_communication (coop_id, party_id, digits)
        SELECT %(coop)s, given.party, given.digits
        FROM unnest(%(parties)s::uuid[], %(digits)s::text[]) AS given (party, digits)
        ON CONFLICT (coop_id, party_id) DO NOTHING RETURNING id
        """,
        {"coop": coop_id, "parties": list(party_ids), "digits": list(digits)},
    )


def _free(coop_id: uuid.UUID, count: int) -> list[str]:
    """Draw so many communications that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {make_communication(secrets.randbelow(10**10 - 1) + 1) for _ in range(count - len(found))}
        found |= drawn - queries.taken_among(coop_id, drawn)
    return sorted(found)
