"""Somebody's own account: where they belong, whom they act for, which language they read."""

import datetime as dt
import re

import pytest
from django.test import Client

from coopwerf.people import actions, queries
from coopwerf.people.states import Proof, RepresentationKind, belongings
from coopwerf.register import actions as register
from coopwerf.register.actions import DecisionInput

from ..cast import NOW, Cast, Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_somebody_sees_where_they_belong(language: str, wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Amina chairs one co-operative; the other isn't named."""
    actions.change_language(
        actor=wolkenwerf.chair.actor, now=NOW, party_id=wolkenwerf.chair.party_id, language=language
    )
    answer = wolkenwerf.chair.browser().get("/me/")
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert page.count("<h1") == 1
    assert "Amina El Idrissi" in page
    assert wolkenwerf.url() in page
    assert "Nederwerf" not in page


def test_members_see_their_memberships_and_those_of_whom_they_act_for(nederwerf: Cast, stranger: Person) -> None:
    """Ines is a member, and acts for a laundry that is one too; a third member isn't hers to see."""
    laundry = actions.register_represented(
        actor=stranger.actor,
        now=NOW,
        kind=RepresentationKind.ORGANISATION,
        agent_id=stranger.party_id,
        family="Buurtwasserij De Ton",
        legal_form="cv",
        enterprise_no="BE0403170701",
        proof=Proof.STATUTES,
    )
    decided = DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="item 3")
    for party_id in (stranger.party_id, laundry, nederwerf.secretary.party_id):
        register.record_admission(
            actor=nederwerf.secretary.actor,
            now=NOW,
            coop_id=nederwerf.id,
            party_id=party_id,
            on=dt.date(2024, 2, 1),
            decision=decided,
            shares=[],
        )
    places = belongings({stranger.party_id, laundry}, NOW.date())
    assert places == []  # nothing is open outside a request
    page = " ".join(re.sub("<[^>]+>", " ", stranger.browser().get("/me/").content.decode()).split())
    assert page.count("Nederwerf") == 2
    assert "Buurtwasserij De Ton" in page
    assert "3" not in re.findall(r"(?:lid|member)[^\d]{0,12}(\d+)", page)


def test_who_belongs_nowhere_is_shown_a_way(stranger: Person) -> None:
    """No empty list: the co-operatives of this installation."""
    page = stranger.browser().get("/me/").content.decode()
    assert stranger.name in page
    assert 'href="/"' in page


def test_a_visitor_has_no_account_page() -> None:
    """They are asked to sign in, and led back."""
    assert Client().get("/me/").headers["Location"] == "/sign-in/?next=%2Fme%2F"


def test_the_language_at_the_head_of_a_page_is_the_one_that_they_prefer(stranger: Person) -> None:
    """Who has signed in and presses fr reads French from then on, and gets French mail."""
    browser = stranger.browser()
    answer = browser.post("/ui/language/", {"language": "fr", "next": "/me/"}, follow=True)
    assert answer.headers["Content-Language"] == "fr"
    assert queries.language_of([stranger.party_id]) == {stranger.party_id: "fr"}


def test_a_visitor_presses_a_language_and_changes_nobody(stranger: Person) -> None:
    """Only their own cookie."""
    browser = Client()
    browser.post("/ui/language/", {"language": "fr", "next": "/"})
    assert browser.get("/").headers["Content-Language"] == "fr"
    assert queries.language_of([stranger.party_id]) == {stranger.party_id: "nl"}


def test_the_language_is_changed_by_our_own_pages_only(stranger: Person) -> None:
    """A form on another site can't change it."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(stranger.account)
    assert strict.post("/ui/language/", {"language": "fr", "next": "/"}).status_code == 403
    assert queries.language_of([stranger.party_id]) == {stranger.party_id: "nl"}
