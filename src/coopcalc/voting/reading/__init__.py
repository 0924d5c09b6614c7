"""Read papers from files: BLT, and the CSV layout in which Scottish wards are published.

Streaming: a file of any size takes the memory of its different papers, and there is a bound on these. Equal lines are
counted first and read once. What a file can't mean is refused with its line.
"""

from pathlib import Path
from typing import BinaryIO

from ..papers import Election
from ..refusals import Refused
from . import blt, scottish_csv
from .lines import Source


def read(file: BinaryIO) -> Election:
    """Read an election from a binary file that can be rewound; a member of a zip archive is one.

    The first line tells the two layouts apart: `4 2` is BLT, `4,2,` is CSV. Raises Refused, with the line where it can.
    """
    source = Source(file)
    try:
        number, first = source.first_line()
        is_csv = b"," in first.partition(b"#")[0]
        return scottish_csv.read(source, number, first) if is_csv else blt.read(source, number, first)
    except Refused as refused:
        raise source.placed(refused) from refused.__cause__


def read_path(path: Path | str) -> Election:
    """Read an election from a file by its path. Raises Refused, with line and path."""
    try:
        with Path(path).open("rb") as file:
            return read(file)
    except OSError as error:
        raise Refused("file_unreadable", path=str(path), reason=error.strerror or str(error)) from error
    except Refused as refused:
        raise refused.at(path=str(path)) from refused.__cause__


__all__ = ["read", "read_path"]
