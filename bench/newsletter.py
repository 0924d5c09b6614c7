"""A newsletter to 50,000: queued within a minute, handed to a mail server by two workers, to nobody twice."""

import contextlib
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
from aiosmtpd.controller import Controller

from . import machine
from .figures import LEAST, Figure
from .machine import serving
from .measures import Place

READERS = 50_000
A_SECOND = 100
QUEUED_SECONDS = 60
PATIENCE = 1800
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.M | re.I)


class Sink:
    """A mail server that takes everything, and counts each Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[bytes] = Counter()
        self.at: list[float] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=machine.free_port())

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # theirs
        """Take a mail."""
        found = MESSAGE_ID.search(envelope.content)
        self.seen[found[1] if found else b""] += 1
        self.at.append(time.perf_counter())
        return "250 taken"

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        """Listen, and give the address."""
        self._controller.start()
        try:
            yield f"smtp://127.0.0.1:{self._controller.port}"
        finally:
            self._controller.stop()


def newsletter(place: Place) -> Iterator[Figure]:
    """Send a newsletter with two workers; then another, while one of them is killed three times."""
    place.inside(f"following:{READERS}")
    told, sink, _kills = _sent(place, kills=0)
    data = f"{READERS:,} followers in three languages, two workers, a mail server on the same machine"
    yield Figure(
        "newsletter queued for everybody",
        told["queued"],
        "s",
        bound=QUEUED_SECONDS,
        data=f"{data}; {told['all']:,} mails written",
    )
    yield Figure(
        "newsletter rendered and handed over",
        told["delivered"] / told["took"],
        "a second",
        bound=A_SECOND,
        side=LEAST,
        data=f"{data}; {told['delivered']:,} in {told['took']:.0f} s",
    )
    each = {what: used * 1000 / max(1, told["delivered"]) for what, used in sorted(told["used"].items())}
    yield Figure(
        "a newsletter's mail, in time of a processor",
        each.get("worker", 0.0) + each.get("postgres", 0.0),
        "ms",
        data="; ".join(f"{what} {used:.1f} ms" for what, used in each.items()) + "; the mail server not counted",
    )
    yield _twice(told, sink, "newsletter mails lost or double", data)
    told, sink, kills = _sent(place, kills=3)
    yield _twice(told, sink, "the same after three SIGKILLs", f"{data}; {kills} workers killed at work")
    yield Figure(
        "newsletter mails in doubt after three SIGKILLs",
        told["in_doubt"],
        "of them",
        data=f"{told['delivered']:,} delivered; finished {told['took']:.0f} s after the first",
    )


def _twice(told: dict[str, Any], sink: Sink, name: str, data: str) -> Figure:
    double = sum(count - 1 for count in sink.seen.values())
    # What is in doubt may have arrived or not; whatever else was written has.
    lost = max(0, told["all"] - told["in_doubt"] - len(sink.seen)) + told["waiting"]
    return Figure(name, double + lost, "of them", bound=0, data=f"{data}; {len(sink.seen):,} Message-IDs arrived")


def _sent(place: Place, *, kills: int) -> tuple[dict[str, Any], Sink, int]:
    sink, port, killed = Sink(), machine.free_port(), 0
    with sink.listening() as url:
        settings = {"COOPWERF_SMTP_URL": url, "COOPWERF_MAIL_FROM": "werf@bench.example", "COOPWERF_WORKERS": "2"}
        with serving(machine.up(place.data_dir, port), port, **settings) as (_took, process):
            machine.wait_until_idle(process)
            over = threading.Event()
            done: list[int] = []
            killer = threading.Thread(target=_kill, args=(process, sink, kills, over, done))
            killer.start()
            before = machine.spent(process, place.data_dir)
            try:
                told = place.inside(f"newsletter:{PATIENCE}")
                after = machine.spent(process, place.data_dir)
                told["used"] = {what: used - before.get(what, 0.0) for what, used in after.items()}
            finally:
                over.set()
                killer.join()
            killed = len(done)
    if killed < kills:
        raise RuntimeError(f"only {killed} of {kills} workers could be killed")
    return told, sink, killed


def _kill(process: psutil.Process, sink: Sink, kills: int, over: threading.Event, done: list[int]) -> None:
    """Kill a worker at once, while mails arrive: so many times, some thousand mails apart."""
    dice = random.Random(5)
    for number in range(1, kills + 1):
        while len(sink.seen) < number * READERS // (kills + 1) // 2 and not over.is_set():
            time.sleep(0.01)
        time.sleep(dice.random())
        if over.is_set():
            return
        workers = [one for one in process.children(recursive=True) if "coopwerf.conf.worker" in " ".join(one.cmdline())]
        if workers:
            os.kill(dice.choice(workers).pid, signal.SIGKILL)
            done.append(number)
