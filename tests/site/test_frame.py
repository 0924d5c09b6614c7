"""The frame around every page: whose it is, and where one may go."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from coopwerf.coops import actions as coops
from tests.cast import NOW, Cast, MakePerson

pytestmark = pytest.mark.django_db


def test_anybody_sees_which_cooperatives_live_here(wolkenwerf: Cast, client: Client) -> None:
    """A passer-by finds the co-operatives on the first page, and each has a page of its own."""
    assert "Wolkenwerf" in client.get("/").content.decode()
    assert "Wolkenwerf" in client.get(wolkenwerf.url()).content.decode()


def test_the_way_is_shown_to_who_may_go_it(wolkenwerf: Cast, client: Client) -> None:
    """The secretary finds the register in the navigation; a passer-by doesn't."""
    assert wolkenwerf.url("register/") in wolkenwerf.secretary.browser().get(wolkenwerf.url()).content.decode()
    assert wolkenwerf.url("register/") not in client.get(wolkenwerf.url()).content.decode()


def test_the_outbox_is_at_hand_as_long_as_mail_leaves_for_nowhere(person: MakePerson, settings: Settings) -> None:
    """Who tries the application alone finds the mail that it wrote; anybody else, or with a mail server, does not."""
    founder, other = person("Karim", is_administrator=True), person("Lotte")
    mine = coops.found_coop(actor=founder.actor, now=NOW, name="Zonnewerf", language="nl")
    theirs = coops.found_coop(actor=other.actor, now=NOW, name="Maanwerf", language="nl")
    for server, is_there in (("", True), ("smtp://localhost:25", False)):
        settings.SMTP_URL = server
        assert ("/host/outbox/" in founder.browser().get(f"/c/{mine.slug}/settings/").text) is is_there
        assert "/host/outbox/" not in other.browser().get(f"/c/{theirs.slug}/settings/").text
