"""After a gathering: its report with pictures, what waits on Today, and what is forgotten when."""

import datetime as dt
import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from coopwerf.documents import queries as documents
from coopwerf.documents import tasks as document_tasks
from coopwerf.documents.queries import DocumentFacts
from coopwerf.events import actions, queries, tasks
from coopwerf.events.models import Passage, Registration, Ticket, TicketWord
from coopwerf.events.states import Fate, Kind, Needs, When
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from tests.cast import Cast
from tests.documents.photos import SECRET, photo, with_position

from .gathered import DAY, act, announced, facts, inside, seated, session, shown, wall

pytestmark = pytest.mark.django_db


def after(cast: Cast, gathering_id: uuid.UUID, days: int) -> dt.datetime:
    """Return so many days after a gathering."""
    return facts(cast, gathering_id).ends.astimezone(dt.UTC) + dt.timedelta(days=days)


def brought(browser: Client, url: str, content: bytes, **other: str) -> Any:
    """Fill in the form for a picture, as an organiser does."""
    told = {
        "author": "Claire Lambotte",
        "licence": "cc_by_sa",
        "alt_nl": "Veertig mensen zitten in een kring",
        "caption": "De kring in de turnzaal",
        **other,
    }
    file = SimpleUploadedFile("kring.jpg", content, content_type="image/jpeg")
    return browser.post(url, {**told, "picture": file}, follow=True)


def test_pictures_stand_in_a_report_with_maker_licence_and_what_is_seen(
    wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that isn't a picture, nothing without words for who can't see it; gone where it is taken away."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    browser, base = wolkenwerf.secretary.browser(), wolkenwerf.url(f"organise/{slug}/")
    bring, heard = f"{base}report/nl/picture/", wolkenwerf.url(f"gatherings/{slug}/heard/")
    assert "Kom erna terug" in brought(browser, bring, photo()).content.decode(), "not before it began"
    later = after(wolkenwerf, gathering_id, 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    browser.post(f"{base}report/nl/", {"text": "We waren met **41**."})
    for content, other in ((b"<svg onload=zz(1)>", {}), (photo(), {"alt_nl": ""}), (photo(), {"author": ""})):
        assert 'class="field__error' in brought(browser, bring, content, **other).content.decode()
    with inside(wolkenwerf):
        assert queries.pictures(wolkenwerf.id, gathering_id) == {}
    assert wolkenwerf.treasurer.browser().get(bring).status_code == 403
    brought(browser, bring, with_position())
    page = client.get(heard).content.decode()
    assert 'alt="Veertig mensen zitten in een kring"' in page
    assert "De kring in de turnzaal" in page
    assert "Claire Lambotte" in page
    assert "creativecommons.org/licenses/by-sa" in page
    source = re.search(r'src="([^"]+\.webp)"', page)
    assert source is not None
    answer = client.get(source[1])
    assert answer.status_code == 200
    assert SECRET.encode() not in b"".join(answer)
    text = facts(wolkenwerf, gathering_id).report["nl"]
    browser.post(f"{base}report/nl/", {"text": "Zonder beeld."})
    assert Client().get(source[1]).status_code in (403, 404), "what no report shows, nobody sees"
    assert "niet in de tekst" in browser.get(f"{base}report/nl/").content.decode()
    browser.post(f"{base}report/nl/", {"text": text})
    assert "voorgoed" in browser.get(f"{base}pictures/1/away/").content.decode()
    browser.post(f"{base}pictures/1/away/")
    page = client.get(heard).content.decode()
    assert "Het werd weggehaald" in page
    assert source[1] not in page
    with pytest.raises(Refused) as refusal:
        actions.take_picture_away(**act(wolkenwerf, later), gathering_id=gathering_id, place=2)
    assert refusal.value.code == "events.picture_unknown"


def test_a_year_later_nobody_is_known_and_the_series_still_counts_each_once(wolkenwerf: Cast) -> None:
    """Noor comes to an evening this year and to one next year: the first is forgotten, and she is one person."""
    series = actions.make_series(**act(wolkenwerf), texts={"nl": "Lenteronde"}, programme="EFRO-2027-014")
    next_year = DAY + dt.timedelta(days=360)
    evenings = [
        announced(wolkenwerf, series_id=series, kind=Kind.EVENING),
        announced(
            wolkenwerf,
            series_id=series,
            kind=Kind.EVENING,
            when=When(begins=wall(19, day=next_year), ends=wall(22, day=next_year)),
        ),
    ]

    def come(gathering_id: uuid.UUID, *names: str) -> uuid.UUID:
        day = facts(wolkenwerf, gathering_id).begins.astimezone(dt.UTC)
        first = None
        for name in names:
            done = seated(wolkenwerf, gathering_id, name, needs=Needs(access="rolstoel"), now=day - dt.timedelta(1))
            first = first or done.id
            ticket = shown(wolkenwerf, done.id).tickets[0]
            actions.check_in(**act(wolkenwerf, day), gathering_id=gathering_id, ticket_id=ticket.id)
        actions.walk_in(**act(wolkenwerf, day), gathering_id=gathering_id, name="Yve", email="yve@example.org")
        actions.close_gathering(**act(wolkenwerf, day), gathering_id=gathering_id)
        assert first is not None
        return first

    def counted() -> tuple[int, int, int]:
        with inside(wolkenwerf):
            reached = queries.reached(wolkenwerf.id, series)
        return reached.gatherings, reached.participations, reached.people

    noor = come(evenings[0], "Noor", "Wim")
    assert counted() == (1, 3, 3)
    with pytest.raises(Refused) as refusal:
        early = after(wolkenwerf, evenings[0], 364)
        actions.forget_names(actor=SYSTEM, now=early, coop_id=wolkenwerf.id, gathering_id=evenings[0])
    assert refusal.value.code == "events.forgets_later"
    tasks.look_after_coop(wolkenwerf.id, after(wolkenwerf, evenings[0], 364))
    assert shown(wolkenwerf, noor).names == ("Noor",)
    tasks.look_after_coop(wolkenwerf.id, after(wolkenwerf, evenings[0], 366))
    with inside(wolkenwerf):
        theirs = {"gathering_id": evenings[0]}
        assert not TicketWord.objects.filter(**theirs).exists()
        assert set(Ticket.objects.filter(**theirs).values_list("name", "name_key")) == {("", "")}
        assert set(Registration.objects.filter(**theirs).values_list("contact_id", "sender_key")) == {(None, "")}
        assert queries.tickets_by_name(evenings[0], "noo") == []
        assert Passage.objects.filter(**theirs).count() == 3, "that so many came stays"
        assert queries.to_forget_names(wolkenwerf.id, after(wolkenwerf, evenings[0], 35)) == []
    assert counted() == (1, 3, 3)
    come(evenings[1], "Noor", "Lena")
    assert counted() == (2, 6, 4), "Noor and Yve came before: they are known by nobody, and counted once"


def test_the_list_of_a_desk_holds_names_and_codes_and_goes_when_it_has_served(wolkenwerf: Cast) -> None:
    """No address, no needs, no company, no sessions; at the door of a session only who has a place in it."""
    gathering_id = announced(wolkenwerf)
    cafe = session(wolkenwerf, gathering_id, "Wie beslist?", capacity=2)
    seated(wolkenwerf, gathering_id, "Noor Vandamme", "Wim Vandamme", needs=Needs(access="rolstoel"), sessions=(cafe,))
    seated(wolkenwerf, gathering_id, "Émile Deneve", email="emile@example.org")
    secretary = wolkenwerf.secretary.browser()
    base = wolkenwerf.url(f"organise/{facts(wolkenwerf, gathering_id).slug}/desks/")
    for name, gate in (("Links", ""), ("Rechts", ""), ("Zaal 1", str(cafe))):
        actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name=name, gate=gate)
    forms = re.findall(
        r'name="session" value="([^"]*)"><input type="hidden" name="part" value="(\d)">'
        r'<input type="hidden" name="parts" value="(\d)"',
        secretary.get(base).content.decode(),
    )
    assert forms == [("", "1", "2"), ("", "2", "2"), (str(cafe), "1", "1")], "desks at one door share its names"
    texts, links = [], []
    for gate, part, parts in forms:
        answer = secretary.post(f"{base}list/", {"session": gate, "part": part, "parts": parts})
        links.append(answer["Location"])
        document_tasks.make(str(wolkenwerf.id), str(_last(wolkenwerf).id))
        content = b"".join(secretary.get(f"{links[-1]}file/"))
        texts.append("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    assert ["Noor Vandamme" in text for text in texts] == [False, True, True]
    assert ["Émile Deneve" in text for text in texts] == [True, False, False]
    for text in texts:
        for hidden in ("example.org", "rolstoel", "(2)", "[U+"):
            assert hidden not in text
    assert len(re.findall(r"\b[A-Z]{3}-[A-Z]{3}-[A-Z]{3}\b", texts[2])) == 2
    forget = {"actor": SYSTEM, "coop_id": wolkenwerf.id, "gathering_id": gathering_id}
    actions.forget_needs(**forget, now=after(wolkenwerf, gathering_id, 31))
    for link in links:
        assert f"{link}file/" not in secretary.get(link).content.decode()
        assert secretary.get(f"{link}file/").status_code == 302, "nothing to fetch"


def _last(cast: Cast) -> DocumentFacts:
    with inside(cast):
        return documents.documents_of_kind(cast.id, "events.desk_list")[0]


def test_today_shows_members_what_comes_and_organisers_what_waits(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First nothing; then a date; then no desk; then the question whether it was held; then unanswered voices."""
    today = wolkenwerf.url("today/")
    organiser, treasurer = wolkenwerf.secretary.browser(), wolkenwerf.treasurer.browser()
    assert "Rencontres à venir" not in treasurer.get(today).content.decode()
    gathering_id = announced(wolkenwerf)
    page = treasurer.get(today).content.decode()
    assert "Journée de débat sur nos statuts" in page
    assert "meet.example.org" not in page
    assert "organise/" not in page.split("Rencontres à venir")[0].split("<main")[1], "nothing to do there"

    def on(days: int) -> tuple[str, str]:
        now = after(wolkenwerf, gathering_id, days)
        monkeypatch.setattr(clock, "now", lambda: now)
        return organiser.get(today).content.decode(), treasurer.get(today).content.decode()

    mine, theirs = on(-1)
    assert "Nog geen balie voor “Debatdag over onze statuten”" in mine
    assert "Pas encore d’accueil" not in theirs, "who doesn't organise has nothing to do"
    actions.open_desk(**act(wolkenwerf), gathering_id=gathering_id, name="Balie")
    assert "Nog geen balie" not in on(-1)[0]
    mine, theirs = on(1)
    assert "Vond “Debatdag over onze statuten” plaats?" in mine
    assert "Journée de débat" not in theirs, "it is over, and nobody asks the treasurer"
    actions.close_gathering(**act(wolkenwerf, clock.now()), gathering_id=gathering_id)
    noted = [
        actions.note_contribution(**act(wolkenwerf), gathering_id=gathering_id, theme="Geld", texts={"nl": said})
        for said in ("Geen dividend.", "Wel dividend.")
    ]
    assert "stemmen wachten" not in on(3)[0], "for two weeks nobody asks"
    assert "2 stemmen wachten op een antwoord" in on(15)[0]
    for one in noted:
        actions.answer_contribution(
            **act(wolkenwerf), contribution_id=one, fate=Fate.TAKEN_UP, answers={"nl": "Artikel 30."}
        )
    assert "stemmen wachten" not in on(15)[0]
