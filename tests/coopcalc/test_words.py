"""The sentences of coopcalc: complete in three languages, with the same facts, and no English left in them."""

import datetime as dt
import re
import string
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import coopcalc
from coopcalc.assembly import WORDS, Refused
from coopcalc.words import LANGUAGES, Words, day, number, placeholders

PACKAGES = sorted(
    path.parent.parent.relative_to(Path(coopcalc.__file__).parent).as_posix().replace("/", ".")
    for path in Path(coopcalc.__file__).parent.rglob("words/en.toml")
    if "[sentence]" in path.read_text(encoding="utf-8")
)

SAME_IN_ANOTHER_LANGUAGE = frozenset({"class.other"})
"""What is the same word in English and French, or English and Dutch."""


def texts(tables: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with its place."""
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from texts(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_sentence_is_there_in_every_language(package: str, language: str) -> None:
    """The same codes, the same facts, and another text."""
    words = Words(f"coopcalc.{package}")
    english, other = dict(texts(dict(words.tables("en")))), dict(texts(dict(words.tables(language))))
    assert list(english) == list(other)
    for place, text in english.items():
        assert placeholders(text) == placeholders(other[place]), place
        # What is nothing but its facts is no English.
        plain = re.sub(r"\{[^}]*\}", "", text)
        if re.search("[a-z]", plain) and place not in SAME_IN_ANOTHER_LANGUAGE:
            assert text != other[place], f"{place} is left in English"


def test_there_are_packages_to_look_at() -> None:
    """Deciding has its words."""
    assert "assembly" in PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_what_sentences_ask_for_is_there(package: str) -> None:
    """Each table that a sentence names is there, and what counts has one and other."""
    for language in LANGUAGES:
        tables = Words(f"coopcalc.{package}").tables(language)
        for code, text in tables["sentence"].items():
            for _, spec in placeholders(text):
                assert spec in ("", "part") or spec.startswith("@") or spec in tables, f"{code}: {spec}"
        for name, table in tables.items():
            if "one" in table:
                assert set(table) == {"one", "other"}, name
                assert all("{n}" in text for text in table.values()), name


def test_french_and_dutch_have_their_own_marks() -> None:
    """French puts a blank before colon, semicolon and question mark; nobody writes a straight apostrophe there."""
    for place, text in texts(dict(WORDS.tables("fr"))):
        plain = re.sub(r"\{[^}]*\}", "x", text)
        assert "'" not in plain, place
        assert not re.search(r"[^\s][;?!]|[^\s/]:(?!/)", plain), place


@pytest.mark.parametrize(
    ("value", "en", "nl", "fr"),
    [
        (0, "0", "0", "0"),
        (1234567, "1,234,567", "1.234.567", "1\u202f234\u202f567"),
        (Fraction(25, 2), "12.5", "12,5", "12,5"),
        (Fraction(2001, 2), "1,000.5", "1.000,5", "1\u202f000,5"),
        (Fraction(1, 3), "1/3", "1/3", "1/3"),
        (Fraction(-7, 4), "-1.75", "-1,75", "-1,75"),
        (Fraction(1, 10**7), "1/10,000,000", "1/10.000.000", "1/10\u202f000\u202f000"),
        (10**12, "1,000,000,000,000", "1.000.000.000.000", "1\u202f000\u202f000\u202f000\u202f000"),
    ],
)
def test_numbers(value: Fraction | int, en: str, nl: str, fr: str) -> None:
    """Exact, as each language writes them."""
    assert [number(value, language) for language in ("en", "nl", "fr")] == [en, nl, fr]


def test_dates() -> None:
    """With the day of the week, and the first of a month in French."""
    first = dt.date(2028, 3, 1)
    assert day(first, "en") == "Wednesday 1 March 2028"
    assert day(first, "nl") == "woensdag 1 maart 2028"
    assert day(first, "fr") == "mercredi 1er mars 2028"
    assert day(dt.date(2026, 11, 25), "fr") == "mercredi 25 novembre 2026"


def test_one_and_many() -> None:
    """One vote; French says nothing in the singular too."""
    facts = {"unit": "member", "missing": 0}
    assert WORDS.sentence("quorum_missing", facts, "en").endswith("0 members.")
    assert "0 membre " in WORDS.sentence("quorum_missing", facts, "fr")
    assert "1 lid" in WORDS.sentence("quorum_missing", {**facts, "missing": 1}, "nl")
    assert "2 membres" in WORDS.sentence("quorum_missing", {**facts, "missing": 2}, "fr")


def test_what_people_write_is_no_pattern() -> None:
    """A class called {for} is written as it is; a fact can't reach into another."""
    assert WORDS.sentence("class_says", {"name": "{for}"}, "en") == "Inside class {for}:"


def test_what_is_not_there_fails() -> None:
    """A code or fact that is lacking, or a language we don't have, is a fault of ours."""
    with pytest.raises(KeyError):
        WORDS.sentence("nothing_like_it", {}, "en")
    with pytest.raises(KeyError):
        WORDS.sentence("class_says", {}, "en")
    with pytest.raises(ValueError, match="no sentences in de"):
        WORDS.tables("de")


def test_flags_lists_and_places_are_written() -> None:
    """A refusal says its place; a list is written with commas."""
    refused = Refused("choice_expected", "rule.unit", choices=("member", "share"))
    assert str(refused) == "rule.unit: Choose one of: member, share."
    assert string.Formatter().parse(refused.message("nl"))
