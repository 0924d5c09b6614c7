"""`coopwerf doctor`: look whether everything is as it should be, and say what to do where it isn't."""

import contextlib
import dataclasses
import json
import os
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .catalogues import catalogues
from .cli import DONE, FINDING, Parser, close_connections
from .database import first_line, open_database
from .embedded import WEB_ROLE, LaunchRefused, Places, find_binaries
from .embedded.binaries import POSTGRES_MAJOR, clean_environment
from .embedded.locks import FileLock
from .environment import external_url, last_base_url, prepare_environment

OK, WARN, FAIL = "ok", "warn", "fail"
GIGABYTE = 1_000_000_000
LEAST_FREE = GIGABYTE // 5
FEW_FILES = 4096


@dataclasses.dataclass(frozen=True)
class Result:
    """Say how one thing is: `status` ok, warn or fail, and what to do where it isn't ok."""

    check: str
    status: str
    message: str
    todo: str = ""


def run_doctor(places: Places, words: list[str]) -> int:
    """Print a line for each check; 1 when one of them fails."""
    parser = Parser(prog="coopwerf doctor", description="Look whether everything is as it should be.")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args(words)
    results = list(examine(places))
    if options.format == "json":
        print(json.dumps([dataclasses.asdict(result) for result in results], ensure_ascii=False, indent=1))
    else:
        for result in results:
            print(f"{result.status:<5} {result.check:<11} {result.message}")
            if result.todo:
                print(f"{'':<17} → {result.todo}")
    return FINDING if any(result.status == FAIL for result in results) else DONE


def examine(places: Places) -> Iterator[Result]:
    """Yield every result, in the order in which things stand on each other."""
    yield python()
    yield binaries()
    yield open_files()
    yield from data_directory(places)
    if not places.data_dir.is_dir():
        return
    yield disk(places)
    is_up = runs(places)
    yield Result("up", OK, f"running at {last_base_url(places)}" if is_up else "not running")
    yield from _with_database(places, is_up=is_up)


def _with_database(places: Places, *, is_up: bool) -> Iterator[Result]:
    try:
        with open_database(places):
            prepare_environment(places, role="owner")
            import django

            django.setup()
            try:
                yield from _database_checks(is_up=is_up)
            finally:
                close_connections()
    except LaunchRefused as refusal:
        yield Result("database", FAIL, refusal.message)


def _database_checks(*, is_up: bool) -> Iterator[Result]:
    yield database()
    behind = migrations()
    yield behind
    if behind.status == FAIL:
        return
    for check in (web_role, registers, row_security, triggers):
        yield check()
    yield worker(is_up=is_up)
    yield jobs()
    yield mail()
    yield address()
    yield translations()
    yield documents()


# What stands on this machine


def python() -> Result:
    """Say which Python runs; one that is too old doesn't get here."""
    return Result("python", OK, ".".join(map(str, sys.version_info[:3])))


def binaries() -> Result:
    """Look whether PostgreSQL's programs are there and run."""
    if external_url() is not None:
        return Result("postgresql", OK, "a server of your own (DATABASE_URL)")
    try:
        folder = find_binaries()
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, env=clean_environment()
        )
        return Result("postgresql", OK, said.stdout.strip())
    except LaunchRefused as refusal:
        return Result("postgresql", FAIL, refusal.message)
    except (OSError, subprocess.SubprocessError) as error:
        todo = "Remove .venv and run `make up`, or name a server in DATABASE_URL."
        return Result("postgresql", FAIL, f"its programs don't run: {first_line(error)}", todo)


def open_files() -> Result:
    """Look how many open files, and so how many open pages, the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FEW_FILES:
        return Result("files", WARN, f"at most {hard} open files", f"Raise the limit to {FEW_FILES} (ulimit -Hn).")
    return Result("files", OK, "enough open files allowed")


def data_directory(places: Places) -> Iterator[Result]:
    """Look whether the data directory is ours, closed to others, and of this PostgreSQL version."""
    folder = places.data_dir
    if not folder.is_dir():
        yield Result("data", FAIL, f"there is no folder {folder}", "Start with `make up`, or give --data-dir.")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Result("data", FAIL, f"{folder} can't be written", "Start as the user to whom it belongs.")
        return
    open_to_others = [
        path for path in (places.secrets, places.log, places.run) if path.exists() and path.stat().st_mode & 0o077
    ]
    if open_to_others:
        names = " ".join(str(path) for path in open_to_others)
        yield Result("data", FAIL, f"others can read {names}", f"chmod go= {names}")
    else:
        yield Result("data", OK, str(folder))
    if external_url() is None and places.cluster.exists():
        with contextlib.suppress(OSError):
            version = (places.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
            if version != str(POSTGRES_MAJOR):
                yield Result("data", FAIL, f"made by PostgreSQL {version}", "`coopwerf up` says how to bring it over.")


def disk(places: Places) -> Result:
    """Look how much room there is."""
    free = shutil.disk_usage(places.data_dir).free
    text = f"{free / GIGABYTE:.1f} GB free"
    if free < LEAST_FREE:
        return Result("disk", FAIL, text, "Make room now: without it nothing can be recorded.")
    if free < GIGABYTE:
        return Result("disk", WARN, text, "Make room soon.")
    return Result("disk", OK, text)


def runs(places: Places) -> bool:
    """Tell whether `coopwerf up` runs on this data."""
    if not places.run.is_dir():
        return False
    lock = FileLock(places.up_lock)
    if lock.try_exclusive():
        lock.release()
        return False
    return True


# What stands in the database


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def database() -> Result:
    """Look at the server's version and durability."""
    rows = _rows("SELECT current_setting('server_version'), current_setting('fsync'), current_database()")
    version, fsync, name = rows[0]
    if fsync != "on":
        return Result("database", FAIL, "fsync is off: a power cut loses data", "Set fsync = on.")
    return Result("database", OK, f"PostgreSQL {version}, {name}")


def migrations() -> Result:
    """Look whether the tables are those of this release."""
    from .migrate import unapplied

    missing = unapplied()
    if missing:
        return Result("migrations", FAIL, f"{len(missing)} not applied: {missing[0]} …", "Run `coopwerf migrate`.")
    return Result("migrations", OK, "all applied")


def web_role() -> Result:
    """Look whether the role of the web can do no more than it should."""
    found = _rows(
        """
        SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,
            (SELECT count(*) FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o'),
            (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)
        FROM pg_roles r WHERE rolname = %s
        """,
        WEB_ROLE,
    )
    if not found:
        return Result("web role", FAIL, f"there is no role {WEB_ROLE}", "Run `coopwerf migrate`.")
    powerful, owned, memberships = found[0]
    if powerful or owned or memberships:
        what = "has powers of an administrator" if powerful else "owns things" if owned else "belongs to another role"
        todo = "Take them away: it must be unable to pass by the guards of the registers."
        return Result("web role", FAIL, f"{WEB_ROLE} {what}", todo)
    return Result("web role", OK, f"{WEB_ROLE} owns nothing")


def registers() -> Result:
    """Look whether the web role can only add to what may never change."""
    from coopwerf.kernel.guards import own_models
    from coopwerf.kernel.models import AppendOnlyModel

    tables = [model._meta.db_table for model in own_models() if issubclass(model, AppendOnlyModel)]
    loose = _rows(
        """
        SELECT DISTINCT t FROM unnest(%s::text[]) AS t,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p
        WHERE has_table_privilege(%s, quote_ident(t), p) ORDER BY t
        """,
        tables,
        WEB_ROLE,
    )
    if loose:
        return Result("registers", FAIL, f"{WEB_ROLE} may change {loose[0][0]}", "Run `coopwerf migrate`.")
    return Result("registers", OK, f"{len(tables)} tables can only be added to")


def row_security() -> Result:
    """Look whether every table of a co-operative is behind its policy."""
    from coopwerf.kernel.guards import own_models
    from coopwerf.kernel.tenancy import TenantModel

    tables = [model._meta.db_table for model in own_models() if issubclass(model, TenantModel)]
    open_tables = _rows(
        """
        SELECT relname FROM pg_class c WHERE relname = ANY (%s) AND relnamespace = 'public'::regnamespace
            AND NOT (relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)) ORDER BY relname
        """,
        tables,
    )
    if open_tables:
        todo = "Run `coopwerf migrate`."
        return Result("tenants", FAIL, f"{open_tables[0][0]} isn't closed between co-operatives", todo)
    return Result("tenants", OK, f"{len(tables)} tables closed between co-operatives")


def triggers() -> Result:
    """Look whether every guard that should be in the database is there and in force."""
    import pgtrigger

    wrong = []
    count = 0
    for model, trigger in pgtrigger.registered():
        count += 1
        status, enabled = trigger.get_installation_status(model)
        if status != "INSTALLED" or not enabled:
            wrong.append(f"{trigger.name} of {model._meta.db_table}")
    if wrong:
        return Result("guards", FAIL, f"not in force: {wrong[0]}", "Run `coopwerf manage pgtrigger install`.")
    return Result("guards", OK, f"{count} triggers in force")


def worker(*, is_up: bool) -> Result:
    """Look whether somebody does what waits in the queue."""
    from .health import worker_lives

    if worker_lives():
        return Result("worker", OK, "alive")
    if is_up:
        return Result("worker", FAIL, "silent for a minute", "See log/worker.jsonl, and start `coopwerf up` again.")
    return Result("worker", WARN, "not running", "Mail and documents wait until `coopwerf up` runs.")


def jobs() -> Result:
    """Look at work that failed or waits long."""
    failed, waits = _rows(
        """
        SELECT count(*) FILTER (WHERE status = 'failed'),
            count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) < now() - interval '15 minutes')
        FROM procrastinate_jobs
        """
    )[0]
    if failed or waits:
        return Result("jobs", WARN, f"{failed} failed, {waits} late", "See log/worker.jsonl for the reason.")
    return Result("jobs", OK, "none failed, none late")


def mail() -> Result:
    """Look whether mail can leave."""
    from django.conf import settings

    if not settings.SMTP_URL:
        todo = "Set COOPWERF_SMTP_URL to send it; until then it can be read on the outbox page."
        return Result("mail", WARN, "isn't sent", todo)
    parts = urlsplit(settings.SMTP_URL)
    try:
        with smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, timeout=5) as line:
            line.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return Result("mail", FAIL, f"{parts.hostname} doesn't answer: {first_line(error)}", "Check COOPWERF_SMTP_URL.")
    return Result("mail", OK, f"through {parts.hostname}")


def address() -> Result:
    """Look at the address that stands in links."""
    from django.conf import settings

    parts = urlsplit(settings.BASE_URL)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        todo = "Put a proxy with a certificate in front, and set COOPWERF_BASE_URL to its https address."
        return Result("address", FAIL, f"{settings.BASE_URL} isn't encrypted", todo)
    return Result("address", OK, settings.BASE_URL)


def translations() -> Result:
    """Look whether the catalogues are compiled."""
    stale = [path for path in catalogues() if not path.with_suffix(".mo").exists()]
    if stale:
        return Result("languages", WARN, f"{len(stale)} catalogues aren't compiled", "`coopwerf up` compiles them.")
    return Result("languages", OK, "nl, fr, en")


def documents() -> Result:
    """Look whether documents can be made, with our own fonts."""
    import typst

    import coopwerf

    fonts = list(Path(coopwerf.__path__[0]).glob("*/static/*/fonts/*.woff2"))
    try:
        typst.compile(b"#set page(width: 5cm, height: 5cm)\nTest", format="pdf")
    except (RuntimeError, OSError) as error:
        return Result("documents", FAIL, first_line(error), "Remove .venv and run `make up`.")
    if not fonts:
        return Result("documents", FAIL, "the fonts are missing", "Fetch the sources again: something was removed.")
    return Result("documents", OK, f"{len(fonts)} fonts")
