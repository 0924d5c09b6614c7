"""Tables of payments: what the bank said, what is owed, and what was for what."""

from .claims import Claim, Communication
from .matches import Match
from .questions import Question
from .statements import (
    BankAccount,
    BankEntry,
    BankEntryWords,
    Statement,
    StatementDay,
    StatementFile,
)

__all__ = [
    "BankAccount",
    "BankEntry",
    "BankEntryWords",
    "Claim",
    "Communication",
    "Match",
    "Question",
    "Statement",
    "StatementDay",
    "StatementFile",
]
