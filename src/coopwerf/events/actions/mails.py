"""Writing the letters that wait, many at once, and asking for those of tomorrow."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import LetterTo, send_letters

from .. import queries
from ..letters import Meeting, RegistrationLetter
from ..models import Registration
from ..queries import GatheringFacts, RegistrationFacts, SessionFacts
from ..states import GatheringState, RegistrationState, Told, on_the_wall
from .gatherings import hold, write_soon
from .registrations import page_token

LETTERS_AT_ONCE = 200


@action(verb="events.letters_written")
def write_letters(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> None:
    """Write the letters that wait about these registrations, each with how it stands at this moment; all or none."""
    waiting = Registration.objects.select_for_update(of=("self",), skip_locked=True).filter(coop_id=coop_id, id__in=ids)
    rows = list(waiting.exclude(told=Told.NOTHING.value).order_by("id"))
    written = _letters(coop_id, rows)
    sent = send_letters(actor=SYSTEM, now=now, coop_id=coop_id, letters=list(written.values())) if written else []
    letter_ids = dict(zip(written, sent, strict=True))
    for row in rows:
        row.told = Told.NOTHING.value
        row.letter_id = letter_ids.get(row.id, row.letter_id)
    Registration.objects.bulk_update(rows, ["told", "letter_id"])
    audit("registration", None, letters=len(sent))


@action(verb="events.reminded")
def remind_gathering(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Remind everybody who has a place, on the day before: what day it is, is said by clocks where it takes place."""
    row = hold(coop_id, gathering_id)
    today = on_the_wall(now, row.zone).date()
    if row.state != GatheringState.ANNOUNCED or on_the_wall(row.begins_at, row.zone).date() - today != dt.timedelta(1):
        raise Refused("events.not_tomorrow")
    theirs = Registration.objects.filter(
        gathering_id=row.id, state=RegistrationState.SEATED.value, told=Told.NOTHING.value
    )
    told = theirs.update(told=Told.REMINDER.value)
    audit("gathering", row.id, told=told)
    write_soon(coop_id)
    return told


@action(verb="events.asked_again")
def ask_again(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Ask once more whether people still come to a gathering that was moved, who haven't said so."""
    row = hold(coop_id, gathering_id)
    theirs = Registration.objects.filter(
        gathering_id=row.id, state=RegistrationState.SEATED.value, answer_by__gt=now, told=Told.NOTHING.value
    )
    told = theirs.update(told=Told.STILL.value)
    audit("gathering", row.id, told=told)
    write_soon(coop_id)
    return told


def _letters(coop_id: uuid.UUID, rows: Sequence[Registration]) -> dict[uuid.UUID, LetterTo]:
    """Return the letter about each registration; who can't be written to gets none."""
    if not rows:
        return {}
    coop = coops.coop_facts(coop_id)
    facts = queries.facts_of(coop_id, [row.id for row in rows])
    gatherings = {ident: queries.gathering(coop_id, ident) for ident in sorted({row.gathering_id for row in rows})}
    programmes = {ident: queries.sessions(found) for ident, found in gatherings.items() if found is not None}
    contacts = messages.contacts(coop_id, {row.contact_id for row in rows if row.contact_id is not None})
    letters = {}
    for row in rows:
        found = gatherings[row.gathering_id]
        whom = contacts.get(row.contact_id) if row.contact_id is not None else None
        if found is None or whom is None or not whom.can_be_written_to:
            continue
        letters[row.id] = LetterTo(
            template=f"events.{row.told}",
            context=_context(coop, found, programmes[row.gathering_id], facts[row.id], page_token(row.key)),
            contact_id=row.contact_id,
            language=row.language,
        )
    return letters


def _context(
    coop: CoopFacts, found: GatheringFacts, programme: Sequence[SessionFacts], row: RegistrationFacts, token: str
) -> RegistrationLetter:
    has_place = row.state is RegistrationState.SEATED
    by_id = {one.id: one for one in programme}
    sessions = [
        ({code: told.title for code, told in by_id[one.session_id].texts.items()}, one.is_seated or not has_place)
        for one in row.choices
    ]
    path = reverse("events:registration", kwargs={"slug": coop.slug, "token": token})
    return RegistrationLetter(
        coop=coop.name,
        titles={code: told.title for code, told in found.texts.items()},
        state=row.state,
        now=Meeting(begins=found.begins, ends=found.ends, town=found.town, address=found.address),
        names=row.names,
        codes=tuple(ticket.written for ticket in row.tickets),
        sessions=tuple(sessions),
        access={code: told.access for code, told in found.texts.items() if told.access},
        online=found.online if has_place else "",
        until=None if row.until is None else on_the_wall(row.until, found.zone),
        answer_by=None if row.answer_by is None else on_the_wall(row.answer_by, found.zone),
        before=_before(found.moved_from),
        url=settings.BASE_URL + path,
        must_confirm=row.confirmed_at is None,
        asked_news=row.asked_news,
    )


def _before(moved: Mapping[str, Any]) -> Meeting | None:
    if not moved:
        return None
    begins, ends = (on_the_wall(dt.datetime.fromisoformat(moved[what]), moved["zone"]) for what in ("begins", "ends"))
    return Meeting(begins=begins, ends=ends, town=moved["town"], address=moved["address"])
