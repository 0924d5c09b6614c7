"""The list of erasures beside the database: a backup can't know whom somebody asked to forget after it was made.

The table is what counts; the file follows it, after each erasure, and again by a periodic task in case a process died
in between. One line each, ids and moments only: `{"party": "…", "at": "…"}`.
"""

import fcntl
import json
import os
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings

from .. import queries


def list_file() -> Path:
    """Return where the list stands; `conf.embedded.Places` knows the same place."""
    return Path(settings.DATA_DIR) / "erasures.jsonl"


def line_of(party_id: uuid.UUID, at: datetime) -> str:
    """Return the line of an erasure, always written the same."""
    return json.dumps({"party": str(party_id), "at": at.isoformat()})


def write_list() -> int:
    """Append to the list what the database knows and the list doesn't; return how many lines."""
    wanted = [line_of(party_id, at) for party_id, at in queries.erasures()]
    if not wanted:
        return 0
    handle = os.open(list_file(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        known = set(text.splitlines())
        missing = [line for line in wanted if line not in known]
        if missing:
            # A machine that died in the middle of a line left half of it: the whole one comes on its own.
            file.write(("\n" if text and not text.endswith("\n") else "") + "".join(f"{line}\n" for line in missing))
            file.flush()
            os.fsync(file.fileno())
    return len(missing)
