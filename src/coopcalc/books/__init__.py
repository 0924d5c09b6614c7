"""Arithmetic of the books: what an entry's lines are, what accounts come to, whether three books agree."""

from .posting import Line, Rule, RuleLine, Unpostable, merged, opposite
from .trial import AccountKind, Sums, TrialBalance, TrialLine, trial_balance

__all__ = [
    "AccountKind",
    "Line",
    "Rule",
    "RuleLine",
    "Sums",
    "TrialBalance",
    "TrialLine",
    "Unpostable",
    "merged",
    "opposite",
    "trial_balance",
]
