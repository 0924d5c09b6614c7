"""MT940, read by mt-940: one statement at a time, with what Dutch and German banks put into field 86."""

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Final

import mt940 as library

from coopcalc.bank import Entry, Event, Head, Unreadable
from coopcalc.bank.communication import cleaned, structured_in
from coopcalc.bank.statement import Adding, exact

FORMAT: Final = "mt940"
LARGEST: Final = 64 * 1024 * 1024
"""The library needs the whole statement in memory."""

_OPTIONS: Final = library.Options.all()
_TAG: Final = re.compile(rb"(?:^|\n|\{4:\s*)\s*:(?:20|25|28C?|60[FM]|61|62[FM]|86):")
_START: Final = re.compile(r"^:20:", re.MULTILINE)
_POINTED: Final = re.compile(
    r"^:(61:\d{6}(?:\d{4})?R?[A-Z]{1,3}|6[02][FM]:[A-Z]\d{6}[A-Z]{3})(\d+[.\' ]\d[\d.,\' ]*)", re.MULTILINE | re.ASCII
)
"""An amount with something between its digits: MT940 knows only the comma before the cents."""
_ENVELOPE: Final = re.compile(r"\{[1-35]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|^-\}?\s*$", re.MULTILINE)
_WORDS: Final = (
    "TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|RTRN|ORDP|BENM|TRCD|ISDT|PREF|CNTP|UDTR|UCRD|SVCL|PURP|ULTD|ULTB|ID|KREF"
)
_SLASHED: Final = re.compile(rf"/({_WORDS})/")
_NUMBERS: Final = re.compile(r"\s*\d{3}([?>~^])\d\d")
_ACCOUNT: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_SEPA: Final = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
# What ABN AMRO and those who follow it write without slashes, in columns of half a line.
_NAMES = (
    r"(IBAN|BIC|NAAM|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT|BETALINGSKENM\.|VOOR|ID DEBITEUR|UITERSTE DEBITEUR):"
)
_SPELLED: Final = re.compile(rf"(?<![A-Z]){_NAMES}")
_LINE: Final = 65
TELLING: Final = re.compile(
    rf"/(?:{_WORDS})/|{_SEPA.pattern}|{_NAMES}|SEPA (?:OVERBOEKING|INCASSO)|STRD/(?:CUR|ISO)/|USTD//"
    r"|\A\d{3}(?=[?>~^])|[?>~^]34\d{3}|[?>~^]\d\d"
)
"""What in a field 86 says where something stands, and isn't about anybody."""

# The library tells its log what it reads and can't read: names and amounts, which aren't to stand there.
logging.getLogger("mt940").addHandler(logging.NullHandler())
logging.getLogger("mt940").propagate = False

_CODE: Final = re.compile(r"\b(A[CGM]\d\d|B[EF]\d\d|CNOR|DNOR|M[DS]\d\d|RC\d\d|RR\d\d|SL\d\d|TM01|FOCR|DUPL)\b")


def is_mt940(start: bytes) -> bool:
    """Tell whether a file holds fields of an MT940 message."""
    return _TAG.search(start) is not None


def read(file: BinaryIO) -> Iterator[Event]:
    """Yield the statements of an MT940 file with their entries; raises Unreadable."""
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable("file_too_large", most=LARGEST // 1024 // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    text = _ENVELOPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\x00", " ")
    starts = [found.start() for found in _START.finditer(text)] or [0]
    if text[: starts[0]].strip():
        starts.insert(0, 0)
    line = 1
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield from _statement(text[begin:end], line=line)
        line += text.count("\n", begin, end)


def _statement(text: str, *, line: int) -> Iterator[Event]:
    pointed = _POINTED.search(text)
    if pointed is not None:
        at = line + text.count("\n", 0, pointed.start())
        raise Unreadable("no_amount", line=at, path=f":{pointed.group(1)[:2]}:", text=pointed.group(2)[:40])
    try:
        # As a file, for the library takes short text for the name of one. Field 86 is read below, in more dialects.
        found = library.parse(io.StringIO(text), processors={"post_transaction_details": []}, options=_OPTIONS)
    except Exception as error:  # the library raises whatever comes up
        raise Unreadable("record_unreadable", line=line) from error
    head = _head(found)
    yield head
    adding = Adding()
    for transaction in found:
        told = transaction.data
        if told.get("amount") is None:
            continue
        entry = _entry(told, head)
        adding.add(entry)
        yield entry
    yield adding.end(head)


def _head(found: Any) -> Head:
    told = found.data
    opening = told.get("final_opening_balance") or told.get("intermediate_opening_balance")
    closing = told.get("final_closing_balance") or told.get("intermediate_closing_balance")
    currency = (opening or closing).amount.currency if opening or closing else ""
    account = re.sub(r"\s", "", told.get("account_identification") or "")
    if currency and len(account) > len(currency):
        account = account.removesuffix(currency)  # which some banks write behind it
    number = str(told.get("statement_number") or "")
    return Head(
        format=FORMAT,
        account=account,
        currency=currency,
        identification=str(told.get("transaction_reference") or ""),
        number=int(number) if number.isdecimal() else None,
        begins=_day(opening.date) if opening else None,
        ends=_day(closing.date) if closing else None,
        opening=_amount(opening.amount) if opening else None,
        closing=_amount(closing.amount) if closing else None,
    )


def _entry(told: dict[str, Any], head: Head) -> Entry:
    said = _said(told.get("transaction_details") or "")
    text = _line(said.get("text", ""))
    beside = re.sub(r"\s", "", told.get("extra_details") or "")
    status = told.get("status") or ""
    value = _day(told.get("date"))
    return Entry(
        amount=_amount(told["amount"]),
        booked=_day(told.get("entry_date")) or _day(told.get("guessed_entry_date")) or value,
        value=value,
        currency=head.currency or (told["amount"].currency or ""),
        name=_line(said.get("name", "")),
        # Rabobank writes the other account under field 61.
        iban=re.sub(r"\s", "", said.get("iban", "")) or (beside if _ACCOUNT.fullmatch(beside) else ""),
        bic=said.get("bic", "").strip(),
        reference=cleaned(said["reference"]) if said.get("reference") else structured_in(text),
        text=text,
        bank_ref=_line(str(told.get("bank_reference") or "")),
        end_to_end=_end_to_end(said.get("end_to_end", ""), told.get("customer_reference")),
        return_code=said.get("return_code", ""),
        is_reversal=status.startswith("R"),
        kind=str(told.get("id") or ""),
    )


def _said(raw: str) -> dict[str, str]:
    """Return what field 86 says: by slashed words (ING, ABN AMRO, Rabobank), by numbers (Germany), or in free words."""
    joined = raw.replace("\n", "")  # a line ends after 65 signs, also within a word
    if _SLASHED.search(joined):
        return _slashed(joined)
    if (numbered := _NUMBERS.match(joined)) is not None:
        return _numbered(joined, numbered.group(1))
    full = "".join(line if len(line) >= _LINE else f"{line} " for line in raw.split("\n"))
    if len(_SPELLED.findall(full)) > 1:
        return _spelled(full)
    text = _line(raw)
    account = _ACCOUNT.search(text)
    return {"text": text, **({"iban": account.group(0)} if account else {})}


def _slashed(text: str) -> dict[str, str]:
    parts = _SLASHED.split(text)
    words: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        words.setdefault(word, value.strip().strip("/"))
    found = {"iban": words.get("IBAN", ""), "bic": words.get("BIC", ""), "name": words.get("NAME", "")}
    if "CNTP" in words:
        # Account, BIC, name and town of the other party, as ING writes them.
        account, bic, name, *_rest = [*words["CNTP"].split("/"), "", "", ""]
        found = {
            "iban": found["iban"] or account,
            "bic": found["bic"] or bic,
            "name": found["name"] or name,
        }
    remittance = words.get("REMI", "")
    structured = re.match(r"STRD/(?:CUR|ISO)/(.+)", remittance)
    unstructured = remittance.removeprefix("USTD//")
    found["text"] = structured.group(1) if structured else unstructured
    found["reference"] = structured.group(1) if structured else ""
    found["end_to_end"] = words.get("EREF", "")
    returned = _CODE.search(words.get("RTRN", ""))
    found["return_code"] = returned.group(1) if returned else ""
    return found


def _spelled(text: str) -> dict[str, str]:
    parts = _SPELLED.split(text)
    words: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        words.setdefault(word, value.strip())
    return {
        "text": words.get("OMSCHRIJVING", ""),
        "reference": words.get("BETALINGSKENM.", ""),
        "end_to_end": words.get("KENMERK", ""),
        "iban": words.get("IBAN", ""),
        "bic": words.get("BIC", ""),
        "name": words.get("NAAM", ""),
    }


def _numbered(text: str, sign: str) -> dict[str, str]:
    parts = re.split(rf"{re.escape(sign)}(\d\d)", text)
    fields: dict[str, str] = {}
    for number, value in zip(parts[1::2], parts[2::2], strict=True):
        fields[number] = fields.get(number, "") + value
    purpose = "".join(fields.get(f"{number:02d}", "") for number in (*range(20, 30), *range(60, 64)))
    words = _SEPA.split(purpose)
    named = dict(zip(words[1::2], words[2::2], strict=True))
    returned = re.fullmatch(r"9\d\d", fields.get("34", "").strip())
    return {
        "text": (named.get("SVWZ") or _SEPA.sub("", purpose)).strip(),
        "end_to_end": named.get("EREF", "").strip(),
        "iban": fields.get("31", "") or named.get("IBAN", ""),
        "bic": fields.get("30", "") or named.get("BIC", ""),
        "name": (fields.get("32", "") + " " + fields.get("33", "")).strip(),
        "return_code": returned.group(0) if returned else "",
    }


def _end_to_end(said: str, customer: object) -> str:
    known = said or ("" if customer in (None, "NONREF") else str(customer))
    return "" if known.strip().rstrip("+") in ("NOTPROVIDED", "NONREF", "EREF", "KREF", "PREF") else _line(known)


def _amount(amount: Any) -> Decimal:
    return exact(Decimal(amount.amount))


def _line(text: str) -> str:
    return " ".join(text.split())


def _day(on: Any) -> dt.date | None:
    return None if on is None else dt.date(on.year, on.month, on.day)
