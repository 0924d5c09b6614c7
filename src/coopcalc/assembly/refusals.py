"""What is refused, and how a refusal is told."""

from collections.abc import Mapping
from typing import Any, Final

from coopcalc.words import Words

WORDS: Final = Words(__package__)


class Refused(Exception):
    """The input can't be decided on as it stands: a stable code, where in it, and the facts that its sentence needs.

    `path` is where the value stands, like `rule.quorum.fraction` or `holders[3].vote`; empty for the whole file.
    """

    def __init__(self, code: str, path: str = "", *, line: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.path = path
        self.line = line
        self.facts: Mapping[str, Any] = facts

    def message(self, language: str = "en") -> str:
        """Say why, and what to do."""
        return WORDS.sentence(self.code, self.facts, language)

    def __str__(self) -> str:
        """Say why in English, with the place."""
        return f"{self.path}: {self.message()}" if self.path else self.message()
