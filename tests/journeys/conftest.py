"""A whole installation, as anybody has it after `make up`, with a mail server, and people who visit it."""

import dataclasses
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ..launch.conftest import Running, clean_environment, coopwerf, end, eventually
from .mailbox import Mailbox
from .visitor import Visitor

FIRST_LINK = re.compile(r"(http://localhost:\d+/\S+)")
Visit = Callable[..., Visitor]


@dataclasses.dataclass(frozen=True)
class Installation:
    """What `coopwerf up` runs, and the mail that leaves it."""

    running: Running
    mailbox: Mailbox

    @property
    def url(self) -> str:
        """Return the address of the site."""
        return self.running.url

    @property
    def first_link(self) -> str:
        """Return the link for the first administrator that was printed."""
        found = eventually(
            lambda: [line for line in self.running.words().splitlines() if FIRST_LINK.search(line) and "15" in line]
        )
        match = FIRST_LINK.search(found[0])
        assert match is not None
        return match[1]

    def command(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command on this installation, while it runs."""
        where = ("--data-dir", str(self.running.places.data_dir))
        return coopwerf(*words, *where, env=clean_environment(), timeout=seconds)

    def told(self, *words: str, code: int = 0) -> Any:
        """Run a command that prints JSON and ends with this code; return what it printed."""
        done = self.command(*words)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Start everything on an empty data directory, with mail that arrives."""
    folder = Path("/tmp") / f"coopwerf-journey-{os.getpid()}-{time.monotonic_ns():x}"
    folder.mkdir(mode=0o755)
    mailbox = Mailbox()
    mailbox.start()
    running = Running(folder / "data", COOPWERF_SMTP_URL=mailbox.url, COOPWERF_MAIL_FROM="werf@example.org")
    try:
        eventually(running.is_ready, 180)
        yield Installation(running, mailbox)
    finally:
        end(running)
        mailbox.stop()
        shutil.rmtree(folder, ignore_errors=True)


def signs_in(somebody: Visitor, installation: Installation, address: str, *, by_link: bool = False) -> None:
    """Sign in with the code, or by the link, of the mail that comes."""
    so_far = len(installation.mailbox.to(address))
    somebody.open("/sign-in/")
    somebody.put("email", address)
    somebody.send()
    mail = installation.mailbox.wait_for(address, number=so_far + 1)
    if by_link:
        somebody.open(next(link for link in mail.links if "/sign-in/link/" in link))
    else:
        somebody.put("code", mail.code)
    somebody.send()


def day(on: dt.date) -> str:
    """Write a date as people type it."""
    return f"{on:%d-%m-%Y}"


@pytest.fixture(scope="module")
def visit(browser: Browser, installation: Installation) -> Iterator[Visit]:
    """Return the function by which somebody comes to the site: `visit("nl", phone=True)`."""
    visitors: list[Visitor] = []

    def come(language: str, **how: Any) -> Visitor:
        visitors.append(Visitor(browser, installation.url, language=language, **how))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember where a story broke."""
    outcome: Any = yield
    if call.when == "call" and outcome.get_result().failed:
        item.parent.broken_at = item.name  # type: ignore[union-attr]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A story that broke isn't told on: what comes after it was never reached."""
    broken_at = getattr(item.parent, "broken_at", None)
    if broken_at and item.get_closest_marker("journey"):
        pytest.skip(f"the story broke at {broken_at}")
