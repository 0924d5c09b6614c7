"""Playing a scenario: each line is the real action, at its time, as its person, in a transaction of its own."""

import contextlib
import dataclasses
import datetime as dt
import decimal
import enum
import json
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from pydantic import ValidationError

from coopwerf.coops import queries as coops
from coopwerf.kernel import chain, clock
from coopwerf.kernel.actor import SYSTEM as INSTALLATION
from coopwerf.kernel.actor import VISITOR as PASSER_BY
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import parties, watched
from coopwerf.people import queries as people

from ..policies import is_playable, may_play
from .schemas import Playable, first_mistake
from .script import SYSTEM, VISITOR, Line, resolved

log = logging.getLogger("coopwerf.command")


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line."""

    line: int
    ok: bool
    result: Any = None
    code: str = ""
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what `coopwerf play` prints."""
        if self.ok:
            return {"line": self.line, "ok": True, "result": self.result}
        return {"line": self.line, "ok": False, "code": self.code, "message": self.message}


class Play:
    """Play the lines of a scenario, one after the other; what they gave back is kept under their names."""

    def __init__(self, actions: Mapping[str, Playable], given: Mapping[str, Any] | None = None) -> None:
        self.actions = actions
        self.results: dict[str, Any] = {name: plain(value) for name, value in (given or {}).items()}
        self._made: set[uuid.UUID] = set()
        self._practice: set[uuid.UUID] = set()
        self._unknown: set[uuid.UUID] = set()
        self._opened: set[uuid.UUID] = set()

    def run(self, lines: Iterable[Line]) -> Iterator[Outcome]:
        """Play the lines and yield what became of each."""
        for line in lines:
            yield self.play(line)

    def play(self, line: Line) -> Outcome:
        """Play one line; a refusal leaves nothing behind."""
        try:
            result = self._done(line)
        except Refused as refusal:
            return Outcome(line.number, False, code=refusal.code, message=refusal.message)
        except ObjectDoesNotExist as error:
            return self._failed(line, "site.play_not_there", error)
        except Exception as error:
            log.error("a line of a scenario failed", exc_info=error)
            return self._failed(line, "site.play_failed", error)
        if line.name:
            self.results[line.name] = result
        self._made.update(ids_in(result))
        return Outcome(line.number, True, result)

    @staticmethod
    def _failed(line: Line, code: str, error: Exception) -> Outcome:
        refusal = Refused(code, kind=type(error).__qualname__)
        return Outcome(line.number, False, code=code, message=refusal.message)

    def _done(self, line: Line) -> Any:
        act = self.actions[line.do]
        if not is_playable(line.do, act.action.is_tenant):
            raise Refused("site.play_not_here", action=line.do)
        told = resolved(line.arguments, self.results)
        try:
            arguments = act.read(json.dumps(told))
        except ValidationError as error:
            field, why = first_mistake(error)
            raise Refused("site.play_arguments", field=field, why=why) from None
        actor = self._actor(line)
        tenant_action = act.action.is_tenant
        may_play(line.do, tenant_action, arguments, ids_in(told), self._made).require()
        self._opened.clear()
        self._unknown.clear()
        with transaction.atomic(), parties(actor.parties), watched(self._look):
            result = plain(act.action.call(actor=actor, now=line.at, **arguments))
            self._look_again()
            # In the same transaction: a worker would seal at its own time, and the scenario has one of its own.
            for coop_id in sorted(self._opened):
                chain.seal(coop_id=coop_id, at=line.at)
        self._practice.update(self._opened)
        return result

    def _actor(self, line: Line) -> Actor:
        if line.who == SYSTEM:
            return INSTALLATION
        if line.who == VISITOR:
            return PASSER_BY
        account = people.account_by_email(line.who)
        if account is None:
            raise Refused("site.play_nobody", email=line.who)
        acting_for = None
        if line.acting_for:
            named = resolved(line.acting_for, self.results)
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                acting_for = uuid.UUID(named)
            if acting_for is None:
                raise Refused("site.play_reference", reference=line.acting_for)
        actor = people.actor_of(account.id, on=clock.civil_date(line.at), acting_for=acting_for)
        if acting_for is not None and actor.acting_for is None:
            raise Refused("people.not_yours")
        return actor

    def _look(self, coop_id: uuid.UUID) -> None:
        """Keep every co-operative closed that isn't for practice, however an action came to it."""
        self._opened.add(coop_id)
        if coop_id in self._practice or coop_id in self._unknown:
            return
        found = coops.coops_with_ids([coop_id])
        if not found:
            # About to be founded: it is looked at again once it is there.
            self._unknown.add(coop_id)
        elif not found[0].is_practice:
            raise Refused("kernel.not_practice")

    def _look_again(self) -> None:
        # What is for practice stays so: it was looked at once, and most lines open no other.
        new = self._opened - self._practice
        found = {coop.id: coop.is_practice for coop in coops.coops_with_ids(new)} if new else {}
        if not all(found.values()):
            raise Refused("kernel.not_practice")
        self._opened.intersection_update(self._practice | found.keys())


def plain(value: Any) -> Any:
    """Return what an action gave back as JSON has it: dataclasses as objects, ids, amounts and dates as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)


def ids_in(value: Any) -> frozenset[uuid.UUID]:
    """Return every id that stands anywhere in a JSON value, however it is written."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return frozenset({uuid.UUID(value)})
        return frozenset()
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return frozenset().union(*(ids_in(one) for one in inner))
