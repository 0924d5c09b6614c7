"""Posting rules: what happened, as amounts by their names, becomes the balanced lines of an entry.

A rule is data. Each of its lines names a role (what an account is there for, not its number), a side, and which
amounts go there: `("full", "-unpaid")` is the full amount less what isn't paid. A rule whose debits and credits don't
cancel out for every amount is refused when it is read, so that no entry made by one can be out of balance.

Lines are signed: debit is positive, credit negative. A negative amount turns its lines around.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

ZERO: Final = Decimal("0.00")
_CENT: Final = Decimal("0.01")


class Unpostable(ValueError):
    """The amounts don't make an entry: a stable code, and the name of the amount that is meant, where one is."""

    def __init__(self, code: str, amount: str = "") -> None:
        super().__init__(f"{code} {amount}".strip())
        self.code = code
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Line:
    """What goes to an account, or to a role before the account is known: debit positive, credit negative."""

    account: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Say which amounts a rule puts on which side of a role's account; a minus before a name takes it off."""

    role: str
    side: Literal["debit", "credit"]
    terms: tuple[str, ...]

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Return each amount with the sign that it has in the line."""
        side = 1 if self.side == "debit" else -1
        return tuple((term.removeprefix("-"), -side if term.startswith("-") else side) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Rule:
    """Say how one kind of event is posted: in which journal, and which lines it makes.

    Raises ValueError for a rule that could make an entry out of balance.
    """

    code: str
    journal: str
    lines: tuple[RuleLine, ...]

    def __post_init__(self) -> None:
        """Refuse a rule whose lines don't cancel out, whatever the amounts."""
        weight: dict[str, int] = defaultdict(int)
        for line in self.lines:
            for name, sign in line.parts:
                weight[name] += sign
        lopsided = sorted(name for name, sum_of_signs in weight.items() if sum_of_signs)
        if lopsided or not self.lines:
            raise ValueError(f"rule {self.code} doesn't balance in {lopsided}")

    @property
    def amounts(self) -> frozenset[str]:
        """Return the names of the amounts that the rule wants."""
        return frozenset(name for line in self.lines for name, _sign in line.parts)

    def post(self, amounts: Mapping[str, Decimal]) -> tuple[Line, ...]:
        """Return the lines by role, zero ones left out; an amount that isn't given is nothing.

        Raises Unpostable for an amount that the rule doesn't know or that has fractions of a cent, and where nothing
        is left to post.
        """
        for name, amount in amounts.items():
            if name not in self.amounts:
                raise Unpostable("amount_unknown", name)
            _check(name, amount)
        found = [
            Line(line.role, sum((sign * amounts.get(name, ZERO) for name, sign in line.parts), ZERO))
            for line in self.lines
        ]
        made = merged(found)
        if not made:
            raise Unpostable("nothing_to_post")
        return made


def _check(name: str, amount: Decimal) -> None:
    if not isinstance(amount, Decimal):
        raise TypeError(f"{name} is a Decimal, not {type(amount).__name__}")
    if not amount.is_finite() or amount.adjusted() > 20 or amount != amount.quantize(_CENT):
        raise Unpostable("amount_fractions", name)


def merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines with those of one account put together, in order of first appearance, without those of nothing."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, ZERO) + line.amount
    return tuple(Line(account, amount.quantize(_CENT)) for account, amount in sums.items() if amount)


def opposite(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines that take an entry back."""
    return tuple(Line(line.account, -line.amount) for line in lines)
