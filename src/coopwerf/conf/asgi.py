"""The ASGI entry point; any ASGI server may run it."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopwerf.conf.settings")

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler


class OneThreadHandler(ASGIHandler):
    """Handle a request from its first middleware to its page in one thread, in one go.

    Our pages and middlewares wait for the database, none is a coroutine. Django would change between the event loop
    and the thread a dozen times for each page, and a page under load waits at each change.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the middlewares as functions."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> Any:
        """Answer a request in the thread that belongs to it."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


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
