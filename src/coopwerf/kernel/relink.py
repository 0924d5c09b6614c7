"""A chain rebuilt from its rows as they now stand, window by window: what verifying and exporting read.

The database writes the canonical texts of the kinds that say how (`ChainedModel.BODY_SQL`): a register is proven three
times as fast as through Python. A text that came out otherwise than the action's own could only fail to fit its hash.
While a window is being worked through, the next one is read in another thread, on the same connection and snapshot.
"""
# ruff: noqa: S608  (the SQL is put together from constants of our own models)

import dataclasses
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from . import chain
from .models import AuditEntry, ChainedModel, ChainLink

WINDOW = 10_000
TAB = "\t"


class Unfit(Exception):
    """The rows don't make a chain from a position on: `code` says why, `kind` which kind of row is meant."""

    def __init__(self, position: int, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.position = position
        self.code = code
        self.facts = facts


@dataclasses.dataclass(frozen=True, slots=True)
class Relinked:
    """A link rebuilt from its row: canonical text, the stored hash, the private record where there is one."""

    text: bytes
    stored_hash: bytes
    private: bytes


def relinked(coop_id: uuid.UUID) -> Iterator[Relinked]:
    """Yield the chain of a co-operative, every text rebuilt from the row that it is about.

    Raises Unfit at the first position without a row, or whose row stands elsewhere.
    """
    last = ChainLink.objects.filter(coop_id=coop_id).order_by("-position").values_list("position", flat=True).first()
    reader = _Reader(coop_id)
    expected = 0
    with ThreadPoolExecutor(1) as pool:
        coming: Future[_Window] = pool.submit(reader.window, 0)
        for begin in range(0, last or 0, WINDOW):
            window = coming.result()
            if begin + WINDOW < (last or 0):
                coming = pool.submit(reader.window, begin + WINDOW)
            slow = reader.slowly(window)
            for position, kind, stored_hash, moment, told, row_id in window.links:
                expected += 1
                if position != expected:
                    raise Unfit(expected, "position_gap", expected=expected, found=position)
                body, _tab, private = (slow.get(row_id, "") if told is None else told).partition(TAB)
                if not body:
                    raise Unfit(position, reader.why(kind, row_id), kind=kind)
                text = f'{{"at":"{moment}","body":{body},"kind":"{kind}","position":{position}}}'
                yield Relinked(text.encode(), stored_hash.encode(), private.encode())
            reader.refuse_unlinked(window)
    reader.refuse_beyond(expected)


@dataclasses.dataclass(frozen=True, slots=True)
class _Window:
    """The links of some positions after `begin`, and how many rows of each kind claim to stand there."""

    begin: int
    links: list[tuple[Any, ...]]
    counts: Mapping[str, int]


class _Reader:
    def __init__(self, coop_id: uuid.UUID) -> None:
        self.coop_id = coop_id
        self.models = chain.chained_models()
        self.fast = {kind: model for kind, model in self.models.items() if model.BODY_SQL}
        self.malformed: set[uuid.UUID] = set()
        connection.ensure_connection()
        self.raw: Any = connection.connection
        self.sql = self._sql()
        self.counting = " UNION ALL ".join(
            f"SELECT '{kind}', count(*) FROM {_table(model)}"
            " WHERE coop_id = %(coop)s AND position > %(begin)s AND position <= %(end)s"
            for kind, model in self.models.items()
        )

    def _sql(self) -> str:
        bodies = " ".join(
            f"WHEN '{kind}' THEN (SELECT {model.BODY_SQL} FROM {_table(model)} r"
            " WHERE r.coop_id = l.coop_id AND r.position = l.position AND r.id = l.row_id)"
            for kind, model in self.fast.items()
        )
        return f"""
            SELECT l.position, l.kind, l.hash,
                   to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   CASE l.kind {bodies} END,
                   CASE WHEN l.kind <> ALL (%(fast)s) THEN l.row_id END
            FROM {_table(ChainLink)} l
            WHERE l.coop_id = %(coop)s AND l.position > %(begin)s AND l.position <= %(end)s
            ORDER BY l.position
        """

    def window(self, begin: int) -> _Window:
        """Read the links after a position; runs in the other thread."""
        facts = {"coop": self.coop_id, "begin": begin, "end": begin + WINDOW, "fast": list(self.fast)}
        with self.raw.cursor() as cursor:
            links = cursor.execute(self.sql, facts).fetchall()
            counts = dict(cursor.execute(self.counting, facts).fetchall())
        return _Window(begin, links, counts)

    def slowly(self, window: _Window) -> dict[uuid.UUID, str]:
        """Return the bodies of the kinds that Python writes, by id, for the rows that stand where they should."""
        wanted: dict[str, dict[uuid.UUID, int]] = {}
        for position, kind, _hash, _moment, _told, row_id in window.links:
            if row_id is not None:
                wanted.setdefault(kind, {})[row_id] = position
        found: dict[uuid.UUID, str] = {}
        for kind, places in wanted.items():
            for position, row_id, body in self._bodies(kind, places, window.begin):
                if position is None or places.get(row_id) == position:
                    found[row_id] = body
        return found

    def _bodies(
        self, kind: str, places: Mapping[uuid.UUID, int], begin: int
    ) -> Iterator[tuple[int | None, uuid.UUID, str]]:
        if kind == chain.AUDIT:
            for row in AuditEntry.objects.filter(id__in=list(places)).values_list(*chain.AUDIT_FIELDS):
                yield from self._written(None, row[0], chain.audit_body, row)
        elif kind in self.models:
            model = self.models[kind]
            rows = model._default_manager.filter(  # type: ignore[misc]
                coop_id=self.coop_id, position__gt=begin, position__lte=begin + WINDOW
            )
            for row in rows.values_list("position", "id", *model.BODY_FIELDS):
                yield from self._written(row[0], row[1], model.body_text, row[2:])

    def _written(
        self, position: int | None, row_id: uuid.UUID, write: Any, values: tuple[Any, ...]
    ) -> Iterator[tuple[int | None, uuid.UUID, str]]:
        try:
            yield position, row_id, write(*values)
        except (ValueError, TypeError, KeyError):
            self.malformed.add(row_id)

    def why(self, kind: str, row_id: uuid.UUID | None) -> str:
        """Say why a link has no text: a value that no action could have written has no canonical text."""
        return "row_malformed" if row_id in self.malformed else "row_missing"

    def refuse_unlinked(self, window: _Window) -> None:
        """Raise Unfit where more rows claim a place in a window than links know."""
        linked = dict.fromkeys(self.models, 0)
        for link in window.links:
            if link[1] in linked:
                linked[link[1]] += 1
        for kind, model in self.models.items():
            if window.counts[kind] != linked[kind]:
                self._first_unlinked(kind, model, window)

    def _first_unlinked(self, kind: str, model: type[ChainedModel], window: _Window) -> None:
        linked = {link[0] for link in window.links if link[1] == kind}
        rows = model._default_manager.filter(  # type: ignore[misc]
            coop_id=self.coop_id, position__gt=window.begin, position__lte=window.begin + WINDOW
        )
        for position in rows.order_by("position").values_list("position", flat=True):
            if position not in linked:
                raise Unfit(position, "row_unlinked", kind=kind)

    def refuse_beyond(self, last: int) -> None:
        """Raise Unfit where a row claims a place after the last link, or before the first."""
        for kind, model in self.models.items():
            rows = model._default_manager.filter(coop_id=self.coop_id).order_by("position")  # type: ignore[misc]
            for beyond in (rows.filter(position__gt=last), rows.filter(position__lt=1)):
                position = beyond.values_list("position", flat=True).first()
                if position is not None:
                    raise Unfit(position, "row_unlinked", kind=kind)


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
