"""What is still to come in, and what is to be paid, all together: for the proof of the books."""

import datetime as dt
import uuid
from decimal import Decimal

from coopwerf.kernel.questions import ask

from ..states import ClaimKind, ClaimState, Direction, MatchKind

_OWED = """
    SELECT coalesce(sum(greatest(c.amount - coalesce(m.paid, 0), 0)), 0.00)
    FROM payments_claim c LEFT JOIN LATERAL (
        SELECT sum(m.amount) AS paid FROM payments_match m
        WHERE m.claim_id = c.id AND m.kind = %(match)s AND m."on" <= %(at)s
    ) m ON true
    WHERE c.coop_id = %(coop)s AND c.direction = %(direction)s
      AND (c.opened_at AT TIME ZONE 'Europe/Brussels')::date <= %(at)s AND (c.ended_on IS NULL OR c.ended_on > %(at)s)
"""
_DUE = """
    SELECT coalesce(sum(amount) FILTER (WHERE state <> %(cancelled)s), 0.00) - coalesce(sum(paid), 0.00)
    FROM payments_claim WHERE coop_id = %(coop)s AND direction = %(direction)s AND kind = %(kind)s
"""


def owed(coop_id: uuid.UUID, at: dt.date) -> Decimal:
    """Return what was still to come in at the end of a day, of what was asked for by then and hadn't ended."""
    rows = ask(
        _OWED,
        {
            "coop": coop_id,
            "at": at,
            "direction": Direction.IN.value,
            "match": MatchKind.CLAIM.value,
        },
    )
    return Decimal(rows[0][0])


def due(coop_id: uuid.UUID, kind: ClaimKind) -> Decimal:
    """Return what the co-operative is to pay by now for a kind of claim, less what it paid.

    What was paid for one that is cancelled by now was too much: it is taken off.
    """
    told = {
        "coop": coop_id,
        "kind": kind.value,
        "direction": Direction.OUT.value,
        "cancelled": ClaimState.CANCELLED.value,
    }
    return Decimal(ask(_DUE, told)[0][0])
