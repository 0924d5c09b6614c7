"""Gatherings as calendar files (RFC 5545): an identity that stays, a number that rises with each change, local time."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, Timezone, vText

from coopwerf.coops.queries import CoopFacts
from coopwerf.ui import markdown

from .queries import GatheringFacts
from .states import GatheringState

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Coopwerf//Gatherings//EN"
REFRESH = dt.timedelta(hours=6)


def uid(found: GatheringFacts) -> str:
    """Return the identity of a gathering in every calendar: it never changes."""
    return f"{found.id}@coopwerf"


def feed(coop: CoopFacts, name: str, gatherings: Sequence[GatheringFacts]) -> bytes:
    """Return the calendar that somebody subscribes to: what is called off stays in it, and says so."""
    calendar = _calendar(name)
    calendar.add("refresh-interval", REFRESH)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", vText("PT6H"))
    return _filled(calendar, coop, gatherings)


def one(coop: CoopFacts, found: GatheringFacts, *, online: str = "", url: str = "", notes: str = "") -> bytes:
    """Return a gathering as a file; with the link for who takes part from home only where it is handed in."""
    return _filled(_calendar(found.words.title), coop, [found], online=online, url=url, notes=notes)


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(name))
    return calendar


def _filled(
    calendar: Calendar,
    coop: CoopFacts,
    gatherings: Sequence[GatheringFacts],
    *,
    online: str = "",
    url: str = "",
    notes: str = "",
) -> bytes:
    zones: dict[str, tuple[dt.date, dt.date]] = {}
    for found in gatherings:
        first, last = zones.get(found.zone, (found.begins.date(), found.ends.date()))
        zones[found.zone] = min(first, found.begins.date()), max(last, found.ends.date())
    for zone, (first, last) in sorted(zones.items()):
        if zone != "UTC":
            begin, end = first - dt.timedelta(days=366), last + dt.timedelta(days=366)
            calendar.add_component(Timezone.from_tzid(zone, first_date=begin, last_date=end))
    for found in gatherings:
        calendar.add_component(_event(coop, found, online=online, url=url, notes=notes))
    return bytes(calendar.to_ical())


def _event(coop: CoopFacts, found: GatheringFacts, *, online: str, url: str, notes: str) -> Event:
    words = found.words
    page = settings.BASE_URL + reverse("events:gathering", kwargs={"slug": coop.slug, "gathering": found.slug})
    event = Event()
    event.add("uid", uid(found))
    # The moment of the last change, not of the download: the same state is the same file.
    event.add("dtstamp", found.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("last-modified", found.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("created", found.made_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", found.sequence)
    event.add("dtstart", _at(found.begins))
    event.add("dtend", _at(found.ends))
    event.add("summary", words.title, parameters={"LANGUAGE": found.text_language})
    said = [words.lead, markdown.plain(words.description), notes, online]
    event.add("description", "\n\n".join(part for part in said if part), parameters={"LANGUAGE": found.text_language})
    if found.town:
        event.add("location", ", ".join(part for part in (found.address, found.town) if part))
    elif online:
        event.add("location", online)
    event.add("url", url or page)
    event.add("status", "CANCELLED" if found.state is GatheringState.CANCELLED else "CONFIRMED")
    event.add("categories", [coop.name])
    return event


def _at(moment: dt.datetime) -> dt.datetime:
    """Return a moment as calendars can say it: the hour that clocks show a second time has no local name there."""
    return moment.astimezone(dt.UTC) if moment.fold else moment
