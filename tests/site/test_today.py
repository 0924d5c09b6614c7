"""A member's own page, and what waits there for those who hold a mandate."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from coopwerf.coops import actions as coops
from coopwerf.coops.states import BodyKind, Role
from coopwerf.documents.models import Document
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import Account
from coopwerf.register import actions
from coopwerf.register.states import SharesAsked
from tests.cast import BEGAN, NOW, TODAY, Cast, MakePerson, Person
from tests.people.test_sign_in import code_in
from tests.register.asking import BOARD, LATER, asked, decide, organisation_asked
from tests.register.test_register import with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def browser_of(email: str) -> Client:
    """Return the browser of whoever signs in with this address."""
    client = Client(headers={"accept-language": "en"})
    account = Account.objects.get(email=email)
    account.party.language = "en"
    account.party.save()
    client.force_login(account)
    return client


@pytest.fixture
def samira(with_class: Cast) -> Client:
    """Let Samira be member 1 with three shares, and return her browser."""
    decide(with_class, asked(with_class, "Samira", 3, "75.00", family="Benali", email="samira@example.org").id)
    return browser_of("samira@example.org")


def test_a_member_sees_what_they_own_and_where_it_comes_from(with_class: Cast, samira: Client) -> None:
    """Number, shares, what is paid, three dates, the decision, their certificate, their domicile, the board."""
    page = samira.get(with_class.url("today/")).content.decode()
    assert "Hello, Samira. Nothing waits for you." in page
    for told in ("€75.00", "Vlaamsesteenweg 118, 1000 Brussel", BOARD.reference, "Amina El Idrissi", "Certificate"):
        assert told in page
    assert with_class.url("requests/") not in page
    assert samira.get(with_class.url("register/classes/A/")).status_code == 200, "holders may look into their class"
    assert page.count(with_class.url("register/classes/A/")) == 1, "one link to one class"
    assert with_class.url("today/") in samira.get(with_class.url()).content.decode(), "the poster leads there too"


def test_a_member_asks_for_a_certificate_of_their_own_and_of_nobody_else(with_class: Cast, samira: Client) -> None:
    """The button leads to the page of the paper; another number leads nowhere."""
    decide(with_class, asked(with_class, "Piet", 1, "25.00", email="piet@example.org").id)
    with tenant(with_class.id):
        before = Document.objects.count()
    answer = samira.post(with_class.url("today/certificate/1/"))
    assert "/documents/" in answer["Location"]
    assert samira.get(answer["Location"]).status_code == 200
    assert samira.post(with_class.url("today/certificate/2/"))["Location"] == with_class.url("today/")
    with tenant(with_class.id):
        assert Document.objects.count() == before + 1


def test_who_decides_sees_what_waits_for_them(with_class: Cast) -> None:
    """The chair: requests to decide and to complete, letters to print, rules to check; the director only the first."""
    decide(with_class, asked(with_class, "Lou", 1, "25.00").id)
    asked(with_class, "Piet", 1, "25.00")
    asked(with_class, "Klaas", 1)
    chair = browser_of("amina@example.org").get(with_class.url("today/")).content.decode()
    for told in ("One request to decide on", "One request lacks something", "One letter to print", "rules to check"):
        assert told in chair
    director = browser_of("dirk@example.org").get(with_class.url("today/")).content.decode()
    assert "One request to decide on" in director
    assert "lacks something" not in director
    assert "to print" not in director
    auditor = browser_of("eva@example.org").get(with_class.url("today/")).content.decode()
    assert "Nothing waits for you" in auditor


def test_the_navigation_counts_what_waits(with_class: Cast, samira: Client) -> None:
    """Those who decide see how many wait, an auditor only the way, a member neither."""
    asked(with_class, "Piet", 1, "25.00")
    assert "nav__count" in with_class.director.browser().get(with_class.url("today/")).content.decode()
    auditor = with_class.auditor.browser().get(with_class.url("today/")).content.decode()
    assert with_class.url("requests/") in auditor
    assert "nav__count" not in auditor
    assert with_class.url("requests/") not in samira.get(with_class.url("today/")).content.decode()


def test_whoever_asked_is_told_what_to_pay(with_class: Cast) -> None:
    """A member who asked for more shares sees on their page that a payment waits."""
    decide(with_class, asked(with_class, "Samira", 3, "75.00", family="Benali", email="samira@example.org").id)
    samira = Account.objects.get(email="samira@example.org")
    actions.ask_for_oneself(
        actor=with_class.chair.actor.__class__(
            kind=with_class.chair.actor.kind, account_id=samira.pk, party_id=samira.party_id
        ),
        now=LATER,
        coop_id=with_class.id,
        party_id=samira.party_id,
        shares=SharesAsked(share_class="A", quantity=2),
    )
    assert "€50.00 for 2 shares" in browser_of("samira@example.org").get(with_class.url("today/")).content.decode()


def test_who_represents_an_organisation_sees_its_shares(with_class: Cast) -> None:
    """Ines acts for her vzw: its holding stands on her page, under its name."""
    one = organisation_asked(with_class, 10, "250.00", agent_given="Ines", email="ines@buurtwerk.example")
    decide(with_class, one.id)
    page = browser_of("ines@buurtwerk.example").get(with_class.url("today/")).content.decode()
    assert "Buurtwerk" in page
    assert "€250.00" in page
    assert "Certificate of Buurtwerk" in page


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_page_speaks_three_languages(with_class: Cast, samira: Client, language: str) -> None:
    """A member's and an officer's page, in the language that they prefer."""
    asked(with_class, "Piet", 1, "25.00")
    for email in ("samira@example.org", "amina@example.org"):
        browser = browser_of(email)
        account = Account.objects.get(email=email)
        account.party.language = language
        account.party.save()
        page = browser.get(with_class.url("today/"))
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()


def test_others_stay_outside(with_class: Cast, samira: Client, nederwerf: Cast, stranger: Person, host: Person) -> None:
    """A visitor is asked to sign in; strangers, other chairs and the host get nothing."""
    assert Client().get(with_class.url("today/")).status_code == 302
    for person in (nederwerf.chair, stranger, host):
        assert person.browser().get(with_class.url("today/")).status_code == 403
        assert person.browser().post(with_class.url("today/certificate/1/")).status_code == 403
    assert samira.get(nederwerf.url("today/")).status_code == 403


def test_the_first_page_shows_mine_first(with_class: Cast, nederwerf: Cast, samira: Client, client: Client) -> None:
    """Signed in, one's own co-operative stands first and leads to one's page; for a passer-by all are alike."""
    page = samira.get("/").content.decode()
    assert page.index(with_class.url("today/")) < page.index(nederwerf.url())
    assert "member 1" in page
    assert with_class.url("today/") not in client.get("/").content.decode()


def test_the_poster_invites_when_the_cooperative_admits(
    with_class: Cast, person: MakePerson, client: Client, nederwerf: Cast
) -> None:
    """With a price where there are shares, without where there are none; not as long as it is an initiative."""
    poster = client.get(with_class.url(), headers={"accept-language": "en"}).content.decode()
    assert with_class.url("join/") in poster
    assert "€25.00" in poster
    assert nederwerf.url("join/") in client.get(nederwerf.url()).content.decode()
    founder = person("Karim")
    young = coops.found_coop(actor=founder.actor, now=NOW, name="Zonnewerf", language="nl")
    assert "/join/" not in client.get(f"/c/{young.slug}/").content.decode()
    coops.set_rules(actor=SYSTEM, now=NOW, coop_id=with_class.id, values={"admission.open": False}, valid_from=TODAY)
    assert "/join/" not in client.get(with_class.url()).content.decode()


def test_who_belongs_to_one_place_goes_there(
    wolkenwerf: Cast, nederwerf: Cast, stranger: Person, mailoutbox: list[mail.EmailMessage]
) -> None:
    """With one co-operative to its page for oneself; with none, or with several, to one's account."""
    coops.grant_mandate(
        actor=SYSTEM,
        now=BEGAN,
        coop_id=nederwerf.id,
        party_id=wolkenwerf.director.party_id,
        body_id=coops.add_body(
            actor=SYSTEM, now=BEGAN, coop_id=nederwerf.id, kind=BodyKind.AUDIT, valid_from=BEGAN.date()
        ).id,
        role=Role.AUDITOR,
        valid_from=BEGAN.date(),
    )
    there = {
        wolkenwerf.chair.email: wolkenwerf.url("today/"),
        wolkenwerf.director.email: reverse("people:me"),
        stranger.email: reverse("people:me"),
    }
    for email, place in there.items():
        mailoutbox.clear()
        browser = Client()
        browser.post("/sign-in/", {"email": email})
        answer = browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
        assert answer.headers["Location"] == place
