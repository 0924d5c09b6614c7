"""Questions that every page asks the database: written once, and prepared by the database once for each connection.

Django writes a query anew each time it is asked, and PostgreSQL plans it anew: for a small question either costs more
than the answer. Values are always parameters, never part of a text.
"""

import datetime as dt
import functools
import inspect
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

# What stands for the value number n of a kind while Django writes the query; nobody asks for these.
_STANDS_FOR: dict[type, Callable[[int], Any]] = {
    uuid.UUID: lambda n: uuid.UUID(int=2**127 + n),
    int: lambda n: 2**30 + 12_345 + n,
    str: lambda n: f"value {n} of a question",
    dt.date: lambda n: dt.date.min + dt.timedelta(days=n),
    dt.datetime: lambda n: dt.datetime(1, 2, 1, tzinfo=dt.UTC) + dt.timedelta(days=n),
}


class _Cursor(psycopg.Cursor[Any]):
    """Remember what was asked, for Django's log of queries, as Django's own cursors do."""

    def _convert_query(self, *args: Any, **kwargs: Any) -> Any:
        self._query = super()._convert_query(*args, **kwargs)
        return self._query


def ask(sql: str, facts: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a constant query with these parameters."""
    connection.ensure_connection()
    with connection._prepare_cursor(_Cursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


class Question(Generic[M]):
    """Ask for rows of a model, as a function of values writes it down: `Question(lambda …: Model.objects.filter(…))`.

    The function names each value with its type (uuid.UUID, int, str, date or datetime) and hands it to the filter as it
    is; it is called once, with other values in their place.
    """

    def __init__(self, write: Callable[..., "models.QuerySet[M]"]) -> None:
        self._write = write

    @functools.cached_property
    def _written(self) -> tuple[str, list[Any], Any]:
        kinds = inspect.get_annotations(self._write, eval_str=True)
        names = list(inspect.signature(self._write).parameters)
        stands = {name: _STANDS_FOR[kinds[name]](n) for n, name in enumerate(names)}
        compiler = self._write(**stands).query.get_compiler(connection.alias)
        sql, given = compiler.as_sql()
        ours = {value: name for name, value in stands.items()}
        places = [(ours.get(value), value) for value in given]
        missing = set(names) - {name for name, _value in places}
        if missing:
            raise TypeError(f"{self._write.__qualname__} changes {sorted(missing)}")
        return sql, places, compiler

    @functools.cached_property
    def _reader(self) -> Callable[[list[tuple[Any, ...]]], list[M]]:
        _sql, _places, compiler = self._written
        kind, chosen = compiler.klass_info["model"], compiler.klass_info["select_fields"]
        first, end = chosen[0], chosen[-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:end]]
        populators = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
        converters = compiler.get_converters([column[0] for column in compiler.select])

        def read(rows: list[tuple[Any, ...]]) -> list[M]:
            found = []
            for row in compiler.apply_converters(rows, converters) if converters else rows:
                one = kind.from_db(connection.alias, names, row[first:end])
                for populator in populators:
                    populator.populate(row, one)
                found.append(one)
            return found

        return read

    def __call__(self, **values: Any) -> list[M]:
        """Return the rows."""
        sql, places, _compiler = self._written
        return self._reader(ask(sql, [value if name is None else values[name] for name, value in places]))
