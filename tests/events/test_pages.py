"""The pages of gatherings, as visitors, helpers and organisers use them."""

import dataclasses
import datetime as dt
import html
import re
import uuid

import pytest
from django.test import Client

from coopwerf.events import actions, queries
from coopwerf.events.models import Passage
from coopwerf.events.states import Where
from coopwerf.kernel import clock
from tests.cast import Cast, Person

from .gathered import (
    act,
    announced,
    facts,
    inside,
    link_in,
    registered,
    seated,
    session,
    shown,
    token,
    wall,
    written,
)

pytestmark = pytest.mark.django_db


def page(client: Client, url: str, status: int = 200) -> str:
    """Open a page."""
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def opened(cast: Cast, gathering_id: object, name: str = "Linkerdeur", gate: str = "") -> tuple[str, str]:
    """Open a desk; return its token and address."""
    desk_id = actions.open_desk(**act(cast), gathering_id=gathering_id, name=name, gate=gate)
    secret = queries.desk_token(desk_id)
    return secret, cast.url(f"desk/{secret}/")


def test_everybody_reads_of_what_is_announced_and_of_no_draft(wolkenwerf: Cast, client: Client) -> None:
    """The list, the page in two languages, its structured data, the poster; the online link is nowhere."""
    gathering_id = announced(wolkenwerf)
    session(wolkenwerf, gathering_id, "Wie beslist?", capacity=20, room="Zaal 2", speakers="Ilse Maes")
    actions.draft_gathering(**act(wolkenwerf), title="Geheim plan", language="nl", plan=facts_plan())
    found = facts(wolkenwerf, gathering_id)
    listed = page(client, wolkenwerf.url("gatherings/"))
    assert "Debatdag over onze statuten" in listed
    assert "Geheim plan" not in listed
    shown_page = page(client, wolkenwerf.url(f"gatherings/{found.slug}/?lang=nl"))
    for words in ("Een dag lang", "<strong>een van vier</strong>", "Wie beslist?", "Ilse Maes", "Kraankindersstraat"):
        assert words in shown_page, words
    assert 'itemprop="startDate" content="2027-03-13T09:30:00+01:00"' in shown_page
    assert 'property="og:title" content="Debatdag over onze statuten"' in shown_page
    assert "meet.example.org" not in shown_page + listed
    assert "Une journée pour parler" in page(client, wolkenwerf.url(f"gatherings/{found.slug}/?lang=fr"))
    assert client.get(wolkenwerf.url("gatherings/geheim-plan/")).status_code == 404
    assert client.get(wolkenwerf.url(f"gatherings/{found.slug}/picture-nl.png")).headers["Content-Type"] == "image/png"
    pdf = client.get(wolkenwerf.url(f"gatherings/{found.slug}/poster-fr.pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert "Debatdag" in page(client, wolkenwerf.url())


def facts_plan() -> actions.GatheringPlan:
    """Return the plan of something else."""
    from .gathered import plan

    return plan()


def test_a_visitor_registers_confirms_changes_and_cancels(wolkenwerf: Cast, client: Client) -> None:
    """By form and mail; a link that is opened changes nothing, only its button does."""
    gathering_id = announced(wolkenwerf)
    cafe = session(wolkenwerf, gathering_id, "Wie beslist?", capacity=20)
    slug = facts(wolkenwerf, gathering_id).slug
    form = page(client, wolkenwerf.url(f"gatherings/{slug}/register/?lang=nl"))
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    told = {
        "name": "Noor Vandamme",
        "email": "noor+debat@example.org",
        "others": "Wim Vandamme\n\n",
        "language": "nl",
        "slot0": str(cafe),
        "access": "rolstoel",
        "children": "2",
        "key": key[1],
    }
    url = wolkenwerf.url(f"gatherings/{slug}/register/")
    assert "Kijk in je mail" in client.post(url, told, follow=True).content.decode()
    client.post(url, told)
    (mail,) = written(wolkenwerf, clock.now())
    assert mail.to == "noor+debat@example.org"
    assert "meet.example.org" not in mail.text
    link = link_in(mail)
    for _scanner in range(3):
        assert 'value="confirm"' in page(client, link)
    with inside(wolkenwerf):
        assert queries.counts(wolkenwerf.id, gathering_id).held == 2
    assert "meet.example.org" in client.post(link, {"do": "confirm"}, follow=True).content.decode()
    (mail,) = written(wolkenwerf, clock.now())
    assert "meet.example.org" in mail.text
    assert len(re.findall(r"\b[A-Z]{3}-[A-Z]{3}-[A-Z]{3}\b", mail.text)) == 2
    tickets = page(client, link + "tickets/")
    assert tickets.count('<svg role="img"') == 2
    changed = {"name": "Noor Vandamme", "others": "", "language": "fr", "access": ""}
    client.post(link + "change/", changed)
    with inside(wolkenwerf):
        assert queries.counts(wolkenwerf.id, gathering_id).seated == 1
    client.post(link, {"do": "cancel"})
    with inside(wolkenwerf):
        assert queries.counts(wolkenwerf.id, gathering_id).seated == 0
    assert "annul" in page(client, link + "?lang=fr").lower()
    assert client.get(link + "tickets/").status_code == 404


def test_a_stranger_fills_nobody_elses_mailbox(wolkenwerf: Cast, client: Client) -> None:
    """Whoever registers somebody again and again has the letter sent again a few times, then no more that day."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    url, mails, answers = wolkenwerf.url(f"gatherings/{slug}/register/?lang=nl"), 0, []
    for number in range(16):
        told = {"name": "Noor", "email": f"noor+{number % 2}@example.org", "language": "nl", "key": str(uuid.uuid4())}
        answers.append(client.post(url, told).status_code)
        mails += len(written(wolkenwerf, clock.now()))
    assert answers == [302] * 12 + [200] * 4
    assert mails == 12
    assert "al vaak gevraagd" in client.post(url, told).content.decode()


def test_a_machine_that_fills_in_everything_registers_nobody(wolkenwerf: Cast, client: Client) -> None:
    """The field that nobody sees."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    told = {"name": "Bot", "email": "bot@example.org", "language": "nl", "website": "https://x.example"}
    assert client.post(wolkenwerf.url(f"gatherings/{slug}/register/"), told).status_code == 302
    with inside(wolkenwerf):
        assert queries.counts(wolkenwerf.id, gathering_id).taken == 0


def test_wrong_names_and_addresses_get_a_sentence(wolkenwerf: Cast, client: Client) -> None:
    """A line break in a name stays one line; a name that is an advertisement is refused."""
    gathering_id = announced(wolkenwerf)
    url = wolkenwerf.url(f"gatherings/{facts(wolkenwerf, gathering_id).slug}/register/")
    told = {"name": "Koop nu www.spam.example", "email": "x@example.org", "language": "nl"}
    assert client.post(url, told).status_code == 200
    assert client.post(url, {**told, "name": "Noor", "email": "geen adres"}).status_code == 200
    answer = client.post(url, {**told, "name": "Noor\r\nBcc: y@example.org"})
    assert answer.status_code in (200, 302)
    for mail in written(wolkenwerf, clock.now()):
        assert "\n" not in mail.to + mail.subject


def test_addresses_as_they_are_in_the_world(wolkenwerf: Cast, client: Client) -> None:
    """A plus, a domain with an umlaut, a quoted local part: each gets its mail."""
    slug = facts(wolkenwerf, announced(wolkenwerf)).slug
    url = wolkenwerf.url(f"gatherings/{slug}/register/")
    addresses = ("noor+debat@example.org", "noor@bücher.example", '"noor van damme"@example.org')
    for email in addresses:
        answer = client.post(url, {"name": "Noor", "email": email, "language": "nl"})
        assert answer.status_code == 302, email
    assert len({mail.to for mail in written(wolkenwerf, clock.now())}) == len(addresses)


def day_of(cast: Cast, gathering_id: object, monkeypatch: pytest.MonkeyPatch, hour: int = 9) -> dt.datetime:
    """Let it be the day of the gathering."""
    at = facts(cast, gathering_id).begins.replace(hour=hour).astimezone(dt.UTC)  # type: ignore[arg-type]
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def test_a_helper_receives_people_with_a_link(
    wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typed code lets in at once, three letters show names, twice shows who was first, out and in again."""
    gathering_id = announced(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Noor Vandamme", "Wim Vandamme")
    seated(wolkenwerf, gathering_id, "Émile Deneve", email="emile@example.org")
    _secret, left = opened(wolkenwerf, gathering_id)
    _other, right = opened(wolkenwerf, gathering_id, "Rechterdeur")
    assert client.get(left).status_code == 403, "not before the day"
    day_of(wolkenwerf, gathering_id, monkeypatch)
    code = shown(wolkenwerf, noor.id).tickets[0].written
    answer = client.post(left + "receive/", {"text": f" {code.lower().replace('-', ' ')} ", "do": "in"}, follow=True)
    assert "Noor Vandamme" in answer.content.decode()
    again = client.post(right + "receive/", {"text": code, "do": "in"}, follow=True).content.decode()
    assert "Al binnen" in again
    assert "Linkerdeur" in again
    with inside(wolkenwerf):
        assert queries.inside(gathering_id) == (1, 1)
    found = client.post(right + "receive/", {"text": "emi", "do": "in"}, follow=True).content.decode()
    assert "Émile Deneve" in found
    assert "example.org" not in found, "helpers see names only"
    ticket = re.search(r'name="ticket" value="([^"]+)"', found)
    assert ticket is not None
    for do, inside_now in (("in", 2), ("out", 1), ("in", 2), ("back", 1)):
        client.post(right + "receive/", {"ticket": ticket[1], "do": do})
        with inside(wolkenwerf):
            assert queries.inside(gathering_id)[0] == inside_now, do
    for do, told in (("walk_in", {"name": "Yve Toevallig", "email": "yve zonder adres"}), ("heads", {"heads": "veel"})):
        refused = client.post(left + "receive/", {"do": do, **told}).content.decode()
        assert all(f'value="{typed}"' in refused for typed in told.values()), "what was typed stands there still"
        assert 'aria-invalid="true"' in refused
    client.post(left + "receive/", {"do": "walk_in", "name": "Yve Toevallig"})
    client.post(left + "receive/", {"do": "heads", "heads": "41"})
    with inside(wolkenwerf):
        whole, _by_session = queries.attendance(facts(wolkenwerf, gathering_id), [])
    assert (whole.came, whole.walk_ins, whole.most_heads) == (3, 1, 41)
    wrong = client.post(left + "receive/", {"text": "CDF-HJK-LMM", "do": "in"}, follow=True).content.decode()
    assert "Niemands naam begint" in wrong or "Geen ticket" in wrong


def test_a_press_that_is_sent_once_more_notes_nothing(
    wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is loaded again, or the network sends it twice: whatever came in between, it was one press."""
    gathering_id = announced(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Noor Vandamme", "Wim Vandamme")
    _secret, desk = opened(wolkenwerf, gathering_id)
    day_of(wolkenwerf, gathering_id, monkeypatch)
    receive, code = desk + "receive/", shown(wolkenwerf, noor.id).tickets[0].written

    def press(page: str, **fields: str) -> tuple[dict[str, str], str]:
        """Press a button of a page; return what was sent, and the page that answers."""
        number = re.search(r'name="press" value="([^"]+)"', page)
        assert number is not None
        sent = {**fields, "press": number[1]}
        answer = client.post(receive, sent, follow=True)
        assert answer.status_code == 200
        return sent, answer.content.decode()

    def stands() -> tuple[tuple[int, int], int]:
        with inside(wolkenwerf):
            return queries.inside(gathering_id), Passage.objects.count()

    came, page = press(client.get(desk).content.decode(), text=code, do="in")
    assert "Is binnen" in page, "one press, one answer: no second page is fetched"
    assert '<b><span class="num">1</span></b> binnen' in page, (
        "where few came, who lets the first one in isn't told that nobody is there"
    )
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    assert "Al binnen" in client.post(receive, came).content.decode()
    went, page = press(page, ticket=ticket[1], do="out")
    assert stands() == ((0, 1), 2)
    for _each in range(2):
        assert "Al buiten" in client.post(receive, came).content.decode(), "the first press again: still one of then"
    assert stands() == ((0, 1), 2)
    both, page = press(page, ticket=ticket[1], do="together")
    assert stands() == ((2, 2), 4)
    client.post(receive, went)
    client.post(receive, both)
    assert stands() == ((2, 2), 4)
    back, page = press(page, ticket=ticket[1], do="back")
    client.post(receive, back)
    assert stands() == ((1, 2), 5), "taken back once: what was noted before that stands"
    walked, _page = press(page, do="walk_in", name="Yve Toevallig")
    client.post(receive, walked)
    assert stands() == ((2, 3), 6)
    assert client.get(receive)["Location"] == desk, "a tab that a phone opens again is the desk"


def test_a_phone_that_is_a_desk_reads_the_address_on_a_ticket(
    wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own camera opens the page of the ticket: with the cookie of the desk there is a button, else nothing."""
    gathering_id = announced(wolkenwerf)
    noor = seated(wolkenwerf, gathering_id, "Noor Vandamme")
    _secret, left = opened(wolkenwerf, gathering_id)
    day_of(wolkenwerf, gathering_id, monkeypatch)
    code = shown(wolkenwerf, noor.id).tickets[0].code
    address = wolkenwerf.url(f"gatherings/{facts(wolkenwerf, gathering_id).slug}/ticket/{code}/")
    assert "Noor" not in page(client, address)
    page(client, left)
    seen = page(client, address)
    assert "Noor Vandamme" in seen
    assert 'value="scan"' in seen
    assert "Noor" not in page(Client(), address)


def test_paper_is_typed_in_afterwards(wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes with times, one who left, one noted already by another desk, one that nobody has."""
    gathering_id = announced(wolkenwerf)
    people = [seated(wolkenwerf, gathering_id, f"Mens {number}") for number in range(3)]
    codes = [shown(wolkenwerf, one.id).tickets[0].written for one in people]
    _secret, left = opened(wolkenwerf, gathering_id)
    day_of(wolkenwerf, gathering_id, monkeypatch, 16)
    client.post(left + "receive/", {"text": codes[2], "do": "in"})
    lines = f"{codes[0]} 9:41\n{codes[1]}\n{codes[0]} out 12.05\n{codes[2]} 16:30\nCDF-HJK-LMC 9u50\n"
    form = {"day": "13-03-2027", "lines": lines}
    answer = client.post(left + "catch-up/", form)
    assert answer.status_code == 200, "the code of nobody has a letter that is wrong"
    good = client.post(left + "catch-up/", {**form, "lines": lines.rsplit("\n", 2)[0]}, follow=True).content.decode()
    assert "Noteer" in good or "genoteerd" in good
    with inside(wolkenwerf):
        assert queries.inside(gathering_id) == (2, 3)
        log = queries.passages(wolkenwerf.id, shown(wolkenwerf, people[0].id).tickets[0].id)
    assert [one.direction.value for one in log] == ["in", "out"]
    client.post(left + "catch-up/", {**form, "lines": lines.rsplit("\n", 2)[0]})
    with inside(wolkenwerf):
        assert queries.inside(gathering_id) == (2, 3), "typed in twice is noted once"


def test_organisers_prepare_announce_and_look(wolkenwerf: Cast, stranger: Person) -> None:
    """Everything by form; who has no mandate sees nothing of it."""
    browser = wolkenwerf.secretary.browser()
    form = {
        "title": "Koffie in Aalst",
        "kind": "coffee",
        "day": "20-3-2027",
        "begins": "10",
        "ends": "12.30",
        "zone": "Europe/Brussels",
        "town": "Aalst",
        "address": "De Werf, Molenstraat 51",
        "languages": ["nl"],
        "forget_days": "30",
        "new_series": "Ronde van Vlaanderen",
        "programme": "EFRO-2027-014",
    }
    answer = browser.post(wolkenwerf.url("organise/new/"), form, follow=True)
    assert "Koffie in Aalst" in answer.content.decode(), answer.content.decode()[:3000]
    base = wolkenwerf.url("organise/koffie-in-aalst/")
    told = {"title": "Koffie in Aalst", "lead": "Kom praten.", "description": "# Hoi", "access": ""}
    browser.post(base + "texts/nl/", told)
    planned = {
        "title_nl": "Wandeling",
        "format": "walk",
        "day": "20-03-2027",
        "begins": "11:00",
        "ends": "12:00",
        "capacity": "10",
    }
    browser.post(base + "sessions/new/", planned)
    assert browser.post(base + "sessions/new/", {**planned, "ends": "14:00"}).status_code == 200
    browser.post(base + "become/announce/")
    assert "Wandeling" in page(Client(), wolkenwerf.url("gatherings/koffie-in-aalst/"))
    assert "Koffie" in page(Client(), wolkenwerf.url("gatherings/series/ronde-van-vlaanderen/"))
    for rest in (
        "",
        "plan/",
        "move/",
        "texts/nl/",
        "people/",
        "desks/",
        "heard/",
        "heard/new/",
        "preview/",
        "report/nl/",
    ):
        page(browser, base + rest)
    assert stranger.browser().get(base).status_code == 403
    assert wolkenwerf.treasurer.browser().get(base).status_code == 403
    assert page(browser, wolkenwerf.url("organise/"))


def test_voices_and_what_became_of_them(wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Noted by theme; answered with a reason; everybody reads it."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    assert client.get(wolkenwerf.url(f"gatherings/{slug}/heard/")).status_code == 404
    day_of(wolkenwerf, gathering_id, monkeypatch, 18)
    browser = wolkenwerf.secretary.browser()
    base = wolkenwerf.url(f"organise/{slug}/")
    said = {"theme": "Stemrecht", "text_nl": "Eén stem per mens.", "voices": "12", "fate": "taken_up"}
    assert browser.post(base + "heard/new/", said).status_code == 200, "what became of it is lacking"
    browser.post(base + "heard/new/", {**said, "answer_nl": "Artikel 14 van de statuten."})
    browser.post(base + "heard/new/", {"theme": "Geld", "text_nl": "Geen lening.", "voices": "1", "fate": "open"})
    browser.post(base + "report/nl/", {"text": "## Wat we hoorden\n\nVeel."})
    shown_page = page(client, wolkenwerf.url(f"gatherings/{slug}/heard/"))
    for words in ("Stemrecht", "Artikel 14", "Wat we hoorden", "Geen lening"):
        assert words in shown_page
    assert "heard/" in page(client, wolkenwerf.url(f"gatherings/{slug}/"))
    day_of(wolkenwerf, gathering_id, monkeypatch, 16)
    desk_id = actions.open_desk(**act(wolkenwerf, clock.now()), gathering_id=gathering_id, name="Deur")
    actions.walk_in(**act(wolkenwerf, clock.now()), gathering_id=gathering_id, name="Toevallig", desk_id=desk_id)
    assert "Mensen" not in page(client, wolkenwerf.url(f"gatherings/{slug}/heard/"))
    browser.post(base + "become/held/")
    assert "Mensen" in page(client, wolkenwerf.url(f"gatherings/{slug}/heard/")), "they say that it was held"
    assert registered_is_refused(wolkenwerf, gathering_id)


def registered_is_refused(cast: Cast, gathering_id: object) -> bool:
    """Tell whether nobody can register any more."""
    from coopwerf.kernel.refusals import Refused

    try:
        registered(cast, gathering_id, "Te Laat", now=clock.now())  # type: ignore[arg-type]
    except Refused as refusal:
        return refusal.code == "events.not_registering"
    return False


def test_whoever_has_the_link_of_another_gathering_receives_nobody_here(
    wolkenwerf: Cast, zonnewerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk is of one gathering of one co-operative, until it is closed or the day is over."""
    here, there = announced(wolkenwerf), announced(zonnewerf)
    noor = seated(wolkenwerf, here, "Noor")
    secret, left = opened(wolkenwerf, here)
    foreign, _url = opened(zonnewerf, there)
    day_of(wolkenwerf, here, monkeypatch)
    code = shown(wolkenwerf, noor.id).tickets[0].code
    assert client.get(wolkenwerf.url(f"desk/{foreign}/")).status_code == 404
    assert client.get(zonnewerf.url(f"desk/{secret}/")).status_code == 404
    assert client.get(wolkenwerf.url(f"desk/{secret[:-2]}xx/")).status_code == 404
    wim = shown(wolkenwerf, seated(wolkenwerf, announced(wolkenwerf), "Wim Elders").id).tickets[0]
    assert "Wim Elders" not in page(client, f"{left}?t={wim.id}")
    for sent in ({"ticket": str(wim.id)}, {"text": wim.code}):
        answer = client.post(left + "receive/", {**sent, "do": "in"}).content.decode()
        assert "Wim Elders" not in answer
        assert "Geen ticket van deze bijeenkomst" in answer
    ends = facts(wolkenwerf, here).ends
    monkeypatch.setattr(clock, "now", lambda: (ends + dt.timedelta(hours=7, minutes=1)).astimezone(dt.UTC))
    assert client.post(left + "receive/", {"text": code, "do": "in"}).status_code == 403
    assert token(wolkenwerf, noor.id)
    assert wall(1)


def test_a_desk_shows_nobody_of_another_gathering(
    wolkenwerf: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose ticket it is, is told to the desks of its own gathering alone."""
    here, there = announced(wolkenwerf), announced(wolkenwerf)
    ticket_id = registered(wolkenwerf, there, "Noor Vandamme").tickets[0]
    _secret, desk = opened(wolkenwerf, here)
    _secret, other = opened(wolkenwerf, there)
    begins = facts(wolkenwerf, here).begins
    monkeypatch.setattr(clock, "now", lambda: begins.astimezone(dt.UTC))
    assert "Noor" not in page(client, f"{desk}?t={ticket_id}")
    assert "Noor" in page(client, f"{other}?t={ticket_id}")


def test_a_preview_leads_back_and_offers_nothing_that_is_not_there_yet(wolkenwerf: Cast) -> None:
    """No calendar and no poster of a draft; where it takes place isn't said before it is known."""
    plan = dataclasses.replace(facts_plan(), where=Where())
    gathering_id = actions.draft_gathering(**act(wolkenwerf), title="Koffie", language="nl", plan=plan)
    slug = facts(wolkenwerf, gathering_id).slug
    browser = wolkenwerf.secretary.browser()
    seen = page(browser, wolkenwerf.url(f"organise/{slug}/preview/"))
    assert f'href="{wolkenwerf.url(f"organise/{slug}/")}"' in seen
    for absent in (".ics", "poster-nl.pdf", "online"):
        assert absent not in seen.split("<main")[1].split("</main")[0].replace("schema.org/OnlineEvent", ""), absent
    assert "17.00 uur," not in html.unescape(page(browser, wolkenwerf.url(f"organise/{slug}/"))).replace("\xa0", " ")


def test_what_a_session_tells_without_a_title_is_not_lost(wolkenwerf: Cast) -> None:
    """Told in French without a title there: the form asks for it, and keeps what was typed."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    told = {
        "title_nl": "Debat",
        "description_fr": "Nous parlons.",
        "format": "debate",
        "day": "13-03-2027",
        "begins": "10:00",
        "ends": "11:00",
    }
    browser = wolkenwerf.secretary.browser()
    url = wolkenwerf.url(f"organise/{slug}/sessions/new/")
    answer = browser.post(url, told).content.decode()
    assert "Geef het een titel." in answer
    assert "Nous parlons." in answer
    assert browser.post(url, {**told, "title_fr": "Débat"}).status_code == 302
