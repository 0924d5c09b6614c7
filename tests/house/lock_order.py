"""Watch the order in which actions take locks: docs/how-it-works/locking.md, as a tripwire under every test."""

import re
from collections.abc import Callable
from typing import Any

from coopwerf.kernel import action

# The order; tables that aren't named stand with what is asked or claimed.
ROOM = "capital.room"
"""The advisory lock of what all offers of a co-operative share."""
ORDER = (
    "coops_coop",
    ROOM,
    "capital_offer",
    "people_party",
    "people_account",
    "outbox_contact",
    "…",
    "kernel_chainhead",
)
_LOCKS = re.compile(r'\bFROM "(\w+)".*\bFOR (?:NO KEY )?UPDATE\b|^UPDATE "(\w+)"', re.S)


class LockOrder:
    """Remember what the running outermost action holds, and refuse what should have been taken before."""

    def __init__(self) -> None:
        self._frame: object = None
        self._held: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Look at a statement before it runs."""
        frames = action._frames.get()
        if frames and frames[0] is not self._frame:
            self._frame, self._held = frames[0], []
        if frames and ROOM in sql and "advisory" in sql:
            self.take(ROOM)
        elif frames and "UPDATE" in sql and (match := _LOCKS.search(sql)):
            table = match[1] or match[2]
            # An update of an unnamed table mostly touches rows that the action holds or made.
            if match[1] or table in ORDER:
                self.take(table)
        return execute(sql, params, many, context)

    def take(self, table: str) -> None:
        """Note a lock; raises AssertionError when it comes too late."""
        late = [held for held in self._held if _place(held) > _place(table)]
        assert table in self._held or not late, f"{table} is locked after {late[-1]}: see docs/how-it-works/locking.md"
        self._held.append(table)


def _place(table: str) -> int:
    return ORDER.index(table if table in ORDER else "…")
