"""What one can follow: each topic is declared by the package that tells of it.

    topics.declare("offers", name=_("Offers of shares"), told=_("when shares can be taken"), order=30)

Whoever follows all gets every topic, also those that are declared later.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

ALL: Final = "all"
Text = str | Promise


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """Something to follow: its code, its name, and in a few words when one hears of it."""

    code: str
    name: Text
    told: Text
    order: int


_topics: dict[str, Topic] = {}


def declare(code: str, *, name: Text, told: Text, order: int = 100) -> Topic:
    """Make a topic known; raises ValueError when its code is taken or malformed."""
    if not re.fullmatch(r"[a-z_]{2,20}", code) or code == ALL:
        raise ValueError(f"{code} is not the code of a topic")
    if code in _topics:
        raise ValueError(f"{code} is declared already")
    _topics[code] = Topic(code, name, told, order)
    return _topics[code]


def known_topics() -> Mapping[str, Topic]:
    """Return every topic by code, in the order in which they are offered."""
    return {one.code: one for one in sorted(_topics.values(), key=lambda one: (one.order, one.code))}
