"""Reading the register on a screen."""

import datetime as dt

import pytest

from tests.cast import Cast, Person

from .test_register import admit, with_class

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
