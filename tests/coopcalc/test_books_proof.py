"""Three books side by side: whatever differs is named, and nothing is set off against anything else."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc.books import CheckCode, Figures, PartyGap, Side, prove

AGREED = Figures(
    register_paid=Decimal("2950.00"),
    register_unpaid=Decimal("50.00"),
    ledger_capital=Decimal("3000.00"),
    ledger_unpaid=Decimal("50.00"),
    banks=(Side("BE68539007547034", Decimal("3200.00"), Decimal("3200.00")),),
    suspense=Side("", Decimal("200.00"), Decimal("200.00")),
    refunds=Side("", Decimal("50.00"), Decimal("50.00")),
    open_claims=Decimal("50.00"),
)
CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)


def test_books_that_agree() -> None:
    """Shares of 3,000 euro with 2,950 paid, 200 unexplained, 50 to pay back: all three say so."""
    proof = prove(AGREED)
    assert proof.holds
    assert (proof.register, proof.ledger, proof.bank) == (Decimal("2950.00"), Decimal("2950.00"), Decimal("3200.00"))
    assert proof.difference == Decimal("0.00")
    assert str(proof.difference) == "0.00"


def test_a_surplus_does_not_hide_a_lack() -> None:
    """One account has ten euro more than the bank says, another ten less: the books differ by twenty."""
    proof = prove(
        replace(
            AGREED,
            banks=(
                Side("BE68539007547034", Decimal("3210.00"), Decimal("3200.00")),
                Side("BE71096123456769", Decimal("90.00"), Decimal("100.00")),
            ),
        )
    )
    assert [(check.code, check.key, check.difference) for check in proof.differences] == [
        (CheckCode.BANK, "BE68539007547034", Decimal("10.00")),
        (CheckCode.BANK, "BE71096123456769", Decimal("-10.00")),
    ]
    assert proof.difference == Decimal("20.00")


def test_a_share_called_paid_without_money_is_named() -> None:
    """The secretary noted 250 euro as paid; the bank never showed it."""
    proof = prove(replace(AGREED, gaps=(PartyGap("Jana", Decimal("250.00")),)))
    (gap,) = proof.differences
    assert (gap.code, gap.key, gap.other) == (CheckCode.RECEIVED, "Jana", Decimal("250.00"))
    assert not proof.holds


def test_a_figure_with_half_a_cent_is_no_figure() -> None:
    """Money has two decimals."""
    with pytest.raises(ValueError, match="fractions of a cent"):
        prove(replace(AGREED, register_paid=Decimal("0.005")))


@given(CENTS, CENTS, CENTS, CENTS, CENTS, CENTS)
def test_it_holds_only_where_every_pair_is_equal(
    paid: Decimal, unpaid: Decimal, off_paid: Decimal, off_unpaid: Decimal, off_bank: Decimal, off_open: Decimal
) -> None:
    """Whatever is added to one side shows, in full."""
    figures = Figures(
        register_paid=paid,
        register_unpaid=unpaid,
        ledger_capital=paid + off_paid + unpaid + off_unpaid,
        ledger_unpaid=unpaid + off_unpaid,
        banks=(Side("A", paid + off_bank, paid),),
        suspense=Side("", off_open, Decimal(0)),
    )
    proof = prove(figures)
    assert proof.difference == abs(off_paid) + abs(off_unpaid) + abs(off_bank) + abs(off_open)
    assert proof.holds == (not any((off_paid, off_unpaid, off_bank, off_open)))
