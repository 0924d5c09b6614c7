"""Plurality: as many votes as there are seats, one for each candidate named; the seats go to whoever has most votes.

With one seat this is "first past the post", with several the block vote. Where a maximum of names was declared
(`Terms`) a paper with more isn't valid. Where none was, papers are taken for rankings: the first names count, as many
as there are seats.
"""

from ..constraints import Constraints
from ..lot import Lot
from ..papers import Election
from ..results import Count
from ..terms import Terms
from .marks import Marks


def marks_of(election: Election, lot: Lot, terms: Terms | None) -> Marks:
    """Count the votes and say how they were counted."""
    declared = terms or Terms()
    if declared.most is None:
        standing = set(election.standing)
        marks = Marks(
            election,
            declared,
            lot,
            lambda names: tuple(number for number in names if number in standing)[: election.seats],
        )
        marks.tell("plurality_first_counted", valid=marks.valid, seats=election.seats)
    else:
        marks = Marks(election, declared, lot, lambda names: names)
        marks.tell("plurality_counted", valid=marks.valid, seats=election.seats, most=declared.most)
    return marks


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None, terms: Terms | None = None) -> Count:
    """Count votes. Raises Refused where a lot has to decide and none was drawn, or constraints can't be kept."""
    marks = marks_of(election, lot, terms)
    return marks.count("plurality", marks.give_seats(constraints))
