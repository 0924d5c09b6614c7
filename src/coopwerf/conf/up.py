"""`coopwerf up`: the database, the web server and the worker, started in order and kept running."""

import contextlib
import http.client
import json
import logging
import logging.config
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from . import logs
from .cli import FINDING, Parser
from .database import open_database
from .embedded import EmbeddedServer, LaunchRefused, Places
from .embedded.identity import stop_with_parent
from .embedded.locks import FileLock
from .environment import external_url, prepare_environment

log = logging.getLogger("coopwerf.up")

TICK = 0.2
# A web server that was orphaned a moment ago is still letting go of its port.
PORT_SECONDS = 3.0
WEB_SECONDS = 60.0
# Open requests get this long to end; Granian ends its workers after its own five seconds.
STOP_SECONDS = 8.0


def run_up(places: Places, words: list[str]) -> int:
    """Start everything and stay; 1 with a sentence where that can't be done."""
    parser = Parser(prog="coopwerf up", description="Start everything, and keep it running. Ctrl+C stops it.")
    parser.add_argument("--port", type=int, default=8000, help="8000 where it isn't given")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; only this machine unless told otherwise")
    parser.add_argument(
        "--stop-with-parent",
        type=int,
        metavar="PID",
        help="stop when the process that started us ends: which one it is",
    )
    options = parser.parse_args(words)
    if options.stop_with_parent is not None:
        # Told, not asked here: on a busy machine it may have ended before we came to this line.
        stop_ourselves = stop_with_parent(signal.SIGTERM, parent=options.stop_with_parent)
        if stop_ourselves is not None:
            stop_ourselves()
    try:
        with _alone(places):
            refuse_half_restored(places)
            logging.config.dictConfig(logs.config(places.log, "up"))
            return Up(places, host=options.host, port=options.port).run()
    except LaunchRefused as refusal:
        say(refusal.message)
        return FINDING


def refuse_half_restored(places: Places) -> None:
    """Refuse to serve what isn't whole, or where erasures haven't been repeated yet."""
    if places.restoring.exists():
        raise LaunchRefused(
            "launch.half_restored",
            f"A restore into {places.data_dir} was interrupted. Run the same `coopwerf restore` again.",
        )


@contextlib.contextmanager
def _alone(places: Places) -> Any:
    """Let one `up` at a time work on a data directory."""
    EmbeddedServer(places.data_dir).make_folders()
    lock = FileLock(places.up_lock)
    try:
        if not lock.try_exclusive():
            raise LaunchRefused(
                "launch.already_up",
                f"Coopwerf runs already on the data in {places.data_dir}{_where(places)}. Stop that one first, or name "
                "another folder: make up DATA_DIR=…",
            )
        yield
    finally:
        lock.release()


def _where(places: Places) -> str:
    with contextlib.suppress(OSError, ValueError, KeyError):
        return f", at {json.loads(places.up_state.read_text(encoding='utf-8'))['base_url']}"
    return ""


class Up:
    """Run one installation on this machine."""

    def __init__(self, places: Places, *, host: str, port: int) -> None:
        from .supervise import Child

        self.places = places
        self.host = host
        self.port = port
        self.asked_to_stop = False
        self.server = None if external_url() else EmbeddedServer(places.data_dir)
        self.environment = dict(os.environ)
        self.environment.setdefault("COOPWERF_BASE_URL", f"http://localhost:{port}")
        # The same packages as ours, however we came by them.
        packages = [str(Path(__file__).resolve().parents[2]), *filter(None, sys.path)]
        self.environment["PYTHONPATH"] = os.pathsep.join(packages)
        self._child = Child

    def run(self) -> int:
        """Start, stay, stop; returns 0 after a stop that was asked for."""
        began = time.monotonic()
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # Started by nohup, a closed terminal is no reason to stop.
            if sig != signal.SIGHUP or signal.getsignal(sig) is not signal.SIG_IGN:
                signal.signal(sig, self._ask_to_stop)
        raise_file_limit()
        self._wait_for_port()
        with open_database(self.places, create=True):
            if self.server is not None:
                self.server.start()
            try:
                return self._run_on_database(began)
            finally:
                if self.server is not None:
                    self.server.stop()

    def _run_on_database(self, began: float) -> int:
        prepare_environment(self.places, role="web", target=self.environment)
        self._prepare()
        if self.asked_to_stop:
            return 0
        self._write_state()
        web = self._child("web", self._web_command(), self._environment_of("web"), if_orphaned=signal.SIGKILL)
        workers = [
            self._child(name, self._worker_command(), self._environment_of("worker"), if_orphaned=signal.SIGTERM)
            for name in ["worker", *(f"worker-{number}" for number in range(2, worker_processes() + 1))]
        ]
        children = (web, *workers)
        try:
            for child in children:
                child.tend()
            self._wait_for_page(children)
            if not self.asked_to_stop:
                say(f"Coopwerf is at {self.environment['COOPWERF_BASE_URL']} ({time.monotonic() - began:.1f} s)")
                self._offer_first_link()
                say("Ctrl+C stops it.")
            self._stay(children)
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait(STOP_SECONDS)
        say("Stopped.")
        return 0

    def _prepare(self) -> None:
        """Bring tables, catalogues and static files up to date in a process of its own: we stay small."""
        done = subprocess.run(
            [sys.executable, "-m", "coopwerf.conf.prepare", str(self.places.data_dir)],
            env=self._environment_of("command"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode != 0 and not self.asked_to_stop:
            raise _refusal_in(done.stderr)

    def _web_command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
            *("--workers", str(web_processes())),
            *("--host", self.host, "--port", str(self.port)),
            # One worker takes as many open streams as there are file handles; the default stops at 1,024.
            *("--backlog", "4096", "--backpressure", "8000"),
            # Without it a stop waits for ever for open streams.
            *("--workers-kill-timeout", "5", "--respawn-failed-workers"),
            *("--log-level", "warning", "--no-ws", "--http", "1"),
            "coopwerf.conf.serve:application",
        ]

    def _worker_command(self) -> list[str]:
        return [sys.executable, "-m", "coopwerf.conf.worker"]

    def _environment_of(self, process: str) -> dict[str, str]:
        return {**self.environment, "COOPWERF_PROCESS": process}

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + PORT_SECONDS
        while True:
            try:
                with socket.create_server((self.host, self.port)):
                    return
            except OSError as error:
                if time.monotonic() > deadline or self.asked_to_stop:
                    raise LaunchRefused(
                        "launch.port",
                        f"Port {self.port} can't be used: {error.strerror}. Choose another: make up PORT="
                        f"{self.port + 1 if self.port < 65535 else 8000}",
                    ) from None
                time.sleep(TICK)

    def _write_state(self) -> None:
        state = {"pid": os.getpid(), "port": self.port, "base_url": self.environment["COOPWERF_BASE_URL"]}
        self.places.up_state.write_text(json.dumps(state), encoding="utf-8")

    def _wait_for_page(self, children: tuple[Any, ...]) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not self.asked_to_stop and not self._answers():
            for child in children:
                child.tend()
            if children[0].starts > 3 or time.monotonic() > deadline:
                raise LaunchRefused(
                    "launch.web", f"The web server doesn't start. See above, and the files in {self.places.log}."
                )
            time.sleep(0.05)

    def _answers(self) -> bool:
        where = "127.0.0.1" if self.host in ("", "0.0.0.0") else self.host
        with contextlib.closing(http.client.HTTPConnection(where, self.port, timeout=2)) as line:
            try:
                line.request("GET", "/healthz", headers={"Host": "localhost"})
                return line.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def _offer_first_link(self) -> None:
        """Print the link that signs in the first administrator, where there is none yet."""
        done = subprocess.run(
            [sys.executable, "-m", "coopwerf", "first_link", "--data-dir", str(self.places.data_dir)],
            env=self._environment_of("command"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode != 0:
            log.info("no link for the first administrator: %s", done.stderr.strip())
            return
        with contextlib.suppress(ValueError):
            link = (json.loads(done.stdout or "null") or {}).get("link")
            if link:
                say(f"Sign in as the first administrator (good once, for 15 minutes): {link}")

    def _stay(self, children: tuple[Any, ...]) -> None:
        pause = TICK
        next_look = time.monotonic()
        while not self.asked_to_stop:
            for child in children:
                child.tend()
            if self.server is not None and time.monotonic() >= next_look and not self.server.is_kept():
                # The keeper was killed; PostgreSQL stops with it, and both come back here.
                try:
                    log.warning("the database's keeper ended, starting it again")
                    self.server.start()
                    pause = TICK
                except LaunchRefused as refusal:
                    pause = min(pause * 2, 30.0)
                    log.error("the database doesn't start: %s", refusal.message)
                next_look = time.monotonic() + pause
            time.sleep(TICK)

    def _ask_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def web_processes() -> int:
    """Return how many processes serve pages: two where there is a second core, for Python uses one at a time."""
    return min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def worker_processes() -> int:
    """Return how many workers do what waits: one, or as many as COOPWERF_WORKERS says where much mail leaves."""
    told = os.environ.get("COOPWERF_WORKERS", "1")
    return max(1, min(16, int(told))) if told.isdecimal() else 1


def raise_file_limit() -> None:
    """Allow as many open files as the machine lets us: every open stream is one, and the default ends at 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _refusal_in(text: str) -> LaunchRefused:
    lines = text.strip().splitlines()
    for line in reversed(lines):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            told = json.loads(line)
            return LaunchRefused(told["code"], told["message"], told.get("path"))
    return LaunchRefused("launch.prepare", lines[-1] if lines else "The tables can't be brought up to date.")


def say(text: str) -> None:
    """Tell the person at the terminal; a closed terminal is no reason to stop."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
