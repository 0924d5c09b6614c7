"""The page of an offer, after a television programme: very many who read it, without an account."""

from collections.abc import Iterator

from . import machine, people
from .figures import Figure, percentile
from .machine import serving
from .measures import Place

READERS = 200
PAGES = 10
PAUSE = 1.0
"""Seconds between two pages of one reader: many for somebody who reads, so that the figure is a hard one."""


def offer(place: Place) -> Iterator[Figure]:
    """Open the public page of an offer over HTTP, two hundred readers at once, in three languages."""
    slug = place.inside("offering")["slug"]
    port = machine.free_port()
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        readers = [people.Browser(port) for _ in range(READERS)]
        here = f"/c/{place.slug}/shares/{slug}/"
        languages = ("", "?lang=nl", "?lang=fr", "?lang=en")
        people.at_once(readers[:20], lambda dice: here, 3)
        health = people.at_once(readers, lambda dice: "/healthz", PAGES, pause=PAUSE, whole=False)
        reading = people.at_once(readers, lambda dice: here + dice.choice(languages), PAGES, pause=PAUSE)
        yield Figure(
            f"page of an offer, {READERS} readers at once",
            percentile(reading, 0.95),
            "ms p95",
            bound=100,
            peer=f"the same {READERS} asking /healthz",
            peer_value=percentile(health, 0.95),
            data=f"{place.data}; a page a second each; p50 {percentile(reading, 0.5):.0f} ms",
        )
