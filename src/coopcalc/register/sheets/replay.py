"""A history played from its first day: which shares move at what amount, and which rows belong together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from ..records import MovementKind
from .columns import Field
from .kinds import ADMISSION, CONVERSION, ENDING, TRANSFER, Event
from .opening import Group
from .plan import ZERO, Move, Notebook
from .reading import Draft

CENT: Final = Decimal("0.01")
TEN_THOUSANDTH: Final = Decimal("0.0001")
MOST_FACTOR: Final = 10_000
# Of one day: what comes, what is paid, what goes round, what goes.
_RANKS: Final = {
    MovementKind.ISSUE: 0,
    MovementKind.PAYMENT: 1,
    MovementKind.EXIT: 3,
    MovementKind.EXCLUSION: 3,
}
_LEAVING: Final = frozenset({MovementKind.EXIT, MovementKind.EXCLUSION, MovementKind.TRANSFER_OUT})
LotKey = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class Step:
    """A row to be played: who gives, who takes where that is somebody else, and the row of the other side."""

    kind: MovementKind
    draft: Draft
    event: Event
    group: Group | None = None
    taker: Group | None = None
    other: Draft | None = None
    share_class: str = ""


Entry = tuple[Group, Draft, Event]


class Replay:
    """Play the rows of a history in the order of their dates, and note a doubt where one of them can't be played."""

    def __init__(self, groups: Sequence[Group], events: Mapping[int, Event | None], notes: Notebook) -> None:
        self.notes = notes
        self.groups = groups
        self.events = events
        self.numbers: dict[int | None, Group] = {group.number: group for group in groups if group.number is not None}
        self.moves: dict[int, list[Move]] = defaultdict(list)
        self.steps: list[Step] = []
        self._held: dict[int, dict[LotKey, tuple[int, Decimal]]] = defaultdict(dict)
        self._pairs = 0
        self._partly: dict[tuple[str, Decimal], int] = {}

    def play(self, splits: Sequence[tuple[Draft, Event]]) -> dict[int, list[Move]]:
        """Return the movements of each group, by its identity; `splits` are rows about a whole class."""
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for group in self.groups:
            for draft in group.drafts:
                event = self.events.get(draft.line)
                if event is not None and event.kind not in (ADMISSION, ENDING):
                    by_kind[event.kind].append((group, draft, event))
        self._transfers(by_kind)
        self._conversions(by_kind)
        self._member_splits(by_kind.pop(MovementKind.SPLIT, []))
        for kind, entries in by_kind.items():
            self.steps += [Step(MovementKind(kind), draft, event, group) for group, draft, event in entries]
        self._amounts_are_told(splits)
        for draft, event in splits:
            self.steps.append(Step(MovementKind.SPLIT, draft, event))
        lines: dict[dt.date, list[int]] = defaultdict(list)
        for draft, event in splits:
            lines[event.on].append(draft.line)

        def order(step: Step) -> tuple[object, ...]:
            # Rows of the day of a split: those above it come before, those below it after.
            before = sum(line < step.draft.line for line in lines[step.event.on])
            is_split = step.group is None
            return step.event.on, before, is_split, _RANKS.get(step.kind, 2), step.draft.line

        day: dt.date | None = None
        for step in sorted(self.steps, key=order):
            if day is not None and step.event.on != day:
                self._day_ends()
            day = step.event.on
            self._step(step)
        self._day_ends()
        return self.moves

    # Which rows belong together.

    def _transfers(self, by_kind: dict[str, list[Entry]]) -> None:
        """Let the two sides of a transfer find each other; a row with the number of the other side tells both."""
        outs = by_kind.pop(MovementKind.TRANSFER_OUT, [])
        ins = by_kind.pop(MovementKind.TRANSFER_IN, [])
        for entry in by_kind.pop(TRANSFER, []):
            group, draft, event = entry
            # “Transfer” with shares above nought is somebody's gain where somebody else's loss stands beside it.
            is_gain = event.other is None and any(
                _half(entry) == _half(out) and out[0] is not group and (out[1].shares or 0) < 0 for out in outs
            )
            (ins if is_gain else outs).append(entry)
        outs.sort(key=lambda entry: entry[1].line)
        ins.sort(key=lambda entry: entry[1].line)
        left: list[Entry] = []
        for out in outs:
            group, draft, event = out
            taken = [one for one in ins if _half(one) == _half(out) and one[0] is not group]
            taken = [one for one in taken if one[2].other is None or self.numbers.get(one[2].other) is group]
            if event.other is not None and event.other in self.numbers:
                taken = [one for one in taken if one[0] is self.numbers[event.other]]
            if taken:
                ins.remove(taken[0])
                self.steps.append(
                    Step(MovementKind.TRANSFER_OUT, draft, event, group, taken[0][0], taken[0][1], draft.share_class)
                )
                continue
            taker = self.numbers.get(event.other)
            if taker is not None and taker is not group and not self._unlike(out, ins):
                self.steps.append(Step(MovementKind.TRANSFER_OUT, draft, event, group, taker))
            else:
                left.append(out)
        for taken_in in ins:
            group, draft, event = taken_in
            giver = self.numbers.get(event.other)
            if giver is not None and giver is not group and not self._unlike(taken_in, left):
                self.steps.append(Step(MovementKind.TRANSFER_OUT, draft, event, giver, group))
            else:
                self._half_missing(taken_in, left)
        for out in left:
            self._half_missing(out, ins)

    def _unlike(self, entry: Entry, others: Sequence[Entry]) -> Entry | None:
        """Return the row that seems to be the other side, but tells one thing differently."""
        group, _draft, event = entry
        mine = _half(entry)
        for other in others:
            if other[0] is group or (event.other is not None and self.numbers.get(event.other) is not other[0]):
                continue
            if sum(a != b for a, b in zip(mine, _half(other), strict=True)) == 1:
                return other
        return None

    def _half_missing(self, entry: Entry, others: Sequence[Entry]) -> None:
        _group, draft, event = entry
        unlike = self._unlike(entry, others)
        if unlike is None:
            self.notes.doubt(draft.line, "transfer_half", Field.OTHER.value, str(event.other or ""))
            return
        place = next(i for i, (a, b) in enumerate(zip(_half(entry), _half(unlike), strict=True)) if a != b)
        field = (Field.ON, Field.CLASS, Field.SHARES)[place]
        value = str(_half(entry)[place]) if place else _plain(event.on)
        self.notes.doubt(draft.line, "transfer_unlike", field.value, value, other=unlike[1].line)

    def _conversions(self, by_kind: dict[str, list[Entry]]) -> None:
        """Let a member's shares that go in one class and come in another find each other; or one row tells both."""
        outs = by_kind.pop(MovementKind.CONVERSION_OUT, [])
        ins = by_kind.pop(MovementKind.CONVERSION_IN, [])
        for entry in by_kind.pop(CONVERSION, []):
            if entry[2].to_class:
                outs.append(entry)
            elif any(_becomes(out, entry) for out in outs):
                ins.append(entry)
            else:
                self.notes.doubt(entry[1].line, "conversion_half", Field.CLASS.value, entry[1].share_class)
        for out in sorted(outs, key=lambda entry: entry[1].line):
            group, draft, event = out
            fitting = [one for one in ins if _becomes(out, one)]
            code = event.to_class
            if fitting and len({one[1].share_class for one in fitting}) == 1:
                ins.remove(fitting[0])
                code = fitting[0][1].share_class
            elif not code or fitting or code == draft.share_class:
                self.notes.doubt(draft.line, "conversion_half", Field.CLASS.value, draft.share_class)
                continue
            other = fitting[0][1] if fitting else None
            self.steps.append(Step(MovementKind.CONVERSION_OUT, draft, event, group, None, other, code))
        for _group, draft, _event in ins:
            self.notes.doubt(draft.line, "conversion_half", Field.CLASS.value, draft.share_class)

    def _member_splits(self, entries: Sequence[Entry]) -> None:
        """Take splits told member by member: old shares out and new ones in, or one row that tells the factor."""
        gone = [entry for entry in entries if (entry[1].shares or 0) < 0]
        new = [entry for entry in entries if (entry[1].shares or 0) >= 0]
        for group, draft, event in gone:
            shares = -(draft.shares or 0)
            found: list[tuple[Entry, int]] = []
            for one in new:
                factor, rest = divmod(one[1].shares or 0, shares)
                alike = one[0] is group and one[1].share_class == draft.share_class and one[2].on == event.on
                if alike and factor > 1 and not rest and event.factor in (None, factor):
                    found.append((one, factor))
            if len(found) == 1:
                new.remove(found[0][0])
                event = replace(event, factor=found[0][1])
            if event.factor is None:
                self._unclear(draft)
            else:
                self.steps.append(Step(MovementKind.SPLIT, draft, event, group))
        self.steps += [Step(MovementKind.SPLIT, draft, event, group) for group, draft, event in new]

    def _amounts_are_told(self, splits: Sequence[tuple[Draft, Event]]) -> None:
        """Note a doubt where a class was split, but its issues don't say at what amount: before, or after?"""
        split = {step.draft.share_class: step.draft for step in self.steps if step.kind == MovementKind.SPLIT}
        split |= {draft.share_class: draft for draft, _event in splits}
        untold = {
            step.draft.share_class
            for step in self.steps
            if step.kind == MovementKind.ISSUE and not step.draft.is_amount_told
        }
        for code in sorted(split.keys() & untold):
            self.notes.doubt(split[code].line, "split_without_amounts", Field.CLASS.value, code)

    # What each row does.

    def _step(self, step: Step) -> None:
        if step.kind == MovementKind.SPLIT:
            self._split(step)
            return
        group, draft = step.group, step.draft
        assert group is not None
        amount = self._amount(step, group)
        if amount is None:
            if not any(doubt.line == draft.line for doubt in self.notes.doubts):
                self.notes.doubt(draft.line, "amount_missing", Field.AMOUNT.value)
            return
        if step.kind == MovementKind.CONVERSION_OUT:
            self._convert(step, group, amount)
            return
        leaves = step.kind in _LEAVING
        sign, shares = -1 if leaves else 1, abs(draft.shares or 0)
        paid = self._paid(step, group, amount, shares, leaves=leaves)
        if paid is None:
            return
        is_payment = step.kind == MovementKind.PAYMENT
        pair = None
        if step.taker is not None:
            pair = self._next_pair()
        move = Move(
            line=draft.line,
            kind=step.kind,
            share_class=draft.share_class,
            quantity=0 if is_payment else sign * shares,
            amount_per_share=amount,
            paid=paid if is_payment else sign * paid,
            on=step.event.on,
            value=step.event.value if leaves else None,
            pair=pair,
        )
        self._book(group, move)
        if step.taker is not None:
            line = step.other.line if step.other is not None else draft.line
            kind = MovementKind.TRANSFER_IN
            self._book(step.taker, replace(move, line=line, kind=kind, quantity=shares, paid=paid))

    def _amount(self, step: Step, group: Group) -> Decimal | None:
        """Return the amount per share: as told, else that of the only shares of the class that are held."""
        draft = step.draft
        if draft.is_amount_told or step.kind == MovementKind.ISSUE:
            return draft.amount
        lots = [key for key, (shares, _paid) in self._held[id(group)].items() if key[0] == draft.share_class and shares]
        return lots[0][1] if len(lots) == 1 else draft.amount

    def _paid(self, step: Step, group: Group, amount: Decimal, shares: int, *, leaves: bool) -> Decimal | None:
        """Return what is paid on shares that move: as told, else an equal part of what is paid; None for a doubt."""
        draft = step.draft
        if draft.paid is not None and draft.is_paid_told:
            return abs(draft.paid)
        if not leaves and step.kind != MovementKind.CONVERSION_OUT:
            return (shares * amount).quantize(CENT) if draft.paid is None else abs(draft.paid)
        held, settled = self._held[id(group)].get((draft.share_class, amount), (0, ZERO))
        if held < shares or not held:
            return (shares * amount).quantize(CENT)
        part = (settled * shares / held).quantize(CENT)
        if part * held != settled * shares:
            self.notes.doubt(draft.line, "which_paid", Field.PAID.value, "", paid=settled, held=held)
            return None
        return part

    def _convert(self, step: Step, group: Group, amount: Decimal) -> None:
        draft, other, shares = step.draft, step.other, abs(step.draft.shares or 0)
        if other is not None and other.is_paid_told and not draft.is_paid_told:
            paid = other.paid if other.paid is None else abs(other.paid)
            paid = (shares * amount).quantize(CENT) if paid is None else paid
        else:
            found = self._paid(step, group, amount, shares, leaves=True)
            if found is None:
                return
            paid = found
        if other is not None and other.is_amount_told and other.amount != amount:
            value = _money(other.amount)
            self.notes.doubt(other.line, "conversion_amount", Field.AMOUNT.value, value, asked=amount)
            return
        if other is not None and other.is_paid_told and other.paid is not None and abs(other.paid) != paid:
            self.notes.doubt(other.line, "conversion_paid", Field.PAID.value, _money(other.paid), asked=paid)
            return
        move = Move(
            line=draft.line,
            kind=MovementKind.CONVERSION_OUT,
            share_class=draft.share_class,
            quantity=-shares,
            amount_per_share=amount,
            paid=-paid,
            on=step.event.on,
            pair=self._next_pair(),
        )
        self._book(group, move)
        self._book(
            group,
            replace(
                move,
                line=other.line if other is not None else draft.line,
                kind=MovementKind.CONVERSION_IN,
                share_class=step.share_class,
                quantity=shares,
                paid=paid,
            ),
        )

    def _split(self, step: Step) -> None:
        """Split the shares of a class that everybody, or one member, holds by then."""
        draft, factor = step.draft, step.event.factor
        if factor is None and step.group is not None:
            factor = self._factor_of_new(step)
        if factor is None:
            self._unclear(draft)
            return
        if not 2 <= factor <= MOST_FACTOR:
            self.notes.doubt(draft.line, "split_factor", Field.FACTOR.value, str(factor), factor=factor)
            return
        is_done = False
        for group in self.groups if step.group is None else (step.group,):
            for (code, amount), (shares, paid) in list(self._held[id(group)].items()):
                if code != draft.share_class or not shares:
                    continue
                if (draft.shares or 0) < 0 and draft.is_amount_told and amount != draft.amount:
                    continue
                smaller = (amount / factor).quantize(TEN_THOUSANDTH)
                if smaller * factor != amount:
                    self.notes.doubt(
                        draft.line, "split_amount", Field.FACTOR.value, str(factor), amount=amount, factor=factor
                    )
                    return
                if step.group is not None:
                    self._partly.setdefault((code, amount), draft.line)
                possible = (-shares,) if (draft.shares or 0) < 0 else (shares, shares * factor, shares * (factor - 1))
                if draft.shares and draft.shares not in possible:
                    told = str(draft.shares)
                    self.notes.doubt(
                        draft.line, "split_not_all", Field.SHARES.value, told, held=shares, on=step.event.on
                    )
                    return
                self._split_lot(group, step, amount, smaller, shares, paid, factor)
                is_done = True
        if not is_done:
            self.notes.doubt(draft.line, "split_nothing", Field.CLASS.value, draft.share_class, on=step.event.on)

    def _split_lot(
        self, group: Group, step: Step, amount: Decimal, smaller: Decimal, shares: int, paid: Decimal, factor: int
    ) -> None:
        move = Move(
            line=step.draft.line,
            kind=MovementKind.SPLIT,
            share_class=step.draft.share_class,
            quantity=-shares,
            amount_per_share=amount,
            paid=-paid,
            on=step.event.on,
            pair=self._next_pair(),
        )
        self._book(group, move)
        self._book(group, replace(move, quantity=shares * factor, amount_per_share=smaller, paid=paid))

    def _factor_of_new(self, step: Step) -> int | None:
        """Find from the new amount how many shares one became; the row tells all of the new shares, or those added."""
        draft = step.draft
        assert step.group is not None
        lots = [
            (amount, shares)
            for (code, amount), (shares, _paid) in self._held[id(step.group)].items()
            if code == draft.share_class and shares
        ]
        if len(lots) != 1 or not draft.is_amount_told or not draft.amount or not draft.shares:
            return None
        amount, shares = lots[0]
        factor, rest = divmod(amount, draft.amount)
        if rest or draft.shares not in (shares * int(factor), shares * (int(factor) - 1)):
            return None
        return int(factor)

    def _day_ends(self) -> None:
        """Note a doubt where a split told member by member left somebody out."""
        for (code, amount), line in self._partly.items():
            for group in self.groups:
                shares, _paid = self._held[id(group)].get((code, amount), (0, ZERO))
                if shares > 0 and not any(doubt.line == line for doubt in self.notes.doubts):
                    self.notes.doubt(line, "split_partly", Field.CLASS.value, code, other=group.first.line)
        self._partly = {}

    def _unclear(self, draft: Draft) -> None:
        self.notes.doubt(draft.line, "split_unclear", Field.MOVEMENT.value)

    def _next_pair(self) -> int:
        self._pairs += 1
        return self._pairs

    def _book(self, group: Group, move: Move) -> None:
        self.moves[id(group)].append(move)
        lots = self._held[id(group)]
        key = (move.share_class, move.amount_per_share)
        shares, paid = lots.get(key, (0, ZERO))
        if move.kind in (MovementKind.EXIT, MovementKind.EXCLUSION) and shares == -move.quantity:
            lots[key] = (0, ZERO)
        else:
            lots[key] = (shares + move.quantity, paid + move.paid)


def _half(entry: Entry) -> tuple[dt.date, str, int]:
    """Return what both sides of a transfer tell alike."""
    _group, draft, event = entry
    return event.on, draft.share_class, abs(draft.shares or 0)


def _becomes(out: Entry, into: Entry) -> bool:
    """Tell whether shares that go in a conversion can be those that come in another row."""
    alike = out[0] is into[0] and out[2].on == into[2].on and abs(out[1].shares or 0) == abs(into[1].shares or 0)
    wanted = out[2].to_class
    return alike and into[1].share_class != out[1].share_class and wanted in ("", into[1].share_class)


def _plain(on: dt.date) -> str:
    return f"{on:%d-%m-%Y}"


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{abs(amount):.2f}"
