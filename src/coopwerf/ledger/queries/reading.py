"""Questions about many rows: planned anew for what is asked, where `kernel.questions.ask` keeps one plan for all."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def read(sql: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query with named parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())
