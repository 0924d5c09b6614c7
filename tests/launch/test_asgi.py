"""How a request becomes a page: few at once, in the order of asking, and nothing of one request reaches the next."""

import asyncio
import contextvars
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from coopwerf.conf.asgi import AT_ONCE, PATIENCE, OneThreadHandler

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # As `conf.serve` has it.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]
SECRET: contextvars.ContextVar[str] = contextvars.ContextVar("secret", default="")


class Asker:
    """A connection: what is sent over it, and whether whoever asked goes away after so many bytes."""

    def __init__(self, path: str, gone_after: int | None = None) -> None:
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        self.body = b""
        self.status = 0
        self._gone_after = gone_after
        self._gone = asyncio.Event()
        self._asked = False

    async def receive(self) -> dict[str, Any]:
        """Hand over the request, then wait until somebody goes away."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """Take what is sent."""
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        if self._gone_after is not None and len(self.body) > self._gone_after:
            self._gone.set()
            await asyncio.sleep(60)


def asked(make: Callable[[HttpRequest], HttpResponseBase], *askers: Asker) -> None:
    """Let everybody ask at the same moment, each for a page that `make` makes."""
    handler = OneThreadHandler()
    handler.get_response = make  # type: ignore[method-assign]

    async def all_at_once() -> None:
        await asyncio.gather(*(handler(one.scope, one.receive, one.send) for one in askers))

    # In a thread of its own: where a browser was opened before, its loop runs in the thread of the tests.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, asyncio.wait_for(all_at_once(), 20)).result()


@pytest.mark.parametrize(("seconds", "at_once"), [(0.01, 1), (4 * PATIENCE, AT_ONCE)], ids=["quick", "slow"])
def test_quick_pages_are_made_one_by_one_and_slow_ones_hold_up_few(seconds: float, at_once: int) -> None:
    """In the order of asking; however many are slow, no more threads than that are at work."""
    lock, begun, now, most = threading.Lock(), [], 0, 0

    def make(request: HttpRequest) -> HttpResponse:
        nonlocal now, most
        with lock:
            begun.append(request.path)
            now += 1
            most = max(most, now)
        time.sleep(seconds)
        with lock:
            now -= 1
        return HttpResponse(request.path)

    askers = [Asker(f"/{number}/") for number in range(3 * AT_ONCE)]
    asked(make, *askers)
    assert most == at_once
    assert begun == [one.scope["path"] for one in askers]
    assert [one.body.decode() for one in askers] == begun
    assert {one.status for one in askers} == {200}


def test_a_quick_page_doesnt_wait_for_a_slow_one() -> None:
    quick_was_made = threading.Event()

    def make(request: HttpRequest) -> HttpResponse:
        if request.path == "/slow/":
            return HttpResponse("after" if quick_was_made.wait(10) else "before")
        quick_was_made.set()
        return HttpResponse("quick")

    slow, quick = Asker("/slow/"), Asker("/quick/")
    asked(make, slow, quick)
    assert (slow.body, quick.body) == (b"after", b"quick")


def test_nothing_that_a_page_sets_is_seen_by_the_next_one_of_its_thread() -> None:
    def make(request: HttpRequest) -> HttpResponse:
        found = SECRET.get()
        SECRET.set("of another")
        return HttpResponse(found or "nothing")

    askers = [Asker("/") for _ in range(4 * AT_ONCE)]
    asked(make, *askers)
    assert {one.body for one in askers} == {b"nothing"}


def test_a_file_is_sent_whole_and_closed() -> None:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    file.write(b"x" * 300_000)
    file.seek(0)
    asker = Asker("/")
    asked(lambda request: FileResponse(file), asker)
    assert asker.body == b"x" * 300_000
    assert file.closed


def test_a_file_is_closed_when_whoever_asked_goes_away() -> None:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    file.write(b"x" * 3_000_000)
    file.seek(0)
    asker = Asker("/", gone_after=100_000)
    asked(lambda request: FileResponse(file), asker)
    assert 100_000 < len(asker.body) < 3_000_000
    assert file.closed


def test_a_page_that_breaks_leaves_its_thread_to_the_next() -> None:
    def make(request: HttpRequest) -> HttpResponse:
        if request.path == "/breaks/":
            raise RuntimeError("broken")
        return HttpResponse("fine")

    with pytest.raises(RuntimeError, match="broken"):
        asked(make, *(Asker("/breaks/") for _ in range(2 * AT_ONCE)))
    after = Asker("/")
    asked(make, after)
    assert after.body == b"fine"
