"""Account numbers: IBAN cleaned and checked, with a refusal that says which digits to look at.

Lengths: SWIFT IBAN registry, release 99 (2025). Belgium's own check within the number: the first ten digits modulo 97
with 97 for nought.
"""

import re
from collections.abc import Mapping
from typing import Final

from .creditor import remainder
from .refusals import Refused


def _words(text: str) -> list[str]:
    return text.split()


_LENGTHS: Final[Mapping[str, int]] = {
    pair[:2]: int(pair[2:])
    for pair in _words(
        """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
        ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
        LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
        PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
        YE30
        """
    )
}
SEPA: Final = frozenset(
    _words(
        """
        AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS
        SE SI SK SM VA
        """
    )
)
"""Countries that take part in European transfers in euro (EPC409-09)."""


def clean_iban(text: str) -> str:
    """Return an IBAN as it is kept: no blanks, capitals. Raises Refused, saying what is wrong.

    Blanks, points, strokes, lower case and "IBAN" before it are passed over. A letter O among a number's digits isn't
    changed silently: it is refused.
    """
    plain = re.sub(r"[\s.\-–/_]", "", text).upper().removeprefix("IBAN").lstrip(":")
    if not plain:
        raise Refused("iban_empty")
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", plain):
        raise Refused("iban_signs")
    expected = _LENGTHS.get(plain[:2])
    if expected is None:
        raise Refused("iban_country", country=plain[:2])
    if len(plain) != expected:
        raise Refused("iban_length", country=plain[:2], length=len(plain), expected=expected)
    if remainder(plain[4:] + plain[:4]) != 1:
        raise Refused("iban_check")
    if plain.startswith("BE") and not _is_belgian(plain[4:]):
        raise Refused("iban_check")
    return plain


def _is_belgian(number: str) -> bool:
    return number.isdigit() and (int(number[:10]) % 97 or 97) == int(number[10:])


def is_iban(text: str) -> bool:
    """Tell whether this is an IBAN with a right length and check."""
    try:
        clean_iban(text)
    except Refused:
        return False
    return True


def format_iban(iban: str) -> str:
    """Write an account in groups of four; a number that is no IBAN stays as it is."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", iban):
        return iban
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def country_of(iban: str) -> str:
    """Return the country of an account, `BE`; empty for a number that is no IBAN."""
    return iban[:2] if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", iban) and iban[:2] in _LENGTHS else ""
