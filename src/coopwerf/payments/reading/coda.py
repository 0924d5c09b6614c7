"""CODA version 2 of the Belgian banks, read by febelfin-coda: one statement at a time, and without its verdict.

The library refuses a statement that doesn't add up; here it is read all the same, for a statement that doesn't add up
is something to see. What it can't mean (a record out of place, one that is missing) is refused with its line.
"""

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

import coda as febelfin

from coopcalc.bank import Detail, Entry, Event, Head, Unreadable
from coopcalc.bank.communication import cleaned, structured_in
from coopcalc.bank.statement import Adding, exact

WIDTH: Final = 128
FORMAT: Final = "coda.2"

# Types of communication in which a structured one stands: credit transfers (Febelfin, CODA 2.6, annex 3).
_STRUCTURED: Final = ("100", "101", "102", "103")
_DIRECT_DEBIT: Final = "127"
_RETURN: Final = re.compile(r"[A-Z]{2}[0-9]{2}")
_NO_DATE: Final = "000000"
_GLOBALISED: Final = frozenset("123")


def is_coda(start: bytes) -> bool:
    """Tell whether a file begins with the header of a CODA file of version 2."""
    first = start.lstrip(b"\r\n").split(b"\n", 1)[0].rstrip(b"\r")
    return first.startswith(b"00000") and len(first) >= WIDTH and first[127:128] in (b"1", b"2")


if not hasattr(febelfin.Move, "append"):
    # The library means to put details of details into their movement, and calls it by a name that it hasn't got.
    febelfin.Move.append = lambda move, detail: move.moves.append(detail)


@functools.lru_cache(maxsize=4096)
def _day_of(text: str) -> dt.date:
    """Read a day as the library does, once for all movements of that day: that took a third of its time."""
    day: dt.date = febelfin._date(text)
    return day


for _name in ("value_date", "entry_date"):
    febelfin.MOVE["1"][_name] = (febelfin.MOVE["1"][_name][0], _day_of)


class _Lenient(febelfin.CODA):  # type: ignore[misc]  # the library says nothing about its types
    """Keep what was read of a statement whose totals don't fit."""

    def __init__(self, records: Sequence[str]) -> None:
        self.complaint: AssertionError | None = None
        try:
            super().__init__(records)
        except AssertionError as complaint:
            self.complaint = complaint


def read(file: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a CODA file with their entries; raises Unreadable with the line."""
    records: list[str] = []
    first = 1
    line = 0
    for line, raw in enumerate(file, start=1):
        record = _text(raw).rstrip("\r\n\x1a")
        if not record.strip():
            continue
        if record[0] == "0":
            if records:
                raise Unreadable("file_cut_short", line=line)
            first = line
        elif not records:
            raise Unreadable("record_out_of_place", line=line)
        if len(record) > WIDTH:
            raise Unreadable("record_too_long", line=line, most=WIDTH)
        records.append(record.ljust(WIDTH))
        if record[0] == "9":
            yield from _statement(records, first)
            records = []
    if records:
        raise Unreadable("file_cut_short", line=line)


def _text(raw: bytes) -> str:
    """Read a line as its bank wrote it: UTF-8 where it is that (only then are columns counted right), else Windows'."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _statement(records: list[str], first: int) -> Iterator[Event]:
    kinds = [record[0] for record in records]
    for kind, what in (("1", "opening"), ("8", "closing")):
        if kinds.count(kind) > 1:
            raise Unreadable("record_out_of_place", line=first + kinds.index(kind) + 1)
        if kind == "1" and kind not in kinds:
            raise Unreadable("record_missing", line=first, record=kind, balance=what)
    if records[0][127] != "2":
        raise Unreadable("coda_version", line=first, version=records[0][127])
    told = sum(kind in "1238" for kind in kinds)
    if not records[-1][16:22].isdecimal() or int(records[-1][16:22]) != told:
        raise Unreadable("records_missing", line=first + len(records) - 1, told=records[-1][16:22].strip(), found=told)
    records, undated = _dated(records)
    try:
        found = _Lenient(records)
    except (ValueError, ArithmeticError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise Unreadable("record_unreadable", line=_culprit(records, first)) from error
    statement = found.statements[0]
    if found.complaint is not None and statement.total_credit is None:
        raise Unreadable("record_unreadable", line=_culprit(records, first)) from found.complaint
    head = _head(statement, has_closing="8" in kinds)
    adding = Adding()
    yield head
    names, told_beside = _beside(statement)
    for move in statement.moves:
        entry = _entry(move, head, names, told_beside)
        if move.sequence in undated:
            entry = dataclasses.replace(entry, value=None)
        adding.add(entry)
        yield entry
    yield adding.end(head)


def _culprit(records: list[str], first: int) -> int:
    """Return the line of the first record with which reading fails: halving what is left, for there may be many."""
    good, bad = 0, len(records)
    while bad - good > 1:
        middle = (good + bad) // 2
        if _fails(records[:middle]):
            bad = middle
        else:
            good = middle
    return first + bad - 1


def _fails(records: list[str]) -> bool:
    try:
        return _Lenient(records).complaint is not None
    except Exception:
        return True


def _head(statement: Any, *, has_closing: bool) -> Head:
    number = statement.old_sequence
    return Head(
        format=FORMAT,
        account=re.sub(r"\s", "", statement.account),
        currency=statement.account_currency.strip(),
        holder=_line(statement.account_holder_name),
        identification=f"{statement.new_balance_date or statement.old_balance_date}/{number}",
        number=int(number) if number and number.isdecimal() else None,
        begins=statement.old_balance_date,
        ends=statement.new_balance_date if has_closing else None,
        opening=exact(statement.old_balance),
        closing=exact(statement.new_balance) if has_closing else None,
    )


def _dated(records: list[str]) -> tuple[list[str], set[str]]:
    """Put the day of booking where the bank doesn't know the value date (000000), and say for which movements."""
    undated: set[str] = set()
    made: list[str] = []
    last = next((record[58:64] for record in records if record[0] == "1"), _NO_DATE)
    for record in records:
        if record.startswith("21"):
            booked = last if record[115:121] == _NO_DATE else record[115:121]
            last = booked
            value = record[47:53]
            if value == _NO_DATE:
                value = booked
                if record[6:10] == "0000":
                    undated.add(record[2:6])
            record = f"{record[:47]}{value}{record[53:115]}{booked}{record[121:]}"
        made.append(record)
    return made, undated


def _beside(statement: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names and the free text that stand in the information records, by the bank's reference."""
    found: dict[str, str] = {}
    texts: dict[str, str] = {}
    for reference, informations in statement.informations.items():
        for information in informations:
            if information.communication_type in ("001", "008", "009"):
                found.setdefault(reference.strip(), _line(information.name))
            elif information.communication_type is None:
                told = _line(information._communication[1:])
                texts[reference.strip()] = f"{texts.get(reference.strip(), '')} {told}".strip()
    return found, texts


def _entry(move: Any, head: Head, names: dict[str, str], texts: dict[str, str]) -> Entry:
    details: list[Detail] = []
    if move.moves and move.transaction_type in _GLOBALISED:
        # A detail that has details of its own is told by those.
        parts = [part for part in move.all_moves if part.amount and not any(one.amount for one in part.moves)]
        if len(parts) > 1:
            details = [Detail(**_said(part, names, texts)) for part in parts]
    return Entry(
        **_said(move, names, texts),
        booked=_day(move.entry_date),
        value=_day(move.value_date),
        currency=head.currency,
        is_reversal=bool(move.r_transaction and move.r_transaction.strip()),
        batch=len(details) or None,
        kind=move.transaction_code,
        details=tuple(details),
    )


def _said(move: Any, names: dict[str, str], texts: dict[str, str]) -> dict[str, Any]:
    """Return what a movement says, by the names of a Detail."""
    said = move._communication  # the library reads some types only, and rounds off the rest
    kind = said[1:4] if said[:1] == "1" else ""
    reference = text = ""
    if kind in _STRUCTURED:
        reference = cleaned(said[4:29] if kind == "100" else said[4:16])
        text = _line(said[29:] if kind == "100" else said[16:])
    elif kind == _DIRECT_DEBIT:
        text = _line(said[83:145])
        reference = structured_in(text)
    elif kind:
        text = _line(said[4:])
    else:
        text = _line(said[1:])
        reference = structured_in(text)
    reason = (move.r_reason or "").strip()
    bank_ref = move.bank_reference.strip()
    if not text and bank_ref in texts:
        text = texts[bank_ref]
        reference = reference or structured_in(text)
    end_to_end = _line(move.customer_reference or "")
    return {
        "amount": exact(move.amount),
        "name": _line(move.counterparty_name or "") or names.get(bank_ref, ""),
        "iban": _account(move.counterparty_account or ""),
        "bic": (move.counterparty_bic or "").strip(),
        "reference": reference,
        "text": text,
        "bank_ref": bank_ref,
        "end_to_end": "" if end_to_end == "NOTPROVIDED" else end_to_end,
        "return_code": reason if reason and _RETURN.fullmatch(reason) else "",
    }


def _account(text: str) -> str:
    """Return the account without the currency that stands behind it."""
    return text.split("  ")[0].replace(" ", "") if "  " in text else text[:34].split(" ")[0]


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


def _day(on: Any) -> dt.date | None:
    return on if isinstance(on, dt.date) else None
