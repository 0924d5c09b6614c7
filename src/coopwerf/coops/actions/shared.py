"""What several actions of coops need: clean text, likely dates, the first lock."""

import datetime as dt
import unicodedata
import uuid

from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from ..models import Coop

EARLIEST = dt.date(1800, 1, 1)
FURTHEST = dt.timedelta(days=3 * 366)
LANGUAGES = ("nl", "fr", "en")


def clean_line(field: str, text: str, limit: int, *, required: bool = True) -> str:
    """Return one clean line of text; raises Refused when it is empty though required, or too long."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    clean = "".join(sign for sign in clean if unicodedata.category(sign) not in ("Cc", "Cs"))
    if required and not clean:
        raise Refused("coops.text_missing", path=field)
    if len(clean) > limit:
        raise Refused("coops.text_too_long", path=field, limit=limit)
    return clean


def clean_paragraphs(field: str, text: str, limit: int) -> str:
    """Return text of several lines, without signs that can't be stored; raises Refused when it is too long."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    clean = "".join(sign for sign in clean if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    if len(clean) > limit:
        raise Refused("coops.text_too_long", path=field, limit=limit)
    return clean


def known_language(code: str) -> str:
    """Return a language that we write; raises Refused for another."""
    if code not in LANGUAGES:
        raise Refused("coops.language_unknown", path="language", language=code)
    return code


def likely_date(date: dt.date, now: dt.datetime, field: str = "valid_from") -> dt.date:
    """Return a date that can be meant; raises Refused for one before 1800 or more than three years ahead."""
    if not EARLIEST <= date <= civil_date(now) + FURTHEST:
        raise Refused("coops.date_unlikely", path=field, date=date.isoformat())
    return date


def locked(coop_id: uuid.UUID) -> Coop:
    """Lock the co-operative's own row: the first lock of all, so that two such acts come one after the other."""
    found = Coop.objects.select_for_update(no_key=True).filter(pk=coop_id).first()
    if found is None:
        raise Refused("coops.unknown")
    return found
