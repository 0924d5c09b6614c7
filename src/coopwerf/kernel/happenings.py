"""Happenings: what happened below, for packages above to react to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from .actor import Actor

Reaction = Callable[..., None]
_reactions: dict[type[Any], list[tuple[int, str, Reaction]]] = defaultdict(list)
R = TypeVar("R", bound=Reaction)


def reacts_to(happening: type[Any], *, order: int = 100) -> Callable[[R], R]:
    """Declare a reaction `(event, *, actor, now)`; it runs in the announcing transaction, lowest order first."""

    def declare(reaction: R) -> R:
        _reactions[happening].append((order, f"{reaction.__module__}.{reaction.__qualname__}", reaction))
        _reactions[happening].sort(key=lambda entry: entry[:2])
        return reaction

    return declare


def announce_to_reactions(event: Any, *, actor: Actor, now: dt.datetime) -> None:
    """Run every declared reaction to an event, in order; whatever one raises undoes the whole transaction."""
    for _order, _name, reaction in _reactions[type(event)]:
        reaction(event, actor=actor, now=now)


def declared_reactions() -> dict[type[Any], list[str]]:
    """Return the names of the reactions per happening, in the order in which they run."""
    return {happening: [name for _o, name, _r in entries] for happening, entries in _reactions.items()}
