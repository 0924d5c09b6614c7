"""How fast a bank's file is read, beside readers that others made: of the same file, on this machine, in this run."""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from coopcalc.bank import Entry
from coopwerf.payments.reading import read_path
from tests.payments.files import camt, camt_entry, camt_statement, coda_move, coda_statement

from .counting import PEERS
from .figures import Figure
from .machine import ROOT, best, environment
from .measures import Place

ENTRIES = 100_000
FEW_ENTRIES = 5_000
"""For pycamt, which looks through the whole statement for each entry: with more it would be slower for each."""
MOVES = 20_000
MOVES_EACH = 5_000
PATIENCE = 300


def reading(place: Place) -> Iterator[Figure]:
    """Read camt.053 and CODA beside others, and weigh the command that shows what stands in the file."""
    many, few = place.folder / "many.xml", place.folder / "few.xml"
    _write_camt(many, ENTRIES)
    _write_camt(few, FEW_ENTRIES)
    ours = best(3, lambda: _seconds(lambda: _entries(many, ENTRIES))) / ENTRIES * 1e6
    for peer, file, entries in (("bankstatementparser", many, ENTRIES), ("pycamt", few, FEW_ENTRIES)):
        theirs = min(_peer(peer, file, entries) for _ in range(2)) / entries * 1e6
        data = f"camt.053 of {ENTRIES:,} entries, {many.stat().st_size / 1e6:.0f} MB"
        if entries != ENTRIES:
            data += f"; {peer} reads {entries:,} of the same, for its time per entry grows with the file"
        yield Figure(
            f"a camt.053 entry read, beside {peer}", ours, "µs", bound=theirs, peer=peer, peer_value=theirs, data=data
        )
    took, small = _shown(few, place.folder / "few.json")
    took, large = _shown(many, place.folder / "many.json")
    data = f"coopwerf bank read, {ENTRIES:,} entries"
    yield Figure("bank read, the whole command", took, "s", bound=60, data=data)
    yield Figure(
        "memory of bank read", large, "MB", bound=300, peer=f"with {FEW_ENTRIES:,} entries", peer_value=small, data=data
    )
    yield from _coda(place.folder / "many.cod")


def _coda(path: Path) -> Iterator[Figure]:
    _write_coda(path)
    ours, theirs = [], []
    for _ in range(7):
        # In turns, so that what else this machine does falls on both.
        theirs.append(_peer("febelfin", path, MOVES, python=Path(sys.executable)))
        ours.append(_seconds(lambda: _entries(path, MOVES)))
    peer = min(theirs)
    data = f"{MOVES:,} movements in {MOVES // MOVES_EACH} statements"
    name, whose = "CODA read, beside febelfin-coda", "febelfin-coda alone"
    yield Figure(name, min(ours), "s", bound=1.25 * peer, peer=whose, peer_value=peer, data=data)


def _write_camt(path: Path, entries: int) -> None:
    """Write one statement with payments of many people, as a bank with long lines does; it adds up."""
    dice = random.Random(1)
    cents = 0
    head, tail = camt(camt_statement(["@"])).split("@")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for number in range(entries):
            amount = dice.randrange(1, 500_000)
            cents += amount
            transaction = f"<Refs><EndToEndId>E2E-{number}</EndToEndId></Refs>"
            file.write(
                camt_entry(
                    f"{amount / 100:.2f}",
                    name=f"Jana Peeters-{number % 7919}",
                    iban=f"BE71{dice.randrange(10**12):012d}",
                    remittance=f"<Ustrd>aandelen {number} van het gezin, met dank</Ustrd>",
                    transaction=transaction,
                    ref=f"BANK{number:012d}",
                )
            )
        file.write(tail)


def _write_coda(path: Path) -> None:
    statements = []
    for number in range(MOVES // MOVES_EACH):
        moves = [coda_move(place, "1.00", structured=f"101{place:012d}") for place in range(1, MOVES_EACH + 1)]
        statements.append(coda_statement(moves, closing=f"{100 + MOVES_EACH}.00", number=number + 1))
    path.write_text("".join(statements), encoding="ascii", newline="")


def _entries(path: Path, expected: int) -> None:
    found = sum(1 for event in read_path(path) if isinstance(event, Entry))
    assert found == expected, (found, expected)


def _seconds(read: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def _peer(who: str, file: Path, entries: int, python: Path = PEERS) -> float:
    """Let somebody else's program read a file; the time is its reading alone."""
    done = subprocess.run(
        [python, ROOT / "bench" / "peers" / "statements.py", who, file],
        capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["entries"] == entries, (who, told)
    return float(told["seconds"])


def _shown(file: Path, out: Path) -> tuple[float, float]:
    """Run `bank read`; return how long it took, and the most memory that it held, in MB."""
    began = time.perf_counter()
    with out.open("wb") as opened:
        command = [sys.executable, "-m", "coopwerf", "bank", "read", str(file)]
        running = psutil.Popen(command, stdout=opened, env=environment(), cwd=ROOT)
        peak = 0
        while running.poll() is None:
            try:
                peak = max(peak, running.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.01)
    assert running.wait() == 0
    return time.perf_counter() - began, peak / 1e6
