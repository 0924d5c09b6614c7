"""What counts for the limits of an offer, from the register: issued by day, asked for, by how many."""

from decimal import Decimal

import pytest

from coopwerf.capital import queries
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import queries as register
from tests.cast import TODAY, Cast
from tests.register.test_register import YEAR_START, admit, with_class

pytestmark = pytest.mark.django_db
__all__ = ["with_class"]


def test_what_was_issued_counts_by_day_and_by_person(with_class: Cast) -> None:
    """Two members with shares of 25 euro: both count for all, one for herself."""
    jana = admit(with_class, "Peeters", "Jana", 4, paid="60.00")
    admit(with_class, "Maes", "Kobe", 2, paid="50.00")
    with tenant(with_class.id):
        party_id = register.member_facts(with_class.id, jana.id).party_id
        found = queries.requested_in_window(with_class.id, YEAR_START, party_ids=[party_id])
        later = queries.requested_in_window(with_class.id, TODAY, party_ids=[party_id])
    assert sum(one.amount for one in found.issued) == Decimal("150.00")
    assert sum(one.amount for one in found.person_issued) == Decimal("100.00")
    assert found.people == 2
    assert found.requested == 0
    assert later.issued == later.person_issued == ()
    assert later.people == 0
