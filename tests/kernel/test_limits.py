"""How often something may be tried: counted by all processes together, in the cache that stands in the database."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import RequestFactory
from psycopg import sql

from coopwerf.conf.embedded import WEB_ROLE
from coopwerf.kernel import clock
from coopwerf.kernel.limits import count, forget_counts, once_more, rough_network, visitor
from coopwerf.kernel.models import Tally

from ..conftest import administration
from ..settings import DATABASE

TABLE = "tried_cache"


@pytest.fixture
def shared_cache(settings: Any, transactional_db: None) -> Iterator[None]:
    """Count in the database, as a real installation does; tests count in memory else."""
    with administration(DATABASE) as admin:
        admin.execute(
            sql.SQL(
                "CREATE TABLE {} (cache_key varchar PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)"
            ).format(sql.Identifier(TABLE))
        )
        admin.execute(sql.SQL("GRANT ALL ON {} TO {}").format(sql.Identifier(TABLE), sql.Identifier(WEB_ROLE)))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": TABLE}}
    yield
    with administration(DATABASE) as admin:
        admin.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(TABLE)))


def test_so_often_and_no_more() -> None:
    """Each asker has their own places, and each thing to be tried too."""
    cache.clear()
    assert [once_more("doors", "anna", most=3, seconds=60) for _time in range(5)] == [True] * 3 + [False] * 2
    assert once_more("doors", "bert", most=3, seconds=60)
    assert once_more("windows", "anna", most=3, seconds=60)


def test_a_place_comes_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time, not before."""
    import time

    cache.clear()
    began = time.time()
    assert once_more("doors", "anna", most=1, seconds=60)
    monkeypatch.setattr(time, "time", lambda: began + 50)
    assert not once_more("doors", "anna", most=1, seconds=60)
    monkeypatch.setattr(time, "time", lambda: began + 61)
    assert once_more("doors", "anna", most=1, seconds=60)


def test_many_at_the_same_instant_take_no_place_twice(shared_cache: None) -> None:
    """Twelve connections to the database, five places, five who may."""
    start = threading.Barrier(12)
    allowed: list[bool] = []

    def ask() -> None:
        start.wait()
        try:
            allowed.append(once_more("doors", "anna", most=5, seconds=60))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _each in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == [False] * 7 + [True] * 5


def test_nobody_stands_readable_in_the_counts(shared_cache: None) -> None:
    """Only a keyed hash of who asked."""
    once_more("mails to", "anna@example.org", most=5, seconds=60)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(cache_key || value, ' ') FROM {TABLE}")
        assert "anna" not in cursor.fetchone()[0]
    assert caches["default"]


@pytest.mark.parametrize(
    ("address", "who", "about"),
    [
        ("203.0.113.77", "203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0"),
        ("unix:", "0.0.0.0", "0.0.0.0"),
        ("", "0.0.0.0", "0.0.0.0"),
    ],
)
def test_where_a_request_comes_from(address: str, who: str, about: str) -> None:
    """A household has many IPv6 addresses and counts once; what is shown names no device."""
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    assert visitor(request) == who
    assert rough_network(request) == about


@pytest.mark.django_db
def test_what_is_asked_often_is_counted_by_the_minute() -> None:
    """Each asker and each thing by itself; the next minute begins at one; a day later nobody knows of it."""
    now = clock.now().replace(second=10)
    assert [count("doors", "anna", now) for _time in range(3)] == [1, 2, 3]
    assert count("doors", "bert", now) == 1
    assert count("windows", "anna", now) == 1
    assert count("doors", "anna", now + dt.timedelta(seconds=49)) == 4
    assert count("doors", "anna", now + dt.timedelta(seconds=50)) == 1
    assert not Tally.objects.filter(who__contains="anna").exists()
    forget_counts(now + dt.timedelta(hours=23))
    assert Tally.objects.count() == 3
    forget_counts(now + dt.timedelta(hours=25))
    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_counting_writes_nothing_that_has_to_last() -> None:
    """The table has no log: a count costs no write to the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'kernel_tally'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_processes_count_together() -> None:
    """Six connections to the database, as six processes have: each number is given out once."""
    now = clock.now()
    found: list[int] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        try:
            found.extend([count("doors", "anna", now) for _time in range(20)])
        finally:
            connection.close()

    several = [threading.Thread(target=ask) for _one in range(6)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(found) == list(range(1, 121))
