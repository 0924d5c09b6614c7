"""The Belgian structured communication (OGM/VCS), made, checked, and found in what people type.

Ten digits and their check: the first ten modulo 97, with 97 for nought (Febelfin, "Structured communication"). The
check notices every wrong digit and every two neighbours that changed places, so what passes it was not mistyped in
either way. Known references near one that was mistyped are looked for, never guessed.
"""

import re
from collections.abc import Container, Iterator
from typing import Final

from .creditor import is_rf
from .refusals import Refused

LENGTH: Final = 12
_DIGITS: Final = "0123456789"
# Digits with at most five signs between them that people put there; a letter or a comma ends a run.
_RUN: Final = re.compile(r"[0-9](?:[ \t\n/+*.\-–_|():]{0,5}[0-9])*")
_GROUP: Final = re.compile(r"[0-9]+")
_RF: Final = re.compile(r"(?<![A-Z0-9])RF[ -]?[0-9]{2}(?:[ -]?[A-Z0-9]+)+")
_ACCOUNT: Final = re.compile(r"\bBE[0-9]{2}(?:[ .-]?[0-9]{4}){3}\b")
_RF_WORD: Final = re.compile(r"[A-Z0-9]+")


def check_digits(first_ten: int) -> int:
    """Return the number that follows these ten digits, 1 to 97."""
    return first_ten % 97 or 97


def is_communication(digits: str) -> bool:
    """Tell whether these are the twelve digits of a structured communication."""
    return (
        len(digits) == LENGTH
        and digits.isascii()
        and digits.isdigit()
        and check_digits(int(digits[:10])) == int(digits[10:])
    )


def make_communication(number: int) -> str:
    """Return the twelve digits that start with this number of at most ten. Raises Refused."""
    if not 0 <= number < 10**10:
        raise Refused("communication_number")
    return f"{number:010d}{check_digits(number):02d}"


def format_communication(digits: str) -> str:
    """Write twelve digits as `+++123/4567/89002+++`."""
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def read_communication(text: str) -> str:
    """Read what somebody typed as a communication, with or without signs, as its twelve digits. Raises Refused."""
    digits = re.sub(r"[\s+*/.\-–_|():]", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        raise Refused("communication_signs")
    if len(digits) != LENGTH:
        raise Refused("communication_length", length=len(digits), expected=LENGTH)
    if not is_communication(digits):
        raise Refused("communication_check")
    return digits


def references_in(text: str) -> tuple[str, ...]:
    """Return every reference in free text, in its order: twelve digits with a right check, or RF in capitals.

    A structured communication may be written with or without signs, blanks and strokes, among other numbers; but
    digits that stand together are never cut, so that a longer number isn't taken for one.
    """
    others = _creditor_references_in(text)
    # A Belgian account has the same check: its number isn't taken for a communication, nor that of a reference.
    plain = _ACCOUNT.sub(" x ", text) if "BE" in text else text
    return (*(one for one in _communications_in(plain) if not any(one in other for other in others)), *others)


def _communications_in(text: str) -> list[str]:
    found: list[str] = []
    for groups in _runs(text):
        for digits in _together(groups, range(LENGTH, LENGTH + 1)):
            if is_communication(digits) and digits not in found:
                found.append(digits)
    return found


def _creditor_references_in(text: str) -> list[str]:
    loud = text.upper()
    if "RF" not in loud:
        return []
    found: list[str] = []
    for match in _RF.finditer(loud):
        # Words behind a reference look like a part of it: the longest that passes the check is meant.
        ends = [word.end() for word in _RF_WORD.finditer(match[0])]
        for end in reversed(ends):
            plain = re.sub("[ -]", "", match[0][:end])
            if is_rf(plain):
                if plain not in found:
                    found.append(plain)
                break
    return found


def _runs(text: str) -> Iterator[list[str]]:
    """Yield what may be written as one number: groups of digits, with signs and blanks between them."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= LENGTH - 1:
            yield _GROUP.findall(run[0])


def _together(groups: list[str], lengths: range) -> Iterator[str]:
    """Yield the groups next to each other that have such a length in all."""
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) >= lengths.stop:
                break
            if len(digits) in lengths:
                yield digits


def neighbours(digits: str) -> frozenset[str]:
    """Return every communication with a right check of which these digits are a typing mistake.

    One digit wrong, two neighbours that changed places, one digit missing, one too many. Digits that are a
    communication themselves are no mistake.
    """
    if is_communication(digits) or not digits.isdigit():
        return frozenset()
    return frozenset(near for near in _variants(digits) if is_communication(near))


def _variants(digits: str) -> Iterator[str]:
    if len(digits) == LENGTH - 1:
        for at in range(LENGTH):
            for digit in _DIGITS:
                yield digits[:at] + digit + digits[at:]
    elif len(digits) == LENGTH + 1:
        for at in range(LENGTH + 1):
            yield digits[:at] + digits[at + 1 :]
    elif len(digits) == LENGTH:
        for at in range(LENGTH):
            for digit in _DIGITS:
                yield digits[:at] + digit + digits[at + 1 :]
        for at in range(LENGTH - 1):
            yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def nearly_in(text: str) -> tuple[str, ...]:
    """Return the numbers in free text that may be a mistyped communication, in their order, as their digits."""
    found: list[str] = []
    for groups in _runs(text):
        for digits in _together(groups, range(LENGTH - 1, LENGTH + 2)):
            if digits not in found and not is_communication(digits):
                found.append(digits)
    return tuple(found)


def only_near(digits: str, known: Container[str]) -> str:
    """Return the one known communication of which these digits are a mistake; empty where there is none, or several."""
    if is_communication(digits) or not digits.isdigit():
        return ""
    near = {one for one in _variants(digits) if one in known}
    return near.pop() if len(near) == 1 else ""
