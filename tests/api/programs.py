"""Programs that act for somebody with a token, for stories."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.test import Client

from coopwerf.kernel import clock
from coopwerf.people import actions
from coopwerf.people.states import Scope
from tests.cast import Person

ALL = [scope.value for scope in Scope]


@dataclasses.dataclass
class Program:
    """A program with a token, or without."""

    secret: str
    token_id: uuid.UUID | None = None
    language: str = "en"

    def _heads(self, more: dict[str, str]) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}", "accept-language": self.language, **more}

    def get(self, address: str, **headers: str) -> Any:
        """Ask an address below `/api/v1`."""
        return Client().get(f"/api/v1{address}", headers=self._heads(headers))

    def post(self, address: str, body: Any, *, key: str = "", **headers: str) -> Any:
        """Send something to an address below `/api/v1`, under a key of its own where none is told."""
        more = {"idempotency-key": key or str(uuid.uuid4()), **headers}
        data = body if isinstance(body, bytes) else json.dumps(body)
        return Client().post(f"/api/v1{address}", data, content_type="application/json", headers=self._heads(more))


def program(person: Person, *scopes: str, until: dt.date | None = None) -> Program:
    """Return a program with a token that somebody made for it today: with every scope, or those told."""
    now = clock.now()
    made = actions.make_token(
        actor=person.actor,
        now=now,
        name="My program",
        scopes=scopes or ALL,
        expires_on=until or clock.civil_date(now) + dt.timedelta(days=30),
    )
    return Program(made.secret, made.id)


def problem(answer: Any) -> tuple[int, str]:
    """Return status and code of a problem, whose shape is right."""
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "code", "detail", "errors"}
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:coopwerf:{told['code']}"
    assert told["detail"]
    return answer.status_code, told["code"]


def places(answer: Any) -> Iterable[str]:
    """Return where a problem says that something doesn't fit."""
    return [one["at"] for one in answer.json()["errors"]]
