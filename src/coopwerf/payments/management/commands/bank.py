"""`coopwerf bank`: read, book and explain what banks send, and make a file that can be sent on."""

import dataclasses
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser

from coopcalc.matching import Proposal
from coopwerf.coops import queries as coops
from coopwerf.kernel import clock, command
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions, queries
from coopwerf.payments.reading import masking, read_path, telling
from coopwerf.payments.reading.refusing import translated

IN_MEMORY = 16 * 1024 * 1024


class Command(command.DomainCommand):
    """Read a bank's files, book them, and say what money was for."""

    help = "Show or book what stands in a bank's file, say what money was for, or make a file without people in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        read = self.subcommand(
            parser,
            "read",
            self.read,
            help="Print what stands in a CODA, camt or MT940 file, as JSON.",
            coop=False,
            database=False,
        )
        read.add_argument("file", type=Path, metavar="FILE")
        anonymise = self.subcommand(
            parser,
            "anonymise",
            self.anonymise,
            help="Write the same file with other names, accounts and words, to show us what your bank does.",
            coop=False,
            database=False,
        )
        anonymise.add_argument("file", type=Path, metavar="FILE")
        anonymise.add_argument("--output", type=Path, metavar="FILE", help="where to; standard output by default")
        anonymise.add_argument("--amounts", action="store_true", help="change the figures of amounts too")
        opened = self.subcommand(parser, "open", self.open, help="Add an account that the co-operative has at a bank.")
        opened.add_argument("iban", metavar="IBAN")
        opened.add_argument("--holder", help="in whose name it stands; the co-operative's name by default")
        bring = self.subcommand(
            parser, "import", self.bring, help="Book what is new in a CODA, camt or MT940 file: all of it, or nothing."
        )
        bring.add_argument("file", type=Path, metavar="FILE")
        bring.add_argument("--because", default="", metavar="WHY", help="book it although it doesn't add up, and why")
        self.subcommand(parser, "matches", self.matches, help="Print what each open line may be for, as JSON.")
        accept = self.subcommand(parser, "accept", self.accept, help="Accept what lines are for.")
        accept.add_argument(
            "--certain", action="store_true", required=True, help="every line that names one open request exactly"
        )
        undo = self.subcommand(parser, "undo", self.undo, help="Take back what a line was for.")
        undo.add_argument("id", type=uuid.UUID, metavar="ID", help="a match, or a line: then everything said of it")
        self.subcommand(parser, "gaps", self.gaps, help="Print what is missing between statements, as JSON.")

    def read(self, *, file: Path, **options: Any) -> None:
        """Print the statements of a file; nothing is printed of one that can't be read to its end."""
        with _kept() as kept:
            with translated():
                for piece in telling.as_json(read_path(file)):
                    kept.write(piece.encode())
            self._print(kept)

    def anonymise(self, *, file: Path, output: Path | None, amounts: bool, **options: Any) -> None:
        """Write the file without people in it; nothing is written of one that can't be read to its end."""
        try:
            with _kept() as kept:
                with translated(), file.open("rb") as opened:
                    for piece in masking.masked(opened, masking.Mask(amounts=amounts)):
                        kept.write(piece)
                if output is None:
                    self._print(kept)
                    return
                kept.seek(0)
                with output.open("wb") as opened:
                    shutil.copyfileobj(kept, opened)
        except OSError as error:
            raise Refused("kernel.file_unreadable", path=str(error.filename)) from error

    def open(self, *, coop: str | None, iban: str, holder: str | None, **options: Any) -> None:
        """Add a bank account."""
        facts = coops.coop_for_command(coop)
        account_id = actions.open_bank_account(
            actor=SYSTEM, now=clock.now(), coop_id=facts.id, iban=iban, holder=holder or facts.name
        )
        with tenant(facts.id):
            account = queries.account_facts(facts.id, account_id)
        assert account is not None
        self.say({"id": account.id, "iban": account.iban, "ledger": account.ledger_code})

    def bring(self, *, coop: str | None, file: Path, because: str, **options: Any) -> None:
        """Book a file; exit 1 where something in it wasn't booked."""
        facts = coops.coop_for_command(coop)
        try:
            with file.open("rb") as opened:
                done = actions.import_statements(
                    actor=SYSTEM, now=clock.now(), coop_id=facts.id, name=file.name, file=opened, because=because
                )
        except OSError as error:
            raise Refused("kernel.file_unreadable", path=str(file)) from error
        told = {
            "statements": done.statements,
            "entries": done.entries,
            "new": done.new,
            "known": done.known,
            "refused": done.refused,
        }
        found = [
            {"code": one.code, "message": one.message, "account": one.account, "statement": one.statement_id}
            for one in done.findings
        ]
        self.say({**told, "findings": found} if found else told)
        if done.refused:
            raise SystemExit(command.FINDING)

    def matches(self, *, coop: str | None, **options: Any) -> None:
        """Print every open line with its proposals, one after the other."""
        coop_id = coops.coop_for_command(coop).id
        with tenant(coop_id), snapshot():
            claims = queries.book(coop_id)
            self.stdout.write("[", ending="")
            before = "\n"
            for entry in queries.open_entries(coop_id):
                told = {
                    "entry": entry.id,
                    "booked": entry.booked,
                    "amount": entry.amount,
                    "open": entry.open,
                    "state": entry.state.value,
                    "proposals": _proposals(claims.propose(entry.payment)),
                }
                if entry.details:
                    told["details"] = [
                        {
                            "number": one.number,
                            "amount": one.amount,
                            "proposals": _proposals(claims.propose(one.payment)),
                        }
                        for one in entry.details
                    ]
                self.stdout.write(before + command.as_json(told), ending="")
                before = ",\n"
            self.stdout.write("\n]" if before != "\n" else "]")

    def accept(self, *, coop: str | None, certain: bool, **options: Any) -> None:
        """Accept what is certain, some hundreds at a time."""
        coop_id = coops.coop_for_command(coop).id
        accepted: list[uuid.UUID] = []
        while True:
            more = actions.accept_certain(actor=SYSTEM, now=clock.now(), coop_id=coop_id)
            accepted += more
            if not more:
                break
        self.say({"accepted": len(accepted), "matches": accepted})

    def undo(self, *, coop: str | None, id: uuid.UUID, **options: Any) -> None:
        """Take back a match, or everything that was said of a line."""
        coop_id = coops.coop_for_command(coop).id
        act: dict[str, Any] = {"actor": SYSTEM, "now": clock.now(), "coop_id": coop_id}
        with tenant(coop_id):
            is_line = queries.entry_facts(coop_id, id) is not None
        done = actions.undo(**act, entry_id=id) if is_line else actions.undo_match(**act, match_id=id)
        self.say({"undone": done.match_ids, "on": done.on, "moved": done.moved})

    def gaps(self, *, coop: str | None, **options: Any) -> None:
        """Print what is missing between statements; exit 1 where something is."""
        coop_id = coops.coop_for_command(coop).id
        with tenant(coop_id):
            found = queries.gaps(coop_id)
        told = [dataclasses.asdict(gap) | {"missing": gap.missing} for gap in found]
        self.say([{key: value for key, value in one.items() if value is not None} for one in told])
        if found:
            raise SystemExit(command.FINDING)

    def _print(self, kept: IO[bytes]) -> None:
        kept.seek(0)
        self.stdout.flush()
        shutil.copyfileobj(kept, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _proposals(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    return [
        {
            "claim": one.claim,
            "amount": one.amount,
            "score": one.score,
            "reasons": one.codes,
            "certain": one.is_certain,
            **({"together": [claim for claim, _amount in one.together]} if one.together else {}),
        }
        for one in proposals
    ]


def _kept() -> IO[bytes]:
    """Keep what is to be printed until it is whole: on disk where it is large."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # closed by who asked
