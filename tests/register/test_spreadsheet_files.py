"""Files that people bring: every usual writing of a table, and everything else with a sentence instead of harm."""

import datetime as dt
import io
import struct
import tracemalloc
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from coopwerf.kernel.refusals import Refused
from coopwerf.register.spreadsheets import limits, read_sheets

HEAD = '<?xml version="1.0"?>'
BOOK = (
    HEAD + '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    HEAD
    + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
TYPES = (
    HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
TOP = (
    HEAD
    + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


def archive(sheet: bytes | str, **more: bytes) -> io.BytesIO:
    """Make a workbook of one sheet's XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", TOP),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
        ):
            made.writestr(name, text)
        made.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            made.writestr(name, content)
    return out


def workbook(rows: list[list[Any]], *merges: str) -> io.BytesIO:
    """Make a workbook as Excel would."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out


def refusal(file: io.BytesIO) -> Refused:
    """Return why a file is refused."""
    with pytest.raises(Refused) as refused:
        read_sheets(file)
    assert refused.value.message
    return refused.value


def test_a_workbook_keeps_its_types() -> None:
    """Dates, whole numbers, fractions, texts, yes and no, errors; merged blocks too, although streaming hides them."""
    rows = [["Naam", "Op", "n"], ["x", dt.date(2019, 5, 3), 4], [None, 12.5, True], ["#N/A", 0.1, 3.0]]
    (sheet,) = read_sheets(workbook(rows, "A2:A3"))
    assert [row.cells for row in sheet.rows] == [
        ("Naam", "Op", "n"),
        ("x", dt.date(2019, 5, 3), 4),
        (None, Decimal("12.5"), "ja"),
        ("#N/A", Decimal("0.1"), 3),
    ]
    assert sheet.filled_down() == {(3, 0): "x"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_texts(encoding: str, separator: str) -> None:
    """Any separator, any usual encoding; a text over two lines counts from where it begins."""
    rows = ["Naam|Adres|Aandelen", 'Zoë|"Kerkstraat 1\n9000 Gent"|4', "", "André|Rue Haute 3|2"]
    text = "\r\n".join(rows).replace("|", separator)
    (sheet,) = read_sheets(io.BytesIO(text.encode(encoding)))
    assert [(row.line, row.cells[0], row.cells[-1]) for row in sheet.rows] == [
        (1, "Naam", "Aandelen"),
        (2, "Zoë", "4"),
        (5, "André", "2"),
    ]


def test_a_line_that_names_the_separator() -> None:
    """Excel writes it above the header."""
    (sheet,) = read_sheets(io.BytesIO(b"sep=;\na,b;c\n1;2\n"))
    assert [row.cells for row in sheet.rows] == [("a,b", "c"), ("1", "2")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "register.file_empty"),
        (b"\n\n  \n", "register.file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "register.file_old_excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(700) + "EncryptedPackage".encode("utf-16-le"), "register.file_locked"),
        (b"%PDF-1.7", "register.file_pdf"),
        (b"  <!DOCTYPE html><table>", "register.file_web_page"),
        (b'{"members": []}', "register.file_web_page"),
        (b"\x89PNG\r\n\x1a\n", "register.file_unknown"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 9, "register.file_unknown"),
        (b"PK\x03\x04" + bytes(60), "register.file_broken"),
    ],
)
def test_what_is_no_spreadsheet(content: bytes, code: str) -> None:
    """Its first bytes tell what it is, whatever its name says."""
    assert refusal(io.BytesIO(content)).code == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "register.file_opendocument"),
        ({"Index/Document.iwa": b"x"}, "register.file_numbers"),
        ({"xl/workbook.bin": b"x"}, "register.file_binary_excel"),
        ({"word/document.xml": b"<x/>"}, "register.file_unknown"),
    ],
)
def test_other_archives(names: dict[str, bytes], code: str) -> None:
    """OpenDocument, Numbers, binary Excel and a letter are archives too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in names.items():
            made.writestr(name, content)
    assert refusal(out).code == code


def test_300_megabytes_are_refused_unread() -> None:
    """Nothing of it is read: its length is enough."""

    class Huge(io.BytesIO):
        def tell(self) -> int:
            return 300_000_000

        def read(self, *given: Any) -> bytes:
            raise AssertionError("was read")

    assert refusal(Huge()).facts == {"size": 300, "most": 25}


def test_a_bomb_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred kilobytes that unpack to more than 300 megabytes: refused before anything is unpacked."""
    bomb = archive(b" " * 310_000_000)
    assert bomb.getbuffer().nbytes < 1_000_000
    monkeypatch.setattr(limits, "_unpacked", lambda *given: pytest.fail("was unpacked"))
    assert refusal(bomb).code == "register.file_unpacks_too_large"


def test_a_bomb_that_lies_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the list of contents says, what comes out is counted; memory stays bounded."""
    monkeypatch.setattr(limits, "MOST_UNPACKED", 20_000_000)
    size = 60_000_000
    content = bytearray(archive(b" " * size).getvalue())
    place = content.rfind(b"xl/worksheets/sheet1.xml") - 46 + 24
    assert struct.unpack_from("<I", content, place)[0] == size
    struct.pack_into("<I", content, place, 1_000)
    tracemalloc.start()
    code = refusal(io.BytesIO(bytes(content))).code
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code in ("register.file_unpacks_too_large", "register.file_broken")
    assert peak < 10_000_000


def test_thousands_of_parts_are_refused() -> None:
    """A workbook has a few dozen parts."""
    more = {f"xl/x{number}.xml": b"" for number in range(limits.MOST_PARTS)}
    assert refusal(archive(SHEET.format("", ""), **more)).code == "register.file_unpacks_too_large"


def test_entities_are_not_expanded() -> None:
    """XML that multiplies itself, or asks for a file of ours, is broken to us."""
    for entity in ('<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">'):
        text = f"<?xml version='1.0'?><!DOCTYPE x [{entity}]>" + SHEET.format(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', ""
        )
        assert refusal(archive(text)).code == "register.file_broken"


def test_a_row_at_the_very_end_costs_nothing() -> None:
    """Formatted down to the last line, with one forgotten cell there: the members are read, the rest is passed over."""
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    text = row.format(1, "Naam") + row.format(2, "Maes") + '<row r="900000"/>' + row.format(1_048_576, "x")
    (sheet,) = read_sheets(archive(SHEET.format(text, "")))
    assert [row.line for row in sheet.rows] == [1, 2]


def test_too_many_columns_or_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have a limit, with the line where it is passed."""
    assert refusal(workbook([["x"], ["x"] * 201])).facts == {"row": 2, "most": 200}
    monkeypatch.setattr("coopwerf.register.spreadsheets.reading.MOST_ROWS", 3)
    assert refusal(workbook([["x"]] * 4)).code == "register.file_too_many_rows"
    assert refusal(io.BytesIO(b"a;b\n" * 4)).code == "register.file_too_many_rows"


def test_a_wrong_dimension_is_not_believed() -> None:
    """Some programs write that a sheet ends at its first cell."""
    text = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
        '</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells></worksheet>'
    )
    (sheet,) = read_sheets(archive(text))
    assert [row.cells for row in sheet.rows] == [(1, 2), (3,)]
    assert [(merge.top, merge.bottom, merge.left) for merge in sheet.merges] == [(1, 2, 0)]


def test_hidden_sheets_come_last() -> None:
    """A hidden sheet is told as such."""
    book = Workbook()
    book.create_sheet("Oud").sheet_state = "hidden"
    for sheet in book.worksheets:
        sheet.append(["Naam", "Lidnr"])
    out = io.BytesIO()
    book.save(out)
    assert [(sheet.name, sheet.is_hidden) for sheet in read_sheets(out)] == [("Sheet", False), ("Oud", True)]
