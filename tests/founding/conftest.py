"""A real browser that looks at the pages of the yard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import WATCH

Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, live_server: LiveServer) -> Iterator[Look]:
    """Return the function that opens an address: `look("/projects/", width=390, dark=True, language="fr")`."""
    contexts = []

    def open_page(
        address: str, *, width: int = 390, dark: bool = False, language: str = "nl", cookie: str = ""
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            locale=f"{language}-BE",
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
