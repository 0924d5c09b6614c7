"""Run-off: who has more than half of the valid papers is elected; otherwise the best go on to a second round.

The second round is an election of its own, with its own papers: `second_round` makes it from the first, and plurality
counts it. The share that a seat needs in the first round, and how many go on, are data (`Terms`).
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ..constraints import Constraints
from ..lot import Lot
from ..papers import Election, Ranking
from ..refusals import Refused
from ..results import Count
from ..terms import Terms
from .marks import Marks
from .plurality import marks_of

THROUGH: Final = "through"
"""The table of a first round's result: the numbers of those who go on."""

HALF: Final = Fraction(1, 2)


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None, terms: Terms | None = None) -> Count:
    """Count the first round; the table `through` says who goes on. Raises Refused where the lot has to decide.

    Terms that don't say which part of the papers a seat needs ask for more than half. Constraints aren't kept: who will
    be elected in a second round isn't known in the first.
    """
    if constraints:
        raise Refused("constraints_not_for_rule", rule="runoff")
    declared = terms or Terms()
    if not declared.needed:
        declared = replace(declared, needed=HALF, strict=True)
    marks = marks_of(election, lot, declared)
    _elect(marks)
    vacancies = election.seats - len(marks.elected)
    if not vacancies:
        return marks.count("runoff", None)
    marks.tell("runoff_second_round", vacancies=vacancies, needed=declared.votes_needed(marks.valid))
    through = _best(marks, declared.through * vacancies)
    for number in through:
        marks.tell("runoff_through", candidate=number, votes=marks.votes[number])
    return marks.count("runoff", None, {THROUGH: through})


def _elect(marks: Marks) -> None:
    needed = max(1, marks.terms.votes_needed(marks.valid))
    enough = {number for number, has in marks.votes.items() if has >= needed}
    while enough and len(marks.elected) < marks.election.seats:
        most = max(marks.votes[number] for number in enough)
        tied = [number for number in enough if marks.votes[number] == most]
        fit = len(tied) <= marks.election.seats - len(marks.elected)
        chosen = marks.first(tied, "order" if fit else "seat")
        enough.remove(chosen)
        marks.elected.append(chosen)
        marks.tell("runoff_elected", candidate=chosen, votes=most, needed=needed)


def _best(marks: Marks, places: int) -> list[int]:
    """Give those who go on, most votes first; equals in the order of their names."""
    rest = {number for number in marks.votes if number not in marks.elected}
    through: list[int] = []
    while rest and len(through) < places:
        most = max(marks.votes[number] for number in rest)
        tied = sorted(
            (number for number in rest if marks.votes[number] == most),
            key=lambda number: marks.election.candidate(number).name,
        )
        rest.difference_update(tied)
        while len(through) + len(tied) > places and not marks.terms.equals_through:
            chosen = marks.first(tied, "seat", "lot_through")
            through.append(chosen)
            tied.remove(chosen)
            if len(through) == places:
                return through
        through += tied
    return through


def second_round(first: Count, election: Election, papers: Mapping[Ranking, int]) -> Election:
    """Give the second round: whoever went on, renumbered from 1 in the order of their numbers, for the seats left.

    `papers` are those of the second round, with the new numbers. Raises Refused when the first round filled all seats.
    """
    through = sorted(first.tables.get(THROUGH, ()))
    if not through:
        raise Refused("runoff_over")
    candidates = tuple(replace(election.candidate(number), number=place) for place, number in enumerate(through, 1))
    return Election(election.title, election.seats - len(first.elected), candidates, papers)
