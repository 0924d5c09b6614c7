"""What is no reference, account or payment: a code with its facts."""

from collections.abc import Mapping
from typing import Any, Final

from coopcalc.words import Words

WORDS: Final = Words(__package__)


class Refused(ValueError):
    """Say what is wrong with what somebody typed: a stable code, and the facts that its sentence needs."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = facts

    def message(self, language: str = "en") -> str:
        """Say why, and what to do."""
        return WORDS.sentence(self.code, self.facts, language)

    def __str__(self) -> str:
        """Say why in English."""
        return self.message()
