"""A thousand people register for three hundred places, as fast as they are answered: exactly so many get one."""

import time
from collections.abc import Iterator

from . import machine
from .figures import Figure, percentile
from .machine import serving
from .measures import Place
from .subscribing import Phone, spread

PEOPLE = 1000
PLACES = 300
HANDS = 50
"""Connections over which they register; each has an address of its own on the network."""
SECONDS = 60


def registering(place: Place) -> Iterator[Figure]:
    """Let everybody open the form and press its button over HTTP, then count who has a place and who waits."""
    page = place.inside(f"few_places:{PLACES}")["slug"]
    port = machine.free_port()
    times: list[float] = []
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        phones = [Phone(port, 2000 + hand) for hand in range(HANDS)]
        path = f"/c/{place.slug}/gatherings/{page}/register/"

        def register(hand: int, number: int) -> None:
            phone = phones[hand]
            # Each is somebody else, with a browser of their own.
            phone.cookies = {}
            due = time.perf_counter()
            status, _page = phone.post(path, name=f"Mens {number}", email=f"mens{number}@bench.example", language="nl")
            times.append((time.perf_counter() - due) * 1000)
            if status != 302:
                raise RuntimeError(f"a registration was answered with {status}")

        began = time.perf_counter()
        spread(PEOPLE, HANDS, register)
        took = time.perf_counter() - began
        machine.wait_until_idle(process)
    there = place.inside("registered")
    yield Figure(
        "registrations of 1,000 people for 300 places, form and button",
        took,
        "s",
        bound=SECONDS,
        data=f"{place.data}; over {HANDS} connections; p50 {percentile(times, 0.5):.0f} ms, "
        f"p95 {percentile(times, 0.95):.0f} ms for both",
    )
    yield Figure(
        "places given too often, people lost or out of order",
        abs(there["held"] - PLACES) + abs(there["waiting"] - (PEOPLE - PLACES)) + there["odd"],
        "of them",
        bound=0,
        data=f"{there['held']:,} have a place, {there['waiting']:,} wait",
    )
