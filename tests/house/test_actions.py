"""Every action takes actor and time by name, leaves one audit entry, and is the only way to write."""

import datetime as dt
import importlib.util
import inspect
import pkgutil
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import coopwerf
from coopwerf.kernel import action as kernel
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.models import AuditEntry
from tests.cast import NOW, Cast


def declared() -> list[kernel.Action]:
    """Return the actions of the packages, without what tests declare for themselves."""
    return [act for act in kernel.known_actions().values() if act.call.__module__.startswith("coopwerf.")]


def rooms(name: str) -> Iterator[Any]:
    """Yield the modules of a room of every package, a folder's topics too."""
    for package in pkgutil.iter_modules(coopwerf.__path__, "coopwerf."):
        if not package.ispkg or importlib.util.find_spec(f"{package.name}.{name}") is None:
            continue
        room = importlib.import_module(f"{package.name}.{name}")
        yield room
        for topic in pkgutil.iter_modules(getattr(room, "__path__", ()), f"{room.__name__}."):
            yield importlib.import_module(topic.name)


@pytest.mark.parametrize("act", declared(), ids=lambda act: act.name)
def test_actions_take_actor_and_time_by_name(act: kernel.Action) -> None:
    """All arguments go by name and have types; the decorator says so at import, this test says it again."""
    parameters = inspect.signature(act.call).parameters
    assert {"actor", "now"} <= parameters.keys()
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters["actor"].annotation is Actor
    assert parameters["now"].annotation is dt.datetime
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in parameters.values())
    assert act.call.__doc__, "say in one sentence what it does"


def test_whatever_an_actions_room_offers_is_an_action() -> None:
    """What can be taken from `actions` is an action, or the shape of an argument: nothing writes beside them."""
    known = {act.call for act in declared()}
    strays = [
        f"{room.__name__}.{name}"
        for room in rooms("actions")
        for name, offered in vars(room).items()
        if inspect.isfunction(offered)
        and not name.startswith("_")
        and offered.__module__.startswith(room.__name__)
        and offered not in known
        and room.__name__.endswith(".actions")
    ]
    assert strays == []


def good(*, actor: Actor, now: dt.datetime) -> None:
    """Do nothing, in order."""


def by_position(actor: Actor, now: dt.datetime) -> None:
    """Take arguments by position."""


def without_actor(*, now: dt.datetime) -> None:
    """Not say who."""


def without_time(*, actor: Actor) -> None:
    """Not say when."""


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that declares an action for one test, and forgets it afterwards."""
    monkeypatch.setattr(kernel, "_actions", dict(kernel._actions))

    def declare(function: Callable[..., Any]) -> Any:
        function.__module__ = "tests.house.probes"
        return kernel.action(verb="house.probed")(function)

    return declare


@pytest.mark.parametrize("function", [by_position, without_actor, without_time])
def test_an_action_against_the_convention_is_no_action(function: Any, probe: Callable[..., Any]) -> None:
    """The decorator refuses at import."""
    with pytest.raises(TypeError):
        probe(function)


def test_a_name_is_given_once(probe: Callable[..., Any]) -> None:
    """Two actions of one name are refused."""
    probe(good)
    with pytest.raises(TypeError, match="two actions"):
        probe(good)


@pytest.mark.django_db
@pytest.mark.parametrize(("times", "fails"), [(0, True), (1, False), (2, True)])
def test_an_action_leaves_exactly_one_entry(
    times: int, fails: bool, probe: Callable[..., Any], wolkenwerf: Cast
) -> None:
    """None or two undo the whole action."""

    def probed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> None:
        for _ in range(times):
            kernel.audit("coop", coop_id, count=times)

    act = probe(probed)
    subject = {"coop_id": wolkenwerf.id, "verb": "house.probed"}
    if fails:
        with pytest.raises(AssertionError, match=f"left {times} audit entries"):
            act(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
    else:
        act(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
    from coopwerf.kernel.tenancy import tenant

    with tenant(wolkenwerf.id):
        assert AuditEntry.objects.filter(**subject).count() == (0 if fails else 1)


@pytest.mark.django_db
@pytest.mark.parametrize("fact", ["Jan Peeters", "a word and another", 1.5, object()])
def test_no_free_text_in_the_trail(fact: object, probe: Callable[..., Any]) -> None:
    """Facts are numbers, dates, ids and codes: the trail is never erased, so it holds no names."""

    def probed(*, actor: Actor, now: dt.datetime) -> None:
        kernel.audit("thing", None, fact=fact)

    with pytest.raises(TypeError, match="fact"):
        probe(probed)(actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_a_time_without_a_zone_is_refused(probe: Callable[..., Any]) -> None:
    """A moment that could be meant in several zones is no moment."""
    with pytest.raises(TypeError, match="aware"):
        probe(good)(actor=SYSTEM, now=NOW.replace(tzinfo=None))
