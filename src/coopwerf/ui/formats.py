"""Write and read amounts, numbers and dates the way people in our three languages do.

Pure functions: the language is an argument, so pages, mails and documents share them. Output uses no-break spaces
and a true minus sign, so that a figure never breaks over two lines and never loses its sign.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

LANGUAGE_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
"""Our languages, each by its own name."""
LANGUAGES = tuple(LANGUAGE_NAMES)

NBSP = "\u00a0"
MINUS = "\u2212"

_GROUP = {"nl": ".", "fr": NBSP, "en": ","}
_POINT = {"nl": ",", "fr": ",", "en": "."}

_MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_MONTH_NUMBERS = {name.casefold(): number for names in _MONTHS.values() for number, name in enumerate(names, 1)}
_DAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_AND = {"nl": "en", "fr": "et", "en": "and"}
_OR = {"nl": "of", "fr": "ou", "en": "or"}


@lru_cache(maxsize=64)
def language(code: str | None) -> str:
    """Reduce a language code to one of ours; anything unknown reads as English.

    `"nl-be"` gives `"nl"`, `None` gives `"en"`.
    """
    short = (code or "en").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else "en"


def month_names(lang: str) -> list[str]:
    """Return the twelve months, January first."""
    return list(_MONTHS[language(lang)])


def day_names(lang: str) -> list[str]:
    """Return the seven days, Monday first."""
    return list(_DAYS[language(lang)])


def number(value: int | Decimal, lang: str, *, places: int | None = None, sign: bool = False) -> str:
    """Write a number with its thousands grouped.

    `places` fixes the decimals (rounded half up); without it a Decimal keeps the decimals it has.
    `sign` puts a plus before a positive number, for movements.
    """
    lang = language(lang)
    exact = Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, part = f"{abs(exact):,f}".partition(".")
    grouped = whole.replace(",", _GROUP[lang])
    text = grouped + (_POINT[lang] + part if part else "")
    if exact < 0:
        return MINUS + text
    return "+" + text if sign and exact > 0 else text


def money(value: Decimal | int, lang: str, *, places: int = 2, sign: bool = False) -> str:
    """Write an amount in euro: `€ 1.250,00` (nl), `1 250,00 €` (fr), `€1,250.00` (en).

    `places` is 2, or 4 for an amount per share; 0 leaves the cents out where they are known to be nought.
    A sign comes first in every language: `+€ 225,00`, `+225,00 €`, `+€225.00`.
    """
    lang = language(lang)
    text = number(value, lang, places=places, sign=sign)
    if lang == "fr":
        return f"{text}{NBSP}€"
    first, figure = (text[0], text[1:]) if text[0] in f"+{MINUS}" else ("", text)
    return f"{first}€{NBSP if lang == 'nl' else ''}{figure}"


def percent(value: Decimal | int, lang: str, *, places: int | None = None) -> str:
    """Write a percentage given in hundredths: 6 gives `6 %`, in English `6%`."""
    lang = language(lang)
    return number(value, lang, places=places) + ("%" if lang == "en" else f"{NBSP}%")


def date_short(value: dt.date, lang: str) -> str:
    """Write a date for a table, a field or a reference: `03-05-2024`, the same in the three languages."""
    language(lang)
    return f"{value.day:02d}-{value.month:02d}-{value.year:04d}"


def date_long(value: dt.date, lang: str, *, weekday: bool = False, year: bool = True) -> str:
    """Write a date for a sentence: `3 mei 2024`, `1er mai 2024`, `3 May 2024`; spaces inside don't break."""
    lang = language(lang)
    day = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    parts = [day, _MONTHS[lang][value.month - 1]]
    if year:
        parts.append(f"{value.year:04d}")
    text = NBSP.join(parts)
    return f"{_DAYS[lang][value.weekday()]} {text}" if weekday else text


def month(value: dt.date, lang: str) -> str:
    """Write a month with its year: `mei 2024`."""
    return f"{_MONTHS[language(lang)][value.month - 1]}{NBSP}{value.year:04d}"


def clock(value: dt.time | dt.datetime, lang: str) -> str:
    """Write a time of day: `20.00 uur`, `20 h 00`, `20:00`."""
    lang = language(lang)
    if lang == "nl":
        return f"{value.hour}.{value.minute:02d}{NBSP}uur"
    if lang == "fr":
        return f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}"
    return f"{value.hour}:{value.minute:02d}"


def alphabetical(word: str) -> str:
    """Return by what a word is sorted in a list: an accent or a capital doesn't change its place."""
    return "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one)).casefold()


def listing(items: Sequence[str], lang: str, *, last: str = "and") -> str:
    """Join words as in a sentence: `A, B en C`; `last` is `and` or `or`."""
    word = (_AND if last == "and" else _OR)[language(lang)]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def size(octets: int, lang: str) -> str:
    """Write the size of a file: `310 kB`, `2,4 MB`."""
    lang = language(lang)
    if octets < 1000:
        return f"{octets}{NBSP}{'o' if lang == 'fr' else 'B'}"
    unit = "o" if lang == "fr" else "B"
    prefix, step = next((p, s) for p, s in (("k", 10**3), ("M", 10**6), ("G", 10**9)) if octets < s * 1000 or p == "G")
    exact = Decimal(octets) / step
    return f"{number(exact, lang, places=0 if exact >= 10 else 1)}{NBSP}{prefix}{unit}"


def initials(name: str) -> str:
    """Take one or two capitals from a name, for the square beside it; small words in between don't count."""
    words = [word for word in re.split(r"[\s\-'’]+", name) if word and word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + next((w for w in reversed(words[1:]) if w[0].isupper()), words[-1])[0]).upper()


_SPACES = re.compile(r"[\s\u00a0\u202f']+")


def parse_number(text: str) -> Decimal:
    """Read a number as people type it: `1.250,00`, `1,250.00`, `1 250`, `1250.5`, `−3`.

    With both separators present, the last is the decimal one. One separator of one kind followed by exactly three
    digits groups thousands (`1.250` is 1250), because nobody types an amount with three decimals.
    Raises ValueError when it isn't a number.
    """
    bare = _SPACES.sub("", text).replace("€", "").replace("EUR", "").replace(MINUS, "-")
    if not re.fullmatch(r"[+-]?\d[\d.,]*", bare) or bare[-1] in ".,":
        raise ValueError(text)
    separators = re.findall(r"[.,]", bare)
    if not separators:
        return Decimal(bare)
    last = separators[-1]
    head, _, tail = bare.rpartition(last)
    grouping_only = len(set(separators)) == 1 and (len(separators) > 1 or (len(tail) == 3 and head.lstrip("+-") != "0"))
    groups = re.split(r"[.,]", bare.lstrip("+-") if grouping_only else head.lstrip("+-"))
    if len(groups) > 1 and (len(groups[0]) not in (1, 2, 3) or any(len(group) != 3 for group in groups[1:])):
        raise ValueError(text)
    if grouping_only:
        return Decimal(re.sub(r"[.,]", "", bare))
    return Decimal(f"{re.sub(r'[.,]', '', head)}.{tail}")


def parse_money(text: str, *, places: int = 2) -> Decimal:
    """Read an amount in euro; raises ValueError for more decimals than `places`, so that no cent is rounded away."""
    exact = parse_number(text)
    rounded = exact.quantize(Decimal(1).scaleb(-places))
    if rounded != exact:
        raise ValueError(text)
    return rounded


def parse_count(text: str) -> int:
    """Read a whole number; raises ValueError for a half one."""
    exact = parse_number(text)
    if exact != exact.to_integral_value():
        raise ValueError(text)
    return int(exact)


def parse_date(text: str) -> dt.date:
    """Read a date: day first (`31-12-2025`, `31/12/2025`, `31.12.2025`, `31 12 2025`, `31122025`), ISO, or in words.

    In words is as `date_long` writes it, in any of the three languages: what a page says can be typed or pasted.
    Raises ValueError for anything else, a two-digit year included: guessing a century is how registers go wrong.
    """
    bare = text.strip()
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", bare)
    if iso:
        return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
    plain = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", bare) or re.fullmatch(r"(\d{2})(\d{2})(\d{4})", bare)
    if not plain:
        worded = re.fullmatch(r"(\d{1,2})(?:er)? +([^\W\d_]+) +(\d{4})", bare.replace(NBSP, " ").casefold())
        if not worded or worded[2] not in _MONTH_NUMBERS:
            raise ValueError(text)
        return dt.date(int(worded[3]), _MONTH_NUMBERS[worded[2]], int(worded[1]))
    return dt.date(int(plain[3]), int(plain[2]), int(plain[1]))


def fact(value: object, lang: str) -> object:
    """Write a date, or an amount in euro, as a sentence needs it; leave anything else as it is."""
    if isinstance(value, dt.date):
        return date_long(value, lang)
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        return money(value, lang, places=max(2, -exponent if isinstance(exponent, int) else 2))
    return value
