"""The directory of projects: search, by people at once, in three languages."""

import random
from collections.abc import Iterator
from urllib.parse import quote

from . import machine, people
from .figures import Figure, percentile
from .machine import serving
from .measures import Place

SEARCHERS = 20
PAGES = 15
PAUSE = 1.0
"""Seconds between two pages of one searcher."""
ASKED = (
    *("q=zon", "q=daken", "q=brood+markt", "q=école", "q=reseau", "q=neighbour", "q=vélo&theme=energy", "q=wer"),
    *("theme=care", "region=BE", "region=NL-UT&stage=initiative", "page=7", ""),
)


def directory(place: Place) -> Iterator[Figure]:
    """Search among 596 projects over HTTP."""
    told = place.inside("directory")
    port = machine.free_port()
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        searchers = [people.Browser(port) for _ in range(SEARCHERS)]
        asked = [quote(one, safe="=&+") for one in ASKED]
        languages = ("nl", "fr", "en")

        def address(dice: random.Random) -> str:
            return f"/projects/?{dice.choice(asked)}&lang={dice.choice(languages)}"

        people.at_once(searchers[:5], address, 3)
        health = people.at_once(searchers, lambda dice: "/healthz", PAGES, pause=PAUSE, whole=False)
        found = people.at_once(searchers, address, PAGES, pause=PAUSE)
        yield Figure(
            f"search in the directory, {SEARCHERS} people at once",
            percentile(found, 0.95),
            "ms p95",
            bound=100,
            peer=f"the same {SEARCHERS} asking /healthz",
            peer_value=percentile(health, 0.95),
            data=f"{told['projects']} projects; a page a second each; p50 {percentile(found, 0.5):.0f} ms",
        )
