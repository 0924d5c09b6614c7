"""The trial balance: what every account came to, over a period or at a date; its two sides are equal.

Accounts of the balance sheet carry over what they held before the period. Income and expenses begin anew with it: what
they came to before stands in one figure, the result of earlier periods, until the result is allocated by an entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

ZERO: Final = Decimal("0.00")


class AccountKind(StrEnum):
    """Say what an account tells: what there is, what is owed, what is one's own, what came in, what it cost."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def is_result(self) -> bool:
        """Tell whether accounts of this kind make up the result of a period."""
        return self in (AccountKind.INCOME, AccountKind.EXPENSE)


@dataclass(frozen=True, slots=True)
class Sums:
    """What was posted on an account: its balance before the period, and debit and credit in it (both positive)."""

    account: str
    kind: AccountKind
    before: Decimal
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class TrialLine:
    """An account in a trial balance; balances are signed, debit positive."""

    account: str
    kind: AccountKind
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """Return what the account holds at the end."""
        return self.opening + self.debit - self.credit

    @property
    def debit_balance(self) -> Decimal:
        """Return the balance where it is a debit, else nothing."""
        return max(self.balance, ZERO)

    @property
    def credit_balance(self) -> Decimal:
        """Return the balance where it is a credit, else nothing."""
        return max(-self.balance, ZERO)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that was used, the result of earlier periods (debit positive), and the sums of both sides."""

    lines: tuple[TrialLine, ...]
    result_before: Decimal

    @property
    def debit(self) -> Decimal:
        """Return what was posted as debit in the period."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Decimal:
        """Return what was posted as credit in the period."""
        return sum((line.credit for line in self.lines), ZERO)

    @property
    def debit_balances(self) -> Decimal:
        """Return all debit balances together."""
        return sum((line.debit_balance for line in self.lines), max(self.result_before, ZERO))

    @property
    def credit_balances(self) -> Decimal:
        """Return all credit balances together."""
        return sum((line.credit_balance for line in self.lines), max(-self.result_before, ZERO))

    @property
    def result(self) -> Decimal:
        """Return the result of the period: a profit is positive."""
        return -sum((line.balance for line in self.lines if line.kind.is_result), ZERO)

    @property
    def is_balanced(self) -> bool:
        """Tell whether both sides are equal: in the period, and at its end."""
        return self.debit == self.credit and self.debit_balances == self.credit_balances


def trial_balance(sums: Iterable[Sums]) -> TrialBalance:
    """Make a trial balance of what was posted on each account; accounts on which nothing ever was are left out."""
    lines: list[TrialLine] = []
    result_before = ZERO
    for one in sums:
        opening = one.before
        if one.kind.is_result:
            result_before += one.before
            opening = ZERO
        if opening or one.debit or one.credit:
            lines.append(TrialLine(one.account, one.kind, opening, one.debit, one.credit))
    return TrialBalance(tuple(lines), result_before)
