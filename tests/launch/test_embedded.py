"""The PostgreSQL that comes along: one server for many users, and every way in which a machine spoils a start."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from coopwerf.conf.embedded import OWNER_ROLE, WEB_ROLE, EmbeddedServer, LaunchRefused, Places, find_binaries
from coopwerf.conf.embedded.identity import Identity, choose_identity, may_enter, works
from coopwerf.conf.embedded.places import SOCKET_NAME, SOCKET_PATH_BYTES

from .conftest import SOURCE, clean_environment, coopwerf, eventually

is_root = os.geteuid() == 0
as_root = pytest.mark.skipif(not is_root, reason="only root can become somebody else")


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    one = EmbeddedServer(folder / "data", tests=True)
    yield one
    one.stop()


def answer(server: EmbeddedServer, role: str = OWNER_ROLE) -> str:
    with psycopg.connect(server.dsn(role)) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    assert row is not None
    return str(row[0])


def state(server: EmbeddedServer) -> dict[str, int]:
    kept: dict[str, int] = json.loads(server.places.keeper_state.read_text())
    return kept


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_it_starts_answers_as_both_roles_and_stops(server: EmbeddedServer) -> None:
    server.start()
    assert answer(server) == OWNER_ROLE
    assert answer(server, WEB_ROLE) == WEB_ROLE
    postgres = state(server)["postgres"]
    server.stop()
    assert is_gone(postgres)
    assert not server.running()


def test_the_web_role_is_nobody_and_the_owner_no_superuser(server: EmbeddedServer) -> None:
    server.start()
    with psycopg.connect(server.dsn()) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname LIKE 'coopwerf%' ORDER BY rolname"
        ).fetchall()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'coopwerf'"
        ).fetchone()
    assert rows == [(OWNER_ROLE, False, False, False), (WEB_ROLE, False, False, False)]
    assert owner == (OWNER_ROLE,)


def test_it_cannot_be_reached_over_the_network(server: EmbeddedServer) -> None:
    server.start()
    postgres = psutil.Process(state(server)["postgres"])
    assert [line for line in postgres.net_connections(kind="inet") if line.status == "LISTEN"] == []


def test_many_users_at_once_share_one_server_and_the_last_stops_it(folder: Path) -> None:
    code = (
        "import sys, time, psycopg; from coopwerf.conf.embedded import EmbeddedServer\n"
        "with EmbeddedServer(sys.argv[1], tests=True) as s, psycopg.connect(s.dsn()) as c:\n"
        "    time.sleep(float(sys.argv[2])); print(c.execute('SELECT pg_postmaster_start_time()').fetchone()[0])"
    )
    users = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder / "data"), str(0.3 + number * 0.1)],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(5)
    ]
    times = {user.communicate(timeout=60)[0] for user in users}
    assert [user.returncode for user in users] == [0] * 5
    assert len(times) == 1
    eventually(lambda: not EmbeddedServer(folder / "data").is_kept())


def test_it_stops_when_its_user_is_killed(folder: Path) -> None:
    code = (
        "import sys, time; from coopwerf.conf.embedded import EmbeddedServer\n"
        "EmbeddedServer(sys.argv[1], tests=True).start(); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder / "data")], env=clean_environment(), stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"ready\n"
        one = EmbeddedServer(folder / "data")
        postgres = state(one)["postgres"]
        user.kill()
    eventually(lambda: is_gone(postgres) and not one.is_kept())
    assert "database system is shut down" in one.places.postgres_log.read_text()


@pytest.mark.parametrize("victim", ["keeper", "postgres"])
def test_what_was_committed_survives_a_kill(folder: Path, victim: str) -> None:
    with EmbeddedServer(folder / "data") as server:
        _kill_and_look(server, victim)


def _kill_and_look(server: EmbeddedServer, victim: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    os.kill(state(server)[victim], signal.SIGKILL)
    if victim == "keeper":
        eventually(lambda: not server.is_kept())
        server.start()

    def kept() -> bool:
        try:
            with psycopg.connect(server.dsn()) as connection:
                return connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        except psycopg.OperationalError:
            return False

    eventually(kept)


@pytest.mark.parametrize("content", ["{ours}\n", "not a number\n"])
def test_a_stale_pid_file_does_not_stop_it(server: EmbeddedServer, content: str) -> None:
    """After a restart of a container its number belongs to somebody else of the same user: here to ourselves."""
    server.start()
    server.stop()
    mark = server.places.cluster / "postmaster.pid"
    mark.write_text(content.format(ours=os.getpid()))
    (server.socket_dir / f"{SOCKET_NAME}.lock").write_text(f"{os.getpid()}\n")
    shutil.chown(mark, server.places.cluster.stat().st_uid)
    server.start()
    assert answer(server) == OWNER_ROLE


def test_half_a_cluster_is_never_used(server: EmbeddedServer) -> None:
    server.make_folders()
    left = server.places.data_dir / "pg.new-1"
    left.mkdir()
    (left / "PG_VERSION").write_text("18")
    server.start()
    assert not left.exists()


def test_data_of_another_version_are_refused_and_left_alone(server: EmbeddedServer) -> None:
    server.make_folders()
    server.places.cluster.mkdir(mode=0o700)
    (server.places.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(LaunchRefused, match=r"made by PostgreSQL 16.*coopwerf backup") as refused:
        server.start()
    assert refused.value.code == "launch.other_version"
    assert [path.name for path in server.places.cluster.iterdir()] == ["PG_VERSION"]
    done = coopwerf("up", "--data-dir", str(server.places.data_dir))
    assert done.returncode == 1
    assert "made by PostgreSQL 16" in done.stdout


def test_a_folder_that_is_no_cluster_is_refused(server: EmbeddedServer) -> None:
    server.make_folders()
    server.places.cluster.mkdir()
    (server.places.cluster / "letter.odt").write_text("dear")
    with pytest.raises(LaunchRefused) as refused:
        server.start()
    assert refused.value.code == "launch.not_a_cluster"


def test_a_path_longer_than_a_socket_may_be_still_works(folder: Path) -> None:
    with EmbeddedServer(folder / ("x" * 100), tests=True) as server:
        assert len(os.fsencode(server.socket_dir / SOCKET_NAME)) <= SOCKET_PATH_BYTES
        assert server.socket_dir.parent == Path("/tmp")
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert answer(server) == OWNER_ROLE
    shutil.rmtree(server.socket_dir)


def test_the_longest_path_that_fits_stays_in_the_data_directory() -> None:
    room = SOCKET_PATH_BYTES - len(f"/socket/{SOCKET_NAME}")
    assert Places(Path("/" + "d" * (room - 1))).socket_dir.name == "socket"
    assert Places(Path("/" + "d" * room)).socket_dir.name != "socket"
    assert Places(Path("/" + "é" * (room // 2))).socket_dir.name != "socket"


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    server = EmbeddedServer(folder / ("x" * 100), tests=True)
    (folder / "elsewhere").mkdir()
    server.socket_dir.symlink_to(folder / "elsewhere")
    try:
        with pytest.raises(LaunchRefused) as refused:
            server.start()
        assert refused.value.code == "launch.socket_dir"
    finally:
        server.socket_dir.unlink()


@as_root
def test_root_steps_down_and_changes_nothing_else(folder: Path) -> None:
    before = folder.stat()
    with EmbeddedServer(folder / "data", tests=True) as server:
        assert psutil.Process(state(server)["postgres"]).uids().real != 0
        assert server.places.cluster.stat().st_uid != 0
    after = folder.stat()
    assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)


@as_root
def test_where_nobody_else_may_enter_root_uses_a_namespace_or_says_so(folder: Path) -> None:
    folder.chmod(0o700)
    (folder / "data").mkdir(mode=0o700)
    server = EmbeddedServer(folder / "data", tests=True)
    if not _has_user_namespaces():
        with pytest.raises(LaunchRefused, match="ordinary user"):
            server.start()
        return
    server.start()
    assert answer(server) == OWNER_ROLE
    assert server.places.cluster.stat().st_uid == 0
    server.stop()
    assert (folder.stat().st_mode & 0o777, (folder / "data").stat().st_mode & 0o777) == (0o700, 0o700)


def _has_user_namespaces() -> bool:
    return works(Identity("namespace", 0, 0), Path("/"), find_binaries())


@as_root
def test_an_ordinary_user_runs_it_and_root_goes_on_with_it(folder: Path) -> None:
    user = pwd.getpwnam("nobody")
    python = next(
        (
            path
            for path in (Path(sys.executable).resolve(), Path("/usr/bin/python3"))
            if path.exists() and may_enter(path.parent, user.pw_uid, user.pw_gid) and _has_our_version(path)
        ),
        None,
    )
    if python is None or not may_enter(SOURCE, user.pw_uid, user.pw_gid):
        pytest.skip("an ordinary user can't reach this Python")
    folder.chmod(0o777)
    packages = os.pathsep.join([str(SOURCE), *(path for path in sys.path if "site-packages" in path)])
    code = (
        "import sys, psycopg; from coopwerf.conf.embedded import EmbeddedServer\n"
        "with EmbeddedServer(sys.argv[1], tests=True) as s: psycopg.connect(s.dsn()).close()"
    )
    done = subprocess.run(
        [python, "-c", code, folder / "data"],
        env=clean_environment(PYTHONPATH=packages),
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with EmbeddedServer(folder / "data", tests=True) as server:
        assert psutil.Process(state(server)["postgres"]).uids().real == user.pw_uid


def _has_our_version(python: Path) -> bool:
    asked = [python, "-c", f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"]
    return subprocess.run(asked, check=False).returncode == 0


def test_a_data_directory_of_somebody_else_is_refused_with_their_name(server: EmbeddedServer) -> None:
    if not is_root:
        pytest.skip("only root can give a folder away")
    server.start()
    server.stop()
    from coopwerf.conf.embedded.binaries import find_binaries

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 12345)
        with pytest.raises(LaunchRefused, match="belongs to") as refused:
            choose_identity(server.places.cluster, find_binaries())
    assert refused.value.code == "launch.other_owner"


def test_a_second_start_while_stopping_waits_for_it(folder: Path) -> None:
    one = EmbeddedServer(folder / "data", tests=True)
    one.start()
    for _again in range(3):
        one.stop(timeout=0)
        began = time.monotonic()
        one.start()
        assert answer(one) == OWNER_ROLE
        assert time.monotonic() - began < 10
    one.stop()
