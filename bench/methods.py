"""How fast papers are counted by Meek's and Schulze's methods: election and bounds as issue and docs promise them."""

import random
import time
from collections.abc import Iterator
from itertools import accumulate

from coopcalc.voting import Candidate, Election, Seeded, count

from .figures import Figure
from .measures import Place

PAPERS = 100_000


def meek(place: Place) -> Iterator[Figure]:
    """Count a large election by Meek's method."""
    yield _timed("stv-meek", election(candidates=20, seats=5), bound=10)


def schulze(place: Place) -> Iterator[Figure]:
    """Count an election with very many candidates by Schulze's method."""
    yield _timed("schulze", election(candidates=100, seats=5), bound=10)


def election(*, candidates: int, seats: int, papers: int = PAPERS) -> Election:
    """Make papers as people write them, nearly all different: some candidates are better known, few rank everybody."""
    dice = random.Random(candidates)
    known = [1 + 9 * dice.random() ** 2 for _ in range(candidates)]
    total = list(accumulate(known))
    numbers = range(1, candidates + 1)
    found: dict[tuple[int, ...], int] = {}
    for _ in range(papers):
        long = dice.randint(1, candidates)
        drawn = dict.fromkeys(dice.choices(numbers, cum_weights=total, k=long * 2))
        ranking = tuple(drawn)[:long]
        found[ranking] = found.get(ranking, 0) + 1
    people = tuple(Candidate(number, f"Candidate {number}") for number in numbers)
    return Election("Bench", seats, people, found)


def _timed(rule: str, profile: Election, *, bound: float) -> Figure:
    began = time.perf_counter()
    count(profile, rule, lot=Seeded("bench"))
    seconds = time.perf_counter() - began
    told = (
        f"{PAPERS} papers, {len(profile.papers)} different, {len(profile.candidates)} candidates, {profile.seats} seats"
    )
    return Figure(f"count by {rule}", seconds, "s", bound=bound, data=told)
