"""The files of documents: there whole, or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages

from coopwerf.kernel.refusals import Refused

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def put(name: str, content: bytes) -> None:
    """Store a file under a name, replacing what is there; raises Refused documents.disk_full.

    On a local disk it is written beside its place, flushed to the disk, and moved in one step: whoever reads
    finds the old file, the new one, or none, and after a full disk nothing is left behind.
    """
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        storage.delete(name)
        storage.save(name, ContentFile(content))
        return
    place = Path(storage.path(name))
    try:
        _put_locally(place, content)
    except OSError as error:
        if error.errno in FULL:
            raise Refused("documents.disk_full") from error
        raise


def _put_locally(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, scratch = tempfile.mkstemp(prefix=".part-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(scratch, place)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(name: str) -> bytes:
    """Return a stored file; raises FileNotFoundError."""
    with default_storage.open(name) as stored:
        content: bytes = stored.read()
    return content


def stream(name: str) -> BinaryIO:
    """Open a stored file for reading; raises FileNotFoundError."""
    opened: BinaryIO = default_storage.open(name)  # type: ignore[assignment]
    return opened


def remove(names: Iterable[str]) -> None:
    """Remove stored files, those that are there."""
    for name in names:
        default_storage.delete(name)
