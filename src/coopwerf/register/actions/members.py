"""Recording decided admissions and endings of membership."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.people import queries as people

from .. import policies, queries
from ..happenings import MemberAdmitted, MembershipEnded
from ..models import Member, Particulars, Standing
from ..states import Ending, MovementKind, StandingEvent
from .batch import Batch, DecisionInput
from .lots import holds_on, last_day, lots_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharesInput:
    """Say how many shares of a class are taken, at which amount per share, and what is paid on them together."""

    share_class: str
    quantity: int
    amount_per_share: Decimal | None = None
    paid: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Admitted:
    """Name the member that an admission made."""

    id: uuid.UUID
    number: int


@action(verb="register.member_admitted")
def record_admission(
    *,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    on: dt.date,
    decision: DecisionInput,
    shares: Sequence[SharesInput] = (),
    number: int | None = None,
    asked_on: dt.date | None = None,
    paid_on: dt.date | None = None,
    communication: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Admitted:
    """Record that a party was admitted by decision: give it a number, and issue its shares.

    Raises Refused where the actor may not, the party is somebody else's, the number was used before, the party is a
    member already, or the class doesn't allow it.
    """
    today = clock.civil_date(now)
    policies.may_keep_register(actor, coop_id, today).require()
    policies.may_admit_party(actor, coop_id, party_id).require()
    policies.fits_number(number).require()
    policies.fits_communication(communication).require()
    policies.fits_today(on, today).require()
    chain.lock(coop_id)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    admitted = admit_into(
        batch,
        party_id=party_id,
        on=on,
        decision_id=batch.decision(decision),
        shares=shares,
        number=number,
        asked_on=asked_on,
        paid_on=paid_on,
        communication=communication,
    )
    batch.write()
    audit("member", admitted.id, number=admitted.number, on=on, shares=sum(line.quantity for line in shares))
    announce(MemberAdmitted(coop_id=coop_id, member_id=admitted.id, party_id=party_id, number=admitted.number, on=on))
    return admitted


class Applicants:
    """Those who are to be admitted into a batch, with what the register knows of them: asked once for all of them."""

    def __init__(self, batch: Batch, party_ids: Collection[uuid.UUID], on: dt.date) -> None:
        ids = frozenset(party_ids)
        self.on = on
        self.members = queries.members_from(batch.coop_id, ids, on)
        self.last_number = queries.last_number(batch.coop_id)
        self.people = people.particulars(ids, at=on)
        self.later = people.changes_after(ids, on)
        rows = Particulars.objects.filter(coop_id=batch.coop_id, party_id__in=ids, valid_from__lte=on)
        self.named = set(rows.values_list("party_id", "name_id", "address_id"))
        self.terms = {terms.code: terms for terms in queries.all_terms(batch.coop_id, on)}

    def next_number(self) -> int:
        """Return the number after the last one given."""
        self.last_number += 1
        return self.last_number


def admit_into(
    batch: Batch,
    *,
    applicants: Applicants | None = None,
    party_id: uuid.UUID,
    on: dt.date,
    decision_id: uuid.UUID | None,
    shares: Sequence[SharesInput],
    number: int | None = None,
    asked_on: dt.date | None = None,
    paid_on: dt.date | None = None,
    communication: str = "",
) -> Admitted:
    """Add to a batch all rows of one admission; the head is locked by the caller.

    Several into one batch share their `applicants`, and get their numbers in order.
    """
    coop_id = batch.coop_id
    if applicants is None:
        applicants = Applicants(batch, [party_id], on)
    if party_id in applicants.members:
        raise Refused("register.member_already", on=on)
    applicants.members.add(party_id)
    if number is None:
        number = applicants.next_number()
    elif queries.number_taken(coop_id, number):
        raise Refused("register.number_used", number=number)
    known = applicants.people.get(party_id)
    if known is None or known.is_erased or known.name_id is None:
        raise Refused("register.party_without_name")
    member_id = batch.member(number=number, party_id=party_id, party_kind=known.kind.value, communication=communication)
    if (party_id, known.name_id, known.address_id) not in applicants.named:
        batch.particulars(known, valid_from=on)
    # Recorded today, admitted years ago: the names and domiciles since then belong to the register too.
    for later in applicants.later.get(party_id, ()):
        then = people.particulars_of(party_id, later)
        if (party_id, then.name_id, then.address_id) not in applicants.named:
            batch.particulars(then, valid_from=later)
    batch.standing(
        member_id=member_id,
        event=StandingEvent.ADMITTED,
        on=on,
        asked_on=asked_on,
        paid_on=paid_on,
        decision_id=decision_id,
    )
    for line in shares:
        policies.fits_quantity(line.quantity).require()
        terms = applicants.terms.get(line.share_class)
        if terms is None:
            raise Refused("register.class_unknown", share_class=line.share_class)
        amount = line.amount_per_share if line.amount_per_share is not None else terms.issue_price
        policies.fits_price(amount).require()
        paid = line.paid if line.paid is not None else full_price(amount, line.quantity)
        check_paid(paid, amount, line.quantity)
        policies.fits_class(terms, known.kind.value, line.quantity).require()
        batch.movement(
            member_id=member_id,
            share_class_id=terms.share_class_id,
            kind=MovementKind.ISSUE,
            quantity=line.quantity,
            amount_per_share=amount,
            paid=paid,
            on=on,
            decision_id=decision_id,
        )
    return Admitted(member_id, number)


def full_price(amount_per_share: Decimal, quantity: int) -> Decimal:
    """Return what so many shares cost in full, in whole cents; raises Refused where cents don't suffice."""
    total = amount_per_share * quantity
    policies.fits_money(total).require()
    return total.quantize(Decimal("0.01"))


def check_paid(paid: Decimal, amount_per_share: Decimal, quantity: int) -> None:
    """Raise Refused unless what is paid lies between nothing and the full price."""
    policies.fits_money(paid).require()
    if paid > amount_per_share * quantity:
        raise Refused(
            "register.paid_too_much", paid=paid, asked=(amount_per_share * quantity).quantize(Decimal("0.01"))
        )


@action(verb="register.membership_ended")
def record_ending(
    *,
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    reason: Ending,
    on: dt.date,
    decision: DecisionInput,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Record that a membership ended, for a member who holds no shares from that day on.

    Raises Refused where shares are left: an exit, exclusion or transfer of them is recorded first.
    """
    today = clock.civil_date(now)
    policies.may_keep_register(actor, coop_id, today).require()
    policies.fits_today(on, today, ahead=True).require()
    chain.lock(coop_id)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    standing_id = end_in(batch, member_id=member_id, reason=reason, on=on, decision_id=batch.decision(decision))
    batch.write()
    audit("member", member_id, reason=reason.value, on=on)
    announce(MembershipEnded(coop_id=coop_id, member_id=member_id, on=on))
    return standing_id


def end_in(
    batch: Batch, *, member_id: uuid.UUID, reason: Ending, on: dt.date, decision_id: uuid.UUID | None
) -> uuid.UUID:
    """Add to a batch the end of a membership; the batch may hold the exits that empty the member's holding."""
    span = queries.span(batch.coop_id, member_id)
    if span is None:
        raise Refused("register.member_unknown")
    if span.ended_on is not None:
        raise Refused("register.member_ended_already", on=span.ended_on)
    if on < span.admitted_on:
        raise Refused("register.end_before_start", on=on, admitted=span.admitted_on)
    if holds_on(batch, member_id, on) or any(lot.shares for lot in lots_of(batch, member_id).values()):
        raise Refused("register.shares_left")
    last = last_day(batch, member_id)
    if last is not None and last > on:
        raise Refused("register.movements_after_end", last=last)
    return batch.standing(
        member_id=member_id, event=StandingEvent.ENDED, reason=reason.value, on=on, decision_id=decision_id
    )


@action(verb="register.standing_corrected")
def correct_standing(
    *,
    coop_id: uuid.UUID,
    standing_id: uuid.UUID,
    on: dt.date | None,
    decision: DecisionInput,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID | None:
    """Void an admission or ending that was written by mistake, and write it again with its right date.

    `on` None voids it only, which is possible for an ending. Returns the id of the new row, if any.
    """
    today = clock.civil_date(now)
    policies.may_keep_register(actor, coop_id, today).require()
    chain.lock(coop_id)
    wrong = Standing.objects.filter(coop_id=coop_id, id=standing_id, voids=None).first()
    if wrong is None or Standing.objects.filter(voids_id=standing_id).exists():
        raise Refused("register.row_not_in_force")
    event = StandingEvent(wrong.event)
    if on is not None:
        policies.fits_today(on, today, ahead=event is StandingEvent.ENDED).require()
    if on is None and event is StandingEvent.ADMITTED:
        raise Refused("register.admission_needs_date")
    check_spans(wrong, on)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    decision_id = batch.decision(decision)
    batch.standing(
        member_id=wrong.member_id,
        event=event,
        on=wrong.on,
        reason=wrong.reason,
        asked_on=wrong.asked_on,
        paid_on=wrong.paid_on,
        decision_id=decision_id,
        voids_id=wrong.id,
    )
    again = None
    if on is not None:
        if event is StandingEvent.ADMITTED:
            _name_since(batch, wrong.member_id, on)
        again = batch.standing(
            member_id=wrong.member_id,
            event=event,
            on=on,
            reason=wrong.reason,
            asked_on=wrong.asked_on,
            paid_on=wrong.paid_on,
            decision_id=decision_id,
        )
    batch.write()
    audit("member", wrong.member_id, was=wrong.on, on=on)
    return again


def _name_since(batch: Batch, member_id: uuid.UUID, on: dt.date) -> None:
    """Add the names and domiciles of a member from a date on which the register didn't know them yet."""
    party_id = Member.objects.values_list("party_id", flat=True).get(coop_id=batch.coop_id, pk=member_id)
    rows = Particulars.objects.filter(coop_id=batch.coop_id, party_id=party_id)
    first = rows.order_by("valid_from").values_list("valid_from", flat=True).first()
    if first is not None and first <= on:
        return
    between = [day for day in people.changes_after([party_id], on).get(party_id, []) if first is None or day < first]
    for day in (on, *between):
        batch.particulars(people.particulars_of(party_id, day), valid_from=day)


def check_spans(wrong: Standing, on: dt.date | None) -> None:
    """Raise Refused where a date leaves movements outside the membership, or makes somebody a member twice."""
    span = queries.span(wrong.coop_id, wrong.member_id)
    admitted = wrong.event == StandingEvent.ADMITTED
    if span is not None:
        since, until = (on or span.admitted_on, span.ended_on) if admitted else (span.admitted_on, on)
        if queries.is_member_besides(wrong.coop_id, wrong.member_id, since, until):
            raise Refused("register.member_already", on=since if admitted else on or wrong.on)
    if on is None:
        return
    first, last = queries.movement_dates(wrong.coop_id, wrong.member_id)
    if admitted and first is not None and first < on:
        raise Refused("register.movements_before_start", first=first)
    if admitted and span is not None and span.ended_on is not None and span.ended_on < on:
        raise Refused("register.end_before_start", on=span.ended_on, admitted=on)
    if not admitted and last is not None and last > on:
        raise Refused("register.movements_after_end", last=last)
    if not admitted and span is not None and on < span.admitted_on:
        raise Refused("register.end_before_start", on=on, admitted=span.admitted_on)
