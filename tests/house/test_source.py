"""The source keeps our own rules, every package has its page, and every catalogue is complete."""

import pytest
from django.template import engines
from django.utils import translation

from coopwerf.kernel.refusals import known_refusals, known_verbs
from tools import code_rules, lint, template_rules, text_rules, translations
from tools.findings import APPLICATION

PACKAGES = [path.name for path in text_rules.packages()]


def said(found: object) -> str:
    """Return findings as a person reads them."""
    return "\n".join(str(finding) for finding in found)  # type: ignore[attr-defined]


def test_our_own_rules_are_kept() -> None:
    """What `make lint` says of the source: nothing."""
    assert said(lint.findings()) == ""


def test_there_is_something_to_check() -> None:
    """The rules read what is there: modules, templates, scripts, files."""
    assert len(code_rules.modules()) > 100
    assert len(code_rules.calculation()) > 5
    assert len(template_rules.templates()) > 10
    assert len(template_rules.scripts()) > 2
    assert len(text_rules.kept_files()) > 200
    assert len(code_rules.sentences(code_rules.modules(), "REFUSALS")) > 50
    assert len(code_rules.sentences(code_rules.modules(), "VERBS")) > 20


def test_every_sentence_is_said() -> None:
    """A refusal or verb that no code knows any more loses its sentence."""
    assert said(code_rules.sentences_are_said(code_rules.modules())) == ""


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_page(package: str) -> None:
    """README.md: words, states, invariants, doors."""
    assert said(text_rules.has_its_page(APPLICATION / package)) == ""


def test_catalogues_are_complete() -> None:
    """Each sentence is translated once, with its placeholders, and not left in English."""
    assert said(translations.findings()) == ""


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_refusals_and_verbs_speak_the_language(language: str) -> None:
    """What the catalogues hold is what people get: each refusal and verb comes out in their language."""
    allowed = translations.same_words()[language]
    for code, text in {**known_refusals(), **known_verbs()}.items():
        with translation.override("en"):
            english = str(text)
        with translation.override(language):
            assert str(text) != english or english in allowed, f"{code} speaks English"


def test_an_undefined_variable_fails() -> None:
    """A template that names what isn't there fails its test instead of showing nothing."""
    engine = engines["django"]
    assert engine.from_string("{{ there }}").render({"there": "yes"}) == "yes"
    for template in (
        "{{ missing }}",
        "{{ there.missing }}",
        '{{ missing|default:"x" }}',
        "{% for x in y %}{{ z }}{% endfor %}",
    ):
        with pytest.raises(AssertionError, match="undefined template variable"):
            engine.from_string(template).render({"there": "yes", "y": [1]})


def test_a_long_way_to_the_same_words() -> None:
    """The list of words that stay English is for words, not for sentences that wait for a translator."""
    for language, words in translations.same_words().items():
        assert [word for word in words if len(word.split()) > 4] == [], language
