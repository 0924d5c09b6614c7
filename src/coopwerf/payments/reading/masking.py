"""A bank's file without the people in it: the same file to whoever reads its shape, so that its quirks can be sent on.

Everything is masked but what is known to be harmless: codes, amounts, dates, currencies, numbers of statements. A
masked text has the length of the first, letters where letters stood and figures where figures stood; the same text is
masked in the same way in all of a file, accounts and communications keep a right check. The key is thrown away.
"""

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

from coopcalc.bank import Unreadable
from coopcalc.bank.communication import check_digits, is_communication

from . import coda, mt940

LARGEST: Final = 256 * 1024 * 1024

_HARMLESS: Final = frozenset(
    [
        "Amt",
        "Ccy",
        "CdtDbtInd",
        "Cd",
        "CpyDplctInd",
        "CreDtTm",
        "Dt",
        "DtTm",
        "ElctrncSeqNb",
        "FrDtTm",
        "FrDt",
        "ToDtTm",
        "ToDt",
        "LglSeqNb",
        "NbOfTxs",
        "NbOfNtries",
        "RvslInd",
        "Sts",
        "Sum",
        "TtlNetNtryAmt",
        "XchgRate",
        "SrcCcy",
        "TrgtCcy",
        "UnitCcy",
        "SubFmlyCd",
        "Ctry",
        "CtryOfRes",
        "PgNb",
        "LastPgInd",
        "Issr",
        "Tp",
    ]
)
_LETTERS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_KEPT_WORDS: Final = re.compile(r"/[A-Z]{4}/|/IBAN/|/BIC/|\?\d\d|[A-Z]{4}\+|/STRD/(?:CUR|ISO)/|USTD//")

# The columns of a CODA record that tell of people, accounts and references (from, to).
_COLUMNS: Final = {
    "0": ((24, 34), (34, 60), (71, 82), (88, 104), (105, 120)),
    "1": ((5, 37), (64, 90), (90, 125)),
    "21": ((10, 31), (65, 115)),
    "22": ((10, 63), (63, 98)),
    "23": ((10, 44), (47, 82), (82, 125)),
    "31": ((10, 31), (43, 113)),
    "32": ((10, 115),),
    "33": ((10, 100),),
    "4": ((32, 112),),
    "8": ((4, 36),),
}


class Mask:
    """Change texts into others of the same shape, the same for the same text."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def text(self, text: str) -> str:
        """Mask a text: accounts and communications in it stay possible ones."""
        pieces: list[str] = []
        at = 0
        for found in _IBAN.finditer(text):
            pieces.append(self._signs(text[at : found.start()]))
            pieces.append(self.account(found.group(0)))
            at = found.end()
        pieces.append(self._signs(text[at:]))
        return "".join(pieces)

    def account(self, text: str) -> str:
        """Mask an IBAN: same country and length, right check digits, spaces where they were."""
        plain = text.replace(" ", "")
        body = self._signs(plain[4:])
        turned = body + plain[:2] + "00"
        check = 98 - int("".join(str(int(sign, 36)) for sign in turned)) % 97
        masked = iter(f"{plain[:2]}{check:02d}{body}")
        return "".join(sign if sign == " " else next(masked) for sign in text)

    def _signs(self, text: str) -> str:
        digits = re.sub(r"\D", "", text)
        if is_communication(digits) and not re.search(r"[A-Za-z]", text):
            ten = int.from_bytes(self._stream(digits, 8), "big") % 10**10
            masked = iter(f"{ten:010d}{check_digits(ten):02d}")
            return "".join(next(masked) if sign.isdigit() else sign for sign in text)
        return "".join(self._word(word) for word in re.split(r"(\s+)", text))

    def _word(self, word: str) -> str:
        noise = self._stream(word, len(word))
        made = []
        for sign, byte in zip(word, noise, strict=True):
            for signs in _LETTERS:
                if sign in signs:
                    made.append(signs[byte % len(signs)])
                    break
            else:
                made.append("é" if sign.isalpha() else sign)
        return "".join(made)

    def _stream(self, text: str, length: int) -> bytes:
        if not length:
            return b""
        seed = hmac.digest(self._key, text.encode(), "sha256")
        return hashlib.shake_256(seed).digest(length)


def masked(file: BinaryIO, mask: Mask | None = None) -> bytes:
    """Return a bank's file with everything about people changed; raises Unreadable for what isn't one."""
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable("file_too_large", most=LARGEST // 1024 // 1024)
    mask = mask or Mask()
    start = raw[:4096]
    if coda.is_coda(start):
        return b"".join(_lines(raw, lambda line: _coda_record(line, mask)))
    if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return _xml(raw, mask)
    if mt940.is_mt940(start):
        return b"".join(_lines(raw, _Mt940(mask)))
    raise Unreadable("unknown_kind")


def _lines(raw: bytes, change: Callable[[str], str]) -> Iterator[bytes]:
    """Change line by line, in the encoding in which each line stands."""
    for line in raw.splitlines(keepends=True):
        try:
            yield change(line.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            yield change(line.decode("cp1252", "replace")).encode("cp1252", "replace")


def _coda_record(record: str, mask: Mask) -> str:
    columns = _COLUMNS.get(record[:2]) or _COLUMNS.get(record[:1], ())
    for begin, end in columns:
        part = record[begin:end].rstrip("\r\n")
        shown = part.rstrip()
        record = record[:begin] + mask.text(shown).ljust(len(part))[: len(part)] + record[begin + len(part) :]
    return record


class _Mt940:
    """Remember in which field a line stands, for field 86 goes on over several."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._field = ""

    def __call__(self, line: str) -> str:
        started = re.match(r":(\w{2,3}):", line)
        begin = 0
        if started:
            self._field, begin = started.group(1), started.end()
        if self._field[:2] in ("20", "21", "25", "86"):
            return line[:begin] + self._words(line[begin:])
        if self._field == "61" and started:
            amount = re.match(r"\d{6}(?:\d{4})?R?[CD][A-Z]?[\d,]+[A-Z]\w{3}", line[begin:])
            begin += amount.end() if amount else 0
            return line[:begin] + self._mask.text(line[begin:])
        if self._field == "61":
            return self._mask.text(line)
        return line

    def _words(self, text: str) -> str:
        pieces = []
        at = 0
        for found in _KEPT_WORDS.finditer(text):
            pieces += [self._mask.text(text[at : found.start()]), found.group(0)]
            at = found.end()
        return "".join([*pieces, self._mask.text(text[at:])])


def _xml(raw: bytes, mask: Mask) -> bytes:
    """Change the text of elements in place, with everything around it as the bank wrote it."""
    parser = expat.ParserCreate()
    spans: list[tuple[int, int, str]] = []
    stack: list[tuple[str, int]] = []
    text_at = -1

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal text_at
        stack.append((name.rpartition(":")[2], parser.CurrentByteIndex))
        text_at = raw.index(b">", parser.CurrentByteIndex) + 1

    def end(_name: str) -> None:
        nonlocal text_at
        name, _at = stack.pop()
        if text_at >= 0 and name not in _HARMLESS:
            inside = raw[text_at : parser.CurrentByteIndex]
            if inside.strip() and b"<" not in inside:
                spans.append((text_at, parser.CurrentByteIndex, name))
        text_at = -1

    def refuse(*_declaration: object) -> None:
        raise Unreadable("declares_entities", line=parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise Unreadable("not_well_formed", line=error.lineno) from error
    pieces = []
    at = 0
    for begin, finish, name in spans:
        pieces.append(raw[at:begin])
        pieces.append(_element(raw[begin:finish].decode("utf-8", "surrogateescape"), name, mask))
        at = finish
    return b"".join([*pieces, raw[at:]])


def _element(text: str, name: str, mask: Mask) -> bytes:
    if name in ("BIC", "BICFI", "BICOrBEI"):
        made = text  # whose bank it is says nothing of a person, and much of the file
    else:
        # References to characters (&amp;) are no text to mask.
        parts = re.split(r"(&[#\w]+;)", text)
        made = "".join(part if part.startswith("&") else mask.text(part) for part in parts)
    return made.encode("utf-8", "surrogateescape")
