"""The tool that collects sentences finds what people write, and notices what a translator forgets."""

import re

import polib
import pytest

from tools.translations import Sentence, faults_of, placeholders, sentences_in_python, sentences_in_template


def test_python_sentences_are_found() -> None:
    """Literals in every gettext function, under any name, joined strings too; what isn't literal is left."""
    source = """
from django.utils.translation import gettext as _, ngettext as many, pgettext_lazy
a = _("one")
b = f"{_('inside')}"
c = many("%(n)s member", "%(n)s members", n)
d = pgettext_lazy("of a mandate", "board "
                  "member")
e = _(variable)
f = translation.gettext("through the module")
"""
    assert set(sentences_in_python(source)) == {
        Sentence("one"),
        Sentence("inside"),
        Sentence("%(n)s member", "", "%(n)s members"),
        Sentence("board member", "of a mandate"),
        Sentence("through the module"),
    }


def test_template_sentences_are_found() -> None:
    """Tags, blocks with plurals and contexts, and the arguments of our own components."""
    source = """
{% translate "plain" %} {% translate 'its' context "a door" as x %}
{% blocktranslate count n=items|length trimmed %}
  one thing
{% plural %}
  {{ n }} things
{% endblocktranslate %}
{% button label=_("Admit them") %}{{ x|default:_("none") }}
{% blocktranslate with name=member.name %}Dear {{ name }},{% endblocktranslate %}
{# {% translate "in a comment" %} #}
<p>gettext("just text")</p>
"""
    assert set(sentences_in_template(source)) == {
        Sentence("plain"),
        Sentence("its", "a door"),
        Sentence("one thing", "", "%(n)s things"),
        Sentence("Admit them"),
        Sentence("none"),
        Sentence("Dear %(name)s,"),
    }


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgid": "Save", "msgstr": ""}, "is not translated"),
        ({"msgid": "Save", "msgstr": "Save"}, "is the English sentence"),
        ({"msgid": "Save", "msgstr": "Bewaar", "flags": ["fuzzy"]}, "is marked fuzzy"),
        ({"msgid": "Dear %(name)s", "msgstr": "Beste %(naam)s"}, "differs in its placeholders: %(naam)s, %(name)s"),
        ({"msgid": "<b>%(n)s</b> left", "msgstr": "nog %(n)s"}, "differs in its placeholders: </b>, <b>"),
        (
            {"msgid": "%(n)s day", "msgid_plural": "%(n)s days", "msgstr_plural": {0: "een dag", 1: "dagen"}},
            "differs in its placeholders: %(n)s",
        ),
        ({"msgid": "\nDear", "msgstr": "Beste"}, "begins or ends with a line break where the original doesn't"),
    ],
)
def test_a_translators_slip_is_found(entry: dict[str, object], fault: str) -> None:
    """Missing, copied, fuzzy, and placeholders that would break the page."""
    assert fault in list(faults_of(polib.POEntry(**entry), "nl", set()))


@pytest.mark.parametrize("said", ["Qui décide ?", "Dites-le : elle compte", "« Le four » est là", "Oui ; non"])
def test_a_french_sign_that_could_begin_a_line_is_found(said: str) -> None:
    """On a phone a lone “:” or “?” would start a line; a blank that doesn't break keeps it with its word."""
    fault = "has a plain blank where French has one that doesn't break: before : ; ? ! » and after «"
    assert list(faults_of(polib.POEntry(msgid="Said", msgstr=said), "fr", set())) == [fault]
    kept = re.sub("(?<=«) | (?=[:;?!»])", "\u00a0", said)
    assert list(faults_of(polib.POEntry(msgid="Said", msgstr=kept), "fr", set())) == []
    assert list(faults_of(polib.POEntry(msgid="Said", msgstr=said), "nl", set())) == []


def test_a_good_translation_passes() -> None:
    """A singular may be written out; what has no words may stay; what people looked at may be the same."""
    plural = {"msgid": "%(n)s day", "msgid_plural": "%(n)s days", "msgstr_plural": {0: "een dag", 1: "%(n)s dagen"}}
    assert list(faults_of(polib.POEntry(**plural), "nl", set())) == []
    assert list(faults_of(polib.POEntry(msgid="%(a)s · %(b)s", msgstr="%(a)s · %(b)s"), "fr", set())) == []
    assert list(faults_of(polib.POEntry(msgid="Actions", msgstr="Actions"), "fr", {"Actions"})) == []
    assert placeholders("<a href='x'>%(n)s</a> {name}") == {"<a href='x'>", "</a>", "%(n)s", "{name}"}
