"""Reports in other languages than their own."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from coopwerf.documents import actions as documents
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, queries
from ..happenings import ReportTranslated
from ..models import Report, ReportPicture, ReportTranslation
from ..states import SECTIONS, ReportState, Words
from .reports import clean, held, touched

LONGEST_TRANSLATOR = 120


@action(verb="founding.translation_recorded")
def record_translation(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    report_id: uuid.UUID,
    language: str,
    words: Words,
    of_version: int,
    translator: str = "",
    alts: Mapping[int, str] | None = None,
    contact_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Keep a report in another language, made from a version of it; return the id of the translation.

    By who writes the report it is shown at once. By the installation in the name of somebody without an account
    (`contact_id`: who offered to help), it waits until an author has read it. `alts` holds what is seen on its
    pictures, by their number. Raises Refused for what lacks, and founding.version_unknown.
    """
    row = _open(coop_id, report_id)
    today = clock.civil_date(now)
    if not actor.is_system:
        policies.may_write(actor, coop_id, report_id, today).require()
    facts = queries.report_facts(coop_id, report_id)
    assert facts is not None
    if language not in LANGUAGE_NAMES or language == facts.language:
        raise Refused("founding.language_unknown")
    if of_version not in {facts.version.number, *(one.number for one in facts.published)}:
        raise Refused("founding.version_unknown")
    told = clean(words)
    if not told.title:
        raise Refused("founding.no_title", path="title")
    original = facts.version.words
    for part in SECTIONS:
        if getattr(original, part) and not getattr(told, part):
            raise Refused("founding.part_untold", path=part)
    said = {place: text for place, text in (alts or {}).items() if text.strip()}
    if not actor.is_system:
        _describe(row, language, said, now)
    one = ReportTranslation.objects.create(
        coop_id=coop_id,
        report=row,
        language=language,
        words=dataclasses.asdict(told),
        alts={str(place): text for place, text in said.items()} if actor.is_system else {},
        of_version=of_version,
        translator=" ".join(translator.split())[:LONGEST_TRANSLATOR],
        made_by_id=actor.party_id if contact_id is None else None,
        made_by_contact_id=contact_id,
        made_at=now,
        accepted_at=None if actor.is_system else now,
        accepted_by=actor.party_id,
    )
    touched(row)
    audit("report", row.id, translation=one.id, language=language, version=of_version)
    if one.accepted_at is not None and facts.is_public:
        announce(ReportTranslated(coop_id, row.id, language))
    return one.id


@action(verb="founding.translation_accepted")
def accept_translation(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, translation_id: uuid.UUID
) -> None:
    """Show a translation that somebody made, after an author read it."""
    row = held(coop_id, report_id, actor, now)
    one = _waiting(row, translation_id)
    one.accepted_at, one.accepted_by = now, actor.party_id
    one.save(update_fields=["accepted_at", "accepted_by"])
    # Until now nobody but its writer knew what they say is seen: it stands on the page of everybody.
    _describe(row, one.language, {int(place): text for place, text in one.alts.items()}, now)
    touched(row)
    audit("report", row.id, translation=one.id, language=one.language)
    if row.state == ReportState.PUBLISHED:
        announce(ReportTranslated(coop_id, row.id, one.language))


@action(verb="founding.translation_declined")
def decline_translation(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, translation_id: uuid.UUID
) -> None:
    """Leave a translation that somebody made aside."""
    row = held(coop_id, report_id, actor, now)
    one = _waiting(row, translation_id)
    one.declined_at = now
    one.save(update_fields=["declined_at"])
    touched(row)
    audit("report", row.id, translation=one.id, language=one.language)


def _open(coop_id: uuid.UUID, report_id: uuid.UUID) -> Report:
    row = Report.objects.select_for_update(no_key=True).filter(coop_id=coop_id, id=report_id).first()
    if row is None:
        raise Refused("founding.report_gone")
    if row.state == ReportState.TAKEN_BACK:
        raise Refused("founding.report_taken_back")
    return row


def _waiting(row: Report, translation_id: uuid.UUID) -> ReportTranslation:
    one = ReportTranslation.objects.filter(
        coop_id=row.coop_id, report=row, id=translation_id, accepted_at__isnull=True, declined_at__isnull=True
    ).first()
    if one is None:
        raise Refused("founding.translation_gone")
    return one


def _describe(row: Report, language: str, alts: Mapping[int, str], now: dt.datetime) -> None:
    """Say what is seen on the pictures of a report in one more language."""
    there = ReportPicture.objects.filter(coop_id=row.coop_id, report=row, place__in=alts, picture__taken_away_at=None)
    for one in there.order_by("place"):
        documents.describe_picture(
            actor=SYSTEM, now=now, coop_id=row.coop_id, picture_id=one.picture_id, texts={language: alts[one.place]}
        )
