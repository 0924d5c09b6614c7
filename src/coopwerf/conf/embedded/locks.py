"""Locks on files, freed by the kernel however their holder ends."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """Hold an advisory lock (flock) on a file; the file itself stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock."""
        return self._fd is not None

    def try_exclusive(self) -> bool:
        """Take the lock for ourselves alone if nobody holds it."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take the lock together with others unless somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def _try(self, kind: int) -> bool:
        fd = self._fd if self._fd is not None else os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._fd is None:
                os.close(fd)
            return False
        except BaseException:
            if self._fd is None:
                os.close(fd)
            raise
        self._fd = fd
        return True

    def release(self) -> None:
        """Let go; does nothing when it isn't held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
