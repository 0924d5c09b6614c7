"""The register from a terminal, without application or database.

    python -m coopcalc.register verify FILE [--head POSITION:HASH]
    python -m coopcalc.register show FILE --at DATE [--known POSITION|TIME] [--format csv|json] [--totals]

Ends with 0 when all is well, 1 when something was found, 2 when the input was refused.
"""

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

from coopcalc.chain import Head

from . import table
from .bodies import amount_text
from .check import Finding
from .export import Header, Refused
from .fold import Register, Rows, fold
from .verify import Verification, Verifier, message, verify_export

MOST_TOLD: Final = 20


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused("arguments_refused", f"{message[:1].upper()}{message[1:]}. {self.format_usage().strip()}")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m coopcalc.register", description="Read and verify an exported register.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    verify = commands.add_parser("verify", help="recompute the whole chain and everything that must hold")
    verify.add_argument("file", type=Path)
    verify.add_argument("--head", help="a head printed earlier, POSITION:HASH, that must stand in this chain")
    show = commands.add_parser("show", help="the register on a date")
    show.add_argument("file", type=Path)
    show.add_argument("--at", required=True, help="the date, YYYY-MM-DD")
    show.add_argument("--known", help="as known at a chain position or a time")
    show.add_argument("--format", choices=("csv", "json"), default="csv")
    show.add_argument("--totals", action="store_true", help="totals only")
    return parser


@dataclass(frozen=True, slots=True)
class _Read:
    header: Header
    verification: Verification
    verifier: Verifier


def _read(path: Path, *, ancestor: Head | None = None, rows: Rows | None = None) -> _Read:
    # What is read stays until the end and holds no cycles: looking for garbage in it would take a third of the time.
    gc.disable()
    try:
        with path.open("rb") as file:
            return _Read(*verify_export(file, ancestor=ancestor, rows=rows))
    except OSError as error:
        raise Refused("file_unreadable", f"{path} can't be read: {error.strerror}.") from error


def _told(finding: Finding) -> dict[str, object]:
    return {"position": finding.position, "code": finding.code, "message": message(finding), **finding.facts}


def _print(value: object, *, to_error: bool = False) -> None:
    (sys.stderr if to_error else sys.stdout).write(json.dumps(value, ensure_ascii=False) + "\n")


def _report(verification: Verification) -> dict[str, object]:
    told: dict[str, object] = {
        "ok": verification.ok,
        "movements": verification.movements,
        "entries": verification.entries,
        "audit": verification.audit,
        "unsealed": 0,
        "head": str(verification.head),
        "members": verification.members,
        "shares": verification.shares,
        "paid": amount_text(verification.paid),
        "records": verification.records,
        "erased": verification.erased,
    }
    if verification.findings:
        told["first_broken"] = _told(verification.findings[0])
        told["findings"] = len(verification.findings)
        told["found"] = [_told(finding) for finding in verification.findings[:MOST_TOLD]]
    return told


def _head(text: str | None) -> Head | None:
    try:
        return None if text is None else Head.parse(text)
    except ValueError as error:
        raise Refused("head_malformed", "A head is a position, a colon and 64 hex digits.") from error


def _at(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("date_malformed", f"{text} is no date like 2026-12-31.") from error


def _known(text: str | None, verifier: Verifier) -> int:
    """Find the position that was meant; a time without zone is UTC."""
    last = verifier.head.position
    if text is None:
        return last
    try:
        if text.isascii() and text.isdigit():
            return min(int(text), last)
        moment = datetime.fromisoformat(text)
        return verifier.position_at(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise Refused("known_malformed", f"{text} is neither a chain position nor a time.") from error


def _totals(register: Register, head: Head) -> dict[str, object]:
    return {
        "at": register.at.isoformat(),
        "known": register.known,
        "members": register.members,
        "shares": register.shares,
        "paid": amount_text(register.paid),
        "head": str(head),
    }


def _verify(arguments: argparse.Namespace) -> int:
    verification = _read(arguments.file, ancestor=_head(arguments.head)).verification
    _print(_report(verification))
    return 0 if verification.ok else 1


def _show(arguments: argparse.Namespace) -> int:
    at, rows = _at(arguments.at), Rows()
    read = _read(arguments.file, rows=rows)
    if not read.verification.unbroken:
        _print(_report(read.verification), to_error=True)
        return 1
    known = _known(arguments.known, read.verifier)
    register = fold(rows, at=at, known=known)
    totals = _totals(register, read.verifier.head_at(known))
    if arguments.totals:
        _print(totals)
    elif arguments.format == "json":
        _print({**totals, "rows": [dict(zip(table.COLUMNS, row, strict=True)) for row in table.rows(register)]})
    else:
        table.write_csv(sys.stdout, table.rows(register))
    if not read.verification.ok:
        _print(_report(read.verification), to_error=True)
    return 0 if read.verification.ok else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        arguments = _parser().parse_args(argv)
        return _verify(arguments) if arguments.command == "verify" else _show(arguments)
    except Refused as refused:
        told: dict[str, object] = {"code": refused.code, "message": refused.message}
        if refused.line is not None:
            told["line"] = refused.line
        _print(told, to_error=True)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
