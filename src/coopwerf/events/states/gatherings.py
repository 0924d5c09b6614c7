"""Gatherings as plain values: their kinds and states, what is told of them, and their local time."""

import dataclasses
import datetime as dt
import enum
import uuid
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.kernel.refusals import Refused

ZONES: Final = ("Europe/Brussels", "Europe/Amsterdam", "Europe/Paris", "Europe/Luxembourg", "Europe/Berlin", "UTC")
"""The zones that a form offers; an action takes any that the machine knows."""


PARTICIPANTS: Final = "participants"
"""The audience of newsletters: who has a place; `participants:<id>` are those of one gathering."""


class Kind(enum.StrEnum):
    """Say what sort of gathering it is."""

    EVENING = "evening"
    DEBATE = "debate"
    WORKSHOP = "workshop"
    ASSEMBLY_DAY = "assembly_day"
    CONFERENCE = "conference"
    COFFEE = "coffee"


KIND_NAMES: Final = {
    Kind.EVENING: _("Information evening"),
    Kind.DEBATE: _("Debate"),
    Kind.WORKSHOP: pgettext_lazy("gathering", "Workshop"),
    Kind.ASSEMBLY_DAY: _("Assembly day"),
    Kind.CONFERENCE: pgettext_lazy("gathering", "Conference"),
    Kind.COFFEE: _("Coffee together"),
}


class GatheringState(enum.StrEnum):
    """Say how far a gathering has come."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


GATHERING_TRANSITIONS: Final[Mapping[GatheringState, frozenset[GatheringState]]] = {
    GatheringState.DRAFT: frozenset({GatheringState.ANNOUNCED}),
    GatheringState.ANNOUNCED: frozenset({GatheringState.HELD, GatheringState.CANCELLED}),
    GatheringState.HELD: frozenset(),
    GatheringState.CANCELLED: frozenset(),
}
"""From which state a gathering comes to which other."""

GATHERING_STATE_NAMES: Final = {
    GatheringState.DRAFT: pgettext_lazy("gathering", "Draft"),
    GatheringState.ANNOUNCED: pgettext_lazy("gathering", "Announced"),
    GatheringState.HELD: pgettext_lazy("gathering", "Held"),
    GatheringState.CANCELLED: pgettext_lazy("gathering", "Cancelled"),
}


class Format(enum.StrEnum):
    """Say how people work together in a session."""

    PLENARY = "plenary"
    TALK = "talk"
    DEBATE = "debate"
    WORKSHOP = "workshop"
    CAFE = "cafe"
    FISHBOWL = "fishbowl"
    WALK = "walk"


FORMAT_NAMES: Final = {
    Format.PLENARY: pgettext_lazy("format of a session", "All together"),
    Format.TALK: pgettext_lazy("format of a session", "Talk with questions"),
    Format.DEBATE: pgettext_lazy("format of a session", "Debate"),
    Format.WORKSHOP: pgettext_lazy("format of a session", "Workshop"),
    Format.CAFE: pgettext_lazy("format of a session", "World café"),
    Format.FISHBOWL: pgettext_lazy("format of a session", "Fishbowl"),
    Format.WALK: pgettext_lazy("format of a session", "Walk"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """From when until when, as clocks on the wall show it in a zone; `fold` 1 is the hour that comes a second time."""

    begins: dt.datetime
    ends: dt.datetime
    zone: str = "Europe/Brussels"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where people meet: a town with its address, online, or both; the link is for who is registered only."""

    town: str = ""
    address: str = ""
    online: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GatheringWords:
    """What is told of a gathering in one language; the description in Markdown."""

    title: str
    lead: str = ""
    description: str = ""
    access: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SessionWords:
    """What is told of a session in one language."""

    title: str
    description: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """A session as it is planned, times as on the wall; `is_for_all` needs no choice. Without capacity all fit in."""

    texts: Mapping[str, SessionWords]
    format: Format = Format.WORKSHOP
    room: str = ""
    speakers: str = ""
    language: str = ""
    capacity: int | None = None
    begins: dt.datetime
    ends: dt.datetime
    is_for_all: bool = False


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return a time zone by its name; raises Refused events.zone_unknown."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("events.zone_unknown", path="zone") from None


def moment(wall: dt.datetime, zone: str, *, path: str = "") -> dt.datetime:
    """Return the moment at which clocks on the wall of a zone show this; `fold` says which of an hour that comes twice.

    Raises Refused events.time_skipped in the night in which clocks are put forward, with `path`.
    """
    local = wall.replace(tzinfo=zone_of(zone))
    found = local.astimezone(dt.UTC)
    if found.astimezone(local.tzinfo).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0):
        raise Refused("events.time_skipped", path=path or None, time=f"{wall:%H:%M}", on=wall.date())
    return found


def comes_twice(wall: dt.datetime, zone: str) -> bool:
    """Tell whether clocks on the wall show this twice, in the night in which they are put back."""
    info = zone_of(zone)
    first, second = (wall.replace(tzinfo=info, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def on_the_wall(at: dt.datetime, zone: str) -> dt.datetime:
    """Return what clocks on the wall of a zone show at a moment, with its offset."""
    return at.astimezone(zone_of(zone))


def span(when: When) -> tuple[dt.datetime, dt.datetime]:
    """Return the moments at which a gathering begins and ends; raises Refused for what can't be."""
    begins, ends = moment(when.begins, when.zone, path="begins"), moment(when.ends, when.zone, path="ends")
    if ends <= begins:
        raise Refused("events.ends_before", path="ends")
    if ends - begins > dt.timedelta(days=14):
        raise Refused("events.too_long", path="ends")
    return begins, ends


Slotted = tuple[uuid.UUID, dt.datetime, dt.datetime]
"""A session with when it begins and ends."""


def slots(sessions: Sequence[Slotted]) -> list[list[uuid.UUID]]:
    """Return sessions in slots: those of one slot overlap, alone or through others; of each somebody takes one."""
    found: list[tuple[dt.datetime, list[uuid.UUID]]] = []
    for ident, begins, ends in sorted(sessions, key=lambda one: (one[1], one[2])):
        if found and begins < found[-1][0]:
            until, members = found[-1]
            found[-1] = (max(until, ends), [*members, ident])
        else:
            found.append((ends, [ident]))
    return [members for _until, members in found]
