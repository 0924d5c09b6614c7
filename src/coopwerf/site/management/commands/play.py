"""`coopwerf play FILE.jsonl`: a scenario through the real actions, in a co-operative for practice."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from coopwerf.coops import queries as coops
from coopwerf.kernel.command import FINDING, DomainCommand
from coopwerf.kernel.refusals import Refused
from coopwerf.site.player import Play, playables, read_script


class Command(DomainCommand):
    """Play a scenario: each line as its person, at its time, through the action that a page would call."""

    help = "Play a scenario in a co-operative for practice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, --coop and --stop."""
        parser.add_argument("file", metavar="FILE", help="JSON lines; - reads them from standard input")
        parser.add_argument("--coop", metavar="SLUG", help="a co-operative for practice that is there; lines say $coop")
        parser.add_argument("--stop", action="store_true", help="end at the first refusal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what became of each line; exit 1 when one was refused."""
        actions = playables()
        given = {"coop": coops.coop_for_command(options["coop"])} if options["coop"] else {}
        lines = read_script(_text(options["file"]).split("\n"), actions, given)
        refused = 0
        for outcome in Play(actions, given).run(lines):
            self.say(outcome.as_dict())
            self.stdout.flush()
            refused += not outcome.ok
            if refused and options["stop"]:
                break
        if refused:
            raise SystemExit(FINDING)


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("kernel.file_unreadable", path=file) from error
