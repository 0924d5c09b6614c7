"""Sentences by code, in English, Dutch and French, for everything in coopcalc that explains itself.

A package keeps `words/en.toml`, `words/nl.toml` and `words/fr.toml`. The table `[sentence]` has a sentence for each
code, with facts in braces: `{for}` writes a fact, `{base:base}` looks its value up in the table `[base]`,
`{missing:vote}` counts with the words of `[vote]` (`one` and `other`, with `{n}`), `{present:@unit}` counts with the
table that the fact `unit` names, `{threshold:part}` writes a fraction as one. A Decimal is an
amount in euro. Amounts, numbers and dates are written as the language writes them.
"""

import datetime as dt
import functools
import string
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import Any, Final

LANGUAGES: Final = ("en", "nl", "fr")

_THOUSANDS: Final = {"en": ",", "nl": ".", "fr": "\u202f"}
_POINT: Final = {"en": ".", "nl": ",", "fr": ","}
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_DAYS: Final = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_DECIMALS: Final = 6


def number(value: int | Fraction, language: str) -> str:
    """Write a number exactly: whole, with up to six decimals, or as a fraction where decimals wouldn't end."""
    exact = Fraction(value)
    scaled = exact * 10**_DECIMALS
    if scaled.denominator != 1:
        whole = _grouped(abs(exact.numerator), language)
        return f"{'-' if exact < 0 else ''}{whole}/{_grouped(exact.denominator, language)}"
    before, after = divmod(abs(scaled.numerator), 10**_DECIMALS)
    decimals = f"{after:0{_DECIMALS}d}".rstrip("0")
    sign = "-" if exact < 0 else ""
    return f"{sign}{_grouped(before, language)}" + (f"{_POINT[language]}{decimals}" if decimals else "")


def _grouped(whole: int, language: str) -> str:
    return f"{whole:,}".replace(",", _THOUSANDS[language])


def euro(value: Decimal, language: str) -> str:
    """Write an amount in euro with its cents, and with more decimals only where it has them."""
    before, _, after = f"{abs(value):f}".partition(".")
    cents = after.rstrip("0").ljust(2, "0")
    text = f"{_grouped(int(before), language)}{_POINT[language]}{cents}"
    shown = {"en": f"€{text}", "nl": f"€\u00a0{text}", "fr": f"{text}\u00a0€"}[language]
    return f"\u2212{shown}" if value < 0 else shown


def day(value: dt.date, language: str) -> str:
    """Write a date in words, with the day of the week."""
    weekday, month = _DAYS[language].split()[value.weekday()], _MONTHS[language].split()[value.month - 1]
    first = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{weekday} {first} {month} {value.year}"


def _is_one(value: int | Fraction, language: str) -> bool:
    # French counts nothing and one and a half in the singular too.
    return 0 <= value < 2 if language == "fr" else value == 1


class _Writer(string.Formatter):
    """Fill in one sentence of one language."""

    def __init__(self, tables: Mapping[str, Any], facts: Mapping[str, Any], language: str) -> None:
        self.tables = tables
        self.facts = facts
        self.language = language

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """Take a fact by its name only: no attributes, no indexes."""
        return self.facts[field_name], field_name

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        """Leave the value as it is."""
        return value

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write a fact: as it is, counted, or by its word."""
        if not format_spec:
            return self._plain(value)
        if format_spec == "part":
            return str(value)
        named = str(self.facts[format_spec[1:]]) if format_spec.startswith("@") else format_spec
        table = self.tables[named]
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            text = str(table["one" if _is_one(value, self.language) else "other"])
            return text.replace("{n}", number(value, self.language))
        return str(table[str(value)])

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return str(self.tables["flag"]["yes" if value else "no"])
        if isinstance(value, int | Fraction):
            return number(value, self.language)
        if isinstance(value, Decimal):
            return euro(value, self.language)
        if isinstance(value, dt.date):
            return day(value, self.language)
        if isinstance(value, tuple | list):
            return ", ".join(self._plain(one) for one in value)
        return str(value)


class Words:
    """The sentences of one package."""

    def __init__(self, package: str) -> None:
        self.package = package
        self._table = functools.cache(self._read)

    def _read(self, language: str) -> Mapping[str, Any]:
        if language not in LANGUAGES:
            raise ValueError(f"no sentences in {language}")
        file = resources.files(self.package).joinpath("words", f"{language}.toml")
        return tomllib.loads(file.read_text(encoding="utf-8"))

    def tables(self, language: str) -> Mapping[str, Any]:
        """Return the tables of a language as they stand in its file. Raises ValueError for a language we don't have."""
        return self._table(language)

    def sentence(self, code: str, facts: Mapping[str, Any], language: str) -> str:
        """Say a code with its facts. Raises KeyError for a code or fact that isn't there."""
        tables = self._table(language)
        return _Writer(tables, facts, language).vformat(str(tables["sentence"][code]), (), facts)

    def word(self, table: str, key: str, language: str) -> str:
        """Return one word or heading."""
        return str(self._table(language)[table][key])


def placeholders(sentence: str) -> frozenset[tuple[str, str]]:
    """Return which facts a sentence writes, each with how it is written."""
    return frozenset((name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name is not None)
