"""`coopwerf backup FILE`: everything of an installation in one file, while it is in use."""

import argparse
import contextlib
import datetime as dt
import importlib.metadata
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg

from .archive import DUMP, ERASURES, FILES, ArchiveWriter, sync
from .cli import DONE, Parser
from .database import first_line, open_database
from .embedded import LaunchRefused, Places, find_binaries
from .embedded.binaries import clean_environment
from .embedded.identity import stop_with_parent
from .environment import owner_url


def run_backup(places: Places, words: list[str]) -> int:
    """Write a backup; prints `{"file", "size", "files", "heads"}`."""
    parser = Parser(prog="coopwerf backup", description="Write everything into one file, while in use.")
    parser.add_argument("file", metavar="FILE", type=Path, help="a new file; one that is there is never replaced")
    options: argparse.Namespace = parser.parse_args(words)
    target: Path = options.file.expanduser().absolute()
    if target.exists():
        raise LaunchRefused("launch.file_exists", f"{target} is there already. Name a new file.", str(target))
    if not target.parent.is_dir():
        raise LaunchRefused("launch.no_folder", f"There is no folder {target.parent}.", str(target.parent))
    with open_database(places), _draft(target) as draft:
        with open(draft, "w+b") as file:
            facts = write_backup(places, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            # Unlike a rename, a link doesn't replace a file that appeared meanwhile.
            os.link(draft, target)
        except FileExistsError:
            raise LaunchRefused("launch.file_exists", f"{target} is there already. Name a new file.") from None
        except OSError:
            # A file system without links (a USB stick).
            draft.rename(target)
    sync(target.parent)
    print(json.dumps({"file": str(target), "size": target.stat().st_size, **facts}, ensure_ascii=False))
    return DONE


@contextlib.contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a file beside the target to write into; it never stays, and those of killed backups go too."""
    for old in target.parent.glob(f".{target.name}.*.part"):
        number = old.name.split(".")[-2]
        if not (number.isdigit() and psutil.pid_exists(int(number))):
            old.unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def write_backup(places: Places, file: IO[bytes]) -> dict[str, Any]:
    """Write database, files and list of erasures, as of one moment for the database; returns what it holds.

    The database comes first: a file is written before the row that names it, so every file that the dump knows is
    there when the files' turn comes.
    """
    archive = ArchiveWriter(file)
    with psycopg.connect(owner_url(places), autocommit=False) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        heads = read_heads(connection)
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        server = connection.info.server_version
        assert snapshot is not None
        _dump(places, archive, str(snapshot[0]))
    files = 0
    for path in sorted(places.files.rglob("*")):
        # What is erased or replaced at this moment isn't there any more: that is no fault.
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                with open(path, "rb") as content:
                    archive.add(FILES + path.relative_to(places.files).as_posix(), content)
                files += 1
    with contextlib.suppress(FileNotFoundError), open(places.erasures, "rb") as content:
        archive.add(ERASURES, content)
    facts: dict[str, Any] = {"files": files, "heads": heads}
    archive.close(
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        release=release(),
        postgres=server // 10000,
        **facts,
    )
    return facts


def _dump(places: Places, archive: ArchiveWriter, snapshot: str) -> None:
    command = [str(find_binaries() / "pg_dump"), "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    with subprocess.Popen(
        [*command, f"--dbname={owner_url(places)}"],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=stop_with_parent(signal.SIGKILL),
    ) as dump:
        assert dump.stdout is not None
        assert dump.stderr is not None
        try:
            archive.add(DUMP, dump.stdout)
        except BaseException:
            dump.kill()
            raise
        words = dump.stderr.read().decode(errors="replace").strip()
    if dump.returncode != 0:
        raise LaunchRefused("launch.dump", f"The database can't be read out: {words.splitlines()[-1] if words else ''}")


def read_heads(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Return the head of every co-operative's chain, `position:hash`, by the co-operative's id."""
    try:
        rows = connection.execute("SELECT coop_id, position, hash FROM kernel_chainhead ORDER BY coop_id").fetchall()
    except psycopg.errors.UndefinedTable as error:
        raise LaunchRefused("launch.not_migrated", f"There is nothing to back up yet: {first_line(error)}") from None
    return {str(coop): f"{position}:{value}" for coop, position, value in rows}


def release() -> str:
    """Return the version of Coopwerf that runs."""
    try:
        return importlib.metadata.version("coopwerf")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
