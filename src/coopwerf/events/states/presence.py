"""Who came in and went out, as plain values; and what became of what people said."""

import dataclasses
import datetime as dt
import enum
import re
from typing import Final

from django.utils.translation import pgettext_lazy

from coopwerf.kernel.refusals import Refused

from .gatherings import moment
from .registrations import read_code

DESK_LIST = "events.desk_list"
"""The document that is the list of a desk."""
DOOR: Final = ""
"""The gate through which everybody comes in; another gate is a session, or what a package above calls its own."""
MOST_CAUGHT_UP: Final = 500
MOST_HEADS: Final = 100_000


class Direction(enum.StrEnum):
    """Say whether somebody came in or went out."""

    IN = "in"
    OUT = "out"


class How(enum.StrEnum):
    """Say how somebody was known at the desk."""

    SCAN = "scan"
    CODE = "code"
    NAME = "name"
    WALK_IN = "walk_in"
    CATCH_UP = "catch_up"


HOW_NAMES: Final = {
    How.SCAN: pgettext_lazy("at the desk", "scanned"),
    How.CODE: pgettext_lazy("at the desk", "typed code"),
    How.NAME: pgettext_lazy("at the desk", "looked up by name"),
    How.WALK_IN: pgettext_lazy("at the desk", "without a registration"),
    How.CATCH_UP: pgettext_lazy("at the desk", "written down later"),
}


class Fate(enum.StrEnum):
    """Say what became of a contribution."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    NOT_TAKEN = "not_taken"


FATE_NAMES: Final = {
    Fate.OPEN: pgettext_lazy("contribution", "Still open"),
    Fate.TAKEN_UP: pgettext_lazy("contribution", "Taken up"),
    Fate.NOT_TAKEN: pgettext_lazy("contribution", "Not taken up"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A line that was written on paper while the network failed: a code, when, and which way."""

    code: str
    at: dt.datetime
    direction: Direction = Direction.IN


_TIME = re.compile(r"\b([01]?\d|2[0-3])[:.hu]\s?([0-5]\d)\b", re.IGNORECASE)
_OUT = re.compile(r"(?:^|\s)(?:uit|out|sortie|weg)(?:\s|$)|-$", re.IGNORECASE)


def read_caught(text: str, day: dt.date, zone: str) -> list[Caught]:
    """Read lines of a code and the time of day: `CDF-HJK-LMN 19:05`, with `out` where somebody left.

    A line without a time takes that of the line above; the first one needs it. Raises Refused events.caught_line with
    the number of the first line that can't be read.
    """
    found: list[Caught] = []
    last: dt.datetime | None = None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CAUGHT_UP:
        raise Refused("events.caught_many", path="lines", most=MOST_CAUGHT_UP)
    for number, line in enumerate(lines, 1):
        timed = _TIME.search(line)
        rest = line if timed is None else line[: timed.start()] + " " + line[timed.end() :]
        direction = Direction.OUT if _OUT.search(rest.strip()) else Direction.IN
        code = read_code(_OUT.sub(" ", rest.strip()))
        if timed is not None:
            last = moment(dt.datetime.combine(day, dt.time(int(timed[1]), int(timed[2]))), zone, path="lines")
        if not code or last is None:
            raise Refused("events.caught_line", path="lines", number=number)
        found.append(Caught(code=code, at=last, direction=direction))
    return found
