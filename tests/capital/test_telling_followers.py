"""An offer that opens is told to whoever follows offers, once."""

import pytest

from coopwerf.capital import actions
from coopwerf.messages.models import Mail
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox
from tests.messages.conftest import mailbox, server
from tests.messages.test_following import address_all, deliver_all, followed

from .offering import opened, with_shares

__all__ = ["mailbox", "server"]
pytestmark = pytest.mark.django_db


def test_followers_of_offers_hear_of_one_that_opens(wolkenwerf: Cast, server: Mailbox) -> None:
    with_shares(wolkenwerf)
    followed(wolkenwerf, "noor@example.org", topics=["offers"])
    followed(wolkenwerf, "jos@example.org", topics=["all"], language="fr")
    followed(wolkenwerf, "kris@example.org", topics=["news"])
    offer_id = opened(wolkenwerf)
    assert address_all(wolkenwerf) == 2
    deliver_all(wolkenwerf)
    [mail] = server.to("noor@example.org")
    assert "/shares/" in mail.text
    assert server.to("jos@example.org")[0].language == "fr"
    assert server.to("kris@example.org") == []
    act = {"actor": wolkenwerf.chair.actor, "now": NOW, "coop_id": wolkenwerf.id, "offer_id": offer_id}
    actions.pause_offer(**act)  # type: ignore[arg-type]
    actions.open_offer(**act)  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 0
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 2
