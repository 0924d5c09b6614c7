"""The old books come along: their balances, and what bank and register say differently, by name."""

import datetime as dt
from decimal import Decimal

import pytest

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.charts import CHARTS, chart
from coopwerf.ledger.rules import rules
from coopwerf.ledger.states import Role
from coopwerf.register import queries as register
from tests.cast import Cast

from .books import BEGIN, SPRING, balance, by_hand, entry, open_books, post, posting, told

pytestmark = pytest.mark.django_db

OLD = {"550": "1000.00", "110": "-900.00", "133": "-100.00"}


def bring(coop: Cast, balances: dict[str, str]) -> object:
    """Record opening balances."""
    exact = {code: Decimal(amount) for code, amount in balances.items()}
    return actions.record_opening(**told(coop), balances=exact)


def test_balances_of_before_come_along(wolkenwerf: Cast) -> None:
    """Dated on the first day; nothing is left on the account of the opening balance."""
    open_books(wolkenwerf)
    made = bring(wolkenwerf, OLD)
    with tenant(wolkenwerf.id):
        assert queries.opening_entry(wolkenwerf.id) == made
        assert register.verify(wolkenwerf.id).ok
    assert (balance(wolkenwerf, "550", BEGIN), balance(wolkenwerf, "4999")) == (1000, 0)
    with pytest.raises(Refused) as again:
        bring(wolkenwerf, OLD)
    assert again.value.code == "ledger.opening_there"
    actions.reverse(**told(wolkenwerf), entry_ids=[made])
    bring(wolkenwerf, {**OLD, "550": "1100.00", "133": "-200.00"})
    assert balance(wolkenwerf, "550", BEGIN) == 1100


def test_what_does_not_cancel_out_is_named(wolkenwerf: Cast) -> None:
    """Ninety cents are missing; the sentence says ninety cents."""
    open_books(wolkenwerf)
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, {**OLD, "133": "-99.10"})
    assert refused.value.code == "ledger.opening_unbalanced"
    assert refused.value.facts["difference"] == Decimal("0.90")


def test_bank_and_register_keep_what_they_say(wolkenwerf: Cast) -> None:
    """The bank began with 990, the register with 900: the old books' 1000 leaves ten on the opening account."""
    open_books(wolkenwerf)
    post(
        wolkenwerf,
        posting("bank_opening", BEGIN, amount="990.00"),
        posting("shares_opening", BEGIN, paid="900.00", unpaid="50.00"),
    )
    bring(wolkenwerf, {**OLD, "410": "50.00", "110": "-950.00"})
    assert balance(wolkenwerf, "550") == 990
    assert balance(wolkenwerf, "110") == -950
    assert balance(wolkenwerf, "410") == 50
    assert balance(wolkenwerf, "133") == -100
    assert balance(wolkenwerf, "4999") == 10
    page = wolkenwerf.treasurer.browser().get(wolkenwerf.url("books/")).content.decode()
    assert "accounts/4999/" in page


def test_when_all_is_opened_by_its_own_book_nothing_is_left_to_record(wolkenwerf: Cast) -> None:
    """The bank's opening and the register's say it all."""
    open_books(wolkenwerf)
    post(
        wolkenwerf,
        posting("bank_opening", BEGIN, amount="900.00"),
        posting("shares_opening", BEGIN, paid="900.00"),
    )
    assert bring(wolkenwerf, {"550": "900.00", "110": "-900.00"}) is None
    assert balance(wolkenwerf, "4999") == 0


@pytest.mark.parametrize(
    ("balances", "code"),
    [
        ({}, "ledger.entry_lines"),
        ({"550": "5.00"}, "ledger.entry_lines"),
        ({"550": "5.00", "000": "-5.00"}, "ledger.account_unknown"),
        ({"550": "5.001", "133": "-5.001"}, "ledger.amount_fractions"),
        ({"550": "NaN", "133": "1"}, "ledger.amount_out_of_bounds"),
    ],
)
def test_balances_that_cannot_be_are_refused(wolkenwerf: Cast, balances: dict[str, str], code: str) -> None:
    """With a reason."""
    open_books(wolkenwerf)
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, balances)
    assert refused.value.code == code


def test_a_closed_first_day_takes_no_opening(wolkenwerf: Cast) -> None:
    """It says to open the period again first."""
    open_books(wolkenwerf)
    actions.close_period(**told(wolkenwerf), until=SPRING)
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, OLD)
    assert refused.value.code == "ledger.opening_closed"


@pytest.mark.parametrize("code", CHARTS)
def test_charts_have_each_role_once_and_say_their_source(code: str) -> None:
    """In three languages, sorted, with a mark that an accountant should look."""
    found = chart(code)
    assert {one.role for one in found.accounts} - {None} == set(Role)
    assert [one.code for one in found.accounts] == sorted(one.code for one in found.accounts)
    for texts in (found.names, found.sources, *(one.names for one in found.accounts)):
        assert set(texts) == {"nl", "fr", "en"}
        assert all(texts.values())
    assert found.certainty == "K"


def test_every_rule_speaks_three_languages_and_its_roles_are_there() -> None:
    """Whatever posts by itself finds its account in each chart; who posts names the one that no chart has."""
    for rule in rules().values():
        assert set(rule.names) == set(rule.texts) == {"nl", "fr", "en"}
        assert all(rule.texts.values())
        assert rule.powers
        lines = rule.rule.lines if rule.rule else ()
        assert {line.role for line in lines} <= {*Role, "account"}


@pytest.mark.parametrize(
    ("chart_code", "on", "code"),
    [
        ("none", BEGIN, "ledger.chart_unknown"),
        ("be_mar", dt.date(1900, 1, 1), "ledger.first_day_unlikely"),
        ("nl", dt.date(2040, 1, 1), "ledger.first_day_unlikely"),
    ],
)
def test_books_that_cannot_begin_so(wolkenwerf: Cast, chart_code: str, on: dt.date, code: str) -> None:
    """An unknown chart, a year with two digits forgotten."""
    with pytest.raises(Refused) as refused:
        actions.open_books(**told(wolkenwerf), chart=chart_code, on=on)
    assert refused.value.code == code


def test_a_dutch_co_operative_keeps_dutch_books(nederwerf: Cast) -> None:
    """The same rules, other numbers; another co-operative sees nothing of them."""
    open_books(nederwerf, chart="nl")
    post(nederwerf, posting("bank_in", amount="10.00"), posting("match_capital", amount="10.00"))
    assert (balance(nederwerf, "1100"), balance(nederwerf, "1810")) == (10, -10)


def test_one_co_operative_sees_nothing_of_anothers_books(wolkenwerf: Cast, zonnewerf: Cast) -> None:
    """Not by an entry's id, not by a balance, not by taking it back."""
    open_books(wolkenwerf)
    open_books(zonnewerf)
    (theirs,) = post(wolkenwerf, posting("bank_in", amount="10.00"))
    with tenant(zonnewerf.id):
        assert queries.entry(zonnewerf.id, theirs) is None
        assert queries.entry(wolkenwerf.id, theirs) is None
        assert queries.balance_of_account(wolkenwerf.id, "550", dt.date.max) == 0
    with pytest.raises(Refused) as refused:
        actions.reverse(**told(zonnewerf), entry_ids=[theirs])
    assert refused.value.code == "ledger.entry_unknown"
    with pytest.raises(Refused):
        post(wolkenwerf, posting("bank_in", amount="1.00"), actor=zonnewerf.treasurer.actor)


def test_periods_close_in_order_and_open_for_a_reason(wolkenwerf: Cast) -> None:
    """Not a day that isn't over, not a day before what is closed, not without a reason."""
    open_books(wolkenwerf)
    act = told(wolkenwerf)
    for until, code in (
        (dt.date(2026, 11, 23), "ledger.close_past_only"),
        (dt.date(2025, 12, 31), "ledger.before_first_day"),
    ):
        with pytest.raises(Refused) as refused:
            actions.close_period(**act, until=until)
        assert refused.value.code == code
    with pytest.raises(Refused) as nothing:
        actions.reopen_period(**act, reason="mistake")
    assert nothing.value.code == "ledger.nothing_closed"
    actions.close_period(**act, until=dt.date(2026, 6, 30))
    with pytest.raises(Refused) as closed:
        by_hand(wolkenwerf, {"610": "1.00", "440": "-1.00"})
    assert closed.value.code == "ledger.period_closed"
    assert closed.value.facts["first"] == dt.date(2026, 7, 1)
    with pytest.raises(Refused) as earlier:
        actions.close_period(**act, until=SPRING)
    assert earlier.value.code == "ledger.closed_already"
    with pytest.raises(Refused) as unsaid:
        actions.reopen_period(**act, reason="because")
    assert unsaid.value.code == "ledger.reason_unknown"
    with pytest.raises(Refused) as later:
        actions.reopen_period(**act, reason="mistake", until=dt.date(2026, 6, 30))
    assert later.value.code == "ledger.reopen_earlier"
    actions.reopen_period(**act, reason="late_document", until=dt.date(2026, 1, 31))
    made = by_hand(wolkenwerf, {"610": "1.00", "440": "-1.00"})
    assert entry(wolkenwerf, made).on == SPRING
    with tenant(wolkenwerf.id):
        assert queries.day_for(wolkenwerf.id, BEGIN) == dt.date(2026, 2, 1)
        assert queries.day_for(wolkenwerf.id, SPRING) == SPRING


def test_words_that_name_somebody_go_and_the_entry_stays(wolkenwerf: Cast) -> None:
    """The chain still holds: it never held them."""
    open_books(wolkenwerf)
    made = by_hand(wolkenwerf, {"610": "1.00", "440": "-1.00"}, words="Voor Jana Peeters")
    actions.forget_words(**told(wolkenwerf), entry_id=made)
    assert entry(wolkenwerf, made).words == ""
    with pytest.raises(Refused):
        actions.forget_words(**told(wolkenwerf), entry_id=made)
    with tenant(wolkenwerf.id):
        assert register.verify(wolkenwerf.id).ok
    page = wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"books/entries/{made}/")).content.decode()
    assert "Jana" not in page
