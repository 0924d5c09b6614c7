"""Which column is which: the header's line, the spellings of three languages, and what stands below."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum
from typing import Final

from ..table import COLUMNS
from .cells import Unreadable, fold, read_communication
from .grid import LOOKED_AT, Cell, Row, Sheet, is_blank, text_of
from .spellings import TEXT


class Field(StrEnum):
    """Say what a column holds."""

    MEMBER_NO = "member_no"
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    ORGANISATION = "organisation"
    KIND = "kind"
    LEGAL_FORM = "legal_form"
    ENTERPRISE_NO = "enterprise_no"
    DOMICILE = "domicile"
    STREET = "street"
    NUMBER = "number"
    BOX = "box"
    POSTCODE = "postcode"
    TOWN = "town"
    COUNTRY = "country"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    CLASS = "class"
    SHARES = "shares"
    AMOUNT = "amount_per_share"
    TOTAL = "total"
    PAID = "paid"
    ADMITTED = "admitted_on"
    ASKED = "asked_on"
    PAID_ON = "paid_on"
    ENDED = "ended_on"
    ENDING = "ending"
    COMMUNICATION = "communication"
    MOVEMENT = "movement"
    ON = "on"
    OTHER = "other_no"
    VALUE = "value"
    REFERENCE = "reference"
    TO_CLASS = "to_class"
    FACTOR = "factor"


class Shape(StrEnum):
    """Say what a row of the sheet is: what somebody holds on a day, or something that happened."""

    OPENING = "opening"
    HISTORY = "history"


BY_CLASS: Final = (Field.SHARES, Field.PAID, Field.AMOUNT)
"""What a column may hold for one class alone: “Aandelen A | Aandelen B”."""


def _read_spellings() -> dict[Field, tuple[str, ...]]:
    found: dict[Field, tuple[str, ...]] = {}
    for entry in re.split(r"\n(?=\S)", TEXT.strip()):
        field, _, told = entry.partition(":")
        found[Field(field)] = tuple(" ".join(spelling.split()) for spelling in told.split("|"))
    return found


# A header is compared whole, then by its beginning and end.
SPELLINGS: Final[Mapping[Field, tuple[str, ...]]] = _read_spellings()
_KNOWN: Final[Mapping[str, Field]] = {
    spelling: field for field, spellings in reversed(list(SPELLINGS.items())) for spelling in reversed(spellings)
}
_FIELDS: Final = frozenset(field.value for field in Field)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,11}")
_CLASS_WORDS: Final = frozenset(
    {"klasse", "classe", "class", "soort", "categorie", "category", "type", "reeks", "serie", "de", "van", "of"}
)
_SHARE_WORDS: Final = frozenset({"aandelen", "parts", "actions", "shares"})
_BARE_NUMBERS: Final = frozenset({"nr", "no", "n", "numero", "num", "nummer", "number"})

OWN_HEADER: Final = COLUMNS
"""The header of our own table; a sheet that has it is read to the letter, without guessing."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sheet seems to be: where its header stands, what each column holds, what a row is."""

    header: int
    columns: Mapping[int, Field]
    shape: Shape
    is_own: bool = False
    classes: Mapping[int, str] = made(default_factory=dict)


def key_of(field: Field, share_class: str = "") -> str:
    """Write what a column holds, as it is chosen and stored: `shares`, or `shares:A` for one class."""
    return f"{field.value}:{share_class}" if share_class else field.value


def read_key(key: str) -> tuple[Field, str] | None:
    """Read back what `key_of` wrote; None for anything else."""
    name, colon, code = key.partition(":")
    if name not in _FIELDS:
        return None
    field = Field(name)
    if colon and not (field in BY_CLASS and _CODE.fullmatch(code)):
        return None
    return field, code


def class_field(cell: Cell) -> tuple[Field, str] | None:
    """Return which class a header is about, and what: “Aandelen A”, “B-aandelen”, “Parts classe B”, “Gestort A”."""
    text = re.sub(r"\(.*?\)", " ", text_of(cell)).strip()
    words = [word for word in re.split(r"[\s\"'“”«»:./_-]+", text) if word]
    if not 2 <= len(words) <= 6:
        return None
    for place in (len(words) - 1, 0):
        code, rest = words[place], words[:place] + words[place + 1 :]
        named = place > 0 and header_key(words[place - 1]) in _CLASS_WORDS
        if not (re.fullmatch(r"[A-Z]", code) or (named and re.fullmatch(r"[A-Za-z0-9]{1,3}", code))):
            continue
        left = " ".join(word for word in rest if header_key(word) not in _CLASS_WORDS)
        field = known_field(left)
        if field in BY_CLASS:
            return field, code.upper()
    match = re.fullmatch(r"(?i)(?:klasse|classe|class|soort|categorie|catégorie)\s+([A-Za-z0-9]{1,3})\s+(.+)", text)
    field = known_field(match[2]) if match else None
    return (field, match[1].upper()) if match and field in BY_CLASS else None


def header_key(cell: Cell) -> str:
    """Fold a header for comparing: `Lidnr.` and `LIDNR` are the same."""
    # "N°" would fold to "no" on some machines' keyboards and to "n" on others.
    return fold(text_of(cell).replace("°", " ").replace("º", " ").replace("#", " nr "))


def known_field(cell: Cell) -> Field | None:
    """Return what a header of this spelling holds, or None where no spelling fits."""
    key = header_key(re.sub(r"\(.*?\)", " ", text_of(cell))) or header_key(cell)
    if not key or len(key) > 60:
        return None
    if key in _KNOWN:
        return _KNOWN[key]
    # “Aantal aandelen klasse A”, “Date de sortie éventuelle”: the longest spelling at its beginning or end decides.
    best = ""
    for spelling in _KNOWN:
        if len(spelling) > max(3, len(best)) and (key.startswith(spelling + " ") or key.endswith(" " + spelling)):
            best = spelling
    return _KNOWN.get(best)


def _known(cell: Cell) -> object:
    return class_field(cell) or known_field(cell)


def find_header(sheet: Sheet, remembered: Mapping[str, str] | None = None) -> int:
    """Return the line of the header: of the first rows the one that most known column names stand in; 0 for none."""
    best, most = 0, 0
    for row in sheet.rows[:LOOKED_AT]:
        texts = [cell for cell in row.cells if isinstance(cell, str) and cell.strip()]
        known = len({told for cell in texts if (told := (remembered or {}).get(header_key(cell)) or _known(cell))})
        # A row of data may hold the words “class” or “lid” too, but dates and amounts beside them.
        others = sum(1 for cell in row.cells if not is_blank(cell) and not isinstance(cell, str))
        if len(texts) > 1 and known - others > most:
            best, most = row.line, known - others
    return best


def guess(sheet: Sheet, *, header: int | None = None, remembered: Mapping[str, str] | None = None) -> Guess:
    """Guess what a sheet holds; `remembered` maps folded headers to fields that somebody chose before."""
    line = find_header(sheet, remembered) if header is None else header
    row = sheet.row(line)
    heads = row.cells if row is not None else ()
    if tuple(text_of(cell) for cell in heads) == OWN_HEADER:
        return Guess(line, {place: Field(name) for place, name in enumerate(OWN_HEADER)}, Shape.OPENING, True)
    body = [row for row in sheet.rows if row.line > line][:200]
    found: dict[int, Field] = {}
    classes = _class_columns(heads, remembered or {})
    for place, cell in enumerate(heads):
        told = (remembered or {}).get(header_key(cell))
        if place in classes:
            continue
        if told is not None and not is_blank(cell):
            if told in _FIELDS and Field(told) not in found.values():
                found[place] = Field(told)
        elif (field := known_field(cell)) and field not in found.values():
            found[place] = field
        elif field is Field.MEMBER_NO and found.get(place - 1) is Field.STREET:
            found[place] = Field.NUMBER
    _settle(found, heads, body)
    _by_content(found, sheet.width, body, classes)
    shape = Shape.HISTORY if Field.MOVEMENT in found.values() or Field.ON in found.values() else Shape.OPENING
    if shape is Shape.HISTORY:
        _as_history(found)
    elif classes:
        # Beside a column per class one of all shares is their sum, and one of classes has nothing to say.
        found = {
            place: field
            for place, field in found.items()
            if field not in (Field.SHARES, Field.CLASS)
            and not (field is Field.TOTAL and _SHARE_WORDS.intersection(header_key(heads[place]).split()))
        }
        found |= {place: field for place, (field, _code) in classes.items()}
        codes = {place: code for place, (_field, code) in classes.items()}
        return Guess(line, dict(sorted(found.items())), shape, classes=codes)
    return Guess(line, dict(sorted(found.items())), shape)


def _class_columns(heads: Sequence[Cell], remembered: Mapping[str, str]) -> dict[int, tuple[Field, str]]:
    """Return the columns that are about one class, where at least one tells shares."""
    found: dict[int, tuple[Field, str]] = {}
    for place, cell in enumerate(heads):
        told = remembered.get(header_key(cell))
        read = class_field(cell) if told is None else read_key(told)
        if read is not None and read[1] and read not in found.values():
            found[place] = read
    return found if any(field is Field.SHARES for field, _code in found.values()) else {}


def _settle(found: dict[int, Field], heads: Sequence[Cell], body: Sequence[Row]) -> None:
    """Part what one word can mean: a family name beside a given one, a street beside a postcode."""
    fields = {field: place for place, field in found.items()}
    if Field.GIVEN in fields and Field.NAME in fields and Field.FAMILY not in fields:
        key = header_key(heads[fields[Field.NAME]])
        if key in ("naam", "nom", "name"):
            found[fields[Field.NAME]] = Field.FAMILY
    if Field.DOMICILE in fields and {Field.POSTCODE, Field.TOWN} & fields.keys() and Field.STREET not in fields:
        found[fields[Field.DOMICILE]] = Field.STREET
    # “Woonplaats” is a town, unless a whole address stands below it.
    if Field.TOWN in fields and not {Field.DOMICILE, Field.STREET, Field.POSTCODE} & fields.keys():
        texts = [text_of(row.at(fields[Field.TOWN])) for row in body]
        if sum(bool(re.search(r"\d", text)) for text in texts) * 2 > sum(map(bool, texts)):
            found[fields[Field.TOWN]] = Field.DOMICILE
    # A second “nr” beside a street is the house's.
    street = fields.get(Field.STREET, fields.get(Field.DOMICILE))
    if street is not None and Field.NUMBER not in found.values():
        place = street + 1
        if place < len(heads) and header_key(heads[place]) in _BARE_NUMBERS:
            found[place] = Field.NUMBER
            if Field.DOMICILE in found.values():
                found[street] = Field.STREET


def _by_content(found: dict[int, Field], width: int, body: Sequence[Row], but: Collection[int]) -> None:
    """Recognise columns without a known header by what stands in them."""
    for place in range(width):
        if place in found or place in but:
            continue
        texts = [text_of(row.at(place)) for row in body if not is_blank(row.at(place))]
        if not texts:
            continue
        if Field.EMAIL not in found.values() and _most(re.fullmatch(r"\S+@\S+\.\w+", text) for text in texts):
            found[place] = Field.EMAIL
        elif Field.COMMUNICATION not in found.values() and _most(
            re.search(r"[+*]{3}", text) and _reads_communication(text) for text in texts
        ):
            found[place] = Field.COMMUNICATION


def _most(answers: object) -> bool:
    told = [bool(answer) for answer in answers]  # type: ignore[attr-defined]
    return sum(told) * 2 > len(told)


def _reads_communication(text: str) -> bool:
    try:
        return bool(read_communication(text))
    except Unreadable:
        return False


def _as_history(found: dict[int, Field]) -> None:
    """In a history a bare date is the movement's."""
    fields = {field: place for place, field in found.items()}
    if Field.ON not in fields and Field.ADMITTED in fields:
        found[fields[Field.ADMITTED]] = Field.ON
    if Field.TOTAL in fields and Field.PAID not in fields:
        found[fields[Field.TOTAL]] = Field.PAID


def is_month_first(sheet: Sheet, header: int, columns: Mapping[int, Field]) -> bool:
    """Tell whether the dates written as text have the month first: some can only be that, and none the other way."""
    dated = {Field.ADMITTED, Field.ASKED, Field.PAID_ON, Field.ENDED, Field.ON}
    month = day = 0
    for row in sheet.rows:
        if row.line <= header:
            continue
        for place, field in columns.items():
            cell = row.at(place)
            if field in dated and isinstance(cell, str):
                match = re.match(r"\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d", cell)
                if match:
                    month += int(match[2]) > 12 >= int(match[1])
                    day += int(match[1]) > 12 >= int(match[2])
    return month > 0 and day == 0


def order_turned(on: dt.date) -> dt.date | None:
    """Return a date with day and month turned round, where that is another date; else None."""
    return None if on.day > 12 or on.day == on.month else on.replace(month=on.day, day=on.month)


def best_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet that looks most like a register: a header of known names, then many rows; hidden ones last."""

    def fitness(sheet: Sheet) -> tuple[int, int, int]:
        row = sheet.row(find_header(sheet))
        known = len({field for cell in row.cells if (field := known_field(cell))}) if row else 0
        return (0 if sheet.is_hidden else 1, known, len(sheet.rows))

    filled = [sheet for sheet in sheets if sheet.rows]
    return max(filled, key=fitness, default=None)
