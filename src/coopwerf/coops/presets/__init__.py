"""Rules that law and custom give: dated data files with their source, and the catalogue of what a rule can be.

`keys.toml` says which rules there are: how a value is written, under which heading it stands, what it is called.
Every other file is a preset: which value holds from which date, by which article, and how sure that is.
"""

import dataclasses
import datetime as dt
import decimal
import enum
import functools
import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from typing import Any

from django.utils.translation import get_language, gettext

from coopwerf.kernel.money import CENT, LARGEST
from coopwerf.ui import formats

from ..states import STAGE_PRESETS, Mark, Stage, Texts, in_language

MARKS = {"V": Mark.DEFAULT, "1": Mark.CHECK, "K": Mark.CHECK}
"""Read in a public source: a default. Read in one source only, or known in general: to be checked by a notary."""

LONGEST_TEXT = 4000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Kind(enum.StrEnum):
    """Say how the value of a rule is written in JSON."""

    YES_NO = "yes_no"  # true or false
    NUMBER = "number"  # a whole number from 0
    PERCENT = "percent"  # a decimal as text, "6.00"
    AMOUNT = "amount"  # euro as text with two decimals, "250.00"
    FRACTION = "fraction"  # two whole numbers as text, "3/4"
    CHOICE = "choice"  # one of the options' codes
    TEXT = "text"  # text in the co-operative's own words
    GROUNDS = "grounds"  # a list of {"code", "text": {"nl", "fr", "en"}}


@dataclasses.dataclass(frozen=True, slots=True)
class RuleKey:
    """A rule that can be set: its name, heading, how its value is written, what it is called."""

    name: str
    section: str
    kind: Kind
    label: Texts
    unit: Texts
    options: Mapping[str, Texts]


@dataclasses.dataclass(frozen=True, slots=True)
class PresetRule:
    """What a preset says: this value, from this date, by this source, this sure, for this reason."""

    preset: str
    key: str
    valid_from: dt.date
    value: Any
    source: str
    mark: Mark
    text: Texts
    sources: Texts


@functools.cache
def catalogue() -> Mapping[str, RuleKey]:
    """Return every rule that can be set, by name, in the order in which a page shows them."""
    found = {}
    for entry in _read("keys")["key"]:
        found[entry["name"]] = RuleKey(
            name=entry["name"],
            section=entry["section"],
            kind=Kind(entry["kind"]),
            label=entry["label"],
            unit=entry.get("unit", {}),
            options=entry.get("options", {}),
        )
    return found


@functools.cache
def sections() -> Mapping[str, Texts]:
    """Return the headings under which rules stand, by code, in their order."""
    return {entry["name"]: entry["label"] for entry in _read("keys")["section"]}


@functools.cache
def preset(name: str) -> tuple[PresetRule, ...]:
    """Return the rules of one preset file, oldest first; raises ValueError for one that doesn't fit the catalogue."""
    found = []
    for entry in _read(name)["rule"]:
        key = catalogue()[entry["key"]]
        found.append(
            PresetRule(
                preset=name,
                key=key.name,
                valid_from=entry["from"],
                value=checked(key, entry["value"]),
                source=entry["source"]["en"],
                mark=MARKS[entry["certainty"]],
                text=entry["text"],
                sources=entry["source"],
            )
        )
    return tuple(sorted(found, key=lambda one: one.valid_from))


@functools.cache
def rules_of(stage: Stage) -> Mapping[str, tuple[PresetRule, ...]]:
    """Return what the presets of a stage say, by key, oldest first; a special preset goes before the general one."""
    found: dict[str, tuple[PresetRule, ...]] = {}
    for name in STAGE_PRESETS[stage]:
        grouped: dict[str, list[PresetRule]] = {}
        for one in preset(name):
            grouped.setdefault(one.key, []).append(one)
        found.update({key: tuple(group) for key, group in grouped.items()})
    return {name: found[name] for name in catalogue() if name in found}


def explanation(name: str, key: str, valid_from: dt.date) -> str:
    """Return in the active language why a preset says what it says from a date; empty when it doesn't."""
    if not name:
        return ""
    fits = [one for one in preset(name) if one.key == key and one.valid_from <= valid_from]
    return in_language(fits[-1].text) if fits else ""


def source_in_words(source: str, preset_name: str, key: str) -> str:
    """Return in the active language where a rule stands: a preset's own words for it, else as it was written."""
    if preset_name:
        for one in preset(preset_name):
            if one.key == key and one.source == source:
                return in_language(one.sources)
    return source


def value_in_words(key: RuleKey, value: Any) -> list[str]:
    """Return a rule's value as people read it, a line or several."""
    language = formats.language(get_language())
    unit = in_language(key.unit)
    match key.kind:
        case Kind.YES_NO:
            return [gettext("Yes") if value else gettext("No")]
        case Kind.NUMBER:
            return [f"{formats.number(value, language)} {unit}".strip()]
        case Kind.PERCENT:
            exact = decimal.Decimal(value)
            short = exact.to_integral_value() if exact == exact.to_integral_value() else exact
            return [f"{formats.number(short, language)}{formats.NBSP}{unit or '%'}"]
        case Kind.AMOUNT:
            return [formats.money(decimal.Decimal(value), language)]
        case Kind.CHOICE:
            return [in_language(key.options[value])]
        case Kind.GROUNDS:
            return [in_language(ground["text"]) for ground in value]
        case _:
            return [line for line in str(value).splitlines() if line.strip()]


def in_words(name: str, value: Any, preset_name: str, valid_from: dt.date) -> str:
    """Return a rule as a sentence of the active language: the preset's own, else its label with the value."""
    said = explanation(preset_name, name, valid_from)
    if said:
        return said
    key = catalogue()[name]
    if key.kind is Kind.TEXT:
        return str(value)
    label, told = in_language(key.label), "; ".join(value_in_words(key, value))
    if label.endswith("?"):
        return f"{label} {told}."
    return gettext("%(rule)s: %(value)s.") % {"rule": label, "value": told}


def checked(key: RuleKey, value: Any) -> Any:
    """Return a rule's value as it is stored; raises ValueError when it isn't of the rule's kind."""
    match key.kind:
        case Kind.YES_NO:
            good = isinstance(value, bool)
        case Kind.NUMBER:
            good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000
        case Kind.PERCENT:
            return _percent(value)
        case Kind.AMOUNT:
            return _amount(value)
        case Kind.FRACTION:
            return _fraction(value)
        case Kind.CHOICE:
            good = isinstance(value, str) and value in key.options
        case Kind.TEXT:
            good = isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT and "\0" not in value
        case _:
            good = isinstance(value, list) and len(value) <= 50 and all(_is_ground(one) for one in value)
    if not good:
        raise ValueError(f"{key.name}: not a value of kind {key.kind}")
    return value


def _percent(value: Any) -> str:
    number = _two_decimals(value)
    if number > 100:
        raise ValueError("a percentage lies from 0 to 100")
    return str(number)


def _amount(value: Any) -> str:
    return str(_two_decimals(value))


def _two_decimals(value: Any) -> decimal.Decimal:
    try:
        number = decimal.Decimal(value) if isinstance(value, str) and len(value) <= 20 else None
    except decimal.InvalidOperation:
        number = None
    if number is None or not number.is_finite() or not 0 <= number <= LARGEST:
        raise ValueError("a number from 0")
    rounded = number.quantize(CENT)
    if rounded != number:
        raise ValueError("at most two decimals")
    return rounded


def _fraction(value: Any) -> str:
    parts = re.fullmatch(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*", value) if isinstance(value, str) else None
    if parts is None or int(parts[2]) == 0 or not 0 <= Fraction(int(parts[1]), int(parts[2])) <= 1:
        raise ValueError("a fraction is two whole numbers, at most 1")
    return f"{int(parts[1])}/{int(parts[2])}"


def _is_ground(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"code", "text"}
        and isinstance(value["code"], str)
        and _CODE.fullmatch(value["code"]) is not None
        and isinstance(value["text"], dict)
        and bool(value["text"])
        and set(value["text"]) <= {"nl", "fr", "en"}
        and all(isinstance(text, str) and 0 < len(text) <= 1000 and "\0" not in text for text in value["text"].values())
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
