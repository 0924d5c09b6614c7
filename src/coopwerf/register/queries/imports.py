"""Spreadsheets on their way into the register: what was brought, chosen and mended, and what would be booked."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage

from coopcalc.register import sheets
from coopcalc.register.sheets import Checks, Field, Mend, Plan, Setting, Shape, Sheet
from coopcalc.register.sheets.names import name_key
from coopwerf.coops import queries as coops
from coopwerf.coops.states import DUTCH
from coopwerf.kernel.refusals import Refused
from coopwerf.people import queries as people
from coopwerf.people.states import clean_email, clean_enterprise_no, clean_phone

from ..models import RegisterImport
from ..states import ImportState
from .classes import all_terms

FIRST_CLASS = "A"
"""What the first class of shares is called where a file has none."""


@dataclasses.dataclass(frozen=True, slots=True)
class ImportFacts:
    """A spreadsheet on its way, or what became of it."""

    id: uuid.UUID
    coop_id: uuid.UUID
    state: ImportState
    brought_by: uuid.UUID | None
    brought_at: dt.datetime
    file_name: str
    size: int
    original: str
    cells: str
    choices: Mapping[str, Any]
    mends: Mapping[str, Any]
    reason: str
    reason_facts: Mapping[str, Any]
    booked: Mapping[str, Any]
    ended_at: dt.datetime | None

    @property
    def is_chosen(self) -> bool:
        """Tell whether somebody has confirmed what the columns hold."""
        return bool(self.choices.get("columns"))


def _facts(row: RegisterImport) -> ImportFacts:
    return ImportFacts(
        row.id,
        row.coop_id,
        ImportState(row.state),
        row.brought_by,
        row.brought_at,
        row.file_name,
        row.size,
        row.original,
        row.cells,
        row.choices,
        row.mends,
        row.reason,
        row.reason_facts,
        row.booked,
        row.ended_at,
    )


def imports(coop_id: uuid.UUID) -> Sequence[ImportFacts]:
    """Return the last twenty spreadsheets that weren't dropped, the newest first."""
    rows = RegisterImport.objects.filter(coop_id=coop_id).exclude(state=ImportState.DROPPED.value)
    return [_facts(row) for row in rows.order_by("-brought_at", "-id")[:20]]


def import_facts(coop_id: uuid.UUID, import_id: uuid.UUID) -> ImportFacts:
    """Return one spreadsheet; raises Refused where it isn't there."""
    row = RegisterImport.objects.filter(coop_id=coop_id, id=import_id).first()
    if row is None:
        raise Refused("register.import_unknown")
    return _facts(row)


def forgotten_imports(coop_id: uuid.UUID, before: dt.datetime) -> Sequence[uuid.UUID]:
    """Return the spreadsheets brought before a moment that nobody booked or dropped."""
    rows = RegisterImport.objects.filter(coop_id=coop_id, state=ImportState.OPEN.value, brought_at__lt=before)
    return list(rows.order_by("id").values_list("id", flat=True))


def remembered_heads(coop_id: uuid.UUID) -> Mapping[str, str]:
    """Return which headers were read as what before, the last choice first."""
    found: dict[str, str] = {}
    rows = RegisterImport.objects.filter(coop_id=coop_id).exclude(heads={}).order_by("-brought_at", "-id")
    for heads in rows.values_list("heads", flat=True)[:10]:
        found = {**heads, **found}
    return found


def sheets_of(facts: ImportFacts) -> tuple[Sheet, ...]:
    """Return the cells of a spreadsheet that was brought; raises Refused once they are gone."""
    try:
        with default_storage.open(facts.cells) as stored:
            return sheets.from_json(stored.read().decode())
    except (FileNotFoundError, ValueError, OSError) as error:
        raise Refused("register.import_unknown") from error


def chosen_sheet(found: Sequence[Sheet], name: str | None) -> Sheet:
    """Return the sheet of that name, or the one that looks most like a register; raises Refused."""
    if name is None:
        best = sheets.best_sheet(found)
        if best is None:
            raise Refused("register.file_empty")
        return best
    for sheet in found:
        if sheet.name.casefold() == name.strip().casefold():
            return sheet
    names = ", ".join(sheet.name for sheet in found) or "–"
    raise Refused("register.import_sheet", sheet=name, sheets=names)


def _or_value_error(clean: Any) -> Any:
    def check(*given: str) -> str:
        try:
            return str(clean(*given))
        except Refused as refusal:
            raise ValueError(refusal.code) from refusal

    return check


CHECKS = Checks(_or_value_error(clean_enterprise_no), _or_value_error(clean_email), _or_value_error(clean_phone))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How somebody wants a spreadsheet read; what is None is guessed, or taken from the co-operative."""

    sheet: str | None = None
    header: int | None = None
    columns: Mapping[int, Field] | None = None
    shape: Shape | None = None
    at: dt.date | None = None
    share_class: str = ""
    amount: Decimal | None = None
    month_first: bool | None = None
    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    classes: Mapping[int, str] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "sheet": self.sheet,
            "header": self.header,
            "columns": None
            if self.columns is None
            else {str(place): sheets.key_of(told, self.classes.get(place, "")) for place, told in self.columns.items()},
            "shape": None if self.shape is None else self.shape.value,
            "at": None if self.at is None else self.at.isoformat(),
            "share_class": self.share_class,
            "amount": None if self.amount is None else str(self.amount),
            "month_first": self.month_first,
            "answers": dict(self.answers),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Choices":
        """Return what was stored."""
        keys = {int(place): sheets.read_key(key) for place, key in (told.get("columns") or {}).items()}
        columns, shape, at, amount = (told.get(key) for key in ("columns", "shape", "at", "amount"))
        return cls(
            sheet=told.get("sheet"),
            header=told.get("header"),
            columns=None if columns is None else {place: key[0] for place, key in keys.items() if key},
            classes={place: key[1] for place, key in keys.items() if key and key[1]},
            shape=None if shape is None else Shape(shape),
            at=None if at is None else dt.date.fromisoformat(at),
            share_class=told.get("share_class") or "",
            amount=None if amount is None else Decimal(amount),
            month_first=told.get("month_first"),
            answers=told.get("answers") or {},
        )


def guess_of(coop_id: uuid.UUID, sheet: Sheet, header: int | None = None) -> sheets.Guess:
    """Guess what a sheet holds, with what was chosen for headers of the same name before."""
    return sheets.guess(sheet, header=header, remembered=remembered_heads(coop_id))


def read_mends(told: Mapping[str, Any]) -> dict[int, Mend]:
    """Return the mends of a spreadsheet as they were stored, by line."""
    return {
        int(line): Mend(one.get("values", {}), one.get("answers", {}), one.get("skip", ""))
        for line, one in told.items()
    }


def import_setting(
    coop_id: uuid.UUID,
    found: Sequence[Sheet],
    choices: Choices,
    *,
    today: dt.date,
    mends: Mapping[int, Mend] | None = None,
) -> tuple[Sheet, Setting]:
    """Return the sheet that is meant and how it is to be read: what was chosen, and a guess for the rest.

    Raises Refused for a sheet that isn't there.
    """
    sheet = chosen_sheet(found, choices.sheet)
    guessed = guess_of(coop_id, sheet, choices.header)
    columns = guessed.columns if choices.columns is None else choices.columns
    classes = guessed.classes if choices.columns is None else choices.classes
    terms = all_terms(coop_id, choices.at or today)
    prices = {one.code: one.nominal for one in terms}
    # The only class there is, else the first letter: until somebody says which.
    only = next(iter(prices)) if len(prices) == 1 else FIRST_CLASS
    is_own = guessed.is_own and dict(columns) == dict(guessed.columns)
    month_first = choices.month_first
    if month_first is None:
        month_first = not is_own and sheets.is_month_first(sheet, guessed.header, columns)
    stage = coops.stage(coop_id, today)
    return sheet, Setting(
        today=today,
        at=choices.at or today,
        header=guessed.header,
        columns=columns,
        shape=choices.shape or guessed.shape,
        is_own=is_own,
        month_first=month_first,
        country="NL" if stage in DUTCH else "BE",
        language=coops.coop_facts(coop_id).language,
        share_class=choices.share_class or only,
        amount=choices.amount,
        prices=prices,
        may_open_classes=not prices,
        answers=choices.answers,
        mends=mends or {},
        checks=CHECKS,
        classes=classes,
    )


def import_plan(facts: ImportFacts, *, today: dt.date) -> tuple[Sheet, Setting, Plan]:
    """Work out what a spreadsheet that was brought would book today; raises Refused."""
    sheet, setting = import_setting(
        facts.coop_id,
        sheets_of(facts),
        Choices.from_json(facts.choices),
        today=today,
        mends=read_mends(facts.mends),
    )
    return sheet, setting, sheets.plan_import(sheet, setting)


def who_governs(coop_id: uuid.UUID, on: dt.date) -> dict[tuple[str, str], uuid.UUID]:
    """Return the people who hold or held a mandate here, by folded name and e-mail address, and by name alone.

    A member of that name and address is the same person, so that who governs finds their own shares.
    """
    ids = coops.mandate_parties(coop_id)
    mails = people.email_of(ids)
    found: dict[tuple[str, str], uuid.UUID] = {}
    twice: set[tuple[str, str]] = set()
    for party_id, known in sorted(people.particulars(ids, at=on).items(), key=lambda item: str(item[0])):
        if known.name is None or known.is_erased:
            continue
        name = name_key(known.name.family, known.name.given)
        for key in {(name, mails.get(party_id, "")), (name, "")}:
            if key in found:
                twice.add(key)
            found[key] = party_id
    return {key: party_id for key, party_id in found.items() if key not in twice}
