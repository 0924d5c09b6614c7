"""A real browser on the real site, for looking at components."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from ..browser import AXE, WATCH, audit

__all__ = ["AXE", "WATCH", "audit"]


@pytest.fixture
def look(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open an address as somebody with this width, light and language would; pages end without a CSP violation."""
    contexts = []

    def open_page(path: str, *, width: int = 1280, lang: str = "nl", dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale=lang,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(WATCH)
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.ok
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.evaluate("() => window.violations || []") == []
        context.close()
