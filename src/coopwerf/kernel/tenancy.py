"""Which co-operative and which parties the database may show: the setting behind row-level security."""

import contextlib
import contextvars
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

import psycopg
from django.db import connection, models

from .pool import COOP_SETTING, PARTIES_SETTING
from .questions import ask


class TenantModel(models.Model):
    """Mark a table whose rows belong to one co-operative (column `coop_id`); it gets a row-level policy.

    `own_rows` names a column with a party id: a party sees these rows of its own across co-operatives.
    `open_to_read` lets every connection read (the public list of co-operatives, the heads of their chains).
    """

    own_rows: ClassVar[str | None] = None
    open_to_read: ClassVar[bool] = False

    class Meta:
        abstract = True


def _exchange(setting: str, value: str) -> str:
    """Set a setting, and return what it was: one question to the database, for each page asks it."""
    found = ask(
        "WITH was AS MATERIALIZED (SELECT coalesce(current_setting(%(setting)s, true), '') AS value)"
        " SELECT value, set_config(%(setting)s, %(value)s, false) FROM was",
        {"setting": setting, "value": value},
    )
    return str(found[0][0])


def _set(setting: str, value: str) -> None:
    ask("SELECT set_config(%s, %s, false)", [setting, value])


@contextlib.contextmanager
def _during(setting: str, value: str) -> Iterator[None]:
    before = _exchange(setting, value)
    if before == value:
        yield
        return
    try:
        yield
    finally:
        # In a broken transaction nothing can be executed; its rollback restores the setting by itself.
        if not connection.needs_rollback and connection.connection is not None:
            broken = connection.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
            if not broken:
                _set(setting, before)


_watch: contextvars.ContextVar[Callable[[uuid.UUID], None] | None] = contextvars.ContextVar(
    "coopwerf_tenant_watch", default=None
)


@contextlib.contextmanager
def watched(look: Callable[[uuid.UUID], None]) -> Iterator[None]:
    """Ask `look` before a co-operative's rows are opened in the block; what it raises keeps them closed."""
    token = _watch.set(look)
    try:
        yield
    finally:
        _watch.reset(token)


@contextlib.contextmanager
def tenant(coop_id: uuid.UUID) -> Iterator[None]:
    """Open one co-operative's rows for the block; everything of others stays invisible."""
    look = _watch.get()
    if look is not None:
        look(coop_id)
    with _during(COOP_SETTING, str(coop_id)):
        yield


@contextlib.contextmanager
def parties(party_ids: Iterable[uuid.UUID]) -> Iterator[None]:
    """Open, for the block, the rows that these parties own in any co-operative (their memberships, mandates)."""
    with _during(PARTIES_SETTING, ",".join(sorted(str(party_id) for party_id in party_ids))):
        yield
