"""Receiving people: desks, who came in and went out, walk-ins, heads that were counted, and what was on paper."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.questions import Question
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import know_contact
from coopwerf.people.states import clean_language, clean_text

from .. import policies, queries
from ..models import Desk, Gathering, HeadCount, Passage, Registration, Session, Ticket
from ..queries import PassageFacts
from ..states import (
    DOOR,
    LONGEST_NAME,
    MOST_CAUGHT_UP,
    MOST_HEADS,
    Caught,
    Direction,
    How,
    RegistrationState,
    Told,
)
from .gatherings import held, hold
from .registrations import at_desk, move

SOON = dt.timedelta(minutes=5)
"""How far ahead of our clock that of a desk may be."""


@dataclasses.dataclass(frozen=True, slots=True)
class Passed:
    """What a desk hears: whose ticket, which way, and what was noted before where nothing new was to be noted."""

    ticket_id: uuid.UUID
    direction: Direction
    is_new: bool
    before: PassageFacts | None


@action(verb="events.desk_opened")
def open_desk(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    name: str,
    gate: str = DOOR,
) -> uuid.UUID:
    """Open a desk at the door, or at that of a session; its link lets helpers receive people on the day itself."""
    row = held(actor, now, coop_id, gathering_id)
    named = clean_text(name, field="name", longest=60)
    if not named:
        raise Refused("events.desk_unnamed", path="name")
    if Desk.objects.filter(gathering_id=row.id, name=named).exists():
        raise Refused("events.desk_twice", path="name")
    if gate != DOOR and gate not in {str(one) for one in _sessions(row)}:
        raise Refused("events.session_gone", path="gate")
    desk = Desk.objects.create(coop_id=coop_id, gathering_id=row.id, name=named, gate=gate, made_at=now)
    audit("desk", desk.id, gathering=row.id)
    return desk.id


@action(verb="events.desk_closed")
def close_desk(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, desk_id: uuid.UUID) -> None:
    """Close a desk: its link opens nothing any more. What was noted there stays."""
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    desk = Desk.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, id=desk_id).first()
    if desk is None:
        raise Refused("events.desk_gone")
    desk.closed_at = desk.closed_at or now
    desk.save(update_fields=["closed_at"])
    audit("desk", desk.id)


@action(verb="events.checked_in")
def check_in(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    ticket_id: uuid.UUID,
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    gate: str = DOOR,
    how: How = How.CODE,
    anyway: bool = False,
    press: uuid.UUID | None = None,
) -> Passed:
    """Note that somebody came in at a gate, at a desk by its link, or as an organiser.

    Of somebody who is inside already nothing is noted: what was noted before is returned, with its desk and time. So
    two desks that read the same ticket let one person in, once. `anyway` lets in who has no place (any more), where
    whoever receives them says so. The same `press` of a button, sent once more after whatever came in between, notes
    nothing. Raises Refused events.ticket_gone, events.not_seated, events.ticket_cancelled.
    """
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, gate, actor, now)
    ticket = _ticket(coop_id, gathering_id, ticket_id)
    _let_in(ticket, anyway=anyway, now=now)
    passed = _passed(ticket, Direction.IN, desk, gate, how, actor=actor, now=now, press=press)
    audit("ticket", ticket.id, verb=None if passed.is_new else "events.checked_in_again", desk=desk, how=how.value)
    return passed


@action(verb="events.checked_out")
def check_out(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    ticket_id: uuid.UUID,
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    gate: str = DOOR,
    how: How = How.CODE,
    press: uuid.UUID | None = None,
) -> Passed:
    """Note that somebody went out; they can come in again with the same ticket. Who isn't inside can't go out."""
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, gate, actor, now)
    ticket = _ticket(coop_id, gathering_id, ticket_id)
    passed = _passed(ticket, Direction.OUT, desk, gate, how, actor=actor, now=now, press=press)
    audit("ticket", ticket.id, verb=None if passed.is_new else "events.checked_out_again", desk=desk, how=how.value)
    return passed


@action(verb="events.passage_voided")
def take_back(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    ticket_id: uuid.UUID,
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    gate: str = DOOR,
    press: uuid.UUID | None = None,
) -> None:
    """Take back the last thing noted of a ticket at a gate: it was somebody else. The row stays, voided by another."""
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, gate, actor, now)
    ticket = _ticket(coop_id, gathering_id, ticket_id)
    if queries.was_pressed(ticket.id, press):
        audit("ticket", ticket.id, verb="events.passage_voided_again", desk=desk)
        return
    last = queries.last_passage(ticket.id, gate)
    if last is None:
        raise Refused("events.nothing_noted")
    Passage.objects.create(
        coop_id=coop_id,
        gathering_id=gathering_id,
        ticket_id=ticket.id,
        gate=gate,
        direction=last.direction.value,
        at=last.at,
        recorded_at=now,
        desk_id=desk,
        how=last.how.value,
        author_id=actor.party_id,
        voids_id=last.id,
        press=press,
    )
    audit("ticket", ticket.id, desk=desk, passage=last.id)


@action(verb="events.walked_in")
def walk_in(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    name: str,
    email: str = "",
    language: str = "nl",
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    press: uuid.UUID | None = None,
) -> Passed:
    """Let somebody in who has no registration: they get a ticket, and came in; the same `press` again is the same."""
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, DOOR, actor, now)
    language, named = clean_language(language), clean_text(name, field="name", longest=LONGEST_NAME)
    if not named:
        raise Refused("events.nobody_named", path="name")
    # First who it is, then where they are let in: that order holds everywhere.
    contact_id = None
    if email.strip():
        contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name=named, language=language)
    gathering = hold(coop_id, gathering_id)
    # Of this gathering alone: nobody reaches the registration of somebody else with a number of their own making.
    key = None if press is None else uuid.uuid5(gathering_id, str(press))
    twin = None if key is None else queries.by_key(coop_id, key)
    if twin is not None:
        ticket_id = queries.together(twin)[0]
        audit("ticket", ticket_id, verb="events.walked_in_again", desk=desk)
        return Passed(ticket_id, Direction.IN, False, queries.last_passage(ticket_id, gate))
    ticket = at_desk(gathering, named, contact_id=contact_id, language=language, now=now, key=key)
    passed = _passed(ticket, Direction.IN, desk, gate, How.WALK_IN, actor=actor, now=now)
    audit("ticket", ticket.id, desk=desk)
    return passed


@action(verb="events.heads_counted")
def count_heads(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    heads: int,
    at: dt.datetime | None = None,
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    gate: str = DOOR,
) -> None:
    """Write down how many heads were counted, known or not: kept apart from people who are known."""
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, gate, actor, now)
    if not 0 <= heads <= MOST_HEADS:
        raise Refused("events.heads_out_of_bounds", path="heads", most=MOST_HEADS)
    counted = HeadCount.objects.create(
        coop_id=coop_id,
        gathering_id=gathering_id,
        gate=gate,
        heads=heads,
        at=_not_ahead(at or now, now),
        recorded_at=now,
        desk_id=desk,
        author_id=actor.party_id,
    )
    audit("gathering", gathering_id, heads=heads, count=counted.id, desk=desk)


@dataclasses.dataclass(frozen=True, slots=True)
class CaughtUp:
    """What became of lines on paper: how many were noted, how many stood there, and which codes aren't known."""

    noted: int
    known: int
    unknown: tuple[str, ...]


@action(verb="events.caught_up")
def catch_up(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    lines: Sequence[Caught],
    desk_token: str = "",
    desk_id: uuid.UUID | None = None,
    gate: str = DOOR,
) -> CaughtUp:
    """Note many who came in or went out while the network failed, each at the time that was written down.

    What another desk noted already isn't noted twice; who was let in without a place is let in. Codes that nobody has
    are returned, and all others are noted. Raises Refused events.caught_many, events.caught_ahead.
    """
    desk, gate = _desk(coop_id, gathering_id, desk_token, desk_id, gate, actor, now)
    if len(lines) > MOST_CAUGHT_UP:
        raise Refused("events.caught_many", path="lines", most=MOST_CAUGHT_UP)
    by_code = {
        row.code: row
        for row in Ticket.objects.select_for_update(of=("self",))
        .select_related("registration")
        .filter(coop_id=coop_id, gathering_id=gathering_id, code__in={line.code for line in lines})
        .order_by("id")
    }
    noted = 0
    unknown: list[str] = []
    for line in sorted(lines, key=lambda one: one.at):
        ticket = by_code.get(line.code)
        if ticket is None or ticket.registration.state == RegistrationState.CANCELLED:
            unknown.append(line.code)
            continue
        _let_in(ticket, anyway=True, now=now)
        at = _not_ahead(line.at, now)
        passed = _passed(ticket, line.direction, desk, gate, How.CATCH_UP, at=at, actor=actor, now=now)
        noted += passed.is_new
    audit("gathering", gathering_id, noted=noted, lines=len(lines), unknown=len(unknown), desk=desk)
    return CaughtUp(noted, len(lines) - noted - len(unknown), tuple(unknown))


# What several of these need


def _sessions(row: Gathering) -> list[uuid.UUID]:
    return list(Session.objects.filter(gathering_id=row.id).values_list("id", flat=True))


def _desk(
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    token: str,
    desk_id: uuid.UUID | None,
    gate: str,
    actor: Actor,
    now: dt.datetime,
) -> tuple[uuid.UUID | None, str]:
    """Return at which desk and gate somebody receives people: by the desk's link, else as an organiser."""
    found = queries.gathering(coop_id, gathering_id)
    if found is None:
        raise Refused("events.gathering_gone")
    if token:
        desk = queries.desk_by_token(coop_id, token)
        policies.may_receive(found, desk, now).require()
        assert desk is not None
        return desk.id, desk.gate
    policies.may_manage(actor, coop_id, clock.civil_date(now)).require()
    if desk_id is None:
        return None, gate
    named = queries.desk(coop_id, desk_id)
    if named is None or named.gathering_id != gathering_id:
        raise Refused("events.desk_gone")
    return named.id, named.gate


def _ticket(coop_id: uuid.UUID, gathering_id: uuid.UUID, ticket_id: uuid.UUID) -> Ticket:
    """Hold a ticket: a second desk that reads it waits, and then sees what the first one noted."""
    rows = _TICKET(coop_id=coop_id, gathering_id=gathering_id, ticket_id=ticket_id)
    if not rows:
        raise Refused("events.ticket_gone")
    return rows[0]


def _to_hold(coop_id: uuid.UUID, gathering_id: uuid.UUID, ticket_id: uuid.UUID) -> QuerySet[Ticket]:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("registration")
    return rows.filter(coop_id=coop_id, gathering_id=gathering_id, id=ticket_id)


_TICKET = Question(_to_hold)


def _let_in(ticket: Ticket, *, anyway: bool, now: dt.datetime) -> None:
    """See that somebody may come in; who is let in without a place has one from now on."""
    row: Registration = ticket.registration
    policies.may_let_in(RegistrationState(row.state), anyway=anyway).require()
    if row.state != RegistrationState.SEATED:
        row = Registration.objects.select_for_update(of=("self",)).get(id=row.id)
        if row.state != RegistrationState.SEATED:
            move(row, RegistrationState.SEATED)
            row.confirmed_at, row.told, row.ended_at = row.confirmed_at or now, Told.NOTHING.value, None
            row.save()
        ticket.registration = row


def _passed(
    ticket: Ticket,
    direction: Direction,
    desk: uuid.UUID | None,
    gate: str,
    how: How,
    *,
    actor: Actor,
    now: dt.datetime,
    press: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> Passed:
    """Note a passage, unless the ticket stands so already, or this press of a button was noted before.

    With `at` it happened then, and what counts is how the ticket stood at that moment; without, it happens now.
    """
    last = queries.last_passage(ticket.id, gate, until=at or queries.FOR_EVER)
    is_in = last is not None and last.direction is Direction.IN
    if is_in == (direction is Direction.IN) or queries.was_pressed(ticket.id, press):
        return Passed(ticket.id, direction, False, last)
    if at is None:
        # Whoever waited for the other desk began before it: what is noted later stands later.
        at = now if last is None else max(now, last.at + dt.timedelta(microseconds=1))
    Passage.objects.create(
        coop_id=ticket.coop_id,
        gathering_id=ticket.gathering_id,
        ticket_id=ticket.id,
        gate=gate,
        direction=direction.value,
        at=at,
        recorded_at=now,
        desk_id=desk,
        how=how.value,
        author_id=actor.party_id,
        press=press,
    )
    return Passed(ticket.id, direction, True, last)


def _not_ahead(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    if at > now + SOON:
        raise Refused("events.caught_ahead", path="lines")
    return at
