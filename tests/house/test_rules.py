"""Our own rules of lint: each finds what it is for, and leaves alone what looks like it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import code_rules, template_rules, text_rules
from tools.code_rules import Module
from tools.findings import Finding


def module(place: str, text: str) -> Module:
    """Return a module of ours that exists in this test only."""
    return Module(Path(place), place, text, ast.parse(text))


def lines(found: Iterator[Finding]) -> list[int]:
    """Return the lines that a rule names."""
    return [finding.line for finding in found]


@pytest.mark.parametrize(
    "deed",
    [
        "member.save()",
        "member.save(update_fields=['name'])",
        "form.save()",
        "member.delete()",
        "Member.objects.create(name=name)",
        "Member.objects.filter(pk=1).update(name=name)",
        "Member._default_manager.bulk_create(rows)",
        "await Member.objects.abulk_create(rows)",
        "rows.get_or_create(pk=1)",
        "Member.objects.all().delete()",
        "cursor.execute('UPDATE register_member SET name = %s', [name])",
        "cursor.execute('  delete from register_member')",
        "cursor.copy('COPY register_member (id) FROM STDIN')",
    ],
)
def test_a_write_outside_the_actions_is_found(deed: str) -> None:
    """Views, queries and tasks don't write; actions do."""
    code = f"async def f():\n    {deed}\n"
    assert lines(code_rules.only_actions_write(module("register/web/views.py", code))) == [2]
    assert lines(code_rules.only_actions_write(module("register/actions/members.py", code))) == []


@pytest.mark.parametrize(
    "deed",
    [
        "facts.update(name=1)",
        "digest.update(data)",
        "workbook.save(buffer)",
        "request.session.save()",
        "cache.delete(key)",
        "default_storage.delete(name)",
        "Member.objects.filter(pk=1).exists()",
        "actions.admit(actor=actor, now=now)",
        "_('Update the date of the decision')",
    ],
)
def test_what_only_looks_like_a_write_is_left_alone(deed: str) -> None:
    """Dictionaries, digests, files, caches and sessions have methods of the same name."""
    assert lines(code_rules.only_actions_write(module("register/web/views.py", deed))) == []


@pytest.mark.parametrize("value", ["price = 25.0", "float(price)", "def f(x: float): ..."])
def test_floats_in_money_are_found(value: str) -> None:
    """Where amounts are worked with there are no floats; asking whether something is one is allowed."""
    assert lines(code_rules.no_floats(module("register/queries.py", value))) == [1]
    assert lines(code_rules.no_floats(module("conf/serve.py", value))) == []
    assert lines(code_rules.no_floats(module("chain.py", value), everywhere=True)) == [1]
    assert lines(code_rules.no_floats(module("register/queries.py", "isinstance(x, int | float)"))) == []


@pytest.mark.parametrize(
    ("place", "code", "found"),
    [
        ("register/actions.py", "dt.datetime.now(dt.UTC)", [1]),
        ("register/web/views.py", "date.today()", [1]),
        ("register/models.py", "DateTimeField(default=timezone.now)", [1]),
        ("register/queries.py", "clock.now()", [1]),
        ("register/policies.py", "timezone.localdate()", [1]),
        ("ui/formats.py", "timezone.localtime(moment)", []),
        ("register/web/views.py", "clock.now()", []),
        ("register/tasks.py", "clock.now()", []),
        ("kernel/clock.py", "dt.datetime.now(dt.UTC)", []),
    ],
)
def test_clocks_are_found(place: str, code: str, found: list[int]) -> None:
    """One clock, read at the edges."""
    assert lines(code_rules.clock_at_the_edges(module(place, code))) == found


def test_translations_inside_fstrings_are_found() -> None:
    """They couldn't be collected, nor put in another order."""
    assert lines(code_rules.no_gettext_inside_fstrings(module("x/web/views.py", "f\"{_('Name')}: {name}\""))) == [1]
    assert lines(code_rules.no_gettext_inside_fstrings(module("x/web/views.py", '_("%(n)s") % {"n": f"{n}"}'))) == []


def test_labels_in_english_only_are_found() -> None:
    """What a form or a message shows is translated."""
    code = 'CharField(label="Your name", help_text=_("As on your card"))\nmessages.success(request, "Saved.")\n'
    assert lines(code_rules.visible_strings_are_translated(module("people/web/forms.py", code))) == [1, 2]
    assert lines(code_rules.visible_strings_are_translated(module("people/queries.py", code))) == []


SENTENCES = module(
    "register/sentences.py",
    'REFUSALS = {"register.too_many": _("At most %(limit)s."), "register.unsaid": _("Never.")}\n'
    'VERBS: dict[str, str] = {\n"register.admitted": _("admitted a member"), "coops.x": _("x")}\n',
)


def test_refusals_without_sentence_or_facts_are_found() -> None:
    """Each code has its sentence, and the sentence its facts."""
    code = """
raise Refused("register.too_many", limit=5)
raise Refused("register.too_many", line=3)
return refuse("register.unheard")
return refuse("register.too_many", **facts)
raise Refused(f"register.{what}")
raise Refused(verdict.code, **verdict.facts)
"""
    found = list(code_rules.refusals_have_sentences([SENTENCES, module("register/policies.py", code)]))
    assert [(finding.line, finding.problem) for finding in found] == [
        (3, "register.too_many lacks its facts limit"),
        (4, "register.unheard has no sentence"),
        (6, "a refusal code made up at run time"),
    ]


def test_verbs_without_sentence_are_found() -> None:
    """Each verb of the audit trail can be read."""
    code = '@action(verb="register.admitted")\ndef f(): audit("x", None, verb="register.expelled")\n'
    found = code_rules.verbs_have_sentences([SENTENCES, module("register/actions.py", code)])
    assert [finding.problem for finding in found] == ["the verb register.expelled has no sentence"]


def test_sentences_that_nothing_says_are_found() -> None:
    """A sentence goes when its code goes; it stands in its own package."""
    code = 'raise Refused("register.too_many", limit=1)\n@action(verb="register.admitted")\ndef f(): "coops.x"\n'
    found = code_rules.sentences_are_said([SENTENCES, module("register/actions.py", code)])
    assert [(finding.line, finding.problem) for finding in found] == [
        (1, "nothing says register.unsaid"),
        (3, "coops.x is another package's"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        "<script nonce='x' type=module>go()</script>",
        "<style>p { color: red }</style>",
        '<p class="a"\n   style="color: red">',
        "<button onclick='go()'>",
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
        "<div hx-vals='js:{a: b()}'>",
        '<div hx-trigger="click[ctrlKey]">',
        '<div hx-ext="sse">',
        '<meta name="referrer" content="no-referrer">',
    ],
)
def test_what_stands_inside_a_page_is_found(text: str) -> None:
    """The content security policy would stop it, and a reader of the code would miss it."""
    assert len(list(template_rules.nothing_inline(Path("register/templates/register/x.html"), text))) == 1
    assert list(template_rules.nothing_inline(Path("x.html"), f"{{# {text} #}}")) == []


def test_linked_scripts_and_mail_are_left_alone() -> None:
    """Scripts by address, data for scripts, and style attributes in mail are in order."""
    page = '<script type="module" src="{% static \'x.js\' %}"></script><p class="style">once=1 {{ x|json_script:"y" }}'
    assert list(template_rules.nothing_inline(Path("x.html"), page)) == []
    assert list(template_rules.nothing_inline(Path("a/templates/a/mail/x.html"), '<p style="margin: 0">')) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<h1>\nMembers</h1>", 2),
        ('<img src="x.png" alt="A house">', 1),
        ('{% if x %}\n<input type="submit" value="Save">{% endif %}', 2),
        ('{% button "Admit them" %}', 1),
        ('{% page_head title="Members" %}{% endpage_head %}', 1),
        ('<p title="{{ x }} of them">', 1),
    ],
)
def test_english_in_a_template_is_found(text: str, line: int) -> None:
    """Text, attributes that are read aloud, and arguments of components."""
    assert lines(template_rules.everything_translated(Path("x.html"), text, {"Coopwerf"})) == [line]


def test_what_is_translated_or_no_language_is_left_alone() -> None:
    """Translated text, names, numbers, codes and classes."""
    text = """{% load x %}{# A comment #}<!-- another -->
<h1>{% translate "Members" %}</h1> {% blocktranslate count n=n %}One <b>m</b>{% plural %}{{ n }}{% endblocktranslate %}
{% button _("Admit them") "second" %} {% icon "arrow" %} {% include "ui/Part.html" %} {% url "Name" %}
<p class="Big letters" data-word="Word">Coopwerf · € 12 – {{ x|date:"d F" }}</p><svg><title>Mark</title></svg>
"""
    assert list(template_rules.everything_translated(Path("x.html"), text, {"Coopwerf"})) == []
    assert lines(template_rules.everything_translated(Path("x.txt"), "{% if a %}\nDear {{ x }}\n", set())) == [2]


def test_imports_without_semicolon_and_evaluated_code_are_found() -> None:
    """Only an import that ends with a semicolon gets its hashed address."""
    text = 'import a from "./a.js";\nimport "../b.js"\nexport { c } from \'./c.js\'\neval("x");\nimport("./d.js")\n'
    assert sorted(lines(template_rules.scripts_are_safe(Path("x.js"), text))) == [2, 3, 4]


def test_hosts_and_machines_are_found() -> None:
    """What is true on one machine only stays off the page."""
    hosts = {"index.example.com"}
    places = ("root/x", "home/anna/coopwerf", "work/main")
    for text in ("see https://index.example.com/simple", *(f"cd '/{place}'" for place in places)):
        assert lines(text_rules.names_no_machine(Path("x.md"), f"\n{text}", hosts)) == [2]
    for text in ("/usr/bin/chromium", "homework/root/x", "/tmp", "https://example.org/work/", "a root of x"):
        assert lines(text_rules.names_no_machine(Path("x.md"), text, hosts)) == []


def test_long_modules_and_missing_pages_are_found(tmp_path: Path) -> None:
    """A module that grew too long, a package without its page or with half of it."""
    (tmp_path / "x.py").write_text("x = 1\n" * 601)
    assert lines(code_rules.short_enough(tmp_path / "x.py")) == [601]
    assert [finding.problem for finding in text_rules.has_its_page(tmp_path)] == ["is missing"]
    (tmp_path / "README.md").write_text("# house\n\n## Words\n\n## States\n")
    assert [finding.problem for finding in text_rules.has_its_page(tmp_path)][1:] == [
        "lacks the heading “## Invariants”",
        "lacks the heading “## Doors”",
    ]
