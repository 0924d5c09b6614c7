"""What was issued to whom, by day, and what is asked for: the figures that limits on offers are held against.

The SQL is put together from constants of this module.
"""
# ruff: noqa: S608

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from coopwerf.kernel.memo import kept_while
from coopwerf.kernel.money import CENT
from coopwerf.kernel.questions import ask

from ..states import OPEN_REQUESTS


@dataclasses.dataclass(frozen=True, slots=True)
class IssuedOn:
    """What was issued on a day, in euro, without what was corrected since."""

    on: dt.date
    amount: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class AskedFor:
    """What open requests ask for together and what is paid on them, in euro."""

    amount: Decimal
    paid: Decimal
    requests: int


# Corrections carry the day, class and amount of what they undo, with the opposite quantity: they simply add up. What a
# correction undoes is looked up for corrections only: of issues there are very many.
_ISSUED = """
    FROM register_movement m
    WHERE m.coop_id = %(coop)s AND m."on" >= %(since)s AND m.kind IN ('issue', 'correction')
      AND CASE m.kind WHEN 'issue' THEN true
          ELSE (SELECT wrong.kind = 'issue' FROM register_movement wrong WHERE wrong.id = m.corrects_id) END
      AND (%(classes)s::uuid[] IS NULL OR m.share_class_id = ANY(%(classes)s::uuid[]))
"""
_BY_DAY_SQL = (
    'SELECT m."on", sum(m.quantity * m.amount_per_share)'
    + _ISSUED
    + ' GROUP BY m."on" HAVING sum(m.quantity * m.amount_per_share) <> 0 ORDER BY m."on"'
)
_OF_PARTIES_SQL = (
    'SELECT m."on", sum(m.quantity * m.amount_per_share)'
    + _ISSUED
    + " AND m.member_id IN (SELECT id FROM register_member WHERE coop_id = %(coop)s AND party_id = ANY(%(parties)s))"
    ' GROUP BY m."on" HAVING sum(m.quantity * m.amount_per_share) <> 0 ORDER BY m."on"'
)
_TAKERS_SQL = (
    "SELECT count(*) FROM (SELECT holder.party_id FROM (SELECT m.member_id"
    + _ISSUED
    + " GROUP BY m.member_id HAVING sum(m.quantity) > 0) taken"
    " JOIN register_member holder ON holder.id = taken.member_id"
    " UNION SELECT r.party_id FROM register_membershiprequest r"
    " WHERE r.coop_id = %(coop)s AND r.state = ANY(%(open)s) AND r.quantity > 0"
    " AND (%(classes)s::uuid[] IS NULL OR r.share_class_id = ANY(%(classes)s::uuid[]))) takers"
)
# Positions are given under the lock of the chain's head, held until the transaction ends: who comes later stands later.
_NEWEST_SQL = "SELECT id FROM register_movement WHERE coop_id = %(coop)s ORDER BY position DESC LIMIT 1"
_ASKED_SQL = """
    SELECT coalesce(sum(quantity * amount_per_share), 0), coalesce(sum(paid), 0), count(*)
    FROM register_membershiprequest
    WHERE coop_id = %(coop)s AND state = ANY(%(open)s) AND quantity > 0
      AND (%(classes)s::uuid[] IS NULL OR share_class_id = ANY(%(classes)s::uuid[]))
      AND (%(parties)s::uuid[] IS NULL OR party_id = ANY(%(parties)s::uuid[]))
      AND asked_on >= %(since)s
"""


def _facts(coop_id: uuid.UUID, since: dt.date, classes: Collection[uuid.UUID] | None) -> dict[str, object]:
    return {
        "coop": coop_id,
        "since": since,
        "classes": None if classes is None else list(classes),
        "open": [state.value for state in OPEN_REQUESTS],
    }


def issued_by_day(
    coop_id: uuid.UUID,
    since: dt.date,
    *,
    classes: Collection[uuid.UUID] | None = None,
    party_ids: Collection[uuid.UUID] | None = None,
) -> Sequence[IssuedOn]:
    """Return what was issued on each day from a date on, in all classes or some, to everybody or to these parties."""
    facts = _facts(coop_id, since, classes)
    if party_ids is not None:
        return _by_day(_OF_PARTIES_SQL, {**facts, "parties": list(party_ids)}) if party_ids else ()
    # Of a year of many members that is a long sum, and whoever asks for shares asks for it: it is made once for each
    # state of the register, which is only ever added to.
    return kept_while(
        ("register.issued_by_day", coop_id, since, None if classes is None else frozenset(classes)),
        lambda: tuple(ask(_NEWEST_SQL, facts)),
        lambda: _by_day(_BY_DAY_SQL, facts),
    )


def _by_day(sql: str, facts: dict[str, object]) -> tuple[IssuedOn, ...]:
    return tuple(IssuedOn(on, Decimal(amount).quantize(CENT)) for on, amount in ask(sql, facts))


def asked_for(
    coop_id: uuid.UUID,
    *,
    since: dt.date = dt.date.min,
    classes: Collection[uuid.UUID] | None = None,
    party_ids: Collection[uuid.UUID] | None = None,
) -> AskedFor:
    """Return what open requests ask for, in all classes or some, of everybody or of these parties."""
    facts = {**_facts(coop_id, since, classes), "parties": None if party_ids is None else list(party_ids)}
    amount, paid, requests = ask(_ASKED_SQL, facts)[0]
    return AskedFor(Decimal(amount).quantize(CENT), Decimal(paid).quantize(CENT), requests)


def takers(coop_id: uuid.UUID, since: dt.date, *, classes: Collection[uuid.UUID] | None = None) -> int:
    """Return how many people and organisations were issued shares from a date on or ask for some now."""
    return int(ask(_TAKERS_SQL, _facts(coop_id, since, classes))[0][0])
