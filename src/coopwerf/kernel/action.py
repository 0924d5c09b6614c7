"""Actions: the only writers. One transaction, one audit entry, announced to whoever must react."""

import contextlib
import contextvars
import dataclasses
import datetime as dt
import decimal
import functools
import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from .actor import Actor
from .happenings import announce_to_reactions
from .memo import forget
from .tenancy import tenant

P = ParamSpec("P")
T = TypeVar("T")

_CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,80}")


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """Describe an action: its name `<app>.<function>`, its audit verb, whether it works inside one co-operative."""

    name: str
    verb: str
    call: Callable[..., Any]
    is_tenant: bool


@dataclasses.dataclass(slots=True)
class _Frame:
    action: Action
    actor: Actor
    now: dt.datetime
    coop_id: uuid.UUID | None
    entries: int = 0
    to_seal: set[uuid.UUID] = dataclasses.field(default_factory=set)


_actions: dict[str, Action] = {}
_frames: contextvars.ContextVar[tuple[_Frame, ...]] = contextvars.ContextVar("coopwerf_actions", default=())


def action(*, verb: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Declare a writer; it must be keyword-only with `actor` and `now`, and call `audit` exactly once.

    With an argument `coop_id` the action runs inside that co-operative (row-level security). Raises
    TypeError at import when the signature breaks the convention.
    """

    def declare(function: Callable[P, T]) -> Callable[P, T]:
        parameters = inspect.signature(function).parameters
        if any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
            raise TypeError(f"{function.__qualname__}: arguments of an action are keyword-only")
        if "actor" not in parameters or "now" not in parameters:
            raise TypeError(f"{function.__qualname__}: an action takes actor and now")
        app = function.__module__.split(".")[1]
        name = f"{app}.{function.__name__}"

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> T:
            given = cast(dict[str, Any], kwargs)
            if args:
                raise TypeError(f"{name}: arguments of an action are keyword-only")
            if given["now"].tzinfo is None:
                raise TypeError(f"{name}: now is an aware moment")
            forget()
            frame = _Frame(declared, given["actor"], given["now"], given.get("coop_id"))
            token = _frames.set((*_frames.get(), frame))
            try:
                with transaction.atomic(), _inside(frame.coop_id):
                    result = function(*args, **kwargs)
                    if frame.entries != 1:
                        raise AssertionError(f"{name} left {frame.entries} audit entries instead of one")
                    _pass_on_seals(frame)
                    return result
            finally:
                _frames.reset(token)
                forget()

        declared = Action(name, verb, act, "coop_id" in parameters)
        if name in _actions:
            raise TypeError(f"two actions are called {name}")
        _actions[name] = declared
        return act

    return declare


def _pass_on_seals(frame: _Frame) -> None:
    """Let a worker be told what waits for its seal, at the end of the outermost action.

    Once a co-operative has such a job under way in a transaction, others wait to tell the same: so it comes last.
    """
    frames = _frames.get()
    if len(frames) > 1:
        frames[-2].to_seal |= frame.to_seal
        return
    from .tasks import defer_sealing

    for coop_id in sorted(frame.to_seal):
        defer_sealing(coop_id)


@contextlib.contextmanager
def _inside(coop_id: uuid.UUID | None) -> Iterator[None]:
    if coop_id is None:
        yield
    else:
        with tenant(coop_id):
            yield


def known_actions() -> dict[str, Action]:
    """Return every declared action by name."""
    return dict(sorted(_actions.items()))


def audit(
    subject_kind: str,
    subject_id: uuid.UUID | None,
    *,
    coop_id: uuid.UUID | None = None,
    verb: str | None = None,
    **facts: Any,
) -> None:
    """Write the audit entry of the running action.

    Facts are numbers, dates, ids and short codes: no names, no free text (raises TypeError). `verb`
    overrides the action's own where its outcome has a verb of its own. Raises LookupError outside an action.
    """
    from .chain import record_audit

    frames = _frames.get()
    if not frames:
        raise LookupError("audit is called inside an action only")
    frame = frames[-1]
    frame.entries += 1
    whose = coop_id or frame.coop_id
    if whose is not None:
        frame.to_seal.add(whose)
    record_audit(
        coop_id=whose,
        at=frame.now,
        verb=verb or frame.action.verb,
        actor=frame.actor,
        subject_kind=subject_kind,
        subject_id=subject_id,
        facts={key: fact_value(key, value) for key, value in facts.items()},
    )


def fact_value(key: str, value: Any) -> Any:
    """Return a fact as JSON; raises TypeError for floats and for text that isn't a short code."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [fact_value(key, item) for item in value]
    if isinstance(value, dict):
        return {fact_value(key, str(name)): fact_value(key, item) for name, item in value.items()}
    raise TypeError(f"audit fact {key} is no number, date, id or code")


def announce(event: Any) -> None:
    """Tell packages above what happened, inside this transaction; raises LookupError outside an action."""
    frames = _frames.get()
    if not frames:
        raise LookupError("announce is called inside an action only")
    announce_to_reactions(event, actor=frames[-1].actor, now=frames[-1].now)


__all__ = ["Action", "action", "announce", "audit", "fact_value", "known_actions"]
