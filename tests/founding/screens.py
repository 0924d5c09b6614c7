"""A browser that is answered by the application itself: pages, pictures and stylesheets, with every header."""

import contextlib
import contextvars
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.browser import WATCH

HOST = "http://localhost:9"
KINDS = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2", "svg": "image/svg+xml"}


def _answer(route: Route, client: Client, here: contextvars.Context) -> None:
    request = route.request
    parts = urlsplit(request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        assert isinstance(found, str), parts.path
        kind = KINDS.get(found.rpartition(".")[2], "application/octet-stream")
        route.fulfill(path=found, content_type=kind)
        return
    where = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {"accept-language": request.headers.get("accept-language", "nl"), "host": "localhost"}
    sent, method, kind = request.post_data_buffer or b"", request.method, request.headers.get("content-type", "")

    def ask() -> tuple[int, dict[str, str], bytes]:
        answer = client.generic(method, where, sent, kind or "application/octet-stream", headers=headers)
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        return answer.status_code, dict(answer.headers), body

    # The browser calls back from a context of its own, in which there is no connection of this test.
    status, told, body = here.copy().run(ask)
    route.fulfill(status=status, headers=told, body=body)


@contextlib.contextmanager
def shown(
    browser: Browser,
    client: Client,
    *,
    width: int = 390,
    dark: bool = False,
    language: str = "nl",
    scripts: bool = True,
) -> Iterator[Page]:
    """Open a browser of a width; every request is answered by this client, and it stands for its cookies."""
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        locale=language,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    here = contextvars.copy_context()
    page.route("**/*", lambda route: _answer(route, client, here))
    try:
        yield page
    finally:
        context.close()
