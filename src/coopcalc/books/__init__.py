"""Arithmetic of the books: what an entry's lines are, what accounts come to, whether three books agree."""

from .posting import Line, Rule, RuleLine, Unpostable, merged, opposite
from .proof import Check, CheckCode, Figures, PartyGap, Proof, Side, prove
from .trial import AccountKind, Sums, TrialBalance, TrialLine, trial_balance

__all__ = [
    "AccountKind",
    "Check",
    "CheckCode",
    "Figures",
    "Line",
    "PartyGap",
    "Proof",
    "Rule",
    "RuleLine",
    "Side",
    "Sums",
    "TrialBalance",
    "TrialLine",
    "Unpostable",
    "merged",
    "opposite",
    "prove",
    "trial_balance",
]
