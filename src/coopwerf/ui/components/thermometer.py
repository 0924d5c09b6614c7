"""The capital thermometer: a building that goes up as the money comes in, in the scaffolding of what is to come."""

import textwrap
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from coopwerf.ui import formats

from .basics import current_language

register = template.Library()

GROUND, TOP = 398, 86
"""Where the building stands and where the goal is, in the units of the drawing."""
LEVELS = (138, 190, 242, 294, 346)
COLUMNS = (16, 80, 132, 196)
NOTE_WIDTH, LINE = 24, 18
"""A note has some 24 characters in a line, so that it stays in the drawing at 14 units a letter."""


@dataclass(frozen=True)
class Level:
    """Hold one amount on the scale: its name, what it stands for, and how large it is written."""

    label: str
    amount: Decimal
    note: str
    share: Decimal
    css: str

    @property
    def height(self) -> Decimal:
        """Return how high the level stands in the drawing."""
        return (GROUND - self.share * (GROUND - TOP)).quantize(Decimal("0.1"))

    @property
    def lines(self) -> list[str]:
        """Break the note (or the name) into at most three lines."""
        return textwrap.wrap(self.note or self.label, NOTE_WIDTH, max_lines=3, placeholder="…")

    @property
    def room(self) -> int:
        """Return how much room the words need."""
        return 30 + LINE * len(self.lines)


def _built(roof: Decimal) -> str:
    """Draw the walls up to the roof, with the windows that fit below it."""
    if roof >= GROUND:
        return ""
    panes = ["M43 360h24v25h-24z M77 398v-34h26v34z M111 362h58v21h-58z"] if roof < 352 else []
    for top in (308, 256, 204, 152, 100):
        if roof < top - 8:
            panes.extend(f"M{left} {top}h24v25h-24z" for left in (43, 77, 111, 145))
    windows = f'<path class="pane" d="{" ".join(panes)}"/>' if panes else ""
    return f'<path class="built" d="M30 {GROUND}V{roof}h152V{GROUND}z"/>{windows}'


def _scaffolding(roof: Decimal) -> str:
    """Draw the tubes beside and above what stands: decks above the roof, short ties where it is built already."""
    decks = [TOP, *(level for level in LEVELS if level < roof - 12)]
    ties = [level for level in LEVELS if level not in decks and level > roof + 8]
    tubes = [f"M16 {GROUND}V64M196 {GROUND}V64M80 {roof}V72M132 {roof}V72"]
    tubes += [f"M6 {deck}H206" for deck in decks]
    tubes += [f"M8 {tie}h16M188 {tie}h16" for tie in ties]
    braces = "".join(f"M16 {low}L80 {high}M132 {high}L196 {low}" for high, low in pairwise(decks))
    knots = "".join(f'<circle class="knot" cx="{x}" cy="{deck}" r="3.4"/>' for deck in decks for x in COLUMNS)
    return f'<path class="tube" d="{"".join(tubes)}"/><path class="brace" d="{braces}"/>{knots}'


def _places(levels: list[Level]) -> list[Decimal]:
    """Set the words of each level at its height, or as near as the words of the others allow; top first."""
    places: list[Decimal] = []
    floor = Decimal(TOP)
    for level in levels:
        places.append(max(level.height, floor))
        floor = places[-1] + level.room
    ceiling = Decimal(GROUND - 2)
    for position in reversed(range(len(levels))):
        places[position] = min(places[position], ceiling - levels[position].room)
        ceiling = places[position]
    return places


@register.simple_tag
def thermometer(
    raised: Decimal | None,
    goal: Decimal,
    *,
    minimum: Decimal | None = None,
    goal_note: str = "",
    raised_note: str = "",
    minimum_note: str = "",
) -> SafeString:
    """Show the money that came in as a building that goes up, with the goal in the scaffolding above it.

    Amounts in euro; a note under each says what it stands for. The same numbers follow as a list, folded. Without
    `raised` nothing is built yet, and nothing is said of how much came in.
    """
    lang = current_language()

    def share(amount: Decimal) -> Decimal:
        return max(Decimal(0), min(Decimal(1), amount / goal)) if goal > 0 else Decimal(1)

    def words(amount: Decimal) -> str:
        return formats.money(amount, lang, places=0 if amount == amount.to_integral_value() else 2)

    levels = [Level(_("Goal"), goal, goal_note, share(goal), "figure--s")]
    if raised is not None:
        levels.append(Level(_("So far"), raised, raised_note, share(raised), "figure"))
    if minimum is not None:
        levels.append(Level(_("Minimum"), minimum, minimum_note, share(minimum), "figure--s"))
    levels.sort(key=lambda level: -level.amount)
    captions = []
    for level, place in zip(levels, _places(levels), strict=True):
        lines = format_html_join(
            "",
            '<tspan x="222" dy="{}">{}</tspan>',
            ((20 if at == 0 else LINE, line) for at, line in enumerate(level.lines)),
        )
        captions.append(
            format_html(
                '<path class="rule" d="M206 {0}L216 {1}"/><text x="222" y="{2}" class="{3}">{4}</text>'
                '<text y="{2}" class="soft">{5}</text>',
                level.height,
                place,
                place + 6,
                level.css,
                words(level.amount),
                lines,
            )
        )
    so_far = next((level for level in levels if level.css == "figure"), None)
    built = share(raised) if raised is not None else Decimal(0)
    roof = min(so_far.height, Decimal(GROUND - 3)) if so_far is not None and built > 0 else Decimal(GROUND)
    drawn = _built(roof) + (_scaffolding(roof) if built < 1 else "")
    says = _("What is to be brought together: %(goal)s.") % {"goal": words(goal)}
    if raised is not None:
        says = _("%(raised)s of %(goal)s has come in.") % {"raised": words(raised), "goal": words(goal)}
    return format_html(
        '<figure class="thermo"><svg class="draw" viewBox="0 54 384 346" role="img" aria-label="{}">{}{}'
        '<path class="ground" d="M0 399H212"/></svg>'
        '<details><summary>{}</summary><dl class="ledger ledger--tight">{}</dl></details></figure>',
        says,
        mark_safe(drawn),  # noqa: S308  # numbers only
        SafeString("".join(captions)),
        _("The numbers"),
        format_html_join(
            "",
            '<div><dt>{}</dt><dd><span class="money">{}</span></dd></div>',
            ((level.label, words(level.amount)) for level in levels),
        ),
    )
