"""Every co-operative may choose its hue; whatever it is, everybody can read its pages, by day and by night."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "src" / "coopwerf" / "ui" / "static" / "ui" / "tokens.css"

GROUNDS = ("paper", "surface", "sunk")
SOFT = ("brand-soft", "good-soft", "attention-soft", "danger-soft")
TEXT = [
    *(("ink", ground) for ground in (*GROUNDS, *SOFT, "accent-soft")),
    *(("ink-soft", ground) for ground in (*GROUNDS, "brand-soft")),
    *(("brand", ground) for ground in (*GROUNDS, *SOFT)),
    *(("brand-strong", ground) for ground in GROUNDS),
    *((state, ground) for state in ("good", "attention", "danger") for ground in ("paper", "surface", f"{state}-soft")),
    *(("accent-ink", ground) for ground in ("paper", "surface", "accent-soft")),
    ("brand-ink", "brand"),
    ("brand-ink", "brand-strong"),
    ("paper", "ink"),
]
SHAPES = [
    *(
        (shape, ground)
        for shape in ("line-strong", "accent", "brand-shape", "focus")
        for ground in ("paper", "surface")
    ),
    *(("brand-shape", ground) for ground in GROUNDS),
]


def declarations(block: str) -> dict[str, str]:
    """Return the custom properties of a rule."""
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", block))


def modes() -> dict[str, dict[str, str]]:
    """Read the tokens by day, by night as the device asks, and by night as the page was asked for."""
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(), flags=re.S)
    day = declarations(re.search(r"\n:root \{(.*?)\n\}", css, re.S)[1])
    device = re.search(r"prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme=\"light\"\]\) \{(.*?)\}", css, re.S)
    asked = re.search(r":root\[data-theme=\"dark\"\] \{(.*?)\}", css, re.S)
    return {"day": day, "night": {**day, **declarations(device[1])}, "asked": {**day, **declarations(asked[1])}}


def channels(value: str, hue: int) -> tuple[float, float, float]:
    """Return red, green and blue (0 to 1) of a hex colour or of our hsl() with the co-operative's hue."""
    if value.startswith("#"):
        return tuple(int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    saturation, lightness = (int(part) / 100 for part in re.findall(r"(\d+)%", value))
    chroma = saturation * min(lightness, 1 - lightness)

    def one(offset: int) -> float:
        k = (offset + hue / 30) % 12
        return lightness - chroma * max(-1, min(k - 3, 9 - k, 1))

    return one(0), one(8), one(4)


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of WCAG 2.2."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: tuple[float, float, float], ground: tuple[float, float, float]) -> float:
    """Return the contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(front), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def failures(tokens: dict[str, str], pairs: list[tuple[str, str]], least: float) -> Iterator[str]:
    """Yield each pair that somebody couldn't tell apart, with its worst hue."""
    for front, ground in pairs:
        ratio, hue = min(
            (contrast(channels(tokens[front], hue), channels(tokens[ground], hue)), hue) for hue in range(360)
        )
        if ratio < least:
            yield f"{front} on {ground}: {ratio:.2f} at hue {hue}"


@pytest.mark.parametrize("mode", ["day", "night"])
def test_words_can_be_read_in_every_hue(mode: str) -> None:
    """4.5 to 1 for everything that is read."""
    assert list(failures(modes()[mode], TEXT, 4.5)) == []


@pytest.mark.parametrize("mode", ["day", "night"])
def test_shapes_and_edges_can_be_told_apart_in_every_hue(mode: str) -> None:
    """3 to 1 for edges of fields, drawings and the focus ring."""
    assert list(failures(modes()[mode], SHAPES, 3.0)) == []


@pytest.mark.parametrize("mode", ["day", "night"])
def test_running_text_stands_well_clear(mode: str) -> None:
    """Ink on our grounds keeps what the visual direction promises."""
    assert list(failures(modes()[mode], [("ink", ground) for ground in GROUNDS], 11.9)) == []


def test_night_is_the_same_whether_the_device_or_the_page_asks() -> None:
    """The two blocks of the stylesheet don't drift apart."""
    assert modes()["night"] == modes()["asked"]


def test_the_measure_knows_black_from_white() -> None:
    """The ruler itself: known ratios."""
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(channels("#767676", 0), (1, 1, 1)) == pytest.approx(4.54, abs=0.01)
    assert channels("hsl(var(--brand-h), 100%, 50%)", 120) == pytest.approx((0, 1, 0))
