"""What stops a count before it has a result: a stable code, its facts, and where in which file."""

from collections.abc import Mapping

from . import words


class Refused(Exception):
    """The input can't be counted as it is.

    `code` has a sentence in words/*.toml; `facts` fill it; `line` counts from 1; `path` names the file, or the member
    of an archive, where that is known.
    """

    def __init__(
        self,
        code: str,
        *,
        line: int | None = None,
        path: str | None = None,
        facts: Mapping[str, str | int] | None = None,
        **more: str | int,
    ) -> None:
        self.code = code
        self.facts: Mapping[str, str | int] = {**(facts or {}), **more}
        self.line = line
        self.path = path
        super().__init__(self.sentence("en"))

    def at(self, *, line: int | None = None, path: str | None = None) -> "Refused":
        """Give the same refusal with its line or file, where these weren't known yet."""
        found = Refused(self.code, line=line or self.line, path=path or self.path, facts=self.facts)
        found.__cause__ = self.__cause__
        return found

    @property
    def message(self) -> str:
        """Say it in English."""
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """Say it in a language."""
        return words.sentence(self.code, self.facts, language)
