"""Where a text still stands in the database: asked of every column of every table, whoever made it."""

import dataclasses
from collections.abc import Collection

from django.db import connection
from psycopg import sql

TEXTS = ("text", "character varying", "character", "json", "jsonb", "ARRAY", "bytea", "USER-DEFINED", "xml")

_COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = ANY(%s)
    ORDER BY c.table_name, c.ordinal_position
"""
_KEYS = """
    SELECT k.table_name, k.column_name FROM information_schema.table_constraints t
    JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
    WHERE t.table_schema = 'public' AND t.constraint_type = 'PRIMARY KEY' ORDER BY k.table_name, k.ordinal_position
"""


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A row in which a text stands: table, key, column."""

    table: str
    row: str
    column: str


def traces(texts: Collection[str], *, limit: int = 1000) -> list[Trace]:
    """Return the rows that this connection may see, in which one of the texts stands, whatever its capitals.

    Reads every table once: for an operator and for tests, not for a page.
    """
    wanted = [f"%{_like(text)}%" for text in texts if text.strip()]
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [list(TEXTS)])
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in cursor.fetchall():
            columns.setdefault(table, []).append((column, kind))
        cursor.execute(_KEYS)
        keys: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            keys.setdefault(table, []).append(column)
        found: set[Trace] = set()
        for table, known in columns.items():
            cursor.execute(_question(table, known, keys.get(table, [])), {"wanted": wanted, "limit": limit})
            for key, *hits in cursor.fetchall():
                found.update(Trace(table, key, name) for (name, _kind), hit in zip(known, hits, strict=True) if hit)
    return sorted(found)


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _question(table: str, columns: list[tuple[str, str]], key: list[str]) -> sql.Composed:
    tests = [
        sql.SQL("coalesce({} ILIKE ANY (%(wanted)s), false)").format(_as_text(name, kind)) for name, kind in columns
    ]
    shown = (
        sql.SQL("concat_ws('/', {})").format(sql.SQL(", ").join(map(sql.Identifier, key)))
        if key
        else sql.SQL("ctid::text")
    )
    return sql.SQL("SELECT {}, {} FROM {} WHERE {} LIMIT %(limit)s").format(
        shown, sql.SQL(", ").join(tests), sql.Identifier(table), sql.SQL(" OR ").join(tests)
    )


def _as_text(name: str, kind: str) -> sql.Composable:
    if kind == "bytea":
        return sql.SQL("encode({}, 'escape')").format(sql.Identifier(name))
    return sql.SQL("{}::text").format(sql.Identifier(name))
