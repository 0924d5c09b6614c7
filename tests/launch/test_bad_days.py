"""Bad days with a real register: power cuts, killed workers, an empty machine, a server of one's own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from coopwerf.conf.embedded import OWNER_ROLE, EmbeddedServer, Places

from .conftest import SOURCE, Running, clean_environment, coopwerf, end, eventually

DATE = "2025-12-31"
PARTS = ("up", "web", "web-worker", "worker", "keeper", "postgres")


def secretary(data_dir: Path, *words: str) -> list[str]:
    """Return the command that does a secretary's work there."""
    return [sys.executable, "-m", "tests.launch.secretary", str(data_dir), *words]


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which our own helpers are found too."""
    return clean_environment(PYTHONPATH=os.pathsep.join([str(SOURCE), str(SOURCE.parent)]), **more)


def does(data_dir: Path, *words: str, **more: str) -> list[str]:
    """Have a secretary do something to its end; return the lines that were printed."""
    done = subprocess.run(
        secretary(data_dir, *words), env=environment(**more), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def told(data_dir: Path, *words: str, code: int = 0) -> Any:
    """Run a command and read the JSON that it prints."""
    done = coopwerf(*words, "--data-dir", str(data_dir))
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def show(data_dir: Path) -> str:
    """Print the register."""
    done = coopwerf("register", "show", "--at", DATE, "--data-dir", str(data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def with_register(data_dir: Path) -> Path:
    """Give an installation with a co-operative of twelve."""
    does(data_dir, "found", "12")
    return data_dir


@pytest.fixture
def busy(with_register: Path) -> Iterator[Running]:
    """Give a running installation with a register."""
    running = Running(with_register)
    eventually(running.is_ready, 60)
    yield running
    end(running)


def test_after_a_power_cut_the_register_is_the_same_to_the_byte(busy: Running) -> None:
    data_dir = busy.places.data_dir
    before = show(data_dir)
    assert len(before.splitlines()) == 13
    processes = [busy.part(part) for part in PARTS]
    for process in processes:
        process.kill()
    busy.process.wait()
    eventually(busy.serves_nothing)
    again = Running(data_dir, busy.port)
    try:
        eventually(again.is_ready, 60)
        assert show(data_dir) == before
        assert told(data_dir, "verify")["ok"]
    finally:
        end(again)


def test_whoever_was_told_that_it_is_done_finds_it_done(busy: Running) -> None:
    """Everything dies while people are being admitted: what was said to be written is there, the rest isn't half."""
    data_dir = busy.places.data_dir
    writer = subprocess.Popen(secretary(data_dir, "admit"), env=environment(), stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _number in range(8)]
    for process in [busy.part(part) for part in PARTS]:
        process.kill()
    writer.kill()
    said += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait()
    busy.process.wait()
    eventually(busy.serves_nothing)
    proof = told(data_dir, "verify")
    assert proof["ok"]
    numbers = [int(line.split(",")[0]) for line in show(data_dir).splitlines()[1:]]
    assert set(said) <= set(numbers)
    assert len(numbers) - 12 - len(said) in (0, 1)
    assert numbers == list(range(1, len(numbers) + 1))


def test_killed_in_the_middle_a_backup_disturbs_nobody(busy: Running, folder: Path) -> None:
    data_dir = busy.places.data_dir
    before = show(data_dir)
    command = [sys.executable, "-m", "coopwerf", "backup", str(folder / "b.tar"), "--data-dir", str(data_dir)]
    running = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.DEVNULL)
    eventually(lambda: list(folder.glob(".b.tar.*.part")))
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not (folder / "b.tar").exists()
    assert busy.is_ready()
    assert show(data_dir) == before
    assert told(data_dir, "backup", str(folder / "b.tar"))["heads"]


def test_on_an_empty_machine_the_backup_is_the_same_co_operative(busy: Running, folder: Path) -> None:
    data_dir = busy.places.data_dir
    asked = does(data_dir, "ask", "register.extract", "1")
    made = data_dir / "files" / "documents"
    eventually(lambda: list(made.rglob(f"{asked[0]}.pdf")), 60)
    eventually(lambda: told(data_dir, "verify")["unsealed"] == 0, 60)
    before, proof = show(data_dir), told(data_dir, "verify")
    assert coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(data_dir)).returncode == 0
    new = folder / "new"
    assert coopwerf("restore", str(folder / "b.tar"), "--data-dir", str(new)).returncode == 0
    assert show(new) == before
    after = told(new, "verify", "--head", proof["head"])
    assert after["ok"]
    assert (after["movements"], after["shares"], after["paid"]) == (proof["movements"], proof["shares"], proof["paid"])
    assert {path.relative_to(data_dir / "files"): path.read_bytes() for path in made.rglob("*.pdf")} == {
        path.relative_to(new / "files"): path.read_bytes() for path in (new / "files").rglob("*.pdf")
    }


def documents(data_dir: Path) -> list[tuple[str, str, int]]:
    """Return id, state and attempts of every document, whoever's it is."""
    with psycopg.connect(EmbeddedServer(data_dir).dsn("postgres", "coopwerf")) as connection:
        return connection.execute("SELECT id::text, state, attempts FROM documents_document ORDER BY id").fetchall()


@pytest.mark.exhaustive
def test_a_paper_whose_worker_was_killed_is_made_by_the_next(busy: Running) -> None:
    """Within two minutes: a worker counts as dead when it hasn't been heard of for three quarters of one.

    It was sealing too, and the same work waits again already: that twin may not hold up the rest.
    """
    data_dir = busy.places.data_dir
    worker = busy.part("worker")
    asking = threading.Thread(target=does, args=(data_dir, "ask", "register.extract", "20"))
    asking.start()
    eventually(lambda: any(state == "making" for _id, state, _attempts in documents(data_dir)))
    worker.kill()
    asking.join()

    def all_made() -> bool:
        states = [state for _id, state, _attempts in documents(data_dir)]
        assert "failed" not in states
        return states == ["ready"] * 20

    eventually(all_made, 180)
    there = {path.stem for path in (data_dir / "files" / "documents").rglob("*.pdf")}
    assert there == {name for name, _state, _attempts in documents(data_dir)}
    assert not list((data_dir / "files").rglob(".part-*"))
    assert told(data_dir, "verify")["ok"]


def test_a_whole_installation_lives_on_a_server_of_ones_own(folder: Path) -> None:
    """DATABASE_URL: nothing is embedded, and everything else is the same."""
    with EmbeddedServer(folder / "outside", tests=True) as outside:
        with psycopg.connect(outside.dsn("postgres", "postgres"), autocommit=True) as admin:
            admin.execute("DROP OWNED BY coopwerf_web")
            admin.execute("REVOKE ALL ON DATABASE coopwerf FROM coopwerf_web")
            admin.execute("DROP ROLE coopwerf_web")
            admin.execute("ALTER ROLE coopwerf_owner CREATEROLE")
        url = outside.dsn(OWNER_ROLE)
        running = Running(folder / "data", DATABASE_URL=url)
        try:
            eventually(running.is_ready, 90)
            assert not Places.of(folder / "data").cluster.exists()
            does(folder / "data", "found", "3", DATABASE_URL=url)
            environment = clean_environment(DATABASE_URL=url)
            shown = coopwerf("register", "show", "--at", DATE, "--data-dir", str(folder / "data"), env=environment)
            assert len(shown.stdout.splitlines()) == 4
            assert coopwerf("verify", "--data-dir", str(folder / "data"), env=environment).returncode == 0
            assert running.get("/c/wolkenwerf/")[0] == 200
            running.stop()
            assert running.process.returncode == 0
        finally:
            end(running)
