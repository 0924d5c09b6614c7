"""The answer of a policy: allowed, or a reason with its facts."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from .refusals import Refused, sentence


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether something may be done; false in a condition when it may not.

    The same verdict guards the action and greys out its button with the reason.
    """

    allowed: bool
    code: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def reason(self) -> str:
        """Return the reason in the reader's language; empty when allowed."""
        return "" if self.allowed else sentence(self.code, self.facts)

    def require(self, *, path: str | None = None) -> None:
        """Raise Refused with this verdict's reason unless it allows; `path` points to what was typed."""
        if not self.allowed:
            raise Refused(self.code, path=path, **self.facts)


def allow() -> Verdict:
    """Return a verdict that allows."""
    return Verdict(True)


def refuse(code: str, **facts: Any) -> Verdict:
    """Return a verdict that refuses for the reason `code`, with the facts its sentence needs."""
    return Verdict(False, code, facts)
