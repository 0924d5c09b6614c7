"""The treasurer brings the bank's files: everything in them is booked once, whatever they overlap."""

from decimal import Decimal

import pytest

from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import queries
from coopwerf.register import queries as register
from tests.cast import TODAY, Cast

from .bank import balance, bring, counts, open_bank, statement, waiting
from .files import camt, camt_entry

pytestmark = pytest.mark.django_db


def test_a_file_is_booked_once(wolkenwerf: Cast) -> None:
    """Two lines come in; the second time they are known; the ledger has bank, opening and what waits."""
    open_bank(wolkenwerf)
    file = camt(statement(camt_entry("250.00"), camt_entry("12.10", side="DBIT", ref="REF2")))
    assert counts(bring(wolkenwerf, file)) == (1, 2, 2, 0, 0)
    assert counts(bring(wolkenwerf, file)) == (1, 2, 0, 2, 0)
    assert balance(wolkenwerf, "550") == balance(wolkenwerf, "550", TODAY)
    assert (balance(wolkenwerf, "550"), balance(wolkenwerf, "499")) == (Decimal("337.90"), Decimal("-237.90"))
    assert [(one.amount, one.open, one.name) for one in waiting(wolkenwerf)][0][2] == "Jana Peeters"
    with tenant(wolkenwerf.id):
        assert str(queries.bank_balance(wolkenwerf.id, TODAY)) == "337.90"
        assert str(queries.unmatched(wolkenwerf.id, TODAY)) == "237.90"
        assert register.verify(wolkenwerf.id).ok
