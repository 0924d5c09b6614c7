"""Booking a register that was brought from elsewhere: everything in one transaction, or nothing."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from coopcalc.register.sheets import MemberPlan, Move
from coopcalc.register.sheets.names import name_key
from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.rows import take_stock
from coopwerf.people import actions as people
from coopwerf.people import queries as people_queries
from coopwerf.people.states import EARLIEST, Address, Name, NewParty, Particulars, PartyKind

from .. import policies, queries
from ..happenings import RegisterImported
from ..models import RegisterImport, ShareClass, ShareClassTerms
from ..states import BROUGHT_ALONG, BROUGHT_WITH_HISTORY, Ending, ImportState, MovementKind, StandingEvent
from .batch import Batch, DecisionInput
from .classes import CODE
from .imports import forget_files
from .particulars import lock_registers, registers_of

ZERO = Decimal("0.00")


@dataclasses.dataclass(frozen=True, slots=True)
class Imported:
    """Tell what was booked: members, those who left, shares per class, what is paid, who was known here already."""

    members: int
    left: int
    shares: Mapping[str, int]
    paid: Decimal
    known: int
    head: str


@action(verb="register.imported")
def import_register(
    *,
    coop_id: uuid.UUID,
    at: dt.date,
    members: Sequence[MemberPlan],
    reference: str,
    first_dates: Mapping[str, dt.date] | None = None,
    prices: Mapping[str, Decimal] | None = None,
    skipped: Mapping[int, str] | None = None,
    import_id: uuid.UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Imported:
    """Write a whole register that was kept elsewhere into an empty one: members, their admission and their movements.

    Classes that aren't here yet are opened at the amounts of `prices`. `reference` says where it comes from, `skipped`
    which of its lines were left out, and why. Whoever is known here already gets the address of their row. Raises
    Refused where the register isn't empty, or what somebody would hold doesn't fit together; nothing is written then.
    """
    today = clock.civil_date(now)
    policies.may_import_register(actor, coop_id, today).require()
    # Those whom we know already are locked before all that is locked after a person.
    by_place = _known_places(members, queries.who_governs(coop_id, today))
    people_queries.hold_parties(by_place.values())
    stored = None
    if import_id is not None:
        stored = RegisterImport.objects.select_for_update().filter(coop_id=coop_id, id=import_id).first()
        if stored is None or stored.state not in (ImportState.OPEN, ImportState.BOOKING):
            raise Refused("register.import_not_open")
    moved = _moved(members, by_place, at)
    lock_registers({coop_id}.union(*(registers_of(one.party_id) for one in moved)))
    policies.may_import_register(actor, coop_id, today).require()
    policies.fits_today(at, today).require()
    _check(members, today)
    _move(moved, coop_id=coop_id, actor=actor, now=now)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    classes = _classes(batch, members, prices or {}, first_dates or {}, at)
    parties = _parties(members, by_place, coop_id=coop_id, actor=actor, now=now)
    known = len(by_place)
    has_history = any(move.kind != MovementKind.OPENING for member in members for move in member.moves)
    origin = DecisionInput(
        body=BROUGHT_WITH_HISTORY if has_history else BROUGHT_ALONG,
        on=today if has_history else at,
        reference=reference[:200],
    )
    decision_id = batch.decision(origin)
    rows = _member_rows(batch, members, parties, decision_id)
    _movement_rows(batch, members, rows, classes, decision_id)
    batch.write()
    booked = _booked(members, known, chain.head_of(coop_id))
    if stored is not None:
        forget_files(stored)
        stored.state, stored.ended_at, stored.reason = ImportState.BOOKED.value, now, ""
        stored.mends, stored.reason_facts = {}, {}
        stored.booked = {
            "members": booked.members,
            "left": booked.left,
            "shares": dict(booked.shares),
            "paid": str(booked.paid),
            "known": known,
            "skipped": {str(line): why for line, why in (skipped or {}).items()},
            "at": at.isoformat(),
            "head": booked.head,
            "by": None if actor.party_id is None else str(actor.party_id),
        }
        stored.save()
    audit(
        "register",
        import_id,
        at=at,
        members=booked.members,
        left=booked.left,
        shares=booked.shares,
        paid=booked.paid,
        skipped=len(skipped or {}),
    )
    announce(RegisterImported(coop_id=coop_id, at=at, members=booked.members))
    take_stock()
    return booked


def _booked(members: Sequence[MemberPlan], known: int, head: str) -> Imported:
    shares: dict[str, int] = defaultdict(int)
    paid = ZERO
    for member in members:
        for move in member.moves:
            shares[move.share_class] += move.quantity
            paid += move.paid
    left = sum(1 for member in members if member.ended_on is not None)
    return Imported(len(members) - left, left, dict(sorted(shares.items())), paid, known, head)


def _check(members: Sequence[MemberPlan], today: dt.date) -> None:
    """Raise Refused unless what would be booked can be so on every date: the plan said so, but anybody may call us."""
    numbers: set[int] = set()
    digits: set[str] = set()
    for member in members:
        if member.number in numbers or member.number < 1:
            raise Refused("register.number_used", line=member.line, number=member.number)
        numbers.add(member.number)
        if member.communication and member.communication in digits:
            raise Refused("register.import_inconsistent", line=member.line, number=member.number)
        digits.add(member.communication)
        if not _holds_together(member) or not policies.fits_today(member.admitted_on, today):
            raise Refused("register.import_inconsistent", line=member.line, number=member.number)
    if not members:
        raise Refused("register.import_nobody")


def _holds_together(member: MemberPlan) -> bool:
    lots: dict[tuple[str, Decimal], tuple[int, Decimal]] = {}
    if member.ended_on is not None and member.ended_on < member.admitted_on:
        return False
    for move in sorted(member.moves, key=lambda move: (move.on, move.quantity < 0, move.line)):
        if move.on < member.admitted_on or (member.ended_on is not None and move.on > member.ended_on):
            return False
        if abs(move.quantity) > policies.MOST_SHARES or abs(move.paid) > policies.MOST_MONEY:
            return False
        key = (move.share_class, move.amount_per_share)
        shares, paid = lots.get(key, (0, ZERO))
        shares, paid = shares + move.quantity, paid + move.paid
        if shares < 0 or not ZERO <= paid <= shares * move.amount_per_share or move.amount_per_share <= 0:
            return False
        lots[key] = (shares, paid)
    return member.ended_on is None or not any(shares for shares, _paid in lots.values())


def _classes(
    batch: Batch,
    members: Sequence[MemberPlan],
    prices: Mapping[str, Decimal],
    first_dates: Mapping[str, dt.date],
    at: dt.date,
) -> dict[str, uuid.UUID]:
    """Return the id of each class that occurs; those that aren't here yet are opened from their first holder on."""
    found = {terms.code: terms.share_class_id for terms in queries.all_terms(batch.coop_id, at)}
    rights = queries.usual_rights(batch.coop_id, at)
    for code in sorted({move.share_class for member in members for move in member.moves} - found.keys()):
        if not CODE.fullmatch(code):
            raise Refused("register.class_code", share_class=code)
        price = prices.get(code) or next(m.amount_per_share for p in members for m in p.moves if m.share_class == code)
        share_class, _made = ShareClass.objects.get_or_create(coop_id=batch.coop_id, code=code)
        found[code] = share_class.id
        batch.rows += [
            ShareClassTerms(
                coop_id=batch.coop_id,
                share_class=share_class,
                code=code,
                valid_from=valid_from,
                nominal=nominal.quantize(Decimal("0.0001")),
                issue_price=nominal.quantize(Decimal("0.0001")),
                terms={
                    "name": "",
                    "holders": "all",
                    "minimum": None,
                    "maximum": None,
                    **rights,
                },
            )
            for valid_from, nominal in [(first_dates.get(code, at), price), *_after_splits(members, code)]
        ]
    return found


def _after_splits(members: Sequence[MemberPlan], code: str) -> list[tuple[dt.date, Decimal]]:
    """Return the amount per share of a class from each day on which it was split."""
    amounts: dict[dt.date, Counter[Decimal]] = defaultdict(Counter)
    for member in members:
        for move in member.moves:
            if move.kind == MovementKind.SPLIT and move.share_class == code and move.quantity > 0:
                amounts[move.on][move.amount_per_share] += move.quantity
    return [(on, found.most_common(1)[0][0]) for on, found in sorted(amounts.items())]


def _known_places(members: Sequence[MemberPlan], known: Mapping[tuple[str, str], uuid.UUID]) -> dict[int, uuid.UUID]:
    """Return which places in the file are of an office holder whom we know already."""
    taken: dict[uuid.UUID, int] = {}
    for place, member in enumerate(members):
        if member.kind != PartyKind.PERSON or not known:
            continue
        name = name_key(member.family, member.given)
        party_id = known.get((name, member.email))
        if party_id is not None and party_id not in taken:
            taken[party_id] = place
    return {place: party_id for party_id, place in taken.items()}


@dataclasses.dataclass(frozen=True, slots=True)
class _Moved:
    """An address of the file that isn't the one of somebody whom we know already, and from when it holds."""

    line: int
    party_id: uuid.UUID
    address: Address
    valid_from: dt.date


def _moved(members: Sequence[MemberPlan], by_place: Mapping[int, uuid.UUID], at: dt.date) -> list[_Moved]:
    """Return the addresses of the file that those whom we know already don't have on the cut-over date.

    Where nothing was known by then it holds from the admission on, as for everybody else; else it is true from the
    cut-over date on, and what they said themselves stays before it, and after it.
    """
    places = {place: party_id for place, party_id in by_place.items() if not members[place].address.is_empty}
    there = people_queries.addresses_on(places.values(), at)
    found = []
    for place, party_id in sorted(places.items()):
        member = members[place]
        address = _address(member)
        assert address is not None
        try:
            address = address.cleaned()
        except Refused as refusal:
            refusal.line = member.line
            raise
        if there.get(party_id) != address:
            since = max(at, member.admitted_on) if party_id in there else member.admitted_on
            found.append(_Moved(member.line, party_id, address, max(since, EARLIEST)))
    return found


def _move(moved: Sequence[_Moved], *, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    for one in moved:
        try:
            people.change_address(
                actor=dataclasses.replace(actor, represents=actor.represents | {one.party_id}),
                now=now,
                coop_id=coop_id,
                party_id=one.party_id,
                valid_from=one.valid_from,
                **one.address.as_record(),
            )
        except Refused as refusal:
            refusal.line = one.line
            raise


def _parties(
    members: Sequence[MemberPlan],
    by_place: Mapping[int, uuid.UUID],
    *,
    coop_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> list[list[tuple[dt.date, Particulars]]]:
    """Return who the members are, in order, from their admission and from each later date on which that changes.

    Office holders are those whom we know already, everybody else is newly registered.
    """
    rows = [(place, _new_party(member)) for place, member in enumerate(members) if place not in by_place]
    try:
        made = people.register_parties(actor=actor, now=now, rows=[row for _place, row in rows], coop_id=coop_id)
    except Refused as refusal:
        if refusal.line is not None:
            refusal.line = members[rows[refusal.line - 1][0]].line
        raise
    found = dict(zip((place for place, _row in rows), made, strict=True))
    return [
        [(member.admitted_on, found[place])] if place in found else _over_time(by_place[place], member.admitted_on)
        for place, member in enumerate(members)
    ]


def _over_time(party_id: uuid.UUID, since: dt.date) -> list[tuple[dt.date, Particulars]]:
    days = [since, *people_queries.changes_after([party_id], since).get(party_id, [])]
    found: list[tuple[dt.date, Particulars]] = []
    for day in days:
        then = people_queries.particulars_of(party_id, day)
        if not found or (then.name_id, then.address_id) != (found[-1][1].name_id, found[-1][1].address_id):
            found.append((day, then))
    return found


def _address(member: MemberPlan) -> Address | None:
    parts = member.address
    if parts.is_empty:
        return None
    return Address(parts.street, parts.number, parts.box, parts.postcode, parts.town, parts.country or "BE")


def _new_party(member: MemberPlan) -> NewParty:
    return NewParty(
        PartyKind(member.kind),
        Name(member.family, member.given, member.legal_form, member.enterprise_no),
        _address(member),
        member.email,
        member.phone,
        member.language,
        max(member.admitted_on, EARLIEST),
        is_erased=not member.family,
    )


def _member_rows(
    batch: Batch,
    members: Sequence[MemberPlan],
    parties: Sequence[Sequence[tuple[dt.date, Particulars]]],
    decision_id: uuid.UUID,
) -> list[uuid.UUID]:
    made: list[uuid.UUID] = []
    for member, over_time in zip(members, parties, strict=True):
        party = over_time[0][1]
        member_id = batch.member(
            number=member.number,
            party_id=party.party_id,
            party_kind=party.kind.value,
            communication=member.communication,
        )
        if party.is_erased:
            batch.nameless.add(party.party_id)
        else:
            for day, known in over_time:
                batch.particulars(known, valid_from=day)
        batch.standing(
            member_id=member_id,
            event=StandingEvent.ADMITTED,
            on=member.admitted_on,
            asked_on=member.asked_on,
            paid_on=member.paid_on,
            decision_id=decision_id,
        )
        made.append(member_id)
    return made


def _movement_rows(
    batch: Batch,
    members: Sequence[MemberPlan],
    rows: Sequence[uuid.UUID],
    classes: Mapping[str, uuid.UUID],
    decision_id: uuid.UUID,
) -> None:
    """Add every movement in the order of its date, what comes before what goes, then every ending."""
    moves: list[tuple[Move, uuid.UUID]] = []
    for member, member_id in zip(members, rows, strict=True):
        moves.extend((move, member_id) for move in member.moves)
    moves.sort(key=lambda pair: (pair[0].on, pair[0].line, pair[0].quantity))
    pairs: dict[int, uuid.UUID] = defaultdict(uuid7)
    for move, member_id in moves:
        batch.movement(
            member_id=member_id,
            share_class_id=classes[move.share_class],
            kind=MovementKind(move.kind),
            quantity=move.quantity,
            amount_per_share=move.amount_per_share.quantize(Decimal("0.0001")),
            paid=move.paid.quantize(Decimal("0.01")),
            on=move.on,
            decision_id=decision_id,
            value=move.value,
            pair=None if move.pair is None else pairs[move.pair],
        )
    for member, member_id in zip(members, rows, strict=True):
        if member.ended_on is not None:
            batch.standing(
                member_id=member_id,
                event=StandingEvent.ENDED,
                on=member.ended_on,
                reason=Ending(member.ending).value,
                decision_id=decision_id,
            )
