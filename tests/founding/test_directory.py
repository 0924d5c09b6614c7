"""Projects that want to be found, told alike, searched in three languages; and who supports them."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext

from coopwerf.coops import actions as coops
from coopwerf.coops.states import Stage
from coopwerf.documents.states import Licence
from coopwerf.founding import actions, queries
from coopwerf.founding.actions import PartnerTerms, Profile
from coopwerf.founding.models import DirectoryEntry, Partner, Project
from coopwerf.founding.queries import ProjectWords, Search
from coopwerf.founding.states import ConsentWay, PartnerKind, StageGroup
from coopwerf.founding.web.selects import QuickSelect
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, TODAY, Cast, Person, make_person
from tests.documents.photos import photo
from tests.pages import Walker

from .building import act, called, listed, promised
from .reporting import published

pytestmark = pytest.mark.django_db


def found(text: str = "", **other: Any) -> list[str]:
    """Return the names of the projects that somebody finds, outside any co-operative."""
    return [one.name for one in queries.projects(Search(text=text, **other))]


def listed_by(cast: Cast, **other: Any) -> None:
    """List a project that its chair keeps."""
    told = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    actions.write_profile(**told, profile=Profile(**other))
    actions.list_project(**told)


@pytest.fixture
def both(wolkenwerf: Cast, nederwerf: Cast) -> tuple[Cast, Cast]:
    """Return Wolkenwerf and Nederwerf, both listed."""
    listed(wolkenwerf)
    texts = {
        "nl": ProjectWords("Zonnepanelen op het dak van de school, voor alle buren.", "Een dak"),
        "en": ProjectWords("Solar panels on the roof of the school.", ""),
    }
    listed_by(nederwerf, themes=("energy",), region="NL-UT", texts=texts)
    return wolkenwerf, nederwerf


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("zonnepaneel", ["Nederwerf"]), ("ZONNEP", ["Nederwerf"]), ("roofs", ["Nederwerf"]),
        ("réunions", ["Wolkenwerf"]), ("reunion", ["Wolkenwerf"]), ("énergie", ["Nederwerf"]),
        ("Energy", ["Nederwerf"]), ("Bruxelles", ["Wolkenwerf"]), ("brus", ["Wolkenwerf"]), ("utrecht", ["Nederwerf"]),
        ("werf", []), ("wolken", ["Wolkenwerf"]), ("dienst beslist", ["Wolkenwerf"]), ("dienst school", []),
        ("coöperatie", ["Nederwerf", "Wolkenwerf"]), ("!!!", []), ("' OR 1=1 --", []), (":* & | !", []),
        ("\u0000", []), ("(", []), ("", ["Nederwerf", "Wolkenwerf"]),
    ],
)  # fmt: skip
def test_words_are_found_in_three_languages(both: tuple[Cast, Cast], text: str, names: list[str]) -> None:
    """By the rules of each language, by their beginning, without accents; signs of machines mean nothing."""
    assert sorted(found(text)) == names
    assert Client().get("/projects/", {"q": text}).status_code == 200


@pytest.mark.parametrize("value", [None, "", "BE", "b&c", "unknown"])
def test_a_quick_choice_is_drawn_as_djangos_own(value: str | None) -> None:
    """With its groups, what is chosen, and signs of markup as words."""
    choices = [("", "All <of> it"), ("BE", "Belgium"), ("More", [("b&c", "B & C"), ("d", "<b>D</b>")])]
    drawn, own = (kind(choices=choices).render("q", value, {"id": "id_q"}) for kind in (QuickSelect, forms.Select))
    assert parse_html(drawn) == parse_html(own)
    assert drawn.count("<option") == 4


def test_filters_by_theme_region_and_stage(both: tuple[Cast, Cast]) -> None:
    """A whole country too; together they narrow."""
    assert found(theme="energy") == ["Nederwerf"]
    assert found(region="BE") == ["Wolkenwerf"]
    assert found(region="NL-UT", theme="energy") == ["Nederwerf"]
    assert found(region="NL-UT", theme="digital") == []
    assert found(group=StageGroup.COOPERATIVE) == ["Nederwerf", "Wolkenwerf"]
    assert found(group=StageGroup.INITIATIVE) == []
    for query in ("theme=x", "region=XX", "stage=%27", "page=9999", "page=-1", "q=" + "x" * 5000):
        assert Client().get(f"/projects/?{query}").status_code == 200, query


def test_a_project_chooses_to_be_listed(wolkenwerf: Cast) -> None:
    """Before it does, and after it left, nothing of it can be read from outside, by whatever connection."""
    actions.write_profile(**act(wolkenwerf), profile=Profile(themes=("digital",), region="BE-BRU"))
    with pytest.raises(Refused, match="profile_untold") as refusal:
        actions.list_project(**act(wolkenwerf))
    assert "in Dutch" in refusal.value.message
    assert Client().get(wolkenwerf.url("project/")).status_code == 404
    listed(wolkenwerf)
    assert Client().get(wolkenwerf.url("project/")).status_code == 200
    assert DirectoryEntry.objects.count() == 1
    assert Project.objects.count() == 0, "the profile itself is read inside only"
    actions.unlist_project(**act(wolkenwerf))
    assert DirectoryEntry.objects.count() == 0
    assert found() == []
    assert Client().get(wolkenwerf.url("project/")).status_code == 404


def test_a_listed_profile_stays_whole(wolkenwerf: Cast) -> None:
    """What is listed can't lose what makes it comparable; it can leave the directory first."""
    listed(wolkenwerf)
    with pytest.raises(Refused, match="profile_lacks"):
        actions.write_profile(**act(wolkenwerf), profile=Profile(texts={"nl": ProjectWords("Kort.")}, region="BE-BRU"))
    assert found("wolken") == ["Wolkenwerf"]


def test_a_stage_that_is_reached_shows_at_once(person: Any) -> None:
    """An initiative that becomes an association is found as one; one for practice is never listed."""
    founder: Person = person("Jana", "De Wit")
    coop = coops.found_coop(actor=founder.actor, now=NOW, name="Jonge werf", language="nl")
    mine = {"actor": founder.actor, "now": NOW, "coop_id": coop.id}
    words = {"nl": ProjectWords("Wij beginnen.")}
    actions.write_profile(**mine, profile=Profile(themes=("food",), region="BE-VOV", texts=words))
    actions.list_project(**mine)
    assert found(group=StageGroup.INITIATIVE) == ["Jonge werf"]
    coops.change_stage(**mine, stage=Stage.ASSOCIATION, valid_from=TODAY)
    assert found(group=StageGroup.ASSOCIATION) == ["Jonge werf"]
    coops.mark_practice(**mine)
    assert found() == []
    assert queries.count_projects(Search()) == 0


def test_figures_about_people_are_told_from_five_on(wolkenwerf: Cast) -> None:
    """Members and their capital, if the project wants that, and only when nobody can guess who."""
    from tests.capital.offering import with_shares
    from tests.house.pages import _members

    with_shares(wolkenwerf)
    _members(wolkenwerf, 4)
    listed(wolkenwerf, shows_members=True, shows_capital=True)
    (few,) = queries.projects(Search())
    assert (few.members, few.capital) == (None, None)
    _members(wolkenwerf, 1)
    actions.refresh_entry(**act(wolkenwerf))
    (enough,) = queries.projects(Search())
    assert enough.members == 5
    assert enough.capital is not None
    assert enough.capital >= Decimal(0)
    listed(wolkenwerf)
    (closed,) = queries.projects(Search())
    assert (closed.members, closed.capital) == (None, None)


def test_funders_get_a_table_in_their_language(both: tuple[Cast, Cast]) -> None:
    """The same columns for all, the same filters as the page, and no cell that acts as a formula."""
    listed(both[0], texts={"nl": ProjectWords("=cmd|' /C calc'!A0", "")})
    answer = Client(headers={"accept-language": "fr"}).get("/projects/compare.csv?region=BE")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["Nom", "Adresse de la page", "Étape", "Forme légale", "Région"]
    assert len(rows) == 2
    assert rows[1][0] == "Wolkenwerf"
    assert rows[1][4] == "Bruxelles"
    assert not any(cell.startswith("=") for cell in rows[1])


def test_a_few_projects_stand_beside_each_other(both: tuple[Cast, Cast]) -> None:
    """The same questions for each, what isn't told is a dash, who isn't listed isn't there, and four are the most."""
    browser = Client(headers={"accept-language": "nl"})
    assert browser.get("/projects/").content.decode().count('name="project"') == 2
    page = browser.get("/projects/compare/?project=nederwerf&project=wolkenwerf&project=nobody").content.decode()
    assert page.index(">Nederwerf<") < page.index(">Wolkenwerf<")
    assert ">nobody<" not in page
    for told in ("Nog geen verslag", "Utrecht", "Brussel", "Zonnepanelen op het dak van de school"):
        assert told in page, told
    assert "meer passen er niet" not in page
    many = browser.get("/projects/compare/?" + "&".join(f"project=p{number}" for number in range(9)))
    assert "Geen project gekozen" in many.content.decode()
    assert "meer passen er niet" in many.content.decode()
    assert "Geen project gekozen" in browser.get("/projects/compare/").content.decode()


def test_the_directory_tells_how_much_a_project_tells(wolkenwerf: Cast) -> None:
    """A report counts from the moment it can be read, with its day; one that is taken back doesn't."""
    listed(wolkenwerf)
    browser = Client(headers={"accept-language": "nl"})

    def counted() -> tuple[int, dt.date | None]:
        (one,) = queries.projects(Search())
        return one.reports, one.last_report_on

    assert counted() == (0, None)
    published(wolkenwerf)
    second = published(wolkenwerf, now=NOW + dt.timedelta(days=9))
    assert counted() == (2, TODAY + dt.timedelta(days=9))
    said = "2 verslagen, het laatste van 2\u00a0december\u00a02026"
    assert said in browser.get("/projects/").content.decode()
    assert said in browser.get(wolkenwerf.url("project/")).content.decode()
    actions.take_back_report(**act(wolkenwerf), report_id=second, reason="Het was nog niet klaar.")
    assert counted() == (1, TODAY)
    rows = list(csv.reader(io.StringIO(browser.get("/projects/compare.csv").content.decode("utf-8-sig"))))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["Verslagen"], told["Laatste verslag"]) == ("1", "2026-11-23")


def test_a_page_of_the_directory_asks_few_questions(both: tuple[Cast, Cast]) -> None:
    """As many for two projects as for thirty."""
    with CaptureQueriesContext(connection) as few:
        Client().get("/projects/")
    for number in range(30):
        founder = make_person("Founder", email=f"f{number}@example.org")
        coop = coops.found_coop(actor=founder.actor, now=NOW, name=f"Werf {number:02}", language="nl")
        mine = {"actor": founder.actor, "now": NOW, "coop_id": coop.id}
        words = {"nl": ProjectWords(f"Nummer {number}.")}
        actions.write_profile(**mine, profile=Profile(themes=("food",), region="BE-VOV", texts=words))
        actions.list_project(**mine)
    with CaptureQueriesContext(connection) as many:
        page = Client().get("/projects/").content.decode()
    assert len(many) <= len(few) <= 6
    assert page.count('<li class="card') == 24
    assert "Werf 23" in Client().get("/projects/?page=2").content.decode()


def test_a_profile_is_written_by_its_page(wolkenwerf: Cast) -> None:
    """What it lacks is said, then it is listed by a button, and everybody reads it in their language."""
    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(wolkenwerf.url("project/desk/"))
    dirk.says("Dit project staat niet in de gids", "In het profiel ontbreekt het thema")
    dirk.send(about_nl="Mail van onszelf.", themes=["digital"], region="BE-BRU", people="6", since="1-3-2021")
    dirk.says("Het profiel is bewaard")
    dirk.send("listing/", button=("listed", "yes"))
    dirk.says("Iedereen vindt dit project in de gids")
    visitor = Walker(Client(headers={"accept-language": "fr"}), "fr")
    visitor.open("/projects/?q=courriel")
    visitor.says("Aucun projet trouvé")
    visitor.open("/projects/?q=mail&theme=digital")
    visitor.says("1 projet", "Wolkenwerf", "Bruxelles", "Numérique et internet")
    visitor.open(visitor.links("/project/")[0])
    visitor.says("Bruxelles", "Numérique et internet")
    assert 'lang="nl">Mail van onszelf.' in visitor.page


# Partners


def partner(cast: Cast, name: str = "Gemeente Evere", **other: Any) -> Any:
    """Write down a partner that agreed to be named."""
    told: dict[str, Any] = {
        "kind": PartnerKind.PUBLIC,
        "since": dt.date(2025, 1, 1),
        "agreed_on": dt.date(2025, 2, 1),
        "agreed_how": ConsentWay.MAIL,
        "agreed_by": "Mevrouw Peeters",
        "role": {"nl": "Leent een zaal."},
    }
    return actions.write_partner(**act(cast), terms=PartnerTerms(name=name, **{**told, **other}))


def test_a_partner_is_named_once_it_agreed(wolkenwerf: Cast) -> None:
    """Who agreed there, when and how is kept, and is nobody else's; who left is named as such."""
    partner(wolkenwerf)
    partner(wolkenwerf, "Fonds Zonder Ja", agreed_on=None, agreed_how=None, agreed_by="")
    partner(wolkenwerf, "Vroegere Vriend", until=dt.date(2026, 1, 1))
    page = Client(headers={"accept-language": "nl"}).get(wolkenwerf.url("partners/")).content.decode()
    for told in ("Gemeente Evere", "Leent een zaal.", "Vroegere Vriend"):
        assert told in page
    assert page.index("Gemeente Evere") < page.index("Vroegere Vriend")
    for hidden in ("Fonds Zonder Ja", "Mevrouw Peeters"):
        assert hidden not in page
    desk = wolkenwerf.director.browser().get(wolkenwerf.url("partners/desk/")).content.decode()
    assert "Fonds Zonder Ja" in desk


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"url": "javascript:alert(1)"}, "url_wrong"), ({"agreed_how": None}, "consent_half"),
        ({"agreed_on": None}, "consent_half"), ({"since": dt.date(2030, 1, 1)}, "day_ahead"),
        ({"until": dt.date(2024, 1, 1)}, "until_before"), ({"name": " "}, "partner_empty"),
        ({"agreed_on": dt.date(2030, 1, 1)}, "day_ahead"),
    ],
)  # fmt: skip
def test_what_a_partner_must_be(wolkenwerf: Cast, terms: dict[str, Any], code: str) -> None:
    """A script, half a consent, tomorrow and an end before the beginning are refused."""
    with pytest.raises(Refused, match=code):
        partner(wolkenwerf, **{"name": "Gemeente Evere", **terms})
    with tenant(wolkenwerf.id):
        assert Partner.objects.count() == 0


def test_partners_are_kept_by_their_page(wolkenwerf: Cast) -> None:
    """Added, mended, taken off."""
    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(wolkenwerf.url("partners/desk/new/"))
    dirk.send(name="Bank van Morgen", kind="fund", since="1-2-2026", role_nl="Geeft een lening.")
    dirk.says("Bank van Morgen", "nog niet")
    dirk.open(next(link for link in dirk.links("partners/desk/") if len(link.split("/")[-2]) == 36))
    dirk.send(agreed_on="3-2-2026", agreed_how="letter", agreed_by="Piet")
    dirk.says("03-02-2026 , per brief")
    dirk.open(dirk.links("/remove/")[0])
    dirk.send("remove/")
    with tenant(wolkenwerf.id):
        assert Partner.objects.count() == 0


def test_nobody_else_keeps_them(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Another co-operative's chair changes nothing here, and finds nothing of here there."""
    kept = partner(wolkenwerf)
    theirs = {"actor": nederwerf.chair.actor, "now": NOW}
    with pytest.raises(Refused, match="lacks_power"):
        actions.remove_partner(**theirs, coop_id=wolkenwerf.id, partner_id=kept)
    with pytest.raises(Refused, match="partner_gone"):
        actions.remove_partner(**theirs, coop_id=nederwerf.id, partner_id=kept)
    with pytest.raises(Refused, match="lacks_power"):
        actions.list_project(**theirs, coop_id=wolkenwerf.id)


def test_the_first_page_leads_to_what_there_is(wolkenwerf: Cast) -> None:
    """To nothing that is empty."""
    links = ("partners/", "roadmap/", "help/", "project/")

    def led() -> list[str]:
        page = Client().get(wolkenwerf.url()).content.decode()
        return [rest for rest in links if f'href="{wolkenwerf.url(rest)}"' in page]

    assert led() == []
    partner(wolkenwerf)
    promised(wolkenwerf)
    assert led() == ["partners/", "roadmap/"]
    listed(wolkenwerf)
    called(wolkenwerf)
    assert led() == list(links)


def logo(cast: Cast, partner_id: Any, **other: Any) -> Any:
    """Bring the logo of a partner."""
    told = {
        **act(cast),
        "content": photo(800, 300),
        "author": "Gemeente Evere",
        "licence": Licence.PERMISSION,
        "texts": {"nl": "Logo van de gemeente Evere"},
    }
    return actions.bring_logo(partner_id=partner_id, **{**told, **other})


def test_the_logo_of_a_partner_is_shown_once_it_agreed(wolkenwerf: Cast, zonnewerf: Cast) -> None:
    """With what is seen on it and whose it is; before, the picture is nobody's, and of another co-operative never."""
    waits = partner(wolkenwerf, "Fonds Zonder Ja", agreed_on=None, agreed_how=None, agreed_by="")
    named = partner(wolkenwerf)
    hidden, shown = logo(wolkenwerf, waits), logo(wolkenwerf, named)
    visitor = Client(headers={"accept-language": "nl"})
    page = visitor.get(wolkenwerf.url("partners/")).content.decode()
    assert 'alt="Logo van de gemeente Evere"' in page
    assert "Beeld: Gemeente Evere" in page
    assert page.count("<img") == 1
    assert visitor.get(wolkenwerf.url(f"pictures/{shown}/480.webp")).status_code == 200
    assert visitor.get(wolkenwerf.url(f"pictures/{hidden}/480.webp")).status_code == 404
    assert wolkenwerf.director.browser().get(wolkenwerf.url(f"pictures/{hidden}/480.webp")).status_code == 200
    with pytest.raises(Refused, match=r"founding\.partner_gone"):
        logo(wolkenwerf, named, actor=zonnewerf.chair.actor, coop_id=zonnewerf.id)
    with pytest.raises(Refused, match=r"documents\.picture_untold"):
        logo(wolkenwerf, named, texts={})


def test_another_logo_takes_the_place_of_the_first_and_both_go_with_the_partner(wolkenwerf: Cast) -> None:
    """The files of what isn't shown any more are gone at once."""
    partner_id = partner(wolkenwerf)
    first = logo(wolkenwerf, partner_id)
    second = logo(wolkenwerf, partner_id)
    visitor = Client()
    assert visitor.get(wolkenwerf.url(f"pictures/{first}/480.webp")).status_code == 404
    assert visitor.get(wolkenwerf.url(f"pictures/{second}/480.webp")).status_code == 200
    actions.remove_partner(**act(wolkenwerf), partner_id=partner_id)
    assert visitor.get(wolkenwerf.url(f"pictures/{second}/480.webp")).status_code == 404
    with tenant(wolkenwerf.id):
        assert not Partner.objects.exists()


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a<script>"])
def test_what_is_no_picture_is_no_logo(wolkenwerf: Cast, content: bytes) -> None:
    """The form comes back with a sentence; a picture is shown beside the form, and taken away by a button."""
    partner_id = partner(wolkenwerf)
    dirk, here = wolkenwerf.director.browser(), wolkenwerf.url(f"partners/desk/{partner_id}/logo/")
    told = {"author": "Evere", "licence": "permission", "alt_nl": "Logo"}
    answer = dirk.post(here, {**told, "picture": SimpleUploadedFile("logo.png", content)})
    assert answer.status_code == 200
    assert "field--error" in answer.content.decode()
    with tenant(wolkenwerf.id):
        known = queries.partner(wolkenwerf.id, partner_id)
    assert known is not None
    assert known.logo is None
    assert dirk.post(here, {**told, "picture": SimpleUploadedFile("logo.jpg", photo())}).status_code == 302
    page = dirk.get(wolkenwerf.url(f"partners/desk/{partner_id}/")).content.decode()
    assert 'alt="Logo"' in page
    assert dirk.post(f"{here}away/").status_code == 302
    assert "<img" not in dirk.get(wolkenwerf.url(f"partners/desk/{partner_id}/")).content.decode()
