"""What several actions of coops need: clean text, likely dates, the first lock."""

import datetime as dt
import unicodedata
import uuid

from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import clean_text

from ..models import Coop

EARLIEST = dt.date(1800, 1, 1)
FURTHEST = dt.timedelta(days=3 * 366)


def clean_line(field: str, text: str, limit: int, *, required: bool = True) -> str:
    """Return one clean line of text; raises Refused when it is empty though required, or too long."""
    clean = clean_text(text, field=field, longest=limit)
    if required and not clean:
        raise Refused("coops.text_missing", path=field)
    return clean


def clean_paragraphs(field: str, text: str, limit: int) -> str:
    """Return text of several lines, without signs that can't be stored; raises Refused when it is too long."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    clean = "".join(sign for sign in clean if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    if len(clean) > limit:
        raise Refused("coops.text_too_long", path=field, limit=limit)
    return clean


def likely_date(date: dt.date, now: dt.datetime, field: str = "valid_from") -> dt.date:
    """Return a date that can be meant; raises Refused for one before 1800 or more than three years ahead."""
    if not EARLIEST <= date <= civil_date(now) + FURTHEST:
        raise Refused("coops.date_unlikely", path=field, date=date)
    return date


def locked(coop_id: uuid.UUID) -> Coop:
    """Lock the co-operative's own row: the first lock of all, so that two such acts come one after the other."""
    found = Coop.objects.select_for_update(no_key=True).filter(pk=coop_id).first()
    if found is None:
        raise Refused("coops.unknown")
    return found
