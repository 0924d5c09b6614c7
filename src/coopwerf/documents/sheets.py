"""Sheets: tables as CSV and XLSX, in which no cell that somebody typed acts as a formula.

In CSV such a text gets an apostrophe before it (`coopcalc.register.table.guarded`), which reading takes away again. In
XLSX every text is stored as a text, marked so that it stays one when somebody edits it; numbers are real ones.
"""

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from coopcalc.register.table import guarded

Cell = str | int | Decimal | dt.date | None

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PIECE = 65_536
"""How many characters of a long table are written at once."""

LONGEST = 32_767
"""How long the text of a cell may be in XLSX."""

MOST_ROWS = 1_048_576
"""How many rows a sheet of XLSX holds."""

FIRST_DATE = dt.date(1900, 3, 1)
"""Before this day spreadsheets disagree about dates, or know none: earlier ones are written as text."""

# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV: commas, a line feed after each row, dates as ISO text, no cell that acts as a formula."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the same piece by piece, for a table of any length."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
        if out.tell() > PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def xlsx_bytes(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    made_at: dt.datetime,
    widths: Sequence[int] = (),
) -> bytes:
    """Return a table as XLSX with its head frozen; written row by row, so that a long one needs little memory.

    `widths` are columns in characters. Whatever is a number or a date here is one there.
    """
    # Here and not above: every command and every process would wait a tenth of a second for it, few write workbooks.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    book.properties.creator = "Coopwerf"
    book.properties.created = book.properties.modified = made_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    sheet = book.create_sheet(_UNWRITABLE.sub("", re.sub(r"[\[\]:*?/\\]", " ", title))[:31] or "1")
    sheet.freeze_panes = "A2"
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width

    def text(value: str, *, is_head: bool = False) -> Any:
        cell = WriteOnlyCell(sheet, "")
        cell.value = _UNWRITABLE.sub("", value)[:LONGEST]
        # openpyxl takes what begins with "=" for a formula; a text is a text.
        cell.data_type = "s"
        if is_head:
            cell.font = Font(bold=True)
        elif value[:1] in ("=", "+", "-", "@", "'", "\t", "\r"):
            cell.quotePrefix = True
        return cell

    def other(value: int | Decimal | dt.date) -> Any:
        cell = WriteOnlyCell(sheet, cast(Any, value))
        if isinstance(value, dt.date):
            cell.number_format = "dd-mm-yyyy"
        elif isinstance(value, Decimal):
            cell.number_format = "#,##0.00" if value == value.quantize(Decimal("0.01")) else "#,##0.0000"
        return cell

    def written(cell: Cell) -> Any:
        if cell is None:
            return None
        if isinstance(cell, dt.date) and cell < FIRST_DATE:
            return text(cell.isoformat())
        return text(cell) if isinstance(cell, str) else other(cell)

    sheet.append([text(name, is_head=True) for name in head])
    for row in rows:
        sheet.append([written(cell) for cell in row])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sheet.xlsx"
        book.save(file)
        return file.read_bytes()
