"""The folders and files of one data directory."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

# struct sockaddr_un: 108 bytes with the closing NUL on Linux, 104 elsewhere. Longer paths are refused by the kernel.
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """Name every place in a data directory; creates nothing."""

    data_dir: Path

    @classmethod
    def of(cls, data_dir: str | os.PathLike[str]) -> "Places":
        """Return the places of a data directory, by its real path: two names of one folder share one server."""
        return cls(Path(data_dir).expanduser().resolve())

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own files; belongs to the user who runs PostgreSQL."""
        return self.data_dir / "pg"

    @property
    def run(self) -> Path:
        """Locks and the state of what runs."""
        return self.data_dir / "run"

    @property
    def log(self) -> Path:
        """Log files."""
        return self.data_dir / "log"

    @property
    def files(self) -> Path:
        """Files that belong to the co-operatives."""
        return self.data_dir / "files"

    @property
    def secrets(self) -> Path:
        """Keys and passwords of this installation, mode 0600."""
        return self.data_dir / "secrets.json"

    @property
    def erasures(self) -> Path:
        """The list of erasures, kept outside the database so that a restored backup repeats them."""
        return self.data_dir / "erasures.jsonl"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the database."""
        return self.run / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives."""
        return self.run / "keeper.lock"

    @property
    def keeper_state(self) -> Path:
        """What the keeper says about the running server."""
        return self.run / "keeper.json"

    @property
    def up_lock(self) -> Path:
        """Held by `coopwerf up`: one web server per data directory."""
        return self.run / "up.lock"

    @property
    def restoring(self) -> Path:
        """Stands as long as a restore isn't whole."""
        return self.run / "restoring"

    @property
    def up_state(self) -> Path:
        """Where `coopwerf up` serves, or last served."""
        return self.run / "up.json"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL itself says."""
        return self.log / "postgres.log"

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket: in the data directory, or by hash in /tmp where that path would be too long.

        Always /tmp, not TMPDIR: a command started from another shell has to find the same folder.
        """
        near = self.data_dir / "socket"
        if len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return near
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path("/tmp") / f"coopwerf-{name}"
