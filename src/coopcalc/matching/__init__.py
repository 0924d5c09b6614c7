"""Which request for money a bank line may be for: exact scores that add up, and reasons that anybody can read."""

from .index import Index
from .names import NameForm, is_alike, is_same, name_form
from .propose import EXACT, propose, reason, shown
from .terms import Candidate, Line, Payment, Proposal, Reason
from .weights import POINTS

__all__ = [
    "EXACT",
    "POINTS",
    "Candidate",
    "Index",
    "Line",
    "NameForm",
    "Payment",
    "Proposal",
    "Reason",
    "is_alike",
    "is_same",
    "name_form",
    "propose",
    "reason",
    "shown",
]
