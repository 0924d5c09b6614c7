"""Whether we live and whether we can serve; and what a page says when we can't."""

import logging
import sys
import time
from collections.abc import Callable

import psycopg
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from coopwerf.ui.web import errors

requests = logging.getLogger("coopwerf.requests")

# A worker says every ten seconds that it lives.
HEARTBEAT_SECONDS = 60
BUSY_SECONDS = 5

_is_migrated = False


class HealthMiddleware:
    """Answer `/healthz` and `/readyz` before anything else, and note every other request in the log.

    The log holds the route, not the address: addresses carry keys of certificates and of sign-in links.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        if request.path_info == "/healthz":
            return JsonResponse({"alive": True})
        if request.path_info == "/readyz":
            findings = readiness()
            ready = all(value == "ok" for value in findings.values())
            return JsonResponse({"ready": ready, **findings}, status=200 if ready else 503)
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        facts = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
        }
        requests.info("request", extra=facts)
        return response


def readiness() -> dict[str, str]:
    """Return `{"database", "migrations", "worker"}`, each "ok" or what is missing."""
    found = {"database": "ok", "migrations": "unknown", "worker": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["migrations"] = "ok" if migrated() else "behind"
        found["worker"] = "ok" if worker_lives() else "silent"
    except OperationalError:
        found["database"] = "silent"
    except DatabaseError:
        found["migrations"] = "behind"
    finally:
        connection.close()
    return found


def migrated() -> bool:
    """Tell whether every migration has been applied; asked once, since it doesn't become untrue while we run."""
    global _is_migrated
    if not _is_migrated:
        from .migrate import unapplied

        _is_migrated = not unapplied()
    return _is_migrated


def worker_lives() -> bool:
    """Tell whether a worker has given a sign of life within the last minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second')",
            [HEARTBEAT_SECONDS],
        )
        return bool(cursor.fetchone()[0])


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody caught: 503 when the database is too busy or away, 500 otherwise."""
    error = sys.exc_info()[1]
    while error is not None:
        if _is_busy_or_away(error):
            return errors.not_now(request, BUSY_SECONDS)
        error = error.__cause__ or error.__context__
    return errors.went_wrong(request)


def _is_busy_or_away(error: BaseException) -> bool:
    """Tell a server that can't be reached from a statement that failed: the latter has a code of its own."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    # Connection failures, a server that is starting or stopping, too many connections.
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "53300"))
