"""What people write in cells, as dates, amounts, whole numbers and payment references."""

import calendar
import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

from .grid import Cell

SERIAL_ZERO: Final = dt.date(1899, 12, 30)
SERIALS: Final = range(10_000, 110_000)
"""The day numbers of spreadsheets that can be meant: from 1927 until 2201."""
EMPTY_DATES: Final = (SERIAL_ZERO, dt.date(1899, 12, 31), dt.date(1900, 1, 1))
"""What spreadsheets show for a date that nobody filled in: their day numbers 0 and 1."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari janvier january jan janv",
            "februari fevrier february feb fevr fev",
            "maart mars march mrt mar maa",
            "april avril apr avr",
            "mei mai may",
            "juni juin june jun",
            "juli juillet july jul juil",
            "augustus aout august aug aou",
            "september septembre sep sept",
            "oktober octobre october okt oct",
            "november novembre nov",
            "december decembre dec",
        ),
        1,
    )
    for name in names.split()
}


class Unreadable(ValueError):
    """Say that a cell can't be read as what its column should hold; `code` says in which way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for lists of words that are easier read as a text."""
    return frozenset(text.split())


def fold(text: str) -> str:
    """Write a text without accents, capitals and signs, its words apart by one blank: for comparing."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("æ", "ae"))
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).casefold().split())


def read_date(cell: Cell, *, today: dt.date, month_first: bool = False) -> dt.date | None:
    """Read a date; None for an empty cell.

    Day before month unless `month_first`, and the other way round where only that can be a date (25 is no month).
    A year of two digits is the last such year that isn't after next year. Raises Unreadable.
    """
    if cell is None or isinstance(cell, dt.date):
        return _plausible(cell)
    if isinstance(cell, int | Decimal):
        number = int(cell)
        if number == cell and number in SERIALS:
            return SERIAL_ZERO + dt.timedelta(days=number)
        text = str(number) if number == cell else ""
    else:
        text = cell.strip()
        if not text or set(text) <= set("-–—/. "):
            return None
    # A time of day behind the date says nothing here.
    text = re.sub(r"[T ,]+\d{1,2}[:h]\d{2}(:\d{2}(\.\d+)?)?\s*([ap]m|z)?$", "", text, flags=re.I).strip()
    # A day number that came along as text.
    if re.fullmatch(r"\d{5,6}", text) and int(text) in SERIALS:
        return SERIAL_ZERO + dt.timedelta(days=int(text))
    found = _numeric_date(text, today, month_first) or _worded_date(text, today)
    if found is None:
        raise Unreadable("date_unreadable")
    return _plausible(found)


def _plausible(found: dt.date | None) -> dt.date | None:
    if found is not None and not 1800 <= found.year <= 2200:
        raise Unreadable("date_impossible")
    return found


def _numeric_date(text: str, today: dt.date, month_first: bool) -> dt.date | None:
    if match := re.fullmatch(r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})", text):
        year, month, day = map(int, match.groups())
        return _made(year, month, day) or _made(year, day, month) or _impossible()
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        year, month, day = map(int, match.groups())
        if 1800 <= year <= 2200 and (found := _made(year, month, day)):
            return found
    match = re.fullmatch(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|'?\d{2})", text)
    match = match or re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[2]), _year(match[3], today)
    day, month = (second, first) if month_first else (first, second)
    return _made(year, month, day) or (_made(year, day, month) if day <= 12 < month else None) or _impossible()


def _worded_date(text: str, today: dt.date) -> dt.date | None:
    words = re.findall(r"\d+|[a-z]+", fold(text))
    words = [word for word in words if word not in ("er", "e", "th", "st", "nd", "rd", "de", "le", "of", "the", "den")]
    # A weekday before it is skipped.
    if words and not words[0].isdigit() and words[0] not in _MONTHS:
        words = words[1:]
    if len(words) != 3:
        return None
    if words[0] in _MONTHS:
        words[0], words[1] = words[1], words[0]
    if words[1] not in _MONTHS or not (words[0].isdigit() and words[2].isdigit()):
        return None
    if len(words[0]) == 4:
        words[0], words[2] = words[2], words[0]
    if len(words[2]) not in (2, 4) or len(words[0]) > 2:
        return None
    return _made(_year(words[2], today), _MONTHS[words[1]], int(words[0])) or _impossible()


def _year(text: str, today: dt.date) -> int:
    digits = text.lstrip("'")
    year = int(digits)
    if len(digits) > 2:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def _made(year: int, month: int, day: int) -> dt.date | None:
    if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
        return dt.date(year, month, day)
    return None


def _impossible() -> dt.date:
    raise Unreadable("date_impossible")


def read_number(cell: Cell) -> Decimal | None:
    """Read a number or an amount as people write it; None for an empty cell. Raises Unreadable.

    `1.250,00`, `1,250.00`, `1 250`, `€ 25`, `25,-`, `(25,00)` and `25 EUR` are read. The last of two different
    separators is the decimal one; a single one with exactly three digits behind it groups thousands.
    """
    if cell is None:
        return None
    if isinstance(cell, dt.date):
        raise Unreadable("amount_unreadable")
    if isinstance(cell, int | Decimal):
        # Spreadsheets compute with binary fractions: what lies below a millionth is their dust.
        return Decimal(cell).quantize(Decimal("0.000001")).normalize() if isinstance(cell, Decimal) else Decimal(cell)
    text = unicodedata.normalize("NFKC", cell).strip()
    text = re.sub(r"(?i)\b(eur|euros?)\b|€", "", text).replace("\u2212", "-").replace("–", "-")
    text = re.sub(r"[\s'’]", "", text)
    if not text or set(text) <= {"-"}:
        return None
    text = re.sub(r"[.,]-+$", "", text)
    sign = 1
    if match := re.fullmatch(r"\((.+)\)|-(.+)|(.+)-", text):
        sign, text = -1, next(part for part in match.groups() if part)
    text = text.removeprefix("+")
    if not re.fullmatch(r"\d[\d.,]*", text) or text[-1] in ".,":
        raise Unreadable("amount_unreadable")
    try:
        return sign * Decimal(_plain_digits(text))
    except InvalidOperation:
        raise Unreadable("amount_unreadable") from None


def _plain_digits(text: str) -> str:
    separators = re.findall(r"[.,]", text)
    if not separators:
        return text
    last = separators[-1]
    head, _, tail = text.rpartition(last)
    is_one_kind = len(set(separators)) == 1
    is_grouping = is_one_kind and (len(separators) > 1 or (len(tail) == 3 and head != "0"))
    groups = re.split(r"[.,]", text if is_grouping else head)
    if len(groups) > 1 and (len(groups[0]) not in (1, 2, 3) or any(len(group) != 3 for group in groups[1:])):
        raise Unreadable("amount_unreadable")
    if is_grouping:
        return re.sub(r"[.,]", "", text)
    return f"{re.sub(r'[.,]', '', head)}.{tail}"


def read_money(cell: Cell, *, places: int = 2) -> Decimal | None:
    """Read an amount in euro with so many decimals at most; raises Unreadable."""
    found = read_number(cell)
    if found is None:
        return None
    if abs(found) > Decimal("999999999.99"):
        raise Unreadable("amount_impossible")
    exact = found.quantize(Decimal(1).scaleb(-places))
    if exact != found:
        raise Unreadable("amount_fractions")
    return exact


def read_count(cell: Cell) -> int | None:
    """Read a whole number of shares; a word behind it (“4 aandelen”) is passed over. Raises Unreadable."""
    if isinstance(cell, str):
        cell = re.sub(
            r"(?<=[\d.,])\s*(aandelen|aandeel|aand\.?|parts?|actions?|shares?|st\.?|x)$", "", cell.strip(), flags=re.I
        )
    try:
        found = read_number(cell)
    except Unreadable:
        raise Unreadable("count_unreadable") from None
    if found is None:
        return None
    if found != found.to_integral_value():
        raise Unreadable("count_broken")
    if abs(found) > 1_000_000_000:
        raise Unreadable("count_impossible")
    return int(found)


def read_member_number(cell: Cell) -> int | None:
    """Read a member number; letters before it (`C-0012`, “lid 12”) are passed over. Raises Unreadable."""
    if cell is None:
        return None
    if isinstance(cell, dt.date):
        raise Unreadable("number_unreadable")
    if isinstance(cell, int | Decimal):
        text = str(int(cell)) if cell == int(cell) else ""
    else:
        text = unicodedata.normalize("NFKC", cell).strip()
        if not text or set(text) <= set("-–?"):
            return None
    match = re.fullmatch(r"(?!-)[^\W\d_]{0,12}[\s.:#°º_/-]{0,3}0*(\d{1,9})", text)
    if not match or not int(match[1]):
        raise Unreadable("number_unreadable")
    return int(match[1])


def read_communication(cell: Cell) -> str:
    """Read a structured communication as its twelve digits; nothing for an empty cell. Raises Unreadable.

    The last two digits are the first ten modulo 97, with 97 for nought.
    """
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, int | Decimal) and cell == int(cell) else str(cell)
    digits = re.sub(r"[\s+*/.\-]", "", unicodedata.normalize("NFKC", text))
    if not digits:
        return ""
    # Leading noughts get lost where the column counts as a number.
    if isinstance(cell, int | Decimal):
        digits = digits.rjust(12, "0")
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise Unreadable("communication_unreadable")
    if (int(digits[:10]) % 97 or 97) != int(digits[10:]):
        raise Unreadable("communication_check")
    return digits


def communication_text(digits: str) -> str:
    """Write twelve digits as `+++123/4567/89002+++`."""
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def belgian_number(text: str) -> str:
    """Return a Belgian enterprise number with its country, `BE0123456749`; raises ValueError where its check fails."""
    digits = re.sub(r"[^0-9]", "", text)
    digits = digits.rjust(10, "0") if len(digits) == 9 else digits
    if len(digits) != 10 or digits[0] not in "01" or 97 - int(digits[:8]) % 97 != int(digits[8:]):
        raise ValueError(text)
    return f"BE{digits}"
