"""The paper to draw on: shapes in exact pixels, texts, and what every drawing asks about a count."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any, Final

from ..results import Count
from ..sheet import width as columns
from ..words import number, sentence

Pixels = Fraction | int

FONT: Final = "'Atkinson Hyperlegible Next', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
TEXT: Final = 14
SMALL: Final = 12
LONGEST_NAME: Final = 26

SOLID: Final = "0.92"
HALF: Final = "0.42"
MOVING: Final = "0.34"
FAINT: Final = "0.2"
FAINTEST: Final = "0.11"
LINE: Final = "0.35"
BEATS: Final = "0.28"


def px(value: Pixels) -> str:
    """Write pixels with one decimal at most."""
    tenths = round(value * 10)
    sign, tenths = ("-", -tenths) if tenths < 0 else ("", tenths)
    return f"{sign}{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{sign}{tenths // 10}"


def room(line: str, size: int = TEXT) -> Fraction:
    """Estimate how wide a text is: no font is at hand, so generously."""
    return Fraction(columns(line) * size * 56, 100)


class Paper:
    """Collects shapes. Its size is set by whoever draws."""

    def __init__(self, count: Count, language: str, ident: str) -> None:
        self.count = count
        self.language = language
        self.ident = ident
        self.width: Pixels = 0
        self.height: Pixels = 0
        self.shapes: list[str] = []
        self.elected_in = {one: stage.number for stage in count.stages for one in stage.elected}
        self.excluded_in = {one: stage.number for stage in count.stages for one in stage.excluded}
        self.order = self._order()

    def _order(self) -> tuple[int, ...]:
        """Put the elected first, in order; then whoever lasted longest and had most votes, then by name."""
        count = self.count
        last = len(count.stages) + 1
        names = count.candidates
        standing = [one for one in range(1, len(names) + 1) if one not in count.withdrawn]
        rest = [one for one in standing if one not in self.elected_in]

        def key(one: int) -> tuple[int, list[Decimal], str]:
            history = [-stage.votes.get(one, Decimal(0)) for stage in reversed(count.stages)]
            return -self.excluded_in.get(one, last), history, names[one - 1]

        return (*count.elected, *sorted(rest, key=key))

    def say(self, code: str, **facts: Any) -> str:
        """Say a code in the picture's language."""
        return sentence(code, facts, self.language, self.count.candidates)

    def name(self, one: int) -> str:
        """Give a candidate's name."""
        return self.count.candidates[one - 1]

    def names_of(self, several: Iterable[int]) -> list[str]:
        """Give candidates' names."""
        return [self.name(one) for one in several]

    def short(self, one: int) -> str:
        """Give a candidate's name, cut where it is too long for a label."""
        name = self.name(one)
        if columns(name) <= LONGEST_NAME:
            return name
        while columns(name) > LONGEST_NAME - 1:
            name = name[:-1]
        return f"{name.rstrip()}…"

    def labels_room(self) -> Fraction:
        """Give the room that the names beside the drawing take."""
        return max([room(self.short(one)) for one in self.order], default=Fraction(0)) + 18

    def outcome(self, one: int) -> str:
        """Say what became of a candidate."""
        if one in self.elected_in:
            several = len(self.count.stages) > 1
            return self.say("picture_elected_in" if several else "picture_elected", stage=self.elected_in[one])
        if one in self.excluded_in:
            return self.say("picture_excluded_in", stage=self.excluded_in[one])
        if one in self.count.tables.get("through", ()):
            return self.say("picture_through")
        return self.say("picture_not_elected")

    def figure(self, votes: Decimal) -> str:
        """Write votes for a label: rounded to one decimal; the table has them exactly."""
        rounded = votes.quantize(Decimal("0.1"))
        if rounded == rounded.to_integral_value():
            rounded = rounded.quantize(Decimal(1))
        return number(format(rounded, "f"), self.language)

    def add(self, shape: str) -> None:
        """Put a shape on the paper."""
        self.shapes.append(shape)

    def path(self, kind: str, steps: str, opacity: str, title: str = "") -> None:
        """Put a filled shape on the paper."""
        if steps:
            told = f"<title>{escape(title)}</title></path>" if title else "</path>"
            self.add(f'<path class="count__{kind}" fill-opacity="{opacity}" d="{steps}">{told}')

    def line(self, steps: str, *, width: str = "1", opacity: str = LINE, dashes: str = "") -> None:
        """Put a line on the paper."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.add(
            f'<path class="count__line" fill="none" stroke="currentColor" stroke-width="{width}"'
            f' stroke-opacity="{opacity}"{dashed} d="{steps}"/>'
        )

    def write(
        self,
        x: Pixels,
        y: Pixels,
        told: str,
        *,
        anchor: str = "start",
        size: int = TEXT,
        strong: bool = False,
        soft: bool = False,
    ) -> None:
        """Put a text on the paper; `anchor` says which end stands at x."""
        more = ' font-weight="700"' if strong else ""
        more += ' fill-opacity="0.66"' if soft else ""
        more += "" if anchor == "start" else f' text-anchor="{anchor}"'
        more += "" if size == TEXT else f' font-size="{size}"'
        self.add(f'<text x="{px(x)}" y="{px(y)}"{more}>{escape(told)}</text>')

    def tick(self, x: Pixels, y: Pixels) -> None:
        """Draw the mark of somebody elected, its middle at x, its foot at y."""
        self.line(f"M{px(x - 5)} {px(y - 5)}l4 4l7 -8", width="2.2", opacity="1")

    def cross(self, x: Pixels, y: Pixels) -> None:
        """Draw the mark of somebody excluded."""
        self.line(f"M{px(x - 4)} {px(y - 4)}l8 8m0 -8l-8 8", width="1.6", opacity="0.8")

    def hatched(self, steps: str) -> None:
        """Put a shape on the paper that stands for nobody."""
        if steps:
            self.add(f'<path class="count__nobody" fill="url(#{self.ident}-hatching)" d="{steps}"/>')

    def legend(self, x: Pixels, y: Pixels, items: Sequence[tuple[str, str]], most: Pixels) -> Pixels:
        """Explain the shapes, in as many lines as they need; give the y below."""
        at = Fraction(x)
        for kind, told in items:
            wide = 26 + room(told, SMALL) + 20
            if at > x and at + wide > most:
                at, y = Fraction(x), y + 20
            box = f"M{px(at)} {px(y - 10)}h18v11h-18z"
            if kind == "quota":
                self.line(f"M{px(at)} {px(y - 4)}h18", opacity="0.9", dashes="3 3")
            elif kind == "nobody":
                self.hatched(box)
            elif kind == "tick":
                self.tick(at + 9, y)
            elif kind == "cross":
                self.cross(at + 9, y - 4)
            elif kind == "moving":
                ribbon = f"M{px(at)} {px(y - 11)}c9 0 9 8 18 8v4c-9 0 -9 -8 -18 -8z"
                self.path(kind, ribbon, MOVING)
            else:
                self.path(kind, box, {"elected": SOLID, "continuing": HALF, "beats": BEATS}[kind])
            self.write(at + 26, y, told, size=SMALL)
            at += wide
        return y + 14

    def svg(self, title: str, description: str) -> str:
        """Give the whole drawing as one element."""
        size = f'width="{px(self.width)}" height="{px(self.height)}" viewBox="0 0 {px(self.width)} {px(self.height)}"'
        named = f"{self.ident}-title {self.ident}-description"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="count-picture" {size} role="img" aria-labelledby="{named}"'
            f' fill="currentColor" font-family="{FONT}" font-size="{TEXT}">'
            f'<title id="{self.ident}-title">{escape(title)}</title>'
            f'<desc id="{self.ident}-description">{escape(description)}</desc>'
            f'<defs><pattern id="{self.ident}-hatching" width="5" height="5" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><rect width="1.6" height="5" fill="currentColor" fill-opacity="0.6"/>'
            f"</pattern></defs>{''.join(self.shapes)}</svg>"
        )
