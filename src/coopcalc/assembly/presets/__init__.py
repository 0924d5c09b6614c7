"""Rules that law and custom give, as dated data: from when, by which article, how sure, and which reading was chosen.

`certainty`: V read in a public source, 1 read in one source only, K general knowledge. Whatever isn't V is a default to
check with a notary, never a certainty. Statutes go before a preset where the law lets them.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Final

from ..reading import Node, below
from ..refusals import Refused
from ..rules import Rule, parse

COUNTRIES: Final = ("be", "nl")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the source can be read in several ways: what this preset chose, and how sure that is."""

    path: str
    certainty: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before a meeting the notice goes out, and which of the two days count along."""

    days: int
    counts: str
    article: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule with its source. `data` is the rule as JSON, `rule` the same, read."""

    name: str
    country: str
    valid_from: date
    article: str
    certainty: str
    title: Texts
    text: Texts
    data: Mapping[str, Any]
    rule: Rule
    notice: Notice | None
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a preset, and which of its keys the statutes have put something else for."""

    preset: Preset
    statutes: tuple[str, ...]

    @property
    def unsure(self) -> bool:
        """Tell whether what is left of the preset was not read in a public source."""
        return self.preset.certainty != "V"

    @property
    def readings(self) -> tuple[str, ...]:
        """Return the paths at which a reading of ours still holds and isn't certain."""
        return tuple(
            one.path
            for one in self.preset.readings
            if one.certainty != "V" and one.path.partition(".")[0] not in self.statutes
        )


@functools.cache
def all_presets() -> tuple[Preset, ...]:
    """Return every preset, by name and date."""
    found = [_preset(country, entry) for country in COUNTRIES for entry in _entries(country)]
    return tuple(sorted(found, key=lambda one: (one.name, one.valid_from)))


def preset(name: str, on: date | None = None) -> Preset:
    """Return the preset that holds on a date, or the latest. Raises Refused where there is none."""
    named = [one for one in all_presets() if one.name == name]
    if not named:
        raise Refused("preset_unknown", name=name, known=tuple(sorted({one.name for one in all_presets()})))
    holding = [one for one in named if on is None or one.valid_from <= on]
    if not holding:
        raise Refused("preset_not_yet", name=name, since=named[0].valid_from)
    return holding[-1]


def with_statutes(given: Preset, statutes: Mapping[str, Any]) -> Rule:
    """Return a preset's rule with what the statutes put in its place: keys of a rule with their JSON values.

    A value stands in the place of the preset's as a whole; null takes it away. Raises Refused for what is no rule.
    """
    return _merged(given, Node(dict(statutes), "statutes"))


def rule_of(node: Node) -> tuple[Rule, Source | None]:
    """Read a rule that is written out, or named: `{"preset": "be-statutes", "on": DATE, "statutes": {…}}`."""
    if "preset" not in node.object():
        return parse(node), None
    found = node.keys(needed=("preset",), allowed=("on", "statutes"))
    on = found["on"].date() if "on" in found else None
    try:
        given = preset(found["preset"].name(), on)
    except Refused as refused:
        if refused.path:
            raise
        raise Refused(refused.code, found["preset"].path, **refused.facts) from refused
    if "statutes" not in found:
        return given.rule, Source(given, ())
    return _merged(given, found["statutes"]), Source(given, tuple(sorted(found["statutes"].object())))


def _merged(given: Preset, statutes: Node) -> Rule:
    return parse(Node({**given.data, **statutes.object()}, statutes.path))


def _entries(country: str) -> list[dict[str, Any]]:
    text = resources.files(__package__).joinpath(f"{country}.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["preset"]
    return found


def _preset(country: str, entry: Mapping[str, Any]) -> Preset:
    notice = entry.get("notice")
    return Preset(
        name=entry["name"],
        country=country,
        valid_from=entry["valid_from"],
        article=entry["article"],
        certainty=entry["certainty"],
        title=entry["title"],
        text=entry["text"],
        data=entry["rule"],
        rule=parse(Node(entry["rule"], below(entry["name"], "rule"))),
        notice=Notice(**notice) if notice else None,
        readings=tuple(Reading(**one) for one in entry.get("reading", ())),
    )
