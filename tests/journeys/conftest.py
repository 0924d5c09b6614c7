"""A whole installation, as anybody has it after `make up`, with a mail server, and people who visit it."""

import dataclasses
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

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on this installation, while it runs."""
        return coopwerf(*words, "--data-dir", str(self.running.places.data_dir), env=clean_environment())

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
        eventually(running.is_ready, 90)
        yield Installation(running, mailbox)
    finally:
        end(running)
        mailbox.stop()
        shutil.rmtree(folder, ignore_errors=True)


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
