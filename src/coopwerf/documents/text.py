"""User text made safe for a PDF: one missing glyph would refuse the whole paper."""

import functools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parent / "fonts"

# A word longer than this gets places where it may be broken, so that it stays inside its column.
LONGEST_WORD = 28
BREAK_EVERY = 14
ZERO_WIDTH_SPACE = "\u200b"

_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


@functools.cache
def coverage() -> tuple[frozenset[int], ...]:
    """Return, per shipped font family, the code points that it can write."""
    families = json.loads((FONTS / "coverage.json").read_text())
    return tuple(
        frozenset(point for first, last in ranges for point in range(first, last + 1)) for ranges in families.values()
    )


def clean_text(text: str) -> str:
    """Return user text that our fonts can write whole, in the normal form NFC.

    Control and invisible formatting characters go (line breaks and tabs stay): a name can't turn the
    reading direction of the line after it. What no font has becomes a visible stand-in such as `[U+1F33B]`.
    Words beyond 28 characters may be broken.
    """
    kept: list[str] = []
    for cluster in _clusters(unicodedata.normalize("NFC", text)):
        kept.append(_written(cluster))
    return _LONG_WORD.sub(_breakable, "".join(kept))


def clean(value: Any) -> Any:
    """Return data for a template with every text in it made safe; raises TypeError for floats and unknown types."""
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): clean(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [clean(item) for item in value]
    raise TypeError(f"a paper takes text, whole numbers, lists and mappings, not {type(value).__name__}")


def _clusters(text: str) -> list[str]:
    """Split a text in characters with the marks that stand on them."""
    clusters: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if character in "\n\t":
            clusters.append(character)
        elif category in ("Zl", "Zp"):
            clusters.append("\n")
        elif category in ("Cc", "Cf") or _is_selector(character):
            continue
        elif category.startswith("M") and clusters and clusters[-1] not in "\n\t":
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _is_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF or character == "\u034f"


def _written(cluster: str) -> str:
    if cluster in ("\n", "\t", " "):
        return cluster
    points = {ord(character) for character in cluster}
    if unicodedata.category(cluster[0]).startswith("M"):
        # A mark that stands on nothing.
        return "".join(_stand_in(character) for character in cluster)
    if any(points <= covered for covered in coverage()):
        return cluster
    if any(ord(cluster[0]) in covered for covered in coverage()):
        return cluster[0] + "".join(_stand_in(character) for character in cluster[1:])
    return "".join(_stand_in(character) for character in cluster)


def _stand_in(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _breakable(word: re.Match[str]) -> str:
    clusters = _clusters(word.group())
    pieces = ["".join(clusters[start : start + BREAK_EVERY]) for start in range(0, len(clusters), BREAK_EVERY)]
    return ZERO_WIDTH_SPACE.join(pieces)
