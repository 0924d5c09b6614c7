"""Journal and trial balance as tables for an accountant: CSV, XLSX, or JSON lines, written row by row into a file."""

import datetime as dt
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Final

from django.utils.translation import gettext as _

from coopwerf.coops.states import in_language
from coopwerf.documents import sheets
from coopwerf.kernel.command import as_json
from coopwerf.kernel.refusals import Refused

from . import queries
from .rules import rules
from .states import JOURNAL_NAMES

JOURNAL: Final = "journal"
TRIAL_BALANCE: Final = "trial-balance"
TABLES: Final = (JOURNAL, TRIAL_BALANCE)
FORMATS: Final = {"csv": sheets.CSV, "xlsx": sheets.XLSX}

JOURNAL_COLUMNS: Final = (
    "date",
    "journal",
    "number",
    "line",
    "account",
    "account_name",
    "debit",
    "credit",
    "description",
    "reverses",
    "position",
)
TRIAL_COLUMNS: Final = (
    "account",
    "account_name",
    "kind",
    "opening",
    "debit",
    "credit",
    "balance_debit",
    "balance_credit",
)
MOST_IN_SHEET: Final = 250_000
"""More rows than that take a spreadsheet minutes to open: then a shorter period, or CSV."""

IN_MEMORY: Final = 4 * 1024 * 1024

Row = tuple[sheets.Cell, ...]


def journal_table(coop_id: uuid.UUID, begin: dt.date, end: dt.date) -> Iterator[Row]:
    """Yield the journal of a period, a row for each line."""
    for row in queries.journal_rows(coop_id, begin, end):
        yield (
            row.on,
            row.journal.value,
            row.number,
            row.line,
            row.account.code,
            row.account.name,
            row.amount if row.amount > 0 else None,
            -row.amount if row.amount < 0 else None,
            row.words or in_language(rules()[row.rule].names),
            row.reverses,
            row.position,
        )


def trial_table(coop_id: uuid.UUID, begin: dt.date | None, end: dt.date) -> Iterator[Row]:
    """Yield the trial balance of a period, a row for each account, and one for the result of earlier periods."""
    names = {one.code: one.name for one in queries.accounts(coop_id)}
    found = queries.trial_balance(coop_id, begin, end)
    for line in found.lines:
        yield (
            line.account,
            names[line.account],
            line.kind.value,
            line.opening,
            line.debit,
            line.credit,
            line.debit_balance,
            line.credit_balance,
        )
    if found.result_before:
        before, nothing = found.result_before, Decimal("0.00")
        yield (
            "",
            _("Result of earlier periods"),
            "equity",
            before,
            nothing,
            nothing,
            max(before, nothing),
            max(-before, nothing),
        )


def heads(columns: tuple[str, ...]) -> list[str]:
    """Return the heads of columns in the active language, for people who open the sheet."""
    words = {
        "date": _("Date"),
        "journal": _("Journal"),
        "number": _("Number"),
        "line": _("Line"),
        "account": _("Account"),
        "account_name": _("Name of the account"),
        "debit": _("Debit"),
        "credit": _("Credit"),
        "description": _("Description"),
        "reverses": _("Takes back"),
        "position": _("Position in the chain"),
        "kind": _("Kind"),
        "opening": _("Opening"),
        "balance_debit": _("Balance, debit"),
        "balance_credit": _("Balance, credit"),
    }
    return [words[column] for column in columns]


def table(coop_id: uuid.UUID, what: str, begin: dt.date, end: dt.date) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the columns and the rows of the journal or the trial balance of a period."""
    if what == JOURNAL:
        return JOURNAL_COLUMNS, journal_table(coop_id, begin, end)
    return TRIAL_COLUMNS, trial_table(coop_id, begin, end)


def write_table(
    coop_id: uuid.UUID, what: str, form: str, begin: dt.date, end: dt.date, *, made_at: dt.datetime
) -> IO[bytes]:
    """Return a file, at its beginning, with the journal or the trial balance of a period.

    Raises Refused where a spreadsheet would be longer than one can work with.
    """
    if form not in FORMATS:
        raise Refused("ledger.format_unknown", format=form)
    if form == "xlsx" and what == JOURNAL:
        lines = queries.lines_between(coop_id, begin, end)
        if lines > MOST_IN_SHEET:
            raise Refused("ledger.sheet_too_long", lines=lines, most=MOST_IN_SHEET)
    columns, rows = table(coop_id, what, begin, end)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (who asked closes it)
    if form == "csv":
        for text in sheets.csv_lines(columns, rows):
            file.write(text.encode())
    else:
        title = _("Journal") if what == JOURNAL else _("Trial balance")
        widths = (12, 12, 8, 6, 10, 40, 14, 14, 50, 14, 10) if what == JOURNAL else (10, 44, 12, 14, 14, 14, 14, 14)
        named = _with_names(rows) if what == JOURNAL else rows
        file.write(sheets.xlsx_bytes(title, heads(columns), named, made_at=made_at, widths=widths))
    file.seek(0)
    return file


def _with_names(rows: Iterator[Row]) -> Iterator[Row]:
    names = {journal.value: str(name) for journal, name in JOURNAL_NAMES.items()}
    for row in rows:
        yield (row[0], names[str(row[1])], *row[2:])


def json_text(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table as a JSON list of records, piece by piece: amounts and dates as text, null where there is none."""
    before = "["
    for row in rows:
        yield before + as_json(dict(zip(columns, row, strict=True)))
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"
