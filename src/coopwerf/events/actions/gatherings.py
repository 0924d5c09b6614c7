"""Setting up gatherings: drafts, texts, programme, series; announcing, calling off, and saying that it was held."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.text import slugify

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import actions as messages
from coopwerf.people.states import clean_language, clean_text

from .. import policies, queries
from ..letters import ANNOUNCED, GATHERINGS, AnnouncedLetter, Meeting
from ..models import Choice, Gathering, Registration, Series, Session
from ..queries import GatheringFacts
from ..states import (
    OPEN,
    GatheringState,
    GatheringWords,
    Kind,
    RegistrationState,
    SessionPlan,
    Told,
    When,
    Where,
    moment,
    on_the_wall,
    span,
)

NOWHERE = Where()
TAKEN_SLUGS = ("series", "new")
"""Words that stand in addresses beside those of gatherings."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GatheringPlan:
    """What organisers decide of a gathering, but for its texts and programme."""

    kind: Kind
    when: When
    where: Where = NOWHERE
    capacity: int | None = None
    languages: tuple[str, ...] = ("nl",)
    series_id: uuid.UUID | None = None
    asks_children: bool = False
    forget_days: int = 30


@action(verb="events.series_made")
def make_series(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, texts: dict[str, str], programme: str = ""
) -> uuid.UUID:
    """Begin a series; `texts` is its name by language, `programme` the id by which a funder knows it."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    told = {clean_language(code): clean_text(name, field="name", longest=120) for code, name in texts.items() if name}
    if not told:
        raise Refused("events.series_unnamed", path="name")
    row = Series.objects.create(
        coop_id=coop_id,
        slug=_free_slug(Series, coop_id, next(iter(told.values()))),
        texts=told,
        programme=clean_text(programme, field="programme", longest=60),
        made_at=now,
    )
    audit("series", row.id)
    return row.id


@action(verb="events.drafted")
def draft_gathering(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, title: str, language: str, plan: GatheringPlan
) -> uuid.UUID:
    """Prepare a gathering, seen by organisers only."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    language = clean_language(language)
    name = clean_text(title, field="title", longest=policies.LONGEST_TITLE)
    if not name:
        raise Refused("events.untitled", path="title")
    row = Gathering(
        coop_id=coop_id,
        slug=_free_slug(Gathering, coop_id, name),
        texts={language: dataclasses.asdict(GatheringWords(title=name))},
        made_at=now,
        changed_at=now,
    )
    _put(row, dataclasses.replace(plan, languages=(language, *(one for one in plan.languages if one != language))))
    row.save(force_insert=True)
    audit("gathering", row.id, kind=row.kind)
    return row.id


@action(verb="events.planned")
def plan_gathering(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID, plan: GatheringPlan
) -> None:
    """Change what was decided of a gathering.

    When and where of one that is announced change by `move_gathering`, which tells everybody: raises Refused
    events.moves_by_telling. Fewer places than are taken are refused too. Sessions move along with its begin.
    """
    row = held(actor, now, coop_id, gathering_id)
    begins, ends = span(plan.when)
    shift, is_longer_or_shorter = begins - row.begins_at, ends - begins != row.ends_at - row.begins_at
    if row.state != GatheringState.DRAFT:
        same = (row.begins_at, row.ends_at, row.town, row.address) == (
            begins,
            ends,
            plan.where.town,
            plan.where.address,
        )
        if not same:
            raise Refused("events.moves_by_telling")
        taken = queries.taken(row.id)
        if plan.capacity is not None and plan.capacity < taken:
            raise Refused("events.fewer_than_taken", path="capacity", taken=taken)
    _put(row, plan)
    if shift or is_longer_or_shorter:
        _move_sessions(row, shift)
    row.changed_at = now
    row.sequence += row.state != GatheringState.DRAFT
    row.save()
    audit("gathering", row.id, capacity=row.capacity)
    if row.state == GatheringState.ANNOUNCED:
        room_came(coop_id, row.id)


@action(verb="events.told")
def write_gathering(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    language: str,
    words: GatheringWords,
) -> None:
    """Write the texts of a gathering in one of its languages."""
    row = held(actor, now, coop_id, gathering_id)
    language = clean_language(language)
    title = clean_text(words.title, field="title", longest=policies.LONGEST_TITLE)
    if not title:
        raise Refused("events.untitled", path="title")
    told = GatheringWords(
        title=title,
        lead=clean_text(words.lead, field="lead", longest=policies.LONGEST_LEAD),
        description=clean_prose(words.description, field="description"),
        access=clean_prose(words.access, field="access"),
    )
    row.texts = {**row.texts, language: dataclasses.asdict(told)}
    if language not in row.languages:
        row.languages = [*row.languages, language]
    row.changed_at = now
    row.save(update_fields=["texts", "languages", "changed_at"])
    audit("gathering", row.id, language=language)


@action(verb="events.session_planned")
def plan_session(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    plan: SessionPlan,
    session_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Add a session to a programme, or change one; raises Refused where it lies outside its gathering."""
    row = held(actor, now, coop_id, gathering_id)
    texts = {
        clean_language(code): {
            "title": clean_text(told.title, field="title", longest=policies.LONGEST_TITLE),
            "description": clean_prose(told.description, field="description"),
        }
        for code, told in plan.texts.items()
        if told.title.strip()
    }
    if not texts:
        raise Refused("events.untitled", path="title")
    begins = moment(plan.begins, row.zone, path="begins")
    ends = moment(plan.ends, row.zone, path="ends")
    if ends <= begins:
        raise Refused("events.ends_before", path="ends")
    one = Session(coop_id=coop_id, gathering_id=row.id)
    if session_id is not None:
        found = Session.objects.filter(coop_id=coop_id, gathering_id=row.id, id=session_id).first()
        if found is None:
            raise Refused("events.session_gone")
        one = found
        taken = queries.taken_in_sessions(row.id).get(one.id, 0)
        if plan.capacity is not None and plan.capacity < taken:
            raise Refused("events.fewer_than_taken", path="capacity", taken=taken)
    one.texts, one.format, one.begins_at, one.ends_at = texts, plan.format.value, begins, ends
    one.room = clean_text(plan.room, field="room", longest=120)
    one.speakers = clean_text(plan.speakers, field="speakers", longest=300)
    one.language = clean_language(plan.language) if plan.language else ""
    one.capacity, one.is_for_all = _capacity(plan.capacity), plan.is_for_all
    one.save()
    facts = queries.gathering_facts(row)
    policies.fits_programme(facts, queries.sessions(facts), of=one.id).require()
    _changed(row, now)
    audit("session", one.id, gathering=row.id, capacity=one.capacity)
    if row.state == GatheringState.ANNOUNCED:
        room_came(coop_id, row.id)
    return one.id


@action(verb="events.session_dropped")
def drop_session(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID, session_id: uuid.UUID
) -> int:
    """Take a session off a programme; who had chosen it is told to choose again. Return how many were told."""
    row = held(actor, now, coop_id, gathering_id)
    one = Session.objects.filter(coop_id=coop_id, gathering_id=row.id, id=session_id).first()
    if one is None:
        raise Refused("events.session_gone")
    chose = Choice.objects.filter(session_id=one.id, registration__state__in=[state.value for state in OPEN])
    told = Registration.objects.filter(id__in=chose.values("registration_id"), told=Told.NOTHING.value).update(
        told=Told.SESSION.value
    )
    one.delete()
    _changed(row, now)
    audit("session", session_id, gathering=row.id, told=told)
    write_soon(coop_id)
    return told


@action(verb="events.announced")
def announce_gathering(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> None:
    """Let everybody read of a gathering and register; raises Refused events.not_ready with what it lacks."""
    row = held(actor, now, coop_id, gathering_id)
    policies.may_announce(queries.gathering_facts(row), now).require()
    row.state, row.announced_at, row.changed_at = GatheringState.ANNOUNCED.value, now, now
    row.save(update_fields=["state", "announced_at", "changed_at"])
    _tell_followers(queries.gathering_facts(row), now)
    audit("gathering", row.id)


@action(verb="events.moved")
def move_gathering(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    when: When,
    where: Where,
    answer_by: dt.date | None = None,
) -> int:
    """Move an announced gathering in time or place and tell everybody who registered, in their language.

    Where day or town change they are asked whether they still come, until the end of `answer_by` (by default three days
    from now, never later than it begins): who doesn't answer by then gives their places free. Sessions move along with
    its begin. Return how many registrations are told.
    """
    row = held(actor, now, coop_id, gathering_id)
    if row.state != GatheringState.ANNOUNCED:
        raise Refused("events.state")
    begins, ends = span(when)
    if begins <= now:
        raise Refused("events.begins_in_past", path="begins")
    before = {
        "begins": row.begins_at.isoformat(),
        "ends": row.ends_at.isoformat(),
        "zone": row.zone,
        "town": row.town,
        "address": row.address,
    }
    shift = begins - row.begins_at
    is_asked = (
        on_the_wall(row.begins_at, row.zone).date() != on_the_wall(begins, when.zone).date()
        or clean_text(where.town, field="town", longest=100) != row.town
    )
    row.begins_at, row.ends_at, row.zone = begins, ends, when.zone
    _put_where(row, where)
    if not (row.town or row.online):
        raise Refused("events.nowhere", path="town")
    _move_sessions(row, shift)
    until = _answer_until(answer_by, begins, when.zone, now) if is_asked else None
    row.moved_from, row.answer_by, row.sequence, row.changed_at = before, until, row.sequence + 1, now
    row.save()
    theirs = Registration.objects.filter(gathering_id=row.id, state__in=[state.value for state in OPEN])
    told = theirs.update(told=Told.MOVED.value)
    asked = theirs.filter(state=RegistrationState.SEATED.value).update(answer_by=until) if is_asked else 0
    _tell_followers(queries.gathering_facts(row), now, again=True)
    audit("gathering", row.id, begins=begins, told=told, asked=asked, sequence=row.sequence)
    write_soon(coop_id)
    return told


@action(verb="events.called_off")
def call_off_gathering(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Call an announced gathering off, and tell everybody who registered; return how many registrations."""
    row = held(actor, now, coop_id, gathering_id)
    policies.may_move(GatheringState(row.state), GatheringState.CANCELLED).require()
    row.state, row.ended_at, row.changed_at = GatheringState.CANCELLED.value, now, now
    row.sequence, row.answer_by = row.sequence + 1, None
    row.save()
    theirs = Registration.objects.filter(gathering_id=row.id, state__in=[state.value for state in OPEN])
    told = theirs.update(told=Told.CALLED_OFF.value, answer_by=None)
    messages.withdraw_news(actor=SYSTEM, now=now, coop_id=coop_id, about=row.id)
    audit("gathering", row.id, told=told)
    write_soon(coop_id)
    return told


@action(verb="events.held")
def close_gathering(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> None:
    """Say that a gathering was held; raises Refused events.not_begun before it began."""
    row = held(actor, now, coop_id, gathering_id)
    policies.may_move(GatheringState(row.state), GatheringState.HELD).require()
    if row.begins_at > now:
        raise Refused("events.not_begun")
    row.state, row.ended_at, row.changed_at = GatheringState.HELD.value, now, now
    row.save(update_fields=["state", "ended_at", "changed_at"])
    audit("gathering", row.id)


@action(verb="events.deleted")
def delete_draft(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> None:
    """Delete a gathering that nobody has read of."""
    row = held(actor, now, coop_id, gathering_id)
    if row.state != GatheringState.DRAFT:
        raise Refused("events.only_draft")
    row.delete()
    audit("gathering", gathering_id)


# What several of these need


def held(actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> Gathering:
    """Hold a gathering for whoever organises it; raises Refused for others, and for one that was called off."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    row = hold(coop_id, gathering_id)
    policies.may_change(GatheringState(row.state)).require()
    return row


def hold(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> Gathering:
    """Hold a gathering: while places in it are counted, others wait. Raises Refused events.gathering_gone."""
    # Not more than is needed: registrations that are being written refer to this row.
    rows = Gathering.objects.select_for_update(of=("self",), no_key=True).filter(coop_id=coop_id, id=gathering_id)
    row = rows.select_related("series").first()
    if row is None:
        raise Refused("events.gathering_gone")
    return row


def write_soon(coop_id: uuid.UUID) -> None:
    """Let a worker write the letters that wait, after this transaction."""
    from ..tasks import defer_letters

    defer_letters(coop_id)


def room_came(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> None:
    """Let whoever waits be offered a place, after this transaction."""
    from ..tasks import defer_moving_up

    defer_moving_up(coop_id, gathering_id)


def clean_prose(text: str, *, field: str) -> str:
    """Return a text in Markdown as we keep it; raises Refused events.text_too_long."""
    kept = "".join(one for one in text.replace("\r\n", "\n").replace("\r", "\n") if one >= " " or one in "\n\t")
    if len(kept) > policies.LONGEST_TEXT:
        raise Refused("events.text_too_long", path=field, length=len(kept), longest=policies.LONGEST_TEXT)
    return kept.strip()


def _tell_followers(found: GatheringFacts, now: dt.datetime, *, again: bool = False) -> None:
    """Tell whoever follows gatherings that this one was announced; or `again`, where the mail hasn't left yet."""
    coop = coops.coop_facts(found.coop_id)
    path = reverse("events:gathering", kwargs={"slug": coop.slug, "gathering": found.slug})
    told = AnnouncedLetter(
        coop=coop.name,
        titles={code: words.title for code, words in found.texts.items()},
        leads={code: words.lead for code, words in found.texts.items()},
        now=Meeting(begins=found.begins, ends=found.ends, town=found.town, address=found.address),
        url=settings.BASE_URL + path,
    )
    how: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop.id, "about": found.id, "kind": ANNOUNCED}
    if again:
        messages.mend_news(**how, facts=told)
    else:
        messages.tell_followers(**how, topic=GATHERINGS, facts=told)


def _changed(row: Gathering, now: dt.datetime) -> None:
    row.changed_at = now
    row.sequence += row.state != GatheringState.DRAFT
    row.save(update_fields=["changed_at", "sequence"])


def _put(row: Gathering, plan: GatheringPlan) -> None:
    """Write a plan into a row; raises Refused for what can't be meant."""
    row.kind = plan.kind.value
    row.begins_at, row.ends_at = span(plan.when)
    row.zone = plan.when.zone
    _put_where(row, plan.where)
    row.capacity = _capacity(plan.capacity)
    row.languages = list(dict.fromkeys(clean_language(code) for code in plan.languages))
    row.asks_children = plan.asks_children
    if not 1 <= plan.forget_days <= 365:
        raise Refused("events.forget_days", path="forget_days")
    row.forget_days = plan.forget_days
    series = None
    if plan.series_id is not None:
        series = Series.objects.filter(coop_id=row.coop_id, id=plan.series_id).first()
        if series is None:
            raise Refused("events.series_gone", path="series")
    row.series = series


def _move_sessions(row: Gathering, shift: dt.timedelta) -> None:
    """Let sessions follow their gathering; raises Refused where one doesn't fit any more."""
    Session.objects.filter(gathering_id=row.id).update(begins_at=F("begins_at") + shift, ends_at=F("ends_at") + shift)
    facts = queries.gathering_facts(row)
    policies.fits_programme(facts, queries.sessions(facts)).require()


def _put_where(row: Gathering, where: Where) -> None:
    row.town = clean_text(where.town, field="town", longest=100)
    row.address = clean_text(where.address, field="address", longest=300)
    online = where.online.strip()
    if online and (not re.fullmatch(r"https://[^\s<>\"]+", online) or len(online) > 500):
        raise Refused("events.online_wrong", path="online")
    row.online = online


def _capacity(capacity: int | None) -> int | None:
    if capacity is not None and not 1 <= capacity <= policies.MOST_PEOPLE:
        raise Refused("events.capacity_out_of_bounds", path="capacity", most=policies.MOST_PEOPLE)
    return capacity


def _answer_until(asked: dt.date | None, begins: dt.datetime, zone: str, now: dt.datetime) -> dt.datetime:
    """Return the end of the day until which people answer: at least a day from now where there is time for it."""
    today = on_the_wall(now, zone).date()
    on = asked or today + dt.timedelta(days=3)
    if on < today:
        raise Refused("events.answer_in_past", path="answer_by")
    end = moment(dt.datetime.combine(on + dt.timedelta(days=1), dt.time()), zone)
    return min(end, begins)


def _free_slug(model: Any, coop_id: uuid.UUID, name: str) -> str:
    """Return an address for a name that nothing else has; a number follows where several have the name."""
    base = (slugify(name)[:50].strip("-")) or "x"
    known: Sequence[str] = model.objects.filter(coop_id=coop_id, slug__startswith=base).values_list("slug", flat=True)
    taken = {*known, *TAKEN_SLUGS}
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)
