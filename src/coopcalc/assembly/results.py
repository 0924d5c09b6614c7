"""A verdict as JSON and as text, and the check of one that somebody hands over."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from coopcalc.words import LANGUAGES

from . import rules
from .decide import Part, Verdict
from .reading import Node, below, text
from .refusals import WORDS
from .tally import Step

MOST_TOLD: Final = 50
LONGEST_SHOWN: Final = 500


def said(step: Step, language: str) -> str:
    """Say a step in a sentence."""
    return WORDS.sentence(step.code, step.facts, language)


def _fact(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Fraction):
        return text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_fact(one) for one in value]
    return str(value)


def facts_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write facts: numbers as text, dates as ISO text."""
    return {key: _fact(value) for key, value in facts.items()}


def _part(part: Part) -> dict[str, Any]:
    return {
        "base": text(part.base),
        "needed": text(part.needed),
        "for": text(part.for_),
        "missing": text(part.missing),
        "missing_added": None if part.missing_added is None else text(part.missing_added),
        "excess": text(part.excess),
    }


def _quorum(verdict: Verdict, names: tuple[str | None, ...] | None) -> dict[str, Any]:
    """Write the quorum of the whole decision (names None), or of some parts of it."""
    found = [one for one in verdict.attendances if names is None or one.name in names]
    lacking = [one for one in found if one.missing]
    return {"met": not lacking, "missing": text(lacking[0].missing if lacking else 0)}


def as_json(verdict: Verdict, language: str = "en") -> dict[str, Any]:
    """Write a verdict; numbers of votes, members and shares are text."""
    parts = [
        {
            "class": one.name,
            "unit": one.unit.value,
            "present": text(one.present),
            "needed": text(one.needed),
            "missing": text(one.missing),
        }
        for one in verdict.attendances
    ]
    return {
        "adopted": verdict.adopted,
        "quorum": {**_quorum(verdict, None), "parts": parts},
        **_part(verdict.whole),
        "per_class": {
            name: {"adopted": part.enough, "quorum": _quorum(verdict, (name,)), **_part(part)}
            for name, part in verdict.classes.items()
        },
        "casting": verdict.casting,
        "rule": rules.as_json(verdict.rule),
        "working": [
            {"code": step.code, "class": name, "facts": facts_json(step.facts), "text": said(step, language)}
            for name, step in verdict.steps
        ],
    }


def as_text(verdict: Verdict, language: str = "en") -> str:
    """Write a verdict as sentences, one a line; what is said of a class stands indented."""
    lines = [WORDS.sentence("verdict_adopted" if verdict.adopted else "verdict_rejected", {}, language), ""]
    for name, step in verdict.steps:
        indent = "    " if name is not None and step.code != "class_says" else "  "
        lines.append(f"{indent}{said(step, language)}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim that doesn't hold: where it stands, what it says, and what comes out."""

    path: str
    claimed: Any
    computed: Any


def differences(claimed: Node, verdict: Verdict) -> Iterator[Difference]:
    """Yield where a verdict that somebody hands over differs from the one that was computed.

    Sentences may be in any of our languages. What is lacking differs too; keys that we don't know are differences.
    """
    computed = as_json(verdict)
    accepted = [as_json(verdict, language) for language in LANGUAGES]
    texts = {
        f"working[{index}].text": {one["working"][index]["text"] for one in accepted}
        for index in range(len(verdict.steps))
    }
    yield from _compare(claimed.value, computed, "", texts)


_ABSENT: Final = object()


def _compare(claimed: Any, computed: Any, path: str, texts: Mapping[str, set[str]]) -> Iterator[Difference]:
    if isinstance(claimed, dict) and isinstance(computed, dict):
        for key in [*computed, *(key for key in claimed if key not in computed)]:
            yield from _compare(claimed.get(key, _ABSENT), computed.get(key, _ABSENT), below(path, key), texts)
    elif isinstance(claimed, list) and isinstance(computed, list):
        for index in range(max(len(claimed), len(computed))):
            mine = claimed[index] if index < len(claimed) else _ABSENT
            ours = computed[index] if index < len(computed) else _ABSENT
            yield from _compare(mine, ours, f"{path}[{index}]", texts)
    elif path in texts and isinstance(claimed, str):
        if claimed not in texts[path]:
            yield Difference(path, claimed, computed)
    elif type(claimed) is not type(computed) or claimed != computed:
        yield Difference(path, _shown(claimed), _shown(computed))


def _shown(value: Any) -> Any:
    """Return a claim as it can be told: plain values as they are, what is longer in short, what is absent as null."""
    if value is _ABSENT:
        return None
    if isinstance(value, str):
        return value[:LONGEST_SHOWN]
    if isinstance(value, dict | list):
        return {"entries": len(value)}
    return value if value is None or isinstance(value, bool | int) else str(value)
