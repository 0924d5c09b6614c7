"""Many rows at once arrive as they were sent, whatever signs stand in them."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopwerf.kernel.rows import _as_array

pytestmark = pytest.mark.django_db

SEVERAL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sent(kind: str, values: str | list[Any]) -> list[Any]:
    """Send values as an array, and return what arrives."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value FROM unnest(%s::{kind}[]) WITH ORDINALITY AS t(value, n) ORDER BY n", [values])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("uuid", [uuid.UUID(int=1), None, uuid.UUID(int=2**128 - 1)]),
        ("bigint", [0, -(2**63), None, 2**63 - 1]),
        ("numeric", [Decimal("0.00"), Decimal("-1234567890.12"), None, Decimal("1.2300")]),
        ("boolean", [True, False, None]),
        ("date", [dt.date(1, 1, 1), None, dt.date(9999, 12, 31)]),
        ("timestamptz", [dt.datetime(2026, 11, 20, 23, 59, 59, 999999, dt.UTC), None]),
        ("text", ["", "NULL", None, "null", " x ", 'a"b', "c\\d", "{e,f}", "\n\t", "O'Neil", "%s", "é\U0001f600"]),
    ],
)
def test_each_kind_of_value_arrives_as_it_is(kind: str, values: list[Any]) -> None:
    """None is nothing, the word NULL a word; written by ourselves, not by the driver."""
    written = _as_array(values)
    assert isinstance(written, str)
    assert sent(kind, written) == values
    assert sent(kind, _as_array([None, None])) == [None, None]


@SEVERAL
@given(st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_any_text_arrives_as_it_is(texts: list[str | None]) -> None:
    """Whatever somebody can write."""
    assert sent("text", _as_array(texts)) == texts


def test_what_only_the_driver_knows_goes_to_it() -> None:
    """Values of several kinds, and lists, are handed over as they are."""
    for values in ([1, Decimal("2.5")], [b"\0x"], [["a"], ["b"]]):
        assert _as_array(values) == values
