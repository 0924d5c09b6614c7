"""Using the embedded PostgreSQL: start it, or attach to the one that runs."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from .binaries import find_binaries
from .errors import LaunchRefused
from .keeper import DATABASE, OWNER_ROLE, WEB_ROLE, answers
from .locks import FileLock
from .places import Places

__all__ = ["DATABASE", "OWNER_ROLE", "WEB_ROLE", "EmbeddedServer"]

# While PostgreSQL stops for another process we wait; a stop takes twenty seconds at most.
LOCK_SECONDS = 40.0
# Bringing a database back after a crash may take minutes; as long as its keeper lives, there is hope.
READY_SECONDS = 600.0
PAUSE = 0.02


class EmbeddedServer:
    """Use the PostgreSQL of a data directory; several processes may do so at once.

    `tests=True` turns durability off and lets the owner create databases; it counts for the process that starts the
    server, the others attach to what runs.
    """

    def __init__(self, data_dir: str | os.PathLike[str], tests: bool = False) -> None:
        self.places = Places.of(data_dir)
        self.tests = tests
        self._using = FileLock(self.places.users_lock)

    @property
    def socket_dir(self) -> Path:
        """The folder of the server's socket: `HOST` for Django, `host=` for libpq. There is no port and no password."""
        return self.places.socket_dir

    def dsn(self, role: str = OWNER_ROLE, dbname: str = DATABASE) -> str:
        """Return a connection URL for libpq, psycopg, pg_dump and `DATABASE_URL`."""
        return f"postgresql://{quote(role)}@/{quote(dbname)}?host={quote(str(self.socket_dir), safe='')}"

    def start(self) -> None:
        """Return when the server answers, whoever started it.

        Hold on to it until `stop`. Raises `LaunchRefused` with a sentence that tells what to do.
        """
        if self._using.held:
            self._wait_until_ready()
            return
        self.make_folders()
        self._begin_using()
        try:
            self._wait_until_ready()
        except BaseException:
            self._using.release()
            raise

    def stop(self, timeout: float = LOCK_SECONDS) -> None:
        """Let go of the server, and when nobody else uses it return after it has stopped."""
        if not self._using.held:
            return
        self._using.release()
        began = time.monotonic()
        keeper = FileLock(self.places.keeper_lock)
        while time.monotonic() - began < timeout:
            if keeper.try_exclusive():
                keeper.release()
                return
            if self._others_use_it():
                return
            time.sleep(PAUSE)

    def _others_use_it(self) -> bool:
        lock = FileLock(self.places.users_lock)
        # Not free for one alone, but free to share: held by others, and not by a keeper that is stopping.
        shared = not lock.try_exclusive() and lock.try_shared()
        lock.release()
        return shared

    def is_kept(self) -> bool:
        """Tell whether a keeper looks after the server."""
        keeper = FileLock(self.places.keeper_lock)
        if keeper.try_exclusive():
            keeper.release()
            return False
        return True

    def running(self) -> bool:
        """Tell whether a server answers now."""
        return self.places.keeper_state.exists() and answers(find_binaries(), self.socket_dir)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def make_folders(self) -> None:
        """Create the data directory with its folders for locks and logs."""
        places = self.places
        try:
            # A folder that root makes has to let PostgreSQL's user through to its own part.
            places.data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            places.run.mkdir(mode=0o700, exist_ok=True)
            places.log.mkdir(mode=0o700, exist_ok=True)
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise LaunchRefused(
                "launch.data_dir",
                f"The data directory {places.data_dir} can't be used: {error.strerror}. Name one you may write to.",
                str(places.data_dir),
            ) from None

    def _begin_using(self) -> None:
        deadline = time.monotonic() + LOCK_SECONDS
        try:
            while not self._using.try_shared():
                if time.monotonic() > deadline:
                    raise LaunchRefused(
                        "launch.busy",
                        f"The database in {self.places.data_dir} is still stopping. Try again in a minute.",
                        str(self.places.data_dir),
                    )
                time.sleep(PAUSE)
        except PermissionError:
            raise LaunchRefused(
                "launch.other_owner",
                f"The data directory {self.places.data_dir} belongs to another user. Start as that user, or name "
                "another data directory.",
                str(self.places.data_dir),
            ) from None

    def _wait_until_ready(self) -> None:
        binaries = find_binaries()
        keeper = FileLock(self.places.keeper_lock)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if keeper.try_exclusive():
                keeper.release()
                self._run_keeper()
            elif self._keeper_says_ready() and answers(binaries, self.socket_dir):
                return
            else:
                time.sleep(PAUSE)
        raise LaunchRefused(
            "launch.slow",
            f"PostgreSQL hasn't become ready in {READY_SECONDS:.0f} seconds. See {self.places.postgres_log}.",
            str(self.places.postgres_log),
        )

    def _keeper_says_ready(self) -> bool:
        try:
            state = json.loads(self.places.keeper_state.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return False
        return isinstance(state, dict) and state.get("socket_dir") == str(self.socket_dir)

    def _run_keeper(self) -> None:
        """Start a keeper and return when it is ready, or another one was quicker."""
        # The same packages as ours, however we came by them.
        packages = [str(Path(__file__).resolve().parents[3]), *filter(None, sys.path)]
        keeper = subprocess.Popen(
            [sys.executable, "-m", "coopwerf.conf.embedded.keeper", str(self.places.data_dir)]
            + (["--tests"] if self.tests else []),
            env={
                "PATH": os.defpath,
                "PYTHONPATH": os.pathsep.join(packages),
                "LC_ALL": "C.UTF-8",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        # It goes on in a child of its own; what we started ends at once, and the keeper isn't ours to reap.
        keeper.wait()
        assert keeper.stdout is not None
        with keeper.stdout:
            line = keeper.stdout.readline()
        if not line:
            raise LaunchRefused("launch.keeper", f"The database's keeper stopped. See {self.places.postgres_log}.")
        answer = json.loads(line)
        if "refused" in answer:
            refused = answer["refused"]
            raise LaunchRefused(refused["code"], refused["message"], refused.get("path"))
