"""Nights in which clocks change, calendars, a move to another day and town, reminders, series, lists on paper."""

import datetime as dt
import zoneinfo

import pytest
from django.test import Client
from icalendar import Calendar

from coopwerf.coops import queries as coops
from coopwerf.documents import actions as documents
from coopwerf.documents import tasks as document_tasks
from coopwerf.events import actions, queries, tasks
from coopwerf.events.models import Session
from coopwerf.events.states import (
    CODE_LETTERS,
    Format,
    Kind,
    RegistrationState,
    SessionPlan,
    SessionWords,
    When,
    Where,
    comes_twice,
    moment,
    new_code,
    read_code,
    slots,
    written_code,
)
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import forget_contact
from coopwerf.messages.models import Contact, Mail
from coopwerf.messages.tasks import forget_strangers
from coopwerf.people import queries as people
from tests.cast import NOW, Cast

from .gathered import (
    DAY,
    act,
    announced,
    drafted,
    facts,
    inside,
    plan,
    registered,
    room_given,
    seated,
    session,
    shown,
    token,
    wall,
    written,
)

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")
SPRING, AUTUMN = dt.date(2027, 3, 28), dt.date(2027, 10, 31)


def test_an_hour_that_does_not_exist_is_refused_and_one_that_comes_twice_is_told_apart() -> None:
    """In spring 02:30 is skipped; in autumn it comes twice."""
    with pytest.raises(Refused) as refusal:
        moment(wall(2, 30, SPRING), "Europe/Brussels")
    assert refusal.value.code == "events.time_skipped"
    twice = wall(2, 30, AUTUMN)
    assert comes_twice(twice, "Europe/Brussels")
    assert not comes_twice(twice, "UTC")
    first, second = (moment(twice.replace(fold=fold), "Europe/Brussels") for fold in (0, 1))
    assert second - first == dt.timedelta(hours=1)
    with pytest.raises(Refused):
        moment(twice, "Mars/Olympus")


@pytest.mark.django_db
def test_a_night_in_which_clocks_change_lasts_as_long_as_it_lasts(wolkenwerf: Cast) -> None:
    """From eleven until four is six hours in autumn and four in spring; pages and calendars say eleven and four."""
    for on, hours in ((AUTUMN, 6), (SPRING, 4)):
        begins = wall(23, 0, on - dt.timedelta(days=1))
        gathering_id = announced(wolkenwerf, when=When(begins=begins, ends=wall(4, 0, on)))
        found = facts(wolkenwerf, gathering_id)
        assert found.ends.astimezone(dt.UTC) - found.begins.astimezone(dt.UTC) == dt.timedelta(hours=hours)
        assert (found.begins.hour, found.ends.hour) == (23, 4)
    late = When(begins=wall(2, 15, AUTUMN).replace(fold=1), ends=wall(2, 45, AUTUMN).replace(fold=1))
    found = facts(wolkenwerf, announced(wolkenwerf, when=late))
    assert found.begins.astimezone(dt.UTC).hour == 1
    (event,) = ics(Client(), wolkenwerf.url(f"gatherings/{found.slug}/calendar.ics")).events
    assert event.start.astimezone(dt.UTC).hour == 1


@pytest.mark.django_db
def test_the_form_asks_which_hour_is_meant_only_in_that_night(wolkenwerf: Cast) -> None:
    """Without a choice it comes back with a question; a skipped hour comes back with a sentence."""
    browser = wolkenwerf.secretary.browser()
    form = {
        "title": "Nachtwake",
        "kind": "evening",
        "day": f"{AUTUMN:%d-%m-%Y}",
        "begins": "02:30",
        "ends": "05:00",
        "zone": "Europe/Brussels",
        "town": "Gent",
        "address": "Kouter 1",
        "languages": ["nl"],
        "forget_days": "30",
    }
    asked = browser.post(wolkenwerf.url("organise/new/"), form)
    assert 'value="second"' in asked.content.decode()
    assert browser.post(wolkenwerf.url("organise/new/"), {**form, "which": "second"}).status_code == 302
    with inside(wolkenwerf):
        found = queries.gathering_by_slug(wolkenwerf.id, "nachtwake")
    assert found is not None
    assert found.begins.fold == 1
    skipped = browser.post(wolkenwerf.url("organise/new/"), {**form, "day": f"{SPRING:%d-%m-%Y}"})
    assert "bestaat die nacht niet" in skipped.content.decode()


def ics(client: Client, url: str) -> Calendar:
    """Fetch a calendar, and read it as a program does."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    for line in answer.content.split(b"\r\n"):
        assert len(line) <= 75, line
    return Calendar.from_ical(answer.content)  # type: ignore[return-value]


@pytest.mark.django_db
def test_a_calendar_knows_a_gathering_again_after_each_change(wolkenwerf: Cast, client: Client) -> None:
    """The identity stays, the number rises, the zone comes along, what is called off stays and says so."""
    gathering_id = announced(wolkenwerf)
    feed = wolkenwerf.url("gatherings/calendar.ics?lang=nl")
    calendar = ics(client, feed)
    (event,) = calendar.events
    assert [one.errors for one in calendar.walk() if one.errors] == []
    assert str(event["SUMMARY"]) == "Debatdag over onze statuten"
    assert event.start == dt.datetime(2027, 3, 13, 9, 30, tzinfo=BRUSSELS)
    assert b"DTSTART;TZID=Europe/Brussels:20270313T093000" in event.to_ical()
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Brussels"]
    assert "meet.example.org" not in client.get(feed).content.decode()
    assert client.get(feed).content == client.get(feed).content, "the same state is the same file"
    before = int(event["SEQUENCE"])
    moved = {"when": When(begins=wall(10), ends=wall(17)), "where": plan().where}
    actions.move_gathering(**act(wolkenwerf), gathering_id=gathering_id, **moved)
    (after,) = ics(client, feed).events
    assert (after["UID"], int(after["SEQUENCE"])) == (event["UID"], before + 1)
    noor = seated(wolkenwerf, gathering_id, "Noor")
    (mine,) = ics(client, wolkenwerf.url(f"registration/{token(wolkenwerf, noor.id)}/calendar.ics")).events
    assert mine["UID"] == event["UID"]
    assert "https://meet.example.org/debat" in str(mine["DESCRIPTION"])
    actions.call_off_gathering(**act(wolkenwerf), gathering_id=gathering_id)
    (off,) = ics(client, feed).events
    assert (str(off["STATUS"]), off["UID"], int(off["SEQUENCE"])) == ("CANCELLED", event["UID"], before + 2)


@pytest.mark.django_db
def test_two_hundred_are_told_that_it_moved_and_who_says_nothing_gives_their_place_free(wolkenwerf: Cast) -> None:
    """Another day and town: each in their language, one button, one more question, and a date."""
    gathering_id = announced(wolkenwerf, capacity=200)
    cafe = session(wolkenwerf, gathering_id, "Wie beslist?")
    coming = [
        seated(wolkenwerf, gathering_id, f"Mens {number}", language="fr" if number % 2 else "nl")
        for number in range(200)
    ]
    waits = seated(wolkenwerf, gathering_id, "Wachter")
    written(wolkenwerf)
    moved = When(begins=wall(9, 30, DAY + dt.timedelta(days=7)), ends=wall(17, 0, DAY + dt.timedelta(days=7)))
    there = Where(town="Aalst", address="De Werf, Molenstraat 51")
    told = actions.move_gathering(
        **act(wolkenwerf), gathering_id=gathering_id, when=moved, where=there, answer_by=dt.date(2026, 12, 1)
    )
    assert told == 201
    mails = written(wolkenwerf)
    assert len(mails) == 201
    french = next(mail for mail in mails if mail.to == "mens.1@example.org")
    assert french.subject.startswith("Rencontre déplacée")
    assert "Aalst" in french.text
    assert "Gent" in french.text
    assert "samedi" in french.text
    dutch = next(mail for mail in mails if mail.to == "mens.0@example.org")
    assert dutch.subject.startswith("Verplaatst")
    with inside(wolkenwerf):
        (moved_session,) = queries.sessions(facts(wolkenwerf, gathering_id))
    assert moved_session.id == cafe
    assert moved_session.begins.date() == DAY + dt.timedelta(days=7)
    for one in coming[:150]:
        actions.keep_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, one.id))
    tasks.look_after_coop(wolkenwerf.id, dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC))
    assert len(written(wolkenwerf)) == 50, "those who haven't answered are asked once more"
    end = dt.datetime(2026, 12, 1, 23, 1, tzinfo=dt.UTC)
    with inside(wolkenwerf):
        assert queries.due_gatherings(wolkenwerf.id, end) == [gathering_id]
    assert room_given(wolkenwerf, gathering_id, end) == 1
    assert shown(wolkenwerf, waits.id).state is RegistrationState.OFFERED
    assert shown(wolkenwerf, coming[199].id).state is RegistrationState.LAPSED
    assert shown(wolkenwerf, coming[0].id).state is RegistrationState.SEATED
    again = {"actor": VISITOR, "now": end, "coop_id": wolkenwerf.id}
    state = actions.confirm_registration(**again, token=token(wolkenwerf, coming[199].id))
    assert state is RegistrationState.SEATED, "whoever reads the mail late is seated while there is room"


@pytest.mark.django_db
def test_an_hour_later_on_the_same_day_is_told_and_nobody_is_asked(wolkenwerf: Cast) -> None:
    """A change of the hour asks for no answer; a change without telling is refused."""
    gathering_id = announced(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Noor")
    later = When(begins=wall(10, 30), ends=wall(17, 30))
    with pytest.raises(Refused) as refusal:
        actions.plan_gathering(**act(wolkenwerf), gathering_id=gathering_id, plan=plan(when=later))
    assert refusal.value.code == "events.moves_by_telling"
    actions.move_gathering(**act(wolkenwerf), gathering_id=gathering_id, when=later, where=plan().where)
    assert shown(wolkenwerf, noor.id).answer_by is None
    assert "10.30" in written(wolkenwerf)[0].text


@pytest.mark.django_db
def test_what_is_planned_for_another_day_takes_its_sessions_along(wolkenwerf: Cast) -> None:
    """The founder typed last year. Two sessions were there already: they follow, and a shorter day is refused."""
    typed = DAY - dt.timedelta(days=365)
    gathering_id = drafted(wolkenwerf, when=When(begins=wall(9, 30, typed), ends=wall(17, 0, typed)))
    for title in ("Wie beslist?", "Wie betaalt?"):
        session(wolkenwerf, gathering_id, title, begins=wall(14, 0, typed), ends=wall(16, 0, typed))
    meant = When(begins=wall(9, 30), ends=wall(17))
    actions.plan_gathering(**act(wolkenwerf), gathering_id=gathering_id, plan=plan(when=meant))
    with inside(wolkenwerf):
        programme = queries.sessions(facts(wolkenwerf, gathering_id))
    assert [(one.begins.date(), one.begins.hour) for one in programme] == [(DAY, 14)] * 2
    short = plan(when=When(begins=wall(9, 30), ends=wall(12)))
    with pytest.raises(Refused) as refusal:
        actions.plan_gathering(**act(wolkenwerf), gathering_id=gathering_id, plan=short)
    assert refusal.value.code == "events.session_outside"


@pytest.mark.django_db
def test_a_session_that_fell_outside_is_brought_back_one_at_a_time(wolkenwerf: Cast) -> None:
    """Each is judged by its own times, so that two of them don't keep each other out."""
    gathering_id = drafted(wolkenwerf)
    both = [session(wolkenwerf, gathering_id, title) for title in ("Wie beslist?", "Wie betaalt?")]
    with inside(wolkenwerf):
        Session.objects.update(begins_at=NOW, ends_at=NOW + dt.timedelta(hours=1))
    for title, one in zip(("Wie beslist?", "Wie betaalt?"), both, strict=True):
        told = SessionPlan(texts={"nl": SessionWords(title=title)}, format=Format.CAFE, begins=wall(10), ends=wall(11))
        actions.plan_session(**act(wolkenwerf), gathering_id=gathering_id, session_id=one, plan=told)
    with inside(wolkenwerf):
        assert {one.begins.hour for one in queries.sessions(facts(wolkenwerf, gathering_id))} == {10}


@pytest.mark.django_db
def test_people_are_reminded_on_the_day_before_where_it_is(wolkenwerf: Cast) -> None:
    """Not two days before, not on the day; once."""
    gathering_id = announced(wolkenwerf, when=When(begins=wall(0, 30), ends=wall(2)))
    seated(wolkenwerf, gathering_id, "Noor")
    written(wolkenwerf)
    tasks.look_after_coop(wolkenwerf.id, dt.datetime(2027, 3, 11, 7, tzinfo=dt.UTC))
    assert written(wolkenwerf) == []
    tasks.look_after_coop(wolkenwerf.id, dt.datetime(2027, 3, 12, 7, tzinfo=dt.UTC))
    (mail,) = written(wolkenwerf)
    assert mail.subject.startswith("Morgen")
    with pytest.raises(Refused):
        actions.remind_gathering(
            actor=SYSTEM,
            now=dt.datetime(2027, 3, 13, 7, tzinfo=dt.UTC),
            coop_id=wolkenwerf.id,
            gathering_id=gathering_id,
        )


@pytest.mark.django_db
def test_people_count_once_over_a_series_and_heads_stay_apart(wolkenwerf: Cast) -> None:
    """Noor comes to both evenings, Wim to one, a walk-in without an address, and forty heads in a room of three."""
    series = actions.make_series(**act(wolkenwerf), texts={"nl": "Lenteronde"}, programme="EFRO-2027-014")
    evenings = [announced(wolkenwerf, series_id=series, kind=Kind.EVENING) for _town in range(2)]
    day = facts(wolkenwerf, evenings[0]).begins.astimezone(dt.UTC)
    for gathering_id in evenings:
        for name in ("Noor", "Wim"):
            ticket = shown(wolkenwerf, seated(wolkenwerf, gathering_id, name).id).tickets[0]
            if name == "Noor" or gathering_id == evenings[0]:
                actions.check_in(**act(wolkenwerf, day), gathering_id=gathering_id, ticket_id=ticket.id)
    actions.walk_in(**act(wolkenwerf, day), gathering_id=evenings[0], name="Yve")
    actions.count_heads(**act(wolkenwerf, day), gathering_id=evenings[0], heads=40)
    for gathering_id in evenings:
        actions.close_gathering(**act(wolkenwerf, day), gathering_id=gathering_id)
    with inside(wolkenwerf):
        reached = queries.reached(wolkenwerf.id, series)
    assert (reached.gatherings, reached.participations, reached.people, reached.unknown_heads) == (2, 4, 3, 37)


@pytest.mark.django_db
def test_an_assembly_can_let_in_at_a_gate_of_its_own(wolkenwerf: Cast) -> None:
    """Presence at one gate says nothing of another; going out where one isn't inside notes nothing."""
    gathering_id = announced(wolkenwerf)
    ticket = shown(wolkenwerf, seated(wolkenwerf, gathering_id, "Noor").id).tickets[0]
    whose = {**act(wolkenwerf), "gathering_id": gathering_id, "ticket_id": ticket.id}
    assert actions.check_in(**whose, gate="assembly").is_new
    assert actions.check_in(**whose).is_new
    assert not actions.check_in(**whose, gate="assembly").is_new
    assert actions.check_out(**whose, gate="assembly").is_new
    assert not actions.check_out(**whose, gate="assembly").is_new
    with inside(wolkenwerf):
        assert queries.inside(gathering_id) == (1, 1)
        assert queries.inside(gathering_id, "assembly") == (0, 1)
    actions.cancel_registration(
        actor=VISITOR,
        now=NOW,
        coop_id=wolkenwerf.id,
        token=token(wolkenwerf, registered_again(wolkenwerf, gathering_id)),
    )


def registered_again(cast: Cast, gathering_id: object) -> object:
    """Return the registration that the same address has."""
    return registered(cast, gathering_id, "Noor").id  # type: ignore[arg-type]


@pytest.mark.django_db
def test_who_waits_is_let_in_only_anyway_and_a_cancelled_ticket_never(wolkenwerf: Cast) -> None:
    """The helper decides; what was cancelled comes in as somebody without a registration."""
    gathering_id = announced(wolkenwerf, capacity=1)
    seated(wolkenwerf, gathering_id, "Noor")
    wim = seated(wolkenwerf, gathering_id, "Wim")
    whose = {**act(wolkenwerf), "gathering_id": gathering_id, "ticket_id": shown(wolkenwerf, wim.id).tickets[0].id}
    with pytest.raises(Refused) as refusal:
        actions.check_in(**whose)
    assert refusal.value.code == "events.not_seated"
    assert actions.check_in(**whose, anyway=True).is_new
    yve = seated(wolkenwerf, gathering_id, "Yve")
    gone = {**whose, "ticket_id": shown(wolkenwerf, yve.id).tickets[0].id}
    actions.cancel_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, yve.id))
    with pytest.raises(Refused) as refusal:
        actions.check_in(**gone, anyway=True)
    assert refusal.value.code == "events.ticket_cancelled"


@pytest.mark.django_db
def test_a_list_on_paper_for_each_desk(wolkenwerf: Cast) -> None:
    """Made by a worker as PDF, in two parts that together hold everybody; for organisers only."""
    gathering_id = announced(wolkenwerf)
    for name in ("Ans", "Bob", "Cas", "Dirk", "Els"):
        seated(wolkenwerf, gathering_id, name)
    seated(wolkenwerf, gathering_id, "Fien", email="fien@example.org")
    for part in (1, 2):
        asked = documents.ask_document(
            **act(wolkenwerf),
            kind="events.desk_list",
            language="nl",
            params={"gathering": gathering_id, "part": part, "parts": 2},
        )
        document_tasks.make(str(wolkenwerf.id), str(asked.id))
        answer = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"documents/{asked.token}/file/"))
        assert b"".join(answer).startswith(b"%PDF")
        assert wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"documents/{asked.token}/file/")).status_code == 403


@pytest.mark.django_db
def test_who_is_forgotten_leaves_a_number_and_no_name(wolkenwerf: Cast) -> None:
    """What lies ahead is cancelled, names and needs go, what was told is told; heads still count once."""
    gathering_id = announced(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Noor Vandamme", "Wim")
    contact_id = shown(wolkenwerf, noor.id).contact_id
    assert contact_id is not None
    with inside(wolkenwerf):
        ((row, _titles),) = queries.about_contact(wolkenwerf.id, contact_id)
    assert row.names == ("Noor Vandamme", "Wim")
    forget_contact(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    after = shown(wolkenwerf, noor.id)
    assert (after.names, after.state, after.email, after.contact_id) == (("", ""), "cancelled", "", None)
    with inside(wolkenwerf):
        assert queries.about_contact(wolkenwerf.id, contact_id) == []
    assert "events" in people.known_exports()
    assert coops.coop_facts(wolkenwerf.id)
    assert not Mail.objects.filter(to__contains="noor").exists()


@pytest.mark.django_db
def test_who_let_it_lapse_and_never_confirmed_is_forgotten_after_a_month(wolkenwerf: Cast) -> None:
    """Not who still waits, nor who has a place, also where an organiser confirmed it for them."""
    gathering_id = announced(wolkenwerf, capacity=3)
    lapsed = registered(wolkenwerf, gathering_id, "Ans")
    seated(wolkenwerf, gathering_id, "Bob")
    told = registered(wolkenwerf, gathering_id, "Dirk")
    actions.confirm_registration(**act(wolkenwerf), registration_id=told.id)
    waits = registered(wolkenwerf, gathering_id, "Cas")
    room_given(wolkenwerf, gathering_id, NOW + dt.timedelta(minutes=31))
    assert (shown(wolkenwerf, lapsed.id).state, shown(wolkenwerf, waits.id).state) == ("lapsed", "waiting")
    forget_strangers(wolkenwerf.id, NOW + dt.timedelta(days=29))
    assert shown(wolkenwerf, lapsed.id).email == "ans@example.org"
    forget_strangers(wolkenwerf.id, NOW + dt.timedelta(days=31))
    assert (shown(wolkenwerf, lapsed.id).email, shown(wolkenwerf, waits.id).email) == ("", "cas@example.org")
    with inside(wolkenwerf):
        kept = set(Contact.objects.filter(forgotten_at__isnull=True).values_list("email", flat=True))
    assert kept == {"bob@example.org", "cas@example.org", "dirk@example.org"}


def test_codes_tell_when_one_letter_is_wrong() -> None:
    """However they are typed they are read; no letter can be taken for another."""
    for _try in range(200):
        code = new_code()
        assert read_code(written_code(code)) == read_code(f" {code.lower()} ") == code
        assert read_code(f"https://x.example/c/y/gatherings/z/ticket/{code}/") == code
        place = 4
        wrong = next(letter for letter in CODE_LETTERS if letter != code[place])
        assert read_code(code[:place] + wrong + code[place + 1 :]) == ""
    assert not set(CODE_LETTERS) & set("AEIOUBGQSZ0123456789")
    assert read_code("noor") == ""


def test_sessions_that_overlap_are_one_slot() -> None:
    """Also where the first and the last don't touch, but both touch the one between."""
    import uuid

    one, two, three, four = (uuid.UUID(int=number) for number in range(4))
    at = [wall(10), wall(11), wall(12), wall(13), wall(14), wall(15)]
    found = slots([(one, at[0], at[2]), (two, at[1], at[3]), (three, at[2], at[4]), (four, at[4], at[5])])
    assert found == [[one, two, three], [four]]


@pytest.mark.django_db
def test_a_gathering_is_announced_only_when_it_tells_enough(wolkenwerf: Cast) -> None:
    """What is lacking is listed; a draft is deleted, what people read is called off."""
    gathering_id = actions.draft_gathering(
        **act(wolkenwerf), title="Iets", language="nl", plan=plan(where=Where(), languages=("nl", "fr"))
    )
    with pytest.raises(Refused) as refusal:
        actions.announce_gathering(**act(wolkenwerf), gathering_id=gathering_id)
    assert (refusal.value.code, refusal.value.facts["count"]) == ("events.not_ready", 3)
    actions.delete_draft(**act(wolkenwerf), gathering_id=gathering_id)
    other = announced(wolkenwerf)
    with pytest.raises(Refused):
        actions.delete_draft(**act(wolkenwerf), gathering_id=other)
    seated(wolkenwerf, other, "Noor")
    written(wolkenwerf)
    assert actions.call_off_gathering(**act(wolkenwerf), gathering_id=other) == 1
    assert written(wolkenwerf)[0].subject.startswith("Afgelast")
    with pytest.raises(Refused):
        registered(wolkenwerf, other, "Wim")
    assert drafted(wolkenwerf)
