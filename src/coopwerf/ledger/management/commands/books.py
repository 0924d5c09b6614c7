"""`coopwerf books`: the journal and the trial balance, for an accountant and for programs.

Packages above add words of their own (`coopwerf books prove`) with `ledger.states.register_books_word`.
"""

import datetime as dt
import functools
import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.documents import sheets
from coopwerf.kernel import clock, command
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries, tables
from coopwerf.ledger.states import BooksWord, books_words


class Command(command.DomainCommand):
    """Print the journal or the trial balance of a co-operative."""

    help = "Print the journal or the trial balance of a co-operative."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        journal = self.subcommand(parser, "journal", self.journal, help="Print every line of a period.")
        self._period(journal)
        trial = self.subcommand(
            parser,
            "trial-balance",
            self.trial_balance,
            help="Print what every account came to, at a date or in a period.",
        )
        trial.add_argument("--at", type=command.date, metavar="DATE", help="over all time until and including this day")
        self._period(trial)
        for word in books_words():
            added = self.subcommand(parser, word.name, functools.partial(self._do, word), help=word.help)
            word.add_arguments(added)

    def _do(self, word: BooksWord, **options: Any) -> None:
        word.do(self, now=clock.now(), **options)

    def _period(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="begin", type=command.date, metavar="DATE", help="the first day")
        parser.add_argument("--to", dest="end", type=command.date, metavar="DATE", help="the last day, else today")
        parser.add_argument("--format", choices=("csv", "json", "xlsx"), default="csv")
        parser.add_argument(
            "--language", choices=("nl", "fr", "en"), help="of names; the co-operative's own by default"
        )

    def journal(self, **options: Any) -> None:
        """Print the journal of a period."""
        self._print(tables.JOURNAL, **options)

    def trial_balance(self, **options: Any) -> None:
        """Print the trial balance of a period, or at a date."""
        self._print(tables.TRIAL_BALANCE, **options)

    def _print(
        self,
        what: str,
        *,
        coop: str | None,
        begin: dt.date | None,
        end: dt.date | None,
        format: str,
        language: str | None,
        at: dt.date | None = None,
        **options: Any,
    ) -> None:
        meant = coops.coop_for_command(coop)
        now = clock.now()
        with tenant(meant.id), snapshot(), translation.override(meant.language_for(language or meant.language)):
            books = queries.books(meant.id)
            if books is None:
                raise Refused("ledger.not_open")
            until = at or end or clock.civil_date(now)
            first = dt.date.min if at is not None else begin or books.begins_on
            if first > until:
                raise Refused("ledger.period_order")
            if format == "xlsx":
                with tables.write_table(meant.id, what, format, first, until, made_at=now) as made:
                    self.say_bytes(made.read())
                return
            columns, rows = tables.table(meant.id, what, first, until)
            writer = sheets.csv_lines if format == "csv" else tables.json_text
            for text in writer(columns, rows):
                sys.stdout.write(text)
