"""The page behind the link in one's mail."""

import pytest
from django.test import Client

from coopwerf.events import actions
from coopwerf.events.states import When
from tests.cast import Cast

from .gathered import act, drafted, seated, session, token, wall

pytestmark = pytest.mark.django_db


def test_a_day_is_shown_in_its_order(wolkenwerf: Cast) -> None:
    """What is for everybody and what somebody chose stand on their page as they come, one after the other."""
    gathering_id = drafted(wolkenwerf, when=When(begins=wall(9), ends=wall(17)))
    session(wolkenwerf, gathering_id, "Welkom", begins=wall(9), ends=wall(10), is_for_all=True)
    mine = session(wolkenwerf, gathering_id, "Wandeling", begins=wall(10), ends=wall(12))
    session(wolkenwerf, gathering_id, "Vissenkom", begins=wall(10), ends=wall(12))
    session(wolkenwerf, gathering_id, "Slot", begins=wall(16), ends=wall(17), is_for_all=True)
    actions.announce_gathering(**act(wolkenwerf), gathering_id=gathering_id)
    done = seated(wolkenwerf, gathering_id, "Noor", sessions=(mine,))
    shown_page = Client().get(wolkenwerf.url(f"registration/{token(wolkenwerf, done.id)}/")).content.decode()
    places = [shown_page.find(title) for title in ("Welkom", "Wandeling", "Slot")]
    assert -1 not in places
    assert places == sorted(places)
    assert "Vissenkom" not in shown_page
