"""Pictures in the report of a gathering."""

import datetime as dt
import uuid
from collections.abc import Mapping

from coopwerf.documents import actions as documents
from coopwerf.documents.states import Licence
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import clean_language

from .. import policies, queries
from ..models import GatheringPicture
from .gatherings import clean_prose, held

MOST_PICTURES = 40


@action(verb="events.picture_brought")
def bring_picture(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    language: str,
    content: bytes,
    author: str,
    licence: Licence,
    texts: Mapping[str, str],
    caption: str = "",
) -> int:
    """Bring a picture to a gathering, at the end of its report in a language; return the number it has there.

    Raises Refused for what isn't a picture, and for one of which nobody says who made it and what is seen.
    """
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    found = queries.gathering(coop_id, gathering_id)
    if found is None:
        raise Refused("events.gathering_gone")
    policies.may_change(found.state).require()
    policies.may_report(found, now).require()
    language = clean_language(language)
    if not texts.get(language, "").strip():
        raise Refused("documents.picture_untold", most=documents.LONGEST_ALT, path="alt")
    # It takes seconds to draw: nobody at a desk waits for it.
    picture_id = documents.bring_picture(
        actor=actor, now=now, coop_id=coop_id, content=content, author=author, licence=licence, texts=texts
    )
    row = held(actor, now, coop_id, gathering_id)
    last = GatheringPicture.objects.filter(gathering_id=row.id).order_by("-place").first()
    place = 1 if last is None else last.place + 1
    if place > MOST_PICTURES:
        raise Refused("events.pictures_full", most=MOST_PICTURES)
    said = " ".join(caption.replace("[", "(").replace("]", ")").split())
    told = clean_prose(f"{row.report.get(language, '')}\n\n![{said}](picture:{place})", field="text")
    GatheringPicture.objects.create(coop_id=coop_id, gathering_id=row.id, picture_id=picture_id, place=place)
    row.report, row.reported_at, row.changed_at = {**row.report, language: told}, row.reported_at or now, now
    row.save(update_fields=["report", "reported_at", "changed_at"])
    audit("gathering", row.id, picture=picture_id, place=place)
    return place


@action(verb="events.picture_taken_away")
def take_picture_away(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID, place: int
) -> None:
    """Take a picture away for good: where it stood in the report it says that it was taken away."""
    row = held(actor, now, coop_id, gathering_id)
    one = GatheringPicture.objects.filter(gathering_id=row.id, place=place).first()
    if one is None:
        raise Refused("events.picture_unknown", place=place)
    documents.take_picture_away(actor=SYSTEM, now=now, coop_id=coop_id, picture_id=one.picture_id)
    audit("gathering", row.id, picture=one.picture_id, place=place)
