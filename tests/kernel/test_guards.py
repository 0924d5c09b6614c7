"""The database says no by itself: the web's role can't change what may not change."""

import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from coopwerf.kernel import clock
from coopwerf.kernel.guards import WEB_ROLE, own_models
from coopwerf.kernel.models import AppendOnlyModel, AuditEntry

pytestmark = pytest.mark.django_db


def test_the_web_owns_nothing_and_has_no_powers() -> None:
    """The role that every page works with owns no table and can't bypass policies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == WEB_ROLE
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [WEB_ROLE])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_is_append_only_stays(deed: str) -> None:
    """No row of an append-only table can be changed, deleted or truncated by the web."""
    for model in own_models():
        if issubclass(model, AppendOnlyModel):
            column = model._meta.concrete_fields[0].column
            statement = deed.format(model._meta.db_table).replace("id = id", f"{column} = {column}")
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)


def test_an_entry_of_another_cooperative_can_not_be_written() -> None:
    """Without opening a co-operative nobody writes into it."""
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        AuditEntry.objects.create(
            coop_id=uuid.uuid4(), at=clock.now(), verb="x.y", actor_kind="system", subject_kind="x"
        )
