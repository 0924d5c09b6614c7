"""The only writers of the register."""

from .admission import AdmittedMany, admit_requests, refuse_requests
from .batch import DecisionInput
from .certificates import issue_certificate
from .classes import set_class_terms
from .from_books import Subscriber, ask_as_subscriber, note_request_money
from .importing import Imported, import_register
from .imports import (
    answer_doubts,
    begin_import,
    bring_spreadsheet,
    choose_columns,
    drop_import,
    forget_imports,
    mend_row,
    stop_import,
)
from .looks import inspect_class
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
from .privacy import forget_person
from .requests import (
    Asked,
    ask_for_oneself,
    ask_membership,
    change_request_quantity,
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
    "Imported",
    "SharesInput",
    "Subscriber",
    "admit_requests",
    "answer_doubts",
    "ask_as_subscriber",
    "ask_for_oneself",
    "ask_membership",
    "begin_import",
    "bring_spreadsheet",
    "change_request_quantity",
    "choose_columns",
    "complete_request",
    "confirm_request",
    "correct_movement",
    "correct_standing",
    "drop_import",
    "fill_for_practice",
    "forget_imports",
    "forget_person",
    "forget_unconfirmed",
    "import_register",
    "inspect_class",
    "issue_certificate",
    "mend_row",
    "note_request_money",
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
    "stop_import",
    "take_back_request_payment",
    "withdraw_request",
]
