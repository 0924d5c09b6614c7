"""What is owed to the co-operative and by it, for programs."""

import uuid

from coopwerf.kernel.api import Call, Cursor, Limit, Page, Slug, amount, packed, unpacked
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Scope

from .. import queries
from ..states import ClaimKind, ClaimState, Direction
from .shapes import ClaimOut, routes, see


def _claim(one: queries.ClaimFacts) -> ClaimOut:
    return ClaimOut(
        id=one.id,
        party_id=one.party_id,
        kind=one.kind,
        direction=one.direction,
        source_kind=one.source_kind,
        source_id=one.source_id,
        amount=amount(one.amount),
        paid=amount(one.paid),
        open=amount(one.open),
        over=amount(one.over),
        due_on=one.due_on,
        communication=one.digits,
        state=one.state,
        iban=one.iban,
        holder=one.holder,
        opened_at=one.opened_at,
    )


@routes.get("/coops/{slug:slug}/bank/claims", scope=Scope.BANK_READ, answers=Page[ClaimOut])
def claims(
    call: Call,
    slug: Slug,
    state: ClaimState | None = None,
    kind: ClaimKind | None = None,
    direction: Direction | None = None,
    party_id: uuid.UUID | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[ClaimOut]:
    """List what is owed to the co-operative (`in`) and by it (`out`), the latest first."""
    see(call)
    which = f"claims {call.coop.id} {state} {kind} {direction} {party_id}"
    place = unpacked(which, cursor)
    rows = queries.claims_page(
        call.coop.id,
        state=state,
        kind=kind,
        direction=direction,
        party_id=party_id,
        before=None if place is None else uuid.UUID(place[0]),
        limit=limit + 1,
    )
    some = rows[:limit]
    return Page(
        items=[_claim(one) for one in some],
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


@routes.get("/coops/{slug:slug}/bank/claims/{uuid:claim_id}", scope=Scope.BANK_READ, answers=ClaimOut)
def claim(call: Call, slug: Slug, claim_id: uuid.UUID) -> ClaimOut:
    """Tell how far something that is owed has come, and how it is paid."""
    see(call)
    found = queries.claim_facts(call.coop.id, claim_id)
    if found is None:
        raise Refused("kernel.api_not_found")
    return _claim(found)
