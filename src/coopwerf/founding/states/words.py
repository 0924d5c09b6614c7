"""Which of several languages a reader gets."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def spoken(texts: Mapping[str, T], wanted: Iterable[str]) -> tuple[str, T | None]:
    """Return in which language to read something, and what it says: the first wanted one, else the one there is."""
    for code in (*(one[:2] for one in wanted), *texts):
        if texts.get(code):
            return code, texts[code]
    return "", None
