"""Posting rules make balanced lines or none; a trial balance has two equal sides."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc.books import AccountKind, Line, Rule, RuleLine, Sums, Unpostable, merged, opposite, trial_balance

ISSUED = Rule(
    "shares_issued",
    "shares",
    (
        RuleLine("received", "debit", ("paid",)),
        RuleLine("unpaid", "debit", ("unpaid",)),
        RuleLine("capital", "credit", ("paid", "unpaid")),
    ),
)
ENDED = Rule(
    "shares_ended",
    "shares",
    (
        RuleLine("capital", "debit", ("full",)),
        RuleLine("unpaid", "credit", ("unpaid",)),
        RuleLine("exits", "credit", ("value",)),
        RuleLine("reserves", "credit", ("full", "-unpaid", "-value")),
    ),
)


def lines(rule: Rule, **amounts: str) -> dict[str, str]:
    """Return what a rule makes of amounts."""
    made = rule.post({name: Decimal(amount) for name, amount in amounts.items()})
    return {line.account: str(line.amount) for line in made}


def test_a_rule_makes_its_lines() -> None:
    """What is nothing makes no line; an amount that isn't given is nothing."""
    assert lines(ISSUED, paid="80.00", unpaid="20.00") == {"received": "80.00", "unpaid": "20.00", "capital": "-100.00"}
    assert lines(ISSUED, paid="80") == {"received": "80.00", "capital": "-80.00"}
    assert ISSUED.amounts == {"paid", "unpaid"}


@pytest.mark.parametrize(
    ("value", "reserves"), [("80.00", None), ("60.00", "-20.00"), ("95.50", "15.50"), ("0.00", "-80.00")]
)
def test_what_leaves_is_worth_less_or_more_than_was_put_in(value: str, reserves: str | None) -> None:
    """The difference goes to the reserves, or comes from them."""
    made = lines(ENDED, full="100.00", unpaid="20.00", value=value)
    assert made.get("reserves") == reserves
    assert sum(Decimal(amount) for amount in made.values()) == 0


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({"paid": "0.00"}, "nothing_to_post"),
        ({}, "nothing_to_post"),
        ({"paid": "0.001"}, "amount_fractions"),
        ({"paid": "NaN"}, "amount_fractions"),
        ({"paid": "1e30"}, "amount_fractions"),
        ({"price": "1.00"}, "amount_unknown"),
    ],
)
def test_amounts_that_make_no_entry(amounts: dict[str, str], code: str) -> None:
    """A code, and which amount."""
    with pytest.raises(Unpostable) as refused:
        lines(ISSUED, **amounts)
    assert refused.value.code == code
    with pytest.raises(TypeError):
        ISSUED.post({"paid": 1})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "made",
    [
        (),
        (RuleLine("a", "debit", ("x",)),),
        (RuleLine("a", "debit", ("x",)), RuleLine("b", "credit", ("y",))),
        (RuleLine("a", "debit", ("x", "y")), RuleLine("b", "credit", ("x", "-y"))),
    ],
)
def test_a_lopsided_rule_is_refused(made: tuple[RuleLine, ...]) -> None:
    """Before anything is posted by it."""
    with pytest.raises(ValueError, match="balance"):
        Rule("wrong", "general", made)


CENTS = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))


@given(CENTS, CENTS, CENTS)
def test_lines_balance_whatever_the_amounts(full: Decimal, unpaid: Decimal, value: Decimal) -> None:
    """And the opposite of an entry takes it back to nothing."""
    try:
        made = ENDED.post({"full": full, "unpaid": unpaid, "value": value})
    except Unpostable:
        assert full == unpaid == value == 0
        return
    assert sum(line.amount for line in made) == 0
    assert all(line.amount for line in made)
    assert merged([*made, *opposite(made)]) == ()


def test_lines_of_one_account_are_put_together() -> None:
    """In the order of their first appearance."""
    one, two = Decimal("1.00"), Decimal("2.00")
    assert merged([Line("a", one), Line("b", -two), Line("a", one)]) == (Line("a", two), Line("b", -two))


def sums(account: str, kind: AccountKind, before: str, debit: str, credit: str) -> Sums:
    """Return what was posted on an account."""
    return Sums(account, kind, Decimal(before), Decimal(debit), Decimal(credit))


def test_income_and_costs_begin_anew() -> None:
    """What they came to before stands in one figure, and both sides stay equal."""
    found = trial_balance(
        [
            sums("550", AccountKind.ASSET, "70.00", "50.00", "0.00"),
            sums("440", AccountKind.LIABILITY, "0.00", "0.00", "20.00"),
            sums("610", AccountKind.EXPENSE, "30.00", "20.00", "0.00"),
            sums("700", AccountKind.INCOME, "-100.00", "0.00", "50.00"),
            sums("999", AccountKind.EQUITY, "0.00", "0.00", "0.00"),
        ]
    )
    assert [line.account for line in found.lines] == ["550", "440", "610", "700"]
    assert found.result_before == Decimal("-70.00")
    assert found.result == Decimal("30.00")
    assert (found.debit, found.credit) == (Decimal("70.00"), Decimal("70.00"))
    assert found.debit_balances == found.credit_balances == Decimal("140.00")
    assert found.is_balanced


def test_a_lost_line_shows() -> None:
    """The check can fail."""
    assert not trial_balance([sums("550", AccountKind.ASSET, "0.00", "50.00", "0.00")]).is_balanced
