"""The ASGI entry point; any ASGI server may run it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopwerf.conf.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()


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
