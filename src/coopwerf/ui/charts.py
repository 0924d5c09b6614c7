"""Draw Vega-Lite charts as SVG on the server: inline, without script, in the colours of the page.

A chart is drawn with stand-in colours, one for each role. For a page they are replaced by our CSS variables:
one drawing is right in light, dark and forced colours and every hue. For paper they stay as they are.
"""

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from coopwerf.ui import fonts, formats

FONT = "Atkinson Hyperlegible Next"
FONT_HEAD = "Bricolage Grotesque"

ROLES = {
    "ink": ("#0e2a2e", "var(--ink)"),
    "ink-soft": ("#465c5d", "var(--ink-soft)"),
    "line": ("#d6cebe", "var(--line)"),
    "line-strong": ("#768380", "var(--line-strong)"),
    "brand": ("#135258", "var(--brand-shape)"),
    "brand-soft": ("#d7e4e5", "var(--brand-soft)"),
    "accent": ("#d9560f", "var(--accent)"),
    "surface": ("#fffdf8", "var(--surface)"),
}
"""The colours a specification may name, as `{"value": ROLE["brand"]}`: on paper, and on a page."""

ROLE = {name: paper for name, (paper, _page) in ROLES.items()}

WIDE, NARROW = 560, 320
HEIGHT = {WIDE: 220, NARROW: 190}

_NUMBERS = {
    "nl": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""]},
    "fr": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Hold a picture of numbers with what it says and the numbers themselves.

    `spec` is a Vega-Lite specification with its data inline and without width, height or config; `says` is the
    sentence for those who don't see it; `columns` and `rows` are the table behind it (cells ready to show).
    """

    spec: Mapping[str, Any]
    says: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that makes a chart ours."""
    text = {"font": FONT, "fontSize": 14, "color": ROLE["ink-soft"]}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelFont": FONT,
            "titleFont": FONT,
            "labelFontSize": 14,
            "titleFontSize": 14,
            "titleFontWeight": "normal",
            "labelColor": ROLE["ink-soft"],
            "titleColor": ROLE["ink-soft"],
            "gridColor": ROLE["line"],
            "domainColor": ROLE["ink"],
            "tickColor": ROLE["ink"],
            "labelPadding": 6,
        },
        "axisY": {"domain": False, "ticks": False, "tickCount": 4},
        "axisX": {"grid": False},
        "legend": {
            "orient": "bottom",
            "labelFont": FONT,
            "labelFontSize": 14,
            "labelColor": ROLE["ink"],
            "title": None,
            "symbolType": "square",
        },
        "text": text,
        "line": {"color": ROLE["brand"], "strokeWidth": 2.5},
        "area": {"color": ROLE["brand-soft"], "opacity": 1, "line": {"color": ROLE["brand"], "strokeWidth": 2.5}},
        "bar": {"color": ROLE["brand"]},
        "rule": {"color": ROLE["ink"]},
        "point": {"color": ROLE["brand"], "filled": True, "opacity": 1, "size": 60},
        "range": {"category": [ROLE["brand"], ROLE["line-strong"], ROLE["accent"], ROLE["ink"]]},
    }


def time_locale(lang: str) -> dict[str, Any]:
    """Return month and day names of a language in the shape that Vega wants."""
    lang = formats.language(lang)
    months, days = formats.month_names(lang), formats.day_names(lang)
    sunday_first = [days[-1], *days[:-1]]
    return {
        "dateTime": "%d-%m-%Y %H:%M",
        "date": "%d-%m-%Y",
        "time": "%H:%M",
        "periods": ["", ""],
        "days": sunday_first,
        "shortDays": [day[:3] for day in sunday_first],
        "months": months,
        "shortMonths": [name if len(name) < 5 else name[:3] for name in months],
    }


@cache
def _engine() -> Any:
    """Start the drawing engine with our fonts to measure words; half a second and 85 MB, so only at the first chart."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts.FOLDER))
    return vl_convert


@lru_cache(maxsize=256)
def _draw(key: str, lang: str, paper: bool) -> str:
    drawn = _engine().vegalite_to_svg(
        json.loads(key),
        vl_version="6.4",
        format_locale=_NUMBERS[lang],
        time_format_locale=time_locale(lang),
        allowed_base_urls=[],
    )
    # ids come from a counter of the process: two charts on one page would share them
    stem = "v" + hashlib.sha256(f"{lang}{key}".encode()).hexdigest()[:10]
    found = sorted(set(re.findall(r'\bid="([^"]+)"', drawn)), key=len, reverse=True)
    for position, name in enumerate(found):
        drawn = re.sub(rf'(id="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\g<1>{stem}-{position}", drawn)
    if not paper:
        for real, variable in ROLES.values():
            drawn = drawn.replace(f'"{real}"', f'"{variable}"')
    return re.sub(r' xmlns(:xlink)?="[^"]*"| version="1\.1"', "", drawn)


def render_svg(spec: Mapping[str, Any], lang: str, *, width: int = NARROW, height: int = 0, paper: bool = False) -> str:
    """Draw a specification as SVG, the same bytes for the same numbers.

    `width` in CSS pixels is the drawing without its axes; `height` 0 takes ours for that width; `paper` gives real
    colours (for a document) instead of the page's variables, and keeps the namespaces out either way.
    """
    whole: dict[str, Any] = copy.deepcopy(dict(spec))
    whole.setdefault("$schema", "https://vega.github.io/schema/vega-lite/v6.json")
    whole["width"], whole["config"] = width, config()
    whole.setdefault("height", height or HEIGHT.get(width, 200))
    whole["autosize"] = {"type": "fit-x", "contains": "padding"}
    return _draw(json.dumps(whole, sort_keys=True, default=str), formats.language(lang), paper)
