"""The keeper: the process that owns PostgreSQL while anybody uses the data directory.

Started by `EmbeddedServer.start`. It says one JSON line on standard output, `{"ready": …}` or `{"refused": …}`, then
watches: it starts PostgreSQL again after a crash and stops it when nobody holds `run/users.lock` any more.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from .binaries import POSTGRES_MAJOR, clean_environment, find_binaries
from .errors import LaunchRefused
from .identity import Identity, choose_identity
from .locks import FileLock
from .places import SOCKET_NAME, Places

DATABASE = "coopwerf"
OWNER_ROLE = "coopwerf_owner"
WEB_ROLE = "coopwerf_web"

TICK = 0.1
# After a kill -9 the children of the old postmaster live on for a moment and hold its files.
RETRY_SECONDS = 15.0
STOP_SECONDS = 20.0
LOG_BYTES = 10_000_000
MOST_CRASHES = 5

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # Compiling queries costs more than it gives at our sizes.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A statement that failed, and the detail of a broken rule, hold what people typed: names and addresses.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # No replicas: less to write, fewer processes at rest.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
}
# Only where losing everything in a power cut costs nothing.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}

ROLES_SQL = """
SELECT 'CREATE ROLE ' || name FROM unnest(ARRAY['coopwerf_owner', 'coopwerf_web']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
ALTER ROLE coopwerf_owner LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {createdb};
ALTER ROLE coopwerf_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
SELECT 'CREATE DATABASE coopwerf OWNER coopwerf_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'coopwerf') \\gexec
ALTER DATABASE coopwerf OWNER TO coopwerf_owner;
REVOKE ALL ON DATABASE coopwerf FROM PUBLIC;
GRANT CONNECT ON DATABASE coopwerf TO coopwerf_web;
"""


class Keeper:
    """Run one PostgreSQL server on one data directory."""

    def __init__(self, places: Places, *, tests: bool) -> None:
        self.places = places
        self.tests = tests
        self.binaries = find_binaries()
        self.identity = Identity("same", os.geteuid(), os.getegid())
        self.server: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    # Starting

    def prepare(self) -> None:
        """Make the cluster where there is none, and everything around it."""
        self._refuse_other_version()
        self.identity = choose_identity(self.places.cluster, self.binaries)
        self._make_socket_dir()
        if not self.places.cluster.exists():
            self._make_cluster()
        self._clear_stale_pid()

    def start(self) -> None:
        """Start PostgreSQL and return when it answers."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            start_of_log = self._log_size()
            self._run_server()
            while self.server and self.server.poll() is None:
                if self._answers():
                    return
                if self.asked_to_stop:
                    raise LaunchRefused("launch.stopped", "Asked to stop while PostgreSQL was starting.")
                time.sleep(0.02)
            words = self._log_since(start_of_log)
            still_held = "postmaster.pid" in words or "shared memory block" in words
            if not still_held or time.monotonic() > deadline:
                raise LaunchRefused(
                    "launch.postgres_failed",
                    f"PostgreSQL doesn't start. It says: {_last_words(words)} The whole log is in "
                    f"{self.places.postgres_log}.",
                    str(self.places.postgres_log),
                )
            time.sleep(0.2)
            self._clear_stale_pid()

    def make_roles(self) -> None:
        """Create the roles and the database, or set them right."""
        script = ROLES_SQL.format(createdb="CREATEDB" if self.tests else "NOCREATEDB")
        connection = ["-h", str(self.places.socket_dir), "-U", "postgres", "-d", "postgres"]
        done = subprocess.run(
            [str(self.binaries / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection, "-f", "-"],
            input=script,
            text=True,
            capture_output=True,
            env=clean_environment(),
            check=False,
        )
        if done.returncode != 0:
            raise LaunchRefused("launch.roles", f"The database's roles can't be set up: {done.stderr.strip()}")

    def say_ready(self) -> dict[str, object]:
        """Write down, for those who attach, that the server answers."""
        state: dict[str, object] = {
            "keeper": os.getpid(),
            "socket_dir": str(self.places.socket_dir),
            "postgres": self.server.pid if self.server else None,
            "as": self.identity.kind,
        }
        fresh = self.places.keeper_state.with_suffix(".new")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(self.places.keeper_state)
        return state

    def _refuse_other_version(self) -> None:
        mark = self.places.cluster / "PG_VERSION"
        try:
            found = mark.read_text(encoding="ascii").strip() if mark.exists() else None
        except PermissionError:
            # Another user's; choose_identity says so.
            return
        if self.places.cluster.exists() and found is None and any(self.places.cluster.iterdir()):
            raise LaunchRefused(
                "launch.not_a_cluster",
                f"{self.places.cluster} isn't empty and isn't a database of ours. Name another data directory.",
                str(self.places.cluster),
            )
        if found is not None and found != str(POSTGRES_MAJOR):
            raise LaunchRefused(
                "launch.other_version",
                f"The data in {self.places.data_dir} was made by PostgreSQL {found}; this release of Coopwerf brings "
                f"PostgreSQL {POSTGRES_MAJOR}. Nothing was changed. Start it with the release that made it, run "
                "`coopwerf backup FILE` there, then run `coopwerf restore FILE` here with an empty data directory.",
                str(self.places.cluster),
            )

    def _make_socket_dir(self) -> None:
        folder = self.places.socket_dir
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            facts = folder.lstat()
            if folder.is_symlink() or facts.st_uid not in (self.identity.uid, os.geteuid()):
                raise LaunchRefused(
                    "launch.socket_dir",
                    f"{folder} belongs to another user. Remove it, or use a data directory with a shorter path.",
                    str(folder),
                ) from None
        folder.chmod(0o700)
        self.identity.give(folder)

    def _make_cluster(self) -> None:
        # Made under another name: a folder called `pg` is always a whole cluster.
        for old in self.places.data_dir.glob("pg.new-*"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = self.places.data_dir / f"pg.new-{os.getpid()}"
        fresh.mkdir(mode=0o700)
        self.identity.give(fresh)
        text = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        access = ["-U", "postgres", "--auth-local=trust", "--auth-host=reject"]
        hurry = ["--no-sync"] if self.tests else []
        done = subprocess.run(
            [str(self.binaries / "initdb"), "-D", str(fresh), *access, *text, *hurry],
            capture_output=True,
            text=True,
            check=False,
            **self.identity.popen_options(),
        )
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise LaunchRefused(
                "launch.initdb",
                f"The database can't be created in {self.places.data_dir}. PostgreSQL says: {_last_words(done.stderr)}",
                str(self.places.data_dir),
            )
        fresh.rename(self.places.cluster)

    def _clear_stale_pid(self) -> None:
        """Remove a postmaster.pid whose process isn't this server.

        PostgreSQL itself refuses to start when the number in it has been given to another process of the same user,
        as happens when a container starts again. We hold the keeper's lock, so a server that does run here is an
        orphan whose keeper was killed; it is stopping already, and we wait for it.
        """
        mark = self.places.cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        pid = _number_in(mark)
        while pid is not None and self._is_our_server(pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
            time.sleep(TICK)
        # The socket has a lock file of its own, with the same fault; the folder is this server's alone.
        for stale in (mark, self.places.socket_dir / f"{SOCKET_NAME}.lock", self.places.socket_dir / SOCKET_NAME):
            stale.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        import psutil

        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return Path(process.cwd()) == self.places.cluster and Path(process.exe()).name == "postgres"
        except psutil.Error:
            return False

    def _run_server(self) -> None:
        settings = SETTINGS | (TEST_SETTINGS if self.tests else {})
        arguments = [item for name, value in settings.items() for item in ("-c", f"{name}={value}")]
        with open(self.places.postgres_log, "ab") as log:
            self.server = subprocess.Popen(
                [
                    self.binaries / "postgres",
                    "-D",
                    self.places.cluster,
                    "-k",
                    self.places.socket_dir,
                    *arguments,
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.identity.popen_options(dies_with_us=True),
            )

    def _answers(self) -> bool:
        if not (self.places.socket_dir / SOCKET_NAME).exists():
            return False
        return answers(self.binaries, self.places.socket_dir)

    # Watching and stopping

    def watch(self, users: FileLock) -> None:
        """Keep PostgreSQL running until nobody uses it any more, or we are told to stop."""
        crashes: list[float] = []
        next_look_at_log = time.monotonic() + 60
        while not self.asked_to_stop:
            if users.try_exclusive():
                return
            if self.server and self.server.poll() is not None:
                now = time.monotonic()
                crashes = [then for then in crashes if now - then < 60] + [now]
                if len(crashes) > MOST_CRASHES:
                    raise LaunchRefused("launch.crashes", "PostgreSQL stopped too often within a minute.")
                self.places.keeper_state.unlink(missing_ok=True)
                self._clear_stale_pid()
                self.start()
                self.say_ready()
            if time.monotonic() > next_look_at_log:
                self.shorten_log()
                next_look_at_log += 60
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop PostgreSQL: cleanly, and after twenty seconds in any case."""
        self.places.keeper_state.unlink(missing_ok=True)
        if self.server is None:
            return
        for sig, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if self.server.poll() is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                self.server.send_signal(sig)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(patience)

    def shorten_log(self) -> None:
        """Keep one older log file; PostgreSQL appends, so the file may be emptied under it."""
        log = self.places.postgres_log
        if log.exists() and log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)

    def _log_size(self) -> int:
        log = self.places.postgres_log
        return log.stat().st_size if log.exists() else 0

    def _log_since(self, start: int) -> str:
        with open(self.places.postgres_log, "rb") as file:
            file.seek(start)
            return file.read().decode("utf-8", errors="replace")


def answers(binaries: Path, socket_dir: Path) -> bool:
    """Tell whether the server on this socket takes connections."""
    probe = subprocess.run(
        [binaries / "pg_isready", "-q", "-t", "2", "-h", socket_dir, "-U", "postgres", "-d", "postgres"],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return probe.returncode == 0


def _number_in(mark: Path) -> int | None:
    """Return the process number on the first line of a lock file; None where there is none, or half a file."""
    try:
        return int(mark.read_text(encoding="utf-8", errors="replace").splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "nothing."


def _say(message: dict[str, object]) -> None:
    # The process that started us may be gone; that is no reason to stop for the others.
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def main(arguments: list[str]) -> int:
    """Run the keeper of `arguments[0]`; `--tests` after it gives up durability."""
    if os.fork():
        # Whoever started us has nothing to reap, and nothing happens to us when it ends.
        os._exit(0)
    places = Places.of(arguments[0])
    own = FileLock(places.keeper_lock)
    if not own.try_exclusive():
        _say({"busy": True})
        return 0
    # The state of a keeper that was killed.
    places.keeper_state.unlink(missing_ok=True)
    users = FileLock(places.users_lock)
    keeper: Keeper | None = None
    try:
        keeper = Keeper(places, tests="--tests" in arguments)
        running = keeper

        def ask_to_stop(signum: int, frame: FrameType | None) -> None:
            running.asked_to_stop = True

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        keeper.shorten_log()
        keeper.prepare()
        keeper.start()
        keeper.make_roles()
        _say({"ready": keeper.say_ready()})
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        keeper.watch(users)
    except LaunchRefused as refusal:
        _say({"refused": refusal.as_dict()})
        return 1
    except OSError as error:
        _say({"refused": {"code": "launch.files", "message": f"{error.strerror}: {error.filename}"}})
        return 1
    finally:
        if keeper is not None:
            keeper.stop()
        users.release()
        own.release()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
