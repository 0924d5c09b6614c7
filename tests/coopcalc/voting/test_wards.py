"""697 Scottish wards: the published winners, a second count, and somebody else's, with every difference explained."""

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from coopcalc.voting import Count, Election, count, read
from tests.coopcalc.voting.elections import election as small
from tests.coopcalc.voting.elections import named
from tests.coopcalc.voting.plain import DEPARTURES, Plain, plain_count

ROOT = Path(__file__).parents[3]
BESIDE = Path(__file__).parents[1] / "golden" / "voting-beside-stvpoll.txt"
RULE = "stv-scottish"


@pytest.fixture(scope="module")
def wards(shared_data: Path) -> Iterator[zipfile.ZipFile]:
    path = shared_data / "stv" / "scottish_council_ballots_2012_2017.zip"
    if not path.is_file():
        pytest.skip("proof not run: the Scottish wards aren't here")
    with zipfile.ZipFile(path) as archive:
        yield archive


def ward(archive: zipfile.ZipFile, name: str) -> Election:
    with archive.open(name) as file:
        return read(file)  # type: ignore[arg-type]


def test_the_published_winners_of_17_wards_of_edinburgh(wards: zipfile.ZipFile, shared_data: Path) -> None:
    published = json.loads((shared_data / "stv" / "edinburgh_2017_winners.json").read_text(encoding="utf-8"))
    assert len(published) == 17
    for name, winners in published.items():
        election = ward(wards, f"{name}.csv")
        elected = sorted(election.names[number - 1].casefold() for number in count(election, RULE).elected)
        # The papers' file writes one double name short.
        for ours, theirs in zip(elected, sorted(winner.casefold() for winner in winners), strict=True):
            assert theirs.startswith(ours)


def test_every_ward_is_counted_without_a_vote_gone_and_the_plain_count_agrees(wards: zipfile.ZipFile) -> None:
    names = wards.namelist()
    assert len(names) == 697
    for place, name in enumerate(names):
        election = ward(wards, name)
        # No ward needed a lot.
        counted = count(election, RULE)
        assert len(counted.elected) == election.seats
        for stage in counted.stages:
            assert sum(stage.votes.values()) + stage.non_transferable + stage.lost == election.valid_total
        if place % 7 == 0:
            plain = plain_count(election, election.standing)
            assert (plain.elected, plain.drawn) == (list(counted.elected), 0)
            assert plain.stages == [dict(stage.votes) for stage in counted.stages]


def theirs(elections: list[Election]) -> list[dict[str, Any]]:
    """Count with stvpoll, in its own environment."""
    python = Path(os.environ.get("COOPWERF_PEERS", ROOT / ".cache" / "peers")) / "bin" / "python"
    if not python.is_file():
        pytest.skip("proof not run: no other counters here, see make peers")
    asked = "".join(
        json.dumps(
            {
                "candidates": len(election.candidates),
                "seats": election.seats,
                "papers": [[list(ranking), how_many] for ranking, how_many in election.papers.items()],
            }
        )
        + "\n"
        for election in elections
    )
    done = subprocess.run(
        [python, ROOT / "bench" / "peers" / "stv.py", "stvpoll"],
        input=asked, capture_output=True, text=True, timeout=1800, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_theirs(plain: Plain, told: dict[str, Any]) -> bool:
    """Tell whether elected, excluded and the votes at each exclusion are to the last decimal those of stvpoll."""
    rounds = [one for one in told["rounds"] if one["status"] == "Excluded"]
    return (
        plain.elected == told["elected"]
        and plain.excluded == [one["selected"][0] for one in rounds]
        and plain.before_exclusion
        == [{int(number): Decimal(votes) for number, votes in one["votes"].items()} for one in rounds]
    )


def explained(election: Election, counted: Count, told: dict[str, Any]) -> str:
    """Give the fewest departures from the order's text that make our count theirs, and where it first shows."""
    for how_many in range(len(DEPARTURES) + 1):
        for departures in combinations(DEPARTURES, how_many):
            plain = plain_count(election, election.standing, frozenset(departures))
            if is_theirs(plain, told):
                return f"{' '.join(departures)}: {shows(counted, plain)}" if departures else ""
    raise AssertionError(f"{election.title}: a difference that no known departure explains")


def shows(counted: Count, plain: Plain) -> str:
    """Say at which stage of ours the first votes differ, and by how much at most."""
    stages = [stage for stage in counted.stages if stage.excluded]
    for stage, out, before in zip(stages, plain.excluded, plain.before_exclusion, strict=False):
        ours = counted.stages[stage.number - 2].votes
        most = max((abs(votes - ours[number]) for number, votes in before.items()), default=Decimal(0))
        if most or stage.excluded[0] != out:
            return f"stage {stage.number}: {most}"
    if len(stages) != len(plain.excluded):
        return f"stage {len(counted.stages)}: {len(stages)} and {len(plain.excluded)} exclusions"
    return "order of election"


# Small elections in which a departure from the order's text elects somebody else; worked in counting-compared.md.
DECISIVE = {
    "rounds": ("12 A C; 3 B; 6 B A; 5 D E", 3, "A B D", "A B C"),
    "batches": ("16 A C; 13 B C D; 4 C E; 7 D; 8 E", 4, "A B C D", "A B C E"),
    "batches mixed": ("14 B D; 2 B C D; 8 C E; 4 C; 1 E C; 3 E D", 3, "B C D", "B C E"),
}


@pytest.mark.parametrize("departures", DECISIVE)
def test_a_departure_from_the_text_can_elect_somebody_else(departures: str) -> None:
    papers, seats, right, wrong = DECISIVE[departures]
    board = small(papers, seats=seats)
    assert named(count(board, RULE), tuple(sorted(count(board, RULE).elected))) == right
    plain = plain_count(board, board.standing, frozenset(departures.split()))
    assert " ".join(board.names[number - 1] for number in sorted(plain.elected)) == wrong


@pytest.mark.exhaustive
@pytest.mark.parametrize("departures", DECISIVE)
def test_the_other_counter_does_elect_somebody_else(departures: str) -> None:
    papers, seats, _right, wrong = DECISIVE[departures]
    board = small(papers, seats=seats)
    [told] = theirs([board])
    assert " ".join(board.names[number - 1] for number in sorted(told["elected"])) == wrong


@pytest.mark.exhaustive
def test_every_difference_from_another_counter_is_explained(wards: zipfile.ZipFile) -> None:
    """docs/how-it-works/counting-compared.md says what each departure is and which paragraph of the order decides."""
    names = wards.namelist()
    elections = [ward(wards, name) for name in names]
    found = []
    for name, election, told in zip(names, elections, theirs(elections), strict=True):
        counted = count(election, RULE)
        assert told["quota"] == counted.quota
        assert sorted(told["elected"]) == sorted(counted.elected)
        if explanation := explained(election, counted, told):
            found.append(f"{name.removesuffix('.csv')}: {explanation}\n")
    text = "".join(sorted(found))
    if os.environ.get("COOPWERF_GOLDEN") == "write":
        BESIDE.write_text(text, encoding="utf-8")
    assert text == BESIDE.read_text(encoding="utf-8")
