"""What every code of a count says, in English, Dutch and French: words/*.toml, one file of sentences per language.

A sentence holds its facts in braces. Facts are text, whole numbers, and under the keys of `PEOPLE` candidates' numbers,
which are written as their names. Votes are text with a decimal point; Dutch and French write a comma.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "nl", "fr")

PEOPLE: Final = frozenset({"candidate", "candidates", "other", "others"})
"""Facts that are a candidate's number, or several."""

_AND: Final = {"en": "and", "nl": "en", "fr": "et"}
_DECIMAL = re.compile(r"(-?[0-9]+)\.([0-9]+)", re.ASCII)

Fact = str | int | Sequence[int]
Facts = Mapping[str, Fact]


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return every sentence of a language by its code. Raises KeyError for a language that we don't speak."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = files(__package__).joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for part in tomllib.loads(text).values():
        found.update(part)
    return found


def sentence(code: str, facts: Facts | None = None, language: str = "en", names: Sequence[str] = ()) -> str:
    """Say a code with its facts; `names` are the candidates' names, the first of number 1.

    Raises KeyError for a code without a sentence, and for a fact that its sentence needs and doesn't get.
    """
    said = {key: _fact(key, value, language, names) for key, value in (facts or {}).items()}
    return sentences(language)[code].format_map(said)


def number(text: str, language: str) -> str:
    """Write a number as the language does."""
    return text if language == "en" else _DECIMAL.sub(r"\1,\2", text)


def listed(items: Sequence[str], language: str) -> str:
    """Join names to a list: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_AND[language]} {items[-1]}"


def _fact(key: str, value: Fact, language: str, names: Sequence[str]) -> str:
    if key in PEOPLE and not isinstance(value, str):
        numbers = [value] if isinstance(value, int) else value
        return listed([names[number - 1] if number <= len(names) else str(number) for number in numbers], language)
    if isinstance(value, str):
        return number(value, language) if _DECIMAL.fullmatch(value) else value
    return str(value) if isinstance(value, int) else listed([str(one) for one in value], language)
