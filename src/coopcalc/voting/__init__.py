"""Counting votes: exact, every stage explained, recomputable by anybody from the papers."""

from .agreed import Agreed
from .constraints import Constraint, Constraints
from .countback import countback
from .counting import count
from .lot import NO_LOT, Drawn, Lot, Part, Seeded, draw, seed_of
from .papers import Candidate, Election, Ranking
from .reading import read, read_path
from .refusals import Refused
from .results import LOST, NON_TRANSFERABLE, Count, Reason, Stage, Tie, Transfer, as_json, from_json, scaled
from .rules import RULES
from .terms import Terms
from .words import LANGUAGES, sentence

__all__ = [
    "LANGUAGES",
    "LOST",
    "NON_TRANSFERABLE",
    "NO_LOT",
    "RULES",
    "Agreed",
    "Candidate",
    "Constraint",
    "Constraints",
    "Count",
    "Drawn",
    "Election",
    "Lot",
    "Part",
    "Ranking",
    "Reason",
    "Refused",
    "Seeded",
    "Stage",
    "Terms",
    "Tie",
    "Transfer",
    "as_json",
    "count",
    "countback",
    "draw",
    "from_json",
    "read",
    "read_path",
    "scaled",
    "seed_of",
    "sentence",
]
