"""The ASGI entry point; any ASGI server may run it."""

import asyncio
import contextlib
import contextvars
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopwerf.conf.settings")

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.urls import set_script_prefix

AT_ONCE = 4
"""So many pages are made at the same time in one process at most."""

PATIENCE = 0.1
"""A page that isn't made after so many seconds lets the next one begin.

Until then it has the process for itself: two threads at work in one Python process take the processor from each other
five milliseconds at a time, and both come later. Twenty who ask without a pause get a fifth more pages so, and the
slowest of them in half the time.
"""


class Turns:
    """Let pages begin one by one, in the order of asking; a slow one doesn't hold up the others."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    @contextlib.asynccontextmanager
    async def mine(self) -> AsyncIterator[None]:
        """Wait for one's turn, and pass it on when done, or when it takes long."""
        await self._turn.acquire()
        passed_on = False

        def pass_on() -> None:
            nonlocal passed_on
            if not passed_on:
                passed_on = True
                self._turn.release()

        later = asyncio.get_running_loop().call_later(PATIENCE, pass_on)
        try:
            yield
        finally:
            later.cancel()
            pass_on()


class OneThreadHandler(ASGIHandler):
    """Make a page from its first middleware to its last in one thread, in one go, and in the order of asking.

    Our pages and middlewares wait for the database, none is a coroutine. Django would start a thread for each request,
    change between it and the event loop half a dozen times, and let all of them work at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="page")
        self._turns = Turns()

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the middlewares as functions."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one HTTP request."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        own = contextvars.copy_context()
        try:
            async with self._turns.mine():
                loop = asyncio.get_running_loop()
                response = await loop.run_in_executor(self._threads, lambda: own.run(self._make, scope, body))
        except asyncio.CancelledError:
            # The server stops, and perhaps no thread ever began.
            body.close()
            raise
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    def _make(self, scope: Any, body: IO[bytes]) -> Any:
        """Make a page, and let go of everything that it needed; only a file is still open, to be sent."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        response: Any
        with body:
            request, response = self.create_request(scope, body)
            if request is not None:
                response = self.get_response(request)
                response._handler_class = self.__class__
        if response.streaming:
            close_old_connections()
        else:
            response.close()
        return response

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Send a file, unless whoever asked goes away."""
        response.block_size = self.chunk_size
        async with ThreadSensitiveContext():
            sending, gone = asyncio.ensure_future(self.send_response(response, send)), asyncio.ensure_future(receive())
            try:
                await asyncio.wait([sending, gone], return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
            finally:
                sending.cancel()
                gone.cancel()
                await asyncio.gather(sending, gone, return_exceptions=True)
                await sync_to_async(response.close)()


django.setup(set_prefix=False)
django_application = OneThreadHandler()


async def application(scope, receive, send):  # type: ignore[no-untyped-def]
    """Answer the lifespan protocol, and hand everything else to Django."""
    if scope["type"] != "lifespan":
        await django_application(scope, receive, send)
        return
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
