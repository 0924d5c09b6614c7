"""Enterprise numbers of the co-operative itself: a Belgian enterprise number or a Dutch KvK number."""

import re

from stdnum.be import vat as belgian
from stdnum.exceptions import ValidationError as NotValid

from coopwerf.kernel.refusals import Refused


def clean_enterprise_no(number: str) -> str:
    """Return the number with its country in front, `BE0403019261` or `NL12345678`; empty stays empty.

    Raises Refused when the check digits of a Belgian number are wrong, or when it is neither Belgian nor Dutch.
    """
    compact = re.sub(r"[\s.\-/]", "", number).upper()
    if not compact:
        return ""
    if re.fullmatch(r"(NL|KVK)?\d{8}", compact):
        return "NL" + compact[-8:]
    try:
        return "BE" + belgian.validate(compact)
    except NotValid:
        raise Refused("coops.enterprise_no_bad", path="enterprise_no") from None
