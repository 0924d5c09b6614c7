"""`coopwerf register`: show it as of a date, bring it from a spreadsheet, export it to be checked elsewhere."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser
from django.utils import translation

from coopcalc.register import sheets, table
from coopcalc.register.bodies import amount_text
from coopcalc.register.sheets import Shape
from coopwerf.coops import queries as coops
from coopwerf.documents import papers
from coopwerf.documents import queries as documents
from coopwerf.kernel import chain, clock, command
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, policies, queries
from coopwerf.register.spreadsheets import importing, read_sheets
from coopwerf.register.spreadsheets.words import PROBLEMS


def _opened(file: Path) -> IO[bytes]:
    """Open a file for reading; raises Refused where it isn't there."""
    try:
        return file.open("rb")
    except OSError as error:
        raise Refused("kernel.file_unreadable", path=str(file)) from error


class Command(command.DomainCommand):
    """Show, import or export a member and share register."""

    help = "Show a register as of a date, bring one from a spreadsheet, or export it to be checked elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        show = self.subcommand(parser, "show", self.show, help="Print the register as of a date.")
        show.add_argument("--at", required=True, type=command.date, metavar="DATE")
        show.add_argument("--known", metavar="POSITION|TIME", help="as the register was known then")
        show.add_argument("--format", choices=("csv", "json", "pdf", "xlsx"), default="csv")
        show.add_argument("--totals", action="store_true", help="totals only, as JSON")
        show.add_argument(
            "--language", choices=("nl", "fr", "en"), help="of the paper; the co-operative's own by default"
        )
        export = self.subcommand(
            parser, "export", self.export, help="Write the whole chain, for python -m coopcalc.register verify."
        )
        export.add_argument("file", type=Path, metavar="FILE")
        bring = self.subcommand(
            parser,
            "import",
            self.bring,
            help="Bring a register from a spreadsheet (.xlsx, .csv): all of it, or nothing.",
        )
        bring.add_argument("file", type=Path, metavar="FILE")
        bring.add_argument("--dry-run", action="store_true", help="say what would be booked, and book nothing")
        bring.add_argument("--at", type=command.date, metavar="DATE", help="the day on which the spreadsheet was right")
        bring.add_argument("--sheet", metavar="NAME", help="which sheet; by default the one that looks like a register")
        bring.add_argument("--header", type=int, metavar="LINE", help="on which line the headers stand")
        bring.add_argument(
            "--columns", metavar="C=FIELD,…", help="what columns hold, by letter or header: C=paid,Datum=admitted_on"
        )
        bring.add_argument("--shape", choices=[shape.value for shape in Shape], help="what a row is")
        bring.add_argument(
            "--class",
            dest="share_class",
            metavar="A[=25.00]",
            help="class and amount per share where no column says it",
        )
        bring.add_argument(
            "--mend",
            type=Path,
            metavar="FILE",
            help="a table (line, column, value) that mends doubtful rows; the column may be skip, with a reason",
        )
        bring.add_argument(
            "--same-person", action="store_true", help="rows with the same name and address are one person"
        )

    def show(
        self,
        *,
        coop: str | None,
        at: dt.date,
        known: str | None,
        format: str,
        totals: bool,
        language: str | None,
        **options: Any,
    ) -> None:
        """Print the register, or its totals, as of a date."""
        meant = coops.coop_for_command(coop)
        with tenant(meant.id), snapshot():
            position = command.position(meant.id, known)
            if totals:
                self._totals(queries.totals(meant.id, at, position), queries.begins_after(meant.id, at, position))
                return
            rows = queries.table_rows(meant.id, at, position)
            if format == "csv":
                table.write_csv(sys.stdout, rows)
            elif format == "xlsx":
                self.say_bytes(queries.register_sheet(meant.id, at, position, made_at=clock.now()))
            elif format == "pdf":
                self.say_bytes(self._paper(meant, at, position, language or meant.language))
            else:
                self.say([dict(zip(table.COLUMNS, row, strict=True)) for row in rows])

    def export(self, *, coop: str | None, file: Path, **options: Any) -> None:
        """Write the export file."""
        meant = coops.coop_for_command(coop)
        with tenant(meant.id), snapshot():
            self._export(meant, file)

    def bring(self, *, coop: str | None, file: Path, dry_run: bool, mend: Path | None, **options: Any) -> None:
        """Book a register from a spreadsheet, or say what would be booked; a finding where rows are doubtful."""
        meant = coops.coop_for_command(coop)
        now = clock.now()
        today = clock.civil_date(now)
        with tenant(meant.id):
            if not dry_run:
                policies.may_import_register(SYSTEM, meant.id, today).require()
            with _opened(file) as opened:
                found = read_sheets(opened)
            mends = None
            if mend is not None:
                with _opened(mend) as opened:
                    mends = importing.mends(read_sheets(opened))
            choices = importing.choices(found, file.name, today=today, **options)
            sheet, setting = queries.import_setting(meant.id, found, choices, today=today, mends=mends)
            plan = sheets.plan_import(sheet, setting)
            told = importing.told(plan)
            if plan.problems:
                code = PROBLEMS[plan.problems[0]]
                raise Refused(code, path=str(file))
            if dry_run or plan.doubts:
                self.say(told)
                raise SystemExit(command.FINDING if plan.doubts else 0)
            booked = actions.import_register(
                actor=SYSTEM,
                now=now,
                coop_id=meant.id,
                at=setting.at,
                members=plan.members,
                prices=plan.prices,
                first_dates=plan.first_dates,
                skipped=plan.skipped,
                reference=file.name,
            )
            self.say({**told, "head": booked.head})

    def _totals(self, totals: queries.Totals, begins: dt.date | None) -> None:
        limit = {} if begins is None else {"begins": begins}
        self.say(
            {
                "at": totals.at.isoformat(),
                "known": totals.known,
                "members": totals.members,
                "shares": totals.shares,
                "paid": amount_text(totals.paid),
                "head": totals.head,
                **limit,
            }
        )

    def _paper(self, coop: coops.CoopFacts, at: dt.date, known: int | None, language: str) -> bytes:
        """Return the register as the law wants it on paper, the same that a page asks a worker for."""
        now = clock.now()
        with translation.override(coop.language_for(language)):
            setting = papers.Setting(
                letterhead=documents.letterhead_of(coop.id, at), language=language, at=now, head=chain.head_of(coop.id)
            )
            facts = queries.register_paper(coop.id, at, known)
            return papers.set_file(facts.papers(setting), language, now).content

    def _export(self, coop: coops.CoopFacts, file: Path) -> None:
        """Write beside the file first, so that nobody takes half an export for a whole one."""
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        count = -1
        try:
            # Names and addresses of everybody: for who asked, not for the whole machine.
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
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
