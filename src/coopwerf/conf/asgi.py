"""The ASGI entry point; any ASGI server may run it."""

import asyncio
import contextvars
import os
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

AT_ONCE = 3
"""So many pages are made at the same time in one process: more would only take the processor from each other."""


class OneThreadHandler(ASGIHandler):
    """Make a page from its first middleware to its last in one thread, in one go, and in the order of asking.

    Our pages and middlewares wait for the database, none is a coroutine. Django would start a thread for each request,
    change between it and the event loop half a dozen times, and let all of them work at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="page")

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
        make = asyncio.get_running_loop().run_in_executor(self._threads, lambda: own.run(self._make, scope, body))
        response = await make
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
