"""How fast papers are counted by Scottish STV, beside counters that others made, which count the same papers here."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from coopcalc.voting import Election, Seeded, count, read

from .figures import Figure
from .machine import ROOT, best, timed
from .measures import Place
from .methods import PAPERS, election

MANY_PAPERS = 1_000_000
PEERS = ROOT / ".cache" / "peers" / "bin" / "python"
WARDS = Path(os.environ.get("COOPWERF_SHARED", ROOT.parent / "shared")) / "data" / "stv"
# pyrankvote counts in floats; we are to be no slower. stvpoll counts in decimals; we are to be five times as fast.
PEER_BOUNDS = {"pyrankvote": 1.0, "stvpoll": 0.2}


def scottish(place: Place) -> Iterator[Figure]:
    """Count 100,000 papers beside others, a million from their file, and every Scottish ward from the archive."""
    profile = election(candidates=20, seats=5)
    data = f"{PAPERS:,} papers, {len(profile.papers):,} different, 20 candidates, 5 seats"
    seconds = best(3, lambda: _seconds(profile))
    for peer, part in PEER_BOUNDS.items():
        theirs = _peer(peer, profile)
        name = f"count by stv-scottish, beside {peer}"
        yield Figure(name, seconds, "s", bound=theirs * part, peer=peer, peer_value=theirs, data=data)
    many = election(candidates=20, seats=5, papers=MANY_PAPERS)
    path = place.folder / "many.blt"
    write_papers(path, many)
    words = ("-m", "coopcalc.voting", "count", "--rule", "stv-scottish", "--lot", "bench", path)
    took = best(2, lambda: timed(sys.executable, *words, out=place.folder / "count.json")[0])
    data = f"{MANY_PAPERS:,} papers, {len(many.papers):,} different, 20 candidates, 5 seats"
    yield Figure("a million papers from the file, the whole command", took, "s", bound=5, data=data)
    archive = WARDS / "scottish_council_ballots_2012_2017.zip"
    if archive.is_file():
        data = "697 wards of 2012 and 2017"
        yield Figure("all wards from the archive", best(2, lambda: _wards(archive)), "s", bound=15, data=data)


def write_papers(path: Path, profile: Election) -> None:
    """Write an election as BLT, a line for each paper."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{len(profile.candidates)} {profile.seats}\n")
        for ranking, how_many in profile.papers.items():
            file.write(f"1 {' '.join(map(str, ranking))} 0\n" * how_many)
        file.write("0\n")
        file.writelines(f'"{name}"\n' for name in [*profile.names, profile.title])


def _seconds(profile: Election) -> float:
    began = time.perf_counter()
    count(profile, "stv-scottish", lot=Seeded("bench"))
    return time.perf_counter() - began


def _wards(archive: Path) -> float:
    began = time.perf_counter()
    with zipfile.ZipFile(archive) as wards:
        for name in wards.namelist():
            with wards.open(name) as file:
                count(read(file), "stv-scottish")  # type: ignore[arg-type]
    return time.perf_counter() - began


def _peer(who: str, profile: Election) -> float:
    """Let somebody else's program count the same papers; the time is its counting alone."""
    told = {
        "candidates": len(profile.candidates),
        "seats": profile.seats,
        "papers": [[list(ranking), how_many] for ranking, how_many in profile.papers.items()],
    }
    done = subprocess.run(
        [PEERS, ROOT / "bench" / "peers" / "stv.py", who],
        input=json.dumps(told) + "\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout)["seconds"])
