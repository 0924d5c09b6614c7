"""Questions for the tests of deciding, written as somebody would write them by hand."""

import json
from typing import Any

from coopcalc import assembly
from coopcalc.assembly import Question, Verdict

MORE_THAN_HALF = {"unit": "member", "base": "for_against", "threshold": "1/2", "strict": True}
THREE_QUARTERS = {"unit": "share", "base": "for_against", "threshold": "3/4", "strict": False}


def question(rule: dict[str, Any] | None = None, **rest: Any) -> Question:
    """Return a question as it comes out of a file."""
    return assembly.parse(json.dumps({"rule": rule or MORE_THAN_HALF, **rest}).encode())


def verdict(rule: dict[str, Any] | None = None, **rest: Any) -> Verdict:
    """Return what is decided."""
    return assembly.decide(question(rule, **rest))


def told(rule: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """Return what is decided, as JSON."""
    return assembly.as_json(verdict(rule, **rest))


def codes(found: Verdict, name: str | None = None) -> list[str]:
    """Return the codes of the working, of the whole or of a class."""
    return [step.code for where, step in found.steps if where == name]


def holders(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return holders from rows of (id, shares, vote) or (id, shares, vote, voter)."""
    keys = ("id", "shares", "vote", "voter")
    return [dict(zip(keys, row, strict=False)) for row in rows]
