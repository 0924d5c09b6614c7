"""Many rows at once: by COPY where the database allows it, else by INSERT. Called from inside actions only."""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import GeneratedField, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

FEW = 50
"""Up to so many rows one INSERT is as fast."""

AT_ONCE = 5000


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows whose keys are known already, in their order."""
    if len(rows) <= FEW or not may_copy(model):
        model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
        return
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]
    names = [field.attname for field in fields]
    json = [isinstance(field, JSONField) for field in fields]
    if any(json):
        values: Iterable[Sequence[Any]] = (
            [
                Jsonb(getattr(row, name)) if is_json else getattr(row, name)
                for name, is_json in zip(names, json, strict=True)
            ]
            for row in rows
        )
    else:
        values = ([getattr(row, name) for name in names] for row in rows)
    copy(model, [str(field.column) for field in fields], values)


def insert_values(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as the values of the named columns, without making a model of each where COPY will do."""
    if len(rows) <= FEW or not may_copy(model):
        made = [model(**dict(zip(names, row, strict=True))) for row in rows]
        model._default_manager.bulk_create(made, batch_size=AT_ONCE)
        return
    copy(model, names, rows)


def take_stock() -> None:
    """Let the database look anew at how much its tables hold, at the end of an action that wrote very many rows.

    It plans a question by what it saw last, and looks by itself only some minutes later. Until then a register of
    thousands that was empty a moment ago would be read as if it held one row: once for each of its rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coopwerf_take_stock()")


def may_copy(model: type[Model]) -> bool:
    """Tell whether the database takes a COPY from our role: it doesn't into a table behind row-level security."""
    return _may_copy(model._meta.db_table, str(connection.settings_dict["NAME"]), str(connection.settings_dict["USER"]))


@functools.cache
def _may_copy(table: str, database: str, role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s::regclass)", [connection.ops.quote_name(table)])
        return not cursor.fetchone()[0]


def copy(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Send rows by COPY."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)
