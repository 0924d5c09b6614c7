"""Every code of a count has its sentence in the three languages."""

import ast
import re
import string
from dataclasses import fields
from pathlib import Path

import pytest

from coopcalc.voting import Stage, words
from coopcalc.voting.verify import _TOLD, Finding

SAME_IN_ENGLISH = frozenset({"sheet_total"})
"""Codes whose translation may equal the English."""


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [language for language in words.LANGUAGES if language != "en"])
def test_a_language_says_every_code_with_the_same_facts_in_its_own_words(language: str) -> None:
    english, own = words.sentences("en"), words.sentences(language)
    assert sorted(english) == sorted(own)
    assert {code: placeholders(text) for code, text in english.items()} == {
        code: placeholders(text) for code, text in own.items()
    }
    assert {code for code in english if english[code] == own[code]} <= SAME_IN_ENGLISH


def test_french_has_its_own_marks() -> None:
    """As in the sentences of deciding: no straight apostrophe, and a blank before colon and semicolon."""
    for code, text in words.sentences("fr").items():
        plain = re.sub(r"\{[^}]*\}", "x", text)
        assert "'" not in plain, code
        assert not re.search(r"[^\s][;?!]|[^\s/]:(?!/)", plain.replace("x:x:NOM", "")), code


def test_names_and_numbers_are_written_as_the_language_does() -> None:
    facts = {"candidates": [1, 3], "candidate": 3, "votes": "12.50000", "stage": 2}
    said = words.sentence("scottish_look_back_surplus", facts, "nl", ["An", "Bo", "Cé"])
    assert "An en Cé hebben" in said
    assert "12,50000" in said


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_whatever_can_differ_in_a_result_has_its_name_in_the_language(language: str) -> None:
    """Nobody reads `non_transferable` in the middle of a Dutch sentence."""
    named = {"rule", "seats", "stages", "ties", *_TOLD, *(one.name for one in fields(Stage))} - {"number"}
    for name in named:
        facts = {"stage": 2, "what": f"{name} 3", "claimed": "1", "counted": "2"}
        said = Finding("stage_differs", facts).sentence(language)
        assert words.sentences(language)[f"what_{name}"] + " 3" in said
        assert "_" not in said


# Codes that are put together: `lot_needed_` and what a tie is about, `rule_`, `table_` or `what_` and its name.
MADE = re.compile(
    r"(lot|lot_needed|(scottish|meek)_(look_back|lot))_(surplus|exclusion|seat|order|through)|(rule|table|what)_\w+"
)
SPEAKERS = {"Reason", "Refused", "Finding", "say", "tell"}


def spoken() -> dict[str, set[str]]:
    """Give every text in the package, and apart from the rest those that are said where a code must stand."""
    texts: set[str] = set()
    codes: set[str] = set()
    for path in Path(words.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                said = [one for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if name in SPEAKERS and node.args[:1] == said[:1] != []:
                    codes.add(str(said[0].value))
    return {"texts": texts, "codes": codes}


def test_every_code_that_is_said_has_a_sentence_and_every_sentence_is_said() -> None:
    found, known = spoken(), words.sentences("en")
    assert sorted(found["codes"] - known.keys()) == []
    assert sorted(code for code in known if code not in found["texts"] and not MADE.fullmatch(code)) == []
