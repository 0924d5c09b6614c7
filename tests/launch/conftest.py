"""Real processes: every test here starts and kills what an operator would, on a data directory of its own."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from coopwerf.conf.embedded import Places

SOURCE = Path(__file__).resolve().parents[2] / "src"


def clean_environment(**more: str) -> dict[str, str]:
    """Return our environment without what the tests' own settings put there."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("COOPWERF_", "DJANGO_", "DATABASE_"))
    }
    return {**kept, "PYTHONPATH": str(SOURCE), **more}


def coopwerf(*words: str, python: Sequence[str] = (sys.executable,), **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; nothing it says may be a traceback."""
    environment = more.pop("env", None) or clean_environment()
    more.setdefault("timeout", 120)
    done = subprocess.run([*python, "-m", "coopwerf", *words], env=environment, text=True, capture_output=True, **more)
    assert "Traceback" not in done.stderr + done.stdout
    return done


def eventually(question: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Ask until the answer is yes, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {question}")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Running:
    """One `coopwerf up`."""

    def __init__(self, data_dir: Path, port: int | None = None, **environment: str) -> None:
        self.places = Places.of(data_dir)
        self.port = port or free_port()
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed by `end`
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coopwerf", "up", "--data-dir", str(data_dir), "--port", str(self.port)],
            env=clean_environment(**environment),
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page; (0, "") when nobody answers."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            try:
                line.request("GET", path, headers={"Host": "localhost"})
                answer = line.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException):
                return 0, ""

    def is_ready(self) -> bool:
        """Tell whether pages and background work are being done."""
        assert self.process.poll() is None, self.words()
        return self.get("/readyz")[0] == 200

    def words(self) -> str:
        """Return what was printed so far."""
        return os.pread(self.output.fileno(), 1_000_000, 0).decode()

    @property
    def url(self) -> str:
        """Return the address of the site."""
        return f"http://localhost:{self.port}"

    def stop(self) -> str:
        """Ask to stop and return what was printed."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return self.words()

    def part(self, name: str) -> psutil.Process:
        """Return the process of a part: up, web, web-worker, worker, keeper, postgres."""
        if name in ("keeper", "postgres"):
            return psutil.Process(json.loads(self.places.keeper_state.read_text())[name])
        up = psutil.Process(self.process.pid)
        if name == "up":
            return up
        mark = "coopwerf.conf.worker" if name == "worker" else "granian"
        child = next(child for child in up.children() if mark in child.cmdline())
        return next(iter(child.children())) if name == "web-worker" else child

    def serves_nothing(self) -> bool:
        """Tell whether the port is free and no server of this data directory lives."""
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", self.port)):
            return not [
                p for p in psutil.process_iter(["cmdline"]) if str(self.places.cluster) in (p.info["cmdline"] or [])
            ]
        return False


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a data directory with all tables once."""
    # Not below pytest's own folder: its mode keeps other users out, and PostgreSQL's own is one.
    folder = Path("/tmp") / f"coopwerf-launch-{os.getpid()}"
    done = coopwerf("migrate", "--data-dir", str(folder))
    assert done.returncode == 0, done.stderr
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give an empty place that any user may pass through."""
    path = Path("/tmp") / f"coopwerf-launch-{os.getpid()}-{time.monotonic_ns():x}"
    path.mkdir(mode=0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def data_dir(prepared: Path, folder: Path) -> Path:
    """Give a data directory of its own, with all tables."""
    copy = folder / "data"
    subprocess.run(["cp", "-a", str(prepared), str(copy)], check=True)
    return copy


@pytest.fixture
def up(data_dir: Path) -> Iterator[Running]:
    """Give a running installation; whatever the test leaves of it is killed."""
    running = Running(data_dir)
    yield running
    end(running)


def end(running: Running) -> None:
    """Leave nothing behind."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(running.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    running.process.kill()
    running.process.wait()
    eventually(running.serves_nothing)
    running.output.close()
