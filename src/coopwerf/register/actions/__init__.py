"""The only writers of the register."""

from .admission import AdmittedMany, admit_requests, refuse_requests
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
from .requests import (
    Asked,
    ask_for_oneself,
    ask_membership,
    complete_request,
    confirm_request,
    forget_unconfirmed,
    record_request,
    record_request_payment,
    take_back_request_payment,
    withdraw_request,
)

__all__ = [
    "Admitted",
    "AdmittedMany",
    "Asked",
    "DecisionInput",
    "SharesInput",
    "admit_requests",
    "ask_for_oneself",
    "ask_membership",
    "complete_request",
    "confirm_request",
    "correct_movement",
    "correct_standing",
    "fill_for_practice",
    "forget_unconfirmed",
    "issue_certificate",
    "record_admission",
    "record_conversion",
    "record_ending",
    "record_exclusion",
    "record_exit",
    "record_issue",
    "record_payment",
    "record_request",
    "record_request_payment",
    "record_split",
    "record_transfer",
    "refuse_requests",
    "set_class_terms",
    "take_back_request_payment",
    "withdraw_request",
]
