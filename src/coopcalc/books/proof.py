"""The proof that register, ledger and bank agree on a date, to the cent, with every difference by its name.

Three books are kept for three readers: the register for the members, the ledger for the accountant, the statements by
the bank. Each check sets two figures that must be the same side by side; a check that fails names by how much, and who
or what stands behind it. Nothing is set off against anything else: a surplus in one place hides no lack in another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

ZERO: Final = Decimal("0.00")


class CheckCode(StrEnum):
    """Name what is compared."""

    PAID = "paid"
    """What the register says is paid on shares, and the ledger's contributions less what isn't paid yet."""
    UNPAID = "unpaid"
    """What the register says isn't paid yet on shares, and the ledger's claim on the members."""
    BANK = "bank"
    """What the bank says is on an account, and the ledger's account of it."""
    SUSPENSE = "suspense"
    """What of the bank's lines nobody has explained yet, and the ledger's account for it."""
    REFUNDS = "refunds"
    """What is to be paid back, payment by payment, and the ledger's account for it."""
    EXITS = "exits"
    """What is due to who left, payment by payment, and the ledger's account for it."""
    RECEIVED = "received"
    """Shares that the register calls paid, of which no payment has come to the books: one check per party."""


@dataclass(frozen=True, slots=True)
class Side:
    """Say of one thing, an account of the bank for example, what the ledger has and what the other book has."""

    key: str
    ledger: Decimal
    other: Decimal


@dataclass(frozen=True, slots=True)
class PartyGap:
    """Name a party of whom the register says that more was paid than the books have received, and how much more."""

    party: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hold what each book says on a date, in euro. Balances are as a reader expects them: what is owed is positive."""

    register_paid: Decimal
    register_unpaid: Decimal
    ledger_capital: Decimal
    ledger_unpaid: Decimal
    banks: tuple[Side, ...] = ()
    suspense: Side = Side("", ZERO, ZERO)
    refunds: Side = Side("", ZERO, ZERO)
    exits: Side = Side("", ZERO, ZERO)
    gaps: tuple[PartyGap, ...] = ()
    open_claims: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Check:
    """Set side by side what the ledger and the other book say of one thing (`key`, where there are several)."""

    code: CheckCode
    ledger: Decimal
    other: Decimal
    key: str = ""

    @property
    def difference(self) -> Decimal:
        """Return by how much the ledger has more than the other book."""
        return self.ledger - self.other

    @property
    def holds(self) -> bool:
        """Tell whether both say the same."""
        return self.difference == 0


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold every check of a date, the three totals, and what doesn't agree added up without regard to sign."""

    register: Decimal
    ledger: Decimal
    bank: Decimal
    open_claims: Decimal
    suspense: Decimal
    checks: tuple[Check, ...]

    @property
    def difference(self) -> Decimal:
        """Return all differences added up, each as if it were positive; 0.00 when the books agree."""
        return sum((abs(check.difference) for check in self.checks), ZERO)

    @property
    def holds(self) -> bool:
        """Tell whether the books agree to the cent."""
        return all(check.holds for check in self.checks)

    @property
    def differences(self) -> tuple[Check, ...]:
        """Return the checks that fail."""
        return tuple(check for check in self.checks if not check.holds)


def prove(figures: Figures) -> Proof:
    """Compare register, ledger and bank; raises ValueError for a figure with fractions of a cent."""
    checks = [
        Check(CheckCode.PAID, figures.ledger_capital - figures.ledger_unpaid, figures.register_paid),
        Check(CheckCode.UNPAID, figures.ledger_unpaid, figures.register_unpaid),
        *(Check(CheckCode.BANK, side.ledger, side.other, side.key) for side in figures.banks),
        Check(CheckCode.SUSPENSE, figures.suspense.ledger, figures.suspense.other),
        Check(CheckCode.REFUNDS, figures.refunds.ledger, figures.refunds.other),
        Check(CheckCode.EXITS, figures.exits.ledger, figures.exits.other),
        *(Check(CheckCode.RECEIVED, ZERO, gap.amount, gap.party) for gap in figures.gaps),
    ]
    _check_cents(figure for check in checks for figure in (check.ledger, check.other))
    return Proof(
        register=figures.register_paid,
        ledger=figures.ledger_capital - figures.ledger_unpaid,
        bank=sum((side.other for side in figures.banks), ZERO),
        open_claims=figures.open_claims,
        suspense=figures.suspense.other,
        checks=tuple(checks),
    )


def _check_cents(figures: Iterable[Decimal]) -> None:
    for figure in figures:
        if figure != figure.quantize(ZERO):
            raise ValueError(f"{figure} has fractions of a cent")
