"""The pages of one's own data in a real browser: readable for everybody, as wide as the window."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser import audit
from tests.cast import Cast, MakePerson

from .test_erasure import list_place, member

__all__ = ["list_place"]
PATHS = (
    *("data/", "data/name/", "data/address/", "data/contact/", "data/erase/"),
    *("acting/", "acting/organisation/", "acting/minor/"),
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(
    width: int, browser: Browser, live_server: LiveServer, person: MakePerson, wolkenwerf: Cast
) -> None:
    """With a membership, a hat and real content, on a phone and on a desk."""
    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, jonas)
    client = jonas.browser()
    client.post("/me/acting/minor/", {"given": "Lila", "family": "Vandewalle", "born_on": "01-03-2018"})
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    for path in PATHS:
        answer = page.goto(f"{live_server.url}/me/{path}")
        assert answer is not None
        assert answer.ok, path
        assert audit(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
