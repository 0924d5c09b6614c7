"""Why a bank's file can't be read: a code with its facts, and where in the file."""

from typing import Any


class Unreadable(Exception):
    """The file can't be read as what it says it is.

    `line` counts from 1; `path` names the element of an XML file, `Document/BkToCstmrStmt/Stmt`. Whoever shows it
    writes the sentence of `code` with `facts`.
    """

    def __init__(self, code: str, *, line: int | None = None, path: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.path = path
        self.facts = facts

    def __str__(self) -> str:
        """Return code, place and facts, for a terminal without sentences."""
        where = [part for part in (self.path, f"line {self.line}" if self.line else "") if part]
        facts = [f"{key}={value}" for key, value in self.facts.items()]
        return ", ".join([self.code, *where, *facts])
