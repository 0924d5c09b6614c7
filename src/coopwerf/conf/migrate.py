"""Bringing a database to the present schema: migrations, guards, cache table. As the owner."""

import contextlib
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from coopwerf.kernel.guards import apply_guards

from .embedded import LaunchRefused

# One at a time per database: two starts at once would both want to create the same tables.
LOCK = 20261124


def migrate() -> dict[str, Any]:
    """Migrate, set grants and policies, and return `{"applied": [names]}`. Runs as the owner; twice is harmless.

    Raises `LaunchRefused` when a newer release has already been here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        executor = MigrationExecutor(connection)
        _refuse_newer(executor)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        apply_guards(connection)
    except DatabaseError as error:
        raise LaunchRefused(
            "launch.migration",
            f"The tables can't be brought up to date: {str(error).strip().splitlines()[0]}. What was done so far stays "
            "consistent; nothing is served. Send us this line, or start the release that worked before.",
        ) from error
    finally:
        # A broken connection has let go of it already.
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return {"applied": [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]}


def unapplied() -> list[str]:
    """Return the names of migrations that this database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _refuse_newer(executor: MigrationExecutor) -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("coopwerf.")}
    known = set(executor.loader.disk_migrations)
    strange = [
        f"{app}.{name}"
        for app, name in MigrationRecorder(connection).applied_migrations()
        if app in ours and (app, name) not in known
    ]
    if strange:
        raise LaunchRefused(
            "launch.newer_data",
            f"A newer release of Coopwerf has worked on this database ({', '.join(sorted(strange)[:3])}). Start it "
            "with that release; nothing was changed.",
        )
