"""Gatherings in a real browser: what axe finds, the desk without scripts, nothing wider than a phone."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from coopwerf.documents.states import Licence
from coopwerf.events import actions, queries
from coopwerf.events.states import Fate, Format, Needs, SessionPlan, SessionWords, When, on_the_wall
from coopwerf.kernel import clock
from tests.browser import WATCH, audit
from tests.cast import NOW, Cast
from tests.documents.photos import photo

from .gathered import act, announced, drafted, facts, registered, seated, session, shown, token

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("COOPWERF_SHOTS", "")
Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, live_server: LiveServer) -> Iterator[Look]:
    """Open an address at some width; where COOPWERF_SHOTS names a folder, its picture is kept there."""
    contexts = []

    def open_page(
        path: str, *, width: int = 390, dark: bool = False, script: bool = True, who: Any = None, shot: str = ""
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale="nl",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        contexts.append(context)
        if who is not None:
            cookies = who.browser().cookies.items()
            context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies])
        page = context.new_page()
        page.add_init_script(WATCH)
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.ok, path
        if SHOTS and shot:
            page.screenshot(path=str(Path(SHOTS) / f"{shot}-{width}-{'dark' if dark else 'light'}.png"), full_page=True)
        return page

    yield open_page
    for context in contexts:
        context.close()


def debate(cast: Cast) -> tuple[str, Any]:
    """Prepare a debate day of today in four forms, with people and needs; return its slug and id."""
    on = on_the_wall(clock.now(), "Europe/Brussels").date()

    def at(hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(on, dt.time(hour, minute))

    gathering_id = drafted(cast, when=When(begins=at(9, 30), ends=at(23, 50)), capacity=60)
    session(
        cast,
        gathering_id,
        "Welkom, en hoe we vandaag werken",
        begins=at(10),
        ends=at(11),
        format=Format.PLENARY,
        is_for_all=True,
        room="Grote zaal",
    )
    rooms = (
        ("Wie beslist? Een wereldcafé over stemrecht", Format.CAFE, "Zaal 1", ""),
        ("Geld van de leden: wat vragen we, wat geven we terug?", Format.DEBATE, "Zaal 2", "Ilse Maes en Jan Smet"),
        ("Qui parle pour qui ?", Format.FISHBOWL, "Zaal 3", "Louise Lambert"),
        ("Wandeling langs de haven", Format.WALK, "", ""),
    )
    ids = [
        session(
            cast,
            gathering_id,
            title,
            begins=at(14),
            ends=at(16),
            format=form,
            room=room,
            speakers=speakers,
            capacity=4,
        )
        for title, form, room, speakers in rooms
    ]
    actions.announce_gathering(**act(cast), gathering_id=gathering_id)
    names = ("Noor Vandamme", "Émile Deneve", "Fatma Öztürk", "Jan van den Broecke", "Noortje Smet")
    for number, name in enumerate(names):
        seated(
            cast,
            gathering_id,
            name,
            *(("Wim Vandamme", "Lena Vandamme") if number == 0 else ()),
            email=f"gast{number}@example.org",
            sessions=(ids[number % 4],),
            needs=Needs(access="Rolstoel, graag vooraan", languages="Frans", children=number)
            if number < 2
            else Needs(),
        )
    return facts(cast, gathering_id).slug, gathering_id


def test_pages_of_a_gathering_hold_no_barrier(wolkenwerf: Cast, look: Look) -> None:
    """The list, the page, registering, the ticket, the desk, and organising: axe finds nothing, nothing sticks out."""
    slug, gathering_id = debate(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Yve Maes", "Bob Maes", email="yve@example.org")
    mine = wolkenwerf.url(f"registration/{token(wolkenwerf, noor.id)}/")
    desk_id = actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name="Linkerdeur")
    desk = wolkenwerf.url(f"desk/{queries.desk_token(desk_id)}/")
    tickets = shown(wolkenwerf, noor.id).tickets
    whose = {**act(wolkenwerf, clock.now()), "gathering_id": gathering_id, "desk_id": desk_id}
    actions.check_in(**whose, ticket_id=tickets[0].id)
    actions.count_heads(**whose, heads=41)
    for theme, said, fate, answer in (
        ("Stemrecht", "Eén stem per mens, ook bij veel aandelen.", Fate.TAKEN_UP, "Artikel 14 van de statuten."),
        ("Stemrecht", "Mag een organisatie ook stemmen?", Fate.OPEN, ""),
        ("Geld", "Geen dividend in de eerste vijf jaar.", Fate.NOT_TAKEN, "De wet laat dit aan elk jaar over."),
    ):
        noted = actions.note_contribution(
            **act(wolkenwerf), gathering_id=gathering_id, theme=theme, texts={"nl": said}, voices=12
        )
        actions.answer_contribution(**act(wolkenwerf), contribution_id=noted, fate=fate, answers={"nl": answer})
    actions.write_report(
        **act(wolkenwerf, clock.now() + dt.timedelta(days=1)),
        gathering_id=gathering_id,
        language="nl",
        text="We waren met **41**. De meeste tijd ging naar wie beslist.",
    )
    actions.bring_picture(
        **act(wolkenwerf, clock.now() + dt.timedelta(days=1)),
        gathering_id=gathering_id,
        language="nl",
        content=photo(),
        author="Claire Lambotte",
        licence=Licence.BY_SA,
        texts={"nl": "Veertig mensen zitten in een kring"},
        caption="De kring in de turnzaal",
    )
    hoping = registered(wolkenwerf, gathering_id, "Ann Hoopt", email="ann@example.org", wants_news=True)
    secretary = wolkenwerf.secretary
    base, public = wolkenwerf.url(f"organise/{slug}/"), wolkenwerf.url(f"gatherings/{slug}/")
    pages: list[tuple[str, str, Any]] = [
        ("list", wolkenwerf.url("gatherings/"), None),
        ("page", public, None),
        ("register", f"{public}register/", None),
        ("sent", f"{public}register/sent/", None),
        ("heard", f"{public}heard/", None),
        ("mine", mine, None),
        ("mine-to-confirm", wolkenwerf.url(f"registration/{token(wolkenwerf, hoping.id)}/"), None),
        ("change", f"{mine}change/", None),
        ("tickets", f"{mine}tickets/", None),
        ("desk", f"{desk}?q=noo", None),
        ("desk-in", f"{desk}?t={tickets[0].id}&again=1", None),
        ("catch-up", f"{desk}catch-up/", None),
        ("organise-list", wolkenwerf.url("organise/"), secretary),
        ("organise", base, secretary),
        ("organise-new", wolkenwerf.url("organise/new/"), secretary),
        ("organise-people", f"{base}people/", secretary),
        ("organise-desks", f"{base}desks/", secretary),
        ("organise-session", f"{base}sessions/new/", secretary),
        ("organise-heard", f"{base}heard/", secretary),
        ("organise-report", f"{base}report/nl/", secretary),
        ("organise-picture", f"{base}report/nl/picture/", secretary),
        ("today", wolkenwerf.url("today/"), secretary),
        ("organise-contribution", f"{base}heard/new/", secretary),
    ]
    wrong = []
    for name, path, who in pages:
        for width, dark in ((390, False), (1280, False), (390, True)):
            page = look(path, width=width, dark=dark, who=who, shot=name)
            if width == 390:
                wide = page.evaluate("() => document.documentElement.scrollWidth")
                wrong += [f"{name}: {wide} wide"] if wide > 390 else []
            wrong += [f"{name} {width} {dark}: {one}" for one in audit(page)] if width == 390 else []
            wrong += [f"{name}: {one}" for one in page.evaluate("() => window.violations || []")]
            page.context.close()
    assert wrong == []


def test_a_helper_works_without_scripts_and_by_keyboard(wolkenwerf: Cast, look: Look) -> None:
    """Type three letters, Enter, one button; type a code, Enter: in."""
    _slug, gathering_id = debate(wolkenwerf)
    desk_id = actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name="Linkerdeur")
    page = look(wolkenwerf.url(f"desk/{queries.desk_token(desk_id)}/"), script=False)
    page.fill("#desk-text", "eMI")
    page.press("#desk-text", "Enter")
    page.click(".guest button[value=in]")
    assert "Émile Deneve" in page.inner_text(".desk-shown")
    assert "Is binnen" in page.inner_text(".desk-shown")
    page.fill("#desk-text", "noo")
    page.press("#desk-text", "Enter")
    assert page.locator(".guest").count() == 2
    page.click("summary >> text=zonder inschrijving")
    page.fill("#walk-name", "Toevallige Voorbijganger")
    page.press("#walk-name", "Enter")
    assert "Toevallige Voorbijganger" in page.inner_text(".desk-shown")


def test_a_session_is_written_in_each_language(wolkenwerf: Cast) -> None:
    """What isn't written in the reader's language is shown in the one there is."""
    gathering_id = announced(wolkenwerf)
    one = actions.plan_session(
        **act(wolkenwerf),
        gathering_id=gathering_id,
        plan=SessionPlan(
            texts={"nl": SessionWords(title="Debat"), "fr": SessionWords(title="Débat")},
            begins=facts(wolkenwerf, gathering_id).begins.replace(tzinfo=None),
            ends=facts(wolkenwerf, gathering_id).ends.replace(tzinfo=None),
        ),
    )
    assert one
    assert NOW
