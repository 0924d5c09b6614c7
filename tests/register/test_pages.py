"""Reading the register on a screen."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from tests.cast import NOW, Cast, Person

from .test_recording import english
from .test_register import BOARD, admit, leave, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def test_the_secretary_reads_the_register_of_any_date(with_class: Cast) -> None:
    """Today's register shows Jana with her shares; last year's, before her admission, shows nobody."""
    admit(with_class, "Peeters", "Jana", 4)
    browser = with_class.secretary.browser()
    today = browser.get(with_class.url("register/"))
    assert today.status_code == 200
    assert "Peeters, Jana" in today.content.decode()
    before = browser.get(with_class.url("register/"), {"on": "2023-12-31"})
    assert "Peeters, Jana" not in before.content.decode()


def test_a_member_opens_with_every_movement(with_class: Cast) -> None:
    """A member's page tells what was issued, and by which decision."""
    admit(with_class, "Peeters", "Jana", 4)
    page = with_class.auditor.browser().get(with_class.url("register/members/1/")).content.decode()
    assert "2024-01-10, item 3" in page
    assert "+4" in page


def test_the_table_is_the_one_that_commands_promise(with_class: Cast) -> None:
    """The downloaded table has the promised header and one row per member and lot."""
    admit(with_class, "Peeters", "Jana", 4)
    answer = with_class.secretary.browser().get(with_class.url("register/table.csv"), {"on": "2024-02-01"})
    assert answer.content.decode().splitlines() == [
        "member_no,kind,name,domicile,enterprise_no,class,shares,amount_per_share,paid,admitted_on,ended_on",
        '1,person,"Peeters, Jana","Dok-Noord 4, 9000 Gent, BE",,A,4,25.00,100.00,2024-02-01,',
    ]


@pytest.mark.parametrize("address", ["register/", "register/table.csv", "register/members/1/"])
def test_others_stay_outside(with_class: Cast, nederwerf: Cast, stranger: Person, host: Person, address: str) -> None:
    """Neither another co-operative's secretary, nor a stranger, nor the host sees this register."""
    admit(with_class, "Peeters", "Jana", 4)
    for person in (nederwerf.secretary, stranger, host):
        answer = person.browser().get(with_class.url(address))
        assert answer.status_code == 403
        assert "Peeters, Jana" not in answer.content.decode()


def test_a_page_asks_as_often_for_many_as_for_few(with_class: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """The number of queries doesn't grow with the members."""
    for name in range(12):
        admit(with_class, f"Peeters {name}", "Jana", 1)
    browser = with_class.secretary.browser()
    with django_assert_max_num_queries(30):
        page = browser.get(with_class.url("register/"), {"on": dt.date(2024, 2, 1).isoformat()})
    assert page.content.decode().count("Peeters") >= 12


def test_a_members_page_tells_where_each_number_comes_from(with_class: Cast) -> None:
    """Every movement with its decision, who wrote it, its place in the chain, and what corrected it."""
    jana = admit(with_class, "Peeters", "Jana", 4, "60.00")
    with tenant(with_class.id):
        wrong = queries.movements_of(with_class.id, jana.id)[0]
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=wrong.id,
        quantity=3,
        paid=Decimal("60.00"),
        decision=BOARD,
    )
    page = english(with_class.auditor).get(with_class.url("register/members/1/")).content.decode()
    for said in ("Added up from 3 movements", "written by Bram Verhoeven", f'href="#p{wrong.position}"', "part-paid"):
        assert said in page
    assert "undoes position" in page
    assert "corrected by position" in page
    assert "Correct<" not in page


def test_as_known_earlier_the_old_answer_stays(with_class: Cast) -> None:
    """After a back-dated correction the page as known before it, and the register too, say what they said."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        known = queries.last_change(with_class.id)
        wrong = queries.movements_of(with_class.id, jana.id)[0]
    browser = english(with_class.secretary)
    member, register = with_class.url("register/members/1/"), with_class.url("register/")
    asked = {"on": "01-06-2024", "known": str(known)}

    def told(address: str) -> str:
        page = browser.get(address, asked).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", page)

    before = told(member), told(register)
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=wrong.id,
        quantity=3,
        decision=BOARD,
    )
    assert (told(member), told(register)) == before
    assert "100.00" in before[0]
    assert "75.00" in browser.get(member).content.decode()
    assert "corrected by" not in before[0]


@pytest.mark.parametrize(
    "asked", [{"on": "31-02-2024"}, {"known": "x"}, {"known": "-1"}, {"on": "1-1-0001"}, {"known": "9" * 19}]
)
def test_a_filter_that_cannot_be_read_is_said(with_class: Cast, asked: dict[str, str]) -> None:
    """Beside its field, on both pages, with the rest of the page there."""
    admit(with_class, "Peeters", "Jana", 4)
    browser = english(with_class.secretary)
    for address in ("register/members/1/", "register/"):
        answer = browser.get(with_class.url(address), asked)
        assert answer.status_code == 200
        assert "field__error" in answer.content.decode()


def test_before_the_admission_the_page_says_so(with_class: Cast) -> None:
    """As of a day before, this was no member yet; what came later isn't shown."""
    admit(with_class, "Peeters", "Jana", 4)
    page = (
        english(with_class.secretary).get(with_class.url("register/members/1/"), {"on": "31-12-2023"}).content.decode()
    )
    assert "this was no member yet" in page
    assert "+4" not in page


def test_what_cannot_be_recorded_is_greyed_with_its_reason(with_class: Cast) -> None:
    """On the page of somebody who left, and for who may only look."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    auditor = english(with_class.auditor).get(with_class.url("register/members/1/")).content.decode()
    assert "keep the register" in auditor
    leave(with_class, jana.id, 4)
    page = english(with_class.secretary).get(with_class.url("register/members/1/")).content.decode()
    assert "This membership ended on" in page
    assert "record/issue/?member=1" not in page


def test_the_register_over_time_has_its_table(with_class: Cast) -> None:
    """Two pictures, members and shares, each with the numbers behind it."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    for day in (1, 2, 3):
        actions.record_issue(
            actor=with_class.secretary.actor,
            now=NOW,
            coop_id=with_class.id,
            member_id=jana.id,
            share_class="A",
            quantity=1,
            on=dt.date(2024, 3, day),
            decision=BOARD,
        )
    page = english(with_class.secretary).get(with_class.url("register/")).content.decode()
    assert page.count("chart__wide") == 2
    assert "Shares: from 4 on 1\xa0February\xa02024 to 7 on" in page
    assert "The numbers as a table" in page


def test_who_gives_mandates_finds_the_members_by_name(with_class: Cast, nederwerf: Cast) -> None:
    """A board is chosen from the members, who never held a mandate before; others' members aren't found."""
    admit(with_class, "Peeters", "Jana", 4)
    address = "bodies/mandates/new/"
    page = with_class.chair.browser().get(with_class.url(address), {"q": "peeters"}).content.decode()
    assert "Jana Peeters" in page
    elsewhere = nederwerf.chair.browser().get(nederwerf.url(address), {"q": "peeters"}).content.decode()
    assert "Jana Peeters" not in elsewhere
    outsider = nederwerf.chair.browser().get(with_class.url(address), {"q": "peeters"})
    assert "Jana Peeters" not in outsider.content.decode()
