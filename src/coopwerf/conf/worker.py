"""The worker process: does what waits in the queue. `python -m coopwerf.conf.worker`."""

import asyncio
import os

import django

# Most jobs wait for the database or for a document's compiler; each holds one connection of the pool.
CONCURRENCY = 4
# A stop waits this long for jobs that run; what isn't done by then is tried again later.
GRACE_SECONDS = 5
# Whoever waits for a page comes first: when there is too much to do for the processor, jobs wait.
NICENESS = 10


async def work() -> None:
    """Work until told to stop."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    # `with_connector` would leak the periodic deferrer's Django connection.
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE_SECONDS)


if __name__ == "__main__":
    os.nice(NICENESS)
    django.setup()
    asyncio.run(work())
