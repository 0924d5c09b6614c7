"""A full history: a row per movement, from which members, their admission and their leaving follow."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from ..records import FIRST_DATE, MovementKind
from .cells import Unreadable, fold, read_member_number, read_money
from .columns import Field
from .grid import Row, Sheet, text_of
from .opening import (
    Group,
    add_up,
    base_member,
    check_communications,
    first_dates_of,
    grouped,
    note_missing,
    numbered,
    prices_of,
    problems_of,
    read_rows,
    suggested,
)
from .plan import ZERO, MemberPlan, Move, Notebook, Plan, Setting, Sums
from .reading import Draft, Reader

ADMISSION: Final = "admission"
ENDING: Final = "ending"

# The first beginning that fits a word of the cell decides, so the more telling ones come first.
_KINDS: Final = (
    (
        MovementKind.TRANSFER_OUT,
        (
            "transfer out",
            "overdracht uit",
            "overgedragen",
            "cession sortante",
            "cede",
            "vente",
            "verkoop",
            "overdracht aan",
        ),
    ),
    (
        MovementKind.TRANSFER_IN,
        (
            "transfer in",
            "overdracht in",
            "overgenomen",
            "overname",
            "cession entrante",
            "reprise",
            "acquis",
            "achat",
            "overdracht van",
        ),
    ),
    ("transfer", ("overdracht", "cession", "transfer", "transfert")),
    (MovementKind.EXCLUSION, ("uitsluit", "uitgesloten", "exclu", "royement")),
    ("death", ("overlijd", "overleden", "deces", "death")),
    (
        MovementKind.EXIT,
        (
            "uittred",
            "uitgetreden",
            "terugbetal",
            "demission",
            "sortie",
            "exit",
            "retrait",
            "rembours",
            "uitkoop",
            "redemption",
            "withdraw",
            "uit",
            "out",
        ),
    ),
    (
        MovementKind.PAYMENT,
        ("betaling", "storting", "volstort", "paiement", "versement", "liberation", "payment", "paid"),
    ),
    (
        MovementKind.ISSUE,
        (
            "inschrijving",
            "intekening",
            "uitgifte",
            "bijkoop",
            "aankoop",
            "uitbreiding",
            "souscription",
            "emission",
            "issue",
            "subscription",
            "purchase",
            "bijstorting",
            "in",
        ),
    ),
    (ADMISSION, ("toetreding", "aanvaarding", "admission", "adhesion", "lid geworden", "entree", "join")),
    (ENDING, ("einde", "fin", "end", "left", "uitschrijving", "opzeg")),
)
_LEAVING: Final = {
    MovementKind.EXIT: "exit",
    MovementKind.EXCLUSION: "exclusion",
    MovementKind.TRANSFER_OUT: "transfer",
}


@dataclass(frozen=True, slots=True)
class Event:
    """What a row of a history says happened."""

    kind: MovementKind | str
    on: dt.date
    other: int | None
    value: Decimal | None
    ending: str = ""


def plan_history(sheet: Sheet, setting: Setting) -> Plan:
    """Work out what a full history would book, and what is doubtful about it."""
    notes = Notebook(setting)
    reader = Reader(sheet, setting, notes)
    problems = problems_of(reader)
    if Field.ON not in reader.places and Field.ADMITTED not in reader.places:
        problems = (*problems, "no_date")
    if problems:
        return Plan((), (), Sums(0, 0, {}, {}), problems)
    read, totals, skipped = read_rows(reader, notes)
    events = {draft.line: _event(row, draft, reader, notes) for row, draft in read}
    groups = grouped([draft for _row, draft in read], notes)
    check_communications(groups, notes)
    numbers: dict[int | None, Group] = {group.number: group for group in groups if group.number is not None}
    moves = _moves(groups, events, numbers, notes)
    members = numbered(groups, [_member(group, events, moves[id(group)], setting, notes) for group in groups])
    note_missing(members, notes)
    return Plan(
        members=tuple(members),
        doubts=tuple(sorted(notes.doubts, key=lambda doubt: doubt.line)),
        sums=add_up(members, totals),
        problems=() if members or notes.doubts else ("nobody",),
        notes=dict(notes.notes),
        prices=prices_of(members, setting),
        first_dates=first_dates_of(members),
        skipped=skipped,
    )


def _event(row: Row, draft: Draft, reader: Reader, notes: Notebook) -> Event | None:
    before = len(notes.doubts)
    on = reader.date(row, Field.ON) or draft.admitted_on
    if on is None:
        if len(notes.doubts) == before:
            notes.doubt(row.line, "date_missing", Field.ON.value)
        return None
    if on > notes.setting.today:
        told = suggested(on, FIRST_DATE, notes.setting.today)
        notes.doubt(row.line, "date_in_future", Field.ON.value, text_of(on), suggestion=told, on=on)
        return None
    kind, ending = _kind(reader.text(row, Field.MOVEMENT), draft)
    if kind is None:
        notes.doubt(row.line, "movement_unknown", Field.MOVEMENT.value, reader.text(row, Field.MOVEMENT)[:60])
        return None
    if kind not in (ADMISSION, ENDING) and kind != MovementKind.PAYMENT and not draft.shares:
        if kind == MovementKind.EXIT and Field.SHARES in reader.places and draft.shares == 0:
            kind = ENDING
        elif draft.shares is None and any(doubt.line == row.line for doubt in notes.doubts):
            return None
        else:
            notes.doubt(row.line, "shares_missing", Field.SHARES.value, reader.text(row, Field.SHARES))
            return None
    if kind not in (ADMISSION, ENDING) and draft.amount is None:
        if not any(doubt.line == row.line for doubt in notes.doubts):
            notes.doubt(row.line, "amount_missing", Field.AMOUNT.value)
        return None
    return Event(kind, on, _other(row, reader), _value(row, reader), ending)


def _kind(text: str, draft: Draft) -> tuple[MovementKind | str | None, str]:
    told = fold(text)
    shares = draft.shares or 0
    if told.replace(" ", "_") in MovementKind.__members__.values() and told.replace(" ", "_") not in (
        MovementKind.OPENING,
        MovementKind.CORRECTION,
        MovementKind.SPLIT,
        MovementKind.CONVERSION_IN,
        MovementKind.CONVERSION_OUT,
    ):
        return MovementKind(told.replace(" ", "_")), ""
    for kind, beginnings in _KINDS:
        if any(told.startswith(one) or f" {one}" in f" {told}" for one in beginnings if told):
            if kind == "death":
                return (MovementKind.EXIT if shares else ENDING), "death"
            if kind == "transfer":
                return (MovementKind.TRANSFER_OUT if shares < 0 else "transfer"), ""
            if kind == ADMISSION and shares > 0:
                return MovementKind.ISSUE, ""
            return kind, ""
    if told:
        return None, ""
    # Without a word the sign tells: shares come, shares go, or only money moves.
    if shares > 0:
        return MovementKind.ISSUE, ""
    if shares < 0:
        return MovementKind.EXIT, ""
    return (MovementKind.PAYMENT, "") if draft.paid else (ADMISSION, "")


def _other(row: Row, reader: Reader) -> int | None:
    try:
        return read_member_number(reader.cell(row, Field.OTHER))
    except Unreadable:
        return None


def _value(row: Row, reader: Reader) -> Decimal | None:
    found = reader.read(row, Field.VALUE, read_money)
    return None if found is None else abs(found)


def _moves(
    groups: Sequence[Group],
    events: dict[int, Event | None],
    numbers: dict[int | None, Group],
    notes: Notebook,
) -> dict[int, list[Move]]:
    """Make the movements of each group; the two sides of a transfer find each other, or one row tells both."""
    moves: dict[int, list[Move]] = defaultdict(list)
    pairs = 0
    loose: dict[tuple[object, ...], list[tuple[Group, Draft, Event]]] = defaultdict(list)
    for group in groups:
        for draft in group.drafts:
            event = events.get(draft.line)
            if event is None or event.kind in (ADMISSION, ENDING):
                continue
            if event.kind == MovementKind.TRANSFER_IN:
                loose[_half(draft, event)].append((group, draft, event))
            elif event.kind not in ("transfer", MovementKind.TRANSFER_OUT):
                moves[id(group)].append(_move(draft, event, MovementKind(event.kind)))
    for group in groups:
        for draft in group.drafts:
            event = events.get(draft.line)
            if event is None or event.kind not in ("transfer", MovementKind.TRANSFER_OUT):
                continue
            halves = loose.get(_half(draft, event), [])
            taker, other = (halves.pop(0)[:2]) if halves else (numbers.get(event.other), draft)
            if taker is None or taker is group:
                notes.doubt(draft.line, "transfer_half", Field.OTHER.value, str(event.other or ""))
                continue
            pairs += 1
            moves[id(group)].append(_move(draft, event, MovementKind.TRANSFER_OUT, pairs))
            taken = _move(other, event, MovementKind.TRANSFER_IN, pairs)
            given = moves[id(group)][-1]
            moves[id(taker)].append(
                replace(taken, paid=-given.paid, quantity=-given.quantity, amount_per_share=given.amount_per_share)
            )
    for halves in loose.values():
        for _group, draft, _event in halves:
            notes.doubt(draft.line, "transfer_half", Field.OTHER.value, "")
    return moves


def _half(draft: Draft, event: Event) -> tuple[object, ...]:
    return event.on, draft.share_class, abs(draft.shares or 0)


def _move(draft: Draft, event: Event, kind: MovementKind, pair: int | None = None) -> Move:
    shares, amount = abs(draft.shares or 0), draft.amount or ZERO
    paid = abs(draft.paid) if draft.paid is not None else (shares * amount).quantize(Decimal("0.01"))
    sign = -1 if kind in (MovementKind.EXIT, MovementKind.EXCLUSION, MovementKind.TRANSFER_OUT) else 1
    is_payment = kind == MovementKind.PAYMENT
    return Move(
        line=draft.line,
        kind=kind,
        share_class=draft.share_class,
        quantity=0 if is_payment else sign * shares,
        amount_per_share=amount,
        paid=paid if is_payment else sign * paid,
        on=event.on,
        value=event.value if kind in (MovementKind.EXIT, MovementKind.EXCLUSION, MovementKind.TRANSFER_OUT) else None,
        pair=pair,
    )


def _member(
    group: Group, events: dict[int, Event | None], moves: list[Move], setting: Setting, notes: Notebook
) -> MemberPlan | None:
    told = [event for draft in group.drafts if (event := events.get(draft.line)) is not None]
    dates = [event.on for event in told] + [move.on for move in moves]
    dates += [draft.admitted_on for draft in group.drafts if draft.admitted_on is not None]
    if not dates:
        return base_member(group, setting, setting.at)
    member = base_member(group, setting, min(dates))
    if member is None:
        return None
    in_order = sorted(moves, key=lambda move: (move.on, move.quantity < 0, move.line))
    in_order = [_paid_share(move, in_order[:place]) for place, move in enumerate(in_order)]
    lots: dict[tuple[str, Decimal], tuple[int, Decimal]] = {}
    for move in in_order:
        key = (move.share_class, move.amount_per_share)
        shares, paid = lots.get(key, (0, ZERO))
        lots[key] = (shares + move.quantity, paid + move.paid)
        if lots[key][0] < 0:
            notes.doubt(move.line, "not_enough", Field.SHARES.value, str(move.quantity), held=shares, on=move.on)
            break
        if not ZERO <= lots[key][1] <= lots[key][0] * move.amount_per_share:
            notes.doubt(
                move.line, "paid_out_of_bounds", Field.PAID.value, str(move.paid), paid=lots[key][1], on=move.on
            )
            break
    ended = [draft.ended_on for draft in group.drafts if draft.ended_on is not None]
    ended += [event.on for event in told if event.kind == ENDING]
    ending = next((event.ending for event in told if event.ending), "")
    holds = any(shares for shares, _paid in lots.values())
    until = max(ended, default=None)
    if until is None and in_order and not holds:
        until = max(move.on for move in in_order)
    if until is not None and (holds or until < max(dates)):
        notes.doubt(group.drafts[-1].line, "holds_after_end", Field.ENDED.value, text_of(until), on=until)
        until = None
    if not ending:
        leaving = [move for move in in_order if move.kind in _LEAVING]
        ending = _LEAVING[leaving[-1].kind] if leaving else "exit"
        ending = next((draft.ending for draft in group.drafts if draft.ending != "unknown"), ending)
    return replace(member, ended_on=until, ending=ending if until else "unknown", moves=tuple(in_order))


def _paid_share(move: Move, before: Sequence[Move]) -> Move:
    """Let shares that leave take along what is paid on them, where all of a lot leave."""
    if move.kind not in (MovementKind.EXIT, MovementKind.EXCLUSION):
        return move
    same = [m for m in before if (m.share_class, m.amount_per_share) == (move.share_class, move.amount_per_share)]
    held, paid = sum(m.quantity for m in same), sum((m.paid for m in same), ZERO)
    return replace(move, paid=-paid) if held == -move.quantity else move
