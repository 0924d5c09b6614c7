"""Asking to become a member, and deciding on it: a visitor, a secretary with paper, a board."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from coopcalc.register.sheets import fold
from coopwerf.coops import actions as coops
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.letters import FactRows, known_letters
from coopwerf.messages.models import Letter, Mail
from coopwerf.people.actions import erase_party
from coopwerf.people.models import Account, Party, Representation
from coopwerf.people.states import Address
from coopwerf.register import actions, queries
from coopwerf.register.letters import MORE_SHARES
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import Applicant, RequestState, SharesAsked
from tests.cast import NOW, TODAY, Cast, MakePerson, Person

from .asking import BOARD, LATER, NOOR, asked, decide, last_mail, link_in, only_request, organisation_asked, typed
from .test_register import proof, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def english(person: Person) -> Client:
    """Return the browser of somebody who reads English."""
    Party.objects.filter(id=person.party_id).update(language="en")
    return person.browser()


def plain(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def resized(coop: Cast, request_id: uuid.UUID, quantity: int, who: Person | None = None) -> RequestState:
    """Change how many shares a request asks for."""
    return actions.change_request_quantity(
        actor=(who or coop.secretary).actor, now=NOW, coop_id=coop.id, request_id=request_id, quantity=quantity
    )


def register_terms(coop: Cast, **limits: int) -> None:
    """Give class A other limits from today on."""
    actions.set_class_terms(
        actor=coop.chair.actor, now=NOW, coop_id=coop.id, code="A", nominal=Decimal(25), valid_from=TODAY, **limits
    )


# Asking, without an account


def test_a_visitor_asks_confirms_pays_and_is_admitted(with_class: Cast, client: Client) -> None:
    """Noor fills in the form, confirms by mail, pays, the board admits her: a number, shares, a welcome."""
    answer = typed(client, with_class)
    assert answer.status_code == 302
    assert answer["Location"] == with_class.url("join/sent/")
    assert not Account.objects.filter(email="noor@example.org").exists()
    here = link_in(last_mail())
    page = client.get(here, headers={"accept-language": "en"}).content.decode()
    assert "Is this right?" in page
    assert "Vlaamsesteenweg 118" in page
    assert only_request(with_class).state == RequestState.UNCONFIRMED, "looking confirms nothing"
    client.post(here, {"do": "confirm"})
    row = only_request(with_class)
    assert (row.state, row.missing, row.told, row.email_key) == (RequestState.INCOMPLETE, ["payment"], {}, "")
    page = client.get(here, headers={"accept-language": "en"}).content.decode()
    assert "waits for your payment" in page
    assert "Vlaamsesteenweg" not in page, "once confirmed the address of the page shows no domicile"
    treasurer = with_class.treasurer.browser()
    treasurer.post(
        with_class.url(f"requests/{row.id}/paid/"), {"amount": "75,00", "on": row.asked_on.strftime("%d-%m-%Y")}
    )
    assert only_request(with_class).state == RequestState.COMPLETE
    board = with_class.director.browser()
    chosen = board.get(with_class.url("requests/decide/"), {"as": "admit", "r": str(row.id)})
    assert "Vandamme, Noor" in chosen.content.decode()
    board.post(
        with_class.url("requests/decide/"),
        {"as": "admit", "r": str(row.id), "on": row.asked_on.strftime("%d-%m-%Y"), "reference": "item 4"},
    )
    row = only_request(with_class)
    assert row.state == RequestState.ADMITTED
    with tenant(with_class.id):
        line = queries.holdings_of(with_class.id, row.member_id, row.decided_on)
    assert line is not None
    assert (line.number, line.name, line.shares, line.paid) == (1, "Vandamme, Noor", 3, Decimal("75.00"))
    welcome = last_mail()
    assert "membre 1" in welcome.subject or "1" in welcome.subject
    assert len(welcome.documents) == 1, "the certificate goes along once it is made"
    assert "1" in client.get(here).content.decode()
    assert proof(with_class).ok


def test_whoever_never_confirms_is_forgotten(with_class: Cast, client: Client) -> None:
    """What was typed with somebody else's address is deleted after two weeks, and nobody was registered."""
    people_before = Party.objects.count()
    typed(client, with_class)
    with tenant(with_class.id):
        made = MembershipRequest.objects.get().asked_at
    soon, late = made + dt.timedelta(days=13), made + dt.timedelta(days=15)
    assert actions.forget_unconfirmed(actor=SYSTEM, now=soon, coop_id=with_class.id) == 0
    assert actions.forget_unconfirmed(actor=SYSTEM, now=late, coop_id=with_class.id) == 1
    assert Party.objects.count() == people_before
    assert client.get(link_in(last_mail())).status_code == 404


def page_after(client: Client, answer: Any) -> str:
    """Return the page to which an answer leads, without the token that differs for everybody."""
    text = client.get(answer["Location"]).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_nobody_learns_whether_an_address_is_known(with_class: Cast, client: Client) -> None:
    """A board member's address, a stranger's, a machine's: the same answer, page for page."""
    answers = []
    for email in ("amina@example.org", "nobody@example.org"):
        answer = typed(client, with_class, email=email)
        answers.append((answer.status_code, answer["Location"], page_after(client, answer)))
        assert Mail.objects.filter(to=email).count() == 1
    machine = typed(client, with_class, email="machine@example.org", website="https://spam.example")
    answers.append((machine.status_code, machine["Location"], page_after(client, machine)))
    assert len(set(answers)) == 1
    assert not Mail.objects.filter(to="machine@example.org").exists()


def test_nobody_is_flooded_with_mail(with_class: Cast, client: Client) -> None:
    """After three mails a day an address gets no more; the answer is the same. One place asks only so often."""
    for _time in range(5):
        assert typed(client, with_class).status_code == 302
    assert Mail.objects.filter(to="noor@example.org").count() == 3
    for number in range(97):
        typed(client, with_class, email=f"n{number}@example.org")
    page = typed(client, with_class, email="last@example.org")
    assert page.status_code == 200
    assert "Vlaamsesteenweg" in page.content.decode()
    assert not Mail.objects.filter(to="last@example.org").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-3"}, "quantity"),
        ({"quantity": "2,5"}, "quantity"),
        ({"quantity": "1000000000000"}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"family": ""}, "family"),
        ({"family": "x" * 501}, "family"),
        ({"email": "noor"}, "email"),
        ({"consent": ""}, "consent"),
        (
            {"as": "organisation", "enterprise_no": "0123.456.788", "agent_family": "Maes", "agent_given": "I"},
            "enterprise_no",
        ),
        ({"as": "minor", "born_on": "01-01-1900", "agent_family": "Maes", "agent_given": "I"}, "born_on"),
        ({"as": "minor", "born_on": "01-01-2999", "agent_family": "Maes", "agent_given": "I"}, "born_on"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(
    with_class: Cast, client: Client, wrong: dict[str, str], field: str
) -> None:
    """The page says what to do, keeps all that was typed, and nothing was kept or mailed."""
    page = typed(client, with_class, **wrong).content.decode()
    assert f'id="id_{field}-error"' in page
    assert 'value="Vlaamsesteenweg"' in page
    assert not Mail.objects.exists()
    with tenant(with_class.id):
        assert not MembershipRequest.objects.exists()


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Zoë 🌻", "D’Hondt"),
        ("", "O'Brien <b>&amp;"),
        ("مريم", "الإدريسي"),
        ("X", "L" * 500),
        ("=cmd()", "+1"),
    ],
)
def test_weird_names_go_all_the_way(with_class: Cast, client: Client, given: str, family: str) -> None:
    """Emoji, right-to-left, apostrophes, 500 characters: from the form to the register and the letter."""
    typed(client, with_class, given=given or "-", family=family)
    client.post(link_in(last_mail()), {"do": "confirm"})
    row = only_request(with_class)
    assert with_class.secretary.browser().get(with_class.url(f"requests/{row.id}/")).status_code == 200
    actions.record_request_payment(
        actor=with_class.treasurer.actor,
        now=LATER,
        coop_id=with_class.id,
        request_id=row.id,
        amount=Decimal("75.00"),
        on=row.asked_on,
    )
    decide(with_class, row.id)
    with tenant(with_class.id):
        (line,) = queries.lines(with_class.id, BOARD.on)
    assert line.name == f"{family}, {given or '-'}"
    assert proof(with_class).ok


def test_an_organisation_asks_through_its_representative(with_class: Cast, client: Client) -> None:
    """Ines asks for her vzw with a checked number; she acts for it once the mail is confirmed."""
    typed(
        client,
        with_class,
        **{"as": "organisation", "family": "Buurtwerk", "enterprise_no": "0123.456.749", "legal_form": "vzw"},
        agent_given="Ines",
        agent_family="Maes",
        email="ines@buurtwerk.example",
    )
    client.post(link_in(last_mail("ines@buurtwerk.example")), {"do": "confirm"})
    row = only_request(with_class)
    representation = Representation.objects.get(principal_id=row.party_id)
    assert (representation.agent_id, representation.kind) == (row.agent_id, "organisation")
    ines = Account.objects.get(email="ines@buurtwerk.example")
    assert ines.party_id == row.agent_id


def test_a_minor_is_represented_until_the_day_before_coming_of_age(with_class: Cast, client: Client) -> None:
    """A guardian asks for a child born on 29 February."""
    typed(
        client,
        with_class,
        **{"as": "minor", "given": "Lou", "family": "Maes", "born_on": "29-02-2012"},
        agent_given="Ines",
        agent_family="Maes",
    )
    client.post(link_in(last_mail()), {"do": "confirm"})
    representation = Representation.objects.get(principal_id=only_request(with_class).party_id)
    assert representation.valid_until == dt.date(2030, 2, 28)


def test_a_member_who_fills_in_the_form_takes_more_shares(with_class: Cast, client: Client) -> None:
    """Jana is member 1; the form with her name and address becomes a request for more shares, and adds up."""
    asked(with_class, "Jana", 2, "50.00", family="Peeters", email="jana@example.org")
    decide(with_class, only_request(with_class).id)
    typed(client, with_class, given="Jana", family="PEETERS", email="jana@example.org")
    client.post(link_in(last_mail("jana@example.org")), {"do": "confirm"})
    with tenant(with_class.id):
        (more,) = MembershipRequest.objects.filter(state=RequestState.INCOMPLETE)
    assert more.takes_more
    actions.record_request_payment(
        actor=with_class.treasurer.actor,
        now=LATER,
        coop_id=with_class.id,
        request_id=more.id,
        amount=Decimal("75.00"),
        on=more.asked_on,
    )
    done = decide(with_class, more.id)
    assert (done.members, done.more, done.shares) == ((), 1, 3)
    with tenant(with_class.id):
        (line,) = queries.lines(with_class.id, BOARD.on)
    assert (line.number, line.shares, line.paid) == (1, 5, Decimal("125.00"))
    assert proof(with_class).ok


def test_an_organisation_that_is_a_member_already_is_recognised_by_its_number(with_class: Cast, client: Client) -> None:
    """Somebody else asks for a member organisation: it stays one member, and nobody comes to act for it by that."""
    first = organisation_asked(with_class, 1, "25.00")
    decide(with_class, first.id)
    typed(
        client,
        with_class,
        **{"as": "organisation", "family": "Buurtwerk vzw", "enterprise_no": "BE 0123 456 749"},
        agent_given="Mallory",
        agent_family="Smith",
    )
    here = link_in(last_mail())
    client.post(here, {"do": "confirm"})
    with tenant(with_class.id):
        more = MembershipRequest.objects.get(state=RequestState.INCOMPLETE)
    assert more.takes_more
    assert Representation.objects.filter(principal_id=more.party_id).count() == 1
    page = with_class.secretary.browser().get(with_class.url(f"requests/{more.id}/")).content.decode()
    assert "Mallory Smith" in page, "the board sees who says to act for it"
    assert not Account.objects.filter(email="noor@example.org").exists()


def test_whoever_has_signed_in_asks_at_once(with_class: Cast, stranger: Person) -> None:
    """Ines needs no mail: her address is proven. A second time she is told that one waits."""
    browser = stranger.browser()
    assert browser.get(with_class.url("join/")).status_code == 200
    answer = browser.post(with_class.url("join/"), {"quantity": "2", "consent": "on"}, follow=True)
    assert "50,00" in answer.content.decode()
    again = browser.post(with_class.url("join/"), {"quantity": "2", "consent": "on"})
    assert "alert" in again.content.decode()
    with tenant(with_class.id):
        assert MembershipRequest.objects.count() == 1
    with pytest.raises(Refused, match="not_yours"):
        actions.ask_for_oneself(
            actor=stranger.actor,
            now=NOW,
            coop_id=with_class.id,
            party_id=with_class.chair.party_id,
            shares=SharesAsked(share_class="A", quantity=1),
        )


def test_a_dutch_member_needs_no_shares(nederwerf: Cast, client: Client) -> None:
    """Nederwerf admits without shares: no payment, a number, a welcome, a certificate of membership."""
    page = client.get(nederwerf.url("join/")).content.decode()
    assert 'name="quantity"' not in page
    typed(client, nederwerf, country="NL", postcode="3818 LE", town="Amersfoort")
    client.post(link_in(last_mail()), {"do": "confirm"})
    row = only_request(nederwerf)
    assert (row.state, row.missing) == (RequestState.COMPLETE, [])
    done = decide(nederwerf, row.id)
    assert [one.number for one in done.members] == [1]
    with tenant(nederwerf.id):
        (line,) = queries.lines(nederwerf.id, BOARD.on)
    assert (line.name, line.shares) == ("Vandamme, Noor", 0)
    assert len(last_mail().documents) == 1


def test_an_initiative_admits_nobody_yet(person: MakePerson, client: Client) -> None:
    """Before there is an association or co-operative nobody can become a member, and the page says so."""
    founder = person("Karim")
    coop = coops.found_coop(actor=founder.actor, now=NOW, name="Zonnewerf", language="nl")
    page = client.get(f"/c/{coop.slug}/join/")
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]
    with pytest.raises(Refused, match="not_admitting"):
        actions.ask_membership(
            actor=VISITOR,
            now=NOW,
            coop_id=coop.id,
            applicant=Applicant(family="X", email="x@example.org", address=Address("S", "1", "", "1", "T", "BE")),
            language="nl",
        )


# On paper, and what is missing


def test_paper_without_address_and_mail_is_completed_and_gets_a_letter_on_paper(with_class: Cast) -> None:
    """The secretary notes half a form, completes it, and the welcome waits to be printed."""
    browser = with_class.secretary.browser()
    answer = browser.post(
        with_class.url("requests/new/"),
        {
            **NOOR,
            "email": "",
            "street": "",
            "number": "",
            "box": "",
            "postcode": "",
            "town": "",
            "asked_on": "20-11-2026",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    row = only_request(with_class)
    assert (row.asked_on, sorted(row.missing)) == (dt.date(2026, 11, 20), ["address", "payment"])
    here = with_class.url(f"requests/{row.id}/")
    browser.post(
        here + "address/", {"street": "Kaai", "number": "1", "postcode": "1000", "town": "Brussel", "country": "BE"}
    )
    browser.post(here + "paid/", {"amount": "50", "on": "21-11-2026"})
    browser.post(here + "paid/", {"amount": "25,00", "on": "23-11-2026"})
    row = only_request(with_class)
    assert (row.state, row.paid, row.paid_on) == (RequestState.COMPLETE, Decimal("75.00"), dt.date(2026, 11, 23))
    decide(with_class, row.id)
    with tenant(with_class.id):
        letter = Letter.objects.get(template="register.welcome")
        line = queries.holdings_of(with_class.id, only_request(with_class).member_id, BOARD.on)
    assert (letter.channel, letter.language) == ("paper", "fr")
    assert line is not None
    assert line.domicile == "Kaai 1, 1000 Brussel, BE"


def test_the_secretary_changes_how_many_shares_are_asked_for(with_class: Cast, client: Client) -> None:
    """Noor paid three and writes that she wants four: price, payment and state are reckoned anew, the past stays."""
    one = asked(with_class, paid="75.00", email="noor@example.org")
    here = with_class.url(f"requests/{one.id}/")
    browser = english(with_class.secretary)
    page = browser.post(f"{here}shares/", {"quantity": "4"}, follow=True).content.decode()
    assert "The request is for 4 shares now; €25.00 is still to be paid." in page
    assert "from 3 to 4" in plain(page)
    row = only_request(with_class)
    assert (row.quantity, row.state, row.missing, row.paid_on) == (4, RequestState.INCOMPLETE, ["payment"], None)
    status = client.get(link_in(last_mail()), headers={"accept-language": "en"}).content.decode()
    assert "€25.00" in status, "Noor reads on her own page what is left to pay"
    page = browser.post(f"{here}shares/", {"quantity": "3"}, follow=True).content.decode()
    assert "The request is for 3 shares now; all of it is paid." in page
    row = only_request(with_class)
    assert (row.state, row.missing, row.paid_on) == (RequestState.COMPLETE, [], TODAY)
    with tenant(with_class.id):
        events = queries.request_events(with_class.id, one.id, TODAY)
        trail = AuditEntry.objects.filter(verb="register.request_resized").order_by("at")
        assert [(entry.facts["before"], entry.facts["shares"]) for entry in trail] == [(3, 4), (4, 3)]
    changed = [(event.shares_before, event.shares_after, event.author) for event in events if event.shares_after]
    assert changed == [(3, 4, "Bram Verhoeven"), (4, 3, "Bram Verhoeven")]
    decide(with_class, one.id)
    with tenant(with_class.id):
        line = queries.holdings_of(with_class.id, only_request(with_class).member_id, BOARD.on)
    assert line is not None
    assert (line.shares, line.paid) == (3, Decimal("75.00"))


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("2", "So many would cost €50.00, and €75.00 is paid."),
        ("3", "Nothing was changed"),
        ("0", ""),
        ("-1", ""),
        ("2,5", ""),
        ("", ""),
        ("1000000001", ""),
        ("many", ""),
    ],
)
def test_a_number_that_cannot_be_stays_beside_its_field(with_class: Cast, quantity: str, said: str) -> None:
    """Fewer than what is paid, none, a half, far too many: a sentence beside the field, and nothing changes."""
    one = asked(with_class, paid="75.00")
    browser = english(with_class.secretary)
    page = browser.post(with_class.url(f"requests/{one.id}/shares/"), {"quantity": quantity})
    assert page.status_code == 200
    assert 'id="id_quantity-error"' in page.content.decode()
    assert said in html.unescape(page.content.decode())
    row = only_request(with_class)
    assert (row.quantity, row.state) == (3, RequestState.COMPLETE)
    with tenant(with_class.id):
        assert not any(event.shares_after for event in queries.request_events(with_class.id, one.id, TODAY))


def test_fewer_than_the_class_allows_are_not_asked_for(with_class: Cast) -> None:
    """The terms of the class hold for a changed number as for the first one."""
    one = asked(with_class)
    register_terms(with_class, minimum=2, maximum=10)
    for quantity in (1, 11):
        with pytest.raises(Refused):
            resized(with_class, one.id, quantity)
    assert resized(with_class, one.id, 10) is RequestState.INCOMPLETE


def test_who_may_not_and_when_it_is_too_late(with_class: Cast, nederwerf: Cast, stranger: Person) -> None:
    """Neither another co-operative's secretary, nor a stranger, nor the auditor; and nobody once it was decided."""
    one = asked(with_class, paid="75.00")
    address = with_class.url(f"requests/{one.id}/shares/")
    for person in (nederwerf.secretary, stranger, with_class.auditor):
        assert person.browser().post(address, {"quantity": "4"}).status_code == 403
        with pytest.raises(Refused):
            resized(with_class, one.id, 4, who=person)
    assert nederwerf.secretary.browser().post(
        nederwerf.url(f"requests/{one.id}/shares/"), {"quantity": "4"}
    ).status_code in (200, 404)
    assert only_request(with_class).quantity == 3
    decide(with_class, one.id)
    with pytest.raises(Refused) as refused:
        resized(with_class, one.id, 4)
    assert refused.value.code == "register.request_decided"


def test_a_request_without_shares_has_no_number_to_change(nederwerf: Cast) -> None:
    """A member of a co-operative without shares takes none: no form, and a refusal that says what to do."""
    one = asked(nederwerf, quantity=0)
    with pytest.raises(Refused) as refused:
        resized(nederwerf, one.id, 2)
    assert refused.value.code == "register.request_without_shares"
    page = nederwerf.secretary.browser().get(nederwerf.url(f"requests/{one.id}/")).content.decode()
    assert "/shares/" not in page


def test_a_board_decides_on_the_number_that_it_saw(with_class: Cast) -> None:
    """The number changes while the board reads: the decision is shown again with the new one, and nothing happens."""
    one = asked(with_class, paid="75.00")
    chair = english(with_class.chair)
    address = with_class.url("requests/decide/")
    shown = chair.get(address, {"as": "admit", "r": str(one.id)}).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen
    resized(with_class, one.id, 4)
    resized(with_class, one.id, 3)
    resized(with_class, one.id, 5)
    told = {"as": "admit", "r": str(one.id), "on": BOARD.on.strftime("%d-%m-%Y"), "reference": "item 4"}
    page = chair.post(address, {**told, "seen": seen[1]})
    assert page.status_code == 200
    assert only_request(with_class).state != RequestState.ADMITTED
    assert only_request(with_class).quantity == 5


def test_a_payment_noted_by_mistake_is_taken_back(with_class: Cast) -> None:
    """Both the payment and its taking back stay readable; more than the price is refused."""
    one = asked(with_class, paid="75.00")
    browser = with_class.treasurer.browser()
    here = with_class.url(f"requests/{one.id}/")
    with tenant(with_class.id):
        (event,) = [event for event in queries.request_events(with_class.id, one.id, TODAY) if event.can_undo]
    browser.post(f"{here}paid/{event.id}/back/")
    row = only_request(with_class)
    assert (row.state, row.paid, row.paid_on) == (RequestState.INCOMPLETE, Decimal("0.00"), None)
    page = browser.post(here + "paid/", {"amount": "75,01", "on": "23-11-2026"}).content.decode()
    assert "alert" in page
    for amount, on in (
        ("0", "23-11-2026"),
        ("-5", "23-11-2026"),
        ("10,005", "23-11-2026"),
        ("75", "01-01-2999"),
        ("75", "01-01-1700"),
    ):
        browser.post(here + "paid/", {"amount": amount, "on": on})
    assert only_request(with_class).paid == 0
    browser.post(here + "paid/", {"amount": "75", "on": "01-01-1900"})
    assert only_request(with_class).paid_on == dt.date(1900, 1, 1)


def test_the_secretary_is_asked_whether_she_knows_them(with_class: Cast) -> None:
    """A second paper of Noor, member 1, becomes one for more shares when the secretary says so."""
    decide(with_class, asked(with_class, paid="75.00").id)
    browser = with_class.secretary.browser()
    paper = {**NOOR, "asked_on": "24-11-2026", "email": ""}
    page = browser.post(with_class.url("requests/new/"), paper).content.decode()
    member = only_request(with_class).party_id
    assert f'value="{member}"' in page
    browser.post(with_class.url("requests/new/"), {**paper, "same_as": str(member)})
    with tenant(with_class.id):
        assert MembershipRequest.objects.get(state=RequestState.INCOMPLETE).takes_more
    browser.post(with_class.url("requests/new/"), {**paper, "same_as": "new"})
    with tenant(with_class.id):
        assert MembershipRequest.objects.filter(takes_more=False, state=RequestState.INCOMPLETE).count() == 1


def test_a_request_is_withdrawn_by_whoever_asked(with_class: Cast, client: Client) -> None:
    """Before it is confirmed nothing stays; afterwards it stays as withdrawn, and can't be admitted."""
    typed(client, with_class)
    client.post(link_in(last_mail()), {"do": "withdraw"})
    with tenant(with_class.id):
        assert not MembershipRequest.objects.exists()
    typed(client, with_class)
    here = link_in(last_mail())
    client.post(here, {"do": "confirm"})
    client.post(here, {"do": "withdraw"})
    row = only_request(with_class)
    assert row.state == RequestState.WITHDRAWN
    assert client.get(here).status_code == 200
    with pytest.raises(Refused, match="requests_decided"):
        decide(with_class, row.id)


def test_whoever_is_erased_leaves_nothing_in_requests(with_class: Cast, client: Client) -> None:
    """An open request is withdrawn, the board's own words go, and what was typed and never confirmed goes too."""
    typed(client, with_class)
    client.post(link_in(last_mail()), {"do": "confirm"})
    typed(client, with_class)
    with tenant(with_class.id):
        party_id = MembershipRequest.objects.get(state=RequestState.INCOMPLETE).party_id
    assert party_id is not None
    erase_party(actor=SYSTEM, now=LATER, party_id=party_id)
    row = only_request(with_class)
    assert (row.state, row.told, row.explanation) == (RequestState.WITHDRAWN, {}, "")
    page = with_class.auditor.browser().get(with_class.url("requests/"), {"state": "withdrawn"}).content.decode()
    assert "Vandamme" not in page


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_countries_come_as_the_reader_sorts_them(with_class: Cast, client: Client, language: str) -> None:
    """The neighbours first; then Austria is under O in Dutch and under A in French."""
    page = client.get(with_class.url("join/"), headers={"accept-language": language})
    with translation.override(language):
        names = [name for _code, name in page.context["form"].fields["country"].choices]
    assert len(names) > 30
    assert names[5:] == sorted(names[5:], key=fold)
    assert names[0] == {"nl": "België", "fr": "Belgique", "en": "Belgium"}[language]


def test_french_says_from_a_day_otherwise_than_from_somebody() -> None:
    """New shares are there « à partir du » a day; « de » would name who gave them."""
    letter = known_letters()[MORE_SHARES]
    with translation.override("fr"):
        blocks = letter.compose(letter.sample()).blocks
    labels = [label for block in blocks if isinstance(block, FactRows) for label, _value in block.rows]
    assert "À partir du" in labels
    assert "De" not in labels
