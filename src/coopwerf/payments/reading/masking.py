"""A bank's file without the people in it: the same file to whoever reads its shape, so that its quirks can be sent on.

Everything is masked but what is known to be harmless: codes, dates, currencies, numbers of statements, and amounts
unless they are to go as well. A masked text has the length of the first, letters where letters stood and figures where
figures stood; the same text is masked in the same way in all of a file, accounts and communications keep a right check.
The key is thrown away. Files pass in pieces, whatever their size.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from coopcalc.bank import Unreadable

from . import kind_of, mt940
from .mask import Mask
from .masking_xml import masked_xml

__all__ = ["Mask", "masked"]

_CURRENCY: Final = r"[A-Z]{3}"

# The columns of a CODA record that tell of people, accounts and references (from, to).
_COLUMNS: Final = {
    "0": ((24, 34), (34, 60), (71, 82), (88, 104), (104, 120)),
    "1": ((5, 39), (64, 90), (90, 125)),
    "21": ((10, 31), (62, 115)),
    "22": ((10, 63), (63, 98)),
    "23": ((10, 44), (47, 82), (82, 125)),
    "31": ((10, 31), (40, 113)),
    "32": ((10, 115),),
    "33": ((10, 100),),
    "4": ((32, 112),),
    "8": ((4, 38),),
}
_AMOUNTS: Final = {
    "1": ((43, 58),),
    "21": ((32, 47),),
    "8": ((42, 57),),
    "9": ((22, 37), (37, 52)),
}
# The zone of the communication in 21 and 31, which begins with its kind where it is structured.
_ZONES: Final = {"21": 61, "31": 39}
_OLD_ACCOUNT: Final = re.compile(rf"(\d{{12}})( {_CURRENCY}.*)")

# Fields of MT940 that name nobody: numbers and balances. What isn't known is masked.
_PLAIN_FIELDS: Final = frozenset(["13", "13D", "28", "28C", "34F", "90C", "90D"])
_BALANCES: Final = frozenset(["60F", "60M", "62F", "62M", "64", "65"])
_FIELD: Final = re.compile(r":(\w{2,3}):")
_LINE_61: Final = re.compile(r"(\d{6}(?:\d{4}|\s{4})?R?[CD][A-Z]?)([\d,]+)([A-Z][A-Z0-9]{3})?")
_BALANCE: Final = re.compile(rf"([CD]\d{{6}}{_CURRENCY})([\d,]+)")
_OWN_ACCOUNT: Final = re.compile(rf"(.*?)({_CURRENCY})?(\s*)", re.DOTALL)
_OUTSIDE: Final = re.compile(r"[{}-].*|\d{3}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?X?|", re.DOTALL)


def masked(file: BinaryIO, mask: Mask | None = None) -> Iterator[bytes]:
    """Yield a bank's file in pieces with everything about people changed; raises Unreadable for what isn't one."""
    mask = mask or Mask()
    match kind_of(file):
        case "camt":
            yield from masked_xml(file, mask)
        case "coda":
            for line in file:
                text, charset = _decoded(line)
                yield _coda_record(text, mask).encode(charset, "replace")
        case _:
            yield from _mt940(file, mask)


def _decoded(line: bytes) -> tuple[str, str]:
    """Read a line in the charset in which it stands, whatever the rest of the file is written in."""
    try:
        return line.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace"), "cp1252"


def _coda_record(record: str, mask: Mask) -> str:
    kind = record[:2] if record[:2] in _COLUMNS else record[:1]
    for begin, end in _COLUMNS.get(kind, ()):
        if _ZONES.get(kind) == begin - 1 and record[begin - 1 : begin] == "1":
            begin += 3
        part = record[begin:end].rstrip("\r\n")
        old = _OLD_ACCOUNT.fullmatch(part)
        shown = part.rstrip()
        made = mask.text(old.group(1)) + old.group(2) if old else mask.text(shown).ljust(len(part))[: len(part)]
        record = record[:begin] + made + record[begin + len(part) :]
    if mask.amounts:
        for begin, end in _AMOUNTS.get(kind, ()):
            record = record[:begin] + mask.amount(record[begin:end]) + record[end:]
    return record


def _mt940(file: BinaryIO, mask: Mask) -> Iterator[bytes]:
    """Change field by field: a field goes on over several lines, also within a word or an account."""
    field = ""
    lines: list[tuple[str, str]] = []
    for raw in file:
        if len(raw) > mt940.LARGEST:
            raise Unreadable("file_too_large", most=mt940.LARGEST // 1024 // 1024)
        line, charset = _decoded(raw)
        started = _FIELD.match(line)
        if started or not field or line.startswith("-"):
            yield from _written(field, lines, mask)
            field, lines = (started.group(1) if started else ""), []
        lines.append((line, charset))
    yield from _written(field, lines, mask)


def _written(field: str, lines: list[tuple[str, str]], mask: Mask) -> Iterator[bytes]:
    if not lines:
        return
    tag = f":{field}:" if field else ""
    ends = [re.search(r"[\r\n]*\Z", line).group(0) for line, _charset in lines]  # type: ignore[union-attr]  # may be empty
    bodies = [line[: len(line) - len(end)] for (line, _charset), end in zip(lines, ends, strict=True)]
    joined = "".join(bodies)[len(tag) :]
    made = tag + _field(field, joined, len(bodies[0]) - len(tag), mask)
    at = 0
    for body, end, (_line, charset) in zip(bodies, ends, lines, strict=True):
        yield (made[at : at + len(body)] + end).encode(charset, "replace")
        at += len(body)


def _field(field: str, text: str, first: int, mask: Mask) -> str:
    """Mask what a field says, with its lines put together; `first` is the length of its first line."""
    if not field:
        return text if _OUTSIDE.fullmatch(text) else mask.text(text)
    if field in _PLAIN_FIELDS:
        return text
    if field in _BALANCES:
        told = _BALANCE.match(text)
        if told is None:
            return mask.text(text)
        return told.group(1) + mask.amount(told.group(2)) + mask.text(text[told.end() :])
    if field == "61":
        told = _LINE_61.match(text)
        if told is None:
            return mask.text(text)
        own, more = text[told.end() : max(first, told.end())], text[max(first, told.end()) :]
        return told.group(1) + mask.amount(told.group(2)) + (told.group(3) or "") + mask.text(own) + mask.text(more)
    if field == "25":
        found = _OWN_ACCOUNT.fullmatch(text)
        assert found is not None
        return mask.text(found.group(1)) + (found.group(2) or "") + found.group(3)
    if field == "86":
        return _words(text, mask)
    return mask.text(text)


def _words(text: str, mask: Mask) -> str:
    """Mask a field 86, but for the words and numbers that say what stands where."""
    pieces: list[str] = []
    at = 0
    for found in mt940.TELLING.finditer(text):
        pieces += [mask.text(text[at : found.start()]), found.group(0)]
        at = found.end()
    return "".join([*pieces, mask.text(text[at:])])
