"""Tables for spreadsheets: what somebody typed never acts as a formula, and everything comes back as it was."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from coopcalc.register.table import unguarded
from coopwerf.documents import sheets

AT = dt.datetime(2026, 11, 23, 19, 30, tzinfo=dt.UTC)
TEXTS = [
    "=cmd()",
    '=HYPERLINK("http://x.example","y")',
    "+32 2 555 00 00",
    "-1",
    "@SUM(A1)",
    "'t Hooft",
    "'=cmd()",
    "\tab",
    "O’Brien-D'Hondt",
    "Okafor 🌻",
    "עמר الخطيب",
    "Zwei,Komma\nund Zeile",
    "n" * 500,
    "00123",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    """In XLSX as a text cell, in CSV once its guard is taken away."""
    book = load_workbook(io.BytesIO(sheets.xlsx_bytes("Register", ["name"], [[text]], made_at=AT)))
    cell = book.active["A2"]  # type: ignore[index]
    assert (cell.value or "") == text
    assert cell.data_type != "f"
    read = list(csv.reader(io.StringIO(sheets.csv_text(["name"], [[text]]), newline="")))
    assert unguarded(read[1][0] if read[1] else "") == text
    if text[:1] in "=+-@\t" and text:
        assert read[1][0].startswith("'")


def test_no_formula_stands_in_the_file() -> None:
    """The sheet itself holds no formula element, whatever was typed."""
    made = sheets.xlsx_bytes("Register", ["=head()"], [[text] for text in TEXTS], made_at=AT)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<f " not in sheet


def test_numbers_and_dates_are_real_ones() -> None:
    """A spreadsheet can add up amounts and sort dates."""
    made = sheets.xlsx_bytes(
        "Register",
        ["a", "b", "c", "d"],
        [[5473, Decimal("0.3333"), dt.date(1899, 1, 1), dt.date(2024, 2, 29)]],
        made_at=AT,
    )
    row = [cell.value for cell in next(load_workbook(io.BytesIO(made)).active.iter_rows(min_row=2))]  # type: ignore[union-attr]
    assert row[0] == 5473
    assert Decimal(str(row[1])) == Decimal("0.3333")
    assert row[2] == "1899-01-01"
    assert row[3] == dt.datetime(2024, 2, 29)  # noqa: DTZ001  (a spreadsheet knows no zones)


def test_signs_that_xml_cannot_write_do_not_stop_a_sheet() -> None:
    """A control character or half an emoji is left out; the rest of the table is there."""
    made = sheets.xlsx_bytes("a/b:c?", ["name"], [["a\x00b\x0bc\ud83c"]], made_at=AT)
    assert load_workbook(io.BytesIO(made)).active["A2"].value == "abc"  # type: ignore[index]
