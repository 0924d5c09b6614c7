"""Counting from a terminal, without application or database.

    python -m coopcalc.voting count --rule RULE [--seats N] [--lot SEED] [--agreed JSON] [--format json|text]
        [--language en|nl|fr] FILE
    python -m coopcalc.voting countback --rule RULE --left NAME [--stands NAME …] FILE
    python -m coopcalc.voting verify RESULT.json PAPERS [--rule RULE] [--seats N] [--lot SEED] [--agreed JSON]
    python -m coopcalc.voting lot PARTS.json

`-` reads standard input. Ends with 0 when done, 1 when something was found, 2 when the input was refused.
"""

import argparse
import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NoReturn, cast

from . import verify as verifying
from .agreed import Agreed
from .countback import countback
from .counting import count
from .lot import NO_LOT, Lot, Part, Seeded, read_lot, seed_of
from .papers import Election
from .reading import read, read_path
from .refusals import Refused
from .results import Count, as_json, from_json, text
from .rules import RULES
from .sheet import sheet
from .words import LANGUAGES

MOST_JSON: Final = 1 << 28
STDIN: Final = Path("-")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused("arguments_refused", said=f"{message[:1].upper()}{message[1:]}. {self.format_usage().strip()}")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m coopcalc.voting", description="Count votes, and verify a count.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    counting = commands.add_parser("count", help="count papers by a rule")
    counting.add_argument("file", type=Path, help="papers: BLT, or the CSV layout of Scottish wards")
    counting.add_argument("--rule", required=True, choices=sorted(RULES))
    counting.add_argument("--format", choices=("json", "text"), default="json")
    back = commands.add_parser("countback", help="fill the seat of somebody who left, from the papers of the election")
    back.add_argument("file", type=Path, help="the papers of the election")
    back.add_argument("--rule", required=True, choices=("stv-meek", "stv-scottish"), help="by which it was counted")
    back.add_argument("--left", required=True, metavar="NAME", help="who left the seat")
    back.add_argument("--stands", action="append", metavar="NAME", help="who would take it; else all not elected")
    back.add_argument("--format", choices=("json", "text"), default="json")
    again = commands.add_parser("verify", help="count the papers of a result again and say what differs")
    again.add_argument("result", type=Path, help="what `count` wrote as JSON")
    again.add_argument("file", type=Path, help="the papers")
    again.add_argument("--rule", choices=sorted(RULES), help="the rule that was agreed; else the result's")
    for one in (counting, back, again):
        one.add_argument(
            "--agreed", type=Path, metavar="JSON", help="reserved seats, traits and terms that were agreed"
        )
        one.add_argument("--seats", type=int, help="so many seats; else those of the file")
        one.add_argument("--lot", metavar="SEED", help="the seed of the lot that settles ties")
        one.add_argument("--item", default="", help="what the lot is about; else the title in the file")
        one.add_argument(
            "--drawn", type=Path, metavar="JSON", help='a draw by hand: {"drawn": [names], "tellers": [names]}'
        )
    parts = commands.add_parser("lot", help="make the seed of a lot from parts that people committed to")
    parts.add_argument("file", type=Path, help='{"parts": [{"name", "salt", "part"}], "commitments": {name: SHA-256}}')
    for one in (counting, back, again, parts):
        one.add_argument("--language", choices=LANGUAGES, default="en")
    return parser


def _print(value: object, *, to_error: bool = False) -> None:
    (sys.stderr if to_error else sys.stdout).write(json.dumps(value, ensure_ascii=False) + "\n")


def _json(path: Path) -> Any:
    try:
        if path == STDIN:
            raw = sys.stdin.buffer.read(MOST_JSON + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(MOST_JSON + 1)
        if len(raw) > MOST_JSON:
            raise Refused("json_malformed", path=str(path))
        return json.loads(raw)
    except OSError as error:
        raise Refused("file_unreadable", path=str(path), reason=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise Refused("json_malformed", path=str(path)) from error


def _lot(arguments: argparse.Namespace) -> Lot | None:
    if arguments.drawn is not None:
        told = _json(arguments.drawn)
        return read_lot(told if isinstance(told, dict) else {})
    return None if arguments.lot is None else Seeded(arguments.lot, arguments.item)


def _agreed(arguments: argparse.Namespace) -> Agreed | None:
    return None if arguments.agreed is None else Agreed.from_json(_json(arguments.agreed))


def _papers(path: Path) -> Election:
    if path != STDIN:
        return read_path(path)
    try:
        with tempfile.TemporaryFile() as kept:
            return read(_rewindable(sys.stdin.buffer, kept))
    except OSError as error:
        raise Refused("file_unreadable", path=str(path), reason=error.strerror or "?") from error
    except Refused as refused:
        raise refused.at(path=str(path)) from refused


def _rewindable(file: BinaryIO, kept: IO[bytes]) -> BinaryIO:
    """Give a file that can be read twice: what comes through a pipe is kept on disk, for it may be large."""
    if file.seekable():
        return file
    shutil.copyfileobj(file, kept, 1 << 20)
    kept.seek(0)
    return cast(BinaryIO, kept)


def _election(arguments: argparse.Namespace) -> Election:
    election = _papers(arguments.file)
    return election if arguments.seats is None else election.with_seats(arguments.seats)


def _count(arguments: argparse.Namespace) -> int:
    agreed = _agreed(arguments) or Agreed()
    counted = count(
        agreed.of(_election(arguments)),
        arguments.rule,
        lot=_lot(arguments) or NO_LOT,
        constraints=agreed.constraints,
        terms=agreed.terms,
    )
    return _told(counted, arguments)


def _told(counted: Count, arguments: argparse.Namespace) -> int:
    if arguments.format == "text":
        sys.stdout.write(sheet(counted, arguments.language))
    else:
        _print(as_json(counted, arguments.language))
    return 0


def _countback(arguments: argparse.Namespace) -> int:
    agreed = _agreed(arguments) or Agreed()
    election = agreed.of(_election(arguments))

    def number(name: str) -> int:
        if name not in election.names:
            raise Refused("name_unknown", name=name)
        return election.names.index(name) + 1

    counted = countback(
        election,
        arguments.rule,
        number(arguments.left),
        contestants=None if arguments.stands is None else [number(name) for name in arguments.stands],
        lot=_lot(arguments) or NO_LOT,
        constraints=agreed.constraints,
    )
    return _told(counted, arguments)


def _verify(arguments: argparse.Namespace) -> int:
    try:
        claimed = from_json(_json(arguments.result))
    except Refused as refused:
        raise refused.at(path=str(arguments.result)) from refused
    election = _papers(arguments.file)
    try:
        found = verifying.verify(
            claimed,
            election,
            rule=arguments.rule,
            seats=arguments.seats,
            lot=_lot(arguments),
            agreed=_agreed(arguments),
        )
    except RecursionError as error:
        raise Refused("result_malformed", path=str(arguments.result)) from error
    recount = found.recount
    _print(
        {
            "ok": found.ok,
            "rule": recount.rule,
            "seats": recount.seats,
            "valid": recount.valid,
            "quota": None if recount.quota is None else text(recount.quota),
            "elected": list(recount.elected),
            "believed": list(found.believed),
            "findings": [
                {"code": finding.code, "message": finding.sentence(arguments.language), **finding.facts}
                for finding in found.findings
            ],
        }
    )
    return 0 if found.ok else 1


def _seed(arguments: argparse.Namespace) -> int:
    told = _json(arguments.file)
    try:
        parts = [Part(**{key: _text(one[key]) for key in ("name", "salt", "part")}) for one in told["parts"]]
        commitments = {name: _text(committed) for name, committed in told["commitments"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused("parts_malformed", path=str(arguments.file)) from error
    _print({"seed": seed_of(parts, commitments)})
    return 0


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # What has no UTF-8 (a path, half a surrogate pair in somebody's JSON) is written as an escape.
        stream.reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")  # type: ignore[union-attr]
    language = "en"
    # Papers stay until the end and hold no cycles: looking for garbage among them would take a third of the time.
    gc.disable()
    try:
        arguments = _parser().parse_args(argv)
        language = arguments.language
        return {"count": _count, "countback": _countback, "verify": _verify, "lot": _seed}[arguments.command](arguments)
    except Refused as refused:
        told: dict[str, object] = {"code": refused.code, "message": refused.sentence(language)}
        if refused.line is not None:
            told["line"] = refused.line
        if refused.path is not None:
            told["path"] = refused.path
        _print(told, to_error=True)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        gc.enable()


if __name__ == "__main__":
    raise SystemExit(main())
