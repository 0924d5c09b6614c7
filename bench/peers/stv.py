"""Counts with somebody else's program, in its own environment: elections come in as JSON lines, counts go out.

    python stv.py pyrankvote|stvpoll < elections > counts

An election: `{"candidates": n, "seats": n, "papers": [[[1, 2], how many], …]}`. A count: `{"seconds", "elected"}`, of
stvpoll also `{"quota", "rounds": [{"status", "selected", "votes"}]}`, with the votes from before the round's transfers.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any


def pyrankvote(election: dict[str, Any]) -> dict[str, Any]:
    """Count with pyrankvote: an STV of its own (floats, fractions of a quota), for the time it takes."""
    from pyrankvote import Ballot, Candidate, single_transferable_vote

    candidates = [Candidate(str(number)) for number in range(1, election["candidates"] + 1)]
    ballots = [
        Ballot(ranked_candidates=[candidates[number - 1] for number in ranking])
        for ranking, how_many in election["papers"]
        for _ in range(how_many)
    ]
    began = time.perf_counter()
    result = single_transferable_vote(candidates, ballots, election["seats"])
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "elected": [int(winner.name) for winner in result.get_winners()]}


def stvpoll(election: dict[str, Any]) -> dict[str, Any]:
    """Count with stvpoll's Scottish STV; its ties go to the order of the numbers instead of dice."""
    from stvpoll.scottish_stv import calculate_scottish_stv

    candidates = tuple(range(1, election["candidates"] + 1))
    papers = [(tuple(ranking), how_many) for ranking, how_many in election["papers"]]
    began = time.perf_counter()
    result = calculate_scottish_stv(candidates, papers, election["seats"], random_shuffle=False)
    seconds = time.perf_counter() - began
    rounds = [
        {
            "status": one.status.name,
            "selected": list(one.selected) if isinstance(one.selected, tuple) else [one.selected],
            "votes": {str(number): str(votes) for number, votes in one.votes.items()},
        }
        for one in result.rounds
    ]
    return {"seconds": seconds, "elected": list(result), "quota": result.quota, "rounds": rounds}


def counts(who: str, lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Count one election after the other."""
    count = pyrankvote if who == "pyrankvote" else stvpoll
    for line in lines:
        yield count(json.loads(line))


if __name__ == "__main__":
    for told in counts(sys.argv[1], iter(sys.stdin)):
        print(json.dumps(told), flush=True)
