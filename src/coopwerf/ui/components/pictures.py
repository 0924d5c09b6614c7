"""Pictures: a code to scan, charts with their table, the building that goes up as the money comes in."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from coopwerf.ui import charts, formats

from .basics import classes, current_language

register = template.Library()


@register.simple_tag
def qr(data: str, says: str, look: str = "") -> SafeString:
    """Draw a QR code with `data`, black on white in every mode; `says` tells where it leads. `look`: `small`."""
    drawn = segno.make(data, error="m").svg_inline(
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


GROUND, TOP = 398, 86
"""Where the building stands and where the goal is, in the units of the drawing."""


def _height(part: Decimal) -> Decimal:
    return (GROUND - part * (GROUND - TOP)).quantize(Decimal("0.1"))


def _building(share: Decimal) -> str:
    """Draw what is built (share of the goal, 0 to 1) and the scaffolding around what isn't."""
    roof = _height(share)
    shapes = []
    if share > 0:
        shapes.append(f'<path class="built" d="M30 {GROUND}V{roof}h152V{GROUND}z"/>')
    panes = []
    if roof < 352:
        panes.append("M43 360h24v25h-24z M77 398v-34h26v34z M111 362h58v21h-58z")
    for top in (308, 256, 204, 152, 100):
        if roof < top - 8:
            panes.extend(f"M{left} {top}h24v25h-24z" for left in (43, 77, 111, 145))
    if panes:
        shapes.append(f'<path class="pane" d="{" ".join(panes)}"/>')
    if share < 1:
        deck = next((level for level in (138, 190, 242, 294, 346) if level > roof - 30), GROUND)
        levels = [86, *[level for level in (138, 190, 242, 294, 346) if level < roof - 12]]
        tubes = [f"M16 {GROUND}V64", f"M196 {GROUND}V64", f"M80 {roof}V72", f"M132 {roof}V72"]
        tubes += [f"M6 {level}H206" for level in levels]
        tubes += [f"M8 {level}h16M188 {level}h16" for level in (138, 190, 242, 294, 346) if level >= deck]
        shapes.append(f'<path class="tube" d="{"".join(tubes)}"/>')
        if len(levels) > 1:
            braces = "".join(f"M16 {low}L80 {high}M132 {high}L196 {low}" for high, low in pairwise(levels))
            shapes.append(f'<path class="brace" d="{braces}"/>')
        shapes.append(
            "".join(f'<circle class="knot" cx="{x}" cy="{y}" r="3.4"/>' for y in levels for x in (16, 80, 132, 196))
        )
    return "".join(shapes)


@register.simple_tag
def thermometer(
    raised: Decimal,
    goal: Decimal,
    *,
    minimum: Decimal | None = None,
    goal_note: str = "",
    raised_note: str = "",
    minimum_note: str = "",
) -> SafeString:
    """Show the money that came in as a building that goes up, with the goal in the scaffolding above it.

    Amounts in euro; a note under each says what it stands for. The same numbers follow as a list, folded.
    """
    lang = current_language()
    share = max(Decimal(0), min(Decimal(1), raised / goal)) if goal > 0 else Decimal(1)

    def whole(amount: Decimal) -> str:
        return formats.money(amount, lang, places=0 if amount == amount.to_integral_value() else 2)

    rows: list[tuple[str, Decimal, str, Decimal, str]] = [
        (_("Goal"), goal, goal_note, Decimal(TOP), "figure--s"),
        (_("So far"), raised, raised_note, _height(share), "figure"),
    ]
    if minimum is not None and goal > 0:
        rows.append((_("Minimum"), minimum, minimum_note, _height(min(Decimal(1), minimum / goal)), "figure--s"))
    texts: list[SafeString] = []
    taken: list[Decimal] = []
    for label, amount, note, height, css in sorted(rows, key=lambda row: (row[4] != "figure", row[3])):
        place = height
        while any(abs(place - other) < 46 for other in taken):
            place += 2
        taken.append(place)
        texts.append(
            format_html(
                '<path class="rule" d="M206 {0}L214 {1}"/><text x="222" y="{2}" class="{3}">{4}</text>'
                '<text x="222" y="{5}" class="soft">{6}</text>',
                height,
                place,
                place + 6,
                css,
                whole(amount),
                place + 26,
                note or label,
            )
        )
    says = _("%(raised)s of %(goal)s has come in.") % {"raised": whole(raised), "goal": whole(goal)}
    return format_html(
        '<figure class="thermo"><svg class="draw" viewBox="0 54 384 346" role="img" aria-label="{}">{}{}'
        '<path class="ground" d="M0 399H220"/></svg>'
        '<details><summary>{}</summary><dl class="ledger ledger--tight">{}</dl></details></figure>',
        says,
        mark_safe(_building(share)),  # noqa: S308  # numbers only
        SafeString("".join(texts)),
        _("The numbers"),
        SafeString(
            "".join(
                format_html('<div><dt>{}</dt><dd><span class="money">{}</span></dd></div>', label, whole(amount))
                for label, amount, _note, _height_, _css in rows
            )
        ),
    )
