"""Who is counted as whom, who is let in where, and what only those with a place read."""

import datetime as dt
import uuid
from typing import Any

import pytest

from coopwerf.events import actions, policies, queries
from coopwerf.events.actions.registrations import page_token
from coopwerf.events.models import Registration, Ticket, TicketWord
from coopwerf.events.states import Caught, Kind, When, Where, Wish
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import queries as messages
from tests.cast import NOW, Cast

from .gathered import (
    act,
    announced,
    confirmed,
    facts,
    inside,
    plan,
    registered,
    room_given,
    seated,
    session,
    shown,
    wall,
    written,
)

pytestmark = pytest.mark.django_db


def refusal(deed: Any, **how: Any) -> str:
    """Return why something is refused."""
    with pytest.raises(Refused) as refused:
        deed(**how)
    return refused.value.code


def ticket(cast: Cast, registration_id: uuid.UUID) -> uuid.UUID:
    """Return the first ticket of a registration."""
    return shown(cast, registration_id).tickets[0].id


def test_two_of_one_name_are_two_people_and_one_of_two_evenings_is_one(wolkenwerf: Cast) -> None:
    """Only what stands counts: what was taken back at the desk, or is still to be held, is nobody's."""
    series = actions.make_series(**act(wolkenwerf), texts={"nl": "Lenteronde"})
    evenings = [announced(wolkenwerf, series_id=series, kind=Kind.EVENING) for _town in range(2)]
    day = facts(wolkenwerf, evenings[0]).begins.astimezone(dt.UTC)
    for gathering_id in evenings:
        for email in ("noor@example.org", "other@example.org"):
            whose = {**act(wolkenwerf, day), "gathering_id": gathering_id}
            done = seated(wolkenwerf, gathering_id, "Noor Peeters", "Wim Peeters", email=email)
            for one in shown(wolkenwerf, done.id).tickets:
                actions.check_in(**whose, ticket_id=one.id)
                if one.name == "Wim Peeters" and email == "other@example.org":
                    actions.take_back(**whose, ticket_id=one.id)
    actions.close_gathering(**act(wolkenwerf, day), gathering_id=evenings[0])
    with inside(wolkenwerf):
        reached = queries.reached(wolkenwerf.id, series)
        whole, _sessions = queries.attendance(facts(wolkenwerf, evenings[0]), ())
        assert queries.inside(evenings[0]) == (3, 3)
    assert (reached.gatherings, reached.participations, reached.people) == (1, 6, 3)
    assert (whole.came, whole.unknown) == (3, 0)


def test_the_link_to_take_part_from_home_is_for_who_has_a_place(wolkenwerf: Cast) -> None:
    """Neither who hasn't confirmed, nor who waits or cancelled, is mailed it."""
    gathering_id = announced(wolkenwerf, capacity=1)
    online = "https://meet.example.org/debat"
    noor = registered(wolkenwerf, gathering_id, "Noor")
    waits = registered(wolkenwerf, gathering_id, "Jan")
    first = written(wolkenwerf)
    confirmed(wolkenwerf, waits)
    confirmed(wolkenwerf, noor)
    has = {mail.to: online in mail.text + mail.html for mail in written(wolkenwerf)}
    actions.cancel_registration(**act(wolkenwerf), registration_id=noor.id)
    room_given(wolkenwerf, gathering_id)
    later = written(wolkenwerf)
    assert [online in mail.text + mail.html for mail in (*first, *later)] == [False] * (len(first) + len(later))
    assert len(first) == 2
    assert len(later) == 2
    assert sum(has.values()) == 1


def test_a_desk_receives_people_of_its_own_gathering_alone(wolkenwerf: Cast) -> None:
    """The link of a desk opens nothing elsewhere, and a code of another day isn't known there."""
    here, there = announced(wolkenwerf), announced(wolkenwerf)
    day = facts(wolkenwerf, here).begins.astimezone(dt.UTC)
    desk_id = actions.open_desk(**act(wolkenwerf), gathering_id=there, name="Deur")
    noor = seated(wolkenwerf, here, "Noor")
    whose: dict[str, Any] = {"now": day, "coop_id": wolkenwerf.id, "gathering_id": here}
    whose["ticket_id"] = ticket(wolkenwerf, noor.id)
    by_link = {"actor": VISITOR, "desk_token": queries.desk_token(desk_id)}
    by_name = {"actor": wolkenwerf.secretary.actor, "desk_id": desk_id}
    for how in (by_link, by_name):
        assert refusal(actions.check_in, **whose, **how) == "events.desk_gone"
    assert refusal(actions.check_in, **{**whose, "gathering_id": there}, **by_link) == "events.ticket_gone"
    with inside(wolkenwerf):
        code = Ticket.objects.get().code
        assert queries.ticket_by_code(there, code) is None
        assert queries.ticket_by_code(here, code) == whose["ticket_id"]
        assert queries.inside(here) == (0, 0)


def test_a_ticket_that_was_cancelled_lets_nobody_in_whoever_says_so(wolkenwerf: Cast) -> None:
    gathering_id = announced(wolkenwerf)
    day = facts(wolkenwerf, gathering_id).begins.astimezone(dt.UTC)
    gone, comes = seated(wolkenwerf, gathering_id, "Noor"), seated(wolkenwerf, gathering_id, "Wim")
    actions.cancel_registration(**act(wolkenwerf), registration_id=gone.id)
    whose = {**act(wolkenwerf, day), "gathering_id": gathering_id}
    refused = refusal(actions.check_in, **whose, ticket_id=ticket(wolkenwerf, gone.id), anyway=True)
    assert refused == "events.ticket_cancelled"
    codes = [shown(wolkenwerf, one.id).tickets[0].code for one in (gone, comes)]
    caught = actions.catch_up(**whose, lines=[Caught(code=code, at=day) for code in codes])
    assert (caught.noted, caught.unknown) == (1, (codes[0],))
    # Neither stands on a list that is printed, nor is found by name.
    with inside(wolkenwerf):
        assert [one.name for one in queries.listed(wolkenwerf.id, gathering_id)] == ["Wim"]
        assert queries.tickets_by_name(gathering_id, "Noor") == []


def test_the_list_at_the_door_of_a_session_names_who_has_a_place_in_it(wolkenwerf: Cast) -> None:
    gathering_id = announced(wolkenwerf, capacity=10)
    cafe = session(wolkenwerf, gathering_id, "Wereldcafé", capacity=1)
    seated(wolkenwerf, gathering_id, "Noor", sessions=(cafe,))
    seated(wolkenwerf, gathering_id, "Waits", sessions=(cafe,))
    registered(wolkenwerf, gathering_id, "Never confirmed")
    with inside(wolkenwerf):
        assert [one.name for one in queries.listed(wolkenwerf.id, gathering_id)] == ["Noor", "Waits"]
        assert [one.name for one in queries.listed(wolkenwerf.id, gathering_id, cafe)] == ["Noor"]


def test_what_an_organiser_is_told_by_telephone_proves_no_address(wolkenwerf: Cast) -> None:
    """They have their place; they follow nothing, and nobody has shown that they read that mail."""
    gathering_id = announced(wolkenwerf)
    told = registered(wolkenwerf, gathering_id, "Noor", wants_news=True)
    actions.confirm_registration(**act(wolkenwerf), registration_id=told.id)
    unticked = registered(wolkenwerf, gathering_id, "Wim", wants_news=True)
    with inside(wolkenwerf):
        token = page_token(Registration.objects.get(id=unticked.id).key)
    how = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id}
    actions.confirm_registration(**how, token=token, wants_news=False)  # type: ignore[arg-type]
    with inside(wolkenwerf):
        people = [messages.contact(wolkenwerf.id, row.contact_id) for row in Registration.objects.order_by("number")]  # type: ignore[arg-type]
        assert [one.is_confirmed for one in people] == [False, True]
        assert [messages.choices(wolkenwerf.id, one.id).topics for one in people] == [frozenset(), frozenset()]


def test_one_place_on_the_network_sends_so_many_an_hour(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "SENT_AN_HOUR", 2)
    gathering_id = announced(wolkenwerf)

    def send(number: int, sent_from: str, now: dt.datetime = NOW) -> None:
        told = {"email": f"noor{number}@example.org", "language": "nl", "wish": Wish(people=("Noor",))}
        whose = {"actor": VISITOR, "now": now, "coop_id": wolkenwerf.id, "gathering_id": gathering_id}
        actions.register(**whose, **told, sent_from=sent_from)  # type: ignore[arg-type]

    for number in (1, 2):
        send(number, "192.0.2.1")
    assert refusal(send, number=3, sent_from="192.0.2.1") == "events.network_busy"
    send(4, "192.0.2.2")
    send(5, "192.0.2.1", NOW + dt.timedelta(hours=1, seconds=1))
    # Where it was sent from goes with what people need.
    ends = facts(wolkenwerf, gathering_id).ends.astimezone(dt.UTC)
    late = {**act(wolkenwerf, ends + dt.timedelta(days=31)), "gathering_id": gathering_id}
    with inside(wolkenwerf):
        assert not Registration.objects.filter(sender_key="").exists()
    actions.forget_needs(**late)
    with inside(wolkenwerf):
        assert not Registration.objects.exclude(sender_key="").exists()
        assert not Ticket.objects.exclude(name="").exists()
        assert not TicketWord.objects.exists(), "who never had a place isn't found by name either"


def test_who_never_confirmed_is_offered_nothing_and_keeps_nobody_out(wolkenwerf: Cast) -> None:
    gathering_id = announced(wolkenwerf, capacity=2)
    noor = seated(wolkenwerf, gathering_id, "Noor", "Wim")
    typed = registered(wolkenwerf, gathering_id, "Typed")
    actions.cancel_registration(**act(wolkenwerf), registration_id=noor.id)
    assert room_given(wolkenwerf, gathering_id) == 0
    assert shown(wolkenwerf, typed.id).state.value == "waiting"
    assert shown(wolkenwerf, seated(wolkenwerf, gathering_id, "Jan", "An").id).state.value == "seated"


def test_of_what_was_called_off_nobody_hears_that_a_place_lapsed(wolkenwerf: Cast) -> None:
    """An offer, a place kept for half an hour and the time to answer a move run out: they heard that it is off."""
    gathering_id = announced(wolkenwerf, capacity=2)
    noor, waits = seated(wolkenwerf, gathering_id, "Noor"), seated(wolkenwerf, gathering_id, "Jan", "An")
    other = seated(wolkenwerf, gathering_id, "Wim")
    actions.cancel_registration(**act(wolkenwerf), registration_id=noor.id)
    where, when = Where(town="Brugge", address="Markt 1"), When(begins=wall(9, 30), ends=wall(17))
    whose = {**act(wolkenwerf), "gathering_id": gathering_id}
    actions.move_gathering(**whose, when=when, where=where)
    assert shown(wolkenwerf, other.id).answer_by is not None
    actions.cancel_registration(**act(wolkenwerf), registration_id=shown(wolkenwerf, waits.id).id)
    late = seated(wolkenwerf, gathering_id, "Els", "Ine")
    actions.plan_gathering(**whose, plan=plan(when=when, where=where, capacity=4))
    registered(wolkenwerf, gathering_id, "Never")
    assert room_given(wolkenwerf, gathering_id) == 1
    assert shown(wolkenwerf, late.id).state.value == "offered"
    written(wolkenwerf)
    actions.call_off_gathering(**whose)
    # Their letters are written late, when all that has run out.
    room_given(wolkenwerf, gathering_id, NOW + dt.timedelta(days=5))
    mails = written(wolkenwerf)
    assert len(mails) == 3
    assert {mail.subject.partition(":")[0] for mail in mails} == {"Afgelast"}
    room_given(wolkenwerf, gathering_id, NOW + dt.timedelta(days=9))
    assert written(wolkenwerf) == []
