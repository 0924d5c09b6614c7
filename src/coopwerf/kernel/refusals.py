"""Refusals: expected "no"s, each a code with a sentence in every language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

_sentences: dict[str, str | Promise] = {}
_verbs: dict[str, str | Promise] = {}
_writers: list[Callable[[Any], Any]] = []


class Refused(Exception):
    """Say no, with a reason that a person can act on.

    `code` is `"<app>.<what>"`; `facts` fill the placeholders of its sentence; `line` and `path` point
    into the input that was refused, where there is one.
    """

    def __init__(self, code: str, *, line: int | None = None, path: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = facts
        self.line = line
        self.path = path

    @property
    def message(self) -> str:
        """Return the sentence in the active language."""
        where = {"line": self.line, "path": self.path}
        return sentence(self.code, {**{key: value for key, value in where.items() if value is not None}, **self.facts})

    def as_dict(self) -> dict[str, Any]:
        """Return what a command prints about this refusal: code, message, and line and path if known."""
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.line is not None:
            told["line"] = self.line
        if self.path is not None:
            told["path"] = self.path
        return told


def register_sentences(refusals: Mapping[str, str | Promise], verbs: Mapping[str, str | Promise] | None = None) -> None:
    """Make the sentences of a package known; raises ValueError when a code is taken already."""
    for known, new in ((_sentences, refusals), (_verbs, verbs or {})):
        for code, text in new.items():
            if code in known and known[code] is not text:
                raise ValueError(f"{code} has a sentence already")
            known[code] = text


def write_facts_with(writer: Callable[[Any], Any]) -> None:
    """Let a package above say how dates and amounts are written in sentences; plain text is what stands there else."""
    _writers[:] = [writer]


def _in_words(fact: Any) -> Any:
    for writer in _writers:
        return writer(fact)
    return fact


def sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """Return the sentence of a refusal code in the active language, with its facts filled in."""
    text = _sentences.get(code)
    if text is None:
        return _("This is not possible (%(code)s).") % {"code": code}
    return str(text) % {name: _in_words(fact) for name, fact in (facts or {}).items()}


def verb_sentence(verb: str) -> str:
    """Return what an audit verb says in the active language."""
    return str(_verbs.get(verb, verb))


def known_refusals() -> Mapping[str, str | Promise]:
    """Return every refusal code with its sentence."""
    return _sentences


def known_verbs() -> Mapping[str, str | Promise]:
    """Return every audit verb with its sentence."""
    return _verbs
