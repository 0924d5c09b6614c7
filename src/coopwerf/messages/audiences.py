"""To whom a newsletter can go: each audience is declared by the package that knows these people.

    audiences.declare("members", name=_("Members"), recipients=members)

Where there is one audience for each of something, their package declares the family, with what finds one by its key;
such an audience goes by `code:key`.

    audiences.declare_each("gathering", find=participants_of)

`recipients(coop_id, on)` runs with the co-operative's rows open and returns everybody, also who has no address: on
paper they can be reached. Who stands in two audiences gets one mail.
"""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Mapping

from django.utils.functional import Promise

Text = str | Promise


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a newsletter is for: by their mail address, and as whom they are known."""

    email: str
    name: str
    language: str
    party_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None


Recipients = Callable[[uuid.UUID, dt.date], Iterable[Recipient]]


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """People whom a newsletter can be for; of an `is_public` one everybody may read what it was told."""

    code: str
    name: Text
    recipients: Recipients
    order: int
    is_public: bool


Find = Callable[[uuid.UUID, str], Audience | None]
"""Return one audience of a family in a co-operative by its key, or None."""

_audiences: dict[str, Audience] = {}
_families: dict[str, Find] = {}


def declare(
    code: str,
    *,
    name: Text,
    recipients: Recipients,
    order: int = 100,
    is_public: bool = False,
) -> Audience:
    """Make an audience known; raises ValueError when its code is taken or malformed."""
    if not re.fullmatch(r"[a-z_]{2,20}", code):
        raise ValueError(f"{code} is not the code of an audience")
    if code in _audiences:
        raise ValueError(f"{code} is declared already")
    _audiences[code] = Audience(code, name, recipients, order, is_public)
    return _audiences[code]


def declare_each(code: str, *, find: Find) -> None:
    """Make a family of audiences known; raises ValueError when its code is taken or malformed."""
    if not re.fullmatch(r"[a-z_]{2,20}", code) or code in {*_audiences, *_families}:
        raise ValueError(f"{code} is not the code of a family of audiences, or is declared already")
    _families[code] = find


def audience(coop_id: uuid.UUID, code: str) -> Audience | None:
    """Return an audience by its code, also one of a family; None where there is none (any more)."""
    family, sign, key = code.partition(":")
    return _families[family](coop_id, key) if sign and family in _families else _audiences.get(code)


def known_audiences() -> Mapping[str, Audience]:
    """Return every audience by code, in the order in which they are offered."""
    return {one.code: one for one in sorted(_audiences.values(), key=lambda one: (one.order, one.code))}
