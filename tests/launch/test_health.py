"""Whether we live, whether we can serve, and what a page says when the database is too busy."""

import logging

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout

from coopwerf.conf import health


def test_healthz_asks_nothing_of_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db(transaction=True)
def test_readyz_says_what_is_missing(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "migrations": "ok", "worker": "silent"}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (PoolTimeout("no connection within 10 s"), 503),
        (psycopg.OperationalError("connection refused"), 503),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), 503),
        (psycopg.errors.CannotConnectNow("the database system is starting up"), 503),
        (psycopg.errors.DiskFull("no space left"), 500),
        (ValueError("a fault of ours"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_busy_database_is_503_and_a_fault_of_ours_500(cause: Exception, status: int) -> None:
    try:
        try:
            raise cause
        except psycopg.Error as inner:
            raise OperationalError("as Django says it") from inner
    except Exception:
        answer = health.server_error(RequestFactory().get("/"))
    assert answer.status_code == status
    assert ("Retry-After" in answer) is (status == 503)


def test_the_log_holds_the_route_and_no_key(client: Client, caplog: pytest.LogCaptureFixture, db: None) -> None:
    with caplog.at_level(logging.INFO, logger="coopwerf.requests"):
        client.get("/c/some-coop/certificate/secret-token/")
    record = caplog.records[-1]
    assert "secret-token" not in str(vars(record))
    assert record.__dict__["status"] in (200, 302, 404)
