"""Tables keep to the layers, and the database guards what their bases promise."""

from collections.abc import Iterator

import pytest
from django.db import connection, models

from coopwerf.kernel.guards import WEB_ROLE, own_models
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.tenancy import TenantModel

from .layers import layers, package_of


def wrong_way(known: list[type[models.Model]]) -> Iterator[str]:
    """Yield every relation that leaves its package in another direction than down."""
    for model in known:
        here = package_of(model.__module__)
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            target = field.related_model
            if not target.__module__.startswith("coopwerf."):
                continue
            there = package_of(target.__module__)
            if here != there and layers()[there] >= layers()[here]:
                yield f"{model._meta.label}.{field.name} points to {target._meta.label}: {here} doesn't know {there}"


def test_relations_point_down() -> None:
    """No foreign key points up, or across a line."""
    assert list(wrong_way(own_models())) == []


def test_a_relation_that_points_up_is_found() -> None:
    """The check itself can fail: up, and to a neighbour."""
    from coopwerf.coops.models import Coop

    up = type(
        "Up",
        (models.Model,),
        {
            "__module__": "coopwerf.people.models",
            "coop": models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="+"),
            "Meta": type("Meta", (), {"app_label": "house_up"}),
        },
    )
    across = type(
        "Across",
        (models.Model,),
        {
            "__module__": "coopwerf.messages.models",
            "made_by": models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="+"),
            "Meta": type("Meta", (), {"app_label": "house_across"}),
        },
    )
    try:
        assert [text.split(":")[0] for text in wrong_way([up, across])] == ["house_up.Up.coop points to coops.Coop"]
    finally:
        from django.apps import apps

        for label in ("house_up", "house_across"):
            del apps.all_models[label]
        apps.clear_cache()


def test_whatever_belongs_to_a_cooperative_is_behind_a_policy() -> None:
    """A table with a column `coop_id` is a TenantModel; so it can't be forgotten."""
    forgotten = [
        model._meta.label
        for model in own_models()
        if any(field.column == "coop_id" for field in model._meta.concrete_fields)
        and not issubclass(model, TenantModel)
    ]
    assert forgotten == []


@pytest.mark.django_db
def test_tenant_tables_have_their_policy_in_the_database() -> None:
    """Row-level security is on, with a policy for reading and writing for the web's role and for nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        secured = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = 'one_coop' AND roles = ARRAY[%s]::name[]"
            " AND cmd = 'ALL' AND permissive = 'PERMISSIVE' AND qual LIKE %s AND with_check LIKE %s",
            [WEB_ROLE, "%coopwerf.coop%", "%coopwerf.coop%"],
        )
        walled = {row[0] for row in cursor.fetchall()}
    tenants = {model._meta.db_table for model in own_models() if issubclass(model, TenantModel)}
    assert tenants
    assert tenants - secured == set()
    assert tenants - walled == set()


@pytest.mark.django_db
def test_append_only_tables_have_their_triggers_in_the_database() -> None:
    """Update, delete and truncate are each stopped by an enabled trigger, and never granted to the web."""
    wanted = [model._meta.db_table for model in own_models() if issubclass(model, AppendOnlyModel)]
    assert wanted
    with connection.cursor() as cursor:
        for table in wanted:
            # tgtype: 2 before, 8 delete, 16 update, 32 truncate
            cursor.execute(
                "SELECT coalesce(bit_or(tgtype), 0) FROM pg_trigger"
                " WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A') AND NOT tgisinternal AND tgtype & 2 = 2",
                [table],
            )
            stopped = cursor.fetchone()[0]
            assert stopped & (8 | 16 | 32) == (8 | 16 | 32), f"{table} lacks triggers"
            cursor.execute(
                "SELECT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = %s AND table_name = %s",
                [WEB_ROLE, table],
            )
            assert {row[0] for row in cursor.fetchall()} == {"SELECT", "INSERT"}, table
