"""How the database goes about the whole register, whatever it believes about its size."""

import datetime as dt

import pytest
from django.db import connection

from coopwerf.kernel.tenancy import tenant
from coopwerf.register.queries.asof import _FIRST_PAGE_SQL
from coopwerf.register.queries.members import ALL_POSITIONS, ALL_SPANS_SQL
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sql", [_FIRST_PAGE_SQL, ALL_SPANS_SQL])
def test_what_was_voided_is_read_once(wolkenwerf: Cast, sql: str) -> None:
    """Right after a large import the statistics speak of a small table: a loop in a loop of 1,500 rows took minutes."""
    facts = {"coop": wolkenwerf.id, "at": dt.date(2026, 11, 25), "known": ALL_POSITIONS, "after": 0, "limit": 51}
    with tenant(wolkenwerf.id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute(f"EXPLAIN {sql}", facts)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "hashed SubPlan" in plan
    assert "Anti Join" not in plan
