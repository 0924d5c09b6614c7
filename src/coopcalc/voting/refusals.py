"""What stops a count before it has a result: a stable code, its facts, and where in which file."""

from collections.abc import Mapping

from . import words


class Refused(Exception):
    """The input can't be counted as it is.

    `code` has a sentence in words/*.toml; `facts` fill it; `line` counts from 1; `path` names the file, or the member
    of an archive, where that is known.
    """

    def __init__(self, code: str, *, line: int | None = None, path: str | None = None, **facts: str | int) -> None:
        self.code = code
        self.facts: Mapping[str, str | int] = facts
        self.line = line
        self.path = path
        super().__init__(self.sentence("en"))

    @property
    def message(self) -> str:
        """Say it in English."""
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """Say it in a language."""
        return words.sentence(self.code, self.facts, language)
