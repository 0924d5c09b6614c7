"""What a payment says it is for: structured communications, creditor references, accounts, and the code to scan."""

from .accounts import clean_iban, country_of, format_iban, is_iban
from .communications import (
    check_digits,
    format_communication,
    is_communication,
    make_communication,
    nearly_in,
    neighbours,
    only_near,
    read_communication,
    references_in,
)
from .creditor import format_rf, is_rf, make_rf
from .refusals import Refused
from .scanning import LONGEST_NAME, LONGEST_TEXT, epc_payload

__all__ = [
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "Refused",
    "check_digits",
    "clean_iban",
    "country_of",
    "epc_payload",
    "format_communication",
    "format_iban",
    "format_rf",
    "is_communication",
    "is_iban",
    "is_rf",
    "make_communication",
    "make_rf",
    "nearly_in",
    "neighbours",
    "only_near",
    "read_communication",
    "references_in",
]
