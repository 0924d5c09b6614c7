"""Starting, stopping, and every way of dying in between."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from .conftest import Running, coopwerf, end, eventually


def test_it_starts_serves_and_stops_within_seconds(up: Running) -> None:
    eventually(up.is_ready, 60)
    assert up.get("/")[0] == 200
    began = time.monotonic()
    words = up.stop()
    assert time.monotonic() - began < 10
    assert up.process.returncode == 0
    assert f"http://localhost:{up.port}" in words
    assert "Stopped" in words
    assert up.serves_nothing()


def test_a_second_start_on_the_same_data_says_so_and_changes_nothing(up: Running) -> None:
    eventually(up.is_ready, 60)
    second = coopwerf("up", "--data-dir", str(up.places.data_dir), "--port", str(up.port + 1))
    assert second.returncode == 1
    assert "runs already" in second.stdout
    assert str(up.port) in second.stdout
    assert up.is_ready()


def test_a_port_in_use_is_named(up: Running, folder: Path) -> None:
    eventually(up.is_ready, 60)
    second = coopwerf("up", "--data-dir", str(folder / "other"), "--port", str(up.port))
    assert second.returncode == 1
    assert re.search(rf"Port {up.port} can't be used.*PORT={up.port + 1}", second.stdout)


@pytest.mark.parametrize("part", ["web", "web-worker", "worker", "keeper", "postgres"])
def test_a_killed_part_comes_back(up: Running, part: str) -> None:
    eventually(up.is_ready, 60)
    killed = up.part(part)
    killed.kill()
    eventually(lambda: not killed.is_running() or killed.status() == psutil.STATUS_ZOMBIE)

    eventually(lambda: _is_another(up, part, killed) and up.get("/")[0] == 200, 30)
    eventually(up.is_ready, 30)
    up.stop()
    assert up.serves_nothing()


def test_a_worker_comes_back_also_after_a_quiet_end(up: Running) -> None:
    """A settled worker ends with code 0 when the database is restarted."""
    eventually(up.is_ready, 60)
    worker = up.part("worker")
    worker.terminate()
    eventually(lambda: not worker.is_running())
    eventually(lambda: _is_another(up, "worker", worker))


@pytest.mark.parametrize("parts", [("up",), ("up", "web"), ("up", "web", "web-worker", "worker", "keeper", "postgres")])
def test_nothing_stays_behind_when_killed_and_it_starts_again(up: Running, parts: tuple[str, ...]) -> None:
    eventually(up.is_ready, 60)
    processes = [up.part(part) for part in parts]
    for process in processes:
        process.kill()
    up.process.wait()
    eventually(up.serves_nothing)
    again = Running(up.places.data_dir, up.port)
    try:
        eventually(again.is_ready, 60)
    finally:
        end(again)


def test_started_by_make_it_ends_with_make(data_dir: Path) -> None:
    with _started(data_dir) as (helper, child):
        time.sleep(1)
        helper.kill()
        helper.wait(20)
        eventually(lambda: not child.is_running())


def test_it_ends_with_make_that_is_gone_before_it_looks(data_dir: Path) -> None:
    """On a busy machine whoever started it may have ended before Python has read its first line."""
    with _started(data_dir) as (helper, child):
        child.suspend()
        helper.kill()
        helper.wait(20)
        child.resume()
        eventually(lambda: not child.is_running())


@contextlib.contextmanager
def _started(data_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], psutil.Process]]:
    """Start it as make does, in the background of a shell; nothing stays behind where a test fails."""
    words = ["sh", "-c", '"$@" --stop-with-parent $$ & wait', "sh", *_up_words(data_dir)]
    helper = subprocess.Popen(words, env=_environment(), stdout=subprocess.DEVNULL)
    child = eventually(lambda: next(iter(psutil.Process(helper.pid).children()), None))
    try:
        yield helper, child
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.terminate()
        helper.kill()
        helper.wait(20)


def test_a_data_directory_that_cannot_be_written_is_refused(folder: Path) -> None:
    (folder / "file").write_text("")
    done = coopwerf("up", "--data-dir", str(folder / "file"))
    assert done.returncode == 1
    assert "can't be used" in done.stdout


def test_logs_are_json_and_hold_no_addresses(up: Running) -> None:
    eventually(up.is_ready, 60)
    up.get("/c/some-coop/certificate/secret-token/")
    up.stop()
    lines = [json.loads(line) for line in (up.places.log / "web.jsonl").read_text().splitlines()]
    asked = [line for line in lines if line["logger"] == "coopwerf.requests"]
    assert asked
    assert {"at", "level", "method", "route", "status", "ms"} <= asked[-1].keys()
    assert "secret-token" not in (up.places.log / "web.jsonl").read_text()


def test_files_with_secrets_are_for_the_owner_only(up: Running) -> None:
    eventually(up.is_ready, 60)
    assert up.places.secrets.stat().st_mode & 0o777 == 0o600
    assert up.places.cluster.stat().st_mode & 0o777 == 0o700
    assert up.places.socket_dir.stat().st_mode & 0o777 == 0o700
    assert up.places.log.stat().st_mode & 0o077 == 0


def _is_another(up: Running, part: str, killed: psutil.Process) -> bool:
    try:
        fresh = up.part(part)
        return fresh.pid != killed.pid and fresh.is_running()
    except (psutil.NoSuchProcess, StopIteration, FileNotFoundError, ValueError):
        return False


def _up_words(data_dir: Path) -> list[str]:
    import sys

    from .conftest import free_port

    words = [sys.executable, "-m", "coopwerf", "up"]
    return [*words, "--data-dir", str(data_dir), "--port", str(free_port())]


def _environment() -> dict[str, str]:
    from .conftest import clean_environment

    return clean_environment()


def test_the_first_signal_is_enough_while_starting(data_dir: Path) -> None:
    running = Running(data_dir)
    time.sleep(0.5)
    os.kill(running.process.pid, signal.SIGINT)
    running.process.wait(20)
    end(running)
