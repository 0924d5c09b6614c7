"""Taking back what was said of money, and payments that came back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..happenings import PaymentReturned
from ..models import Match
from ..states import MatchKind
from .writing import Draft, Held, unwrite, write

TWINS = (MatchKind.INTERNAL, MatchKind.RETURN)


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    """Name what was taken back, the day of its posting, and whether that is a later one because its own is closed."""

    match_ids: tuple[uuid.UUID, ...]
    on: dt.date
    moved: bool


def _standing(coop_id: uuid.UUID, **which: object) -> list[Match]:
    return list(Match.objects.filter(coop_id=coop_id, undoes=None, undone_by=None, **which).order_by("id"))


def _with_twins(coop_id: uuid.UUID, originals: Iterable[Match]) -> list[Match]:
    """Return matches with the other side of those that were said of two entries at once."""
    found = {row.id: row for row in originals}
    for row in list(found.values()):
        if row.kind in TWINS and row.other_entry_id is not None:
            twins = _standing(coop_id, entry_id=row.other_entry_id, other_entry_id=row.entry_id, kind=row.kind)
            found.update({twin.id: twin for twin in twins})
    return sorted(found.values(), key=lambda row: row.id)


def _hold(coop_id: uuid.UUID, originals: Iterable[Match], *entry_ids: uuid.UUID) -> Held:
    rows = list(originals)
    return Held(coop_id, [row.claim_id for row in rows], [*entry_ids, *(row.entry_id for row in rows)])


def _unchanged(coop_id: uuid.UUID, originals: Iterable[Match]) -> list[Match]:
    """Return the matches as they are now that their entries are locked."""
    ids = [row.id for row in originals]
    rows = Match.objects.filter(coop_id=coop_id, id__in=ids).select_related("undone_by").order_by("id")
    return list(rows)


def _undo(coop_id: uuid.UUID, originals: list[Match], *, actor: Actor, now: dt.datetime) -> Undone:
    held = _hold(coop_id, originals)
    current = _unchanged(coop_id, originals)
    rows = unwrite(coop_id, held, current, on=lambda row: row.on, actor=actor, now=now)
    was = {row.id: row.on for row in current}
    moved = any(row.on != was[row.undoes_id] for row in rows if row.undoes_id is not None)
    return Undone(tuple(row.id for row in current), max(row.on for row in rows), moved)


@action(verb="payments.match_undone")
def undo_match(*, coop_id: uuid.UUID, match_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Undone:
    """Take back what was said of an entry, or of a part of it: its postings are reversed, never erased.

    Where the day of its posting is closed by now, the opposite one is dated on the first open day: `moved` tells.
    Raises Refused where it was undone already, and where what it led to can't be taken back.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    row = Match.objects.filter(coop_id=coop_id, id=match_id).select_related("undone_by").first()
    if row is None:
        raise Refused("payments.match_unknown")
    stands = row.undoes_id is None and getattr(row, "undone_by", None) is None
    undone = _undo(coop_id, _with_twins(coop_id, [row]) if stands else [row], actor=actor, now=now)
    audit("match", match_id, entry=row.entry_id, claim=row.claim_id, amount=row.amount, on=undone.on)
    return undone


@action(verb="payments.entry_undone")
def undo(*, coop_id: uuid.UUID, entry_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Undone:
    """Take back everything that was said of an entry: it waits again as on its first day."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    originals = _with_twins(coop_id, _standing(coop_id, entry_id=entry_id))
    if not originals:
        raise Refused("payments.nothing_to_undo")
    undone = _undo(coop_id, originals, actor=actor, now=now)
    audit("bank_entry", entry_id, matches=list(undone.match_ids), on=undone.on)
    return undone


@action(verb="payments.returned")
def note_return(
    *, coop_id: uuid.UUID, entry_id: uuid.UUID, returned_entry_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> Undone:
    """Say that an entry brings back a payment: what that one was for is undone, and both are explained by each other.

    What was paid with it is owed again, from the day on which the bank brought it back.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    originals = _with_twins(coop_id, _standing(coop_id, entry_id=returned_entry_id))
    held = _hold(coop_id, originals, entry_id, returned_entry_id)
    back, paid = held.entry(entry_id), held.entry(returned_entry_id)
    if back.amount != -paid.amount or back.account_id != paid.account_id:
        raise Refused("payments.no_return")
    if back.open != back.amount:
        raise Refused("payments.explained_already")
    current = _unchanged(coop_id, originals)
    if any(row.kind == MatchKind.RETURN for row in current):
        raise Refused("payments.returned_already")
    on = back.posted_on or back.booked
    unwrite(coop_id, held, current, on=lambda row: max(row.on, on), actor=actor, now=now)
    if paid.open != paid.amount:
        raise Refused("payments.explained_already")
    drafts = [
        Draft(entry_id=entry_id, kind=MatchKind.RETURN, other_entry_id=returned_entry_id, on=on),
        Draft(entry_id=returned_entry_id, kind=MatchKind.RETURN, other_entry_id=entry_id, on=on),
    ]
    rows = write(coop_id, held, drafts, actor=actor, now=now)
    claim_ids = tuple(row.claim_id for row in current if row.claim_id is not None)
    announce(
        PaymentReturned(
            coop_id=coop_id,
            entry_id=entry_id,
            returned_entry_id=returned_entry_id,
            claim_ids=claim_ids,
            return_code=back.return_code,
            amount=abs(back.amount),
            on=back.booked,
        )
    )
    audit("bank_entry", entry_id, returns=returned_entry_id, undone=[row.id for row in current], code=back.return_code)
    return Undone(tuple(row.id for row in current), rows[0].on, False)
