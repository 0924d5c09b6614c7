"""How much a file may hold, and what kind of file it is, found out before anything of it is unpacked."""

import re
import zipfile
import zlib
from typing import IO, Final

from coopcalc.register.sheets import Merge
from coopwerf.kernel.refusals import Refused

MEGABYTE: Final = 1_000_000
MOST_BYTES: Final = 25 * MEGABYTE
MOST_UNPACKED: Final = 300 * MEGABYTE
MOST_STRINGS: Final = 80 * MEGABYTE
MOST_PARTS: Final = 2_000
MOST_ROWS: Final = 120_000
MOST_COLUMNS: Final = 200
MOST_BLANK: Final = 20_000
"""After so many empty rows in a row a sheet has ended: some are formatted down to the last line."""

_CHUNK: Final = 1 << 20
_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def size_of(file: IO[bytes]) -> int:
    """Return the length of a file that can be read from its beginning."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def refuse_strangers(file: IO[bytes]) -> bool:
    """Return whether the file is a workbook (XLSX) rather than a text; raises Refused for everything else."""
    size = size_of(file)
    if size == 0:
        raise Refused("register.file_empty")
    if size > MOST_BYTES:
        raise Refused("register.file_too_large", size=-(-size // MEGABYTE), most=MOST_BYTES // MEGABYTE)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return True
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # An old workbook, or a new one behind a password: both come in the same old wrapping.
        tail = file.read(1 << 20)
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in tail:
            raise Refused("register.file_locked")
        raise Refused("register.file_old_excel")
    if head.startswith(b"%PDF"):
        raise Refused("register.file_pdf")
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"{", b"[{")):
        raise Refused("register.file_web_page")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z", b"Rar!", b"PK")):
        raise Refused("register.file_unknown")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _is_wide(head):
        raise Refused("register.file_unknown")
    return False


def _is_wide(head: bytes) -> bool:
    """Tell whether bytes look like UTF-16 without a mark: every other one is nought."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > len(head) // 4 and min(even, odd) < len(head) // 40 + 1


def inspect_workbook(file: IO[bytes]) -> dict[str, list[Merge]]:
    """Check what a workbook unpacks to, and return the merged blocks of each of its sheets by its part's name.

    What the parts declare is added up first; then they are unpacked in small pieces and counted, because a declaration
    may lie. Raises Refused.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _refuse_other_archives(names, archive)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused("register.file_unpacks_too_large", most=MOST_UNPACKED // MEGABYTE)
            merges: dict[str, list[Merge]] = {}
            left = MOST_UNPACKED
            for part in parts:
                if part.flag_bits & 0x1:
                    raise Refused("register.file_locked")
                if not part.filename.lower().endswith((".xml", ".rels")):
                    continue
                most = MOST_STRINGS if part.filename.endswith("sharedStrings.xml") else MOST_UNPACKED
                size, tail = _unpacked(archive, part, min(left, most))
                left -= size
                if tail and part.filename.startswith("xl/worksheets/"):
                    merges[part.filename] = _blocks(tail)
            return merges
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise Refused("register.file_broken") from error
    finally:
        file.seek(0)


def _refuse_other_archives(names: set[str], archive: zipfile.ZipFile) -> None:
    if "xl/workbook.xml" in names:
        return
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise Refused("register.file_opendocument")
    if any(name.startswith("Index/") or name.endswith(".iwa") for name in names):
        raise Refused("register.file_numbers")
    if "xl/workbook.bin" in names:
        raise Refused("register.file_binary_excel")
    raise Refused("register.file_unknown")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> tuple[int, bytes]:
    """Unpack a part in pieces; return its true size and what stands behind its rows."""
    size, tail, before = 0, b"", b""
    is_past = False
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > most:
                raise Refused("register.file_unpacks_too_large", most=MOST_UNPACKED // MEGABYTE)
            if is_past:
                if len(tail) < 8 * _CHUNK:
                    tail += piece
                continue
            window = before + piece
            place = window.find(b"sheetData>", 1)
            # The opening tag ends the same way; the closing one has a slash before it.
            while place > 0 and b"/" not in window[max(0, place - 6) : place]:
                place = window.find(b"sheetData>", place + 1)
            if place > 0:
                is_past, tail = True, window[place:]
            before = piece[-32:]
    return size, tail


def _blocks(tail: bytes) -> list[Merge]:
    blocks: list[Merge] = []
    for left, top, right, bottom in _MERGE.findall(tail):
        blocks.append(Merge(int(top), min(int(bottom), MOST_ROWS * 10), _column(left), _column(right)))
        if len(blocks) >= 20_000:
            break
    return blocks


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
