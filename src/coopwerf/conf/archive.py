"""The file of a backup: a tar with the dump, the files, the list of erasures, and a manifest with their sums.

The manifest comes last: what is written while the sums are still unknown needs no room twice.
"""

import contextlib
import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from .embedded import LaunchRefused

FORMAT = "coopwerf-backup/1"
MANIFEST = "manifest.json"
DUMP = "database.dump"
ERASURES = "erasures.jsonl"
FILES = "files/"
CHUNK = 1 << 20


class ArchiveWriter:
    """Write members of unknown length one after the other into a tar file; keep their sums."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.members: list[dict[str, Any]] = []

    def add(self, name: str, content: IO[bytes]) -> None:
        """Copy a stream to its end as the member `name`."""
        header = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE * self._blocks(name)))
        digest = hashlib.sha256()
        size = 0
        while chunk := content.read(CHUNK):
            self._file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self._file.write(bytes(-size % tarfile.BLOCKSIZE))
        end = self._file.tell()
        self._file.seek(header)
        self._file.write(self._header(name, size))
        self._file.seek(end)
        self.members.append({"name": name, "size": size, "sha256": digest.hexdigest()})

    def close(self, **facts: Any) -> None:
        """Write the manifest, and the end of the tar."""
        manifest = {"format": FORMAT, **facts, "members": self.members}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self.add(MANIFEST, io.BytesIO(text))
        self._file.write(bytes(tarfile.BLOCKSIZE * 2))

    @staticmethod
    def _header(name: str, size: int) -> bytes:
        member = tarfile.TarInfo(name)
        member.size = size
        member.mode = 0o600
        member.mtime = int(time.time())
        return member.tobuf(tarfile.GNU_FORMAT)

    def _blocks(self, name: str) -> int:
        # A long name takes blocks of its own; a size doesn't, in this format.
        return len(self._header(name, 0)) // tarfile.BLOCKSIZE


class Archive:
    """Read a backup; everything that `open_archive` returns has been checked."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._known = {member.name: member for member in tar.getmembers()}
        self.manifest: dict[str, Any] = {}

    def open(self, name: str) -> IO[bytes] | None:
        """Return the content of a member, or None where there is no file of that name."""
        member = self._known.get(name)
        return self._tar.extractfile(member) if member is not None and member.isreg() else None

    def files(self) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
        """Yield each file of the co-operatives: its path below the folder of files, and its content."""
        for member in self.manifest["members"]:
            if member["name"].startswith(FILES):
                content = self.open(member["name"])
                assert content is not None
                yield PurePosixPath(member["name"].removeprefix(FILES)), content

    def close(self) -> None:
        """Close the file."""
        self._tar.close()


def open_archive(path: Path) -> Archive:
    """Return a backup after checking all of it. Raises `LaunchRefused` with what is wrong."""
    if not path.is_file():
        raise LaunchRefused("launch.no_backup", f"There is no file {path}.", str(path))
    with contextlib.ExitStack() as undo:
        try:
            tar = undo.enter_context(tarfile.open(path, "r:"))
            archive = Archive(tar)
            _check(archive, path)
        except (tarfile.TarError, OSError, EOFError, KeyError, TypeError, ValueError) as error:
            raise _damaged(path, str(error)) from None
        undo.pop_all()
    return archive


def _check(archive: Archive, path: Path) -> None:
    content = archive.open(MANIFEST)
    if content is None:
        raise _damaged(path, "it has no end")
    manifest = archive.manifest = json.loads(content.read())
    if manifest.get("format") != FORMAT:
        raise LaunchRefused(
            "launch.backup_format",
            f"{path} says it is “{manifest.get('format')}”; this release reads {FORMAT}. Restore it with the release "
            "that made it.",
            str(path),
        )
    for member in manifest["members"]:
        name = str(member["name"])
        place = PurePosixPath(name)
        content = archive.open(name)
        if content is None or place.is_absolute() or ".." in place.parts:
            raise _damaged(path, f"{name} is no file of ours")
        digest = hashlib.sha256()
        while chunk := content.read(CHUNK):
            digest.update(chunk)
        if digest.hexdigest() != member["sha256"]:
            raise _damaged(path, f"{name} has been changed")


def _damaged(path: Path, what: str) -> LaunchRefused:
    text = f"{path} isn't a whole backup ({what}). Take another one; nothing was changed."
    return LaunchRefused("launch.backup_damaged", text, str(path))


def sync(path: Path) -> None:
    """Make sure that a file or folder has reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
