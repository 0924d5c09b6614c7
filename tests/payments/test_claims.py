"""What is to be paid, in the order in which it is due, however long the list is."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions, queries
from tests.cast import NOW, TODAY, Cast

from .bank import open_bank

pytestmark = pytest.mark.django_db


def owed(coop: Cast, due_on: dt.date | None, amount: str = "10.00") -> uuid.UUID:
    """Owe somebody something, until a day or without one."""
    act = {"actor": SYSTEM, "now": NOW, "coop_id": coop.id}
    thing = {"kind": "refund", "source_kind": "", "source_id": None, "party_id": None, "direction": "out"}
    return actions.open_claim(**act, **thing, amount=Decimal(amount), due_on=due_on).id


def test_payments_to_make_are_all_on_some_page(wolkenwerf: Cast) -> None:
    """Each stands on one page, also those without a day, which come last; wherever a page ends."""
    open_bank(wolkenwerf)
    soon, later = TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=9)
    whenever = [owed(wolkenwerf, None) for _ in range(3)]
    dated = [owed(wolkenwerf, later), owed(wolkenwerf, soon), owed(wolkenwerf, soon)]
    expected = [dated[1], dated[2], dated[0], *whenever]
    for size in range(1, 7):
        seen: list[uuid.UUID] = []
        with tenant(wolkenwerf.id):
            while page := queries.payments_to_make(wolkenwerf.id, limit=size, after=seen[-1] if seen else None):
                seen += [one.id for one in page]
                assert len(seen) <= len(expected), size
        assert seen == expected, size
