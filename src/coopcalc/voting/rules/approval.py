"""Approval: a paper gives one vote to each candidate named on it; the seats go to whoever has most votes.

S. J. Brams and P. C. Fishburn, "Approval Voting", American Political Science Review 72 (1978). How many names a paper
may hold, and how many votes a seat needs, is declared before the vote (`Terms`); without that, any number of names.
"""

from ..constraints import Constraints
from ..lot import Lot
from ..papers import Election
from ..results import Count
from ..terms import Terms
from .marks import Marks


def count(election: Election, *, lot: Lot, constraints: Constraints | None = None, terms: Terms | None = None) -> Count:
    """Count marks. Raises Refused where a lot has to decide and none was drawn, or constraints can't be kept."""
    marks = Marks(election, terms or Terms(), lot, lambda names: names)
    marks.tell("approval_counted", valid=marks.valid, seats=election.seats)
    return marks.count("approval", marks.give_seats(constraints))
