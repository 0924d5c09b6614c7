"""`make bench`, or `python -m bench [--members N] [--only PART …]`: measures, prints, writes bench.json."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import (
    bank,
    booking,
    books,
    checkin,
    counting,
    directory,
    inbox,
    matching,
    measures,
    methods,
    newsletter,
    offering,
    registering,
    reporting,
    subscribing,
)
from .figures import Figure, table, write
from .measures import Place

PARTS: dict[str, Callable[[Place], Iterator[Figure]]] = {
    "register": measures.register,
    "verify": measures.verify,
    "rest": measures.rest,
    "admissions": measures.admissions,
    "web": measures.web,
    "offer": offering.offer,
    "report": reporting.report,
    "directory": directory.directory,
    "subscriptions": subscribing.subscriptions,
    "registering": registering.registering,
    "checkin": checkin.checkin,
    "newsletter": newsletter.newsletter,
    "import": measures.bringing,
    "backup": measures.backup,
    "start": measures.start,
    "scottish": counting.scottish,
    "meek": methods.meek,
    "schulze": methods.schulze,
    "matching": matching.matching,
    "bank": bank.reading,
    "inbox": inbox.inbox,
    "booking": booking.booking,
    # After the bank’s lines are there: the proof compares them too.
    "books": books.books,
}
WITHOUT_DATA = {"scottish", "meek", "schulze", "matching", "bank"}
"""Parts that need no installation with members in it."""


def main(words: Sequence[str]) -> int:
    """Measure; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=20_000, help="of the spreadsheet that is brought along")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--data-dir", type=Path, help="an installation that `bench-data` filled; it is written to")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args(words)
    began = time.monotonic()
    with _folder() as folder:
        place = Place(folder, options.data_dir or folder / "data", options.members, options.rows)
        figures: list[Figure] = []
        if options.data_dir is None and set(options.only) - WITHOUT_DATA:
            figures += _shown(measures.filled(place))
        for part in options.only:
            figures += _shown(PARTS[part](place))
    write(figures, options.out)
    print(f"\n{table(figures)}\n\n{options.out} written after {time.monotonic() - began:.0f} s.")
    load = os.getloadavg()[0]
    if load > 3:
        print(f"This machine was busy with other things (load {load:.1f}): the figures are worse than it can do.")
    return 1 if any(figure.holds is False for figure in figures) else 0


def _shown(figures: Iterator[Figure]) -> list[Figure]:
    found = []
    for figure in figures:
        print(table([figure]).splitlines()[1], flush=True)
        found.append(figure)
    return found


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a place for everything, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="coopwerf-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
