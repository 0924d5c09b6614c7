"""Bringing what the register says of shares into the books, and what is due to who left onto the list of payments."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.money import ZERO
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.actions import Posting
from coopwerf.ledger.states import Role
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as payment_queries
from coopwerf.payments.actions import ClaimAsked
from coopwerf.payments.queries import ClaimFacts
from coopwerf.payments.states import ClaimKind, ClaimState, Direction
from coopwerf.register import queries as register
from coopwerf.register.queries import Moved
from coopwerf.register.states import LEAVING, MovementKind

from .. import policies, queries
from ..states import ASKED_SOURCE, MOVEMENT_SOURCE, REGISTER_SOURCE

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
    """Cancel what was asked for because of a movement that is about to be undone; return how many claims that were.

    What is due to who left is locked only: how much of it stays is known once the movement is undone.
    """
    policies.may_follow_books(actor).require()
    movement = register.movement(coop_id, movement_id)
    if movement is not None:
        payment_queries.hold_claims(coop_id, [movement.member.party_id])
    found = payment_queries.claims_by_source(coop_id, MOVEMENT_SOURCE, movement_id)
    asked = [claim for claim in found if claim.direction is Direction.IN and claim.state is not ClaimState.CANCELLED]
    for claim in asked:
        payments.cancel_claim(coop_id=coop_id, claim_id=claim.id, actor=actor, now=now)
    audit("movement", movement_id, claims=len(asked))
    return len(asked)


def _moved(coop_id: uuid.UUID, first: int, last: int) -> list[Moved]:
    if last - first < MOST_ONE_BY_ONE:
        return register.moved(coop_id, first, last)
    many = register.moved_by_day(coop_id, dt.date.min, first, last, besides=LEAVING)
    return [*many, *register.moved(coop_id, first, last, kinds=LEAVING)]


def _post(coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime) -> int:
    known = books.books(coop_id)
    assert known is not None
    rows = list(moved)
    postings = [_posting(one, known) for one in rows]
    wanted = [posting for posting in postings if any(posting.amounts.values())]
    if wanted:
        ledger.post(actor=actor, now=now, coop_id=coop_id, postings=wanted)
        since = [one for one in rows if one.on >= known.begins_on]
        _settle_exits(coop_id, since, actor=actor, now=now)
        _ask_for_lacking(coop_id, since, actor=actor, now=now)
        _give_back_surplus(coop_id, since, actor=actor, now=now)
    return len(wanted)


def _settle_exits(coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime) -> None:
    """Let the list of payments to make say of everybody who left, or didn't after all, what the books owe them.

    Less is owed only where a movement was undone: then their claims are locked by now.
    """
    rows = [one for one in moved if one.kind in LEAVING and one.party_id is not None]
    latest = {one.party_id: one for one in rows}
    if not latest:
        return
    parties = [party_id for party_id in latest if party_id is not None]
    undone = {one.party_id for one in rows if one.undoes}
    owed = books.role_by_party(coop_id, Role.EXITS_DUE, dt.date.max, parties)
    theirs: dict[uuid.UUID, list[ClaimFacts]] = {party_id: [] for party_id in parties}
    for claim in payment_queries.claims_of_parties(coop_id, parties):
        if claim.kind is ClaimKind.EXIT and claim.source_kind == MOVEMENT_SOURCE and claim.party_id is not None:
            theirs[claim.party_id].append(claim)
    asked = []
    for party_id in parties:
        listed = sum((_standing(claim) - claim.paid for claim in theirs[party_id]), ZERO)
        more = -owed.get(party_id, ZERO) - listed
        if more > 0:
            asked.append(
                ClaimAsked(
                    kind=ClaimKind.EXIT,
                    amount=more,
                    source_kind=MOVEMENT_SOURCE,
                    source_id=latest[party_id].movement_id,
                    party_id=party_id,
                    direction=Direction.OUT,
                )
            )
        for claim in reversed(theirs[party_id]) if party_id in undone else ():
            less = min(-more, _standing(claim))
            if less > 0:
                more += less
                _owe_less(coop_id, claim, less, actor=actor, now=now)
    _open(coop_id, asked, actor=actor, now=now)


def _standing(claim: ClaimFacts) -> Decimal:
    return ZERO if claim.state is ClaimState.CANCELLED else claim.amount


def _owe_less(coop_id: uuid.UUID, claim: ClaimFacts, less: Decimal, *, actor: Actor, now: dt.datetime) -> None:
    """Let a claim be for so much less; one that is for nothing any more is cancelled."""
    if claim.amount == less:
        payments.cancel_claim(coop_id=coop_id, claim_id=claim.id, actor=actor, now=now)
    else:
        payments.change_claim(coop_id=coop_id, claim_id=claim.id, amount=claim.amount - less, actor=actor, now=now)


def _open(coop_id: uuid.UUID, asked: Sequence[ClaimAsked], *, actor: Actor, now: dt.datetime) -> None:
    for begin in range(0, len(asked), CLAIMS_AT_ONCE):
        payments.open_claims(coop_id=coop_id, asked=asked[begin : begin + CLAIMS_AT_ONCE], actor=actor, now=now)


def _give_back_surplus(coop_id: uuid.UUID, moved: Iterable[Moved], *, actor: Actor, now: dt.datetime) -> None:
    """Put what came in for an issue that was undone, and isn't needed for another, on the list of payments to make."""
    undone = {one.party_id: one for one in moved if one.undoes and one.paid < 0 and one.party_id is not None}
    parties = [party_id for party_id in undone if party_id is not None]
    if not parties:
        return
    received = queries.received_from(coop_id, parties)
    came = dict.fromkeys(parties, ZERO)
    for claim in payment_queries.claims_of_parties(coop_id, parties):
        if claim.source_kind != MOVEMENT_SOURCE or claim.party_id is None:
            continue
        if claim.kind is ClaimKind.CAPITAL and claim.state is ClaimState.CANCELLED:
            came[claim.party_id] += claim.paid
        elif claim.kind is ClaimKind.REFUND:
            came[claim.party_id] -= _standing(claim)
    back = {party_id: min(received[party_id], came[party_id]) for party_id in parties}
    back = {party_id: amount for party_id, amount in back.items() if amount > 0}
    asked = [
        ClaimAsked(
            kind=ClaimKind.REFUND,
            amount=amount,
            source_kind=MOVEMENT_SOURCE,
            source_id=undone[party_id].movement_id,
            party_id=party_id,
            direction=Direction.OUT,
        )
        for party_id, amount in back.items()
    ]
    if not asked:
        return
    _open(coop_id, asked, actor=actor, now=now)
    on = max(civil_date(now), books.first_open_day(coop_id) or civil_date(now))
    owed = [
        Posting(
            on=on,
            rule="refund_due",
            amounts={"amount": amount},
            source_kind=MOVEMENT_SOURCE,
            source_id=undone[party_id].movement_id,
            party_id=party_id,
        )
        for party_id, amount in back.items()
    ]
    ledger.post(actor=actor, now=now, coop_id=coop_id, postings=owed)


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
        is_asked = claim.source_kind in (MOVEMENT_SOURCE, ASKED_SOURCE) and claim.direction is Direction.IN
        if is_asked and claim.party_id is not None:
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
    _open(coop_id, asked, actor=actor, now=now)


def _posting(one: Moved, known: books.BooksFacts) -> Posting:
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
    )
