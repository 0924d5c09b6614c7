"""A backup while in use, and the same installation from it on an empty machine."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import uuid
from pathlib import Path

import psycopg
import pytest

from coopwerf.conf.archive import MANIFEST, ArchiveWriter, open_archive
from coopwerf.conf.embedded import EmbeddedServer, LaunchRefused, Places

from .conftest import Running, clean_environment, coopwerf, eventually

HASH = hashlib.sha256(b"a chain").hexdigest()
COOP = uuid.UUID("01a00000-0000-7000-8000-000000000001")


@pytest.fixture
def filled(data_dir: Path) -> Path:
    """Give an installation with a chain, a session and files, one with a long name."""
    places = Places.of(data_dir)
    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn()) as connection:
        connection.execute("INSERT INTO kernel_chainhead VALUES (%s, 3, %s, now())", [COOP, HASH])
        connection.execute("INSERT INTO django_session VALUES ('one', 'kept', now())")
    deep = places.files / "extracts" / ("long-" * 30)
    deep.mkdir(parents=True)
    (deep / "Ébène.pdf").write_bytes(b"%PDF" + os.urandom(3000))
    (places.files / "empty").write_bytes(b"")
    return data_dir


def sessions(data_dir: Path) -> list[tuple[str, str]]:
    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn()) as connection:
        return connection.execute("SELECT session_key, session_data FROM django_session").fetchall()


def files(data_dir: Path) -> dict[str, bytes]:
    top = Places.of(data_dir).files
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_a_backup_comes_back_identical_on_an_empty_machine(filled: Path, folder: Path) -> None:
    made = coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(filled))
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["heads"] == {str(COOP): f"3:{HASH}"}
    assert (folder / "b.tar").stat().st_mode & 0o777 == 0o600
    with tarfile.open(folder / "b.tar") as tar:
        assert tar.getnames()[-1] == MANIFEST
    back = coopwerf("restore", str(folder / "b.tar"), "--data-dir", str(folder / "new"))
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["files"] == 2
    assert files(folder / "new") == files(filled)
    assert sessions(folder / "new") == [("one", "kept")]
    with EmbeddedServer(folder / "new") as server, psycopg.connect(server.dsn()) as connection:
        seen = connection.execute("SELECT reltuples FROM pg_class WHERE relname = 'kernel_chainhead'").fetchone()
    assert seen == (1,), "what came back is counted, so that questions are planned for it"
    healthy = coopwerf("doctor", "--format", "json", "--data-dir", str(folder / "new"))
    assert healthy.returncode == 0, healthy.stdout


def test_a_backup_is_taken_while_in_use(up: Running, folder: Path) -> None:
    eventually(up.is_ready, 60)
    made = coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(up.places.data_dir))
    assert made.returncode == 0, made.stderr
    assert up.is_ready()
    open_archive(folder / "b.tar").close()


def test_nothing_is_ever_overwritten(filled: Path, folder: Path) -> None:
    (folder / "b.tar").write_bytes(b"precious")
    again = coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(filled))
    assert again.returncode == 2
    assert json.loads(again.stderr)["code"] == "launch.file_exists"
    assert (folder / "b.tar").read_bytes() == b"precious"
    coopwerf("backup", str(folder / "c.tar"), "--data-dir", str(filled))
    back = coopwerf("restore", str(folder / "c.tar"), "--data-dir", str(filled))
    assert back.returncode == 2
    assert json.loads(back.stderr)["code"] == "launch.not_empty"
    assert sessions(filled) == [("one", "kept")]


def test_killed_in_the_middle_it_leaves_no_file_under_the_name(filled: Path, folder: Path) -> None:
    # Slow to read, so that the middle lasts.
    os.truncate(Places.of(filled).files / "empty", 400_000_000)
    command = [sys.executable, "-m", "coopwerf", "backup", str(folder / "b.tar"), "--data-dir", str(filled)]
    running = subprocess.Popen(command, env=clean_environment())
    draft = eventually(lambda: next((p for p in folder.glob(".b.tar.*.part") if p.stat().st_size > 10_000_000), None))
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not (folder / "b.tar").exists()
    os.truncate(Places.of(filled).files / "empty", 0)
    again = coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(filled))
    assert again.returncode == 0, again.stderr
    assert not draft.exists()


def test_a_restore_killed_in_the_middle_isnt_served_and_starts_afresh(filled: Path, folder: Path) -> None:
    coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(filled))
    command = [sys.executable, "-m", "coopwerf", "restore", str(folder / "b.tar"), "--data-dir", str(folder / "new")]
    running = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.DEVNULL)
    eventually(Places.of(folder / "new").cluster.exists)
    time.sleep(0.2)
    running.kill()
    running.wait()
    served = coopwerf("up", "--data-dir", str(folder / "new"))
    assert served.returncode == 1
    assert "interrupted" in served.stdout
    back = coopwerf("restore", str(folder / "b.tar"), "--data-dir", str(folder / "new"))
    assert back.returncode == 0, back.stderr
    assert sessions(folder / "new") == [("one", "kept")]


def test_a_damaged_backup_is_refused_before_anything_is_touched(filled: Path, folder: Path) -> None:
    coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(filled))
    whole = (folder / "b.tar").read_bytes()
    middle = len(whole) // 2
    for damaged in (whole[:middle], whole[:middle] + b"x" + whole[middle + 1 :], b"", b"no tar at all" * 100):
        (folder / "damaged.tar").write_bytes(damaged)
        back = coopwerf("restore", str(folder / "damaged.tar"), "--data-dir", str(folder / "new"))
        assert back.returncode == 2
        assert json.loads(back.stderr)["code"] == "launch.backup_damaged"
        assert not (folder / "new").exists()


def test_a_member_that_points_outside_is_refused(folder: Path) -> None:
    with open(folder / "b.tar", "w+b") as file:
        archive = ArchiveWriter(file)
        archive.add("files/../../../etc/x", io.BytesIO(b"x"))
        archive.close(postgres=18, files=1, heads={})
    with pytest.raises(LaunchRefused, match="no file of ours"):
        open_archive(folder / "b.tar")


def test_a_missing_backup_and_a_missing_folder_are_named(filled: Path, folder: Path) -> None:
    back = coopwerf("restore", str(folder / "none.tar"), "--data-dir", str(folder / "new"))
    assert json.loads(back.stderr)["code"] == "launch.no_backup"
    made = coopwerf("backup", str(folder / "none" / "b.tar"), "--data-dir", str(filled))
    assert json.loads(made.stderr)["code"] == "launch.no_folder"
