"""The only writers of the register."""

from .batch import DecisionInput
from .certificates import issue_certificate
from .classes import set_class_terms
from .members import Admitted, SharesInput, correct_standing, record_admission, record_ending
from .movements import (
    correct_movement,
    record_conversion,
    record_exclusion,
    record_exit,
    record_issue,
    record_payment,
    record_split,
    record_transfer,
)
from .practice import fill_for_practice

__all__ = [
    "Admitted",
    "DecisionInput",
    "SharesInput",
    "correct_movement",
    "correct_standing",
    "fill_for_practice",
    "issue_certificate",
    "record_admission",
    "record_conversion",
    "record_ending",
    "record_exclusion",
    "record_exit",
    "record_issue",
    "record_payment",
    "record_split",
    "record_transfer",
    "set_class_terms",
]
