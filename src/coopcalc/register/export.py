"""The export of a register: one header line, then one line per link, as a stream.

    {"coop":{"id":…,"name":…,"slug":…},"format":"coopwerf-register/1","head":"position:hash","links":N}
    text TAB hash TAB private

`text` is the canonical text of the link. `hash` repeats the stored hash for the reader's eye: nobody trusts it.
`private` is the record behind a commitment with its salt, or nothing where there is none or it was erased. Canonical
text holds neither tabs nor line ends, so that no quoting is needed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from coopcalc.chain import Head, canonical

FORMAT: Final = "coopwerf-register/1"
LONGEST_LINE: Final = 4 * 1024 * 1024


class Refused(Exception):
    """The input can't be read as what it should be: a stable code, a sentence, and the line where there is one."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says about itself: whose register, and what its writer took for the head and number of links."""

    coop_id: str
    slug: str
    name: str
    head: Head
    links: int


def header_line(header: Header) -> bytes:
    """Write the first line of an export, with its line end."""
    coop = {"id": header.coop_id, "slug": header.slug, "name": header.name}
    text = canonical({"format": FORMAT, "coop": coop, "head": str(header.head), "links": header.links})
    return f"{text}\n".encode()


def link_line(text: str, link_hash: str, private: str = "") -> bytes:
    """Write a link's line, with its line end."""
    return f"{text}\t{link_hash}\t{private}\n".encode()


def read_header(line: bytes) -> Header:
    """Read the first line of an export. Raises Refused for anything else."""
    try:
        found = json.loads(line.decode())
        if found["format"] != FORMAT:
            raise Refused("format_unknown", f"This is no register export of format {FORMAT}.", 1)
        coop, links = found["coop"], found["links"]
        if type(links) is not int or links < 0:
            raise ValueError("links")
        coop_id, slug, name = str(UUID(coop["id"])), coop["slug"], coop["name"]
        if not isinstance(slug, str) or not isinstance(name, str):
            raise TypeError("name")
        return Header(coop_id, slug, name, Head.parse(found["head"]), links)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("header_unreadable", "The first line isn't the header of a register export.", 1) from error


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of an export with their line ends, one at a time. Raises Refused for a line beyond measure."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Refused("line_too_long", f"A line is longer than {LONGEST_LINE} bytes: this is no export.", number)
        yield line
