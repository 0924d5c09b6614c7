"""What the database itself forbids: grants of the web role and row-level policies, made from the models' bases."""

from collections.abc import Callable

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from psycopg import sql

from .models import AppendOnlyModel
from .pool import COOP_SETTING, PARTIES_SETTING
from .tenancy import TenantModel

WEB_ROLE = "coopwerf_web"
Runner = Callable[..., None]


def own_models() -> list[type[Model]]:
    """Return the concrete models of our own packages."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("coopwerf.") and model._meta.managed and not model._meta.proxy
    ]


def apply_guards(connection: BaseDatabaseWrapper) -> None:
    """Grant the web role what it needs and no more, and put every tenant table behind its policy.

    Runs as the owner after each migration; running it again changes nothing.
    """
    with connection.cursor() as cursor:

        def run(text: str, **names: str) -> None:
            cursor.execute(sql.SQL(text).format(**{k: sql.Identifier(v) for k, v in names.items()}))

        run("GRANT USAGE ON SCHEMA public TO {role}", role=WEB_ROLE)
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}", role=WEB_ROLE)
        run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}", role=WEB_ROLE)
        run("REVOKE INSERT, UPDATE, DELETE ON TABLE django_migrations FROM {role}", role=WEB_ROLE)
        for model in own_models():
            table = model._meta.db_table
            run("REVOKE ALL ON TABLE {table} FROM {role}", table=table, role=WEB_ROLE)
            run("GRANT SELECT, INSERT ON TABLE {table} TO {role}", table=table, role=WEB_ROLE)
            if not issubclass(model, AppendOnlyModel):
                run("GRANT UPDATE, DELETE ON TABLE {table} TO {role}", table=table, role=WEB_ROLE)
            if issubclass(model, TenantModel):
                _policies(run, model)
        _statistics(run)


def _statistics(run: Runner) -> None:
    """Let the web role have tables looked at anew, which their owner alone may do, and do nothing else with it."""
    tables = sorted(model._meta.db_table for model in own_models())
    run(
        "CREATE OR REPLACE FUNCTION coopwerf_take_stock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ BEGIN ANALYZE "
        + ", ".join(f"{{t{number}}}" for number in range(len(tables)))
        + "; END $$",
        **{f"t{number}": table for number, table in enumerate(tables)},
    )
    run("REVOKE ALL ON FUNCTION coopwerf_take_stock() FROM PUBLIC")
    run("GRANT EXECUTE ON FUNCTION coopwerf_take_stock() TO {role}", role=WEB_ROLE)


def _policies(run: Runner, model: type[TenantModel]) -> None:
    table = model._meta.db_table
    column = _coop_column(model)
    mine = f"{{column}} = nullif(current_setting('{COOP_SETTING}', true), '')::uuid"
    if model._meta.get_field(_coop_field(model)).null:
        mine = f"({mine} OR {{column}} IS NULL)"
    run("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", table=table)
    run("DROP POLICY IF EXISTS one_coop ON {table}", table=table)
    run(
        f"CREATE POLICY one_coop ON {{table}} TO {{role}} USING ({mine}) WITH CHECK ({mine})",
        table=table,
        role=WEB_ROLE,
        column=column,
    )
    run("DROP POLICY IF EXISTS open_to_read ON {table}", table=table)
    if model.open_to_read:
        run("CREATE POLICY open_to_read ON {table} FOR SELECT TO {role} USING (true)", table=table, role=WEB_ROLE)
    run("DROP POLICY IF EXISTS own_rows ON {table}", table=table)
    if model.own_rows is not None:
        listed = f"string_to_array(nullif(current_setting('{PARTIES_SETTING}', true), ''), ',')::uuid[]"
        run(
            f"CREATE POLICY own_rows ON {{table}} FOR SELECT TO {{role}} USING ({{own}} = ANY ({listed}))",
            table=table,
            role=WEB_ROLE,
            own=model.own_rows,
        )


def _coop_field(model: type[TenantModel]) -> str:
    names = {field.name for field in model._meta.get_fields()}
    return next(name for name in ("coop", "coop_id", "id") if name in names)


def _coop_column(model: type[TenantModel]) -> str:
    field = model._meta.get_field(_coop_field(model))
    assert isinstance(field, Field)
    return str(field.column)
