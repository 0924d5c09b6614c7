"""How fast a bank file is booked: 100,000 lines read, found new, posted to the ledger, matched with open claims."""

import datetime as dt
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tests.payments.files import camt, camt_entry, camt_statement

from .figures import Figure
from .machine import ROOT, environment
from .measures import Place

ENTRIES = 100_000
CLAIMS = 10_000
BEGIN = dt.date(2026, 1, 2)
DAYS = 320
BETWEEN = 0.02


def booking(place: Place) -> Iterator[Figure]:
    """Import a year of lines, import it again, and print what each line may be for."""
    told = place.inside("owing")
    file = place.folder / "year.xml"
    _write(file, told["digits"])
    data = f"camt.053 of {ENTRIES:,} entries, {file.stat().st_size / 1e6:.0f} MB; {len(told['digits']):,} open claims"
    first, memory, done = _weighed(place, "import", str(file))
    assert (done["new"], done["known"], done["refused"]) == (ENTRIES, 0, 0), done
    out = place.folder / "matches.json"
    matched, most, _nothing = _weighed(place, "matches", out=out)
    lines = json.loads(out.read_text())
    assert sum(any(one["certain"] for one in line["proposals"]) for line in lines) >= ENTRIES // 2
    again, most_again, done = _weighed(place, "import", str(file))
    assert (done["new"], done["known"]) == (0, ENTRIES), done
    whole = "both commands with their start"
    yield Figure("bank file booked and matched", first + matched, "s", bound=60, data=f"{data}; {whole}")
    yield Figure("memory of booking and matching", max(memory, most, most_again), "MB", bound=300, data=data)
    yield Figure("the same file again", again, "s", data=data)


def _write(path: Path, digits: list[str]) -> None:
    """Write a statement of a year: seven in ten lines with a communication, some cut, some of nobody."""
    dice = random.Random(3)
    head, tail = camt(camt_statement(["@"], opening="0.00", closing="987654321.09", on=BEGIN.isoformat())).split("@")
    cents = 0
    body = []
    for number in range(ENTRIES):
        amount = dice.choice((5000, 10000, 25000))
        cents += amount
        booked = BEGIN + dt.timedelta(days=number * DAYS // ENTRIES)
        said = f"<Ustrd>storting {number}</Ustrd>"
        if number % 10 < 7:
            said = f"<Strd><CdtrRefInf><Ref>{dice.choice(digits)}</Ref></CdtrRefInf></Strd>"
        body.append(
            camt_entry(
                f"{amount / 100:.2f}",
                booked=booked.isoformat(),
                name=f"Jana Peeters-{number % 7919}",
                iban=f"BE71{dice.randrange(10**12):012d}",
                remittance=said,
                transaction=f"<Refs><EndToEndId>E2E-{number}</EndToEndId></Refs>",
                ref=f"BANK{number:012d}" if number % 2 else "",
            )
        )
    with path.open("w", encoding="utf-8") as file:
        file.write(head.replace("987654321.09", f"{cents / 100:.2f}"))
        file.writelines(body)
        file.write(tail)


def _weighed(place: Place, *words: str, out: Path | None = None) -> tuple[float, float, Any]:
    """Run `coopwerf bank …`; return how long it took, the most memory that it held in MB, and what it said."""
    target = out or place.folder / "said.json"
    command = [sys.executable, "-m", "coopwerf", "bank", *words, "--coop", place.slug]
    began = time.perf_counter()
    with target.open("wb") as opened:
        running = psutil.Popen(
            [*command, "--data-dir", str(place.data_dir)], stdout=opened, env=environment(), cwd=ROOT
        )
        peak = 0
        while running.poll() is None:
            try:
                peak = max(peak, running.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(BETWEEN)
    assert running.wait() == 0, target.read_text()[-500:]
    took = time.perf_counter() - began
    return took, peak / 1e6, None if out is not None else json.loads(target.read_text())
