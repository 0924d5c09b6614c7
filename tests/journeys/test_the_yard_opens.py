"""The yard opens: a report in two languages, readers and helpers without an account, a debate day of a thousand."""

import concurrent.futures
import datetime as dt
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ..launch.conftest import eventually
from .conftest import Installation, Visit, day
from .visitor import Visitor
from .yard import CODE, Hours, Table, asks, linked, photo, scenario, season, this_season, ticket, with_subject

pytestmark = pytest.mark.journey

LEEN = "leen@example.org"
WERF = "/c/wolkenwerf/"
TITLE = "Onze eerste server draait"
TITRE = "Notre premier serveur tourne"
GUESTS, COME, GO = 1000, 700, 25
FORMATS = (
    ("debate", "Wie beslist er straks?", "Qui décidera demain ?", "Zaal 1"),
    ("cafe", "Wereldcafé: wat kost een wolk?", "Café du monde : combien coûte un nuage ?", "Foyer"),
    ("fishbowl", "Vissenkom: wie doet mee?", "Bocal : qui participe ?", "Zaal 2"),
    ("walk", "Wandeling langs de kabels", "Promenade le long des câbles", "Aan de poort"),
)


@pytest.fixture(scope="module")
def leen(visit: Visit) -> Visitor:
    """Return Leen's computer: she writes from the yard, and holds the debate day."""
    return visit("nl", shots="yard-")


@pytest.fixture(scope="module")
def noor(visit: Visit) -> Visitor:
    """Return Noor's phone: she reads, comments, follows and comes, on a small screen."""
    return visit("nl", phone=True, shots="yard-")


@pytest.fixture(scope="module")
def claire(visit: Visit) -> Visitor:
    """Return Claire's phone, on which JavaScript is switched off: she reads French, and translates."""
    return visit("fr", phone=True, script=False, shots="yard-noscript-")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Return what people remember from one chapter to the next."""
    return {}


# The yard opens


def test_an_initiative_with_a_name_opens_its_yard(leen: Visitor, installation: Installation) -> None:
    """For practice: so that a scenario can bring the thousand who register later. All else is as in any other."""
    leen.open(installation.first_link)
    leen.fill(given="Leen", family="Goossens", email=LEEN, language="nl")
    leen.send()
    leen.take("/new/")
    leen.fill(name="Wolkenwerf", language="nl", is_practice="on")
    leen.send()
    leen.open(WERF)
    leen.says("Wolkenwerf", "Hoe ver we staan")
    leen.follow("Over ons schrijven")
    leen.fill(
        public_nl="We maken een wolk die van haar gebruikers is, in Gent. Samen, want alleen huur je altijd.",
        public_fr="Nous faisons à Gand un nuage qui appartient à ses usagers. Ensemble, car seul on loue toujours.",
        valid_from=day(dt.datetime.now(dt.UTC).date()),
    )
    leen.send()
    leen.open(WERF)
    leen.says("een wolk die van haar gebruikers is")


def test_she_publishes_a_report_with_a_picture(leen: Visitor, tmp_path: Path) -> None:
    leen.open(f"{WERF}writing/")
    leen.take("/writing/new/")
    leen.fill(title=TITLE, language="nl")
    leen.send()
    here = leen.path
    leen.fill(
        lead="Zes mensen, één zaterdag, en een kast vol schijven.",
        done="We plaatsten **zes** servers in de kelder van de bibliotheek:\n\n- drie gekregen\n- drie gekocht",
        standing="Ze draaien sinds zondag. Er is nog geen reserve.",
        next="In het voorjaar volgt een tweede plek.",
    )
    leen.go(leen.page.locator('main button[name="do"][value="picture"]'))
    leen.fill(
        picture=str(photo(tmp_path)),
        alt_nl="Zes kasten met servers naast elkaar.",
        author="Leen Goossens",
        licence="cc_by_sa",
        caption="De kast in de kelder",
    )
    leen.send()
    assert leen.path == here, leen.text
    leen.shot("write")
    leen.go(leen.page.locator('main button[name="do"][value="publish"]'))
    leen.send()
    leen.open(f"{WERF}reports/")
    leen.follow(TITLE)
    leen.says("Leen Goossens", "CC BY-SA 4.0", "Wat we deden", "zes servers")
    leen.shot("report")


def test_the_picture_tells_nothing_of_where_it_was_taken(noor: Visitor, told: dict[str, Any]) -> None:
    noor.open(WERF)
    noor.shot("home")
    noor.follow(TITLE)
    told["report"] = noor.path
    for source in noor.page.locator("main img").evaluate_all("all => all.map(one => one.currentSrc || one.src)"):
        body = noor.page.request.get(source).body()
        shown = Image.open(io.BytesIO(body))
        assert not shown.getexif(), source
        assert b"Telefoon" not in body
    noor.shot("report")


# Fifteen minutes of help


def test_she_asks_for_a_translation(leen: Visitor) -> None:
    leen.open(f"{WERF}help/desk/translations/")
    leen.go(leen.page.locator('main button[name="want"][value$=" fr"]').first)
    leen.says("15 minuten", "0 van 1 gevonden")


def test_claire_takes_it_without_an_account(claire: Visitor, installation: Installation) -> None:
    """She has fifteen minutes and speaks French; the page of the project says so in her language."""
    claire.open(f"{WERF}help/?minutes=15&language=fr")
    claire.shot("help")
    claire.go(claire.page.locator('main a[href*="/help/"]').filter(has_text="français").first)
    claire.take("/answer/")
    claire.fill(words="Je m’en occupe ce soir.", name="Claire", email="claire@example.org", may_name="on")
    claire.send()
    claire.open(linked(installation, "claire@example.org", "/help/mine/", language="fr"))
    claire.go(claire.page.locator('main button[name="do"][value="confirm"]'))
    claire.shot("mine")
    claire.go(claire.page.locator('main a[href*="/help/mine/"]').first)
    claire.fill(
        title=TITRE,
        lead="Six personnes, un samedi, et une armoire pleine de disques.",
        done="Nous avons installé **six** serveurs dans la cave de la bibliothèque :\n\n- trois reçus\n- trois achetés",
        standing="Ils tournent depuis dimanche. Il n’y a pas encore de réserve.",
        next="Au printemps suivra un deuxième endroit.",
        caption="L’armoire dans la cave",
        alt1="Six armoires de serveurs côte à côte.",
    )
    claire.shot("translate")
    claire.send()
    claire.says("Merci")


def test_it_is_read_and_appears_with_its_translator(
    leen: Visitor, claire: Visitor, installation: Installation, told: dict[str, Any]
) -> None:
    leen.open(linked(installation, LEEN, "/translations/fr/", language="nl"))
    leen.says("Door Claire")
    leen.shot("translation-waits")
    leen.go(leen.page.locator('main button[name="do"][value="accept"]'))
    claire.open(told["report"])
    assert claire.title == TITRE
    claire.says("Claire", "six serveurs")
    assert claire.page.locator("main article[lang=fr]").count() == 1
    claire.shot("report")


# Comments


def comments(somebody: Visitor, installation: Installation, report: str, pseudonym: str, email: str, text: str) -> None:
    """Say something below the report, and press the button behind the link in one's mail."""
    somebody.open(report)
    somebody.page.wait_for_timeout(4000)  # nobody writes faster, says the page
    somebody.fill(text=text, pseudonym=pseudonym, email=email)
    somebody.shot("comment")
    somebody.send()
    somebody.open(linked(installation, email, "/comments/", language=somebody.language))
    somebody.send()


def test_readers_comment_under_a_pseudonym(
    noor: Visitor, claire: Visitor, installation: Installation, told: dict[str, Any]
) -> None:
    """One on her phone, one without JavaScript; neither appears before it was read."""
    comments(noor, installation, told["report"], "Zeemeeuw", "noor.secret@example.org", "Wie betaalt de stroom?")
    comments(claire, installation, told["report"], "Mouette", "claire.secret@example.org", "Bravo à tous !")
    noor.open(told["report"])
    assert "Wie betaalt de stroom?" not in noor.text


def test_the_first_comment_of_an_address_is_read_first(
    leen: Visitor, noor: Visitor, installation: Installation, told: dict[str, Any]
) -> None:
    leen.open(linked(installation, LEEN, "/writing/comments/", language="nl"))
    leen.says("Zeemeeuw", "Mouette")
    leen.shot("moderation")
    for _each in range(2):
        assert "secret" not in leen.page.content()
        leen.go(leen.page.locator('main button[name="do"][value="approve"]').first)
    leen.open(told["report"])
    leen.go(leen.page.locator("main .comment").filter(has_text="Zeemeeuw").get_by_role("link", name="Antwoord").first)
    leen.put("text", "De bibliotheek, tot de zomer. Daarna wij.")
    leen.send()
    noor.open(told["report"])
    noor.says("Zeemeeuw", "Wie betaalt de stroom?", "Leen Goossens", "Daarna wij.", "Bravo")
    assert "secret" not in noor.page.content()
    noor.shot("comments")


# Followers


def counted(leen: Visitor) -> tuple[int, int]:
    """Return how many follow, and how many asked and haven't confirmed."""
    leen.open(f"{WERF}followers/")
    said = " ".join(leen.page.locator("main .totals").inner_text().split())
    follow, waiting = (re.findall(f"{label} (\\d+)", said)[0] for label in ("Volgers", "nog niet bevestigd"))
    return int(follow), int(waiting)


def follows(somebody: Visitor, installation: Installation, email: str) -> None:
    """Ask to follow on the public page, with what is ticked there."""
    somebody.open(WERF)
    somebody.take("/follow/")
    somebody.fill(email=email)
    somebody.send()


def test_followers_confirm_by_mail(leen: Visitor, noor: Visitor, claire: Visitor, installation: Installation) -> None:
    """What opens links before people do confirms nobody; the button does."""
    people = ((noor, "noor@example.org"), (claire, "claire@example.org"))
    for somebody, email in people:
        follows(somebody, installation, email)
        where = linked(installation, email, "/follow/", language=somebody.language)
        with concurrent.futures.ThreadPoolExecutor(3) as scanners:
            assert {status for status, _page in scanners.map(asks, [where] * 3)} == {200}
    assert counted(leen) == (0, 2)
    for somebody, email in people:
        somebody.open(linked(installation, email, "/follow/"))
        somebody.shot("follow-confirm")
        somebody.send()
        somebody.shot("preferences")
    assert counted(leen) == (2, 0)


def test_a_list_of_before_comes_along(leen: Visitor, tmp_path: Path) -> None:
    """Two hundred who signed on paper at the market, each with the day on which they did."""
    file = tmp_path / "markt.csv"
    rows = (f"markt{number}@example.org;Iemand {number};{('nl', 'fr')[number % 2]};12-09-2025" for number in range(200))
    file.write_text("\n".join(("e-mail;naam;taal;datum", *rows)), encoding="utf-8")
    leen.open(f"{WERF}followers/")
    leen.take("/bring/")
    leen.fill(file=str(file), source="Inschrijflijst op de markt van 12 september 2025", agreed="on")
    leen.page.locator('main [name="topics"][value="news"]').check()
    leen.send()
    assert counted(leen) == (202, 0)
    leen.shot("followers")


# The roadmap


def test_the_roadmap_slips_a_season_and_says_so(
    leen: Visitor, noor: Visitor, claire: Visitor, told: dict[str, Any]
) -> None:
    """What was promised stays beside what became of it, with why; another step is done, and one sees by what."""
    now = this_season()
    (this, soon), (then, later) = season(now), season(now + 1)
    for title, titre in (
        ("Een tweede plek", "Un deuxième endroit"),
        ("De eerste server draait", "Le premier serveur tourne"),
    ):
        leen.open(f"{WERF}roadmap/desk/")
        leen.take("/desk/new/")
        leen.fill(title_nl=title, title_fr=titre, **this)
        leen.send()
        leen.take("/promise/")
        leen.send()
        if title == "Een tweede plek":
            leen.take("/move/")
            leen.fill(because_nl="De kelder is nog nat.", because_fr="La cave est encore humide.", **then)
            leen.send()
            leen.says("De kelder is nog nat.")
        else:
            leen.take("/done/")
            leen.fill(title="Ons eerste verslag", url=f"{leen.url}{told['report']}", kind="report")
            leen.send()
    noor.open(f"{WERF}roadmap/")
    noor.says(f"beloofd voor {soon}, nu voor {later}", "De kelder is nog nat.", f"verplaatst naar {later}")
    noor.says(f"beloofd voor {soon}, klaar", "Ons eerste verslag")
    noor.shot("roadmap")
    claire.open(f"{WERF}roadmap/")
    claire.says("Un deuxième endroit", "La cave est encore humide.")
    claire.shot("roadmap")


# The debate day


def test_a_debate_day_is_announced(leen: Visitor, told: dict[str, Any]) -> None:
    """A welcome for all, then four formats at the same time, of which people choose one."""
    before = time.monotonic()
    leen.open(f"{WERF}organise/")
    leen.take("/organise/new/")
    a_page = (time.monotonic() - before) / 2
    # Nobody announces what has begun; where pages are slow, it begins later.
    hours = Hours.from_now(60 + 40 * a_page)
    told["begins"] = hours.begins
    leen.page.locator('main [name="languages"][value="fr"]').check()
    leen.fill(
        title="Debatdag: van wie is de wolk?",
        kind="debate",
        day=day(hours.begins.date()),
        begins=hours.part(0),
        ends=hours.part(1),
        zone=hours.zone,
        town="Gent",
        address="De Werkhal, Dok-Noord 4",
        capacity=str(GUESTS + 2),
        new_series="Debatten van 2026",
        programme="WERF-1",
    )
    leen.send()
    told["organise"] = home = leen.path
    told["gathering"] = home.replace("/organise/", "/gatherings/")
    for code, title, lead, access in (
        ("nl", "Debatdag: van wie is de wolk?", "Een dag over wie beslist, voor iedereen.", "Lift aan de poort."),
        ("fr", "Journée de débat : à qui est le nuage ?", "Une journée sur qui décide.", "Ascenseur à l’entrée."),
    ):
        leen.open(f"{home}texts/{code}/")
        leen.fill(title=title, lead=lead, access=access)
        leen.send()
    for form, title, titre, room in (("plenary", "Welkom", "Accueil", "Grote zaal"), *FORMATS):
        leen.take("/sessions/new/")
        leen.fill(title_nl=title, title_fr=titre, format=form, room=room, begins=hours.part(0.25), ends=hours.part(0.9))
        if form == "plenary":
            leen.fill(begins=hours.part(0), ends=hours.part(0.25), is_for_all="on")
        else:
            leen.fill(capacity="300")
        leen.send()
    links = leen.page.locator('main a[href*="/sessions/"]').evaluate_all("all => all.map(one => one.pathname)")
    told["sessions"] = [one.split("/")[-2] for one in links if not one.endswith("/new/")][1:]
    assert len(told["sessions"]) == 4
    leen.shot("organise")
    leen.take("/become/announce/")
    leen.send()
    _status, calendar = asks(f"{leen.url}{told['gathering']}calendar.ics")
    told["id"] = re.findall(r"UID:([0-9a-f-]{36})@", calendar)[0]


def test_who_follows_hears_of_it(installation: Installation) -> None:
    for address in ("noor@example.org", "claire@example.org"):
        assert linked(installation, address, "/gatherings/")
    assert not installation.mailbox.to("markt0@example.org")  # agreed to newsletters only


def registers(somebody: Visitor, installation: Installation, told: dict[str, Any], name: str, email: str) -> None:
    """Register and choose a session; press the button behind the link in one's mail."""
    somebody.open(told["gathering"])
    somebody.shot("gathering")
    somebody.take("/register/")
    somebody.fill(name=name, email=email, slot0=told["sessions"][1])
    somebody.shot("register")
    somebody.send()
    somebody.open(linked(installation, email, "/registration/", language=somebody.language))
    somebody.go(somebody.page.locator('main button[name="do"][value="confirm"]'))
    somebody.shot("ticket")
    assert CODE.search(somebody.text)


def test_noor_and_claire_register(
    noor: Visitor, claire: Visitor, installation: Installation, told: dict[str, Any]
) -> None:
    registers(noor, installation, told, "Noor Vandamme", "noor@example.org")
    registers(claire, installation, told, "Claire Lambotte", "claire@example.org")


def test_a_thousand_register(leen: Visitor, installation: Installation, told: dict[str, Any], tmp_path: Path) -> None:
    """Played, two crowds at once: each line is the act behind a button, by somebody else."""

    def played(crowd: int) -> list[Any]:
        file = tmp_path / f"crowd-{crowd}.jsonl"
        file.write_text(scenario(told["id"], told["sessions"], range(crowd, GUESTS, 2), LEEN), encoding="utf-8")
        done = installation.command("play", str(file), "--coop", "wolkenwerf", "--stop", seconds=400)
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
        return [json.loads(one)["result"] for one in done.stdout.splitlines()]

    with concurrent.futures.ThreadPoolExecutor(2) as players:
        results = [result for crowd in players.map(played, range(2)) for result in crowd]
    assert results[1::2] == ["seated"] * GUESTS
    leen.open(told["organise"])
    leen.says("1.002", "van 1.002 plaatsen")
    leen.open(f"{told['organise']}people/")


def test_who_comes_later_waits(visit: Visit, told: dict[str, Any]) -> None:
    somebody = visit("nl", phone=True, shots="yard-late-")
    somebody.open(f"{told['gathering']}register/")
    somebody.says("wachtlijst")


def test_three_desks_open(leen: Visitor, told: dict[str, Any]) -> None:
    for name in ("Linkerdeur", "Rechterdeur", "Achterdeur"):
        leen.open(f"{told['organise']}desks/")
        leen.fill(name=name)
        leen.go(leen.page.get_by_role("button", name="Openen", exact=True).first)
    leen.shot("desks")
    found = leen.page.locator('main a[href*="/desk/"]').evaluate_all("all => all.map(one => one.href)")
    told["desks"] = sorted(set(found))
    assert len(told["desks"]) == 3


def test_seven_hundred_come_in_at_three_desks_at_once(
    leen: Visitor, visit: Visit, installation: Installation, told: dict[str, Any]
) -> None:
    """Each with the code in their mail; some hold it before two desks at the same moment, and come in once."""
    guests = [f"gast{number}@example.org" for number in range(COME)]
    codes = [ticket(installation, address) for address in guests]
    assert len(set(codes)) == COME
    twice = codes[:20]
    queues = [[*codes[desk::3], *twice] for desk in range(3)]

    def desk(where: str, queue: list[str]) -> int:
        with Table(where) as table:
            return sum(table.receives(code) for code in queue)

    with concurrent.futures.ThreadPoolExecutor(3) as desks:
        assert sum(desks.map(desk, told["desks"], queues)) == COME
    with Table(told["desks"][0]) as out:
        assert sum(out.receives(code, "out") for code in codes[:GO]) == GO
        assert not out.receives(codes[0], "out")
    helper = visit("nl", phone=True, shots="yard-desk-")
    helper.open(told["desks"][1])
    helper.put("text", "noo")
    helper.go(helper.page.locator("main .desk-find button[value=in]"))
    helper.go(helper.page.locator("main .guest button[value=in]").first)
    helper.says("Noor Vandamme", "Is binnen")
    helper.page.wait_for_timeout(2100)  # for so long a desk shows the same count
    helper.open(told["desks"][1])
    helper.says(f"{COME + 1 - GO} binnen", f"{COME + 1} gekomen")
    helper.shot("in")


def test_its_report_says_what_was_taken_up(leen: Visitor, noor: Visitor, claire: Visitor, told: dict[str, Any]) -> None:
    eventually(lambda: dt.datetime.now(dt.UTC) >= told["begins"], 400)
    leen.open(told["organise"])
    leen.says(str(COME + 1), "Gekomen")
    leen.take("/become/held/")
    leen.send()
    for theme, nl, fr, fate, reply, reponse in (
        (
            "Wie beslist",
            "Eén mens, één stem, ook over de servers.",
            "Une personne, une voix, aussi pour les serveurs.",
            "taken_up",
            "Artikel 12 van de statuten.",
            "L’article 12 des statuts.",
        ),
        (
            "Geld",
            "Maak het gratis voor wie wacht op werk.",
            "Que ce soit gratuit pour qui cherche du travail.",
            "not_taken",
            "Omdat de stroom betaald moet worden.",
            "Parce que l’électricité doit être payée.",
        ),
    ):
        leen.open(f"{told['organise']}heard/new/")
        leen.fill(theme=theme, text_nl=nl, text_fr=fr, voices="12", fate=fate, answer_nl=reply, answer_fr=reponse)
        leen.send()
    for code, text in (("nl", "We waren met **701**, in vier vormen."), ("fr", "Nous étions **701**.")):
        leen.open(f"{told['organise']}report/{code}/")
        leen.put("text", text)
        leen.send()
    noor.open(told["gathering"])
    noor.take("/heard/")
    noor.says("Mensen 701", "Eén mens, één stem", "Opgenomen", "Artikel 12", "Niet opgenomen", "Omdat de stroom")
    noor.shot("heard")
    claire.open(f"{told['gathering']}heard/")
    claire.says("Une personne, une voix", "L’article 12 des statuts.")
    claire.shot("heard")
    leen.open(f"{WERF}organise/")
    leen.says("Debatten van 2026", "701")


# The newsletter


def letter(leen: Visitor, subject: str, sujet: str) -> None:
    """Write a newsletter in two languages, and send it to who follows."""
    leen.open(f"{WERF}newsletters/")
    leen.send()
    home = leen.path
    for code, words, text in (
        ("nl", subject, "Dag,\n\n# De debatdag\n\nWe waren met **701**. Lees wat we hoorden."),
        ("fr", sujet, "Bonjour,\n\n# La journée de débat\n\nNous étions **701**."),
    ):
        leen.open(f"{home}texts/{code}/")
        leen.fill(subject=words, text=text)
        leen.send()
    leen.open(f"{home}audience/")
    leen.page.locator('main [name="audiences"][value="followers"]').check()
    leen.put("reply_to", LEEN)
    leen.send()
    leen.shot("newsletter")
    leen.take("/send/")
    leen.send()


READERS = ["noor@example.org", "claire@example.org", *(f"markt{number}@example.org" for number in range(200))]


def test_the_newsletter_goes_out(leen: Visitor, visit: Visit, installation: Installation) -> None:
    """To each of them once, in their language, and to nobody else."""
    letter(leen, "Wat we hoorden", "Ce que nous avons entendu")
    subjects = {"nl": "Wat we hoorden", "fr": "Ce que nous avons entendu"}
    eventually(lambda: all(any(with_subject(installation, one, each) for each in subjects.values()) for one in READERS))
    for number, address in enumerate(READERS):
        language = ("nl", "fr")[number % 2]
        (mail,) = with_subject(installation, address, subjects[language])
        assert mail.language == language
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    everybody = [one for one in installation.mailbox.all() if one.subject in subjects.values()]
    assert len(everybody) == len(READERS)
    reader = visit("fr", shots="yard-")
    reader.open(f"{WERF}news/")
    reader.follow("Ce que nous avons entendu")
    reader.shot("news")


def test_one_reader_leaves_in_one_click(leen: Visitor, noor: Visitor, installation: Installation) -> None:
    """Her mail program sends one POST, without a page or a cookie; what only opens the link takes nobody out."""
    (mail,) = with_subject(installation, "noor@example.org", "Wat we hoorden")
    where = re.findall(r"<(http[^>]+)>", str(mail.message["List-Unsubscribe"]))[0]
    assert [asks(where)[0] for _scanner in range(3)] == [200] * 3
    assert counted(leen) == (202, 0)
    status, _page = asks(where, "POST", "List-Unsubscribe=One-Click")
    assert status == 200
    assert counted(leen) == (201, 0)
    noor.open(where)
    noor.says("Je bent gestopt")
    noor.shot("left")
    letter(leen, "Nog iets", "Encore une chose")
    eventually(lambda: all(with_subject(installation, one, "Nog iets") for one in READERS[2::2]), 60)
    assert not with_subject(installation, "noor@example.org", "Nog iets")
