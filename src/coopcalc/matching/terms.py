"""What is matched with what: a payment, the open requests it may be for, and a proposal with its reasons."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol

from coopcalc.words import Words

WORDS: Final = Words(__package__)
_AMOUNTS: Final = frozenset({"paid", "open", "missing", "over", "total"})


class Line(Protocol):
    """A line of a bank statement, or a payment within one: `coopcalc.bank.Detail` and `Payment` are lines.

    A positive amount came in.
    """

    @property
    def amount(self) -> Decimal: ...
    @property
    def name(self) -> str: ...
    @property
    def iban(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def end_to_end(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A line, where no bank's file is at hand."""

    amount: Decimal
    name: str = ""
    iban: str = ""
    reference: str = ""
    text: str = ""
    end_to_end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A request for money that a line may be the payment of.

    `amount` is what is still open, positive; nought for one that is paid, so that a second payment is recognised.
    `is_out` tells money that the co-operative owes. `references` are its own, `permanent` its person's for ever.
    `names` has today's name first, then earlier ones; `payers` has the names of others who said that they would pay.
    `party` is empty where nobody is known.
    """

    claim: str
    amount: Decimal
    party: str = ""
    is_out: bool = False
    references: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line may be for this: a code, what it adds to the score, and the facts of its sentence. No names."""

    code: str
    points: int
    facts: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Say it in a sentence."""
        return WORDS.sentence(self.code, self.facts, language)

    def as_json(self) -> dict[str, Any]:
        """Write it for keeping."""
        return {
            "code": self.code,
            "points": self.points,
            "facts": {key: str(value) if isinstance(value, Decimal) else value for key, value in self.facts.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reason":
        """Read what `as_json` wrote."""
        facts = {key: Decimal(value) if key in _AMOUNTS else value for key, value in data["facts"].items()}
        return cls(data["code"], data["points"], facts)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request that a line may be for: how much of it, how sure, and why.

    `together` are the requests and amounts that add up to the line, this one among them; empty for one alone.
    `is_certain`: this request alone fits exactly by communication, and the line isn't more than what is open.
    """

    claim: str
    amount: Decimal
    score: int
    reasons: tuple[Reason, ...]
    together: tuple[tuple[str, Decimal], ...] = ()
    is_certain: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of its reasons."""
        return tuple(reason.code for reason in self.reasons)
