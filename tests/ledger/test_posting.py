"""The treasurer opens the books; what happens becomes entries; what was wrong is taken back, never changed."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.states import Journal, Role
from coopwerf.register import queries as register
from tests.cast import Cast

from .books import AUTUMN, BEGIN, SPRING, SUMMER, balance, entry, open_books, post, posting, told

pytestmark = pytest.mark.django_db


def test_money_comes_in_is_explained_and_becomes_shares(wolkenwerf: Cast) -> None:
    """A hundred euro at the bank, for shares; the board issues four, and Jana still owes twenty."""
    open_books(wolkenwerf)
    party = wolkenwerf.chair.party_id
    source = uuid.uuid4()
    ids = post(
        wolkenwerf,
        posting("bank_in", amount="100.00", source_kind="payments.entry", source_id=source),
        posting("match_capital", amount="100.00", party_id=party, source_kind="payments.match", source_id=source),
        posting("shares_issued", SUMMER, paid="80.00", unpaid="20.00", party_id=party),
    )
    assert balance(wolkenwerf, "550") == 100
    assert balance(wolkenwerf, "499") == 0
    assert balance(wolkenwerf, "4891") == -20
    assert balance(wolkenwerf, "410") == 20
    assert balance(wolkenwerf, "110") == -100
    assert balance(wolkenwerf, "110", SPRING) == 0
    first = entry(wolkenwerf, ids[0])
    assert (first.journal, first.number, first.label, first.on) == (Journal.BANK, 1, "B-1", SPRING)
    assert [(line.account.code, line.amount) for line in first.lines] == [
        ("550", Decimal("100.00")),
        ("499", Decimal("-100.00")),
    ]
    with tenant(wolkenwerf.id):
        assert queries.balance_of_role(wolkenwerf.id, Role.CAPITAL, AUTUMN) == Decimal("-100.00")
        assert queries.role_by_party(wolkenwerf.id, "subscriptions_received", AUTUMN) == {party: Decimal("-20.00")}
        assert [one.id for one in queries.entries_from(wolkenwerf.id, "payments.entry", source)] == [ids[0]]
        assert register.verify(wolkenwerf.id).ok
        assert register.verify(wolkenwerf.id).verification.entries == 3


def test_what_was_matched_wrongly_is_taken_back(wolkenwerf: Cast) -> None:
    """The opposite entry says which one it takes back; once is enough, and a taking-back isn't taken back."""
    open_books(wolkenwerf)
    post(wolkenwerf, posting("bank_in", amount="25.00"))
    (wrong,) = post(wolkenwerf, posting("match_capital", amount="25.00"))
    (back,) = actions.reverse(**told(wolkenwerf), entry_ids=[wrong])
    assert entry(wolkenwerf, wrong).reversed_by == back
    assert entry(wolkenwerf, back).reverses == wrong
    assert entry(wolkenwerf, back).on == SPRING
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, "4891")) == (-25, 0)
    for again, code in ((wrong, "ledger.reversed_already"), (back, "ledger.is_reversal")):
        with pytest.raises(Refused) as refused:
            actions.reverse(**told(wolkenwerf), entry_ids=[again])
        assert refused.value.code == code
    with tenant(wolkenwerf.id):
        assert register.verify(wolkenwerf.id).ok


def test_in_a_closed_period_it_is_taken_back_on_the_first_open_day(wolkenwerf: Cast) -> None:
    """The first quarter is closed; the undo of March is dated the first of April."""
    open_books(wolkenwerf)
    (wrong,) = post(wolkenwerf, posting("bank_in", amount="25.00"))
    actions.close_period(**told(wolkenwerf), until=dt.date(2026, 3, 31))
    (back,) = actions.reverse(**told(wolkenwerf), entry_ids=[wrong], on=dt.date(2026, 3, 20))
    assert entry(wolkenwerf, back).on == dt.date(2026, 4, 1)
    assert balance(wolkenwerf, "550", dt.date(2026, 3, 31)) == 25
    assert balance(wolkenwerf, "550", dt.date(2026, 4, 1)) == 0


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        (posting("bank_in", BEGIN - dt.timedelta(days=1), amount="1.00"), "ledger.before_first_day"),
        (posting("bank_in", dt.date(2030, 1, 1), amount="1.00"), "ledger.date_too_late"),
        (posting("bank_in", amount="0.00"), "ledger.nothing_to_post"),
        (posting("bank_in", amount="0.005"), "ledger.amount_fractions"),
        (posting("bank_in", amount="1e13"), "ledger.amount_out_of_bounds"),
        (posting("bank_in", paid="1.00"), "ledger.amount_unknown"),
        (posting("no_such_rule", amount="1.00"), "ledger.rule_unknown"),
        (posting("manual", amount="1.00"), "ledger.rule_unknown"),
        (posting("match_account", amount="1.00"), "ledger.role_not_mapped"),
        (posting("match_account", amount="1.00", accounts={"account": "999"}), "ledger.account_unknown"),
    ],
)
def test_what_makes_no_entry_is_refused_with_a_reason(wolkenwerf: Cast, posted: actions.Posting, code: str) -> None:
    """And nothing of the same call is written."""
    open_books(wolkenwerf)
    with pytest.raises(Refused) as refused:
        post(wolkenwerf, posting("bank_in", amount="5.00"), posted)
    assert refused.value.code == code
    assert refused.value.message
    assert balance(wolkenwerf, "550") == 0


def test_without_books_nothing_is_posted(wolkenwerf: Cast) -> None:
    """The sentence says what to do first."""
    with pytest.raises(Refused) as refused:
        post(wolkenwerf, posting("bank_in", amount="5.00"))
    assert refused.value.code == "ledger.not_open"


def test_who_admits_members_posts_shares_but_no_money(wolkenwerf: Cast) -> None:
    """Dirk is a director: what follows from an admission he may cause, a bank line not; Eva looks on."""
    open_books(wolkenwerf)
    post(wolkenwerf, posting("shares_issued", paid="25.00"), actor=wolkenwerf.director.actor)
    for who in (wolkenwerf.director, wolkenwerf.auditor):
        with pytest.raises(Refused) as refused:
            post(wolkenwerf, posting("bank_in", amount="25.00"), actor=who.actor)
        assert refused.value.code == "coops.lacks_power"


def test_several_banks_want_to_be_named(wolkenwerf: Cast) -> None:
    """With a savings account beside the first one, a posting says which is meant."""
    open_books(wolkenwerf)
    with tenant(wolkenwerf.id):
        assert queries.next_code(wolkenwerf.id, Role.BANK) == "551"
    actions.add_account(**told(wolkenwerf), code="551", name="Spaarrekening", kind="asset", role="bank")
    with pytest.raises(Refused) as refused:
        post(wolkenwerf, posting("bank_in", amount="5.00"))
    assert refused.value.code == "ledger.account_named"
    post(wolkenwerf, posting("bank_in", amount="5.00", accounts={"bank": "551"}))
    with tenant(wolkenwerf.id):
        assert queries.role_by_account(wolkenwerf.id, Role.BANK, AUTUMN) == {"550": 0, "551": 5}


def test_money_out_turns_the_lines_around(wolkenwerf: Cast) -> None:
    """A bank charge of 3.50 leaves the bank, and goes to the costs."""
    open_books(wolkenwerf)
    post(
        wolkenwerf,
        posting("bank_in", amount="-3.50"),
        posting("match_account", amount="-3.50", accounts={"account": "657"}),
    )
    assert (balance(wolkenwerf, "550"), balance(wolkenwerf, "657")) == (Decimal("-3.50"), Decimal("3.50"))
    assert balance(wolkenwerf, "499") == 0
