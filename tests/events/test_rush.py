"""A thousand people register for three hundred places, over fifty connections; and two desks read one ticket."""

import dataclasses
import datetime as dt
import html
import http.client
import re
import threading
import time
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from coopwerf.events import actions, queries
from coopwerf.events.actions import Passed
from coopwerf.events.models import Passage, Registration
from coopwerf.events.states import When, on_the_wall
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast

from .gathered import act, announced, confirmed, drafted, facts, inside, registered, room_given, seated, shown, token

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PRESS = re.compile(r'name="press" value="([^"]+)"')
PEOPLE, PLACES, CONNECTIONS = 1000, 300, 50


@dataclasses.dataclass
class Press:
    """When somebody pressed the button, and when they were answered."""

    began: float
    ended: float
    status: int
    led_to: str


def rush(url: str, path: str) -> dict[str, Press]:
    """Let everybody open the form, and press its button; return what became of each by address."""
    place = urlsplit(url)
    pressed: dict[str, Press] = {}
    ready = threading.Barrier(CONNECTIONS)

    def come(hand: int) -> None:
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)

        def ask(method: str, body: str | None = None, cookie: str = "") -> tuple[http.client.HTTPResponse, str]:
            headers = {"Cookie": cookie}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer, answer.read().decode()

        answer, page = ask("GET")
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        found = TOKEN.search(page)
        assert found is not None, page[:500]
        ready.wait()
        for number in range(hand, PEOPLE, CONNECTIONS):
            email = f"mens{number}@example.org"
            told = {"name": f"Mens {number}", "email": email, "language": "nl"}
            began = time.monotonic()
            answer, _page = ask("POST", urlencode({**told, "csrfmiddlewaretoken": html.unescape(found[1])}), cookie)
            led_to = answer.headers.get("Location", "")
            pressed[email] = Press(began, time.monotonic(), answer.status, led_to)
        line.close()

    people = [threading.Thread(target=come, args=(hand,)) for hand in range(CONNECTIONS)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return pressed


@pytest.mark.django_db(transaction=True)
def test_exactly_so_many_are_seated_in_order_and_none_is_lost(wolkenwerf: Cast, live_server: LiveServer) -> None:
    """Over HTTP, as fast as they are answered: 300 have a place, 700 wait in their order; then all confirm."""
    gathering_id = announced(wolkenwerf, capacity=PLACES)
    path = wolkenwerf.url(f"gatherings/{facts(wolkenwerf, gathering_id).slug}/register/")
    pressed = rush(live_server.url, path)
    assert [one for one in pressed.values() if one.status != 302] == []
    assert len(pressed) == PEOPLE
    with inside(wolkenwerf):
        rows = list(Registration.objects.select_related("contact").order_by("number"))
        assert queries.counts(wolkenwerf.id, gathering_id).held == PLACES
    assert [row.number for row in rows] == list(range(1, PEOPLE + 1)), "none is lost, none has another's place"
    assert [row.state for row in rows] == ["held"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    # Whoever was answered before another pressed stands before them.
    soonest = float("inf")
    for row in reversed(rows):
        mine = pressed[row.contact.email]
        assert soonest > mine.began, row.number
        soonest = min(soonest, mine.ended)
    late = [row for row in rows if ("as=waiting" in pressed[row.contact.email].led_to) != (row.state == "waiting")]
    assert late == [], "everybody was told how it stands"
    for row in rows[:PLACES:3] + rows[PLACES::70]:
        secret = token(wolkenwerf, row.id)
        actions.confirm_registration(actor=VISITOR, now=row.sent_at, coop_id=wolkenwerf.id, token=secret)
    for row in rows[:2]:
        secret = token(wolkenwerf, row.id)
        actions.cancel_registration(actor=VISITOR, now=row.sent_at, coop_id=wolkenwerf.id, token=secret)
    assert room_given(wolkenwerf, gathering_id, rows[-1].sent_at) == 2
    with inside(wolkenwerf):
        offered = Registration.objects.filter(state="offered").order_by("number").values_list("number", flat=True)
        assert list(offered) == [PLACES + 1, PLACES + 71]
        assert queries.taken(gathering_id) == PLACES


@pytest.mark.django_db(transaction=True)
def test_two_desks_read_the_same_ticket_at_the_same_instant(wolkenwerf: Cast) -> None:
    """One of them lets in; the other is told who, when and at which desk."""
    gathering_id = announced(wolkenwerf)
    ticket = shown(wolkenwerf, seated(wolkenwerf, gathering_id, "Noor").id).tickets[0]
    desks = [actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name=name) for name in ("Links", "Rechts")]
    ready = threading.Barrier(2)
    heard: list[Passed] = []

    def read(desk_id: object) -> None:
        try:
            ready.wait()
            heard.append(
                actions.check_in(
                    **act(wolkenwerf),
                    gathering_id=gathering_id,
                    ticket_id=ticket.id,
                    desk_id=desk_id,  # type: ignore[arg-type]
                )
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read, args=(desk_id,)) for desk_id in desks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.is_new for one in heard) == [False, True]
    second = next(one for one in heard if not one.is_new)
    assert second.before is not None
    assert second.before.desk in ("Links", "Rechts")
    with tenant(wolkenwerf.id):
        assert Passage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_scan_the_same_tickets_over_http(wolkenwerf: Cast, live_server: LiveServer) -> None:
    """Two phones press for ten tickets at the same instants: each let in once, the other phone told so."""
    today = on_the_wall(clock.now(), "Europe/Brussels").date()
    when = When(begins=dt.datetime.combine(today, dt.time(23)), ends=dt.datetime.combine(today, dt.time(23, 50)))
    gathering_id = drafted(wolkenwerf, when=when)
    actions.announce_gathering(**act(wolkenwerf, clock.now() - dt.timedelta(days=2)), gathering_id=gathering_id)
    codes = [shown(wolkenwerf, seated(wolkenwerf, gathering_id, f"Gast {n}").id).tickets[0].code for n in range(10)]
    place = urlsplit(live_server.url)
    ready = threading.Barrier(2)
    told: list[str] = []

    def work(name: str) -> None:
        desk_id = actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name=name)
        path = wolkenwerf.url(f"desk/{queries.desk_token(desk_id)}/")
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        line.request("GET", path)
        answer = line.getresponse()
        page, cookie = answer.read().decode(), answer.headers.get_all("Set-Cookie") or []
        csrf = TOKEN.search(page)
        assert csrf is not None
        headers = {
            "Cookie": "; ".join(one.partition(";")[0] for one in cookie),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for code in codes:
            press = PRESS.search(page)
            assert press is not None
            body = {"text": code, "do": "in", "press": press[1], "csrfmiddlewaretoken": html.unescape(csrf[1])}
            ready.wait()
            line.request("POST", f"{path}receive/", urlencode(body), headers)
            answer = line.getresponse()
            page = answer.read().decode()
            told.append(f"{code} {'again' if 'desk-shown--again' in page else 'in' if answer.status == 200 else '?'}")
        line.close()
        connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("Links", "Rechts")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == sorted(f"{code} {what}" for code in codes for what in ("in", "again"))
    with tenant(wolkenwerf.id):
        assert Passage.objects.count() == len(codes)


@pytest.mark.django_db
def test_a_desk_that_had_to_wait_began_earlier_and_still_notes_nothing_twice(wolkenwerf: Cast) -> None:
    """Its request came in first, the other one held the ticket first: one passage, and going out comes after it."""
    gathering_id = announced(wolkenwerf)
    ticket = shown(wolkenwerf, seated(wolkenwerf, gathering_id, "Noor").id).tickets[0]
    whose = {"gathering_id": gathering_id, "ticket_id": ticket.id}
    later = NOW + dt.timedelta(milliseconds=40)
    assert actions.check_in(**act(wolkenwerf, later), **whose).is_new
    assert not actions.check_in(**act(wolkenwerf, NOW), **whose).is_new
    assert actions.check_out(**act(wolkenwerf, NOW), **whose).is_new
    with tenant(wolkenwerf.id):
        assert queries.inside(gathering_id) == (0, 1)
        assert Passage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_address_twice_at_the_same_instant_is_one_registration(wolkenwerf: Cast) -> None:
    """Two tabs, one press each: one registration, two answers."""
    gathering_id = announced(wolkenwerf)
    ready = threading.Barrier(4)
    ids = []

    def press() -> None:
        try:
            ready.wait()
            ids.append(registered(wolkenwerf, gathering_id, "Noor").id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _tab in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1
    assert confirmed(wolkenwerf, registered(wolkenwerf, gathering_id, "Noor")) == "seated"
