"""Communications that a payment carries, as a bank's file has them: the Belgian one (OGM/VCS), and ISO 11649."""

import re
from typing import Final

from coopcalc.references import check_digits, is_communication, is_rf

_SIGNED: Final = re.compile(r"[+*]{3}\s*(\d{3})\s*/?\s*(\d{4})\s*/?\s*(\d{5})\s*[+*]{3}")
_BARE: Final = re.compile(r"(?<![\d/])(\d{3})/(\d{4})/(\d{5})(?![\d/])")
_PLAIN: Final = re.compile(r"(?<!\d)(\d{12})(?!\d)")
_RF: Final = re.compile(r"\bRF\d{2}(?: ?[A-Z0-9]){1,21}\b")

__all__ = ["check_digits", "cleaned", "is_communication", "is_rf", "structured_in"]


def structured_in(text: str) -> str:
    """Return the structured communication that free text holds, as twelve digits or an RF reference; empty for none.

    Twelve plain digits count only with a right check, so that a telephone number isn't taken for one.
    """
    for pattern in (_SIGNED, _BARE):
        for found in pattern.finditer(text):
            digits = "".join(found.groups())
            if is_communication(digits):
                return digits
    for found in _PLAIN.finditer(text):
        if is_communication(found.group(1)):
            return found.group(1)
    for found in _RF.finditer(text):
        reference = found.group(0).replace(" ", "")
        if is_rf(reference):
            return reference
    return ""


def cleaned(reference: str) -> str:
    """Return what a structured field holds, without signs and spaces where it is a communication."""
    digits = re.sub(r"[^0-9]", "", reference)
    if is_communication(digits) and not re.search(r"[A-Za-z]", reference):
        return digits
    if is_rf(reference):
        return reference.replace(" ", "").upper()
    return " ".join(reference.split())
