"""A full history: a row per movement, from which members, their admission and their leaving follow."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ..records import FIRST_DATE, MovementKind
from .cells import Unreadable, fold, read_count, read_member_number, read_money, words
from .columns import Field
from .grid import Row, Sheet, is_blank, text_of
from .kinds import ADMISSION, CONVERSION, ENDING, Event, factor_of, is_split, kind_of
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
from .replay import Replay

_EVERYBODY: Final = words("alle allen iedereen tous toutes all everybody everyone")
_LEAVING: Final = {
    MovementKind.EXIT: "exit",
    MovementKind.EXCLUSION: "exclusion",
    MovementKind.TRANSFER_OUT: "transfer",
}


def plan_history(sheet: Sheet, setting: Setting) -> Plan:
    """Work out what a full history would book, and what is doubtful about it."""
    notes = Notebook(setting)
    reader = Reader(sheet, setting, notes)
    problems = problems_of(reader)
    if Field.ON not in reader.places and Field.ADMITTED not in reader.places:
        problems = (*problems, "no_date")
    if problems:
        return Plan((), (), Sums(0, 0, {}, {}), problems)
    of_class = {row.line: row for row in reader.rows() if _is_of_class(row, reader)}
    read, totals, skipped = read_rows(reader, notes, apart=of_class)
    splits = [
        split for line, row in of_class.items() if line not in skipped and (split := _split_of(row, reader, notes))
    ]
    events = {draft.line: _event(row, draft, reader, notes) for row, draft in read}
    groups = grouped([draft for _row, draft in read], notes)
    check_communications(groups, notes)
    moves = Replay(groups, events, notes).play(splits)
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
    kind, ending = kind_of(reader.text(row, Field.MOVEMENT), draft)
    if kind is None:
        notes.doubt(row.line, "movement_unknown", Field.MOVEMENT.value, reader.text(row, Field.MOVEMENT)[:60])
        return None
    factor = _factor(row, reader) if kind == MovementKind.SPLIT else None
    moves_shares = kind not in (ADMISSION, ENDING, MovementKind.PAYMENT) and factor is None
    if moves_shares and not draft.shares:
        if kind == MovementKind.EXIT and Field.SHARES in reader.places and draft.shares == 0:
            kind = ENDING
        elif draft.shares is None and any(doubt.line == row.line for doubt in notes.doubts):
            return None
        elif kind == MovementKind.SPLIT:
            notes.doubt(row.line, "split_unclear", Field.MOVEMENT.value)
            return None
        else:
            notes.doubt(row.line, "shares_missing", Field.SHARES.value, reader.text(row, Field.SHARES))
            return None
    if kind == MovementKind.ISSUE and draft.amount is None:
        if not any(doubt.line == row.line for doubt in notes.doubts):
            notes.doubt(row.line, "amount_missing", Field.AMOUNT.value)
        return None
    is_conversion = kind in (CONVERSION, MovementKind.CONVERSION_OUT)
    to_class = reader.to_class(row) if is_conversion else ""
    return Event(kind, on, _other(row, reader), _value(row, reader), ending, to_class, factor)


def _is_of_class(row: Row, reader: Reader) -> bool:
    """Tell whether a row is about a class as a whole: a split without a member."""
    if not is_blank(reader.cell(row, Field.MEMBER_NO)):
        return False
    who = (reader.text(row, field) for field in (Field.NAME, Field.FAMILY, Field.GIVEN, Field.ORGANISATION))
    if any(told and not _EVERYBODY.intersection(fold(told).split()[:1]) for told in who):
        return False
    return is_split(reader.text(row, Field.MOVEMENT))


def _split_of(row: Row, reader: Reader, notes: Notebook) -> tuple[Draft, Event] | None:
    """Read a split of a whole class."""
    draft = reader.draft_of_class(row)
    event = _event(row, draft, reader, notes)
    return None if event is None else (draft, event)


def _factor(row: Row, reader: Reader) -> int | None:
    """Return how many shares one became: from its own column, else from the words of the movement."""
    text = reader.text(row, Field.FACTOR)
    if text:
        try:
            return factor_of(text) or read_count(text)
        except Unreadable:
            return None
    return factor_of(reader.text(row, Field.MOVEMENT))


def _other(row: Row, reader: Reader) -> int | None:
    try:
        return read_member_number(reader.cell(row, Field.OTHER))
    except Unreadable:
        return None


def _value(row: Row, reader: Reader) -> Decimal | None:
    found = reader.read(row, Field.VALUE, read_money)
    return None if found is None else abs(found)


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
