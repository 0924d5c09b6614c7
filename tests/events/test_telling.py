"""Followers hear of what is announced; a newsletter can go to who comes, and to nobody else."""

import datetime as dt

import pytest

from coopwerf.events import actions
from coopwerf.events.states import Needs
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.messages import queries
from coopwerf.messages.audiences import known_audiences
from coopwerf.messages.tasks import work
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox
from tests.messages.conftest import mailbox, server
from tests.messages.test_following import followed

from .gathered import DAY, announced, inside, registered, seated, token

__all__ = ["mailbox", "server"]
pytestmark = pytest.mark.django_db


def test_followers_hear_of_a_gathering_in_their_language(wolkenwerf: Cast, server: Mailbox) -> None:
    """Who follows gatherings, or all; not who follows news only."""
    followed(wolkenwerf, "noor@example.org", topics=["gatherings"])
    followed(wolkenwerf, "jos@example.org", topics=["all"], language="fr")
    followed(wolkenwerf, "kris@example.org", topics=["news"])
    announced(wolkenwerf)
    [(_coop, bulk_id)] = queries.due_bulks(clock.now())
    work(wolkenwerf.id, bulk_id, 0)
    [dutch] = server.to("noor@example.org")
    assert "/gatherings/debatdag-over-onze-statuten/" in dutch.text
    assert "meet.example.org" not in dutch.text
    [french] = server.to("jos@example.org")
    assert "Journée de débat" in french.text + french.subject
    assert server.to("kris@example.org") == []


def test_a_newsletter_goes_to_who_has_a_place_and_not_long_afterwards(wolkenwerf: Cast) -> None:
    """Not to who waits, cancelled or never confirmed; a month after the gathering to nobody."""
    gathering_id = announced(wolkenwerf, capacity=2)
    seated(wolkenwerf, gathering_id, "Noor", language="fr", needs=Needs(access="vooraan"))
    gone = seated(wolkenwerf, gathering_id, "Jan")
    seated(wolkenwerf, gathering_id, "Wachter")
    registered(wolkenwerf, gathering_id, "Onbevestigd")
    actions.cancel_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, gone.id))
    audience = known_audiences()["participants"]
    with inside(wolkenwerf):
        for on, number in ((NOW.date(), 1), (DAY + dt.timedelta(days=10), 1), (DAY + dt.timedelta(days=40), 0)):
            found = list(audience.recipients(wolkenwerf.id, on))
            assert [(one.email, one.language) for one in found] == [("noor@example.org", "fr")] * number
