"""What must hold in every register, whoever wrote it, and the findings where it doesn't.

Works on plain values (dates as ISO text, money as whole cents, amounts per share as whole ten-thousandths), so that
hundreds of thousands of rows are checked in seconds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from .records import DECREASING, FIRST_DATE, INCREASING, PAIRED, MovementKind, StandingEvent

FOREVER: Final = "9999-12-31"

_FIRST_DATE: Final = FIRST_DATE.isoformat()
_KINDS: Final = frozenset(MovementKind)
_EVENTS: Final = frozenset(StandingEvent)

MESSAGES: Final[Mapping[str, str]] = {
    "entry_number": "Entry {number} of journal “{journal}” should have been number {expected}.",
    "entry_short": "An entry of the ledger needs two lines at least, each with an amount.",
    "entry_unbalanced": "The lines of entry {number} of journal “{journal}” come to {sum} instead of nothing.",
    "reversal_differs": "The entry isn't the exact opposite of the one that it reverses.",
    "reversed_twice": "The entry reverses one that another had reversed already.",
    "reverses_unknown": "The entry reverses one that isn't there.",
    "class_unknown": "The movement is about a share class that the register doesn't know.",
    "corrected_twice": "The row corrects a movement that another row had corrected already.",
    "correction_differs": "The correction isn't the exact opposite of the movement that it corrects.",
    "corrects_unknown": "The row corrects a movement that isn't there.",
    "date_invalid": "{date} isn't a date from 1800 to 9999.",
    "decision_unknown": "The row refers to a decision that isn't there.",
    "event_unknown": "“{event}” is neither an admission nor an ending.",
    "holds_after_end": "Member {number} holds shares or paid amounts after the membership ended on {on}.",
    "id_repeated": "The row repeats the id of another.",
    "kind_unknown": "“{kind}” isn't a kind of movement.",
    "lot_negative": "On {on} member {number} gives up more shares at this amount per share than it holds at it.",
    "member_not_admitted": "The movement of {on} is outside the membership of member {number}.",
    "member_number_repeated": "Member number {number} is used twice.",
    "member_unknown": "The row is about a member that isn't there.",
    "paid_out_of_bounds": "On {on} member {number} has paid {paid}: less than nothing, or more than the shares ask.",
    "pair_missing": "A transfer, conversion or split has only one side.",
    "pair_unlike": "The two sides of a transfer, conversion or split don't belong together.",
    "pair_unbalanced": "The two sides of a transfer, conversion or split don't cancel out.",
    "shares_negative": "On {on} member {number} holds {shares} shares.",
    "sign_wrong": "A movement of kind “{kind}” can't have this quantity and paid amount.",
    "standing_order": "Member {number} is admitted while a member, or ended while none, on {on}.",
    "void_differs": "The row doesn't repeat the admission or ending that it voids.",
    "voided_twice": "The row voids an admission or ending that another row had voided already.",
    "voids_unknown": "The row voids an admission or ending that isn't there.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a position: a stable code, and facts (ids, numbers, dates) that its sentence needs."""

    position: int
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Say in a sentence what is wrong."""
        return MESSAGES[self.code].format(**self.facts)


class _Movement(NamedTuple):
    position: int
    member: int
    share_class: str
    kind: str
    quantity: int
    amount: int
    paid: int
    on: str
    pair: str | None
    corrects: str | None


class _Standing(NamedTuple):
    position: int
    member: int
    event: str
    on: str
    voids: str | None


@dataclass(slots=True)
class _Member:
    number: int
    rows: list[_Movement] = field(default_factory=list)
    spans: list[tuple[str, str]] = field(default_factory=list)


class _Wholes(dict[str, int]):
    """Numbers by their text, in units of their last decimal; the same few come again and again."""

    def __missing__(self, text: str) -> int:
        value = self[text] = int(text.replace(".", ""))
        return value


# The values of a body in the order of its keys, then the position, as the strict patterns give them.
MovementValues = tuple[
    str,  # amount_per_share
    str | None,  # author
    str,  # class
    str | None,  # corrects
    str | None,  # decision
    str,  # id
    str,  # kind
    str,  # member
    str,  # on
    str,  # paid
    str | None,  # pair
    str,  # quantity
    str | None,  # value
    str,  # position
]
StandingValues = tuple[
    str | None,  # asked_on
    str | None,  # author
    str | None,  # decision
    str,  # event
    str,  # id
    str,  # member
    str,  # on
    str | None,  # paid_on
    str | None,  # reason
    str | None,  # voids
    str,  # position
]

# The lines of an entry of the ledger: account, amount, claim, party.
JournalLine = tuple[str, str, str, str]
# What else its body says, in the order of its keys, the lines left out.
JournalValues = tuple[
    str | None,  # author
    str,  # id
    str,  # journal
    str,  # number
    str,  # on
    str | None,  # reverses
    str,  # rule
    str | None,  # source
    str | None,  # source_kind
    str,  # position
]

_new_tuple: Final = tuple.__new__
_SIGNS: Final = dict.fromkeys(INCREASING, 1) | dict.fromkeys(DECREASING, -1) | {"payment": 0}


class Checker:
    """Take a register's rows in the order of the chain, then find everything that can't be so.

    Whether shares, payments and memberships add up is judged over all dates, as known at the end.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._dates: set[str] = set()
        self.movement_count = 0
        self._numbers: set[int] = set()
        self._decisions: set[str | None] = {None}
        self._classes: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        self._index: dict[str, int] = {}
        self._members: list[_Member] = []
        self._standings: dict[str, _Standing] = {}
        self._rows: dict[str, _Movement | None] = {}
        self._wholes = _Wholes()
        self._paired: list[_Movement] = []
        self._corrections: list[_Movement] = []
        self._corrected: set[int] = set()
        self.entry_count = 0
        self._last_numbers: dict[str, int] = {}
        self._reversible: dict[str, tuple[JournalLine, ...]] = {}
        self._reversed: set[str] = set()

    def add_class(self, position: int, class_id: str, code: str, from_on: str) -> None:
        """Take the terms of a class; a class comes again with later terms."""
        self._date(position, from_on)
        self._classes[class_id].append((from_on, position, code))

    def add_decision(self, position: int, row_id: str, on: str) -> None:
        """Take a decision."""
        self._date(position, on)
        self._id(position, row_id)
        self._decisions.add(row_id)

    def add_member(self, position: int, row_id: str, number: int) -> None:
        """Take a member."""
        self._id(position, row_id)
        if number in self._numbers:
            self._find(position, "member_number_repeated", number=number)
        self._numbers.add(number)
        self._index.setdefault(row_id, len(self._members))
        self._members.append(_Member(number))

    def add_particulars(self, position: int, row_id: str, from_on: str) -> None:
        """Take the particulars of a party."""
        self._date(position, from_on)
        self._id(position, row_id)

    def add_standing(self, position: int, values: StandingValues) -> None:
        """Take the beginning or end of a membership: the values of its body as text, in the order of the keys."""
        asked_on, _author, decision, event, row_id, member, on, paid_on, _reason, voids, _position = values
        self._id(position, row_id)
        for day in (on, asked_on, paid_on):
            if day is not None and day not in self._dates:
                self._date(position, day)
        if event not in _EVENTS:
            self._find(position, "event_unknown", event=event)
        if decision not in self._decisions:
            self._find(position, "decision_unknown", decision=str(decision))
        index = self._index.get(member, -1)
        if index < 0:
            self._find(position, "member_unknown", member=member)
        else:
            self._standings[row_id] = _Standing(position, index, event, on, voids)

    def add_movement(self, position: int, values: MovementValues) -> None:
        """Take a movement: the values of its body as text, in the order of the keys.

        This is what a verification does most, which is why it looks things up that could be worked out again.
        """
        amount, _author, share_class, corrects, decision, row_id, kind, member, on, paid, pair, quantity, _, _ = values
        index = self._index.get(member, -1)
        shares, cents = self._wholes[quantity], self._wholes[paid]
        per_share = self._wholes[amount]
        row = _new_tuple(_Movement, (position, index, share_class, kind, shares, per_share, cents, on, pair, corrects))
        if self._rows.setdefault(row_id, row) is not row:
            self._find(position, "id_repeated", id=row_id)
        if index < 0:
            self._find(position, "member_unknown", member=member)
        else:
            self._members[index].rows.append(row)
        if on not in self._dates:
            self._date(position, on)
        if share_class not in self._classes:
            self._find(position, "class_unknown", share_class=share_class)
        if decision not in self._decisions:
            self._find(position, "decision_unknown", decision=str(decision))
        if kind in _SIGNS:
            sign = _SIGNS[kind]
            if (shares * sign <= 0) if sign else (shares or not cents):
                self._find(position, "sign_wrong", kind=kind)
        elif kind not in _KINDS:
            self._find(position, "kind_unknown", kind=kind)
        if pair is not None or kind in PAIRED:
            self._paired.append(row)
        if corrects is not None or kind == MovementKind.CORRECTION:
            self._corrections.append(row)
        self.movement_count += 1

    def add_entry(self, position: int, values: JournalValues, lines: Sequence[JournalLine]) -> None:
        """Take an entry of the ledger: the values of its body as text, and its lines."""
        _author, row_id, journal, number, on, reverses, _rule, _source, _source_kind, _position = values
        self._id(position, row_id)
        if on not in self._dates:
            self._date(position, on)
        expected = self._last_numbers.get(journal, 0) + 1
        if int(number) != expected:
            self._find(position, "entry_number", journal=journal, number=int(number), expected=expected)
        self._last_numbers[journal] = int(number)
        amounts = [self._wholes[line[1]] for line in lines]
        if len(amounts) < 2 or not all(amounts):
            self._find(position, "entry_short")
        if total := sum(amounts):
            told = f"{Decimal(total).scaleb(-2):.2f}"
            self._find(position, "entry_unbalanced", journal=journal, number=int(number), sum=told)
        written = tuple(lines)
        if reverses is not None:
            self._judge_reversal(position, reverses, written)
        self._reversible[row_id] = written
        self.entry_count += 1

    def finish(self) -> list[Finding]:
        """Judge what only the whole shows; return all findings, first position first."""
        self._finish_standings()
        self._finish_corrections()
        self._finish_pairs()
        for member in self._members:
            if member.rows:
                self._finish_member(member)
        self.findings.sort(key=lambda finding: (finding.position, finding.code))
        return self.findings

    def totals(self) -> tuple[int, dict[str, int], int]:
        """Count who is a member at the end, shares per class code and cents paid, over all dates. After `finish`."""
        members = sum(1 for member in self._members if member.spans and member.spans[-1][1] == FOREVER)
        codes = {class_id: max(versions)[2] for class_id, versions in self._classes.items()}
        counts = dict.fromkeys(codes, 0)
        paid = 0
        for member in self._members:
            for row in member.rows:
                if row[2] in counts:
                    counts[row[2]] += row[4]
                paid += row[6]
        shares = dict.fromkeys(sorted(codes.values()), 0)
        for class_id, count in counts.items():
            shares[codes[class_id]] += count
        return members, shares, paid

    def _judge_reversal(self, position: int, reverses: str, lines: tuple[JournalLine, ...]) -> None:
        meant = self._reversible.get(reverses)
        if meant is None:
            self._find(position, "reverses_unknown")
        elif reverses in self._reversed:
            self._find(position, "reversed_twice")
        elif lines != tuple((line[0], _opposite(line[1]), *line[2:]) for line in meant):
            self._find(position, "reversal_differs")
        self._reversed.add(reverses)

    def _find(self, position: int, code: str, **facts: str | int) -> None:
        self.findings.append(Finding(position, code, facts))

    def _date(self, position: int, text: str) -> None:
        if text in self._dates:
            return
        try:
            date.fromisoformat(text)
        except ValueError:
            self._find(position, "date_invalid", date=text)
        else:
            if text < _FIRST_DATE:
                self._find(position, "date_invalid", date=text)
            else:
                self._dates.add(text)

    def _id(self, position: int, text: str) -> None:
        if text in self._rows:
            self._find(position, "id_repeated", id=text)
        else:
            self._rows[text] = None

    def _finish_standings(self) -> None:
        voided: set[str] = set()
        for row in self._standings.values():
            if row.voids is None:
                continue
            meant = self._standings.get(row.voids)
            if meant is None or meant.position >= row.position:
                self._find(row.position, "voids_unknown", voids=row.voids)
            elif meant.voids is not None or (meant.member, meant.event, meant.on) != (row.member, row.event, row.on):
                self._find(row.position, "void_differs", voids=row.voids)
            elif row.voids in voided:
                self._find(row.position, "voided_twice", voids=row.voids)
            voided.add(row.voids)
        in_force = [row for key, row in self._standings.items() if row.voids is None and key not in voided]
        in_force.sort(key=lambda row: (row.on, row.position))
        for row in in_force:
            member = self._members[row.member]
            is_member = bool(member.spans) and member.spans[-1][1] == FOREVER
            if is_member == (row.event == StandingEvent.ADMITTED):
                self._find(row.position, "standing_order", number=member.number, on=row.on)
            elif is_member:
                member.spans[-1] = (member.spans[-1][0], row.on)
            else:
                member.spans.append((row.on, FOREVER))

    def _finish_corrections(self) -> None:
        for row in self._corrections:
            meant = self._rows.get(row.corrects or "")
            if meant is None or meant.position >= row.position:
                self._find(row.position, "corrects_unknown", corrects=row.corrects or "")
                continue
            opposite = meant._replace(
                position=row.position,
                kind=MovementKind.CORRECTION.value,
                quantity=-meant.quantity,
                paid=-meant.paid,
                pair=row.pair,
                corrects=row.corrects,
            )
            if row != opposite or meant.corrects is not None or row.pair not in (None, meant.pair):
                self._find(row.position, "correction_differs", corrects=row.corrects or "")
            elif meant.position in self._corrected:
                self._find(row.position, "corrected_twice", corrects=row.corrects or "")
            self._corrected.add(meant.position)

    def _finish_pairs(self) -> None:
        pairs: dict[str, list[_Movement]] = defaultdict(list)
        for row in self._paired:
            if row.position in self._corrected or row.corrects is not None:
                continue
            if row.pair is None:
                self._find(row.position, "pair_missing")
            else:
                pairs[row.pair].append(row)
        for rows in pairs.values():
            self._finish_pair(rows)

    def _finish_pair(self, rows: list[_Movement]) -> None:
        last = max(row.position for row in rows)
        if len(rows) != 2:
            self._find(last, "pair_missing" if len(rows) == 1 else "pair_unlike")
            return
        give, take = sorted(rows, key=lambda row: row.quantity)
        match give.kind:
            case MovementKind.TRANSFER_OUT:
                alike = take.kind == MovementKind.TRANSFER_IN and give.member != take.member
                alike = alike and (give.share_class, give.amount) == (take.share_class, take.amount)
                balanced = give.quantity + take.quantity == 0
            case MovementKind.CONVERSION_OUT:
                alike = take.kind == MovementKind.CONVERSION_IN and give.member == take.member
                alike = alike and give.share_class != take.share_class
                balanced = give.quantity + take.quantity == 0
            case _:
                alike = give.kind == take.kind == MovementKind.SPLIT
                alike = alike and (give.member, give.share_class) == (take.member, take.share_class)
                balanced = give.quantity * give.amount + take.quantity * take.amount == 0
        if not alike or give.on != take.on:
            self._find(last, "pair_unlike")
        elif not balanced or give.paid + take.paid != 0:
            self._find(last, "pair_unbalanced")

    def _finish_member(self, member: _Member) -> None:
        admitted, ended = member.spans[-1] if member.spans else (FOREVER, "")
        is_plain = True
        for row in member.rows:
            _position, _member, _class, _kind, quantity, amount, paid, on, _pair, _corrects = row
            if not admitted <= on <= ended:
                self._judge_date(member, row)
            if quantity < 0 or not 0 <= paid * 100 <= quantity * amount:
                is_plain = False
        if not is_plain:  # where each row is in bounds by itself, so is their sum on any date
            self._judge_lots(member)
        if ended != FOREVER or len(member.spans) > 1:
            self._judge_endings(member)

    def _judge_date(self, member: _Member, row: _Movement) -> None:
        in_force = row.corrects is None and row.position not in self._corrected
        if in_force and not any(admitted <= row.on <= ended for admitted, ended in member.spans):
            self._find(row.position, "member_not_admitted", number=member.number, on=row.on)

    def _judge_lots(self, member: _Member) -> None:
        """Name the first date on which a lot is overdrawn, or paid for less or more than can be."""
        lots: dict[tuple[str, int], list[_Movement]] = defaultdict(list)
        for row in member.rows:
            lots[row.share_class, row.amount].append(row)
        for (share_class, amount), rows in lots.items():
            quantity = paid = 0
            for on, those in _by_day(rows):
                quantity += sum(row.quantity for row in those)
                paid += sum(row.paid for row in those)
                if quantity < 0:
                    at = max(row.position for row in those if row.quantity < 0)
                    shares = sum(row.quantity for row in member.rows if row.share_class == share_class and row.on <= on)
                    code = "shares_negative" if shares < 0 else "lot_negative"
                    self._find(at, code, number=member.number, on=on, shares=shares)
                    break
                if not 0 <= paid * 100 <= quantity * amount:
                    at = max(row.position for row in those)
                    told = f"{Decimal(paid).scaleb(-2):.2f}"
                    self._find(at, "paid_out_of_bounds", number=member.number, on=on, paid=told)
                    break

    def _judge_endings(self, member: _Member) -> None:
        for _admitted, ended in member.spans:
            if ended == FOREVER:
                continue
            lots: dict[tuple[str, int], tuple[int, int]] = {}
            for row in member.rows:
                if row.on <= ended:
                    shares, paid = lots.get((row.share_class, row.amount), (0, 0))
                    lots[row.share_class, row.amount] = (shares + row.quantity, paid + row.paid)
            if any(left != (0, 0) for left in lots.values()):
                at = max(row.position for row in member.rows if row.on <= ended)
                self._find(at, "holds_after_end", number=member.number, on=ended)


def _by_day(rows: list[_Movement]) -> list[tuple[str, list[_Movement]]]:
    days: dict[str, list[_Movement]] = defaultdict(list)
    for row in rows:
        days[row.on].append(row)
    return sorted(days.items())


def _opposite(amount: str) -> str:
    return amount[1:] if amount.startswith("-") else f"-{amount}"
