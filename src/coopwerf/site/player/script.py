"""A scenario as text: one JSON object on a line, read and checked whole before anything is played.

    {"at": "2026-03-02T10:00:00+01:00", "as": "amina@example.org", "do": "coops.add_body", "with": {…}, "name": "board"}

`"$board.id"` stands for what the line named *board* gave back; `"$$"` at the start of a text for a dollar sign.
"""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from coopwerf.kernel.refusals import Refused

SYSTEM, VISITOR = "system", "visitor"
KEYS = ("at", "as", "for", "do", "with", "name")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]{0,59})((?:\.[A-Za-z0-9_-]+)*)")
DEEPEST = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of a scenario: when, who, what, with which arguments, under which name its result is known."""

    number: int
    at: dt.datetime
    who: str
    acting_for: str
    do: str
    arguments: Mapping[str, Any]
    name: str


def read_script(text: Iterable[str], actions: Iterable[str], given: Iterable[str] = ()) -> list[Line]:
    """Read all lines; empty ones and those that begin with # are left out. Raises Refused with the line.

    `given` are names that lines may refer to although none of them made what they stand for.
    """
    known, names = frozenset(actions), set(given)
    lines: list[Line] = []
    for number, raw in enumerate(text, 1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        try:
            line = _line(number, raw, known)
            for reference in references((line.acting_for, line.arguments)):
                if reference.partition(".")[0] not in names:
                    raise Refused("site.play_reference", reference=f"${reference}")
            if lines and line.at < lines[-1].at:
                raise Refused("site.play_backwards")
            if line.name:
                if line.name in names:
                    raise Refused("site.play_name", name=line.name)
                names.add(line.name)
        except Refused as refusal:
            refusal.line = number
            raise
        lines.append(line)
    return lines


def _line(number: int, raw: str, known: frozenset[str]) -> Line:
    told = _object(raw)
    for key in told:
        if key not in KEYS:
            raise Refused("site.play_key", key=key[:40])
    who = _text(told, "as")
    do = _text(told, "do")
    if do not in known:
        raise Refused("kernel.unknown_action", name=do[:80])
    if who not in (SYSTEM, VISITOR) and "@" not in who:
        raise Refused("site.play_missing", key="as")
    arguments = told.get("with", {})
    if not isinstance(arguments, dict):
        raise Refused("site.play_missing", key="with")
    name = _text(told, "name") if "name" in told else ""
    if name and not NAME.fullmatch(name):
        raise Refused("site.play_name", name=name[:60])
    return Line(
        number=number,
        at=_moment(_text(told, "at")),
        who=who,
        acting_for=_text(told, "for") if "for" in told else "",
        do=do,
        arguments=arguments,
        name=name,
    )


def _object(raw: str) -> dict[str, Any]:
    try:
        # Numbers with decimals stay the text that they are: no amount passes through a float.
        told = json.loads(raw, parse_float=str, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)[:80]
        raise Refused("site.play_json", why=why) from None
    if not isinstance(told, dict):
        raise Refused("site.play_json", why="{…}")
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a key stands twice")
    return told


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refused("site.play_missing", key=key)
    return value.strip()


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refused("site.play_time", text=text[:60]) from None
    if moment.tzinfo is None or not 1900 <= moment.year <= 9000:
        raise Refused("site.play_time", text=text[:60])
    return moment.astimezone(dt.UTC)


def references(value: Any, depth: int = 0) -> list[str]:
    """Return every reference in a value, without its dollar sign; raises Refused for one that is written wrongly."""
    if depth > DEEPEST:
        raise Refused("site.play_json", why="too deep")
    if isinstance(value, str):
        if not value.startswith("$") or value.startswith("$$"):
            return []
        if REFERENCE.fullmatch(value) is None:
            raise Refused("site.play_reference", reference=value[:80])
        return [value[1:]]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [found for one in inner for found in references(one, depth + 1)]


def resolved(value: Any, results: Mapping[str, Any]) -> Any:
    """Return a value with its references filled in; raises Refused for one that leads nowhere."""
    if isinstance(value, str):
        if value.startswith("$$"):
            return value[1:]
        return _followed(value, results) if value.startswith("$") else value
    if isinstance(value, Mapping):
        return {key: resolved(one, results) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, results) for one in value]
    return value


def _followed(reference: str, results: Mapping[str, Any]) -> Any:
    first, *path = reference[1:].split(".")
    try:
        found = results[first]
        for step in path:
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (KeyError, IndexError, ValueError, TypeError):
        raise Refused("site.play_reference", reference=reference) from None
    return found
