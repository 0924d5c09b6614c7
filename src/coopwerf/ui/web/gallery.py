"""The gallery: every component once, with invented people and numbers, in the three languages."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from coopwerf.kernel.verdict import refuse
from coopwerf.kernel.web import public
from coopwerf.ui import charts, formats
from coopwerf.ui.components.basics import icon_shapes
from coopwerf.ui.fields import CountField, DateField, MoneyField

ROLES = [
    *("ink", "ink-soft", "paper", "surface", "sunk", "line", "line-strong", "brand", "brand-soft"),
    *("accent", "accent-soft", "good", "attention", "danger"),
]

TITLES = {
    "colours": gettext_lazy("Colour, by role"),
    "type": gettext_lazy("Type"),
    "icons": gettext_lazy("Icons"),
    "drawings": gettext_lazy("Mark and scaffolding"),
    "buttons": gettext_lazy("Buttons"),
    "pills": gettext_lazy("States"),
    "figures": gettext_lazy("Amounts, dates, codes"),
    "fields": gettext_lazy("Fields"),
    "mistakes": gettext_lazy("Mistakes"),
    "filters": gettext_lazy("Filters"),
    "steps": gettext_lazy("Steps"),
    "why": gettext_lazy("Why?"),
    "notices": gettext_lazy("Notices"),
    "toast": gettext_lazy("Just happened"),
    "dialog": gettext_lazy("Question"),
    "empty": gettext_lazy("Nothing yet"),
    "panel": gettext_lazy("Panel"),
    "ledger": gettext_lazy("Ledger"),
    "totals": gettext_lazy("Totals"),
    "table": gettext_lazy("Table, cards on a phone"),
    "brief": gettext_lazy("Table, brief on a phone"),
    "people": gettext_lazy("People"),
    "tasks": gettext_lazy("Tasks"),
    "trio": gettext_lazy("Three facts"),
    "timeline": gettext_lazy("Timeline"),
    "markdown": gettext_lazy("A text with marks"),
    "tabs": gettext_lazy("Tabs"),
    "docs": gettext_lazy("Papers"),
    "action_bar": gettext_lazy("Action bar"),
    "qr": gettext_lazy("QR code"),
    "thermometer": gettext_lazy("Thermometer"),
    "chart": gettext_lazy("Chart"),
}


@dataclass(frozen=True)
class Example:
    """Hold one component as it is shown and as it is written."""

    name: str
    title: str
    shown: SafeString
    source: str


class _Request(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    born = DateField(label=gettext_lazy("Date of birth"), help_text=gettext_lazy("Day, month, year."))
    shares = CountField(label=gettext_lazy("Number of shares"), help_text=gettext_lazy("From 1 to 100."), minimum=1)
    paid = MoneyField(label=gettext_lazy("Amount paid"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[("self", gettext_lazy("for myself")), ("organisation", gettext_lazy("for an organisation"))],
    )
    class_ = forms.ChoiceField(
        label=gettext_lazy("Share class"),
        widget=forms.RadioSelect,
        choices=[("A", gettext_lazy("A, users")), ("B", gettext_lazy("B, organisations"))],
    )
    remark = forms.CharField(label=gettext_lazy("Anything else?"), required=False, widget=forms.Textarea)
    paper = forms.FileField(label=gettext_lazy("Signed paper"), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("I have read the statutes."))


class _Filters(forms.Form):
    on = DateField(label=gettext_lazy("As of"), required=True)
    words = forms.CharField(label=gettext_lazy("Name or number"), required=True)
    state = forms.ChoiceField(
        label=gettext_lazy("Standing"), choices=[("", gettext_lazy("all")), ("left", gettext_lazy("left"))]
    )


class _Switches(forms.Form):
    theme = forms.ChoiceField(
        label=gettext_lazy("Light"),
        choices=[("", gettext_lazy("as the device")), ("light", gettext_lazy("light")), ("dark", gettext_lazy("dark"))],
        required=True,
    )
    hue = forms.IntegerField(
        label=gettext_lazy("Hue"), min_value=0, max_value=359, widget=forms.NumberInput(attrs={"step": 1})
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", "Nederlands"), ("fr", "Français"), ("en", "English")]
    )


def _movements() -> list[dict[str, Any]]:
    rows = [
        (dt.date(2025, 6, 18), _("Founding"), 4, "200.00", _("deed of incorporation")),
        (dt.date(2025, 10, 14), _("Issue"), 1006, "50300.00", _("board, item 3")),
        (dt.date(2025, 12, 2), _("Transfer to D. Okafor"), -2, "-100.00", _("board, item 5")),
    ]
    return [
        {"on": on, "what": what, "shares": shares, "paid": Decimal(paid), "decision": decision}
        for on, what, shares, paid, decision in rows
    ]


def _members() -> list[dict[str, Any]]:
    rows = [
        ("Stad en Stekker vzw", 1, "Brussel", 8, "2000.00", False),
        ("Benali, Samira", 2, "Molenbeek", 3, "150.00", False),
        ("Lambotte, Claire", 4, "Schaarbeek", 1008, "50400.00", False),
        ("Van den Broeck-Vandenbossche, Marie-Antoinette", 9, "Sint-Katelijne-Waver", 0, "0.00", True),
    ]
    return [
        {
            "name": name,
            "number": number,
            "town": town,
            "shares": shares,
            "paid": Decimal(paid),
            "since": dt.date(2025, 6, 18),
            "left": left,
        }
        for name, number, town, shares, paid, left in rows
    ]


def _chart(lang: str) -> charts.Chart:
    counts = [3, 41, 70, 118, 167, 204, 231]
    days = [dt.date(2025, 6 + step, 1) for step in range(7)]
    spec = {
        "data": {"values": [{"on": f"{day:%Y-%m-%d}", "members": n} for day, n in zip(days, counts, strict=True)]},
        "encoding": {
            "x": {"field": "on", "type": "temporal", "title": None, "axis": {"format": "%B", "tickCount": 3}},
            "y": {"field": "members", "type": "quantitative", "title": None},
        },
        "layer": [{"mark": "area"}, {"mark": "point", "transform": [{"filter": "datum.members == 231"}]}],
    }
    return charts.Chart(
        spec=spec,
        says=_("Members from 3 in June to 231 in December 2025"),
        caption=_("Members at the start of each month."),
        columns=[_("Month"), _("Members")],
        rows=[[formats.month(day, lang), formats.number(n, lang)] for day, n in zip(days, counts, strict=True)],
    )


def _sample(lang: str) -> dict[str, Any]:
    """Make what the examples show."""
    wrong = _Request({"born": "31-02-1980", "paid": "12,345"}, prefix="wrong")
    wrong.full_clean()
    wrong.data = {"wrong-born": "31-02-1980", "wrong-paid": "12,3456"}
    wrong.full_clean()
    for name in ("name", "shares", "kind", "agreed"):
        wrong.errors.pop(name, None)
    return {
        "roles": ROLES,
        "icons": sorted(icon_shapes()),
        "refused": refuse("ui.example"),
        "amount": Decimal("136825.00"),
        "debt": Decimal("-18.05"),
        "price": Decimal("50.00"),
        "most": Decimal("5000.00"),
        "raised": Decimal(86250),
        "goal": Decimal(120000),
        "minimum": Decimal(50000),
        "day": dt.date(2026, 5, 10),
        "moment": dt.datetime(2026, 10, 14, 18, 0, tzinfo=dt.UTC),
        "form": _Request(
            initial={"name": "Zoë O’Connor", "born": dt.date(1980, 10, 20), "shares": 1000, "paid": Decimal("25000.00")}
        ),
        "wrong": wrong,
        "notes": {"A": _("One vote, at most 100 shares."), "B": _("For organisations and enterprises.")},
        "filters": _Filters(initial={"on": dt.date(2025, 12, 31)}, prefix="filter"),
        "movements": _movements(),
        "members": _members(),
        "page": Paginator(range(235), 50).page(2),
        "steps": [(_("Shares"), "#steps"), _("About you"), _("Check")],
        "tabs": [
            {"label": _("Complete"), "url": "#tabs", "current": True, "count": 4},
            {"label": _("Incomplete"), "url": "#tabs", "count": 1},
            {"label": _("Refused"), "url": "#tabs", "count": 0},
        ],
        "chart": _chart(lang),
    }


def _shell() -> dict[str, Any]:
    nav = [_("Today"), _("Register"), _("Requests for membership"), _("General meetings"), _("Settings")]
    return {
        "coop_name": "Wolkenwerf",
        "coop_url": "#",
        "nav": [{"label": label, "url": "#", "current": position == 1} for position, label in enumerate(nav)],
        "account": {"label": "Samira Benali", "url": "#"},
        "foot": ["Wolkenwerf cv, Werkhuizenkaai 41, 1000 Brussel. 0799.000.041."],
        "foot_links": [(_("Privacy"), "#"), (_("Accessibility"), "#")],
    }


_PAGE = {
    "title": gettext_lazy("Withdraw the request"),
    "text": gettext_lazy("Check the address for a typing mistake. The page may also have been moved or taken away."),
    "reason": gettext_lazy("The decision has no date yet. Write down when the board decided."),
    "act": gettext_lazy("To the start page"),
    "look": "",
    "url": "#",
    "back": "#",
}
SPECIMENS = ("poster", "form", "question", "error")
"""The base templates, each filled once."""


@public("invented text, to look at how pages are framed")
@require_GET
def specimen(request: HttpRequest, name: str) -> HttpResponse:
    """Show one of the base templates, filled; 404 for any other name."""
    if name not in SPECIMENS:
        raise Http404
    lang = formats.language(translation.get_language())
    context = {**_shell(), **_sample(lang), **_PAGE}
    return render(request, f"ui/gallery/pages/{name}.html", context)


@public("shows invented people only, and lets everybody check how we draw")
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; `theme`, `hue` and `lang` in the address choose how."""
    theme = request.GET.get("theme", "")
    asked_hue = request.GET.get("hue", "")
    hue = int(asked_hue) % 360 if asked_hue.isdecimal() and len(asked_hue) < 4 else None
    asked_lang = request.GET.get("lang", "")
    lang = asked_lang if asked_lang in formats.LANGUAGES else formats.language(translation.get_language())
    with translation.override(lang):
        sample = _sample(lang)
        examples = []
        for name, title in TITLES.items():
            template = get_template(f"ui/gallery/{name}.html")
            source = template.template.source  # type: ignore[attr-defined]  # Django's own backend has it
            examples.append(Example(name, str(title), SafeString(template.render(sample, request)), source.strip()))
        context = {
            **_shell(),
            "examples": examples,
            "ui_theme": theme,
            "coop_hue": hue,
            "switches": _Switches(initial={"theme": theme, "hue": 184 if hue is None else hue, "lang": lang}),
        }
        response = render(request, "ui/gallery/index.html", context)
    response["Content-Language"] = lang
    return response
