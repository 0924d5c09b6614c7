"""After a gathering: what was heard, what became of it, and forgetting what people needed."""

import datetime as dt
import uuid

from coopwerf.documents.actions import remove_documents
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import clean_language, clean_text

from .. import policies, queries
from ..models import Contribution, Registration, Session, Ticket, TicketWord
from ..states import DESK_LIST, HOLDING, Fate, RegistrationState, Told
from .gatherings import clean_prose, held, hold, room_came
from .registrations import move

LONGEST_SAID = 1000
MOST_CONTRIBUTIONS = 500


@action(verb="events.reported")
def write_report(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID, language: str, text: str
) -> None:
    """Tell in one language what was heard; everybody reads it. An empty text takes the report in that language away."""
    row = held(actor, now, coop_id, gathering_id)
    policies.may_report(queries.gathering_facts(row), now).require()
    language, told = clean_language(language), clean_prose(text, field="text")
    row.report = {
        **{code: one for code, one in row.report.items() if code != language},
        **({language: told} if told else {}),
    }
    row.reported_at = (row.reported_at or now) if row.report else None
    row.changed_at = now
    row.save(update_fields=["report", "reported_at", "changed_at"])
    audit("gathering", row.id, language=language)


@action(verb="events.contribution_noted")
def note_contribution(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    theme: str,
    texts: dict[str, str],
    session_id: uuid.UUID | None = None,
    voices: int = 1,
    contribution_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down what people said, under a theme and without their names, or mend it."""
    row = held(actor, now, coop_id, gathering_id)
    one = Contribution(coop_id=coop_id, gathering_id=row.id, made_at=now)
    if contribution_id is not None:
        one = _contribution(coop_id, contribution_id)
    elif Contribution.objects.filter(gathering_id=row.id).count() >= MOST_CONTRIBUTIONS:
        raise Refused("events.contributions_full", most=MOST_CONTRIBUTIONS)
    one.theme = clean_text(theme, field="theme", longest=60)
    one.texts = _texts(texts)
    if not one.theme or not one.texts:
        raise Refused("events.contribution_empty", path="text" if one.theme else "theme")
    if not 1 <= voices <= policies.MOST_PEOPLE:
        raise Refused("events.voices_out_of_bounds", path="voices")
    if session_id is not None and not Session.objects.filter(gathering_id=row.id, id=session_id).exists():
        raise Refused("events.session_gone", path="session")
    one.session_id, one.voices = session_id, voices
    one.save()
    audit("contribution", one.id, gathering=row.id, voices=voices)
    return one.id


@action(verb="events.contribution_answered")
def answer_contribution(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    contribution_id: uuid.UUID,
    fate: Fate,
    answers: dict[str, str],
) -> None:
    """Tell what became of a contribution: taken up in what, or not, because of what; both have to be told."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    one = _contribution(coop_id, contribution_id)
    told = _texts(answers)
    if fate is not Fate.OPEN and not told:
        raise Refused("events.answer_empty", path="answer")
    one.fate, one.answers = fate.value, told
    one.answered_on = None if fate is Fate.OPEN else clock.civil_date(now)
    one.save()
    audit("contribution", one.id, fate=fate.value)


@action(verb="events.contribution_removed")
def remove_contribution(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contribution_id: uuid.UUID) -> None:
    """Take a contribution off the page: somebody is named in it, or it was written down twice."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    _contribution(coop_id, contribution_id).delete()
    audit("contribution", contribution_id)


@action(verb="events.needs_forgotten")
def forget_needs(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Forget what people needed, some days after a gathering, and who registered but never had a place.

    The lists of its desks are removed too.
    """
    row = hold(coop_id, gathering_id)
    if row.ends_at + dt.timedelta(days=row.forget_days) >= now:
        raise Refused("events.forgets_later")
    theirs = Registration.objects.filter(gathering_id=row.id)
    forgotten = theirs.exclude(needs={}).update(needs={})
    theirs.exclude(sender_key="").update(sender_key="")
    never = theirs.exclude(state=RegistrationState.SEATED.value)
    Ticket.objects.filter(registration__in=never).update(name="", name_key="")
    TicketWord.objects.filter(gathering_id=row.id, ticket__name="").delete()
    remove_documents(actor=actor, now=now, coop_id=coop_id, kind=DESK_LIST, params={"gathering": row.id})
    row.forgotten_at = now
    row.save(update_fields=["forgotten_at"])
    audit("gathering", row.id, registrations=forgotten)
    return forgotten


@action(verb="events.names_forgotten")
def forget_names(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Forget who was at a gathering, a year after it: names and addresses go; return how many tickets had a name.

    That so many came stays, and by a key that leads to nobody that who comes to the next one of a series is the same.
    """
    row = hold(coop_id, gathering_id)
    if row.ends_at + policies.NAMES_FOR >= now:
        raise Refused("events.forgets_later")
    TicketWord.objects.filter(gathering_id=row.id).delete()
    forgotten = Ticket.objects.filter(gathering_id=row.id).exclude(name="").update(name="", name_key="")
    Registration.objects.filter(gathering_id=row.id).update(
        contact=None, needs={}, sender_key="", news_words=None, told=Told.NOTHING.value
    )
    remove_documents(actor=actor, now=now, coop_id=coop_id, kind=DESK_LIST, params={"gathering": row.id})
    row.names_forgotten_at = row.forgotten_at = now
    row.save(update_fields=["names_forgotten_at", "forgotten_at"])
    audit("gathering", row.id, names=forgotten)
    return forgotten


@action(verb="events.registrant_forgotten")
def forget_registrant(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> int:
    """Forget the names and needs in the registrations of a contact; what lies ahead is cancelled.

    That so many came stays, and by a key that leads to nobody that they were the same.
    """
    rows = list(Registration.objects.filter(coop_id=coop_id, contact_id=contact_id).order_by("gathering_id", "id"))
    for gathering_id in sorted({row.gathering_id for row in rows}):
        gathering = hold(coop_id, gathering_id)
        theirs = Registration.objects.select_for_update().filter(gathering_id=gathering_id, contact_id=contact_id)
        for row in theirs.order_by("id"):
            if gathering.ends_at > now and row.state != RegistrationState.CANCELLED:
                was_holding = row.state in HOLDING
                move(row, RegistrationState.CANCELLED)
                row.ended_at = now
                if was_holding:
                    room_came(coop_id, gathering_id)
            row.needs, row.told, row.answer_by, row.sender_key, row.contact_id = {}, Told.NOTHING.value, None, "", None
            row.news_words = None
            row.save()
            Ticket.objects.filter(registration_id=row.id).update(name="", name_key="")
            TicketWord.objects.filter(ticket__registration_id=row.id).delete()
    audit("contact", contact_id, registrations=len(rows))
    return len(rows)


def _contribution(coop_id: uuid.UUID, contribution_id: uuid.UUID) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, id=contribution_id)
    found = rows.first()
    if found is None:
        raise Refused("events.contribution_gone")
    return found


def _texts(texts: dict[str, str]) -> dict[str, str]:
    told = {}
    for code, text in texts.items():
        kept = clean_prose(text, field="text")
        if len(kept) > LONGEST_SAID:
            raise Refused("events.text_too_long", path="text", length=len(kept), longest=LONGEST_SAID)
        if kept:
            told[clean_language(code)] = kept
    return told
