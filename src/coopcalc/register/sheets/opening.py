"""An opening position: what everybody holds on the cut-over date, a row per holding."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from ..records import FIRST_DATE, MovementKind
from .cells import Unreadable, communication_text, fold, read_count, read_money
from .columns import Field, Shape, order_turned
from .grid import Cell, Row, Sheet, is_blank, text_of
from .holdings import read_drafts
from .names import name_key
from .plan import CLEAR, DIFFERENT, ORGANISATION, SAME, ZERO, MemberPlan, Move, Notebook, Plan, Setting, Sums
from .reading import Draft, Reader

_TOTAL: Final = re.compile(
    r"(algemeen |grand |general |eind|sub|sous )?(totaal|totalen|totaux|total|totals|som|somme|sum)"
    r"( general| algemeen| generaux| aandelen| actions| parts| shares| leden| membres)?"
)
_PEOPLE: Final = re.compile(
    r"(\d[\d.\s]*)\s*(leden|vennoten|aandeelhouders|membres|cooperateurs|actionnaires|members)\b"
)
_TELLING: Final = (Field.MEMBER_NO, Field.ADMITTED, Field.ON, Field.MOVEMENT)


@dataclass(slots=True)
class FileTotals:
    """What a total row of the file says; the last one counts."""

    line: int | None = None
    members: int | None = None
    shares: int | None = None
    paid: Decimal | None = None


@dataclass(slots=True)
class Group:
    """The rows of one member."""

    first: Draft
    drafts: list[Draft] = field(default_factory=list)

    @property
    def number(self) -> int | None:
        """Return the number that one of its rows tells."""
        return next((draft.number for draft in self.drafts if draft.number is not None), None)


def read_rows(
    reader: Reader, notes: Notebook, *, apart: Collection[int] = ()
) -> tuple[list[tuple[Row, Draft]], FileTotals, dict[int, str]]:
    """Read every row that is somebody's; total rows, remarks, rows left out and lines `apart` are passed over."""
    totals, skipped = FileTotals(), {}
    drafts: list[tuple[Row, Draft]] = []
    for row in reader.rows():
        mend = notes.setting.mends.get(row.line)
        if mend is not None and mend.skip:
            skipped[row.line] = mend.skip
        elif row.line in apart:
            continue
        elif _is_total(row, reader):
            _read_totals(row, reader, totals)
        elif _is_remark(row, reader):
            notes.notes["remarks"] += 1
        else:
            drafts += [(row, draft) for draft in read_drafts(reader, row)]
    return drafts, totals, skipped


def _is_total(row: Row, reader: Reader) -> bool:
    if any(not is_blank(_own_cell(row, reader, told)) for told in _TELLING if told is not Field.MEMBER_NO):
        return False
    # A number column may hold the word itself, or how many members there are.
    words = [fold(text_of(cell)) for cell in row.cells if isinstance(cell, str) and cell.strip()]
    if any(_TOTAL.fullmatch(re.sub(r"[\d.]+", "", word).strip()) or _TOTAL.fullmatch(word) for word in words):
        return not isinstance(_own_cell(row, reader, Field.MEMBER_NO), int) or len(words) == 1
    # Sums below the last member without a word beside them.
    return not words and row.line == reader.sheet.rows[-1].line and any(not is_blank(cell) for cell in row.cells)


def _own_cell(row: Row, reader: Reader, told: Field) -> Cell:
    place = reader.places.get(told)
    return None if place is None else row.at(place)


def _read_totals(row: Row, reader: Reader, totals: FileTotals) -> None:
    totals.line = row.line
    has_paid = any(field is Field.PAID for field, _code in reader.class_places)
    try:
        counts = [read_count(reader.cell(row, Field.SHARES, code)) for code in reader.codes or [""]]
        told = [count for count in counts if count is not None]
        totals.shares = sum(told) if told else totals.shares
    except Unreadable:
        pass
    try:
        amounts = [read_money(reader.cell(row, Field.PAID, code)) for code in (reader.codes if has_paid else [""])]
        paid = [amount for amount in amounts if amount is not None]
        totals.paid = sum(paid, ZERO) if paid else totals.paid
    except Unreadable:
        pass
    for cell in row.cells:
        match = _PEOPLE.search(fold(text_of(cell)))
        if match:
            totals.members = int(re.sub(r"\D", "", match[1]))


def _is_remark(row: Row, reader: Reader) -> bool:
    """Tell whether a row is a note to people: one text, where neither number, date nor shares stand."""
    if reader.notes.setting.mends.get(row.line) is not None:
        return False
    filled = [place for place, cell in enumerate(row.cells) if not is_blank(cell)]
    mapped = [place for place in filled if place in reader.setting.columns]
    if not mapped:
        return True
    name_places = {reader.places.get(told) for told in (Field.NAME, Field.FAMILY, Field.ORGANISATION)}
    if len(filled) > 1 or not isinstance(row.at(filled[0]), str):
        return False
    # A title row before the members, or “last changed on …” below them.
    return filled[0] not in name_places or len(reader.places) > 3


def plan_opening(sheet: Sheet, setting: Setting) -> Plan:
    """Work out what an opening position would book, and what is doubtful about it."""
    notes = Notebook(setting)
    reader = Reader(sheet, setting, notes)
    problems = problems_of(reader)
    if problems:
        return Plan((), (), Sums(0, 0, {}, {}), problems)
    read, file_totals, skipped = read_rows(reader, notes)
    for place, (_row, draft) in enumerate(read):
        before = read[place - 1][1] if place else None
        if before is not None and before.line == draft.line:
            draft.admitted_on, draft.ended_on = before.admitted_on, before.ended_on
        else:
            _check_dates(draft, notes)
    groups = grouped([draft for _row, draft in read], notes)
    check_communications(groups, notes)
    members = numbered(groups, [_member(group, setting) for group in groups])
    sums = _sums(members, groups, setting, file_totals)
    note_missing(members, notes)
    if not members and not notes.doubts:
        problems = ("nobody",)
    return Plan(
        members=tuple(members),
        doubts=tuple(sorted(notes.doubts, key=lambda doubt: doubt.line)),
        sums=sums,
        problems=problems,
        notes=dict(notes.notes),
        prices=prices_of(members, setting),
        first_dates=first_dates_of(members),
        skipped=skipped,
    )


def problems_of(reader: Reader) -> tuple[str, ...]:
    """Return what keeps the whole sheet from being read: no name column, or no amount to be found anywhere."""
    places = reader.places.keys()
    found: list[str] = []
    if not places & {Field.NAME, Field.FAMILY, Field.ORGANISATION}:
        found.append("no_name")
    if reader.setting.has_shares and not (
        places & {Field.AMOUNT, Field.TOTAL} or reader.setting.amount is not None or reader.setting.prices
    ):
        found.append("no_amount")
    if not any(True for _row in reader.rows()):
        found.append("nobody")
    return tuple(found)


def usual_amount(sheet: Sheet, header: int, columns: Mapping[int, Field]) -> Decimal | None:
    """Return what most holders paid for each share, where no column tells its amount; None where they differ."""
    places = {field: place for place, field in columns.items()}
    if places.keys() & {Field.AMOUNT, Field.TOTAL} or not places.keys() >= {Field.SHARES, Field.PAID}:
        return None
    found: Counter[Decimal] = Counter()
    for row in sheet.rows:
        try:
            shares, paid = read_count(row.at(places[Field.SHARES])), read_money(row.at(places[Field.PAID]))
        except Unreadable:
            continue
        if row.line > header and shares and shares > 0 and paid:
            found[(paid / shares).quantize(Decimal("0.0001"))] += 1
    amount, rows = found.most_common(1)[0] if found else (ZERO, 0)
    # Who paid a part of theirs is the exception, else nobody can tell.
    return amount if amount > 0 and rows * 10 >= found.total() * 8 else None


def _check_dates(draft: Draft, notes: Notebook) -> None:
    at = notes.setting.at
    admitted, ended = draft.admitted_on, draft.ended_on
    if admitted is not None and admitted > at:
        notes.doubt(
            draft.line,
            "admitted_after",
            Field.ADMITTED.value,
            text_of(admitted),
            suggestion=suggested(admitted, FIRST_DATE, at),
            at=at,
        )
        draft.admitted_on = None
    elif ended is not None and ended > at:
        notes.doubt(draft.line, "ended_after", Field.ENDED.value, text_of(ended), answers=(CLEAR,), at=at)
        draft.ended_on = None
    elif admitted is not None and ended is not None and ended < admitted:
        notes.doubt(
            draft.line,
            "end_before_start",
            Field.ENDED.value,
            text_of(ended),
            suggestion=suggested(ended, admitted, at),
            admitted=admitted,
        )


def suggested(on: dt.date, first: dt.date, last: dt.date) -> str:
    """Return a date with day and month turned round, where that lies between two others; else nothing."""
    turned = order_turned(on)
    return text_of(turned) if turned is not None and first <= turned <= last else ""


def grouped(drafts: Sequence[Draft], notes: Notebook) -> list[Group]:
    """Bring the rows of the same member together; whether two rows are the same person may be doubtful."""
    groups: list[Group] = []
    by_number: dict[int, Group] = {}
    by_person: dict[tuple[str, str], Group] = {}
    by_enterprise: dict[str, Group] = {}
    last: Group | None = None
    for draft in drafts:
        if last is not None and draft.line == last.drafts[-1].line:
            # Another class of the same row.
            last.drafts.append(draft)
            continue
        key = person_key(draft)
        found = _same(draft, key, by_number, by_person, by_enterprise, notes)
        if found is None:
            found = Group(draft)
            groups.append(found)
        last = found
        found.drafts.append(draft)
        if draft.number is not None:
            by_number.setdefault(draft.number, found)
        if draft.person is not None:
            by_person.setdefault(key, found)
            if draft.person.enterprise_no:
                by_enterprise.setdefault(draft.person.enterprise_no, found)
    for group in groups:
        lines = {draft.line for draft in group.drafts}
        if not any(d.person for d in group.drafts) and not any(doubt.line in lines for doubt in notes.doubts):
            notes.doubt(group.first.line, "name_missing", notes.name_field.value)
    return groups


def person_key(draft: Draft) -> tuple[str, str]:
    """Fold name and address, so that the same person at the same place has the same key."""
    person, address = draft.person, draft.address
    name = name_key(person.family, person.given) if person else ""
    return name, fold(f"{address.street} {address.number} {address.box} {address.postcode}")


def _same(
    draft: Draft,
    key: tuple[str, str],
    by_number: Mapping[int, Group],
    by_person: Mapping[tuple[str, str], Group],
    by_enterprise: Mapping[str, Group],
    notes: Notebook,
) -> Group | None:
    """Return the group to which a row belongs for certain, or by an answer; doubts are noted."""
    numbered_group = None if draft.number is None else by_number.get(draft.number)
    if numbered_group is not None:
        other = numbered_group.first
        if draft.person is None or other.person is None or person_key(other)[0] == key[0]:
            return numbered_group
        told = notes.doubt(
            draft.line,
            "number_repeated",
            Field.MEMBER_NO.value,
            str(draft.number),
            answers=(SAME,),
            other=other.line,
        )
        return numbered_group if told == SAME else None
    if notes.setting.is_own or draft.person is None:
        return None
    alike = by_enterprise.get(draft.person.enterprise_no) if draft.person.enterprise_no else None
    alike = alike or by_person.get(key)
    if alike is None:
        return None
    # In a history the same person comes back row after row.
    if notes.setting.shape is Shape.HISTORY and (draft.number is None or alike.number is None):
        return alike
    name = draft.person.family if not draft.person.given else f"{draft.person.family}, {draft.person.given}"
    told = notes.doubt(draft.line, "same_person", "", name[:120], answers=(SAME, DIFFERENT), other=alike.first.line)
    return alike if told == SAME else None


def check_communications(groups: Iterable[Group], notes: Notebook) -> None:
    """Note a doubt where two members would pay under the same communication."""
    known: dict[str, Group] = {}
    for group in groups:
        for draft in group.drafts:
            if draft.communication and known.setdefault(draft.communication, group) is not group:
                notes.doubt(
                    draft.line,
                    "communication_repeated",
                    Field.COMMUNICATION.value,
                    communication_text(draft.communication),
                    answers=(CLEAR,),
                    other=known[draft.communication].first.line,
                )
                draft.communication = ""


def base_member(group: Group, setting: Setting, admitted_on: dt.date) -> MemberPlan | None:
    """Make a member of what the rows of a group say about the person; None where no row names anybody."""
    drafts = group.drafts
    person = next((draft.person for draft in drafts if draft.person is not None), None)
    if person is None:
        return None

    def first(name: str, empty: object) -> object:
        return next((getattr(draft, name) for draft in drafts if getattr(draft, name) != empty), empty)

    address = next((draft.address for draft in drafts if not draft.address.is_empty), group.first.address)
    enterprise = next((d.person.enterprise_no for d in drafts if d.person and d.person.enterprise_no), "")
    return MemberPlan(
        line=group.first.line,
        number=group.number or 0,
        kind=person.kind,
        family=person.family,
        given=person.given,
        legal_form=person.legal_form,
        enterprise_no=enterprise,
        address=address,
        email=str(first("email", "")),
        phone=str(first("phone", "")),
        language=group.first.language,
        admitted_on=admitted_on,
        asked_on=first("asked_on", None),  # type: ignore[arg-type]
        paid_on=first("paid_on", None),  # type: ignore[arg-type]
        communication=str(first("communication", "")),
    )


def _member(group: Group, setting: Setting) -> MemberPlan | None:
    dates = [draft.admitted_on for draft in group.drafts if draft.admitted_on is not None]
    member = base_member(group, setting, min(dates, default=setting.at))
    if member is None:
        return None
    ends = [draft.ended_on for draft in group.drafts]
    ended = None if None in ends else max(end for end in ends if end is not None)
    moves = () if ended is not None else tuple(_opening(draft, setting) for draft in group.drafts if _holds(draft))
    ending = next((draft.ending for draft in group.drafts if draft.ending != "unknown"), "unknown")
    return replace(member, ended_on=ended, ending=ending, moves=moves)


def _holds(draft: Draft) -> bool:
    return bool(draft.shares) and draft.amount is not None and draft.ended_on is None


def _opening(draft: Draft, setting: Setting) -> Move:
    shares, amount = draft.shares or 0, draft.amount or ZERO
    full = (shares * amount).quantize(Decimal("0.01"))
    return Move(
        line=draft.line,
        kind=MovementKind.OPENING,
        share_class=draft.share_class,
        quantity=shares,
        amount_per_share=amount,
        paid=full if draft.paid is None else draft.paid,
        on=setting.at,
    )


def numbered(groups: Sequence[Group], planned: Sequence[MemberPlan | None]) -> list[MemberPlan]:
    """Give a number to each member without one, after the highest, in the order of admission; sort by number."""
    members = [member for member in planned if member is not None]
    last = max((member.number for member in members), default=0)
    without = sorted((m for m in members if not m.number), key=lambda member: (member.admitted_on, member.line))
    given = {member.line: last + place for place, member in enumerate(without, 1)}
    members = [replace(member, number=given.get(member.line, member.number)) for member in members]
    return sorted(members, key=lambda member: (member.number, member.line))


def _sums(members: Sequence[MemberPlan], groups: Sequence[Group], setting: Setting, told: FileTotals) -> Sums:
    left_shares, left_paid = 0, ZERO
    for group in groups:
        for draft in group.drafts:
            if draft.ended_on is not None and draft.shares and draft.amount is not None:
                left_shares += draft.shares
                full = (draft.shares * draft.amount).quantize(Decimal("0.01"))
                left_paid += full if draft.paid is None else draft.paid
    return add_up(members, told, left_shares=left_shares, left_paid=left_paid)


def add_up(members: Sequence[MemberPlan], told: FileTotals, *, left_shares: int = 0, left_paid: Decimal = ZERO) -> Sums:
    """Add up members, shares and paid amounts per class."""
    shares: dict[str, int] = defaultdict(int)
    paid: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for member in members:
        for move in member.moves:
            shares[move.share_class] += move.quantity
            paid[move.share_class] += move.paid
    return Sums(
        members=sum(1 for member in members if member.ended_on is None),
        left=sum(1 for member in members if member.ended_on is not None),
        shares=dict(sorted(shares.items())),
        paid=dict(sorted(paid.items())),
        left_shares=left_shares,
        left_paid=left_paid,
        file_line=told.line,
        file_members=told.members,
        file_shares=told.shares,
        file_paid=told.paid,
    )


def prices_of(members: Iterable[MemberPlan], setting: Setting) -> dict[str, Decimal]:
    """Return the amount per share that most shares of each class have, before any split."""
    moves = [move for member in members for move in member.moves]
    split: dict[str, dt.date] = {}
    for move in moves:
        if move.kind == MovementKind.SPLIT:
            split[move.share_class] = min(split.get(move.share_class, move.on), move.on)
    counts: dict[str, Counter[Decimal]] = defaultdict(Counter)
    for move in moves:
        # What a class began with: the amounts after a split hold from then on.
        if move.kind != MovementKind.SPLIT and move.on <= split.get(move.share_class, move.on):
            counts[move.share_class][move.amount_per_share] += abs(move.quantity)
    return {code: found.most_common(1)[0][0] for code, found in sorted(counts.items())}


def first_dates_of(members: Iterable[MemberPlan]) -> dict[str, dt.date]:
    """Return the first day on which each class is held: the admission of its first holder."""
    found: dict[str, dt.date] = {}
    for member in members:
        for move in member.moves:
            found[move.share_class] = min(found.get(move.share_class, move.on), member.admitted_on, move.on)
    return dict(sorted(found.items()))


def note_missing(members: Iterable[MemberPlan], notes: Notebook) -> None:
    """Note what is taken for granted, and what the law wants known but nobody wrote down."""
    setting = notes.setting
    told = setting.columns.values()
    doubtful = {doubt.line for doubt in notes.doubts}
    for member in members:
        notes.notes["without_address"] += member.address.is_empty and member.ended_on is None
        notes.notes["without_enterprise_no"] += member.kind == ORGANISATION and not member.enterprise_no
        # Without a holding there is nothing to be a Belgian member by. Whose shares are doubtful is asked about them.
        notes.notes["without_shares"] += (
            setting.has_shares and not member.moves and member.ended_on is None and member.line not in doubtful
        )
    notes.notes["all_paid"] += setting.has_shares and Field.PAID not in told
    notes.notes["all_admitted_at"] += setting.shape is Shape.OPENING and Field.ADMITTED not in told
    notes.notes["all_numbered"] += Field.MEMBER_NO not in told
    for code in [code for code, count in notes.notes.items() if not count]:
        del notes.notes[code]
