"""The CSV layout in which papers of Scottish wards are published.

    4,2,                                 four candidates, two seats
    28,1,2,                              28 papers with preferences 1, then 2
    "Candidate 1","Anna Maes","Party",   a line for each candidate, in the order of their numbers
    …
    "Ward 1 - North",                    the title

A comma may end each line. The party becomes the candidate's trait `party`.
"""

import re
from typing import Final

from ..papers import MOST_CANDIDATES, Candidate, Election
from ..refusals import Refused
from .lines import BadLine, Papers, Source, decoded, header, in_order, name, names_missing, refused

_QUOTE: Final = b'\n"'
_SPACED = re.compile(rb'^[ \t]+"', re.MULTILINE)


def read(source: Source, number: int, first: bytes) -> Election:
    """Read an election whose first line was read already. Raises Refused."""
    candidates, seats = header(_cells(first), number)
    if candidates > MOST_CANDIDATES:
        raise Refused("candidates_too_many", line=number, candidates=candidates, most=MOST_CANDIDATES)
    counter = source.counted(_end)
    papers = Papers(candidates)
    try:
        for raw, times in in_order(counter):
            if cells := _cells(raw):
                papers.add(raw, cells[0], cells[1:], times)
    except BadLine as bad:
        raise refused(bad) from bad
    rows = _rows(source)
    if len(rows) <= candidates:
        raise names_missing(source, candidates, len(rows))
    if len(rows) > candidates + 1:
        raise Refused("after_end", line=rows[candidates + 1][0])
    found = [_candidate(place, *row) for place, row in enumerate(rows[:-1], 1)]
    line, title = rows[-1]
    return Election(name(title[0], line), seats, tuple(found), papers.found)


def _cells(line: bytes) -> list[bytes]:
    cells = [cell.strip() for cell in line.split(b",")] if b" " in line or b"\t" in line else line.strip().split(b",")
    if cells and not cells[-1]:
        cells.pop()
    return cells


def _end(block: bytes) -> int:
    if block.startswith(b'"'):
        return 0
    place = block.find(_QUOTE)
    if place >= 0:
        return place + 1
    if b'"' in block and (spaced := _SPACED.search(block)):
        return spaced.start()
    return -1


def _rows(source: Source) -> list[tuple[int, list[str]]]:
    rows = []
    for raw in source.lines():
        text = decoded(raw, source.number).strip()
        if not text:
            continue
        if not text.startswith('"'):
            raise Refused("name_unquoted", line=source.number)
        rows.append((source.number, _row(text, source.number)))
    return rows


def _row(text: str, line: int) -> list[str]:
    # Not the csv module: these files write `""A ward, its name""`, and names with quotes inside.
    text = text.removesuffix(",").rstrip()
    if len(text) < 2 or not text.endswith('"'):
        raise Refused("name_unquoted", line=line)
    if text.startswith('""') and text.endswith('""') and len(text) > 4:
        return [text[2:-2]]
    return [cell.replace('""', '"') for cell in text[1:-1].split('","')]


def _candidate(number: int, line: int, row: list[str]) -> Candidate:
    if len(row) < 2 or len(row) > 3:
        raise Refused("candidate_row_malformed", line=line)
    party = row[2].strip() if len(row) > 2 else ""
    return Candidate(number, name(row[1], line), {"party": party} if party else {})
