"""Recording what was decided, on pages that work without scripts: fill in, look, confirm."""

import datetime as dt
import html
import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.test import Client

from coopwerf.coops.queries import powers_of
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from tests.cast import NOW, Cast, Person

from .test_register import BOARD, admit, proof, show, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db

DECISION = {"on": "01-06-2024", "decided_on": "28-05-2024", "body": "board", "reference": "Minutes 28-05-2024, 3"}
JUNE = dt.date(2024, 6, 2)


def look(browser: Client, address: str, given: Mapping[str, object]) -> str:
    """Fill in a form and return the page that comes next."""
    answer = browser.post(address, {**DECISION, **given, "step": "look"})
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(browser: Client, address: str, shown: str, **changed: str) -> str:
    """Press the button of the page that shows what will change; return the page after."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', shown))
    hidden = {name: html.unescape(value) for name, value in hidden.items()}
    hidden.pop("csrfmiddlewaretoken", None)
    hidden.pop("next", None)
    answer = browser.post(address, {**hidden, **changed, "step": "record"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def english(person: Person) -> Client:
    """Return a browser that reads English."""
    person.account.party.language = "en"
    person.account.party.save(update_fields=["language"])
    return person.browser()


def positions(coop: Cast) -> int:
    """Return how far the register has come."""
    with tenant(coop.id):
        return queries.last_change(coop.id)


def test_an_issue_is_shown_before_it_is_written(with_class: Cast) -> None:
    """The secretary sees 4 become 6, confirms, and lands on the member's page that says what happened."""
    admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    before = positions(with_class)
    address = with_class.url("register/record/issue/")
    shown = look(browser, address, {"member": "1", "share_class": "A", "quantity": "2"})
    assert "This is what will change" in shown
    assert ">4<" in shown
    assert ">6<" in shown
    assert positions(with_class) == before
    page = confirm(browser, address, shown)
    assert "Recorded: 2\xa0shares for Jana Peeters." in page
    assert show(with_class, JUNE) == [(1, "Peeters, Jana", 6, Decimal("150.00"))]
    assert proof(with_class).ok


def test_a_second_press_books_nothing_twice(with_class: Cast) -> None:
    """The same confirmation sent again is shown anew instead of being booked again."""
    admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    address = with_class.url("register/record/issue/")
    shown = look(browser, address, {"member": "1", "share_class": "A", "quantity": "2"})
    confirm(browser, address, shown)
    again = confirm(browser, address, shown)
    assert "Somebody else changed this a moment ago" in again
    assert "This is what will change" in again
    assert show(with_class, JUNE)[0][2] == 6


def test_a_member_is_found_by_name_or_number(with_class: Cast) -> None:
    """One who fits is taken; of several one is chosen from a list; nobody is said so."""
    admit(with_class, "Peeters", "Jana", 4)
    admit(with_class, "Peeters", "Karel", 1)
    admit(with_class, "Özdemir", "Ayşe", 1)
    browser = english(with_class.secretary)
    address = with_class.url("register/record/issue/")
    given = {"share_class": "A", "quantity": "2"}
    assert "Ayşe Özdemir" in look(browser, address, {**given, "member": "ozde"})
    several = look(browser, address, {**given, "member": "peeters"})
    assert "Several fit. Choose one." in several
    assert "2 · Peeters, Karel · Gent" in several
    assert "Karel Peeters" in look(browser, address, {**given, "member": "peeters", "member_pick": "2"})
    stale = look(browser, address, {**given, "member": "özdemir", "member_pick": "2"})
    assert "Ayşe Özdemir" in stale
    assert "Karel" not in stale
    assert "Nobody in the register" in look(browser, address, {**given, "member": "nobody 🌻 'x'"})
    assert "Nobody in the register" in look(browser, address, {**given, "member": "99999999"})


@pytest.mark.parametrize(
    ("given", "beside", "said"),
    [
        ({"quantity": "0"}, "id_quantity-error", "at least 1"),
        ({"quantity": "-3"}, "id_quantity-error", "at least 1"),
        ({"quantity": "0,5"}, "id_quantity-error", "Write a whole number"),
        ({"quantity": "1000000000000"}, "id_quantity-error", "at most"),
        ({"quantity": "zwei"}, "id_quantity-error", "Write a whole number"),
        ({"on": "01-01-1700"}, "id_on-error", "before 1800"),
        ({"on": "01-01-1900"}, "id_on-error", "membership begins"),
        ({"on": "01-01-2100"}, "id_on-error", "too far ahead"),
        ({"on": "31-02-2024"}, "id_on-error", "Write the date"),
        ({"paid": "50,0012"}, "id_paid-error", "Write an amount"),
        ({"paid": "60,00"}, "id_paid-error", "is more than the"),
        ({"share_class": "Z"}, "id_share_class-error", "Z"),
        ({"reference": ""}, "id_reference-error", "required"),
        ({"reference": "x" * 201}, "id_reference-error", "200"),
    ],
)
def test_a_refusal_stands_beside_its_field(with_class: Cast, given: dict[str, str], beside: str, said: str) -> None:
    """Whatever can't be meant is said where it was typed, keeps what was typed, and writes nothing."""
    admit(with_class, "Peeters", "Jana", 4)
    before = positions(with_class)
    whole = {"member": "1", "share_class": "A", "quantity": "2", **given}
    page = look(english(with_class.secretary), with_class.url("register/record/issue/"), whole)
    found = re.search(rf'id="{beside}">(.*?)</span></span>', page, re.S)
    assert found is not None
    assert said in found[1]
    assert DECISION["decided_on"] in page
    assert positions(with_class) == before


def test_every_kind_can_be_recorded(with_class: Cast) -> None:
    """A payment, a transfer with which the giver leaves, a conversion, an exclusion, a split and an ending."""
    secretary = with_class.secretary
    actions.set_class_terms(
        actor=secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        code="B",
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal(25),
    )
    admit(with_class, "Peeters", "Jana", 4, "60.00")
    admit(with_class, "Maes", "Piet", 2)
    admit(with_class, "Claes", "Els", 2)
    browser = english(secretary)

    def record(kind: str, **given: str) -> str:
        address = with_class.url(f"register/record/{kind}/")
        return confirm(browser, address, look(browser, address, given))

    assert "a payment by Jana Peeters" in record("payment", member="1", share_class="A", amount="40")
    moved = record("transfer", member="1", to_member="maes", share_class="A", quantity="4", ends_membership="on")
    assert "from Jana Peeters to Piet Maes" in moved
    assert "went from A to B" in record(
        "conversion", member="2", from_class="A", to_class="B", quantity="3", on="02-06-2024"
    )
    assert "the exclusion of Els Claes" in record(
        "exclusion", member="3", share_class="A", quantity="2", value="50", ends_membership="on", on="03-06-2024"
    )
    assert "one into 5" in record("split", share_class="A", factor="5", on="04-06-2024")
    assert "the exit of Piet Maes" in record("exit", member="2", share_class="A", quantity="15", on="05-06-2024")
    assert "the exit of Piet Maes" in record("exit", member="2", share_class="B", quantity="3", on="05-06-2024")
    assert "the membership of Piet Maes ends" in record("ending", member="2", reason="death", on="06-06-2024")
    assert [row[2] for row in show(with_class, dt.date(2024, 6, 7))] == [0, 0, 0]
    assert proof(with_class).ok


def test_which_of_two_amounts_is_asked_beside_its_field(with_class: Cast) -> None:
    """Somebody who holds at two amounts says of which; nothing typed is lost."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    actions.record_issue(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="A",
        quantity=1,
        amount_per_share=Decimal("30"),
        on=dt.date(2024, 3, 1),
        decision=BOARD,
    )
    given = {"member": "1", "share_class": "A", "quantity": "1", "value": "25"}
    page = look(english(with_class.secretary), with_class.url("register/record/exit/"), given)
    assert re.search(r'id="id_amount_per_share-error">.*25\.00, 30\.00', page, re.S)
    assert 'value="25"' in page


NEW = {
    "kind": "person",
    "family": "O’Brien-D'Hondt 🌻",
    "given": "=cmd()",
    "street": "Kerkstraat",
    "number": "1",
    "postcode": "3000",
    "town": "Leuven",
    "country": "BE",
    "language": "fr",
    "share_class": "A",
    "quantity": "3",
    "asked_on": "01-05-2024",
    "paid_on": "20-05-2024",
}


def test_somebody_new_is_admitted_with_shares(with_class: Cast) -> None:
    """The preview gives the number, confirming registers the person and issues the shares."""
    browser = english(with_class.secretary)
    address = with_class.url("register/record/admission/")
    shown = look(browser, address, NEW)
    assert "Becomes member 1 on" in shown
    page = confirm(browser, address, shown)
    assert "is a member." in page
    assert show(with_class, JUNE) == [(1, "O’Brien-D'Hondt 🌻, =cmd()", 3, Decimal("75.00"))]


def test_who_is_known_already_is_offered(with_class: Cast) -> None:
    """A member of the same name may be the same person; who comes back gets a new number and keeps one entry."""
    admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    address = with_class.url("register/record/admission/")
    given = {**NEW, "family": "Peeters", "given": "Jana"}
    asked = look(browser, address, given)
    assert "Is it somebody whom you know already?" in asked
    assert "Becomes member 2" in look(browser, address, {**given, "known": "new"})
    with tenant(with_class.id):
        facts = queries.member_by_number(with_class.id, 1)
    assert facts is not None
    assert "They are a member already" in look(browser, address, {**given, "known": str(facts.party_id)})


def test_a_correction_shows_what_was_and_what_will_be(with_class: Cast) -> None:
    """Four that should have been three: the row stays, another undoes it, and what was known then doesn't change."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    with tenant(with_class.id):
        movement = queries.movements_of(with_class.id, jana.id)[0]
        known = queries.last_change(with_class.id)
    address = with_class.url(f"register/movements/{movement.id}/correct/")
    page = browser.get(address).content.decode()
    assert "The wrong row stays" in page
    given = {"quantity": "3", "amount_per_share": "25", "paid": "100", "on": "01-02-2024"}
    shown = look(browser, address, given)
    assert ">3<" in shown
    assert "Corrected." in confirm(browser, address, shown)
    assert show(with_class, JUNE) == [(1, "Peeters, Jana", 3, Decimal("75.00"))]
    assert show(with_class, JUNE, known) == [(1, "Peeters, Jana", 4, Decimal("100.00"))]
    assert "corrected before" in look(browser, address, given)


def test_an_admission_gets_its_right_date(with_class: Cast) -> None:
    """The date of an admission is corrected; one that never was can't simply be taken away."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    with tenant(with_class.id):
        standing = queries.standing_history(with_class.id, jana.id)[0]
    address = with_class.url(f"register/standings/{standing.id}/correct/")
    shown = look(browser, address, {"on": "15-01-2024"})
    assert "instead of" in shown
    confirm(browser, address, shown)
    with tenant(with_class.id):
        span = queries.span(with_class.id, jana.id)
    assert span is not None
    assert span.admitted_on == dt.date(2024, 1, 15)
    late = look(browser, with_class.url(f"register/standings/{standing.id}/correct/"), {"on": "15-01-2024"})
    assert "corrected before" in late


@pytest.mark.parametrize("kind", ["issue", "admission", "split", "ending", "transfer"])
def test_who_may_not_keep_the_register_reads_the_reason(with_class: Cast, kind: str) -> None:
    """An auditor sees why the form isn't there, and can't send it either."""
    admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        assert powers_of(with_class.id, with_class.auditor.actor.parties, NOW.date())
    before = positions(with_class)
    browser = english(with_class.auditor)
    address = with_class.url(f"register/record/{kind}/")
    page = browser.get(address).content.decode()
    assert "keep the register" in page
    assert "<textarea" not in page
    browser.post(address, {**DECISION, "member": "1", "share_class": "A", "quantity": "1", "step": "record"})
    assert positions(with_class) == before


def test_others_find_no_form(with_class: Cast, nederwerf: Cast, stranger: Person, host: Person) -> None:
    """Neither another co-operative's secretary, nor a stranger, nor the host, nor an ordinary member."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        movement = queries.movements_of(with_class.id, jana.id)[0]
    for person in (nederwerf.secretary, stranger, host):
        browser = person.browser()
        for rest in ("record/", "record/issue/", f"movements/{movement.id}/correct/"):
            assert browser.get(with_class.url(f"register/{rest}")).status_code == 403
            assert browser.post(with_class.url(f"register/{rest}"), {"step": "record"}).status_code in (403, 405)
    foreign = nederwerf.secretary.browser().get(nederwerf.url(f"register/movements/{movement.id}/correct/"))
    assert foreign.status_code == 404


def test_without_a_class_shares_cannot_be_recorded(wolkenwerf: Cast) -> None:
    """Where no class is open the page says what to do first; an admission without shares is possible."""
    browser = english(wolkenwerf.secretary)
    assert "There is no class of shares yet" in browser.get(wolkenwerf.url("register/record/issue/")).content.decode()
    address = wolkenwerf.url("register/record/admission/")
    page = browser.get(address).content.decode()
    assert 'name="quantity"' not in page
    given = {key: value for key, value in NEW.items() if key not in ("share_class", "quantity")}
    assert "is a member." in confirm(browser, address, look(browser, address, given))


def test_a_dutch_member_without_shares(nederwerf: Cast) -> None:
    """A Dutch coöperatie admits and lets go without a word about shares."""
    browser = english(nederwerf.secretary)
    address = nederwerf.url("register/record/admission/")
    given = {key: value for key, value in NEW.items() if key not in ("share_class", "quantity")}
    confirm(browser, address, look(browser, address, given))
    for page in (nederwerf.url("register/members/1/"), nederwerf.url("register/record/")):
        offered = browser.get(page).content.decode()
        assert "register/record/ending/" in offered
        assert "Record an issue" not in offered
        assert "class of shares" not in offered
    end = nederwerf.url("register/record/ending/")
    page = confirm(browser, end, look(browser, end, {"member": "1", "reason": "exit", "on": "01-07-2024"}))
    assert "membership of" in page
    with tenant(nederwerf.id):
        assert queries.totals(nederwerf.id, dt.date(2024, 7, 2)).left == 1
