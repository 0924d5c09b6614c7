"""To whom a newsletter can go: each audience is declared by the package that knows these people.

    audiences.declare("members", name=_("Members"), recipients=members)

`recipients(coop_id, on)` runs with the co-operative's rows open and returns everybody, also who has no address: on
paper they can be reached. Who stands in two audiences gets one mail. An audience may have parts (the participants of
one gathering): `parts` lists those that are offered on a day, `of_part` returns who is in one.
"""

import dataclasses
import datetime as dt
import functools
import re
import uuid
from collections.abc import Callable, Iterable, Mapping

from django.utils.functional import Promise

Text = str | Promise


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a newsletter is for: by their mail address, and as whom they are known.

    `has_asked`: they follow this. Who only wants no newsletters as a member or helper still hears of what they follow.
    """

    email: str
    name: str
    language: str
    party_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    has_asked: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A part of an audience: its key, and its name in the active language."""

    key: str
    name: Text


Recipients = Callable[[uuid.UUID, dt.date], Iterable[Recipient]]
Parts = Callable[[uuid.UUID, dt.date], Iterable[Part]]
OfPart = Callable[[uuid.UUID, str, dt.date], Iterable[Recipient]]


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """People whom a newsletter can be for; of an `is_public` one everybody may read what it was told."""

    code: str
    name: Text
    recipients: Recipients
    order: int
    is_public: bool
    parts: Parts | None = None
    of_part: OfPart | None = None

    def part(self, key: str, name: Text) -> "Audience":
        """Return a part of this audience as an audience of its own."""
        whom = functools.partial(_in_part, self, key)
        return dataclasses.replace(self, code=f"{self.code}:{key}", name=name, recipients=whom, parts=None)


def _in_part(whole: Audience, key: str, coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
    return () if whole.of_part is None else whole.of_part(coop_id, key, on)


_audiences: dict[str, Audience] = {}


def declare(
    code: str,
    *,
    name: Text,
    recipients: Recipients,
    order: int = 100,
    is_public: bool = False,
    parts: Parts | None = None,
    of_part: OfPart | None = None,
) -> Audience:
    """Make an audience known; raises ValueError when its code is taken or malformed."""
    if not re.fullmatch(r"[a-z_]{2,20}", code):
        raise ValueError(f"{code} is not the code of an audience")
    if code in _audiences:
        raise ValueError(f"{code} is declared already")
    _audiences[code] = Audience(code, name, recipients, order, is_public, parts, of_part)
    return _audiences[code]


def known_audiences() -> Mapping[str, Audience]:
    """Return every audience by code, in the order in which they are offered."""
    return {one.code: one for one in sorted(_audiences.values(), key=lambda one: (one.order, one.code))}


def offered(coop_id: uuid.UUID, on: dt.date) -> list[Audience]:
    """Return the audiences that a newsletter of a co-operative can be for, each followed by its parts."""
    found: list[Audience] = []
    for one in known_audiences().values():
        found.append(one)
        found.extend(one.part(part.key, part.name) for part in (one.parts(coop_id, on) if one.parts else ()))
    return found


def find(code: str) -> Audience | None:
    """Return an audience or a part of one by its code; a part by the name of the whole."""
    whole, _colon, key = code.partition(":")
    known = _audiences.get(whole)
    if known is None or not key:
        return known
    return None if known.of_part is None else known.part(key, known.name)
