"""What somebody says on a command line about a spreadsheet, and what is told back."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from coopcalc.register import sheets
from coopcalc.register.bodies import amount_text
from coopcalc.register.sheets import Doubt, Field, Mend, Plan, Shape, Sheet, Unreadable, header_key, read_date, text_of
from coopwerf.kernel.refusals import Refused, sentence

from .. import queries
from .words import DOUBTS


def choices(
    found: Sequence[Sheet],
    file_name: str,
    *,
    today: dt.date,
    at: dt.date | None = None,
    sheet: str | None = None,
    header: int | None = None,
    columns: str | None = None,
    shape: str | None = None,
    share_class: str | None = None,
    same_person: bool = False,
    **options: Any,
) -> queries.Choices:
    """Return how a spreadsheet is to be read, from what was said; raises Refused for what isn't there."""
    chosen = queries.chosen_sheet(found, sheet)
    guessed = sheets.guess(chosen, header=header)
    code, _, price = (share_class or "").partition("=")
    if at is not None and at > today:
        raise Refused("register.import_at", at=at)
    keys = _columns(columns or "", chosen, guessed)
    return queries.Choices(
        sheet=chosen.name,
        header=guessed.header,
        columns={place: field for place, (field, _code) in keys.items()},
        classes={place: code for place, (_field, code) in keys.items() if code},
        shape=None if shape is None else Shape(shape),
        at=at or told_date(chosen, guessed, file_name, today=today),
        share_class=code,
        amount=_price(price) if price else None,
        answers={"same_person": "same"} if same_person else {},
    )


def _price(text: str) -> Decimal:
    try:
        found = sheets.read_money(text, places=4)
    except Unreadable:
        found = None
    if not found or found <= 0:
        raise Refused("register.import_amount")
    return found


def _columns(text: str, sheet: Sheet, guessed: sheets.Guess) -> dict[int, tuple[Field, str]]:
    """Read `C=paid,Datum=admitted_on,D=shares:B,F=`: an empty field leaves a column out; the rest stays as guessed."""
    found = {place: (field, guessed.classes.get(place, "")) for place, field in guessed.columns.items()}
    row = sheet.row(guessed.header)
    heads = {header_key(cell): place for place, cell in enumerate(row.cells)} if row else {}
    for part in text.split(",") if text else ():
        name, _, told = (piece.strip() for piece in part.partition("="))
        place = heads.get(header_key(name), letter_place(name))
        key = sheets.read_key(told)
        if place is None or (told and key is None):
            raise Refused("register.import_column_unknown", column=part.strip())
        if key is not None:
            found = {other: known for other, known in found.items() if known != key}
            found[place] = key
        else:
            found.pop(place, None)
    return found


def mends(found: Sequence[Sheet]) -> dict[int, Mend]:
    """Read what mends rows, a row each: a line, a column, a value; raises Refused for a column that isn't there.

    The column is a field (`paid`, `shares:B`), the code of a doubt with its answer (`same_person`, `same`), or `skip`
    with a reason. A header is passed over.
    """
    told: dict[int, dict[str, dict[str, str]]] = {}
    for row in (row for sheet in found for row in sheet.rows):
        line, column, value = (text_of(row.at(place)) for place in range(3))
        if line.isdecimal():
            of_line = told.setdefault(int(line), {"values": {}, "answers": {}, "skip": {}})
            if sheets.read_key(column):
                of_line["values"][column] = value
            elif column in DOUBTS or column == "skip":
                of_line["skip" if column == "skip" else "answers"][column] = value
            else:
                raise Refused("register.import_column_unknown", column=column, line=row.line)
    return {line: Mend(one["values"], one["answers"], one["skip"].get("skip", "")) for line, one in told.items()}


def letter_place(text: str) -> int | None:
    """Return the place of a column from its letters, A being 0; None where they are none."""
    if not re.fullmatch(r"[A-Za-z]{1,2}", text):
        return None
    place = 0
    for letter in text.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def letters(place: int) -> str:
    """Return the letters of a column, A for 0."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def told_date(sheet: Sheet, guessed: sheets.Guess, file_name: str, *, today: dt.date) -> dt.date:
    """Return the day on which a spreadsheet was right: what its name or title says, else today.

    A file of our own without a date in its name holds from the latest date in it on.
    """
    texts = [sheet.name, *(text_of(cell) for row in sheet.rows if row.line < guessed.header for cell in row.cells)]
    for text in [*texts, re.sub(r"\.\w+$", "", file_name).replace("_", " ")]:
        for match in re.finditer(
            r"\b(\d{4}-\d{2}-\d{2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{1,2}(?:er)? [^\W\d]{3,9}\.? \d{4})\b", text
        ):
            try:
                on = read_date(match[1], today=today)
            except Unreadable:
                continue
            if on is not None and on <= today:
                return on
    if guessed.is_own:
        dated = [place for place, field in guessed.columns.items() if field in (Field.ADMITTED, Field.ENDED)]
        dates = [_date_or_none(row.at(place), today) for row in sheet.rows for place in dated]
        return max((on for on in dates if on is not None and on <= today), default=today)
    return today


def _date_or_none(cell: sheets.Cell, today: dt.date) -> dt.date | None:
    try:
        return read_date(cell, today=today)
    except Unreadable:
        return None


def doubt_sentence(doubt: Doubt) -> str:
    """Say what is doubtful, in the reader's language."""
    return sentence(DOUBTS[doubt.code], {"value": doubt.value, **doubt.facts})


def told(plan: Plan) -> dict[str, Any]:
    """Return what a dry run prints."""
    return {
        "members": plan.sums.members,
        "shares": dict(plan.sums.shares),
        "paid": amount_text(plan.sums.all_paid),
        "doubtful": [
            {"line": doubt.line, "code": DOUBTS[doubt.code], "message": doubt_sentence(doubt)} for doubt in plan.doubts
        ],
    }
