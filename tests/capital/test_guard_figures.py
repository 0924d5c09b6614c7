"""What counts for the limits of an offer, from the register: issued by day, asked for, by how many."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from coopwerf.capital import queries
from coopwerf.kernel.refusals import Refused
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


def test_what_was_issued_is_summed_once_and_never_old(with_class: Cast, django_assert_num_queries: Any) -> None:
    """The sum is made once for a state of the register; an admission, a correction, a change undone show at once."""
    admit(with_class, "Peeters", "Jana", 2)

    def issued() -> Decimal:
        with tenant(with_class.id):
            return sum((one.amount for one in register.issued_by_day(with_class.id, YEAR_START)), Decimal(0))

    first = issued()
    assert first > 0
    with tenant(with_class.id), django_assert_num_queries(1):
        assert register.issued_by_day(with_class.id, YEAR_START)
    try:
        with transaction.atomic():
            admit(with_class, "Maes", "Kobe", 3)
            assert issued() > first
            raise Refused("kernel.changed_meanwhile")
    except Refused:
        assert issued() == first, "what was taken back isn't kept"
    admit(with_class, "Claes", "An", 1)
    assert issued() > first
