"""The XML of a bank without people in it: each sign between tags changed, everything else as the bank wrote it."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

from coopcalc.bank import Unreadable, camt

from .mask import Mask

MOST_DEEP: Final = camt.MOST_DEEP
LONGEST: Final = camt.LONGEST_TEXT

# What names nobody, by its element; the rest is masked.
_PLAIN: Final = frozenset(
    [
        *("CdtDbtInd", "CpyDplctInd", "RvslInd", "LastPgInd", "PgNb", "NbOfTxs", "NbOfNtries"),
        *("ElctrncSeqNb", "LglSeqNb", "CreDtTm", "Dt", "DtTm", "FrDtTm", "FrDt", "ToDtTm", "ToDt"),
        *("XchgRate", "SrcCcy", "TrgtCcy", "UnitCcy", "Ccy", "Ctry", "CtryOfRes"),
    ]
)
# Whose bank it is says nothing of a person, and much of the file.
_BANKS: Final = frozenset(["BIC", "BICFI", "BICOrBEI", "AnyBIC"])
_BIC: Final = re.compile(r"\s*[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\s*")
# Codes stay where they look like one: a bank may put anything into them.
_CODED: Final = frozenset(["Cd", "SubFmlyCd", "Sts", "Prtry", "Issr", "Tp"])
_CODE: Final = re.compile(r"\s*(?:[A-Z]{4}|[A-Z]{2}\d{2}|[A-Z]{3}|\d{1,3}|BBA|ISO|Febelfin|SWIFT|BAI|ZKA)\s*")
_AMOUNTS: Final = frozenset(["Amt", "Sum", "TtlNetNtryAmt", "CshBackAmt"])
_NUMBER: Final = re.compile(r"\s*[+-]?[\d.,]+\s*")
_PLAIN_ATTRIBUTES: Final = re.compile(r"xmlns(?::\w+)?|xsi:\w+|Ccy|xml:\w+")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_REFERENCE: Final = re.compile(r"(&[#\w]+;)")
_STRAY: Final = 0xF700
"""Bytes that aren't what the file says it is written in are kept apart here, and become one accented letter."""


def _kept_apart(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(_STRAY + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("coopwerf-bank-stray", _kept_apart)


class _Writer:
    """Follow a file, and hand out what was read up to the last thing that is known to be whole."""

    def __init__(self, mask: Mask) -> None:
        self.done: list[str] = []
        self._mask = mask
        self._held = bytearray()
        self._base = 0
        self._kind = "plain"
        self._stack: list[str] = []
        self._is_cdata = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = lambda _text: self._next("text")
        parser.CommentHandler = lambda _text: self._next("comment")
        parser.ProcessingInstructionHandler = lambda _target, _data: self._next("comment")
        parser.StartCdataSectionHandler = self._begin_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.DefaultHandler = lambda _text: self._next("plain")
        parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, text: str, *, is_last: bool) -> None:
        self._held += text.encode("utf-8")
        try:
            self._parser.Parse(text, is_last)
        except expat.ExpatError as error:
            raise Unreadable("not_well_formed", line=error.lineno) from error
        if is_last:
            self._hand_out(len(self._held))
        elif len(self._held) > LONGEST:
            raise Unreadable("text_too_long", line=self._parser.CurrentLineNumber, path="/".join(self._stack))

    def _doctype(self, *_declaration: object) -> None:
        raise Unreadable("declares_entities", line=self._parser.CurrentLineNumber)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._next("tag")
        self._stack.append(name.rpartition(":")[2])
        if len(self._stack) > MOST_DEEP:
            raise Unreadable("too_deep", line=self._parser.CurrentLineNumber)

    def _end(self, _name: str) -> None:
        self._next("plain")
        self._stack.pop()

    def _begin_cdata(self) -> None:
        self._next("plain")
        self._is_cdata = True

    def _end_cdata(self) -> None:
        self._next("plain")
        self._is_cdata = False

    def _next(self, kind: str) -> None:
        """Something begins here: what stood before it is whole. Text goes on over lines and references."""
        if kind == "text" == self._kind:
            return
        at = self._parser.CurrentByteIndex - self._base
        if at > 0:
            self._hand_out(at)
            self._kind = kind
        elif kind != "plain" or self._kind != "tag":
            self._kind = kind  # an empty element begins and ends in the same place

    def _hand_out(self, until: int) -> None:
        text = self._held[:until].decode("utf-8")
        del self._held[:until]
        self._base += until
        change = {"text": self._text, "tag": self._tag, "comment": self._comment}.get(self._kind)
        self.done.append(text if change is None else change(text))

    def _text(self, text: str) -> str:
        name = self._stack[-1] if self._stack else ""
        is_plain = (
            name in _PLAIN or (name in _CODED and _CODE.fullmatch(text)) or (name in _BANKS and _BIC.fullmatch(text))
        )
        if is_plain or not text.strip():
            return text
        if name in _AMOUNTS and _NUMBER.fullmatch(text):
            return self._mask.amount(text)
        if self._is_cdata:
            return self._mask.text(text)
        return _masked(text, self._mask)

    def _tag(self, text: str) -> str:
        def change(found: re.Match[str]) -> str:
            name, between, value = found.groups()
            inside = value[1:-1] if _PLAIN_ATTRIBUTES.fullmatch(name) else _masked(value[1:-1], self._mask)
            return f"{name}{between}{value[0]}{inside}{value[0]}"

        return _ATTRIBUTE.sub(change, text)

    def _comment(self, text: str) -> str:
        # Its marks are no letters; a processing instruction keeps its target, which must be a name.
        target = re.match(r"<\?[\w:.-]+|<!--", text)
        begin = target.end() if target else 0
        return text[:begin] + self._mask.text(text[begin:])


def _masked(text: str, mask: Mask) -> str:
    """Mask text with references in it; those that name a letter by its number spell names as well, and go."""
    lettered = re.sub(r"&#\w+;", lambda found: "x" * len(found.group(0)), text)
    return "".join(part if part.startswith("&") else mask.text(part) for part in _REFERENCE.split(lettered))


def masked_xml(file: BinaryIO, mask: Mask) -> Iterator[bytes]:
    """Yield the file in pieces, in the charset in which it stands, whatever it says of itself."""
    first = file.read(camt.CHUNK)
    declared = camt.declared_charset(first)
    mark = b""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        mark, first = first[:2], first[2:]
        charset = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    elif first.startswith(codecs.BOM_UTF8):
        mark, first, charset = first[:3], first[3:], "utf-8"
    else:
        charset = declared
    try:
        decoder = codecs.getincrementaldecoder(charset)("coopwerf-bank-stray" if charset == "utf-8" else "replace")
        encoder = codecs.getincrementalencoder(charset)("replace")
    except LookupError:
        raise Unreadable("not_well_formed", line=1) from None
    writer = _Writer(mask)
    yield mark
    chunk = first
    while True:
        following = file.read(camt.CHUNK) if chunk else b""
        is_last = not following
        writer.feed(decoder.decode(chunk, is_last), is_last=is_last)
        for text in writer.done:
            yield _with_strays(text) if charset == "utf-8" else encoder.encode(text)
        writer.done.clear()
        if is_last:
            return
        chunk = following


def _with_strays(text: str) -> bytes:
    return b"".join(
        b"\xe9" * len(part) if part and _STRAY <= ord(part[0]) < _STRAY + 256 else part.encode("utf-8", "replace")
        for part in re.split(f"([{chr(_STRAY)}-{chr(_STRAY + 255)}]+)", text)
    )
