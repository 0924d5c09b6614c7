"""Reading one row: its cells as what their columns hold, and a doubt for each that can't be."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from ..records import FIRST_DATE
from ..table import unguarded
from .addresses import AddressParts, read_address, read_country, read_own_domicile, read_street
from .cells import (
    EMPTY_DATES,
    Unreadable,
    fold,
    read_communication,
    read_count,
    read_date,
    read_member_number,
    read_money,
    words,
)
from .columns import Field, key_of
from .grid import Cell, Row, Sheet, is_blank, text_of
from .names import (
    family_first,
    is_shouted,
    legal_form,
    looks_like_organisation,
    names_two,
    proper,
    proper_place,
    split_person,
)
from .plan import CLEAR, FILL, KEEP, ORGANISATION, PERSON, ZERO, Notebook, Setting

T = TypeVar("T")

# Merged cells speak for the rows below them, except for figures, which would count twice.
_FIGURES = frozenset({Field.SHARES, Field.PAID, Field.TOTAL, Field.VALUE})
_LONGEST = {
    Field.FAMILY: 500,
    Field.GIVEN: 200,
    Field.LEGAL_FORM: 40,
    Field.STREET: 200,
    Field.NUMBER: 20,
    Field.BOX: 20,
    Field.POSTCODE: 20,
    Field.TOWN: 100,
}
_ORGANISATIONS = words("organisation organisatie rechtspersoon pm rp entity company bedrijf vereniging o r")
_PERSONS = words("person persoon pp np natural person individu individual particulier p n")
YES = words(
    """
    ja j oui o yes y x volledig volgestort integralement full fully ok betaald paye paid
    """
)
NO = words(
    """
    nee neen non no n niet geen none
    """
)
_CLASS_WORDS = words(
    """
    klasse soort class classe categorie category type reeks serie aandeel aandelen part parts action actions share
    shares de van of
    """
)
_KIND_OF_CLASS = (
    r"(?:(?:klasse|classe|class|soort|categorie|catégorie|category)\s+)?[\"“«]?\s*([A-Za-z0-9][\w.-]{0,11})"
)
_ARROW = re.compile(r"(?i)(.+?)\s*(?:->|=>|→|➔|>|\b(?:naar|vers|to|into|wordt)\b)\s*(.+)")
_INTO = re.compile(rf"(?i)(?:->|=>|→|➔|>|\b(?:naar|in|into|to|vers|en)\b)\s*{_KIND_OF_CLASS}\s*[\"”»]?\s*$")
_FROM = re.compile(
    rf"(?i)\b(?:van|de|from)\s+{_KIND_OF_CLASS}\s*[\"”»]?\s*(?:->|=>|→|➔|>|\b(?:naar|in|into|to|vers|en)\b)"
)
_ENDINGS = (
    ("death", ("overl", "deces", "dece", "death", "died", "gestorven")),
    ("exclusion", ("uitsluit", "uitgesloten", "exclu", "geroyeerd", "royement")),
    ("transfer", ("overdracht", "overgedragen", "cession", "cede", "transfer")),
    ("dissolution", ("ontbind", "ontbonden", "vereffen", "dissol", "liquid", "faillis", "faillite", "bankrupt")),
    (
        "exit",
        (
            "uittred",
            "uitgetreden",
            "ontslag",
            "demission",
            "sortie",
            "exit",
            "opzeg",
            "verzoek",
            "depart",
            "resign",
            "vrijwillig",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a row is about."""

    kind: str
    family: str
    given: str = ""
    legal_form: str = ""
    enterprise_no: str = ""


@dataclass(slots=True)
class Draft:
    """A row as it was read; None where nothing is told, or what is told is doubtful."""

    line: int
    number: int | None
    person: Person | None
    address: AddressParts
    email: str
    phone: str
    language: str
    admitted_on: dt.date | None
    asked_on: dt.date | None
    paid_on: dt.date | None
    ended_on: dt.date | None
    ending: str
    communication: str
    share_class: str
    shares: int | None
    amount: Decimal | None
    paid: Decimal | None
    is_amount_told: bool = True
    is_paid_told: bool = True


class Reader:
    """Read the rows of a sheet under a setting."""

    def __init__(self, sheet: Sheet, setting: Setting, notes: Notebook) -> None:
        self.sheet = sheet
        self.setting = setting
        self.notes = notes
        self.places = {field: place for place, field in setting.columns.items() if place not in setting.classes}
        self.class_places = {(setting.columns[place], code): place for place, code in setting.classes.items()}
        self.codes = sorted({code for field, code in self.class_places if field is Field.SHARES})
        self._above = sheet.filled_down()
        self._family_first = self._order_of_names()
        self.is_dutch = setting.country == "NL"

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        return (row for row in self.sheet.rows if row.line > self.setting.header)

    def _order_of_names(self) -> bool:
        place = self.places.get(Field.NAME)
        if place is None:
            return False
        head = self.sheet.row(self.setting.header)
        told = fold(text_of(head.at(place))) if head else ""
        if re.search(r"\b(prenom|voornaam|first)\b.*\b(nom|naam|name|last)\b", told):
            return False
        if re.search(r"\b(nom|naam|last)\b.*\b(prenom|voornaam|first)\b", told):
            return True
        return family_first(text_of(row.at(place)) for row in self.rows())

    def cell(self, row: Row, field: Field, share_class: str = "") -> Cell:
        """Return what a row says in a field: what somebody mended, the cell, or the merged cell above."""
        mend = self.setting.mends.get(row.line)
        if mend is not None and (key := key_of(field, share_class)) in mend.values:
            return mend.values[key] or None
        place = self.class_places.get((field, share_class)) if share_class else self.places.get(field)
        if place is None:
            return None
        found = row.at(place)
        if is_blank(found) and field not in _FIGURES:
            found = self._above.get((row.line, place))
        # Only a text has formulas guarded; a workbook has sheets with names.
        if isinstance(found, str) and self.setting.is_own and not self.sheet.name:
            return unguarded(found)
        return found

    def text(self, row: Row, field: Field, share_class: str = "") -> str:
        """Return a field as clean text on one line."""
        return clean(text_of(self.cell(row, field, share_class)))

    def read(
        self, row: Row, field: Field, how: Callable[[Cell], T | None], share_class: str = "", **options: Any
    ) -> T | None:
        """Read a field, or note a doubt about it."""
        cell = self.cell(row, field, share_class)
        try:
            return how(cell)
        except Unreadable as problem:
            key = key_of(field, share_class)
            self.notes.doubt(row.line, problem.code, key, text_of(cell)[:120], **options)
            return None

    def date(self, row: Row, field: Field) -> dt.date | None:
        """Read a date of a row."""
        found = self.read(
            row,
            field,
            lambda cell: read_date(cell, today=self.setting.today, month_first=self.setting.month_first),
        )
        if found in EMPTY_DATES and not self.setting.is_own:
            return None
        if found is not None and found < FIRST_DATE:
            self.notes.doubt(row.line, "date_impossible", field.value, text_of(found))
            return None
        return found

    def member_number(self, row: Row) -> int | None:
        """Read the member number of a row."""
        return self.read(row, Field.MEMBER_NO, read_member_number)

    def draft(self, row: Row) -> Draft:
        """Read everything that a row tells."""
        address = self.address(row)
        shares = None if self.codes else self.read(row, Field.SHARES, read_count)
        if shares is not None and shares < 0 and self.setting.shape == "opening":
            self.notes.doubt(row.line, "count_impossible", Field.SHARES.value, self.text(row, Field.SHARES))
            shares = None
        share_class = self.setting.share_class if self.codes else self.share_class(row)
        amount = None if self.codes else self.amount(row, share_class, shares)
        admitted, ended = self.admission(row), self.date(row, Field.ENDED)
        return Draft(
            line=row.line,
            number=self.member_number(row),
            person=self.person(row, address.country),
            address=address,
            email=self.email(row),
            phone=self.phone(row),
            language=self.language(row),
            admitted_on=admitted,
            asked_on=self.date(row, Field.ASKED),
            paid_on=self.date(row, Field.PAID_ON),
            ended_on=ended,
            ending=self.ending(row),
            communication=self.read(row, Field.COMMUNICATION, read_communication) or "",
            share_class=share_class,
            shares=shares,
            amount=amount,
            paid=None if self.codes else self.paid(row, shares, amount),
            is_amount_told=self.tells(row, Field.AMOUNT) or self.tells(row, Field.TOTAL),
            is_paid_told=self.tells(row, Field.PAID),
        )

    def tells(self, row: Row, field: Field) -> bool:
        """Tell whether a row says something in a field."""
        return not is_blank(self.cell(row, field))

    def draft_of_class(self, row: Row) -> Draft:
        """Read a row that is about a class, not about a member."""
        return Draft(
            line=row.line,
            number=None,
            person=None,
            address=AddressParts(),
            email="",
            phone="",
            language="",
            admitted_on=self.date(row, Field.ADMITTED),
            asked_on=None,
            paid_on=None,
            ended_on=None,
            ending="unknown",
            communication="",
            share_class=self.share_class(row),
            shares=None,
            amount=None,
            paid=None,
        )

    def admission(self, row: Row) -> dt.date | None:
        """Read the date of admission; where a sheet tells it but this row doesn't, that is doubtful."""
        if Field.ADMITTED not in self.places or self.setting.shape != "opening":
            return self.date(row, Field.ADMITTED)
        before = len(self.notes.doubts)
        found = self.date(row, Field.ADMITTED)
        if found is None and len(self.notes.doubts) == before:
            told = self.notes.doubt(row.line, "admission_missing", Field.ADMITTED.value, answers=(FILL,))
            return self.setting.at if told == FILL else None
        return found

    def person(self, row: Row, country: str) -> Person | None:
        """Read who a row is about."""
        if self.setting.is_own:
            return self._own_person(row, country)
        kind, organisation = self._kind(row), self.text(row, Field.ORGANISATION)
        family, given = self.text(row, Field.FAMILY), self.text(row, Field.GIVEN)
        whole = organisation or self.text(row, Field.NAME) or family or given
        if not whole:
            # Another row under the same number may name them.
            if is_blank(self.cell(row, Field.MEMBER_NO)):
                self.notes.doubt(row.line, "name_missing", self.notes.name_field.value)
            return None
        number = self.text(row, Field.ENTERPRISE_NO)
        if kind is None:
            is_organisation = bool(organisation) or (
                not (family and given) and (looks_like_organisation(whole) or bool(re.search(r"\d{4}", number)))
            )
            kind = ORGANISATION if is_organisation else PERSON
        if kind == ORGANISATION:
            name = whole if not (family and given) or organisation else f"{family} {given}"
            form = self.text(row, Field.LEGAL_FORM) or legal_form(name)
            return self._fitting(row, Person(kind, name, "", form[:40], self.enterprise_no(row, country)))
        if family or given:
            loud = is_shouted(f"{family} {given}") or _loud(family)
            person = Person(
                kind,
                proper(family or given, is_loud=loud, lower_particles=self.is_dutch),
                proper(given, is_loud=is_shouted(given) or _loud(given)) if family else "",
            )
        else:
            told = ""
            if names_two(whole):
                told = self.notes.doubt(row.line, "two_names", self.notes.name_field.value, whole, answers=(KEEP,))
            if told == KEEP:
                person = Person(kind, proper(whole))
            else:
                split = split_person(whole, is_family_first=self._family_first, lower_particles=self.is_dutch)
                person = Person(kind, split.family, split.given)
        return self._fitting(row, person)

    def _own_person(self, row: Row, country: str) -> Person | None:
        name = self.text(row, Field.NAME)
        kind = ORGANISATION if self.text(row, Field.KIND) == ORGANISATION else PERSON
        if not name:
            # Somebody who left and was erased: their number stays taken.
            if self.text(row, Field.ENDED) and not self.text(row, Field.DOMICILE):
                return Person(kind, "")
            self.notes.doubt(row.line, "name_missing", Field.NAME.value)
            return None
        if kind == ORGANISATION:
            return self._fitting(row, Person(kind, name, "", legal_form(name)[:40], self.enterprise_no(row, country)))
        places = [match.start() for match in re.finditer(", ", name)]
        for place in places:
            family, given = name[:place], name[place + 2 :]
            if len(family) <= 500 and 0 < len(given) <= 200 and clean(family) == family and clean(given) == given:
                return Person(kind, family, given)
        return self._fitting(row, Person(kind, name))

    def _fitting(self, row: Row, person: Person) -> Person | None:
        for field, value in ((Field.FAMILY, person.family), (Field.GIVEN, person.given)):
            if len(value) > _LONGEST[field]:
                self.notes.doubt(
                    row.line,
                    "too_long",
                    self.notes.name_field.value,
                    value[:120],
                    longest=_LONGEST[field],
                    length=len(value),
                )
                return None
        return person if person.family else None

    def _kind(self, row: Row) -> str | None:
        told = fold(self.text(row, Field.KIND))
        if not told:
            return None
        if told in _ORGANISATIONS or any(
            told.startswith(word) for word in ("rechtsp", "organis", "personne mor", "legal")
        ):
            return ORGANISATION
        if told in _PERSONS or told.startswith(("natuurlijk", "personne phys", "natural", "person", "partic")):
            return PERSON
        return None

    def enterprise_no(self, row: Row, country: str) -> str:
        """Read the enterprise number of an organisation, checked."""
        text = self.text(row, Field.ENTERPRISE_NO)
        if not text:
            return ""
        try:
            return self.setting.checks.enterprise_no(text, country or self.setting.country)
        except ValueError:
            self.notes.doubt(row.line, "enterprise_no_wrong", Field.ENTERPRISE_NO.value, text[:60], answers=(CLEAR,))
            return ""

    def address(self, row: Row) -> AddressParts:
        """Read a domicile or seat, from one cell or from parts."""
        if self.setting.is_own:
            cell = self.cell(row, Field.DOMICILE)
            return read_own_domicile(cell) if isinstance(cell, str) else AddressParts()
        whole = text_of_lines(self.cell(row, Field.DOMICILE))
        parts = read_address(whole, country=self.setting.country) if whole else AddressParts()
        street, number, box = (self.text(row, field) for field in (Field.STREET, Field.NUMBER, Field.BOX))
        if street:
            told = AddressParts(street=proper_place(street)) if number else read_street(street)
            parts = replace(parts, street=told.street, number=told.number, box=told.box)
        if number:
            parts = replace(parts, number=number)
        if box:
            parts = replace(parts, box=re.sub(r"(?i)^(bus|bte\.?|boite|boîte|box)\s*", "", box))
        postcode, town = self.text(row, Field.POSTCODE), self.text(row, Field.TOWN)
        if (
            town
            and not postcode
            and (match := re.fullmatch(r"(?:[A-Z]{1,2}-)?(\d{4}(?: ?[A-Z]{2}\b)?|\d{5})\s+(\D.*)", town))
        ):
            postcode, town = match[1], match[2]
        # A column of towns in which some wrote the whole address.
        if town and not (postcode or street or whole) and re.search(r"\d", town):
            parts, town = read_address(town, country=self.setting.country), ""
        if postcode:
            parts = replace(parts, postcode=re.sub(r"^([1-9]\d{3})\s*([A-Za-z]{2})$", r"\1 \2", postcode).upper())
        if town:
            parts = replace(parts, town=proper_place(town))
        country = self.text(row, Field.COUNTRY)
        if country and (code := read_country(country)):
            parts = replace(parts, country=code)
        elif country and re.fullmatch(r"[A-Za-z]{2}", country):
            parts = replace(parts, country=country.upper())
        if not parts.country:
            is_dutch = bool(re.fullmatch(r"\d{4} [A-Z]{2}", parts.postcode))
            parts = replace(parts, country="NL" if is_dutch else self.setting.country)
        if parts.is_empty:
            return AddressParts()
        for field in (Field.STREET, Field.NUMBER, Field.BOX, Field.POSTCODE, Field.TOWN):
            value = getattr(parts, field.value)
            if len(value) > _LONGEST[field]:
                place = Field.DOMICILE if Field.DOMICILE in self.places else field
                self.notes.doubt(
                    row.line, "too_long", place.value, value[:120], longest=_LONGEST[field], length=len(value)
                )
                return AddressParts()
        return parts

    def email(self, row: Row) -> str:
        """Read an e-mail address; of several the first."""
        text = re.sub(r"(?i)^mailto:", "", self.text(row, Field.EMAIL))
        if not text or set(text) <= set("-–/. "):
            return ""
        first = re.split(r"[;,\s]+", text)[0]
        try:
            return self.setting.checks.email(first)
        except ValueError:
            self.notes.doubt(row.line, "email_wrong", Field.EMAIL.value, text[:120], answers=(CLEAR,))
            return ""

    def phone(self, row: Row) -> str:
        """Read a telephone number; one that can't be read is left out, and noted."""
        text = self.text(row, Field.PHONE)
        if not text:
            return ""
        try:
            return self.setting.checks.phone(text)
        except ValueError:
            self.notes.notes["without_phone"] += 1
            return ""

    def language(self, row: Row) -> str:
        """Read a language; the co-operative's own where none of ours is told."""
        told = fold(self.text(row, Field.LANGUAGE))
        for code, beginnings in (("nl", ("n", "du")), ("fr", ("f",)), ("en", ("e", "an"))):
            if told.startswith(beginnings):
                return code
        return self.setting.language

    def ending(self, row: Row) -> str:
        """Read why a membership ended."""
        told = fold(self.text(row, Field.ENDING))
        for ending, beginnings in _ENDINGS:
            if any(word.startswith(beginnings) for word in told.split()):
                return ending
        return "unknown"

    def share_class(self, row: Row) -> str:
        """Read the code of a class of shares."""
        text = self.text(row, Field.CLASS)
        if self.setting.shape == "history" and (match := _ARROW.fullmatch(text)):
            text = match[1]
        if not text and self.setting.shape == "history":
            match = _FROM.search(self.text(row, Field.MOVEMENT))
            text = match[1] if match else ""
        return self._class_code(row, text, Field.CLASS) if text else self.setting.share_class

    def to_class(self, row: Row) -> str:
        """Read the class that shares became: from its column, “A → B”, or “omzetting naar B”; else empty."""
        text = self.text(row, Field.TO_CLASS)
        if text:
            return self._class_code(row, text, Field.TO_CLASS)
        match = _ARROW.fullmatch(self.text(row, Field.CLASS))
        if match:
            return self._class_code(row, match[2], Field.CLASS)
        match = _INTO.search(self.text(row, Field.MOVEMENT))
        return self._class_code(row, match[1], Field.MOVEMENT) if match else ""

    def _class_code(self, row: Row, text: str, field: Field) -> str:
        if not self.setting.is_own and text not in self.setting.prices:
            words = [word for word in re.split(r"[\s\"'«»“”()]+", text) if word and fold(word) not in _CLASS_WORDS]
            words = [re.sub(r"(?i)-?(aandelen|aandeel|parts?|actions?)$", "", word) or word for word in words]
            text = "-".join(words) or text
            text = text.upper() if len(text) == 1 else text
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,11}", text):
            self.notes.doubt(row.line, "class_unreadable", field.value, text[:60])
        else:
            self.check_class(row, text, field.value)
        return text

    def check_class(self, row: Row, code: str, key: str) -> None:
        """Note a doubt where a class isn't known, and may not be opened."""
        if not self.setting.may_open_classes and code not in self.setting.prices:
            self.notes.doubt(row.line, "class_unknown", key, code)

    def amount(self, row: Row, share_class: str, shares: int | None) -> Decimal | None:
        """Read the amount per share: from its column, the class, or the total of the row."""
        before = len(self.notes.doubts)
        found = self.read(row, Field.AMOUNT, lambda cell: read_money(cell, places=4))
        if len(self.notes.doubts) > before:
            return None
        total = self.read(row, Field.TOTAL, read_money)
        if found is None:
            found = self.setting.prices.get(share_class, self.setting.amount)
        if found is None and total and shares:
            exact = (total / shares).quantize(Decimal("0.0001"))
            found = exact if exact * shares == total else None
        if found is not None and found <= 0:
            if shares:
                self.notes.doubt(row.line, "amount_impossible", Field.AMOUNT.value, self.text(row, Field.AMOUNT))
            return None
        # In own files nothing is told twice; elsewhere a total that differs is a slip in one of the two.
        if found is not None and total and shares and total != found * shares:
            told = self.notes.doubt(
                row.line,
                "total_differs",
                Field.SHARES.value,
                self.text(row, Field.SHARES),
                answers=(KEEP,),
                total=total,
                asked=(found * shares).quantize(Decimal("0.01")),
            )
            return found if told else None
        return found

    def paid(self, row: Row, shares: int | None, amount: Decimal | None) -> Decimal | None:
        """Read what is paid on a row's shares; everything, where no column tells it."""
        if Field.PAID not in self.places:
            return None
        word = fold(self.text(row, Field.PAID))
        if word in YES:
            return None
        if word in NO:
            return ZERO
        found = self.read(row, Field.PAID, read_money)
        if found is None:
            if shares and is_blank(self.cell(row, Field.PAID)):
                self.notes.notes["paid_empty"] += 1
            return ZERO
        if found < 0 and self.setting.shape == "opening":
            self.notes.doubt(row.line, "amount_impossible", Field.PAID.value, self.text(row, Field.PAID))
            return ZERO
        if (
            shares is not None
            and amount is not None
            and abs(found) > amount * abs(shares)
            and self.setting.shape == "opening"
        ):
            if not shares:
                return ZERO
            self.notes.doubt(
                row.line,
                "paid_too_much",
                Field.PAID.value,
                self.text(row, Field.PAID),
                paid=found,
                asked=(amount * shares).quantize(Decimal("0.01")),
            )
        return found


def _loud(text: str) -> bool:
    return len(text) > 1 and text.isupper() and any(character.isalpha() for character in text) and "." not in text


def text_of_lines(cell: Cell) -> str:
    """Write a cell as clean text, keeping the ends of its lines as commas."""
    if isinstance(cell, str) and "\n" in cell:
        return ", ".join(part for line in cell.splitlines() if (part := clean(line).strip(" ,")))
    return clean(text_of(cell))


_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])


def clean(text: str) -> str:
    """Return text composed, on one line, without control characters or marks that turn the reading direction."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text).translate(_TURNING)
    kept = "".join(
        " " if c.isspace() else c
        for c in composed
        if c in "\u200c\u200d" or c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return " ".join(kept.split())
