"""The database of one installation, whichever it is: the embedded one, started or attached to, or DATABASE_URL."""

import contextlib
import logging
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from .embedded import WEB_ROLE, EmbeddedServer, LaunchRefused, Places
from .environment import external_url, owner_url, web_url

log = logging.getLogger(__name__)


@contextlib.contextmanager
def open_database(places: Places, *, create: bool = False) -> Iterator[None]:
    """Keep the database answering for the block.

    Without `create` a data directory without a database is refused, so that a mistyped name makes no new one.
    """
    if external_url() is not None:
        ask_external(places)
        yield
        return
    if not create and not places.cluster.exists():
        raise LaunchRefused(
            "launch.no_data",
            f"There is no data in {places.data_dir}. Start with `coopwerf up` or `coopwerf migrate`, or name the right "
            "folder with --data-dir.",
            str(places.data_dir),
        )
    with EmbeddedServer(places.data_dir):
        yield


def ask_external(places: Places) -> None:
    """Check that the server behind DATABASE_URL answers, is new enough, and knows the web role."""
    url = owner_url(places)
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            if connection.info.server_version < 160000:
                raise LaunchRefused("launch.old_server", "The server behind DATABASE_URL is older than PostgreSQL 16.")
    except psycopg.OperationalError as error:
        raise LaunchRefused(
            "launch.no_answer", f"The database behind DATABASE_URL doesn't answer: {first_line(error)}"
        ) from None


def ensure_web_role(places: Places) -> None:
    """Create the web role on a server of one's own; an existing role keeps its password.

    Raises `LaunchRefused` with the statement to run where the owner may not create roles, or where the role exists
    and doesn't let us in.
    """
    if external_url() is None:
        return
    address = web_url(places)
    password = unquote(urlsplit(address).password or "")
    with psycopg.connect(owner_url(places), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE]).fetchone()
        if known is None:
            try:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
                        sql.Identifier(WEB_ROLE), sql.Literal(password)
                    )
                )
            except psycopg.errors.InsufficientPrivilege:
                raise LaunchRefused(
                    "launch.web_role",
                    "The owner in DATABASE_URL may not create roles. As a superuser run: CREATE ROLE coopwerf_web "
                    "LOGIN NOBYPASSRLS PASSWORD '…', and put its address into DATABASE_WEB_URL.",
                ) from None
        database = connection.info.dbname
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(WEB_ROLE))
            )
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise LaunchRefused(
            "launch.web_role",
            f"The role {WEB_ROLE} can't sign in to the database: {first_line(error)} If another installation made that "
            "role, put its address with password into DATABASE_WEB_URL.",
        ) from None


def first_line(error: BaseException) -> str:
    """Return what an error says, on one line and without what follows."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
