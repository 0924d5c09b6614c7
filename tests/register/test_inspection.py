"""A holder looks into their class: name and domicile, nothing more, and every look is written down."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions, queries
from coopwerf.register.actions import SharesInput
from tests.cast import NOW, Cast, Person

from .test_recording import english
from .test_register import BOARD, admit, leave, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def holder(coop: Cast, person: Any, given: str, share_class: str = "A", **more: Any) -> Person:
    """Admit somebody who can sign in, with one share."""
    one: Person = person(given, "Smet", language="en")
    actions.record_admission(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        party_id=one.party_id,
        on=dt.date(2024, 2, 1),
        decision=BOARD,
        shares=[SharesInput(share_class=share_class, quantity=1)],
    )
    return one


def look(browser: Client, address: str) -> str:
    """Press the button and return what is shown."""
    answer = browser.post(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def looks(coop: Cast) -> list[queries.Look]:
    """Return the log."""
    with tenant(coop.id):
        return list(queries.looks(coop.id))


def test_a_holder_sees_name_and_domicile_and_nothing_else(with_class: Cast, person: Any) -> None:
    """Lotte sees who holds her class; mail and telephone of others stand nowhere; the look is logged."""
    lotte = holder(with_class, person, "Lotte")
    party_id = people.register_party(
        actor=with_class.secretary.actor,
        now=NOW,
        kind=PartyKind.PERSON,
        family="Geheim",
        given="Greet",
        email="greet.geheim@example.org",
        phone="+32 2 555 00 00",
        address=Address("Kerkstraat", "9", "", "2000", "Antwerpen", "BE"),
        language="nl",
        valid_from=dt.date(2020, 1, 1),
    )
    actions.record_admission(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        party_id=party_id,
        on=dt.date(2024, 2, 1),
        decision=BOARD,
        shares=[SharesInput(share_class="A", quantity=3)],
        communication="123456789002",
    )
    address = with_class.url("register/classes/A/")
    browser = lotte.browser()
    assert f'href="{address}"' in browser.get(with_class.url("today/")).content.decode()
    before = browser.get(address).content.decode()
    assert "Geheim" not in before
    assert looks(with_class) == []
    page = look(browser, address)
    assert "Geheim, Greet" in page
    assert "Kerkstraat 9, 2000 Antwerpen" in page
    for hidden in ("greet.geheim", "555 00 00", "123456789002", "1234567", "123/4567"):
        assert hidden not in page
    (logged,) = looks(with_class)
    assert (logged.party_id, logged.share_class, logged.rows) == (lotte.party_id, "A", 2)


def test_another_class_stays_closed(with_class: Cast, person: Any) -> None:
    """Who holds A doesn't look into B; and of who holds both only the shares of the class asked are shown."""
    actions.set_class_terms(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        code="B",
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal(25),
    )
    lotte = holder(with_class, person, "Lotte")
    jana = admit(with_class, "Peeters", "Jana", 4)
    actions.record_issue(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="B",
        quantity=777,
        on=dt.date(2024, 3, 1),
        decision=BOARD,
    )
    browser = lotte.browser()
    answer = browser.get(with_class.url("register/classes/B/"))
    assert answer.status_code == 403
    assert "You hold none of class B" in answer.content.decode()
    assert browser.post(with_class.url("register/classes/B/")).status_code == 403
    page = look(browser, with_class.url("register/classes/A/"))
    assert "Peeters, Jana" in page
    assert "777" not in page
    assert looks(with_class)[0].share_class == "A"


def test_an_ex_member_and_strangers_see_nothing(
    with_class: Cast, nederwerf: Cast, stranger: Person, host: Person, person: Any
) -> None:
    """Who left, who governs elsewhere, who belongs nowhere, who hosts."""
    lotte = holder(with_class, person, "Lotte")
    with tenant(with_class.id):
        member = queries.members_of_party(with_class.id, lotte.party_id)[0]
    leave(with_class, member.id, 1)
    for one in (lotte, nederwerf.secretary, stranger, host):
        assert one.browser().get(with_class.url("register/classes/A/")).status_code == 403
        assert one.browser().post(with_class.url("register/classes/A/")).status_code == 403
    assert looks(with_class) == []


def test_a_look_is_its_own_persons_for_an_hour(with_class: Cast, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a look opens nothing for somebody else, and nothing after an hour."""
    lotte, piet = holder(with_class, person, "Lotte"), holder(with_class, person, "Piet")
    address = with_class.url("register/classes/A/")
    opened = lotte.browser().post(address)["Location"]
    assert "Smet, Piet" in lotte.browser().get(opened).content.decode()
    assert "Smet, Lotte" not in piet.browser().get(opened).content.decode()
    monkeypatch.setattr("coopwerf.register.web.inspection.OPEN_FOR", dt.timedelta(0))
    assert "Smet, Piet" not in lotte.browser().get(opened).content.decode()


def test_whoever_looks_too_often_waits(with_class: Cast, person: Any) -> None:
    """Ten looks within an hour; the eleventh says to come back, and isn't written down as one."""
    browser = holder(with_class, person, "Lotte").browser()
    address = with_class.url("register/classes/A/")
    for _again in range(10):
        assert browser.post(address).status_code == 302
    page = browser.post(address).content.decode()
    assert "You looked 10 times within an hour" in page
    assert len(looks(with_class)) == 10


def test_the_board_sees_the_log(with_class: Cast, nederwerf: Cast, person: Any) -> None:
    """Who, when, which class; an ordinary member doesn't, nor does another co-operative."""
    lotte = holder(with_class, person, "Lotte")
    look(lotte.browser(), with_class.url("register/classes/A/"))
    page = english(with_class.director).get(with_class.url("register/looks/")).content.decode()
    assert "Lotte Smet" in page
    assert lotte.browser().get(with_class.url("register/looks/")).status_code == 403
    assert nederwerf.secretary.browser().get(with_class.url("register/looks/")).status_code == 403


def test_a_log_cannot_be_changed(with_class: Cast, person: Any) -> None:
    """The database refuses to delete a look."""
    from django.db import DatabaseError, transaction

    from coopwerf.register.models import Inspection

    look(holder(with_class, person, "Lotte").browser(), with_class.url("register/classes/A/"))
    with tenant(with_class.id), pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.all().delete()
    assert len(looks(with_class)) == 1
