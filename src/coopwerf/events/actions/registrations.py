"""Registering for a gathering, confirming, changing and cancelling it, without an account.

A place is kept from the moment the button is pressed, for half an hour, until the address is confirmed: so the order in
which people pressed decides, not how fast their mail is. Who confirms later isn't lost: they are seated while there is
room, else they wait at the place that they had.
"""

import base64
import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.crypto import salted_hmac

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import token_hash
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import confirm_contact, follow_by_form, know_contact
from coopwerf.people.states import clean_language

from .. import policies, queries
from ..letters import GATHERINGS
from ..models import Choice, Gathering, Registration, Session, Ticket
from ..states import (
    HOLD_FOR,
    HOLDING,
    MOST_HELD_AGAINST_OTHERS,
    REGISTRATION_TRANSITIONS,
    GatheringState,
    Needs,
    RegistrationState,
    Source,
    Told,
    Wish,
    clean_needs,
    clean_people,
    offer_until,
)
from .gatherings import held, hold, room_came, write_soon
from .tickets import issue, keyed, reissue

AN_HOUR = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Registered:
    """Name a registration, how far it has come, and its tickets; not `is_new` where the address had one already."""

    id: uuid.UUID
    state: RegistrationState
    is_new: bool
    tickets: tuple[uuid.UUID, ...] = ()


@action(verb="events.registered")
def register(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    gathering_id: uuid.UUID,
    email: str,
    language: str,
    wish: Wish,
    key: uuid.UUID | None = None,
    sent_from: str = "",
    wants_news: bool = False,
) -> Registered:
    """Register people for a gathering, the first of them by whom the address is read; a mail asks to confirm it.

    While there is room places are kept for half an hour; else they wait, in the order in which they came. The same
    `key` again is the same registration; an address that has one gets its letter again, and nothing new. Who
    `wants_news` follows gatherings from the moment they confirm. Raises Refused for what can't be meant, and where
    nobody can register any more.
    """
    key = key or uuid.uuid4()
    twin = queries.by_key(coop_id, key)
    if twin is not None:
        return _again(coop_id, twin)
    found = queries.gathering(coop_id, gathering_id)
    if found is None:
        raise Refused("events.gathering_gone")
    policies.may_register(found, now).require()
    language = clean_language(language)
    people = clean_people(wish.people)
    sender = keyed("sender", sent_from) if sent_from else ""
    policies.may_send(queries.sent_lately(coop_id, sender, now - AN_HOUR)).require()
    sessions = _sessions(coop_id, gathering_id, wish.sessions)
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name=people[0], language=language)
    before = queries.open_of(coop_id, gathering_id, contact_id)
    if before is not None:
        return _again(coop_id, before, tells=True)
    row = Registration(
        coop_id=coop_id,
        gathering_id=gathering_id,
        contact_id=contact_id,
        key=key,
        token_hash=token_hash(page_token(key)),
        people=len(people),
        language=language,
        needs=_kept_needs(wish.needs, asks_children=found.asks_children),
        sender_key=sender,
        sent_at=now,
        news_words=messages.consent_words()[0] if wants_news else None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same form, or the same address, came at the same instant: the first is the one.
        twin = queries.by_key(coop_id, key) or queries.open_of(coop_id, gathering_id, contact_id)
        if twin is None:
            raise
        return _again(coop_id, twin)
    tickets = issue(row, people, str(contact_id))
    choices = Choice.objects.bulk_create(
        [Choice(coop_id=coop_id, registration_id=row.id, session_id=one.id) for one in sessions]
    )
    audit("registration", row.id, gathering=gathering_id, people=row.people, sessions=len(sessions))
    # All is written: what is shared is held for as short as can be, while it is counted who has a place.
    gathering = hold(coop_id, gathering_id)
    policies.may_register(queries.gathering_facts(gathering), now).require()
    _number(gathering, row, choices)
    if _has_room(gathering, row) or _others_give_way(gathering, row):
        row.state, row.until = RegistrationState.HELD.value, min(now + HOLD_FOR, gathering.ends_at)
        _seat(gathering, row, choices)
    row.save(update_fields=["number", "state", "until"])
    gathering.save(update_fields=["last_number"])
    write_soon(coop_id)
    return Registered(row.id, RegistrationState(row.state), True, tuple(one.id for one in tickets))


@action(verb="events.confirmed")
def confirm_registration(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    token: str = "",
    registration_id: uuid.UUID | None = None,
    wants_news: bool = True,
) -> RegistrationState:
    """Confirm a registration, take an offered place, or come back after it lapsed.

    By its secret address; or by an organiser, to whom they said so: then their address stays unconfirmed. Who ticked
    that they want to hear of gatherings follows them from now on, unless they took that back (`wants_news`). Return how
    far it has come: seated, or on the waiting list where there is no room. Doing so again changes nothing. Raises
    Refused events.registration_gone, events.registration_over, events.not_registering.
    """
    if token:
        # First who it is, then where they go: who is forgotten at the same instant is held in this order too.
        known = _by_token(coop_id, token)
        if known.confirmed_at is None and known.contact_id is not None:
            confirm_contact(actor=actor, now=now, coop_id=coop_id, contact_id=known.contact_id)
    row, gathering = _meant(coop_id, token, registration_id, actor, now)
    policies.may_confirm(RegistrationState(row.state)).require()
    policies.may_register(queries.gathering_facts(gathering), now).require()
    was = RegistrationState(row.state)
    if row.confirmed_at is None:
        row.confirmed_at = now
        if row.contact_id is not None and token:
            _follow(row, actor, now, wants_news=wants_news)
    if was in (RegistrationState.HELD, RegistrationState.OFFERED):
        move(row, RegistrationState.SEATED)
    elif was in (RegistrationState.WAITING, RegistrationState.LAPSED):
        choices = list(Choice.objects.filter(registration_id=row.id).order_by("id"))
        if _has_room(gathering, row):
            move(row, RegistrationState.SEATED)
            _seat(gathering, row, choices)
        elif was is RegistrationState.LAPSED:
            move(row, RegistrationState.WAITING)
    row.ended_at = None
    if was != row.state:
        row.told = (Told.TICKET if row.state == RegistrationState.SEATED else Told.WAITING).value
        write_soon(coop_id)
    elif was is RegistrationState.WAITING and row.told == Told.CONFIRM:
        row.told = Told.NOTHING.value
    row.save()
    audit("registration", row.id, state=row.state)
    return RegistrationState(row.state)


@action(verb="events.still_coming")
def keep_registration(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, token: str) -> None:
    """Say that one still comes although the gathering was moved; doing so again changes nothing."""
    row = _by_token(coop_id, token)
    row = Registration.objects.select_for_update(of=("self",)).get(id=row.id)
    policies.may_confirm(RegistrationState(row.state)).require()
    if row.answer_by is not None:
        row.answer_by = None
        row.save(update_fields=["answer_by"])
    audit("registration", row.id)


@action(verb="events.changed")
def change_registration(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, token: str, wish: Wish, language: str
) -> RegistrationState:
    """Change who comes, to which sessions, what they need and the language of letters, by the secret address.

    Who stays keeps their ticket. Raises Refused events.no_room where more people come than fit, and what registering
    refuses.
    """
    found = _by_token(coop_id, token)
    gathering = hold(coop_id, found.gathering_id)
    row = Registration.objects.select_for_update(of=("self",)).get(id=found.id)
    if row.state not in (*(one.value for one in HOLDING), RegistrationState.WAITING.value):
        raise Refused("events.registration_over")
    facts = queries.gathering_facts(gathering)
    policies.may_register(facts, now).require()
    people = clean_people(wish.people)
    if len(people) > row.people and row.state != RegistrationState.WAITING:
        taken = queries.taken(gathering.id, but=row.id)
        policies.fits_room(gathering.capacity, taken, len(people)).require()
    fewer = len(people) < row.people
    reissue(row, people)
    row.people, row.language = len(people), clean_language(language)
    row.needs = _kept_needs(wish.needs, asks_children=facts.asks_children)
    sessions = _sessions(coop_id, gathering.id, wish.sessions)
    _rechoose(gathering, row, sessions)
    row.save(update_fields=["people", "language", "needs"])
    gathering.save(update_fields=["last_number"])
    audit("registration", row.id, people=row.people, sessions=len(sessions))
    if fewer or sessions:
        room_came(coop_id, gathering.id)
    return RegistrationState(row.state)


@action(verb="events.cancelled")
def cancel_registration(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    token: str = "",
    registration_id: uuid.UUID | None = None,
) -> None:
    """Cancel a registration by its secret address, or as an organiser at somebody's word; its places come free."""
    row, gathering = _meant(coop_id, token, registration_id, actor, now)
    if row.state != RegistrationState.CANCELLED:
        was_holding = row.state in HOLDING
        move(row, RegistrationState.CANCELLED)
        row.ended_at, row.answer_by, row.told = now, None, Told.WITHDRAWN.value
        if row.confirmed_at is None and token:
            row.told = Told.NOTHING.value
        row.save()
        if was_holding:
            room_came(coop_id, gathering.id)
        write_soon(coop_id)
    audit("registration", row.id, gathering=gathering.id)


@action(verb="events.room_given")
def give_room(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, gathering_id: uuid.UUID) -> int:
    """Let lapse what wasn't taken in time, and offer the places there are to who waits; return how many were offered.

    Who waits longest comes first; who brings more people than fit is passed over and keeps their turn.
    """
    gathering = hold(coop_id, gathering_id)
    lapsed = _let_lapse(gathering, now)
    offered = seated = 0
    if gathering.state == GatheringState.ANNOUNCED and gathering.begins_at > now:
        offered = _offer(gathering, now)
    if gathering.state == GatheringState.ANNOUNCED:
        seated = _seat_in_sessions(gathering)
    audit("gathering", gathering_id, lapsed=lapsed, offered=offered, sessions=seated)
    if lapsed or offered or seated:
        write_soon(coop_id)
    return offered


# What several of these need


def _follow(row: Registration, actor: Actor, now: dt.datetime, *, wants_news: bool) -> None:
    """Let somebody hear of gatherings who ticked it, and pressed the button behind the link in their mail."""
    if row.news_words is None or row.contact_id is None:
        return
    if wants_news:
        follow_by_form(
            actor=actor,
            now=now,
            coop_id=row.coop_id,
            contact_id=row.contact_id,
            topics=[GATHERINGS],
            language=row.language,
            words=row.news_words,
            asked_at=row.sent_at,
        )
    row.news_words = None


def page_token(key: uuid.UUID) -> str:
    """Return the secret of a registration's address, from the key of its form; it is mailed and nowhere shown."""
    digest = salted_hmac("coopwerf.events.registration", str(key), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def move(row: Registration, state: RegistrationState) -> None:
    """Bring a registration into another state; raises Refused events.registration_over where nothing leads there."""
    if state not in REGISTRATION_TRANSITIONS[RegistrationState(row.state)]:
        raise Refused("events.registration_over")
    row.state, row.until = state.value, None


def _again(coop_id: uuid.UUID, registration_id: uuid.UUID, *, tells: bool = False) -> Registered:
    """Return a registration that is there already, and let its letter be written once more where one asks for it."""
    state = RegistrationState(Registration.objects.values_list("state", flat=True).get(id=registration_id))
    if tells:
        rows = Registration.objects.filter(id=registration_id, told=Told.NOTHING.value)
        if rows.update(told=(Told.TICKET if state is RegistrationState.SEATED else Told.CONFIRM).value):
            write_soon(coop_id)
    audit("registration", registration_id, verb="events.registered_again")
    return Registered(registration_id, state, False)


def _by_token(coop_id: uuid.UUID, token: str) -> Registration:
    row = Registration.objects.filter(coop_id=coop_id, token_hash=token_hash(token)).first()
    if row is None:
        raise Refused("events.registration_gone")
    return row


def _meant(
    coop_id: uuid.UUID, token: str, registration_id: uuid.UUID | None, actor: Actor, now: dt.datetime
) -> tuple[Registration, Gathering]:
    """Hold a registration with its gathering: by its secret address, or as an organiser."""
    if token:
        row = _by_token(coop_id, token)
        gathering = hold(coop_id, row.gathering_id)
    else:
        known = Registration.objects.filter(coop_id=coop_id, id__in=[registration_id]).first()
        if known is None:
            raise Refused("events.registration_gone")
        row, gathering = known, held(actor, now, coop_id, known.gathering_id)
    return Registration.objects.select_for_update(of=("self",)).get(id=row.id), gathering


def _kept_needs(needs: Needs, *, asks_children: bool) -> dict[str, object]:
    kept = clean_needs(needs if asks_children else dataclasses.replace(needs, children=0))
    return {} if kept.is_nothing else dataclasses.asdict(kept)


def _sessions(coop_id: uuid.UUID, gathering_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[Session]:
    """Return the sessions that were chosen; raises Refused where one isn't there, or two are at the same time."""
    wanted = set(ids)
    rows = Session.objects.filter(coop_id=coop_id, gathering_id=gathering_id, id__in=wanted, is_for_all=False)
    found = list(rows.order_by("begins_at", "id"))
    if len(found) != len(wanted):
        raise Refused("events.session_gone", path="sessions")
    for first, second in itertools.pairwise(found):
        if second.begins_at < first.ends_at:
            raise Refused("events.sessions_overlap", path="sessions")
    return found


def _number(gathering: Gathering, row: Registration, choices: Sequence[Choice]) -> None:
    """Give a registration, and the sessions it chose, the next place in the order of those who came."""
    gathering.last_number += 1
    row.number = gathering.last_number
    for one in choices:
        one.number = row.number
    if choices:
        Choice.objects.bulk_update(choices, ["number"])


def _has_room(gathering: Gathering, row: Registration) -> bool:
    """Tell whether a registration fits, and nobody who waits would fit there first; the gathering is held."""
    return queries.has_room(gathering.id, gathering.capacity, row.people, before=row.number, but=row.id)


def _others_give_way(gathering: Gathering, row: Registration) -> bool:
    """Let those wait who came last from a place on the network that holds many unconfirmed; tell whether it fits.

    Only for somebody from a place that holds few: with made-up addresses nobody keeps everybody else out for half an
    hour, nor has others put back. Who is put back keeps their number, and is seated when they confirm while there is
    room. The gathering is held.
    """
    if (
        gathering.capacity is None
        or not row.sender_key
        or queries.smallest_waiting(gathering.id, before=row.number, but=row.id)
    ):
        return False
    rows = Registration.objects.filter(gathering_id=gathering.id, state=RegistrationState.HELD.value)
    rows = rows.exclude(id=row.id).exclude(sender_key="")
    held = dict(rows.values_list("sender_key").annotate(people=Sum("people")))
    if held.pop(row.sender_key, 0) + row.people > MOST_HELD_AGAINST_OTHERS:
        return False
    lacking = queries.taken(gathering.id, but=row.id) + row.people - gathering.capacity
    key = max(held, key=lambda one: (held[one], one), default="")
    if held.get(key, 0) - lacking < MOST_HELD_AGAINST_OTHERS:
        return False
    back = []
    for one in rows.filter(sender_key=key).select_for_update(of=("self",)).order_by("-number"):
        if lacking <= 0:
            break
        move(one, RegistrationState.WAITING)
        lacking -= one.people
        back.append(one)
    Registration.objects.bulk_update(back, ["state", "until"])
    return lacking <= 0


def _seat(gathering: Gathering, row: Registration, choices: Sequence[Choice]) -> None:
    """Give a registration its places in the sessions it chose, where there are any; the gathering is held."""
    if not choices:
        return
    taken = queries.taken_in_sessions(gathering.id, but=row.id)
    capacities = dict(Session.objects.filter(gathering_id=gathering.id).values_list("id", "capacity"))
    queue = {
        one.session_id
        for one in Choice.objects.filter(
            session_id__in=[one.session_id for one in choices],
            is_seated=False,
            registration__state=RegistrationState.SEATED.value,
            registration__people__lte=row.people,
        ).exclude(registration_id=row.id)
    }
    for one in choices:
        capacity = capacities[one.session_id]
        fits = policies.fits_room(capacity, taken.get(one.session_id, 0), row.people)
        one.is_seated = bool(fits) and (capacity is None or one.session_id not in queue)
    Choice.objects.bulk_update(choices, ["is_seated"])


def _rechoose(gathering: Gathering, row: Registration, sessions: Sequence[Session]) -> None:
    """Let a registration have these sessions: those it had keep their place and turn, others come last."""
    known = {one.session_id: one for one in Choice.objects.filter(registration_id=row.id)}
    wanted = {one.id for one in sessions}
    Choice.objects.filter(registration_id=row.id).exclude(session_id__in=wanted).delete()
    new = [
        Choice(coop_id=row.coop_id, registration_id=row.id, session_id=one.id)
        for one in sessions
        if one.id not in known
    ]
    if new:
        gathering.last_number += 1
        for one in new:
            one.number = gathering.last_number
        Choice.objects.bulk_create(new)
    if row.state in HOLDING:
        # More people than before may not fit any more where they sat; then they wait for that session.
        _seat(gathering, row, list(Choice.objects.filter(registration_id=row.id).order_by("id")))


def _let_lapse(gathering: Gathering, now: dt.datetime) -> int:
    """End what wasn't confirmed, taken or answered in time."""
    late = list(Registration.objects.select_for_update().filter(gathering_id=gathering.id, until__lte=now))
    unanswered = Registration.objects.select_for_update().filter(
        gathering_id=gathering.id, answer_by__lte=now, state=RegistrationState.SEATED.value
    )
    late += list(unanswered)
    for row in late:
        was = RegistrationState(row.state)
        if was is RegistrationState.OFFERED:
            # Whoever let an offer pass waits behind all others, should they come back.
            gathering.last_number += 1
            row.number = gathering.last_number
        move(row, RegistrationState.LAPSED)
        row.answer_by, row.ended_at = None, now
        # Of what was called off everybody heard already: that a place in it lapsed is no news.
        if gathering.state != GatheringState.CANCELLED:
            row.told = (Told.NOTHING if was is RegistrationState.HELD else Told.LAPSED).value
    Registration.objects.bulk_update(late, ["number", "state", "until", "answer_by", "ended_at", "told"])
    gathering.save(update_fields=["last_number"])
    return len(late)


def _offer(gathering: Gathering, now: dt.datetime) -> int:
    """Offer the places there are to who waits and has confirmed, in their order."""
    taken = queries.taken(gathering.id)
    rows = Registration.objects.select_for_update().filter(
        gathering_id=gathering.id, state=RegistrationState.WAITING.value, confirmed_at__isnull=False
    )
    offered = []
    for row in rows.order_by("number"):
        if gathering.capacity is not None and taken >= gathering.capacity:
            break
        if not policies.fits_room(gathering.capacity, taken, row.people):
            continue
        move(row, RegistrationState.OFFERED)
        row.until, row.told = offer_until(now, gathering.begins_at), Told.OFFERED.value
        taken += row.people
        offered.append(row)
    Registration.objects.bulk_update(offered, ["state", "until", "told"])
    for row in offered:
        _seat(gathering, row, list(Choice.objects.filter(registration_id=row.id).order_by("id")))
    return len(offered)


def _seat_in_sessions(gathering: Gathering) -> int:
    """Give places that came free in sessions to who waits for them, in their order; they hear of it."""
    taken = queries.taken_in_sessions(gathering.id)
    capacities = dict(Session.objects.filter(gathering_id=gathering.id).values_list("id", "capacity"))
    rows = Choice.objects.select_related("registration").filter(
        registration__gathering_id=gathering.id,
        registration__state=RegistrationState.SEATED.value,
        is_seated=False,
    )
    seated = []
    for one in rows.order_by("number", "id"):
        people = one.registration.people
        if not policies.fits_room(capacities[one.session_id], taken.get(one.session_id, 0), people):
            continue
        one.is_seated = True
        taken[one.session_id] = taken.get(one.session_id, 0) + people
        seated.append(one)
    Choice.objects.bulk_update(seated, ["is_seated"])
    theirs = {one.registration_id for one in seated}
    Registration.objects.filter(id__in=theirs, told=Told.NOTHING.value).update(told=Told.SESSION.value)
    return len(seated)


def at_desk(
    gathering: Gathering,
    named: str,
    *,
    contact_id: uuid.UUID | None,
    language: str,
    now: dt.datetime,
    key: uuid.UUID | None = None,
) -> Ticket:
    """Write down somebody who comes without a registration; as a contact they count once over a series."""
    key = key or uuid.uuid4()
    gathering.last_number += 1
    gathering.save(update_fields=["last_number"])
    row = Registration.objects.create(
        coop_id=gathering.coop_id,
        gathering_id=gathering.id,
        contact_id=contact_id,
        key=key,
        token_hash=token_hash(page_token(key)),
        number=gathering.last_number,
        people=1,
        state=RegistrationState.SEATED.value,
        source=Source.DESK.value,
        language=language,
        sent_at=now,
        told=Told.NOTHING.value,
    )
    (ticket,) = issue(row, [named], str(contact_id or key))
    return ticket
