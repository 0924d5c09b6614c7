"""Creditor references of ISO 11649: RF, two check digits, up to 21 letters and digits.

Letters count from 10; with its first four signs behind it, the number has remainder 1 by 97.
"""

import re
from typing import Final

from .refusals import Refused

_RF: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
LONGEST: Final = 21


def remainder(signs: str) -> int:
    """Return letters and digits modulo 97, with A as 10."""
    return int("".join(str(int(sign, 36)) for sign in signs)) % 97


def plain_rf(text: str) -> str:
    """Write a reference without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_rf(text: str) -> bool:
    """Tell whether this is a creditor reference with a right check."""
    plain = plain_rf(text)
    return _RF.fullmatch(plain) is not None and remainder(plain[4:] + plain[:4]) == 1


def make_rf(reference: str) -> str:
    """Put RF and its check before up to 21 letters and digits. Raises Refused."""
    plain = plain_rf(reference)
    if not re.fullmatch(rf"[A-Z0-9]{{1,{LONGEST}}}", plain):
        raise Refused("rf_signs", longest=LONGEST)
    return f"RF{98 - remainder(plain + 'RF00'):02d}{plain}"


def format_rf(reference: str) -> str:
    """Write a reference in groups of four."""
    plain = plain_rf(reference)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
