"""Every write of payments."""

from .accounts import change_bank_account, open_bank_account
from .asking import answer_question, ask_payer
from .claims import (
    ClaimAsked,
    assign_claim,
    cancel_claim,
    change_claim,
    lapse_claim,
    note_given_to_bank,
    open_claim,
    open_claims,
    permanent_communication,
    reopen_claim,
    set_payee,
)
from .communications import give_communications
from .importing import Finding, Imported, book_anyway, import_statements
from .matching import (
    Accepted,
    SplitPart,
    accept,
    accept_certain,
    book_internal,
    book_to_account,
    split,
    turn_to_refund,
)
from .privacy import forget_old_words, forget_payers, forget_person
from .undoing import Undone, note_return, undo, undo_match

__all__ = [
    "Accepted",
    "ClaimAsked",
    "Finding",
    "Imported",
    "SplitPart",
    "Undone",
    "accept",
    "accept_certain",
    "answer_question",
    "ask_payer",
    "assign_claim",
    "book_anyway",
    "book_internal",
    "book_to_account",
    "cancel_claim",
    "change_bank_account",
    "change_claim",
    "forget_old_words",
    "forget_payers",
    "forget_person",
    "give_communications",
    "import_statements",
    "lapse_claim",
    "note_given_to_bank",
    "note_return",
    "open_bank_account",
    "open_claim",
    "open_claims",
    "permanent_communication",
    "reopen_claim",
    "set_payee",
    "split",
    "turn_to_refund",
    "undo",
    "undo_match",
]
