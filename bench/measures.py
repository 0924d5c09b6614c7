"""What is measured, in the order of docs/reference/bench.md; every bound stands here once."""

import dataclasses
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from . import machine, people
from .figures import LEAST, Figure, percentile
from .machine import best, coopwerf, serving, timed

PEOPLE = 20
PAGES = 25
REST_SECONDS = 15
BOARD = (
    "ada.bosmans@bench.example",
    "bilal.haddad@bench.example",
    "celine.fontaine@bench.example",
    *(f"director{number}.maes@bench.example" for number in range(1, 18)),
)


@dataclasses.dataclass(frozen=True)
class Place:
    """Where we measure: a folder for files, the installation's data, and how much is in it."""

    folder: Path
    data_dir: Path
    members: int
    rows: int

    @property
    def slug(self) -> str:
        """Return the address of the large co-operative."""
        return f"proef-{self.members}"

    @property
    def data(self) -> str:
        """Say how much there is."""
        return f"{self.members:,} members, {3 * self.members:,} movements"

    def inside(self, what: str) -> dict[str, Any]:
        """Measure something in a process with the application in it."""
        _took, done = timed(sys.executable, "-m", "bench.inside", self.data_dir, what, self.slug)
        told: dict[str, Any] = json.loads(done.stdout)
        return told


def filled(place: Place) -> Iterator[Figure]:
    """Make the installation with its large co-operative."""
    coopwerf("migrate", data_dir=place.data_dir)
    took, told = coopwerf("bench-data", "--members", str(place.members), data_dir=place.data_dir)
    yield Figure("bench-data written by COPY", took, "s", data=f"{place.data}, head at {told['head'].split(':')[0]}")


def register(place: Place) -> Iterator[Figure]:
    """Read the register as of a date."""
    copied = place.inside("copying")["csv"]
    out = place.folder / "register.csv"

    def show() -> float:
        took, _nothing = coopwerf(
            "register", "show", "--at", "2026-01-01", "--coop", place.slug, data_dir=place.data_dir, out=out
        )
        return took

    yield Figure(
        "register as of a date to CSV",
        best(3, show),
        "s",
        bound=3,
        peer="COPY of the same query",
        peer_value=copied,
        data=f"{place.data}; {out.stat().st_size / 1e6:.1f} MB; the whole command with its start",
    )
    told = place.inside("reading")
    for name, key in (("totals as of a date", "totals"), ("one member's holding as of a date", "holding")):
        yield Figure(name, told[key], "ms p95", bound=20, data=f"{place.data}; 200 random dates")


def verify(place: Place) -> Iterator[Figure]:
    """Prove the register, from the database and from a file."""
    tables = place.inside("copying")["tables"]
    movements = 0

    def from_database() -> float:
        nonlocal movements
        took, told = coopwerf("verify", "--coop", place.slug, data_dir=place.data_dir)
        movements = int(told["movements"])
        assert told["ok"], told
        return took

    took = best(2, from_database)
    yield Figure(
        "verify from the database",
        movements / took,
        "movements/s",
        bound=30_000,
        side=LEAST,
        peer="COPY of the tables it reads",
        peer_value=movements / tables,
        data=f"{place.data}; the whole command with its start",
    )
    file = place.folder / "proef.register"
    took, told = coopwerf("register", "export", file, "--coop", place.slug, data_dir=place.data_dir)
    yield Figure("register export", took, "s", data=f"{told['links']:,} links, {file.stat().st_size / 1e6:.0f} MB")

    def from_file() -> float:
        took, done = timed(*_on_one_core(), sys.executable, "-m", "coopcalc.register", "verify", file)
        assert json.loads(done.stdout)["ok"], done.stdout
        return took

    yield Figure(
        "verify from the exported file",
        movements / best(3, from_file),
        "movements/s",
        bound=50_000,
        side=LEAST,
        peer="SHA-256 over the same lines",
        peer_value=movements / best(3, lambda: _hashed(file)),
        data=f"{place.data}; one core",
    )
    file.unlink()


def _on_one_core() -> tuple[str, ...]:
    return ("taskset", "-c", "0") if shutil.which("taskset") else ()


def _hashed(file: Path) -> float:
    began = time.perf_counter()
    digest = b""
    with file.open("rb") as lines:
        for line in lines:
            digest = sha256(digest + line).digest()
    return time.perf_counter() - began


def admissions(place: Place) -> Iterator[Figure]:
    """Admit members through the actions."""
    told = place.inside("admitting")
    for name, key in (
        ("admissions, one decision and transaction each", "one_by_one"),
        ("admissions of requests by one decision", "by_decision"),
    ):
        yield Figure(
            name,
            told[key],
            "admissions/s",
            bound=30,
            side=LEAST,
            peer="small transactions",
            peer_value=told["plain"],
            data=f"into {place.data}",
        )


def rest(place: Place) -> Iterator[Figure]:
    """Weigh an installation that has started and does nothing."""
    port = machine.free_port()
    with serving(machine.up(place.data_dir, port), port) as (_took, process):
        time.sleep(REST_SECONDS)
        weights = machine.weights(process, place.data_dir)
    told = ", ".join(f"{name} {value:.0f}" for name, value in sorted(weights.items()))
    yield Figure(
        "memory at rest, all processes",
        sum(weights.values()),
        "MB",
        bound=400,
        peer="PostgreSQL's part",
        peer_value=weights["postgres"],
        data=f"proportional set size; {told}",
    )


def web(place: Place) -> Iterator[Figure]:
    """Open pages over HTTP, twenty people at once, on a running installation."""
    port, mail = machine.free_port(), machine.free_port()
    command = machine.up(place.data_dir, port)
    with (
        people.mailbox(mail) as box,
        serving(command, port, COOPWERF_SMTP_URL=f"smtp://127.0.0.1:{mail}") as (_took, process),
    ):
        machine.wait_until_idle(process)
        browsers = [people.Browser(port) for _ in range(PEOPLE)]
        for browser, address in zip(browsers, BOARD, strict=True):
            browser.sign_in(address, box)

        def member(dice: random.Random) -> str:
            return f"/c/{place.slug}/register/members/{dice.randint(1, place.members)}/"

        pages = (
            ("member page", member),
            ("admissions page", lambda dice: f"/c/{place.slug}/requests/"),
            ("register page", lambda dice: f"/c/{place.slug}/register/?after={dice.randint(0, place.members - 100)}"),
        )
        people.at_once(browsers, member, 3)
        plain = health(port)
        for name, address in pages:
            bound = 150 if name != "register page" else None
            reading = people.at_once(browsers, address, 10, pause=1.0)
            yield Figure(
                f"{name}, 20 people reading",
                percentile(reading, 0.95),
                "ms p95",
                bound=bound,
                peer="the same 20 asking /healthz",
                peer_value=plain,
                data=f"{place.data}; a page a second each; p50 {percentile(reading, 0.5):.0f} ms",
            )
            rushing = people.at_once(browsers, address, PAGES)
            yield Figure(
                f"{name}, 20 connections without a pause",
                percentile(rushing, 0.95),
                "ms p95",
                bound=bound,
                data=f"{place.data}; p50 {percentile(rushing, 0.5):.0f} ms, "
                f"{PEOPLE * 1000 / (sum(rushing) / len(rushing)):.0f} pages/s",
            )


def health(port: int) -> float:
    """Time the same people asking whether it is there: 95 of 100 are as fast or faster."""
    browsers = [people.Browser(port) for _ in range(PEOPLE)]
    return percentile(people.at_once(browsers, lambda dice: "/healthz", PAGES, whole=False), 0.95)


def bringing(place: Place) -> Iterator[Figure]:
    """Bring a spreadsheet along: its dry run, then for good."""
    from openpyxl import load_workbook

    from tests.register.spreadsheets import many

    file = many(place.rows).write_to(place.folder)
    began = time.perf_counter()
    sheet = load_workbook(file, read_only=True).worksheets[0]
    rows = sum(1 for _row in sheet.iter_rows(values_only=True))
    read = time.perf_counter() - began
    slug = place.inside("opening")["slug"]
    words = ("register", "import", file, "--coop", slug, "--at", "2026-10-31")
    for name, more, bound in (("dry run of an import", ("--dry-run",), 20), ("import", (), 60)):
        took, told = coopwerf(*words, *more, data_dir=place.data_dir)
        assert told["members"] == place.rows, told
        yield Figure(
            name,
            took,
            "s",
            bound=bound,
            peer="reading the file with openpyxl",
            peer_value=read,
            data=f"a spreadsheet of {rows - 1:,} rows; the whole command with its start",
        )


def backup(place: Place) -> Iterator[Figure]:
    """Back up, and bring it back on an empty machine; for information."""
    from coopwerf.conf.database import open_database
    from coopwerf.conf.embedded import Places, find_binaries
    from coopwerf.conf.environment import owner_url

    places = Places.of(place.data_dir)
    with open_database(places):
        began = time.perf_counter()
        subprocess.run(
            [find_binaries() / "pg_dump", "--format=custom", f"--file={place.folder / 'peer'}", owner_url(places)],
            check=True,
        )
        dumped = time.perf_counter() - began
    file = place.folder / "bench.backup"
    took, _told = coopwerf("backup", file, data_dir=place.data_dir)
    size = f"{place.data}; {file.stat().st_size / 1e6:.0f} MB"
    yield Figure("backup", took, "s", peer="pg_dump", peer_value=dumped, data=size)
    took, _told = coopwerf("restore", file, data_dir=place.folder / "restored")
    yield Figure("restore on an empty machine", took, "s", data=size)
    shutil.rmtree(place.folder / "restored", ignore_errors=True)


def start(place: Place) -> Iterator[Figure]:
    """Start from a fresh clone: install from the package cache, then everything until the first page."""
    clone = place.folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(machine.ROOT), str(clone)], check=True)
    installed, _done = timed("make", "-C", clone, "venv")
    port = machine.free_port()
    command = ["make", "-C", str(clone), "up", f"PORT={port}", f"DATA_DIR={place.folder / 'fresh'}"]
    with serving(command, port) as (took, _process):
        pass
    yield Figure(
        "make up, from a warm package cache to the first page",
        installed + took,
        "s",
        bound=60,
        peer="installing alone",
        peer_value=installed,
        data=f"a fresh clone and an empty data directory; {took:.1f} s from make up to the first page once installed",
    )
    with serving(machine.up(place.folder / "fresh", port), port) as (took, _process):
        pass
    yield Figure("up again, to the first page", took, "s", data="an empty installation")
