"""Pictures: a code to scan, charts with their table."""

from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from coopwerf.ui import charts

from .basics import classes, current_language

register = template.Library()


@register.simple_tag
def qr(data: str, says: str, look: str = "") -> SafeString:
    """Draw a QR code with `data`, black on white in every mode; `says` tells where it leads. `look`: `small`."""
    # In UTF-8, as codes for transfers say of themselves: banking programs would misread an accent else.
    drawn = segno.make(data, error="m", encoding="utf-8").svg_inline(
        svgclass=None, lineclass=None, omitsize=True, border=4, light="#fff", dark="#000"
    )
    labelled = drawn.replace("<svg", f'<svg role="img" aria-label="{format_html("{}", says)}"', 1)
    return format_html('<span class="{}">{}</span>', classes("qr", look), mark_safe(labelled))  # noqa: S308


@register.inclusion_tag("ui/parts/chart.html")
def chart(drawn: charts.Chart) -> dict[str, Any]:
    """Draw a chart, narrow for a phone and wide for a desk, with its numbers as a table behind it."""
    lang = current_language()
    return {
        "chart": drawn,
        "narrow": mark_safe(charts.render_svg(drawn.spec, lang, width=charts.NARROW)),  # noqa: S308  # Vega escapes
        "wide": mark_safe(charts.render_svg(drawn.spec, lang, width=charts.WIDE)),  # noqa: S308
    }
