"""What the square code of a European transfer holds (EPC069-12, version 002), for any program that draws one.

The Belgian structured communication is no ISO 11649 reference: it goes into the text, where Belgian banking programs
recognise it. The code is drawn with error correction M; 331 bytes are what fits.
"""

import unicodedata
from decimal import Decimal
from typing import Final

from .accounts import SEPA, clean_iban
from .creditor import is_rf, plain_rf
from .refusals import Refused

LONGEST_NAME: Final = 70
LONGEST_TEXT: Final = 140
MOST_BYTES: Final = 331
LEAST: Final = Decimal("0.01")
MOST: Final = Decimal("999999999.99")
_UTF_8: Final = "1"


def epc_payload(*, name: str, iban: str, amount: Decimal, text: str = "", reference: str = "", bic: str = "") -> str:
    """Return the lines of a code to scan, to be encoded in UTF-8. Raises Refused.

    `name` is the account holder's; beyond 70 signs it is cut behind a word. `reference` is ISO 11649; `text` is
    everything else, such as `+++123/4567/89002+++`. One of the two, or none.
    """
    account = clean_iban(iban)
    if account[:2] not in SEPA:
        raise Refused("epc_country", country=account[:2])
    holder = _shortened(_one_line(name), LONGEST_NAME)
    if not holder:
        raise Refused("epc_name")
    if amount != amount.quantize(LEAST) or not LEAST <= amount <= MOST:
        raise Refused("epc_amount", least=LEAST, most=MOST)
    said = _one_line(text)
    if said and reference:
        raise Refused("epc_both")
    if len(said) > LONGEST_TEXT:
        raise Refused("epc_text", longest=LONGEST_TEXT)
    if reference and not is_rf(reference):
        raise Refused("epc_reference")
    lines = ["BCD", "002", _UTF_8, "SCT", bic, holder, account, f"EUR{amount:.2f}", "", plain_rf(reference), said]
    payload = "\n".join(lines).rstrip("\n")
    if len(payload.encode()) > MOST_BYTES:
        payload = _without_accents(payload)
    if len(payload.encode()) > MOST_BYTES:
        raise Refused("epc_size")
    return payload


def _one_line(text: str) -> str:
    """Write a text on one line, without signs that can't be seen."""
    shown = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())


def _shortened(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    cut = name[: longest + 1].rpartition(" ")[0]
    return cut if len(cut) > longest // 2 else name[:longest]


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
