"""A file as lines: counted in blocks where there are many, one by one where their order matters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO, Final

from ..papers import Ranking
from ..refusals import Refused

BLOCK: Final = 1 << 20
LONGEST_LINE: Final = 1 << 18
MOST_DISTINCT: Final = 2_000_000
MOST_DISTINCT_BYTES: Final = 1 << 27
"""Lines that differ, and their bytes together: what bounds the memory that a file can take."""

MOST_DIGITS: Final = 12
BOM: Final = b"\xef\xbb\xbf"

_NUMBER = re.compile(rb"[0-9]+")


class BadLine(Exception):
    """A line that was counted and can't be read; which number it has is found out afterwards."""

    def __init__(self, raw: bytes, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.raw = raw
        self.code = code
        self.facts = facts


class Source:
    """A binary file that can be rewound, read forwards line by line or counted block by block."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell()
        # What was read from the file and not given yet: from this place on.
        self._rest = b""
        self._at = 0
        self._before_counted = 0
        self.number = 0
        """The number of the line read last."""

    def lines(self) -> Iterator[bytes]:
        """Yield the lines that are left, without their line feeds. Raises Refused for one beyond measure."""
        while (line := self._next()) is not None:
            yield line

    def first_line(self) -> tuple[int, bytes]:
        """Give the first line that says something, and its number; a byte order mark of UTF-8 is left out."""
        for line in self.lines():
            if self.number == 1:
                if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Refused("not_utf8", line=1)
                line = line.removeprefix(BOM)
            if line.strip() and not line.lstrip().startswith(b"#"):
                return self.number, line
        raise Refused("file_empty")

    def counted(self, end: Callable[[bytes], int]) -> "Counter[bytes]":
        """Count equal lines up to the one that ends them.

        `end` gives the place in a block of whole lines at which the ending line begins, or -1; what comes from there
        on is left for `lines`. Raises Refused for more different lines than can be held.
        """
        counter: Counter[bytes] = Counter()
        kept = 0
        self._before_counted = self.number
        while block := self._block():
            place = end(block)
            if place >= 0:
                self._rest = block[place:] + self._rest
                block = block[:place]
            before = len(counter)
            lines = block.split(b"\n")
            # A block ends with a line feed, or with the file.
            if not lines[-1]:
                lines.pop()
            counter.update(lines)
            self.number += len(lines)
            lengths = list(map(len, islice(reversed(counter), len(counter) - before)))
            if max(lengths, default=0) > LONGEST_LINE:
                # Its number is found like that of every line that was counted.
                raise Refused("line_too_long", most=LONGEST_LINE) from BadLine(b"", "line_too_long")
            kept += sum(lengths)
            if len(counter) > MOST_DISTINCT or kept > MOST_DISTINCT_BYTES:
                raise Refused("papers_too_varied", line=self.number, most=MOST_DISTINCT)
            if place >= 0:
                break
        return counter

    def placed(self, refused: Refused) -> Refused:
        """Give the refusal with the number of the line that was counted and couldn't be read."""
        cause = refused.__cause__
        if refused.line is not None or not isinstance(cause, BadLine):
            return refused
        self._file.seek(self._start)
        self._rest, self._at, self.number = b"", 0, 0
        for line in self.lines():
            if line == cause.raw and self.number > self._before_counted:
                return refused.at(line=self.number)
        return refused

    def _block(self) -> bytes:
        """Give many whole lines, the last perhaps without its line feed; nothing at the end."""
        block, self._rest, self._at = self._rest[self._at :] + self._file.read(BLOCK), b"", 0
        if not block or block.endswith(b"\n"):
            return block
        if last := block.rfind(b"\n") + 1:
            self._rest = block[last:]
            return block[:last]
        # Less than one line: its end, or the end of the file, must be near.
        block += self._file.readline(LONGEST_LINE)
        if len(block) > LONGEST_LINE:
            raise Refused("line_too_long", line=self.number + 1, most=LONGEST_LINE)
        return block

    def _next(self) -> bytes | None:
        place = self._rest.find(b"\n", self._at) + 1
        if place:
            line, self._at = self._rest[self._at : place], place
        else:
            line = self._rest[self._at :] + self._file.readline(LONGEST_LINE + 1)
            self._rest, self._at = b"", 0
        if not line:
            return None
        self.number += 1
        if len(line) > LONGEST_LINE:
            raise Refused("line_too_long", line=self.number, most=LONGEST_LINE)
        return line.removesuffix(b"\n")


class Papers:
    """Rankings by how many papers have them; reads words into candidates' numbers and says what is wrong with them."""

    def __init__(self, candidates: int) -> None:
        self._candidates = candidates
        self._known: Mapping[bytes, int] = {b"%d" % number: number for number in range(1, candidates + 1)}
        # Most papers come one by one or few at a time.
        self._weights: Mapping[bytes, int] = {b"%d" % weight: weight for weight in range(1, 1000)}
        self.found: dict[Ranking, int] = {}

    def plain(self, lines: Iterable[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
        """Add the lines that hold one plain paper each, `28 1 2 0`; yield the others for a closer look.

        Nearly all lines are plain: everything here is done as often as there are different papers.
        """
        known, found, weights = self._known, self.found, self._weights
        for raw, times in lines:
            words = raw.split()
            try:
                ranking = tuple(map(known.__getitem__, words[1:-1]))
                weight = weights[words[0]]
                if words[-1] != b"0" or len(set(ranking)) != len(ranking):
                    raise KeyError(raw)
            except LookupError:
                yield raw, times
            else:
                found[ranking] = found.get(ranking, 0) + weight * times

    def add(self, raw: bytes, how_many: bytes, preferences: list[bytes], times: int) -> None:
        """Add what one line says, as many times as that line stood there. Raises BadLine."""
        try:
            ranking = tuple(map(self._known.__getitem__, preferences))
        except KeyError:
            ranking = tuple(self.number(raw, word) for word in preferences)
        if len(set(ranking)) != len(ranking):
            repeated = next(number for place, number in enumerate(ranking) if number in ranking[:place])
            raise BadLine(raw, "preference_repeated", number=repeated)
        weight = self._weight(raw, how_many)
        self.found[ranking] = self.found.get(ranking, 0) + weight * times

    def _weight(self, raw: bytes, word: bytes) -> int:
        if not word.isdigit():
            code = "count_negative" if word.startswith(b"-") and word[1:].isdigit() else "number_malformed"
            raise BadLine(raw, code, text=shown(word))
        if len(word) > MOST_DIGITS:
            raise BadLine(raw, "number_too_large", text=shown(word))
        if not (weight := int(word)):
            raise BadLine(raw, "count_zero")
        return weight

    def number(self, raw: bytes, word: bytes) -> int:
        """Read a candidate's number. Raises BadLine."""
        if b"=" in word:
            raise BadLine(raw, "preferences_equal", text=shown(word))
        if word in (b"-", b""):
            raise BadLine(raw, "preference_skipped")
        if not _NUMBER.fullmatch(word):
            raise BadLine(raw, "number_malformed", text=shown(word))
        number = int(word) if len(word) <= MOST_DIGITS else 0
        if not 1 <= number <= self._candidates:
            raise BadLine(raw, "candidate_unknown", text=shown(word), candidates=self._candidates)
        return number


def in_order(counter: "Counter[bytes]") -> Iterator[tuple[bytes, int]]:
    """Yield lines and how often each stood there, in the order of the file, letting go of each."""
    order = list(reversed(counter))
    while order:
        raw = order.pop()
        yield raw, counter.pop(raw)


def refused(bad: BadLine) -> Refused:
    """Turn a bad line into a refusal whose number is still to be found."""
    return Refused(bad.code, facts=bad.facts)


def header(words: list[bytes], line: int) -> tuple[int, int]:
    """Read the numbers of candidates and seats. Raises Refused."""
    if len(words) != 2 or not all(_NUMBER.fullmatch(word) and len(word) <= MOST_DIGITS for word in words):
        raise Refused("header_malformed", line=line)
    candidates, seats = int(words[0]), int(words[1])
    if not candidates:
        raise Refused("candidates_none", line=line)
    if not seats:
        raise Refused("seats_none", line=line, seats=0)
    return candidates, seats


def names_missing(source: Source, candidates: int, found: int) -> Refused:
    """Give the refusal of a file with too few texts after its papers."""
    return Refused("names_missing", line=source.number, candidates=candidates, found=found, expected=candidates + 1)


def decoded(raw: bytes, line: int) -> str:
    """Read text; it is UTF-8. Raises Refused: guessing another encoding would spoil names silently."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", line=line) from error


def name(text: str, line: int) -> str:
    """Give a name as it is kept: composed characters, no space around it. Raises Refused for what is no name."""
    found = unicodedata.normalize("NFC", text).strip()
    if not found:
        raise Refused("name_empty", line=line)
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in found):
        raise Refused("name_unprintable", line=line)
    return found


def shown(word: bytes) -> str:
    """Show a word of a file in a sentence, whatever it holds."""
    text = word[:40].decode("ascii", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
