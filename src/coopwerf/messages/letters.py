"""Which letters there are: each declared by the package that has something to say, as typed facts and blocks.

From the same blocks come the plain text, the HTML and the letter on paper, so that they can't say different things.
"""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.functional import Promise

from coopwerf.documents.papers import Bullets, FactRows, Link, Paragraph
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

Block = Paragraph | FactRows | Bullets | Link
F = TypeVar("F")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """What a letter says, from below the salutation to above the greeting, in one language."""

    subject: str
    blocks: tuple[Block, ...]


def quoted(text: str) -> tuple[Paragraph, ...]:
    """Return what somebody wrote as the paragraphs of a letter: an empty line begins one."""
    return tuple(Paragraph(part.strip()) for part in text.split("\n\n") if part.strip())


MaySend = Callable[[Actor, uuid.UUID, dt.date], Verdict]


def only_system(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Let the installation itself send a letter, and nobody else."""
    return allow() if actor.is_system else refuse("messages.not_for_sending")


@dataclasses.dataclass(frozen=True, slots=True)
class LetterKind:
    """A letter: its code `<app>.<what>`, its name for people, the type of its facts, and who writes it."""

    code: str
    name: str | Promise
    facts: type[Any]
    compose: Callable[[Any], LetterText]
    sample: Callable[[], Any]
    may_send: MaySend


_letters: dict[str, LetterKind] = {}


def declare(
    code: str,
    *,
    name: str | Promise,
    facts: type[F],
    compose: Callable[[F], LetterText],
    sample: Callable[[], F],
    may_send: MaySend = only_system,
) -> LetterKind:
    """Make a letter known.

    `compose(facts)` runs with the recipient's language active and uses gettext; `sample()` gives facts to look at
    it with. Raises ValueError when the code is taken or malformed.
    """
    if not re.fullmatch(r"[a-z]+\.[a-z_]+", code):
        raise ValueError(f"{code} is not the code of a letter")
    if code in _letters:
        raise ValueError(f"{code} is declared already")
    _letters[code] = LetterKind(code, name, facts, compose, sample, may_send)
    return _letters[code]


def known_letters() -> Mapping[str, LetterKind]:
    """Return every declared letter by code."""
    return _letters


def block_data(block: Block) -> dict[str, Any]:
    """Return a block as JSON, to be kept until it is printed."""
    return {"kind": type(block).__name__, **dataclasses.asdict(block)}


def block_from(data: Mapping[str, Any]) -> Block:
    """Return the block that `block_data` wrote."""
    kind = data["kind"]
    if kind == "Paragraph":
        return Paragraph(data["text"])
    if kind == "FactRows":
        return FactRows(tuple((str(label), str(value)) for label, value in data["rows"]))
    if kind == "Bullets":
        return Bullets(tuple(data["items"]))
    return Link(data["label"], data["url"], data["is_secret"])


__all__ = [
    "Block",
    "Bullets",
    "FactRows",
    "LetterKind",
    "LetterText",
    "Link",
    "Paragraph",
    "block_data",
    "block_from",
    "declare",
    "known_letters",
    "only_system",
    "quoted",
]
