"""What changed between two versions of a text: which words went and which came."""

import dataclasses
import difflib
import functools
import re
from collections.abc import Iterator, Sequence

from coopwerf.ui import markdown

from ..states import SECTION_NAMES, Words

# A word with the spaces behind it: spaces of their own would be like each other everywhere, and take seconds to match.
_PIECES = re.compile(r"\n+|[^\s]+[^\S\n]*|[^\S\n]+")
MOST_PIECES = 8000
NAMES = ("title", "lead", "caption", *SECTION_NAMES)


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: `same`, `gone` or `new`."""

    kind: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A part of a report that changed, and how."""

    code: str
    runs: Sequence[Run]


@functools.lru_cache(maxsize=64)
def changes(before: Words, after: Words) -> tuple[Change, ...]:
    """Return every part that changed, in the order in which a report is read; kept by what they say."""
    return tuple(
        Change(code, tuple(runs(getattr(before, code), getattr(after, code))))
        for code in NAMES
        if getattr(before, code) != getattr(after, code)
    )


@functools.lru_cache(maxsize=64)
def changes_as_read(before: Words, after: Words) -> tuple[Change, ...]:
    """Return every part that changed as its readers see it: without marks, but where only the marks changed."""
    found = []
    for one in changes(before, after):
        old, new = (markdown.plain(getattr(words, one.code)) for words in (before, after))
        is_prose = one.code in SECTION_NAMES and old != new
        found.append(Change(one.code, tuple(runs(old, new))) if is_prose else one)
    return tuple(found)


def runs(before: str, after: str) -> Iterator[Run]:
    """Yield what stayed, went and came, word by word; of very long texts line by line."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if len(old) + len(new) > MOST_PIECES:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    # Words that stand everywhere don't lead to others: a text of one word a thousand times would take minutes.
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if tag == "equal":
            yield Run("same", "".join(old[i:j]))
            continue
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        # The space behind both is neither gone nor new.
        stays = min(len(gone) - len(gone.rstrip(" ")), len(came) - len(came.rstrip(" ")))
        if gone:
            yield Run("gone", gone[: len(gone) - stays])
        if came:
            yield Run("new", came[: len(came) - stays])
        if stays:
            yield Run("same", " " * stays)
