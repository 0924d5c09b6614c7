"""The command `coopwerf`: picks the data directory, starts or attaches to the database, and calls what is asked.

Our own commands are modules of `conf`; every other word is the management command of that name in one of our packages
(`kernel.command.DomainCommand`), found by itself.
"""

import argparse
import errno
import importlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .embedded import LaunchRefused, Places

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

DONE, FINDING, REFUSED = 0, 1, 2

# Our own: the module that brings it, and what it says about itself.
OWN = {
    "up": ("coopwerf.conf.up", "Start everything, and keep it running."),
    "migrate": ("coopwerf.conf.commands", "Create the database's tables, or bring them up to date."),
    "doctor": ("coopwerf.conf.doctor", "Look whether everything is as it should be."),
    "backup": ("coopwerf.conf.backup", "Write everything into one file, while in use."),
    "restore": ("coopwerf.conf.restore", "Bring a backup back into an empty data directory."),
    "manage": ("coopwerf.conf.commands", "Run one of Django's own commands, as the owner of the tables."),
}


class Parser(argparse.ArgumentParser):
    """Refuse wrong arguments the way every command refuses."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a usage text."""
        raise LaunchRefused("launch.usage", f"{message[:1].upper()}{message[1:]}. See `{self.prog} --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 a finding, 2 refused input. Never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        code = run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read us has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE if end.code is None else FINDING
    except Exception as error:
        complain(refusal_of(error))
        return REFUSED


def run(arguments: list[str]) -> int:
    """Run a command; raises whatever it raises."""
    places, rest = _common(arguments)
    if not rest or rest[0] in ("-h", "--help", "help"):
        print(overview())
        return DONE
    name, *words = rest
    if name in OWN:
        module = importlib.import_module(OWN[name][0])
        code: int = getattr(module, f"run_{name}")(places, words)
        return code
    return _run_domain_command(places, name, words)


def _common(arguments: list[str]) -> tuple[Places, list[str]]:
    """Take --data-dir out, wherever it stands."""
    parser = Parser(prog="coopwerf", add_help=False, allow_abbrev=False)
    parser.add_argument("--data-dir", default=os.environ.get("COOPWERF_DATA_DIR") or "var")
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    known, rest = parser.parse_known_args(arguments[:cut])
    return Places.of(known.data_dir), rest + arguments[cut:]


def _run_domain_command(places: Places, name: str, words: list[str]) -> int:
    from .database import open_database
    from .environment import prepare_environment

    prepare_environment(places, role="web")
    command = load_domain_command(name)
    parser = command.create_parser("coopwerf", name)
    options = vars(parser.parse_args(words))
    if not options.get("_database", getattr(command, "needs_database", True)):
        command.execute(**options)
        return DONE
    with open_database(places):
        if getattr(command, "runs_as", "web") == "owner":
            connect_as_owner()
        try:
            command.execute(**options)
        finally:
            close_connections()
    return DONE


def domain_commands() -> dict[str, str]:
    """Return the names of the commands that our packages bring, each with its package."""
    import django
    from django.core.management import get_commands

    django.setup()
    found = {name: app for name, app in get_commands().items() if isinstance(app, str)}
    return {name: app for name, app in sorted(found.items()) if app.startswith("coopwerf.")}


def load_domain_command(name: str) -> "BaseCommand":
    """Return the command of that name from one of our packages; raises `LaunchRefused` where there is none."""
    from django.core.management import load_command_class

    commands = domain_commands()
    name = name.replace("-", "_")
    if name not in commands:
        raise LaunchRefused("launch.unknown_command", f"There is no command “{name}”. See `coopwerf --help`.")
    return load_command_class(commands[name], name)


def connect_as_owner() -> None:
    """Let Django's connections of this process be the owner's: before the first is opened."""
    from django.db import connections

    from .settings import database

    connections.settings["default"].update(database(os.environ["COOPWERF_OWNER_DSN"]))
    connections.settings["default"]["OPTIONS"].pop("pool", None)


def close_connections() -> None:
    """Leave the database before it may stop: connections and the pool's threads."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()


def overview() -> str:
    """Return the list of commands, one on a line."""
    from .environment import prepare_environment

    prepare_environment(Places.of(os.environ.get("COOPWERF_DATA_DIR") or "var"), role="web")
    lines = {name: text for name, (_module, text) in OWN.items()}
    for name in domain_commands():
        lines[name.replace("_", "-")] = str(load_domain_command(name).help).strip().split("\n")[0]
    width = max(map(len, lines))
    listed = "\n".join(f"  {name:<{width}}  {text}" for name, text in sorted(lines.items()))
    return f"""coopwerf [--data-dir D] COMMAND …

{listed}

`coopwerf COMMAND --help` says more. --data-dir is `var` where it isn't given."""


def refusal_of(error: Exception) -> dict[str, Any]:
    """Return what to print about an error: a code, and a sentence that tells what to do."""
    from django.core.management.base import CommandError
    from django.db import DatabaseError, OperationalError
    from psycopg import errors

    from coopwerf.kernel.refusals import Refused

    if isinstance(error, LaunchRefused | Refused):
        return dict(error.as_dict())
    if isinstance(error, CommandError):
        return {"code": "launch.usage", "message": str(error).removeprefix("Error: ")}
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return {"code": "launch.disk_full", "message": "The disk is full. Make room, then repeat the command."}
    if isinstance(error, OSError) and error.filename:
        told = {"code": "launch.files", "message": f"{error.strerror}: {error.filename}", "path": str(error.filename)}
        return told
    cause = error.__cause__
    if isinstance(cause, errors.UndefinedTable | errors.UndefinedColumn):
        return {
            "code": "launch.not_migrated",
            "message": "The database isn't up to date. Run `coopwerf migrate`, then repeat the command.",
        }
    if isinstance(cause, errors.DiskFull):
        return {"code": "launch.disk_full", "message": "The database's disk is full. Make room, then try again."}
    if isinstance(error, OperationalError):
        return {"code": "launch.no_answer", "message": f"The database doesn't answer: {_first_line(error)}"}
    logging.getLogger("coopwerf.command").error("unforeseen", exc_info=error)
    kind = "the database" if isinstance(error, DatabaseError) else type(error).__name__
    return {
        "code": "launch.unforeseen",
        "message": f"Something happened that we didn't foresee ({kind}: {_first_line(error)}). The whole story is in "
        "log/command.jsonl in the data directory; please send it to us.",
    }


def complain(refusal: dict[str, Any]) -> None:
    """Print a refusal as JSON on standard error."""
    print(json.dumps(refusal, ensure_ascii=False), file=sys.stderr)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]
