"""Read JSON strictly: exact numbers only, nothing repeated, nothing unknown; every refusal names its path."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NoReturn

from .refusals import Refused

MOST_BYTES: Final = 128 * 1024 * 1024
DEEPEST: Final = 32
LONGEST_NAME: Final = 200
MOST_DIGITS: Final = 18
"""Whole numbers up to a million million million: more shares than any co-operative issues."""
FIRST_YEAR: Final = 1800

_WHOLE: Final = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}", re.ASCII)
_PERCENT: Final = re.compile(r"([0-9]{1,3})%", re.ASCII)
_DECIMAL: Final = re.compile(r"[01]\.[0-9]{1,16}", re.ASCII)
_FRACTION: Final = re.compile(rf"([0-9]{{1,{MOST_DIGITS}}})/([0-9]{{1,{MOST_DIGITS}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Odd:
    """A number that JSON allows and we don't: with a decimal point, not a number, or beyond measure."""

    code: str

    def __str__(self) -> str:
        """Say what it is."""
        return self.code


class _Pairs(list[tuple[str, Any]]):
    """An object as it stood in the file, so that a repeated key isn't lost."""


def _whole(text: str) -> int | _Odd:
    # Python would spend a long time on a number of a million digits, or refuse it in its own words.
    return int(text) if len(text.lstrip("-")) <= MOST_DIGITS else _Odd("number_too_large")


def read(data: bytes) -> "Node":
    """Read a file. Raises Refused for anything that isn't one JSON object in UTF-8."""
    if len(data) > MOST_BYTES:
        raise Refused("file_too_large", most=MOST_BYTES)
    if data.startswith(b"\xef\xbb\xbf"):
        raise Refused("json_bom", line=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", line=data.count(b"\n", 0, error.start) + 1) from error
    try:
        found = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=_whole,
            parse_float=lambda _: _Odd("number_with_point"),
            parse_constant=lambda _: _Odd("not_a_number"),
        )
    except json.JSONDecodeError as error:
        raise Refused("not_json", line=error.lineno) from error
    except RecursionError as error:
        raise Refused("too_deep", most=DEEPEST) from error
    node = Node(_settled(found, "", 0), "")
    node.object()
    return node


def _settled(value: Any, path: str, depth: int) -> Any:
    """Turn pairs into dictionaries; refuse what is repeated or too deep."""
    if depth > DEEPEST:
        raise Refused("too_deep", path, most=DEEPEST)
    if isinstance(value, _Pairs):
        settled: dict[str, Any] = {}
        for key, inner in value:
            if key in settled:
                raise Refused("key_repeated", below(path, key))
            settled[key] = _settled(inner, below(path, key), depth + 1)
        return settled
    if isinstance(value, list):
        return [_settled(inner, f"{path}[{index}]", depth + 1) for index, inner in enumerate(value)]
    return value


def plain(word: str) -> str:
    """Return a word as tables of spellings hold it: `Present and represented` is `present_and_represented`."""
    return re.sub(r"[\s_+-]+", "_", word.strip().casefold())


def below(path: str, key: str) -> str:
    """Return the path of a key in an object; a key that is no plain word is written as JSON, cut when it is long."""
    if key.isascii() and key.isidentifier() and len(key) <= LONGEST_NAME:
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key[:LONGEST_NAME])}]"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the path on which it stands."""

    value: Any
    path: str

    def refuse(self, code: str, **facts: Any) -> NoReturn:
        """Refuse this value."""
        raise Refused(code, self.path, **facts)

    def object(self) -> Mapping[str, Any]:
        """Return the object that this is."""
        if not isinstance(self.value, dict):
            self.refuse("object_expected")
        return self.value

    def keys(self, *, needed: Sequence[str] = (), allowed: Sequence[str] = ()) -> Mapping[str, "Node"]:
        """Return what stands under each key; refuses a key that lacks or that nobody knows."""
        found = self.object()
        known = (*needed, *allowed)
        for key in found:
            if key not in known:
                raise Refused("key_unknown", below(self.path, key), known=known)
        for key in needed:
            if key not in found:
                raise Refused("key_missing", below(self.path, key))
        return {key: Node(value, below(self.path, key)) for key, value in found.items()}

    def named(self) -> Mapping[str, "Node"]:
        """Return what stands under each name of an object whose keys are names."""
        return {
            Node(key, below(self.path, key)).name(): Node(value, below(self.path, key))
            for key, value in self.object().items()
        }

    def items(self) -> Iterator["Node"]:
        """Yield the values of a list."""
        if not isinstance(self.value, list):
            self.refuse("list_expected")
        for index, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{index}]")

    def flag(self) -> bool:
        """Return yes or no."""
        if not isinstance(self.value, bool):
            self.refuse("flag_expected")
        return self.value

    def choice(self, *choices: str, also: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return one of the words that are allowed here; `also` gives other names for them, as `plain` writes these."""
        found = self.value
        if also and isinstance(found, str) and found not in choices:
            found = also.get(plain(found), plain(found))
        if not isinstance(found, str) or found not in choices:
            self.refuse("choice_expected", choices=choices)
        return found

    def name(self) -> str:
        """Return a name: one line that can be printed, without blanks around it."""
        value = self.value
        good = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
        if not good or value != value.strip():
            self.refuse("name_expected", most=LONGEST_NAME)
        return str(value)

    def whole(self) -> int:
        """Return a whole number from 0: a number, or its digits as text."""
        value = self._exact()
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        if isinstance(value, int):
            if value < 0:
                self.refuse("number_negative")
            return value
        if isinstance(value, str) and value.startswith("-"):
            self.refuse("number_negative")
        self.refuse("whole_expected", most=MOST_DIGITS)

    def votes(self) -> Fraction:
        """Return a number of votes from 0: a whole number, or a fraction as text (`"25/2"`)."""
        value = self._exact()
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return Fraction(self.whole())
        if int(match[2]) == 0:
            self.refuse("denominator_zero")
        return Fraction(int(match[1]), int(match[2]))

    def share(self) -> Fraction:
        """Return an exact part of a whole, more than 0 and at most 1: `"3/4"`, `"75%"`, `"0.75"`, or 1."""
        value = self._exact()
        if isinstance(value, str) and (percent := _PERCENT.fullmatch(value)):
            part = Fraction(int(percent[1]), 100)
        elif isinstance(value, str) and _DECIMAL.fullmatch(value):
            part = Fraction(value)
        elif type(value) is int or (isinstance(value, str) and (_FRACTION.fullmatch(value) or _WHOLE.fullmatch(value))):
            part = self.votes()
        else:
            self.refuse("fraction_expected")
        if not 0 < part <= 1:
            self.refuse("fraction_out_of_bounds")
        return part

    def date(self) -> date:
        """Return a date from its ISO text."""
        try:
            if not isinstance(self.value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.value, re.ASCII):
                raise ValueError("no date")
            found = date.fromisoformat(self.value)
            if found.year < FIRST_YEAR:
                raise ValueError("too early")
        except ValueError:
            self.refuse("date_expected")
        return found

    def _exact(self) -> Any:
        if isinstance(self.value, _Odd):
            self.refuse(self.value.code)
        if isinstance(self.value, bool):
            self.refuse("flag_not_expected")
        return self.value


def text(value: Fraction | int) -> str:
    """Write a number of votes or a part as it stands in JSON: `"12"`, `"25/2"`."""
    return str(Fraction(value))
