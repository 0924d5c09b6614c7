"""What becomes of the work of a worker that died."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from coopwerf.conf.worker import WorkerConnector
from coopwerf.kernel import tasks

pytestmark = pytest.mark.django_db(transaction=True)


def run(statement: str, *facts: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchall() if cursor.description else []


def begun_by_a_dead_worker(attempts: int = 0) -> int:
    """Enqueue the sealing of a chain, and have a worker begin it who was last heard of a minute ago."""
    tasks.defer_sealing(COOP)
    run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '60 s')")
    run(
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = (SELECT max(id) FROM"
        " procrastinate_workers) WHERE status = 'todo'",
        attempts,
    )
    return int(str(run("SELECT max(id) FROM procrastinate_jobs")[0][0]))


COOP = uuid.UUID("01a00000-0000-7000-8000-000000000001")


def retry() -> None:
    """Run the task as a worker does: in a thread of its own, where no browser's event loop runs."""

    def work() -> None:
        try:
            async_to_sync(tasks.retry_stalled.func)(0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def states() -> list[tuple[object, ...]]:
    return run("SELECT id, status::text, attempts FROM procrastinate_jobs ORDER BY id")


def test_it_is_put_back(transactional_db: None) -> None:
    job = begun_by_a_dead_worker()
    retry()
    assert states() == [(job, "todo", 1)]


def test_a_twin_that_waits_already_takes_its_place_and_holds_nobody_up() -> None:
    """Whatever else the dead worker had begun is put back too."""
    job = begun_by_a_dead_worker()
    tasks.defer_sealing(COOP)
    tasks.seal.configure(lock="other", queueing_lock="other").defer(coop_id=str(uuid.uuid4()))
    run(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        " WHERE lock = 'other'"
    )
    retry()
    assert [(status, attempts) for _id, status, attempts in states()] == [("todo", 0), ("todo", 1)]
    assert job not in [one for one, _status, _attempts in states()]


def test_what_kills_every_worker_is_given_up() -> None:
    job = begun_by_a_dead_worker(tasks.MOST_STALLS)
    retry()
    assert states()[0][:2] == (job, "failed")


def test_a_living_worker_is_left_alone() -> None:
    job = begun_by_a_dead_worker()
    run("UPDATE procrastinate_workers SET last_heartbeat = now()")
    retry()
    assert states() == [(job, "doing", 0)]


def test_what_a_job_asks_for_waits_until_it_is_through(transactional_db: None) -> None:
    """A job that writes and asks for more work: nobody begins that before the writing is there."""

    def waiting() -> int:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(count).result()

    def count() -> int:
        try:
            return len(run("SELECT 1 FROM procrastinate_jobs"))
        finally:
            connections.close_all()

    def job() -> tuple[int, int]:
        try:
            with transaction.atomic():
                tasks.defer_sealing(COOP)
                before = waiting()
            return before, waiting()
        finally:
            connections.close_all()

    async def work() -> tuple[int, int]:
        with app.replace_connector(WorkerConnector(app.connector)) as worker_app:
            async with worker_app.open_async():
                return await sync_to_async(job)()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, work()).result() == (0, 1)
