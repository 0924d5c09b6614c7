"""From a file to sheets of plain cells: workbooks as a stream, texts with any separator and in any usual encoding."""

import csv
import datetime as dt
import io
import warnings
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from coopcalc.register.sheets import Cell, Merge, Sheet, is_blank, trimmed
from coopwerf.kernel.refusals import Refused

from .limits import MOST_BLANK, MOST_COLUMNS, MOST_ROWS, inspect_workbook, refuse_strangers

_SEPARATORS = ";,\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_sheets(file: IO[bytes]) -> tuple[Sheet, ...]:
    """Return the sheets of an XLSX or CSV file, those that hold something; raises Refused with a reason for people."""
    sheets = _workbook(file) if refuse_strangers(file) else (_text(file),)
    found = tuple(sheet for sheet in sheets if sheet.rows)
    if not found:
        raise Refused("register.file_empty")
    return found


def _workbook(file: IO[bytes]) -> tuple[Sheet, ...]:
    merges = inspect_workbook(file)
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise RuntimeError("workbooks are read with defusedxml only")
    try:
        with warnings.catch_warnings():
            # It warns of styles and extensions that it leaves out; none of them matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                return tuple(
                    _sheet(sheet, merges.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"), []))
                    for sheet in book.worksheets
                )
            finally:
                book.close()
    except Refused:
        raise
    except Exception as error:  # whatever a broken workbook makes the reader stumble over
        raise Refused("register.file_broken") from error


def _sheet(sheet: Any, merges: Sequence[Merge]) -> Sheet:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    lines = ((line, [_cell(value) for value in values]) for line, values in enumerate(rows, 1))
    return Sheet(str(sheet.title), tuple(_bounded(lines)), tuple(merges), sheet.sheet_state != "visible")


def _bounded(lines: Iterator[tuple[int, list[Cell]]]) -> Iterator[Any]:
    """Yield the rows that hold something; raises Refused where there are too many rows or columns."""
    count, last = 0, 0

    def until_blank() -> Iterator[tuple[int, list[Cell]]]:
        for line, cells in lines:
            if line - last > MOST_BLANK:
                return
            yield line, cells

    for row in trimmed(until_blank()):
        count, last = count + 1, row.line
        if count > MOST_ROWS:
            raise Refused("register.file_too_many_rows", most=MOST_ROWS)
        if len(row.cells) > MOST_COLUMNS:
            raise Refused("register.file_too_many_columns", line=row.line, row=row.line, most=MOST_COLUMNS)
        yield row


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**15 else exact


def _text(file: IO[bytes]) -> Sheet:
    text = _decoded(file.read())
    if "\x00" in text:
        raise Refused("register.file_unknown")
    separator = _separator(text)
    start = 0
    if text[:4].lower() == "sep=" and "\n" in text:
        separator, start = text[4], 1
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = tuple(_bounded(_numbered(lines, start)))
    except csv.Error as error:
        raise Refused("register.file_broken") from error
    return Sheet("", rows)


def _numbered(lines: Any, skip: int) -> Iterator[tuple[int, list[Cell]]]:
    """Yield rows under the line on which they begin, as an editor counts them."""
    begun = 1
    for place, cells in enumerate(lines):
        if place >= skip:
            yield begun, [cell or None for cell in cells[: MOST_COLUMNS + 1]]
        begun = lines.line_num + 1


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise Refused("register.file_broken") from error
    if b"\x00" in content[:4096]:
        return content.decode("utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # The few bytes that cp1252 leaves undefined are shown as such.
        return content.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """Return the separator under which the first rows have the most columns, and the same number of them."""
    best, most = ";", (0, 0)
    sample = "\n".join(text.splitlines()[:60])
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if len(row) > 1 and not all(is_blank(cell) for cell in row)]
        if widths:
            usual = max(set(widths), key=lambda width: (widths.count(width), width))
            fitness = (widths.count(usual), usual)
            if fitness > most:
                best, most = separator, fitness
    return best
