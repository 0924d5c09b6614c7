"""`coopwerf register`: show it as of a date, export it to be checked elsewhere."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from coopcalc.register import table
from coopcalc.register.bodies import amount_text
from coopwerf.coops import queries as coops
from coopwerf.kernel import command
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import queries


class Command(command.DomainCommand):
    """Show or export a member and share register."""

    help = "Show a register as of a date, or export it to be checked elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        show = self.subcommand(parser, "show", self.show, help="Print the register as of a date.")
        show.add_argument("--at", required=True, type=command.date, metavar="DATE")
        show.add_argument("--known", metavar="POSITION|TIME", help="as the register was known then")
        show.add_argument("--format", choices=("csv", "json"), default="csv")
        show.add_argument("--totals", action="store_true", help="totals only, as JSON")
        export = self.subcommand(
            parser, "export", self.export, help="Write the whole chain, for python -m coopcalc.register verify."
        )
        export.add_argument("file", type=Path, metavar="FILE")

    def show(
        self, *, coop: str | None, at: dt.date, known: str | None, format: str, totals: bool, **options: Any
    ) -> None:
        """Print the register, or its totals, as of a date."""
        meant = coops.coop_for_command(coop)
        with tenant(meant.id), snapshot():
            position = command.position(meant.id, known)
            if totals:
                self._totals(queries.totals(meant.id, at, position))
                return
            rows = queries.table_rows(meant.id, at, position)
            if format == "csv":
                table.write_csv(sys.stdout, rows)
            else:
                self.say([dict(zip(table.COLUMNS, row, strict=True)) for row in rows])

    def export(self, *, coop: str | None, file: Path, **options: Any) -> None:
        """Write the export file."""
        meant = coops.coop_for_command(coop)
        with tenant(meant.id), snapshot():
            self._export(meant, file)

    def _totals(self, totals: queries.Totals) -> None:
        self.say(
            {
                "at": totals.at.isoformat(),
                "known": totals.known,
                "members": totals.members,
                "shares": totals.shares,
                "paid": amount_text(totals.paid),
                "head": totals.head,
            }
        )

    def _export(self, coop: coops.CoopFacts, file: Path) -> None:
        """Write beside the file first, so that nobody takes half an export for a whole one."""
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        count = -1
        try:
            with draft.open("xb") as out:
                for line in queries.export(coop.id):
                    out.write(line)
                    count += 1
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
        except OSError as error:
            if error.filename is None:
                raise
            raise Refused("kernel.file_unreadable", path=str(file)) from error
        finally:
            draft.unlink(missing_ok=True)
        self.say({"file": str(file), "links": count})
