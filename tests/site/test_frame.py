"""The frame around every page: whose it is, and where one may go."""

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_anybody_sees_which_cooperatives_live_here(wolkenwerf: Cast, client: Client) -> None:
    """A passer-by finds the co-operatives on the first page, and each has a page of its own."""
    assert "Wolkenwerf" in client.get("/").content.decode()
    assert "Wolkenwerf" in client.get(wolkenwerf.url()).content.decode()


def test_the_way_is_shown_to_who_may_go_it(wolkenwerf: Cast, client: Client) -> None:
    """The secretary finds the register in the navigation; a passer-by doesn't."""
    assert wolkenwerf.url("register/") in wolkenwerf.secretary.browser().get(wolkenwerf.url()).content.decode()
    assert wolkenwerf.url("register/") not in client.get(wolkenwerf.url()).content.decode()
