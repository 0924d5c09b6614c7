"""Recording decided movements of shares: issue, payment, transfer, conversion, exit, exclusion, split, correction."""

import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction

from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..happenings import CorrectionBegins, MembershipEnded
from ..models import Movement
from ..states import LEAVING, Ending, MovementKind
from .batch import Batch, DecisionInput
from .lots import Taken, check_lots, check_within, lots_of, take
from .members import check_paid, end_in, full_price

Side = tuple[uuid.UUID, queries.Terms, MovementKind]
"""Whose holding of which class a movement changes, and how."""


def _begin(*, coop_id: uuid.UUID, on: dt.date, actor: Actor, now: dt.datetime, ahead: bool = False) -> Batch:
    """Check who and when, take the register's lock and open a batch."""
    today = clock.civil_date(now)
    policies.may_keep_register(actor, coop_id, today).require()
    policies.fits_today(on, today, ahead=ahead).require()
    chain.lock(coop_id)
    return Batch(coop_id=coop_id, now=now, author=actor.party_id)


def _check_class(batch: Batch, member_id: uuid.UUID, terms: queries.Terms) -> None:
    shares = sum(
        history.shares
        for (share_class_id, _amount), history in lots_of(batch, member_id).items()
        if share_class_id == terms.share_class_id
    )
    policies.fits_class(terms, queries.party_kind(batch.coop_id, member_id), shares).require()


def issue_into(
    batch: Batch,
    *,
    member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision_id: uuid.UUID,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
) -> tuple[uuid.UUID, Decimal]:
    """Add to a batch that a member took more shares; return the movement's id and what is paid on it."""
    policies.fits_quantity(quantity).require()
    check_within(batch, member_id, on)
    terms = queries.terms(batch.coop_id, share_class, on)
    amount = terms.issue_price if amount_per_share is None else amount_per_share
    policies.fits_price(amount).require()
    settled = full_price(amount, quantity) if paid is None else paid
    check_paid(settled, amount, quantity)
    movement_id = batch.movement(
        member_id=member_id,
        share_class_id=terms.share_class_id,
        kind=MovementKind.ISSUE,
        quantity=quantity,
        amount_per_share=amount,
        paid=settled,
        on=on,
        decision_id=decision_id,
    )
    _check_class(batch, member_id, terms)
    check_lots(batch, member_id)
    return movement_id, settled


@action(verb="register.shares_issued")
def record_issue(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a member took more shares; the issue price of the class and full payment unless told otherwise."""
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now)
    movement_id, settled = issue_into(
        batch,
        member_id=member_id,
        share_class=share_class,
        quantity=quantity,
        on=on,
        decision_id=batch.decision(decision),
        amount_per_share=amount_per_share,
        paid=paid,
    )
    batch.write()
    audit("member", member_id, share_class=share_class, quantity=quantity, paid=settled, on=on)
    return movement_id


@action(verb="register.shares_paid")
def record_payment(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class: str,
    amount: Decimal,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a member paid on part-paid shares."""
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now)
    policies.fits_money(amount).require()
    if amount == 0:
        raise Refused("register.amount_out_of_bounds", amount=amount)
    check_within(batch, member_id, on)
    terms = queries.terms(coop_id, share_class, on)
    taken = take(
        batch,
        member_id=member_id,
        terms=terms,
        quantity=1,
        on=on,
        amount_per_share=amount_per_share,
        paid=Decimal("0.00"),
    )
    movement_id = batch.movement(
        member_id=member_id,
        share_class_id=terms.share_class_id,
        kind=MovementKind.PAYMENT,
        quantity=0,
        amount_per_share=taken.amount_per_share,
        paid=amount,
        on=on,
        decision_id=batch.decision(decision),
    )
    check_lots(batch, member_id)
    batch.write()
    audit("member", member_id, share_class=share_class, amount=amount, on=on)
    return movement_id


def _both_sides(
    batch: Batch,
    gives: Side,
    takes: Side,
    taken: Taken,
    *,
    quantity: int,
    on: dt.date,
    decision_id: uuid.UUID,
    value: Decimal | None = None,
) -> uuid.UUID:
    """Add to a batch that shares left one side for the other with what is paid on them; return the pair's id."""
    pair = uuid7()
    for (member_id, terms, kind), sign in ((gives, -1), (takes, 1)):
        batch.movement(
            member_id=member_id,
            share_class_id=terms.share_class_id,
            kind=kind,
            quantity=sign * quantity,
            amount_per_share=taken.amount_per_share,
            paid=sign * taken.paid,
            on=on,
            decision_id=decision_id,
            value=value,
            pair=pair,
        )
    return pair


@action(verb="register.shares_transferred")
def record_transfer(
    *,
    coop_id: uuid.UUID,
    from_member_id: uuid.UUID,
    to_member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
    value: Decimal | None = None,
    ends_membership: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that shares went from one member to another; what is paid on them goes along. Returns the pair's id.

    `value` is the price agreed, where the register should tell it. With `ends_membership` the giver, who must
    have given everything, leaves.
    """
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now)
    policies.fits_quantity(quantity).require()
    if from_member_id == to_member_id:
        raise Refused("register.same_member")
    for member_id in (from_member_id, to_member_id):
        check_within(batch, member_id, on)
    terms = queries.terms(coop_id, share_class, on)
    if terms.transfer == "none":
        raise Refused("register.class_not_transferable", share_class=share_class)
    taken = take(
        batch,
        member_id=from_member_id,
        terms=terms,
        quantity=quantity,
        on=on,
        amount_per_share=amount_per_share,
        paid=paid,
    )
    if value is not None:
        policies.fits_money(value).require()
    decision_id = batch.decision(decision)
    pair = _both_sides(
        batch,
        (from_member_id, terms, MovementKind.TRANSFER_OUT),
        (to_member_id, terms, MovementKind.TRANSFER_IN),
        taken,
        quantity=quantity,
        on=on,
        decision_id=decision_id,
        value=value,
    )
    _check_class(batch, to_member_id, terms)
    check_lots(batch, from_member_id)
    check_lots(batch, to_member_id)
    if ends_membership:
        end_in(batch, member_id=from_member_id, reason=Ending.TRANSFER, on=on, decision_id=decision_id)
    batch.write()
    audit("member", from_member_id, to=to_member_id, share_class=share_class, quantity=quantity, paid=taken.paid, on=on)
    if ends_membership:
        announce(MembershipEnded(coop_id=coop_id, member_id=from_member_id, on=on))
    return pair


@action(verb="register.shares_converted")
def record_conversion(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    from_class: str,
    to_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a member's shares became as many shares of another class, at the same amount per share."""
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now)
    policies.fits_quantity(quantity).require()
    if from_class == to_class:
        raise Refused("register.same_class")
    check_within(batch, member_id, on)
    old, new = queries.terms(coop_id, from_class, on), queries.terms(coop_id, to_class, on)
    taken = take(
        batch,
        member_id=member_id,
        terms=old,
        quantity=quantity,
        on=on,
        amount_per_share=amount_per_share,
        paid=paid,
    )
    pair = _both_sides(
        batch,
        (member_id, old, MovementKind.CONVERSION_OUT),
        (member_id, new, MovementKind.CONVERSION_IN),
        taken,
        quantity=quantity,
        on=on,
        decision_id=batch.decision(decision),
    )
    _check_class(batch, member_id, new)
    check_lots(batch, member_id)
    batch.write()
    audit("member", member_id, from_class=from_class, to_class=to_class, quantity=quantity, on=on)
    return pair


def _leave(
    kind: MovementKind,
    ending: Ending,
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None,
    paid: Decimal | None,
    value: Decimal | None,
    ends_membership: bool,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Do what an exit and an exclusion have in common; return the movement's id."""
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now, ahead=True)
    policies.fits_quantity(quantity).require()
    check_within(batch, member_id, on)
    if value is not None:
        policies.fits_money(value).require()
    terms = queries.terms(coop_id, share_class, on)
    taken = take(
        batch,
        member_id=member_id,
        terms=terms,
        quantity=quantity,
        on=on,
        amount_per_share=amount_per_share,
        paid=paid,
    )
    decision_id = batch.decision(decision)
    movement_id = batch.movement(
        member_id=member_id,
        share_class_id=terms.share_class_id,
        kind=kind,
        quantity=-quantity,
        amount_per_share=taken.amount_per_share,
        paid=-taken.paid,
        on=on,
        decision_id=decision_id,
        value=value,
    )
    check_lots(batch, member_id)
    if ends_membership:
        end_in(batch, member_id=member_id, reason=ending, on=on, decision_id=decision_id)
    batch.write()
    audit("member", member_id, share_class=share_class, quantity=quantity, value=value, on=on, left=ends_membership)
    if ends_membership:
        announce(MembershipEnded(coop_id=coop_id, member_id=member_id, on=on))
    return movement_id


@action(verb="register.shares_exited")
def record_exit(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
    value: Decimal | None = None,
    ends_membership: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a member gave up shares at the co-operative's charge (WVV 6:120), with the amount paid out."""
    return _leave(
        MovementKind.EXIT,
        Ending.EXIT,
        coop_id=coop_id,
        member_id=member_id,
        share_class=share_class,
        quantity=quantity,
        on=on,
        decision=decision,
        amount_per_share=amount_per_share,
        paid=paid,
        value=value,
        ends_membership=ends_membership,
        actor=actor,
        now=now,
    )


@action(verb="register.member_excluded")
def record_exclusion(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class: str,
    quantity: int,
    on: dt.date,
    decision: DecisionInput,
    amount_per_share: Decimal | None = None,
    paid: Decimal | None = None,
    value: Decimal | None = None,
    ends_membership: bool = True,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a member was excluded and lost shares (WVV 6:123), with the amount paid out."""
    return _leave(
        MovementKind.EXCLUSION,
        Ending.EXCLUSION,
        coop_id=coop_id,
        member_id=member_id,
        share_class=share_class,
        quantity=quantity,
        on=on,
        decision=decision,
        amount_per_share=amount_per_share,
        paid=paid,
        value=value,
        ends_membership=ends_membership,
        actor=actor,
        now=now,
    )


@action(verb="register.shares_split")
def record_split(
    *,
    coop_id: uuid.UUID,
    share_class: str,
    factor: int,
    on: dt.date,
    decision: DecisionInput,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Record that every share of a class became `factor` shares; return how many lots were split.

    The amount per share is divided exactly: refused where four decimals don't suffice, or where movements
    dated later would be about shares that are no longer there.
    """
    batch = _begin(coop_id=coop_id, on=on, actor=actor, now=now)
    if not 2 <= factor <= 10_000:
        raise Refused("register.split_factor", factor=factor)
    terms = queries.terms(coop_id, share_class, on)
    if Movement.objects.filter(coop_id=coop_id, share_class_id=terms.share_class_id, on__gt=on).exists():
        raise Refused("register.movements_after_split", on=on)
    decision_id = batch.decision(decision)
    lots = queries.lots_of_class(coop_id, terms.share_class_id, on)
    for member_id, amount, shares, paid in lots:
        policies.fits_quantity(shares * factor).require()
        smaller = Fraction(amount) / factor
        new_amount = (amount / factor).quantize(Decimal("0.0001"))
        if Fraction(new_amount) != smaller:
            raise Refused("register.split_amount", amount=amount, factor=factor)
        pair = uuid7()
        for quantity, price, moved in ((-shares, amount, -paid), (shares * factor, new_amount, paid)):
            batch.movement(
                member_id=member_id,
                share_class_id=terms.share_class_id,
                kind=MovementKind.SPLIT,
                quantity=quantity,
                amount_per_share=price,
                paid=moved,
                on=on,
                decision_id=decision_id,
                pair=pair,
            )
    batch.write()
    audit("share_class", terms.share_class_id, share_class=share_class, factor=factor, lots=len(lots), on=on)
    return len(lots)


@action(verb="register.movement_corrected")
def correct_movement(
    *,
    coop_id: uuid.UUID,
    movement_id: uuid.UUID,
    decision: DecisionInput,
    quantity: int | None = None,
    paid: Decimal | None = None,
    amount_per_share: Decimal | None = None,
    on: dt.date | None = None,
    value: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID | None:
    """Undo a movement that was recorded wrongly, and record it again with what is told here.

    Both sides of a pair are undone. With `quantity` 0 nothing is recorded instead; what isn't told stays as it
    was. Returns the id of the new movement, if any. What the register said before stays readable as known then.
    """
    today = clock.civil_date(now)
    policies.may_keep_register(actor, coop_id, today).require()
    announce(CorrectionBegins(coop_id=coop_id, movement_id=movement_id))
    chain.lock(coop_id)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    wrong = Movement.objects.filter(coop_id=coop_id, id=movement_id).exclude(kind=MovementKind.CORRECTION).first()
    if wrong is None or Movement.objects.filter(corrects_id=movement_id).exists():
        raise Refused("register.row_not_in_force")
    if wrong.kind == MovementKind.SPLIT:
        raise Refused("register.split_not_correctable")
    if on is not None:
        policies.fits_today(on, today, ahead=wrong.kind in LEAVING).require()
    if amount_per_share is not None:
        policies.fits_price(amount_per_share).require()
    if value is not None:
        policies.fits_money(value).require()
    if quantity:
        policies.fits_quantity(quantity).require()
        if wrong.kind == MovementKind.PAYMENT:
            raise Refused("register.quantity_too_large", quantity=quantity, most=0)
    sides = [wrong]
    if wrong.pair is not None:
        sides = list(Movement.objects.filter(coop_id=coop_id, pair=wrong.pair).exclude(kind="correction"))
    told = abs(wrong.quantity) if quantity is None else quantity
    if quantity is None and paid is None and amount_per_share is None and on is None and value is None:
        raise Refused("register.nothing_to_correct")
    decision_id = batch.decision(decision)
    pair = None if wrong.pair is None else uuid7()
    again: uuid.UUID | None = None
    for side in sides:
        batch.movement(
            member_id=side.member_id,
            share_class_id=side.share_class_id,
            kind=MovementKind.CORRECTION,
            quantity=-side.quantity,
            amount_per_share=side.amount_per_share,
            paid=-side.paid,
            on=side.on,
            decision_id=decision_id,
            corrects_id=side.id,
        )
        if told == 0 and side.kind != MovementKind.PAYMENT:
            continue
        sign = -1 if side.quantity < 0 else 1
        amount = side.amount_per_share if amount_per_share is None else amount_per_share
        # A payment is about no number of shares: 0 says only that it never was.
        moved = Decimal(0) if quantity == 0 and paid is None else _paid_again(side, told, amount, paid)
        if side.kind == MovementKind.PAYMENT and not moved:
            continue
        new_id = batch.movement(
            member_id=side.member_id,
            share_class_id=side.share_class_id,
            kind=MovementKind(side.kind),
            quantity=sign * told,
            amount_per_share=amount,
            paid=sign * moved,
            on=side.on if on is None else on,
            decision_id=decision_id,
            value=side.value if value is None else value,
            pair=pair,
        )
        again = new_id if side.id == wrong.id else again
    for member_id in dict.fromkeys(side.member_id for side in sides):
        if on is not None:
            check_within(batch, member_id, on)
        check_lots(batch, member_id)
    batch.write()
    audit("movement", movement_id, kind=wrong.kind, quantity=told, was=wrong.quantity, on=on or wrong.on)
    return again


def _paid_again(side: Movement, quantity: int, amount: Decimal, paid: Decimal | None) -> Decimal:
    """Return what is paid on the corrected movement: as told, else as before, else in full; raises Refused."""
    if paid is not None:
        policies.fits_money(paid).require()
        return paid
    if quantity == abs(side.quantity):
        return Decimal(abs(side.paid))
    if abs(side.paid) == side.amount_per_share * abs(side.quantity):
        return full_price(amount, quantity)
    raise Refused("register.which_paid", paid=abs(side.paid), held=abs(side.quantity))
