"""The pages of one's own data: seen, mended, downloaded, erased; and acting for others."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from coopwerf.people import actions, queries, tasks
from coopwerf.people.models import DataRequest, PartyName, Representation
from coopwerf.people.states import LINK_SALT, WAITING
from coopwerf.register import queries as registers
from tests.cast import TODAY, Cast, MakePerson, Person

from .test_erasure import everywhere, list_place, member

__all__ = ["list_place"]
pytestmark = pytest.mark.django_db
DATA = "/me/data/"


def text_of(client: Client, path: str) -> str:
    """Return a page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def downloaded(browser: Client) -> dict[str, str]:
    """Return the texts in what somebody downloads."""
    answer = browser.post("/me/data/download/")
    assert answer.headers["Content-Type"] == "application/zip"
    content = answer.getvalue()
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("data.")}


def mailed_link() -> str:
    """Return the path of the link in the latest mail."""
    found = re.search(r"/me/data/erase/\S+/", Mail.objects.latest("made_at").text)
    assert found
    return found[0]


def test_jonas_reads_confirms_waits_and_is_gone(
    person: MakePerson, wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before he confirms he reads what stays and by which article; a week later the task does it."""
    jonas = person("Jonas", "Vandewalle", language="en")
    member(wolkenwerf, jonas)
    browser = jonas.browser()
    page = text_of(browser, "/me/data/erase/")
    for words in ("What goes", "your e-mail address", "Wolkenwerf", "number 1", "WVV/CSA 6:24", "10 years"):
        assert words in page
    assert browser.post("/me/data/erase/", follow=True).redirect_chain == [(DATA, 302)]
    link = mailed_link()
    page = text_of(browser, link)
    assert "Erase the data of Jonas Vandewalle on" in page
    assert "WVV/CSA 6:24" in page
    asked = queries.asked_erasure(jonas.party_id)
    assert asked is not None
    assert asked.due_at is None, "opening the link changes nothing"
    assert "I have read" in browser.post(link).content.decode(), "without the tick nothing is confirmed"
    assert "Everything is erased on" in browser.post(link, {"sure": "on"}, follow=True).content.decode()
    assert "we don't know your address any more" in Mail.objects.latest("made_at").text
    tasks.erase_due(0)
    assert not queries.particulars_of(jonas.party_id, TODAY).is_erased
    later = clock.now() + WAITING + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    tasks.erase_due(0)
    assert queries.particulars_of(jonas.party_id, TODAY).is_erased
    assert everywhere("jonas@example.org") == []
    assert browser.get(DATA).status_code == 302, "his session is gone"
    assert DataRequest.objects.get(party_id=jonas.party_id).state == "done"


def test_it_can_be_taken_back_until_the_day(person: MakePerson) -> None:
    """Asked, confirmed, withdrawn; and the old link doesn't confirm a later request."""
    jonas = person("Jonas", "Vandewalle", language="en")
    browser = jonas.browser()
    browser.post("/me/data/erase/")
    link = mailed_link()
    browser.post(link, {"sure": "on"})
    assert "Taken back: nothing is erased." in browser.post("/me/data/erase/withdraw/", follow=True).content.decode()
    assert queries.asked_erasure(jonas.party_id) is None
    browser.post("/me/data/erase/")
    assert browser.get(link).status_code == 404
    assert browser.post(link, {"sure": "on"}).status_code == 404
    asked = queries.asked_erasure(jonas.party_id)
    assert asked is not None
    assert asked.due_at is None


def test_nobody_else_confirms_it(person: MakePerson, wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """The link in another's hands, an old one and a made-up one are of no use; a visitor is asked to sign in."""
    jonas = person("Jonas", "Vandewalle")
    jonas.browser().post("/me/data/erase/")
    link = mailed_link()
    for other in (stranger, nederwerf.chair, wolkenwerf.secretary):
        assert other.browser().get(link).status_code == 404
        assert other.browser().post(link, {"sure": "on"}).status_code == 404
    assert Client().get(link).status_code == 302
    asked = queries.asked_erasure(jonas.party_id)
    assert asked is not None
    old = signing.dumps([str(asked.id), (clock.now() - dt.timedelta(days=3)).isoformat()], salt=LINK_SALT)
    for token in (old, "x" * 43, signing.dumps(["x", "y"], salt=LINK_SALT), signing.dumps(7, salt=LINK_SALT)):
        assert jonas.browser().get(reverse("people:erase-confirm", args=[token])).status_code == 404
    assert queries.asked_erasure(jonas.party_id) == asked


def test_who_holds_a_mandate_sees_why_not_yet(wolkenwerf: Cast) -> None:
    """The button is there, greyed out, with the reason; pressing it all the same changes nothing."""
    browser = wolkenwerf.chair.browser()
    page = text_of(browser, "/me/data/erase/")
    assert "disabled" in page
    browser.post("/me/data/erase/")
    assert queries.asked_erasure(wolkenwerf.chair.party_id) is None


def test_a_download_is_a_zip_of_ones_own(person: MakePerson, stranger: Person) -> None:
    """Jonas gets a ZIP that no cache keeps; a stranger gets her own; the eleventh today has to wait."""
    jonas = person("Jonas", "Vandewalle", language="fr")
    browser = jonas.browser()
    assert browser.get("/me/data/download/").status_code == 405
    assert "Vandewalle" in downloaded(browser)["data.html"]
    assert "Vandewalle" not in downloaded(stranger.browser())["data.json"]
    for _ in range(9):
        downloaded(browser)
    assert browser.post("/me/data/download/").status_code == 302


def test_a_new_name_is_dated_and_the_registers_follow(person: MakePerson, wolkenwerf: Cast) -> None:
    """Jonas married in June: the register as of May shows the old name, as of today the new one."""
    jonas = person("Jonas", "Vandewalle", language="en")
    member(wolkenwerf, jonas)
    browser = jonas.browser()
    answer = browser.post(
        "/me/data/name/", {"given": "Jonas", "family": "Maes-Vandewalle", "valid_from": "14-06-2025"}, follow=True
    )
    assert "Maes-Vandewalle" in answer.content.decode()
    with tenant(wolkenwerf.id):
        (may,) = registers.lines(wolkenwerf.id, dt.date(2025, 5, 31))
        (now,) = registers.lines(wolkenwerf.id, TODAY)
    assert (may.name, now.name) == ("Vandewalle, Jonas", "Maes-Vandewalle, Jonas")


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("name", {"given": "Jonas", "family": "", "valid_from": "1-1-2025"}, "This field is required."),
        ("name", {"given": "J", "family": "V", "valid_from": "yesterday"}, "Write the date as day, month and year"),
        ("name", {"given": "J", "family": "V", "valid_from": "1-1-1700"}, "Give a date between"),
        ("name", {"given": "Jonas", "family": "Vandewalle", "valid_from": "1-1-2025"}, "Nothing was changed"),
        (
            "address",
            {"street": "", "town": "Gent", "postcode": "9000", "country": "BE", "valid_from": "1-1-2025"},
            "req",
        ),
        ("contact", {"email": "nobody", "language": "en"}, "valid email"),
        ("contact", {"email": "", "phone": "call me", "language": "en"}, "This is no phone number"),
        ("contact", {"email": "", "language": "xx"}, "xx"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    path: str, fields: dict[str, str], says: str, person: MakePerson
) -> None:
    """Beside the field, with nothing lost and nothing written."""
    jonas = person("Jonas", "Vandewalle", language="en")
    before = PartyName.objects.count()
    answer = jonas.browser().post(f"/me/data/{path}/", fields)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert says in page
    for value in fields.values():
        assert value in page
    assert PartyName.objects.count() == before


def test_jonas_puts_on_the_hat_of_his_bakery(person: MakePerson, wolkenwerf: Cast) -> None:
    """Declared with a checked number, shown on each page, its data mended and downloaded under the hat, then ended."""
    jonas = person("Jonas", "Vandewalle", language="en")
    browser = jonas.browser()
    bakery = {
        "name": "Bakkerij Zonnestraal",
        "enterprise_no": "0123.456.748",
        "country": "BE",
        "proof": "statutes",
        "town": "Gent",
    }
    page = browser.post("/me/acting/organisation/", bakery).content.decode()
    assert "fails its own check" in page
    assert "Bakkerij Zonnestraal" in page
    bakery["enterprise_no"] = "0123.456.749"
    assert browser.post("/me/acting/organisation/", bakery).status_code == 302
    for path in ("/", DATA, "/me/acting/", "/c/wolkenwerf/"):
        page = text_of(browser, path)
        assert "You act for <strong>Bakkerij Zonnestraal</strong>" in page, path
    assert "The data of Bakkerij Zonnestraal" in text_of(browser, DATA)
    told = downloaded(browser)["data.json"]
    assert "BE0123456749" in told
    assert "jonas@example.org" not in told
    again = browser.post("/me/acting/organisation/", bakery).content.decode()
    assert "acts for them in that time already" in again
    browser.post("/me/acting/choose/", {"party": ""})
    assert "Zonnestraal" not in text_of(browser, DATA)
    (hat,) = queries.hats_of(jonas.party_id, on=clock.civil_date(clock.now()))
    yesterday = clock.civil_date(clock.now()) - dt.timedelta(days=1)
    end = f"/me/acting/{hat.id}/end/"
    assert "before the first" in browser.post(end, {"last_day": yesterday.strftime("%d-%m-%Y")}).content.decode()
    today = clock.civil_date(clock.now())
    assert browser.post(end, {"last_day": today.strftime("%d-%m-%Y")}).status_code == 302
    assert queries.hats_of(jonas.party_id, on=today + dt.timedelta(days=1)) == []


def test_nobody_puts_on_a_hat_that_isnt_theirs(
    person: MakePerson, stranger: Person, wolkenwerf: Cast, nederwerf: Cast
) -> None:
    """A stranger, a member elsewhere and one whose mandate ended choose it in vain, and can't end it."""
    jonas = person("Jonas", "Vandewalle", language="en")
    jonas.browser().post("/me/acting/minor/", {"given": "Lila", "family": "Vandewalle", "born_on": "01-03-2018"})
    today = clock.civil_date(clock.now())
    (hat,) = queries.hats_of(jonas.party_id, on=today)
    assert hat.valid_until == dt.date(2036, 2, 29)
    for other in (stranger, nederwerf.chair, wolkenwerf.secretary):
        browser = other.browser()
        browser.post("/me/acting/choose/", {"party": str(hat.other.party_id)})
        assert "Lila" not in text_of(browser, DATA)
        assert browser.get(f"/me/acting/{hat.id}/end/").status_code == 404
        assert browser.post(f"/me/acting/{hat.id}/end/", {"last_day": "1-1-2030"}).status_code == 404
    browser = jonas.browser()
    browser.post("/me/acting/choose/", {"party": str(hat.other.party_id)})
    assert "The data of Lila" in text_of(browser, DATA)
    actions.end_representation(actor=SYSTEM, now=clock.now(), representation_id=hat.id, last_day=today)
    Representation.objects.filter(pk=hat.id).update(
        valid_from=today - dt.timedelta(days=3), valid_until=today - dt.timedelta(days=1)
    )
    assert "Lila" not in text_of(browser, DATA)


@pytest.mark.parametrize("born", ["01-01-1990", "01-01-2999", "", "31-02-2015"])
def test_who_isnt_a_minor_isnt_acted_for(born: str, person: MakePerson) -> None:
    """Of age, unborn, unknown or impossible: a sentence, and nobody registered."""
    jonas = person("Jonas", "Vandewalle", language="en")
    answer = jonas.browser().post("/me/acting/minor/", {"given": "Lila", "family": "V", "born_on": born})
    assert answer.status_code == 200
    assert queries.hats_of(jonas.party_id, on=TODAY) == []


def test_a_child_born_on_a_leap_day_comes_of_age_in_march(person: MakePerson) -> None:
    """29 February 2012: eighteen on 1 March 2030."""
    jonas = person("Jonas", "Vandewalle", language="en")
    jonas.browser().post("/me/acting/minor/", {"given": "Lila", "family": "V", "born_on": "29-02-2012"})
    (hat,) = queries.hats_of(jonas.party_id, on=clock.civil_date(clock.now()))
    assert hat.valid_until == dt.date(2030, 2, 28)


def test_a_parent_has_a_childs_data_erased_but_no_organisations(person: MakePerson) -> None:
    """Under the child's hat the same pages are about the child; an organisation has no such page to offer."""
    jonas = person("Jonas", "Vandewalle", language="en")
    browser = jonas.browser()
    browser.post("/me/acting/minor/", {"given": "Lila", "family": "Vandewalle", "born_on": "01-03-2018"})
    browser.post("/me/data/erase/")
    link = mailed_link()
    assert "Lila Vandewalle" in Mail.objects.latest("made_at").text
    browser.post(link, {"sure": "on"})
    (asked,) = DataRequest.objects.all()
    assert asked.due_at is not None
    assert asked.party_id != jonas.party_id
    browser.post("/me/acting/organisation/", {
        "name": "Bakkerij", "enterprise_no": "BE0123456749", "country": "BE", "proof": "declared",
    })  # fmt: skip
    assert "Have everything erased" not in text_of(browser, DATA)
    browser.post("/me/data/erase/")
    assert DataRequest.objects.count() == 1


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_pages_open_in_three_languages(language: str, person: MakePerson, wolkenwerf: Cast) -> None:
    """Every page of the data and of acting opens, for somebody with much and with nothing."""
    for much in (True, False):
        jonas = person("Jonas", "Vandewalle", language=language, email=f"j{much}@example.org")
        browser = jonas.browser()
        if much:
            member(wolkenwerf, jonas)
            browser.post("/me/acting/minor/", {"given": "Lila", "family": "V", "born_on": "01-03-2018"})
        for rest in ("data/", "data/name/", "data/address/", "data/contact/", "data/erase/", "acting/"):
            assert f'<html lang="{language}"' in text_of(browser, f"/me/{rest}")
        for rest in ("acting/organisation/", "acting/minor/"):
            text_of(browser, f"/me/{rest}")


def test_french_says_from_a_day_otherwise_than_from_somebody(person: MakePerson, wolkenwerf: Cast) -> None:
    """Names and addresses stand since a day: « à partir du », where « de » would name a person."""
    jonas = person("Jonas", "Vandewalle", language="fr", email="jonas@example.org")
    member(wolkenwerf, jonas)
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", text_of(jonas.browser(), "/me/data/"))
    assert "À partir du" in heads
    assert "De" not in heads
