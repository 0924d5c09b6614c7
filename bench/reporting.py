"""A report from the yard on the evening when it is mailed: very many read it, and a change is seen at once."""

import threading
import time
from collections.abc import Iterator
from typing import Any

from . import machine, people
from .figures import Figure, percentile
from .machine import serving
from .measures import Place

READERS = 200
PAGES = 10
PAUSE = 1.0
"""Seconds between two pages of one reader, as for an offer."""
CHANGES = 5


def report(place: Place) -> Iterator[Figure]:
    """Open a report over HTTP, two hundred readers at once, in three languages; then correct it while it is read."""
    told = place.inside("reporting")
    port = machine.free_port()
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        readers = [people.Browser(port) for _ in range(READERS)]
        here = f"/c/{place.slug}/reports/{told['slug']}/"
        languages = ("", "?lang=nl", "?lang=fr", "?lang=en")
        people.at_once(readers[:20], lambda dice: here, 3)
        health = people.at_once(readers, lambda dice: "/healthz", PAGES, pause=PAUSE, whole=False)
        reading = people.at_once(readers, lambda dice: here + dice.choice(languages), PAGES, pause=PAUSE)
        yield Figure(
            f"page of a report, {READERS} readers at once",
            percentile(reading, 0.95),
            "ms p95",
            bound=100,
            peer=f"the same {READERS} asking /healthz",
            peer_value=percentile(health, 0.95),
            data=f"{told['pictures']} pictures, {told['comments']} comments; p50 {percentile(reading, 0.5):.0f} ms",
        )
        yield Figure(
            "a correction of a report is seen",
            max(_seen(place, readers[0], here, number) for number in range(CHANGES)),
            "ms at most",
            bound=1000,
            data=f"{CHANGES} corrections, from the moment that each was published",
        )


def _seen(place: Place, reader: people.Browser, here: str, number: int) -> float:
    """Correct a report while somebody reads it without a pause; return after how many milliseconds they see it."""
    made: dict[str, Any] = {}
    correcting = threading.Thread(target=lambda: made.update(place.inside("correcting")))
    read: list[tuple[float, str]] = []
    correcting.start()
    began = time.time()
    while not made or made["words"] not in read[-1][1]:
        _status, page = reader.get(here)
        read.append((time.time(), page))
        if time.time() - began > 60:
            raise RuntimeError(f"correction {number} isn't seen")
        time.sleep(0.02)
    correcting.join()
    first = next(at for at, page in read if made["words"] in page)
    return float((first - made["at"]) * 1000)
