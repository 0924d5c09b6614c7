"""Bringing what the register says of shares into the books, and what is due to who left onto the list of payments."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.money import ZERO
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.actions import Posting
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as payment_queries
from coopwerf.payments.actions import ClaimAsked
from coopwerf.payments.states import ClaimKind, ClaimState, Direction
from coopwerf.register import queries as register
from coopwerf.register.queries import Moved
from coopwerf.register.states import LEAVING, MovementKind

from .. import policies, queries
from ..states import MOVEMENT_SOURCE, REGISTER_SOURCE

CLAIMS_AT_ONCE: Final = 5000
MOST_ONE_BY_ONE: Final = 2000
"""More movements than that come into the books as one entry for each day and kind: a register that was imported."""


@action(verb="capital.shares_posted")
def post_shares(*, coop_id: uuid.UUID, first: int, last: int, actor: Actor, now: dt.datetime) -> int:
    """Post what the movements between two positions of the chain did to the money behind shares; return the entries.

    What happened before the books began is added to their opening; what is dated in a closed period is posted on the
    first open day. What is due to who left stands on the list of payments to make from then on. For what is called
    paid and never came in, a claim is opened: its line of the bank can be matched to that.
    """
    policies.may_follow_books(actor).require()
    moved: Sequence[Moved] = _moved(coop_id, first, last)
    entries = _post(coop_id, moved, actor=actor, now=now)
    audit("coop", coop_id, first=first, last=last, entries=entries)
    return entries


@action(verb="capital.shares_opened")
def open_share_books(*, coop_id: uuid.UUID, begins_on: dt.date, actor: Actor, now: dt.datetime) -> int:
    """Post what was contributed when the books began, and what moved since; return how many entries that made."""
    policies.may_follow_books(actor).require()
    before = register.contributed(coop_id, begins_on - dt.timedelta(days=1))
    opening = Posting(
        on=begins_on,
        rule="shares_opening",
        amounts={"paid": before.paid, "unpaid": before.unpaid},
        source_kind=REGISTER_SOURCE,
    )
    if any(opening.amounts.values()):
        ledger.post(actor=actor, now=now, coop_id=coop_id, postings=[opening])
    by_day = register.moved_by_day(coop_id, begins_on)
    if sum(one.movements for one in by_day) > MOST_ONE_BY_ONE:
        since = [one for one in by_day if one.kind not in LEAVING]
        since += register.moved(coop_id, since=begins_on, kinds=LEAVING)
    else:
        since = register.moved(coop_id, since=begins_on)
    entries = _post(coop_id, since, actor=actor, now=now) + any(opening.amounts.values())
    audit("coop", coop_id, begins=begins_on, entries=entries)
    return entries


@action(verb="capital.claims_taken_back")
def take_back_claims(*, coop_id: uuid.UUID, movement_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Cancel what was due, or asked for, by a movement that is about to be undone; return how many claims that were."""
    policies.may_follow_books(actor).require()
    found = payment_queries.claims_by_source(coop_id, MOVEMENT_SOURCE, movement_id)
    due = [claim for claim in found if claim.state is not ClaimState.CANCELLED]
    for claim in due:
        payments.cancel_claim(coop_id=coop_id, claim_id=claim.id, actor=actor, now=now)
    audit("movement", movement_id, claims=len(due))
    return len(due)


def _moved(coop_id: uuid.UUID, first: int, last: int) -> list[Moved]:
    if last - first < MOST_ONE_BY_ONE:
        return register.moved(coop_id, first, last)
    many = register.moved_by_day(coop_id, dt.date.min, first, last, besides=LEAVING)
    return [*many, *register.moved(coop_id, first, last, kinds=LEAVING)]


def _post(coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime) -> int:
    known = books.books(coop_id)
    assert known is not None
    rows = list(moved)
    claims = _claims(coop_id, [one for one in rows if one.on >= known.begins_on], actor=actor, now=now)
    postings = [_posting(one, known, claims) for one in rows]
    wanted = [posting for posting in postings if any(posting.amounts.values())]
    if wanted:
        ledger.post(actor=actor, now=now, coop_id=coop_id, postings=wanted)
        _ask_for_lacking(coop_id, [one for one in rows if one.on >= known.begins_on], actor=actor, now=now)
    return len(wanted)


def _ask_for_lacking(coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime) -> None:
    """Ask for what the register calls paid and no payment came for: its line of the bank is matched to that later."""
    paid = [
        one
        for one in moved
        if one.party_id is not None and one.kind in (MovementKind.ISSUE, MovementKind.PAYMENT) and one.paid > 0
    ]
    parties = {one.party_id for one in paid if one.party_id is not None}
    if not parties:
        return
    received = queries.received_from(coop_id, parties)
    for claim in payment_queries.claims_of_parties(coop_id, parties):
        if claim.source_kind == MOVEMENT_SOURCE and claim.direction is Direction.IN and claim.party_id is not None:
            received[claim.party_id] += claim.open if claim.state is ClaimState.OPEN else ZERO
    asked = []
    for one in reversed(paid):
        assert one.party_id is not None
        lacking = min(-received[one.party_id], one.paid)
        if lacking > 0:
            received[one.party_id] += lacking
            asked.append(
                ClaimAsked(
                    kind=ClaimKind.CAPITAL,
                    amount=lacking,
                    source_kind=MOVEMENT_SOURCE,
                    source_id=one.movement_id,
                    party_id=one.party_id,
                )
            )
    for begin in range(0, len(asked), CLAIMS_AT_ONCE):
        payments.open_claims(coop_id=coop_id, asked=asked[begin : begin + CLAIMS_AT_ONCE], actor=actor, now=now)


def _claims(
    coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """Put what is due to who left on the list of payments to make; return the claims by the movements."""
    due = [one for one in moved if one.kind in LEAVING and not one.undoes and one.value > 0]
    found: dict[uuid.UUID, uuid.UUID] = {}
    for begin in range(0, len(due), CLAIMS_AT_ONCE):
        part = due[begin : begin + CLAIMS_AT_ONCE]
        asked = [
            ClaimAsked(
                kind=ClaimKind.EXIT,
                amount=one.value,
                source_kind=MOVEMENT_SOURCE,
                source_id=one.movement_id,
                party_id=one.party_id,
                direction=Direction.OUT,
            )
            for one in part
        ]
        made = payments.open_claims(coop_id=coop_id, asked=asked, actor=actor, now=now)
        for one, claim in zip(part, made, strict=True):
            assert one.movement_id is not None
            found[one.movement_id] = claim.id
    return found


def _posting(one: Moved, known: books.BooksFacts, claims: dict[uuid.UUID, uuid.UUID]) -> Posting:
    """Return the posting of a movement, or of all of a kind on a day: a negative amount turns its lines around."""
    unpaid = one.amount - one.paid
    if one.on < known.begins_on or one.kind is MovementKind.OPENING:
        # Nobody pays through the books for what was there before them.
        rule, amounts = "shares_opening", {"paid": one.paid, "unpaid": unpaid}
    elif one.kind in LEAVING:
        rule, amounts = "shares_ended", {"full": -one.amount, "unpaid": -unpaid, "value": one.value}
    elif one.kind is MovementKind.PAYMENT:
        rule, amounts = "shares_paid", {"amount": one.paid}
    else:
        rule, amounts = "shares_issued", {"paid": one.paid, "unpaid": unpaid}
    return Posting(
        on=max(one.on, known.first_open_day),
        rule=rule,
        amounts={name: amount + ZERO for name, amount in amounts.items()},
        source_kind=REGISTER_SOURCE if one.movement_id is None else MOVEMENT_SOURCE,
        source_id=one.movement_id,
        party_id=one.party_id,
        claim_id=None if one.movement_id is None else claims.get(one.movement_id),
    )
