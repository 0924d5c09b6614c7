"""BLT: the layout of Hill, Wichmann and Woodall (Computer Journal 30, 1987), as most programs for STV write it.

    4 2               four candidates, two seats
    -3                candidate 3 has withdrawn (optional)
    28 1 2 0          28 papers with preferences 1, then 2; a paper ends with 0
    5 0               5 blank papers
    0                 no more papers
    "Anna"            the names in the order of their numbers
    …
    "Board 2026"      the title; up to two more texts (source, remark) may follow and are passed over

`#` begins a remark, except inside a name. Empty lines, spaces and tabs don't matter. A paper stands on one line, or
several papers do; the line ends with the 0 of its last paper, so that a forgotten one is found. A name may hold quotes
when it stands alone on its line.
"""

import re
from collections.abc import Iterator
from typing import Final

from ..papers import MOST_CANDIDATES, Candidate, Election
from ..refusals import Refused
from .lines import BadLine, Papers, Source, decoded, header, in_order, name, names_missing, refused, shown

_END = re.compile(rb"^[ \t]*0[ \t\r]*(?:#[^\n]*)?$", re.MULTILINE)
_STARTS: Final = (b"\n0", b"\n ", b"\n\t")
_TEXTS = re.compile(r'("[^"]*"(?:\s+"[^"]*")*)\s*(?:#.*)?')
_TEXT = re.compile(r'"([^"]*)"')
_ONE_TEXT = re.compile(r'"(.*)"\s*(?:#[^"]*)?')
_MOST_EXTRA_TEXTS: Final = 2


def read(source: Source, number: int, first: bytes) -> Election:
    """Read an election whose first line was read already. Raises Refused."""
    candidates, seats = header(_words(first), number)
    if candidates > MOST_CANDIDATES:
        raise Refused("candidates_too_many", line=number, candidates=candidates, most=MOST_CANDIDATES)
    counter = source.counted(_end)
    papers = Papers(candidates)
    withdrawn: set[int] = set()
    try:
        for raw, times in papers.plain(in_order(counter)):
            _line(raw, times, papers, withdrawn)
    except BadLine as bad:
        raise refused(bad) from bad
    texts = list(_texts(source, most=candidates + 1 + _MOST_EXTRA_TEXTS))
    if len(texts) <= candidates:
        raise names_missing(source, candidates, len(texts))
    names = [name(text, line) for line, text in texts[: candidates + 1]]
    return Election(
        title=names[-1],
        seats=seats,
        candidates=tuple(Candidate(number, text) for number, text in enumerate(names[:-1], 1)),
        papers=papers.found,
        withdrawn=frozenset(withdrawn),
    )


def _words(line: bytes) -> list[bytes]:
    return line.partition(b"#")[0].split()


def _end(block: bytes) -> int:
    # Looking for every line's beginning costs more than looking whether there can be such a line at all.
    if block[:1] not in (b"0", b" ", b"\t") and not any(start in block for start in _STARTS):
        return -1
    found = _END.search(block)
    return found.start() if found else -1


def _line(raw: bytes, times: int, papers: Papers, withdrawn: set[int]) -> None:
    """Read a line of papers, or of withdrawn candidates before the first of them."""
    words = raw.split() if b"#" not in raw else _words(raw)
    if not words:
        return
    if words[-1] != b"0":
        if words[0].startswith(b"-") and not papers.found:
            withdrawn.update(_withdrawn(raw, word, papers) for word in words)
            return
        if words[0].startswith(b'"'):
            raise BadLine(raw, "end_missing")
        raise BadLine(raw, "paper_unended")
    if b"0" not in words[1:-1]:
        papers.add(raw, words[0], words[1:-1], times)
        return
    while words:
        if words[0] == b"0":
            raise BadLine(raw, "count_zero")
        place = words.index(b"0")
        papers.add(raw, words[0], words[1:place], times)
        words = words[place + 1 :]


def _withdrawn(raw: bytes, word: bytes, papers: Papers) -> int:
    if not word.startswith(b"-") or not word[1:].isdigit():
        raise BadLine(raw, "number_malformed", text=shown(word))
    return papers.number(raw, word[1:])


def _texts(source: Source, *, most: int) -> Iterator[tuple[int, str]]:
    """Yield the texts in quotes after the papers with their lines: names, title, what else."""
    # The line that ends the papers comes first: `counted` left it.
    lines = source.lines()
    if next(lines, None) is None:
        raise Refused("end_missing", line=source.number)
    found = 0
    for raw in lines:
        line = decoded(raw, source.number).strip()
        if not line or line.startswith("#"):
            continue
        for text in _on_line(line, source.number):
            found += 1
            if found > most:
                raise Refused("after_end", line=source.number)
            yield source.number, text


def _on_line(line: str, number: int) -> list[str]:
    # `"Anna" "Bert"` are two names; `"Anna "An" Maes"` is one, with quotes in it.
    if several := _TEXTS.fullmatch(line):
        return _TEXT.findall(several[1])
    if one := _ONE_TEXT.fullmatch(line):
        return [one[1].replace('\\"', '"').replace('""', '"')]
    raise Refused("name_unquoted", line=number)
