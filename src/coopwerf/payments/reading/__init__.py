"""Reading a bank's file of whatever kind: what it is shows from what stands in it, not from its name.

Needs neither Django nor a database. The kinds are camt.052, 053 and 054 (`coopcalc.bank.camt`), Belgian CODA version 2
(febelfin-coda) and MT940 (mt-940).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from coopcalc.bank import Event, Unreadable, camt

from . import coda, mt940

_Reader = Callable[[BinaryIO], Iterator[Event]]
_START: Final = 4096
_OTHERS: Final = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP or XLSX"),
    (b"\xd0\xcf\x11\xe0", "XLS or DOC"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x89PNG", "PNG"),
)


def read(file: BinaryIO) -> Iterator[Event]:
    """Yield what stands in a bank's file that can be rewound; raises Unreadable, with line or element where it can."""
    return _READERS[kind_of(file)](file)


def read_path(path: Path | str) -> Iterator[Event]:
    """Yield what stands in a file by its path; raises Unreadable."""
    try:
        with Path(path).open("rb") as file:
            yield from read(file)
    except OSError as error:
        raise Unreadable("file_unreadable", path=str(path), reason=error.strerror or str(error)) from error


def kind_of(file: BinaryIO) -> str:
    """Tell which kind of file this is, `camt`, `coda` or `mt940`, and rewind it; raises Unreadable for any other."""
    start = file.read(_START)
    file.seek(0)
    if not start.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unreadable("file_empty")
    for mark, kind in _OTHERS:
        if start.startswith(mark):
            raise Unreadable("other_kind", kind=kind)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return "camt"
    if coda.is_coda(start):
        return "coda"
    if mt940.is_mt940(start):
        return "mt940"
    if re.search(rb"[;,\t].*[;,\t]", start.splitlines()[0]):
        raise Unreadable("other_kind", kind="CSV")
    raise Unreadable("unknown_kind")


_READERS: Final[dict[str, _Reader]] = {"camt": camt.read, "coda": coda.read, "mt940": mt940.read}
