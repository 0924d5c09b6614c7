"""Six desks receive people at a gathering with twenty thousand registered: by code, by name, and twice."""

import html
import random
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

from . import machine, people
from .figures import Figure, percentile
from .machine import serving
from .measures import Place

REGISTERED = 20_000
DESKS = 6
A_DESK = 100
"""How many people each desk receives."""
PAUSE = 0.5
"""Seconds until the next person stands there: fewer than anybody needs, twelve people a second at six desks."""
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
PRESS = re.compile(r'name="press" value="([^"]+)"')


class Helper(people.Browser):
    """Somebody at a desk: each press is timed from the button to the page that says it."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(port)
        self.path = path
        _status, self.page = self.get(path)
        self.csrf = self._token(self.page)
        self.coded: list[float] = []
        self.looked: list[float] = []
        self.pressed: list[float] = []

    @staticmethod
    def _token(page: str) -> str:
        found = people.TOKEN.search(page)
        if found is None:
            raise RuntimeError("the desk shows no form")
        return html.unescape(found[1])

    def send(self, times: list[float], **fields: str) -> str:
        """Press a button of the page that is open, and note how long its answer took: it is the next page."""
        press = PRESS.search(self.page)
        if press is None:
            raise RuntimeError("the desk has no number for a press")
        body = people.urlencode({**fields, "press": press[1], "csrfmiddlewaretoken": self.csrf})
        began = time.perf_counter()
        status, self.page = self._ask("POST", f"{self.path}receive/", body)
        times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise RuntimeError(f"a press was answered with {status}")
        return self.page

    def receive(self, guests: list[tuple[str, str]], dice: random.Random) -> None:
        """Let people in: two of three by their code, others by the letters of their name; one of twenty twice."""
        for code, name in guests:
            if dice.random() * 3 < 2:
                self.send(self.coded, text=code, do="in")
            else:
                page = self.send(self.looked, text=name, do="in")
                found = TICKET.search(page)
                if found is None:
                    raise RuntimeError(f"nobody is called {name}")
                self.send(self.pressed, ticket=found[1], do="in")
            if dice.random() * 20 < 1:
                self.send(self.coded, text=code, do="in")
            time.sleep(PAUSE)


def checkin(place: Place) -> Iterator[Figure]:
    """Receive people over HTTP at six desks at once, then count that each came in once."""
    told: dict[str, Any] = place.inside(f"gathering:{REGISTERED}:{DESKS}")
    port = machine.free_port()
    dice = random.Random(5)
    chosen = dice.sample(list(zip(told["codes"], told["names"], strict=True)), DESKS * A_DESK)
    failures: list[BaseException] = []
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        helpers = [Helper(port, f"/c/{place.slug}/desk/{token}/") for token in told["desks"]]

        def work(number: int) -> None:
            mine = chosen[number * A_DESK : (number + 1) * A_DESK]
            try:
                helpers[number].receive(mine, random.Random(number))
            except (OSError, RuntimeError) as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(DESKS)]
        began = time.perf_counter()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        took = time.perf_counter() - began
        machine.wait_until_idle(process)
    if failures:
        raise RuntimeError(str(failures[0]))
    counted = place.inside("received")
    coded = [one for helper in helpers for one in helper.coded]
    looked = [one for helper in helpers for one in helper.looked]
    pressed = [one for helper in helpers for one in helper.pressed]
    data = f"{REGISTERED:,} registered, {DESKS} desks, half a second between two people"
    yield Figure(
        "check-in by code, from the button to the page after it",
        percentile(coded, 0.95),
        "ms p95",
        bound=100,
        data=f"{data}; p50 {percentile(coded, 0.5):.0f} ms; {DESKS * A_DESK / took:.0f} people a second",
    )
    yield Figure(
        "check-in by name: the letters, then the button",
        max(percentile(looked, 0.95), percentile(pressed, 0.95)),
        "ms p95",
        bound=100,
        data=f"{data}; the letters {percentile(looked, 0.95):.0f} ms, the button {percentile(pressed, 0.95):.0f} ms",
    )
    yield Figure(
        "people let in twice, or not at all",
        abs(counted["came"] - DESKS * A_DESK) + abs(counted["rows"] - DESKS * A_DESK),
        "of them",
        bound=0,
        data=f"{counted['came']:,} came, {counted['rows']:,} rows",
    )
