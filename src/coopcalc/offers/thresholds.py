"""The dated thresholds of offers to the public, with their source and how sure it is."""

import calendar
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from importlib import resources


class Regime(StrEnum):
    """Say in which way an offer is made, and so what it must deposit."""

    SMALL = "small"
    FEW = "few"
    NOTE = "note"
    PROSPECTUS = "prospectus"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What holds for a regime in a country from a date: euro within rolling months, people to stay below.

    `total`, `per_person` and `people` are None where the law sets none. `deposit` names the paper that has to be
    deposited or approved before the offer opens, `pages` how long it may be. `certainty` is V (read in a public
    source), 1 (in one source only) or K (known in general, to be checked).
    """

    country: str
    regime: Regime
    from_on: date
    months: int = 12
    total: Decimal | None = None
    per_person: Decimal | None = None
    people: int | None = None
    deposit: str = ""
    pages: int | None = None
    source: Mapping[str, str] = field(default_factory=dict)
    certainty: str = "K"
    revision: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def all_thresholds() -> tuple[Threshold, ...]:
    """Return every threshold that we know, as the file gives them."""
    text = resources.files(__package__).joinpath("thresholds.toml").read_text(encoding="utf-8")
    return tuple(_read(row) for row in tomllib.loads(text)["threshold"])


def _read(row: Mapping[str, object]) -> Threshold:
    told = dict(row)
    amounts = {
        name: Decimal(str(told.pop(name))).quantize(Decimal("0.01")) for name in ("total", "per_person") if name in told
    }
    return Threshold(regime=Regime(str(told.pop("regime"))), from_on=told.pop("from"), **amounts, **told)  # type: ignore[arg-type]


def choices(country: str, on: date) -> tuple[Threshold, ...]:
    """Return the threshold of each regime of a country that holds on a date."""
    found: dict[Regime, Threshold] = {}
    for one in sorted(all_thresholds(), key=lambda one: one.from_on):
        if one.country == country and one.from_on <= on:
            found[one.regime] = one
    return tuple(found[regime] for regime in Regime if regime in found)


def threshold(country: str, regime: Regime, on: date) -> Threshold | None:
    """Return what holds for a regime in a country on a date, or None where we know nothing."""
    return next((one for one in choices(country, on) if one.regime is regime), None)


def leaves_on(issued_on: date, months: int) -> date:
    """Return the first day on which what was issued counts no longer within rolling months.

    The same day of the month so many months later; where that month is shorter, the first day after it.
    """
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if issued_on.day > last:
        return date(year, month + 1, last) + timedelta(days=1)
    return date(year, month + 1, issued_on.day)


def window_start(on: date, months: int) -> date:
    """Return the first day that still counts within rolling months on a date."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    day = min(on.day, calendar.monthrange(year, month + 1)[1])
    first = date(year, month + 1, day)
    while leaves_on(first, months) <= on:
        first += timedelta(days=1)
    return first
