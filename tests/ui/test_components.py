"""The components: what they write, and that nothing a person types becomes markup."""

import datetime as dt
import itertools
import re
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation

from coopwerf.kernel.verdict import allow, refuse
from coopwerf.ui.charts import ROLE, Chart
from coopwerf.ui.fields import CountField, DateField, MoneyField, TimeField, WebField

EVIL = "<script>alert('x')</script> & \"co\""


def draw(source: str, lang: str = "nl", path: str = "/c/x/?q=a&page=9", **context: Any) -> str:
    """Render a template source as a page in a language would."""
    with translation.override(lang):
        text = engines["django"].from_string(source).render(context, RequestFactory().get(path))
    return re.sub(r"\s+", " ", text.replace("\u00a0", "~").replace("\u2212", "-")).strip()


ONE_OF_EACH = {
    "page_head": "{% page_head evil evil back=evil back_label=evil eyebrow=evil building=True %}{% endpage_head %}",
    "notice": "{% notice 'good' title=evil %}{{ evil }}{% endnotice %}",
    "toast": "{% toast evil undo_url=evil undo_label=evil %}",
    "empty_state": "{% empty_state evil evil %}{% endempty_state %}",
    "dialog": "{% dialog evil %}{{ evil }}{% enddialog %}",
    "action_bar": "{% action_bar sum=evil note=evil %}{{ evil }}{% endaction_bar %}",
    "button": "{% button evil name=evil value=evil data_x=evil %}",
    "button refused": "{% button evil verdict=no %}",
    "link_button": "{% link_button evil evil 'second' title=evil %}",
    "pill": "{% pill evil 'good' %}",
    "person": "{% person evil evil url=evil %}",
    "code": "{% code evil 'block' %}",
    "why": "{% why evil source=evil %}{{ evil }}{% endwhy %}",
    "panel": "{% panel title=evil %}{{ evil }}{% endpanel %}",
    "ledger": "{% ledger %}{% fact evil %}{{ evil }}{% endfact %}{% endledger %}",
    "totals": "{% totals %}{% figure evil note=evil %}{{ evil }}{% endfigure %}{% endtotals %}",
    "steps": "{% steps steps 2 label=evil %}",
    "task": "{% task evil evil evil until=evil minutes=3 %}{{ evil }}{% endtask %}",
    "moment": "{% moment evil when=evil %}{{ evil }}{% endmoment %}",
    "doc": "{% doc evil evil evil %}",
    "tabs": "{% tabs tabs label=evil %}",
    "table": "{% table caption=evil %}<thead>{% tr %}{% th %}{{ evil }}{% endth %}{% endtr %}</thead>"
    "<tbody>{% tr id=evil %}{% td %}{{ evil }}{% endtd %}{% endtr %}</tbody>{% endtable %}",
    "qr": "{% qr evil evil %}",
    "thermometer": "{% thermometer ten ten goal_note=evil raised_note=evil %}",
    "chart": "{% chart chart %}",
}


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_what_people_type_never_becomes_markup(name: str) -> None:
    """A name with a script in it is shown as a name with a script in it."""
    chart = Chart(
        spec={
            "data": {"values": [{"who": EVIL, "n": 3}]},
            "mark": "bar",
            "encoding": {"x": {"field": "n", "type": "quantitative"}, "y": {"field": "who", "type": "nominal"}},
        },
        says=EVIL,
        columns=[EVIL],
        rows=[[EVIL]],
        caption=EVIL,
    )
    context = {
        "evil": EVIL,
        "no": refuse("ui.example"),
        "steps": [(EVIL, EVIL), EVIL],
        "tabs": [{"label": EVIL, "url": EVIL}],
        "ten": Decimal(10),
        "chart": chart,
    }
    shown = draw(ONE_OF_EACH[name], **context)
    assert "<script" not in shown
    assert "alert(" in shown or name == "qr"
    assert not re.search(r'="[^"]*<', shown)


def test_a_refused_button_stays_with_its_reason() -> None:
    """Nobody wonders why something isn't there."""
    shown = draw('{% button "Noteer het besluit" verdict=no name="go" %}', no=refuse("ui.example"))
    assert "disabled" in shown
    assert 'name="go"' not in shown
    assert "Noteer wanneer het bestuur besliste." in shown
    assert "disabled" not in draw('{% button "x" verdict=yes %}', yes=allow())
    assert "<a" not in draw('{% link_button "x" "/y" verdict=no %}', no=refuse("ui.example"))


def test_buttons_take_attributes() -> None:
    """Arguments become attributes, in the spelling of HTML; false ones stay away."""
    shown = draw('{% button "x" "second small" form="f" formnovalidate=True hidden=False data_copy="y" %}')
    assert (
        shown
        == '<button type="submit" class="btn btn--second btn--small" form="f" formnovalidate data-copy="y">x</button>'
    )


def test_figures_in_each_language() -> None:
    """Amounts, numbers and dates follow the language of the page; nothing shows as a dash."""
    source = "{% money amount %} {% number n %} {% date day %} {% date day 'long' %} {% money nothing %}"
    context = {"amount": Decimal("1250"), "n": 5473, "day": dt.date(2024, 5, 1), "nothing": None}
    assert draw(source, **context) == (
        '<span class="money">€~1.250,00</span> <span class="num">5.473</span> '
        '<time class="date" datetime="2024-05-01">01-05-2024</time> '
        '<time class="date" datetime="2024-05-01">1~mei~2024</time> <span class="soft">–</span>'
    )
    assert "1~250,00~€" in draw(source, "fr", **context)
    assert "1~May~2024" in draw(source, "en", **context)


def test_moments_are_told_in_civil_time() -> None:
    """A moment just before midnight in UTC is the next day here."""
    late = dt.datetime(2024, 4, 30, 22, 30, tzinfo=dt.UTC)
    assert "01-05-2024" in draw("{% date late %}", late=late)
    assert "1~mei~2024, 0.30~uur" in draw("{% date late 'time' %}", late=late)
    assert ">0:30<" in draw("{% date late 'clock' %}", "en", late=late)


TABLE = """{% table caption="Leden" look="cards brief" show_caption=True %}
<thead>{% tr %}{% th %}Naam{% endth %}{% th end=True label="nr." %}Nummer{% endth %}
{% th hear=True %}Doen{% endth %}{% endtr %}</thead>
<tbody>{% for m in members %}{% tr %}{% td "key" %}{{ m }}{% endtd %}{% td "end" %}7{% endtd %}
{% td "do" %}x{% endtd %}{% endtr %}
{% tr "inside" %}{% td span=3 %}{% table caption="Binnen" %}
<thead>{% tr %}{% th %}Datum{% endth %}{% endtr %}</thead><tbody>{% tr %}{% td %}d{% endtd %}{% endtr %}</tbody>
{% endtable %}{% endtd %}{% endtr %}{% endfor %}</tbody>
{% endtable %}"""


def test_cells_learn_their_label_from_the_head_of_their_column() -> None:
    """On a phone every value says what it is, in a table within a table too."""
    shown = draw(TABLE, members=["An", "Bo"])
    assert shown.count('<td class="to-end" data-label="nr.">7</td>') == 2
    assert shown.count('<th scope="row" class="key">') == 2
    assert shown.count('<td data-label="Datum">d</td>') == 2
    assert '<td class="table__do">x</td>' in shown
    assert "<caption>Leden</caption>" in shown
    assert '<caption class="hear">Binnen</caption>' in shown


@pytest.mark.parametrize(
    "source",
    [
        '{% table look="cards" %}{% endtable %}',
        '{% table caption="x" colour="red" %}{% endtable %}',
        '{% td "wide" %}{% endtd %}',
    ],
)
def test_a_table_that_is_written_wrong_says_so(source: str) -> None:
    """A caption is not optional, and misspelt looks don't pass in silence."""
    with pytest.raises(TemplateSyntaxError):
        draw(source)


class Request(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(label="Naam", help_text="Zoals op je kaart.")
    on = DateField(label="Op", required=False, max_date=dt.date(2026, 1, 1))
    paid = MoneyField(label="Betaald", required=False)
    count = CountField(label="Aantal", required=False, minimum=1)
    kind = forms.ChoiceField(label="Soort", choices=[("A", "A"), ("B", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Gelezen")
    note = forms.CharField(label="Nota", widget=forms.Textarea, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_wired_for_ears() -> None:
    """Label, help and error belong to their input."""
    form = Request({"on": "31-02-2025"})
    name = draw("{% field form.name autocomplete='name' %}", form=form)
    assert '<label class="field__label" for="id_name">Naam</label>' in name
    assert 'aria-describedby="id_name-help id_name-error"' in name
    assert 'aria-invalid="true"' in name
    assert 'id="id_name-help">Zoals op je kaart.' in name
    assert 'id="id_name-error"' in name
    assert 'autocomplete="name"' in name
    assert "(niet verplicht)" not in name
    assert "(niet verplicht)" in draw("{% field form.on %}", form=form)
    form.fields["on"].is_wanted = True  # type: ignore[attr-defined]
    assert "(niet verplicht)" not in draw("{% field form.on %}", form=form)


def test_kinds_of_field() -> None:
    """The widget decides how a field looks."""
    form = Request(initial={"paid": Decimal("1250"), "count": 1000, "on": dt.date(2025, 12, 31)})
    assert 'value="1.250,00"' in draw("{% field form.paid %}", form=form)
    assert 'value="1~000"' in draw("{% field form.count %}", "fr", form=form)
    assert 'value="31-12-2025"' in draw("{% field form.on %}", "en", form=form)
    kind = draw("{% field form.kind 'cards' notes=notes %}", form=form, notes={"B": "Voor organisaties"})
    assert kind.startswith('<fieldset class="field" id="id_kind"')
    assert "Voor organisaties" in kind
    assert '<label class="choice">' in draw("{% field form.agreed %}", form=form)
    assert 'rows="4"' in draw("{% field form.note %}", form=form)
    assert draw("{% field form.next %}", form=form) == '<input type="hidden" name="next" id="id_next">'


@pytest.mark.parametrize("text", ["7:30", "07.30", "7u30", "7 h 30", "0730", "730", "7.30 uur"])
def test_a_time_is_read_as_people_type_it(text: str) -> None:
    """In Dutch and in French, and by who has only digits on a phone."""
    assert TimeField().clean(text) == dt.time(7, 30)


@pytest.mark.parametrize("text", ["25:00", "7:99", "half acht", "73030"])
def test_what_is_no_time_says_how_to_write_one(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(forms.ValidationError, match="19:30"):
        TimeField().clean(text)


def test_mistakes_are_listed_with_a_way_to_each() -> None:
    """On top of the form: what to mend, and where; nothing when all is well."""
    form = Request({"name": "An", "kind": "A", "count": "0", "on": "2-1-2026"})
    shown = draw("{% form_errors form %}", form=form)
    assert "3 dingen om te verbeteren" in shown
    assert '<a href="#id_count">Aantal</a><br>Dit is te weinig: minstens 1.' in shown
    assert "Deze datum is te laat: 01-01-2026 of vroeger." in shown
    assert draw("{% form_errors form %}", form=Request()) == ""
    form.add_error("name", "Regel 3: geen adres.")
    form.add_error("name", "Regel 5: geen datum.")
    several = draw("{% form_errors form %}{% field form.name %}", form=form)
    assert several.count('href="#id_name"') == 1, "a field with several mistakes is led to once"
    assert several.count("Regel 3: geen adres.<br>Regel 5: geen datum.") == 2
    assert "5 dingen om te verbeteren" in several


def test_pages_of_a_list_keep_the_filters() -> None:
    """The way to the next page doesn't lose what somebody searched for."""
    pages = Paginator(range(235), 50)
    shown = draw("{% pagination page %}", page=pages.page(2))
    assert "51 tot 100 van 235" in shown
    assert 'href="?q=a&amp;page=1"' in shown
    assert 'href="?q=a&amp;page=3"' in shown
    assert draw("{% pagination page %}", page=Paginator(range(5), 50).page(1)) == ""


def test_steps_tell_what_is_done_and_where_one_is() -> None:
    """Also for those who don't see the line."""
    shown = draw("{% steps steps 2 %}", steps=[("Aandelen", "/1"), "Over jou", "Nakijken"])
    assert '<li class="is-done"><a href="/1">Aandelen</a><span class="hear"> (klaar)</span></li>' in shown
    assert '<li aria-current="step">Over jou</li><li>Nakijken</li>' in shown


@pytest.mark.parametrize(("minutes", "strokes"), [(1, 1), (4, 4), (5, 5), (6, 6), (10, 10)])
def test_a_stroke_is_a_minute(minutes: int, strokes: int) -> None:
    """Strokes up to ten; beyond that, and in any case, words."""
    shown = draw("{% tally n %}", n=minutes)
    assert shown.count("M") == strokes
    assert ("1 minuut" if minutes == 1 else f"{minutes} minuten") in shown
    assert "<svg" not in draw("{% tally n %}", n=45)


@pytest.mark.parametrize("raised", ["0", "1", "40", "86250", "119999", "120000", "500000"])
def test_the_building_stays_within_its_drawing(raised: str) -> None:
    """From the empty site to far beyond the goal: no label leaves the picture, none covers another."""
    shown = draw(
        "{% thermometer raised goal minimum=minimum goal_note='een heel lange reden om dit doel te kiezen' %}",
        raised=Decimal(raised),
        goal=Decimal(120000),
        minimum=Decimal(50000),
    )
    places = sorted(float(y) for y in re.findall(r'<text x="222" y="([\d.]+)"', shown))
    assert len(places) == 3
    assert places[0] > 60
    assert places[-1] < 400
    assert all(lower - higher >= 40 for higher, lower in itertools.pairwise(places))
    assert ('class="tube"' in shown) == (Decimal(raised) < 120000)
    assert ('class="built"' in shown) == (Decimal(raised) > 0)


def chart_of(numbers: list[int]) -> Chart:
    """Make a small chart."""
    return Chart(
        spec={
            "data": {"values": [{"x": at, "y": n} for at, n in enumerate(numbers)]},
            "mark": {"type": "bar", "clip": True, "color": ROLE["brand"]},
            "encoding": {"x": {"field": "x", "type": "ordinal"}, "y": {"field": "y", "type": "quantitative"}},
        },
        says="Leden per maand",
        columns=["Maand", "Leden"],
        rows=[[str(at), n] for at, n in enumerate(numbers)],
    )


def test_a_chart_has_words_and_its_numbers_behind_it() -> None:
    """The picture says what it shows, and the table holds every number."""
    shown = draw("{% chart chart %}", chart=chart_of([3, 1231]))
    assert shown.count('role="img" aria-label="Leden per maand"') == 2
    assert ">1.000<" in shown, "axis in Dutch"
    assert "<summary>De cijfers als tabel</summary>" in shown
    assert ">1231</td>" in shown
    assert "var(--brand-shape)" in shown
    assert ROLE["brand"] not in shown
    assert "style=" not in shown
    assert "http" not in shown


def test_two_charts_on_a_page_share_no_id_and_a_chart_is_always_the_same() -> None:
    """The drawing depends on its numbers only."""
    one, other = (draw("{% chart chart %}", chart=chart_of(numbers)) for numbers in ([1, 2], [1, 3]))
    ids = [set(re.findall(r'\bid="([^"]+)"', shown)) for shown in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    from coopwerf.ui import charts

    charts._draw.cache_clear()
    assert draw("{% chart chart %}", chart=chart_of([1, 2])) == one


def test_an_unknown_icon_is_a_mistake_of_ours() -> None:
    """A misspelt icon fails in tests, not in silence."""
    with pytest.raises(KeyError):
        draw('{% icon "chekc" %}')


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("www.wolkenwerf.be", "https://www.wolkenwerf.be"),
        (" wolkenwerf.be/over?x=1 ", "https://wolkenwerf.be/over?x=1"),
        ("http://wolkenwerf.be", "http://wolkenwerf.be"),
        ("/c/wolkenwerf/", "/c/wolkenwerf/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("localhost", "localhost"),
        ("n.v.t.", "n.v.t."),
        ("noor@wolkenwerf.be", "noor@wolkenwerf.be"),
        ("", ""),
    ],
)
def test_the_beginning_of_an_address_can_be_left_out(typed: str, meant: str) -> None:
    """As on a poster; whatever else it is stays as it was typed, for whoever keeps it to refuse."""
    assert WebField(required=False).clean(typed) == meant
