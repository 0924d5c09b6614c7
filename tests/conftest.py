"""What all tests stand on: the real PostgreSQL, migrated once, with the web's role in every test."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql

from coopwerf.conf.catalogues import compile_catalogues
from coopwerf.conf.embedded import OWNER_ROLE, WEB_ROLE

from .house.lock_order import LockOrder
from .settings import DATABASE, ROOT, SERVER, STATIC_ROOT

pytest_plugins = ["tests.cast", "tests.browser"]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop runs in the thread of the tests.
SLOW = ("journeys", "launch", "player")
KEPT = ("django_migrations", "django_content_type", "auth_permission", "auth_group")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL (several test processes share one server), and make ready what `up` makes ready."""
    SERVER.start()
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    compile_catalogues()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of PostgreSQL; it stops with its last user."""
    SERVER.stop()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes: one that came last would have one process at work, and no other."""
    items.sort(key=lambda item: item.path.parent.name not in SLOW)


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    """Begin each test without what earlier ones counted: how often somebody asks is counted wherever they ask."""
    cache.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many proofs on data from outside the repository were left out."""
    left_out = sum("proof not run" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if left_out:
        terminalreporter.write_line(f"proofs not run: {left_out}")


def administration(dbname: str = "postgres") -> psycopg.Connection[Any]:
    """Connect as PostgreSQL's superuser: for what tests do behind the application's back."""
    return psycopg.connect(SERVER.dsn("postgres", dbname), autocommit=True)


def _schema_key() -> str:
    """Hash everything that decides what a migrated database looks like."""
    source = ROOT / "src" / "coopwerf"
    files = [*source.glob("*/migrations/*.py"), *(source / "kernel").glob("*.py"), *source.glob("*/models.py")]
    digest = hashlib.sha256()
    for file in sorted({*files, *source.glob("*/models/*.py"), ROOT / "pyproject.toml"}):
        digest.update(file.as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _make_template(name: str) -> None:
    """Migrate an empty database as the owner, and put the guards in place."""
    settings = connections["default"].settings_dict
    connections["default"].close()
    settings.update(NAME=name, USER=OWNER_ROLE)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        from coopwerf.kernel.guards import apply_guards

        apply_guards(connection)
    finally:
        connections["default"].close()
        settings.update(NAME=DATABASE, USER=WEB_ROLE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Clone this process's database from a template that is migrated once per schema."""
    template = f"template_{_schema_key()}"
    with administration() as admin, django_db_blocker.unblock():
        admin.execute("SELECT pg_advisory_lock(20261123)")
        known = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
        if template not in known:
            for old in known:
                if old.startswith(("template_", "making_")) and old not in ("template0", "template1"):
                    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            making = f"making_{_schema_key()}"
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(making), sql.Identifier(OWNER_ROLE))
            )
            _make_template(making)
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(template))
            )
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(template), sql.Identifier(OWNER_ROLE)
            )
        )
        admin.execute("SELECT pg_advisory_unlock(20261123)")
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def empty_database() -> None:
    """Empty every table but the few that migrations fill; only the superuser can, past the guards."""
    with administration(DATABASE) as admin:
        tables = [
            row[0]
            for row in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if row[0] not in KEPT
        ]
        admin.execute("SET session_replication_role = replica")
        admin.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(map(sql.Identifier, tables))))


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Let transactional tests clean up although the web's role may not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_database())
        yield


@pytest.fixture(autouse=True)
def _locks_in_order() -> Iterator[None]:
    """Fail a test whose action takes its locks in another order than all others."""
    with connection.execute_wrapper(LockOrder()):
        yield


@pytest.fixture
def behind_our_back(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Give the superuser's connection to this test's database, with triggers and policies out of force."""
    with administration(DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder with data that others made; the test is skipped, and counted, where it is absent."""
    folder = Path(os.environ.get("COOPWERF_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("proof not run: no shared data here")
    return folder
