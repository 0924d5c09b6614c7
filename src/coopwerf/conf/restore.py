"""`coopwerf restore FILE`: a backup brought back on an empty machine."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from .archive import DUMP, ERASURES, Archive, open_archive
from .backup import read_heads
from .cli import DONE, Parser
from .database import ensure_web_role, open_database
from .embedded import EmbeddedServer, LaunchRefused, Places, find_binaries
from .embedded.binaries import POSTGRES_MAJOR, clean_environment
from .embedded.identity import stop_with_parent
from .embedded.locks import FileLock
from .environment import external_url, owner_url

STOPPING_SECONDS = 20.0


def run_restore(places: Places, words: list[str]) -> int:
    """Bring a backup back; prints `{"made_at", "files", "heads", "erasures"}`."""
    parser = Parser(prog="coopwerf restore", description="Bring a backup back into an empty data directory.")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--erasures",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="erasures.jsonl of the lost installation, or a later backup: what was erased after this backup",
    )
    options = parser.parse_args(words)
    archive = open_archive(options.file.expanduser())
    try:
        later = [_read_erasures(path.expanduser()) for path in options.erasures]
        print(json.dumps(restore(places, archive, later), ensure_ascii=False))
    finally:
        archive.close()
    return DONE


def restore(places: Places, archive: Archive, later_erasures: list[list[str]]) -> dict[str, Any]:
    """Fill an empty data directory from a checked backup, and repeat the erasures that came after it.

    `run/restoring` stands as long as it isn't whole; a repetition clears what an interrupted one left.
    """
    if int(archive.manifest["postgres"]) > POSTGRES_MAJOR:
        raise LaunchRefused(
            "launch.backup_format", f"This backup comes from PostgreSQL {archive.manifest['postgres']}, which is newer."
        )
    with _empty(places):
        erasures = _merge(places, archive, later_erasures)
        with open_database(places, create=True):
            ensure_web_role(places)
            _load(places, archive)
            heads = _heads(places)
            if heads != archive.manifest["heads"]:
                raise LaunchRefused("launch.heads", "The chains aren't those of the backup; nothing is served.")
            files = _unpack(places, archive)
            _call(places, "migrate")
            _take_stock(places)
            if erasures:
                _call(places, "people", "erasures-apply", str(places.erasures))
    return {
        "made_at": archive.manifest["made_at"],
        "files": files,
        "heads": heads,
        "erasures": len(erasures),
    }


def _is_ours(lock: FileLock, server: EmbeddedServer, *, patience: float) -> bool:
    """Tell whether the data directory is ours alone, if need be after some seconds."""
    deadline = time.monotonic() + patience
    while not lock.try_exclusive() or server.is_kept():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.1)
    return True


@contextlib.contextmanager
def _empty(places: Places) -> Iterator[None]:
    """Make sure that nothing is there, and mark what we do as unfinished until it is whole."""
    if not places.restoring.exists():
        _refuse_full(places)
    if external_url() is not None:
        _refuse_full_database(places)
    server = EmbeddedServer(places.data_dir)
    server.make_folders()
    lock = FileLock(places.up_lock)
    # The database of a restore that was killed a moment ago is still stopping.
    if not _is_ours(lock, server, patience=STOPPING_SECONDS if places.restoring.exists() else 0):
        lock.release()
        raise LaunchRefused("launch.already_up", f"Coopwerf runs on {places.data_dir}. Stop it first.")
    try:
        if places.restoring.exists():
            shutil.rmtree(places.cluster, ignore_errors=True)
            shutil.rmtree(places.files, ignore_errors=True)
        places.restoring.touch()
        yield
        places.restoring.unlink()
    finally:
        lock.release()


def _refuse_full(places: Places) -> None:
    # The list of erasures may stand there already: it is what a lost installation leaves for the next.
    for place in (places.cluster, places.files):
        if place.exists() and any(place.iterdir()):
            raise LaunchRefused(
                "launch.not_empty",
                f"There are data in {places.data_dir} already, and a restore never overwrites. Name an empty data "
                "directory, or move the old one away.",
                str(places.data_dir),
            )


def _refuse_full_database(places: Places) -> None:
    with psycopg.connect(owner_url(places)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if found is not None and found[0]:
        raise LaunchRefused(
            "launch.not_empty",
            "There are tables in the database already, and a restore never overwrites. Name an empty database.",
        )


def _load(places: Places, archive: Archive) -> None:
    """Load the dump in one transaction: whole or not at all."""
    command = [
        str(find_binaries() / "pg_restore"),
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        "--no-password",
    ]
    content = archive.open(DUMP)
    assert content is not None
    with subprocess.Popen(
        [*command, f"--dbname={owner_url(places)}"],
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=stop_with_parent(signal.SIGKILL),
    ) as load:
        assert load.stdin is not None
        assert load.stderr is not None
        # A refusal closes the pipe early; its reason comes on standard error.
        with contextlib.suppress(BrokenPipeError):
            shutil.copyfileobj(content, load.stdin, 1 << 20)
        with contextlib.suppress(BrokenPipeError):
            load.stdin.close()
        words = load.stderr.read().decode(errors="replace").strip()
    if load.returncode != 0:
        raise LaunchRefused("launch.load", f"The database can't be filled: {words.splitlines()[-1] if words else ''}")


def _heads(places: Places) -> dict[str, str]:
    with psycopg.connect(owner_url(places)) as connection:
        return read_heads(connection)


def _take_stock(places: Places) -> None:
    """Let the database see how much it holds now: see `kernel.rows.take_stock`."""
    with psycopg.connect(owner_url(places), autocommit=True) as connection:
        connection.execute("SELECT coopwerf_take_stock()")


def _unpack(places: Places, archive: Archive) -> int:
    count = 0
    for path, content in archive.files():
        target = places.files.joinpath(*path.parts)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(target, "wb") as file:
            shutil.copyfileobj(content, file)
            os.fsync(file.fileno())
        count += 1
    return count


def _merge(places: Places, archive: Archive, later: list[list[str]]) -> list[str]:
    """Write down every erasure known from anywhere, each once; returns the lines."""
    lines: dict[str, None] = {}
    content = archive.open(ERASURES)
    known = content.read().decode().splitlines() if content else []
    here = places.erasures.read_text(encoding="utf-8").splitlines() if places.erasures.exists() else []
    for line in [*known, *here, *(line for list_of in later for line in list_of)]:
        if line.strip():
            lines[line] = None
    if lines:
        draft = places.erasures.with_suffix(".new")
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(places.erasures)
    return list(lines)


def _read_erasures(path: Path) -> list[str]:
    """Return the lines of a list of erasures, or of the one in a backup."""
    if not path.exists():
        raise LaunchRefused("launch.no_erasures", f"There is no file {path}.", str(path))
    if tarfile.is_tarfile(path):
        archive = open_archive(path)
        content = archive.open(ERASURES)
        lines = content.read().decode().splitlines() if content else []
        archive.close()
        return lines
    return path.read_text(encoding="utf-8").splitlines()


def _call(places: Places, *words: str) -> None:
    """Run one of our commands, whose refusal is ours."""
    source = [str(Path(__file__).resolve().parents[2]), *filter(None, sys.path)]
    done = subprocess.run(
        [sys.executable, "-m", "coopwerf", *words, "--data-dir", str(places.data_dir)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(source)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise LaunchRefused("launch.restore", f"`coopwerf {' '.join(words)}` refused: {said[-1] if said else ''}")
