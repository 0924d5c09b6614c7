"""Reads a bank's statement with somebody else's program, in its own environment, each in the quickest way it has.

    python statements.py bankstatementparser|pycamt|febelfin FILE

Prints `{"seconds", "entries"}`: its reading alone, until every entry is there.
"""

import importlib
import json
import logging
import sys
import time
from collections.abc import Callable


def bankstatementparser(file: str) -> int:
    """Read as a stream, entry by entry: quicker than its tables, and with no copy of the file."""
    from bankstatementparser.camt_parser import CamtParser

    return sum(1 for _entry in CamtParser(file, lazy=True).parse_streaming())


def pycamt(file: str) -> int:
    """Read the whole file, then its transactions."""
    from pycamt.parser import Camt053Parser

    return len(Camt053Parser.from_file(file).get_transactions())


def febelfin(file: str) -> int:
    """Read CODA with the library that we read it with, and nothing else."""
    from coda import CODA

    return sum(len(statement.moves) for statement in CODA(file).statements)


READERS: dict[str, tuple[str, Callable[[str], int]]] = {
    "bankstatementparser": ("bankstatementparser.camt_parser", bankstatementparser),
    "pycamt": ("pycamt.parser", pycamt),
    "febelfin": ("coda", febelfin),
}


def main(who: str, file: str) -> None:
    """Read once, and say how long it took."""
    logging.disable()
    module, read = READERS[who]
    importlib.import_module(module)  # what that takes isn't counted
    began = time.perf_counter()
    entries = read(file)
    print(json.dumps({"seconds": time.perf_counter() - began, "entries": entries}))


if __name__ == "__main__":
    main(*sys.argv[1:])
