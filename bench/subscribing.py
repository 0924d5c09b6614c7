"""Fifty subscriptions a second for a minute, after a television programme: none lost, none double."""

import dataclasses
import html
import http.client
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from . import machine, people
from .figures import LEAST, Figure, percentile
from .machine import serving
from .measures import Place

SECONDS = 60
A_SECOND = 50
PRESSED_A_SECOND = 51
"""How fast they press: a little faster than is promised, since the last answers come after the minute is over."""
AT_HOME = 40
"""Connections over which people fill in their first two steps, before the minute begins."""
PRESSING = 60
"""Connections over which they press the last button; each has an address of its own on the network."""
SEEN = re.compile(r'name="seen" value="([^"]+)"')
GONE_TO = re.compile(r"/c/[^/]+/subscription/[^/]+/")


@dataclasses.dataclass(frozen=True)
class Ready:
    """Somebody who has filled in everything and looks at the last page."""

    path: str
    seen: str
    token: str
    cookies: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Sent:
    """One press of the button: how late it was answered, in milliseconds from when it was due, and where it led."""

    took: float
    led_to: str
    status: int


class Phone(people.Browser):
    """A browser from an address of its own, that tells where it is sent."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(port)
        source = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=source)

    def send(self, one: Ready) -> tuple[int, str]:
        """Press the last button; return the status and the address that follows."""
        fields = {"seen": one.seen, "csrfmiddlewaretoken": one.token, "accepts_statutes": "on", "accepts_risk": "on"}
        self.cookies = dict(one.cookies)
        status, _page = self._ask("POST", one.path, people.urlencode(fields))
        return status, self.location


def subscriptions(place: Place) -> Iterator[Figure]:
    """Send subscriptions over HTTP with real forms, fifty a second for a minute, then count what is there."""
    slug = place.inside("offering")["slug"]
    port = machine.free_port()
    wanted = SECONDS * PRESSED_A_SECOND
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        machine.wait_until_idle(process)
        ready = _filled_in(port, f"/c/{place.slug}/shares/{slug}/take/", wanted)
        machine.wait_until_idle(process)
        began, before = time.perf_counter(), machine.spent(process, place.data_dir)
        sent = _pressed(port, ready)
        took, after = time.perf_counter() - began, machine.spent(process, place.data_dir)
        lost = [one for one in sent if not GONE_TO.fullmatch(one.led_to)]
        if lost:
            raise RuntimeError(f"{len(lost)} of {wanted} were not taken, the first with {lost[0].status}")
        # Everybody presses once more, as people do who go back: nothing new may come of it.
        again = _pressed(port, ready[:: len(ready) // 200 or 1])
        machine.wait_until_idle(process)
    there = place.inside("subscribed")
    pages = {one.led_to for one in sent}
    times = [one.took for one in sent]
    yield Figure(
        "subscriptions over HTTP, sustained for a minute",
        len(sent) / took,
        "a second",
        bound=A_SECOND,
        side=LEAST,
        data=f"{place.data}; {wanted:,} sent, {PRESSED_A_SECOND} due a second; "
        f"p50 {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms",
    )
    used = {what: (after[what] - before.get(what, 0.0)) * 1000 / len(sent) for what in after}
    yield Figure(
        "a subscription, in time of a processor",
        used["web"] + used["postgres"],
        "ms",
        data=f"pages {used['web']:.1f} ms, database {used['postgres']:.1f} ms with that of letters written meanwhile, "
        f"for which the worker took {used['worker']:.1f} ms",
    )
    odd = abs(there["subscriptions"] - wanted) + abs(there["claims"] - wanted) + abs(len(pages) - wanted)
    odd += len({one.led_to for one in again} - pages)
    yield Figure(
        "subscriptions lost or double",
        odd,
        "of them",
        bound=0,
        data=f"{there['subscriptions']:,} subscriptions, {there['claims']:,} claims, {len(again)} sent again",
    )


def spread(count: int, hands: int, work: Callable[[int, int], None]) -> None:
    """Let so many hands do a piece of work for each number; raises what the first of them raised."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        waiting.put(number)
    failures: list[BaseException] = []

    def run(hand: int) -> None:
        try:
            while not failures:
                work(hand, waiting.get_nowait())
        except queue.Empty:
            return
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(hand,)) for hand in range(hands)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failures:
        raise RuntimeError(str(failures[0]))


def _filled_in(port: int, take: str, count: int) -> list[Ready]:
    """Fill in the first two steps for so many people."""
    found: list[Ready | None] = [None] * count
    phones = [Phone(port, hand) for hand in range(AT_HOME)]

    def fill(hand: int, number: int) -> None:
        phone = phones[hand]
        phone.cookies = {}
        status, page = phone.post(take, for_whom="self", quantity="1")
        _led(status, page)
        who = {"given": "Noor", "family": f"Kijker {number}", "street": "Kerkstraat", "number": str(number % 90 + 1)}
        town = {"postcode": "9000", "town": "Gent", "country": "BE", "language": "nl"}
        status, page = phone.post(f"{take}who/", **who, **town, email=f"kijker{number}@bench.example")
        _led(status, page)
        status, page = phone.get(f"{take}check/")
        seen, token = SEEN.search(page), people.TOKEN.search(page)
        if status != 200 or seen is None or token is None:
            raise RuntimeError(f"the last step isn't there: {status}")
        found[number] = Ready(f"{take}check/", html.unescape(seen[1]), html.unescape(token[1]), dict(phone.cookies))

    spread(count, AT_HOME, fill)
    return [one for one in found if one is not None]


def _led(status: int, page: str) -> None:
    if status != 302:
        said = re.findall(r'class="field__error"[^>]*><span>([^<]+)', page)
        raise RuntimeError(f"a step isn't taken: {status} {said[:2]}")


def _pressed(port: int, ready: Sequence[Ready]) -> list[Sent]:
    """Press all buttons, each at its moment, whatever became of those before."""
    sent: list[Sent] = []
    phones = [Phone(port, 1000 + hand) for hand in range(PRESSING)]
    begins = time.perf_counter() + 0.5

    def press(hand: int, number: int) -> None:
        due = begins + number / PRESSED_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        status, led_to = phones[hand].send(ready[number])
        sent.append(Sent((time.perf_counter() - due) * 1000, led_to, status))

    spread(len(ready), PRESSING, press)
    return sent
