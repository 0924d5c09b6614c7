"""The shape of our commands: `coopwerf <name> <what> …` is the management command `<name>` of some package.

    class Command(DomainCommand):
        help = "Show, import and export the register."

        def add_arguments(self, parser: CommandParser) -> None:
            show = self.subcommand(parser, "show", self.show, help="Print the register as of a date.")
            show.add_argument("--at", required=True)

        def show(self, *, coop: str | None, at: str, **options: Any) -> None:
            self.say({"members": 3})

A finding ends with `raise SystemExit(1)` after saying what was found; `Refused` becomes exit 2 with JSON on standard
error. `conf.cli` finds these commands by themselves, and prepares the data directory and the database.
"""

import datetime as dt
import decimal
import json
import sys
import uuid
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any, ClassVar, Literal

from django.core.management.base import BaseCommand, CommandParser

from . import chain
from .refusals import Refused

FINDING = 1
"""The exit code of a command that found something wrong."""

_DO = "_do"
DATABASE = "_database"
"""The option that says of a word whether it needs the database; it isn't handed on."""


def as_json(value: Any) -> str:
    """Return JSON for people and programs: amounts, dates and ids as strings, accents as they are."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def date(text: str) -> dt.date:
    """Read a date argument, YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no date: write it as 2026-11-23") from None


def position(coop_id: uuid.UUID, text: str | None) -> int | None:
    """Read `--known`: a chain position, or a moment that maps to the last position sealed by then; raises Refused."""
    if text is None:
        return None
    if text.isdecimal():
        return min(int(text), 2**62)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refused("kernel.known_unreadable", text=text) from None
    return chain.position_at(coop_id, moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


class DomainCommand(BaseCommand):
    """A command of one of our packages, with or without words after its name.

    `needs_database = False` spares the database's start. `runs_as = "owner"` passes by row-level security and the
    guards of the registers: for what migrations do, never for what an action can do.
    """

    needs_database: ClassVar[bool] = True
    runs_as: ClassVar[Literal["web", "owner"]] = "web"
    requires_system_checks: list[str] = []
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }

    def subcommand(
        self,
        parser: CommandParser,
        name: str,
        do: Callable[..., None],
        *,
        help: str,
        coop: bool = True,
        database: bool | None = None,
    ) -> CommandParser:
        """Add a word after the command's name; `do` gets its arguments by name.

        With `coop` it takes `--coop SLUG` (None where it wasn't given). `database` says whether this word needs the
        database, where that isn't as for the whole command.
        """
        words = getattr(parser, "_words", None)
        if words is None:
            words = parser.add_subparsers(title="what", metavar="WHAT", required=True)
            parser._words = words  # type: ignore[attr-defined]
        added: CommandParser = words.add_parser(name, help=help, description=help)
        added.set_defaults(**{_DO: do, DATABASE: self.needs_database if database is None else database})
        if coop:
            added.add_argument("--coop", metavar="SLUG", help="the co-operative meant")
        return added

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the word after the command's name says; a command without words writes its own `handle`."""
        do = options.pop(_DO, None)
        options.pop(DATABASE, None)
        if do is None:
            raise Refused("kernel.bad_value", field=self.__module__.rsplit(".", 1)[-1], why="it needs a word after it")
        do(**options)

    def say(self, value: Any) -> None:
        """Print one line of JSON on standard output."""
        self.stdout.write(as_json(value))

    def say_bytes(self, content: bytes) -> None:
        """Write a document (PDF, XLSX, or text in its own encoding) to standard output as it is."""
        self.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
