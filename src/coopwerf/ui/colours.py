"""A co-operative's hue as colours for paper and mail, which know no style sheet variables."""

import colorsys
import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Palette:
    """The three colours made of one hue, as `#rrggbb`; text in `brand` on white keeps at least 7:1."""

    brand: str
    strong: str
    soft: str


def palette(hue: int) -> Palette:
    """Return the colours of a hue (0 to 359 degrees), the same that the pages compute in light mode."""
    return Palette(brand=_hex(hue, 64, 21), strong=_hex(hue, 66, 14), soft=_hex(hue, 20, 91))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _hex(hue: int, saturation: int, lightness: int) -> str:
    parts = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
