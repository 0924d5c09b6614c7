"""Pictures of a report."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from coopwerf.documents import actions as documents
from coopwerf.documents.states import Licence
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import Report, ReportPicture
from ..queries import ReportFacts
from ..states import SECTIONS, Words
from .reports import clean, held, pending, touched, writable

MOST_PICTURES = 40
ON_TOP = "top"


@action(verb="founding.picture_brought")
def bring_picture(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    report_id: uuid.UUID,
    content: bytes,
    author: str,
    licence: Licence,
    texts: Mapping[str, str],
    where: str,
    caption: str = "",
) -> int:
    """Bring a picture to a report, put it on top or at the end of a part of its text; return its number there.

    Raises Refused for what isn't a picture, and for one of which nobody says who made it and what is seen.
    """
    row = held(coop_id, report_id, actor, now)
    writable(row, actor, now)
    if not texts.get(row.language, "").strip():
        raise Refused("documents.picture_untold", most=documents.LONGEST_ALT, path="alt")
    there = ReportPicture.objects.filter(coop_id=coop_id, report=row)
    last = there.order_by("-place").first()
    if last is not None and last.place >= MOST_PICTURES:
        raise Refused("founding.pictures_full", most=MOST_PICTURES)
    picture_id = documents.bring_picture(
        actor=actor, now=now, coop_id=coop_id, content=content, author=author, licence=licence, texts=texts
    )
    place = 1 if last is None else last.place + 1
    ReportPicture.objects.create(coop_id=coop_id, report=row, picture_id=picture_id, place=place)
    _put(row, actor, now, place, where, caption)
    touched(row)
    audit("report", row.id, picture=picture_id, place=place)
    return place


def _put(row: Report, actor: Actor, now: dt.datetime, place: int, where: str, caption: str) -> None:
    said = " ".join(caption.replace("[", "(").replace("]", ")").split())
    version = pending(row, actor, now)
    if where == ON_TOP:
        version.cover, told = place, {**version.words, "caption": said}
    elif where in SECTIONS:
        text = f"{version.words.get(where, '')}\n\n![{said}](picture:{place})".strip()
        told = {**version.words, where: text}
    else:
        raise Refused("founding.where_unknown", path="where")
    version.words = dataclasses.asdict(clean(Words(**told)))
    version.save()


@action(verb="founding.picture_taken_away")
def take_picture_away(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report: ReportFacts, place: int) -> None:
    """Take a picture away for good, also from reports that were read: it says there that it was taken away."""
    policies.may_take_picture_away(actor, coop_id, clock.civil_date(now)).require()
    row = held(coop_id, report.id, actor, now)
    one = ReportPicture.objects.filter(coop_id=coop_id, report=row, place=place).first()
    if one is None:
        raise Refused("founding.picture_unknown", place=place)
    documents.take_picture_away(actor=SYSTEM, now=now, coop_id=coop_id, picture_id=one.picture_id)
    touched(row)
    audit("report", row.id, picture=one.picture_id, place=place)
