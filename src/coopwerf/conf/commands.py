"""Small commands of our own: `migrate` and `manage`."""

import contextlib
import json
import os

from .cli import Parser, close_connections
from .database import ensure_web_role, open_database
from .embedded import Places
from .environment import external_url, prepare_environment


def run_migrate(places: Places, words: list[str]) -> int:
    """Bring the database up to date, creating it where there is none; prints `{"applied": [names]}`."""
    Parser(prog="coopwerf migrate", description="Create the tables, or bring them up to date.").parse_args(words)
    with open_database(places, create=True):
        places.data_dir.mkdir(parents=True, exist_ok=True)
        ensure_web_role(places)
        prepare_environment(places, role="owner")
        import django

        django.setup()
        from .migrate import migrate

        try:
            print(json.dumps(migrate()))
        finally:
            close_connections()
    return 0


def run_manage(places: Places, words: list[str]) -> int:
    """Run one of Django's commands (makemigrations, shell, …) as the owner."""
    from django.core.management import execute_from_command_line

    has_database = external_url() is not None or places.cluster.exists()
    with open_database(places) if has_database else contextlib.nullcontext():
        prepare_environment(places, role="owner")
        os.environ.setdefault("COOPWERF_PROCESS", "command")
        execute_from_command_line(["coopwerf manage", *words])
    return 0
