"""The worker process: does what waits in the queue. `python -m coopwerf.conf.worker`."""

import asyncio
import os

import django
from procrastinate.connector import BaseConnector
from procrastinate.psycopg_connector import PsycopgConnector

# Most jobs wait for the database or for a document's compiler; each holds one connection of the pool.
CONCURRENCY = 4
# A stop waits this long for jobs that run; what isn't done by then is tried again later.
GRACE_SECONDS = 5
# Whoever waits for a page comes first; but not by much, for a code to sign in is mail too, and somebody waits for it.
NICENESS = 4


class WorkerConnector(PsycopgConnector):
    """Fetch jobs over connections of the worker's own, but ask for jobs in the transaction of the one that asks.

    Otherwise a job that writes a mail and asks for its delivery would have it delivered before it is written.
    """

    def __init__(self, within: BaseConnector) -> None:
        from procrastinate.contrib.django import utils
        from procrastinate.contrib.django.settings import settings

        super().__init__(kwargs=utils.connector_params(settings.DATABASE_ALIAS))
        self._within = within

    def get_sync_connector(self) -> BaseConnector:
        """Return the connector over Django's connection, which is the running job's."""
        return self._within


async def work() -> None:
    """Work until told to stop."""
    from procrastinate.contrib.django import app

    # `with_connector` would leak the periodic deferrer's Django connection.
    with app.replace_connector(WorkerConnector(app.connector)) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE_SECONDS)


if __name__ == "__main__":
    os.nice(NICENESS)
    django.setup()
    asyncio.run(work())
