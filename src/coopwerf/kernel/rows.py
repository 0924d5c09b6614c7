"""Many rows at once: by COPY where the database allows it, else by arrays. Called from inside actions only."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import NoneType
from typing import Any, Final

from django.db import connection
from django.db.models import AutoField, Field, GeneratedField, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

FEW = 50
"""Up to so many rows one INSERT is as fast."""

AT_ONCE = 5000

_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    uuid.UUID: str,
    int: str,
    Decimal: str,
    bool: lambda value: "t" if value else "f",
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
}


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows whose keys are known already, in their order."""
    if len(rows) <= FEW or isinstance(model._meta.pk, AutoField):
        model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
        return
    names = [field.attname for field in _fields(model)]
    insert_values(model, names, [[getattr(row, name) for name in names] for row in rows])


def insert_values(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as the values of the named columns, without making a model of each where there are many."""
    fields = {field.attname: field for field in _fields(model)}
    if len(rows) <= FEW or set(names) != set(fields):
        made = [model(**dict(zip(names, row, strict=True))) for row in rows]
        model._default_manager.bulk_create(made, batch_size=AT_ONCE)
        return
    chosen = [fields[name] for name in names]
    if any(isinstance(field, JSONField) for field in chosen):
        json = [isinstance(field, JSONField) for field in chosen]
        rows = [
            [Jsonb(value) if own and value is not None else value for value, own in zip(row, json, strict=True)]
            for row in rows
        ]
    if may_copy(model):
        copy(model, [str(field.column) for field in chosen], rows)
    else:
        _unnest(model, chosen, rows)


def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]


def _unnest(model: type[Model], fields: Sequence["Field[Any, Any]"], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows by their columns, each as an array: behind row-level security, where no COPY is taken."""
    kinds = [_array_of(field) for field in fields]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join(sql.SQL("%s::" + kind) for kind in kinds),
    )
    with connection.cursor() as cursor:
        for first in range(0, len(rows), AT_ONCE):
            columns = zip(*rows[first : first + AT_ONCE], strict=True)
            cursor.execute(statement, [_as_array(column) for column in columns])


def _as_array(column: Sequence[Any]) -> str | list[Any]:
    """Return values as PostgreSQL writes an array of them; a list where only the driver knows how.

    The driver looks at each value whether it is to be quoted, which takes longer than all else that is done for it.
    """
    kinds = {type(value) for value in column} - {NoneType}
    kind = kinds.pop() if len(kinds) == 1 else NoneType
    write = _quoted if issubclass(kind, str) else _WRITTEN.get(kind)
    if write is None:
        return list(column)
    return "{" + ",".join(["NULL" if value is None else write(value) for value in column]) + "}"


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _array_of(field: "Field[Any, Any]") -> str:
    """Return the type of an array of a field's values; without a length, for a cast would cut what is too long."""
    kind = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    plain = kind.split("(")[0].strip()
    return ("text" if plain in ("varchar", "char") else plain) + "[]"


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
