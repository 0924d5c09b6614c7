"""Marks on views: who may come in. Without a mark a view is for members and office holders of its co-operative."""

import dataclasses
import enum
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from .actor import Actor

V = TypeVar("V", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request as our middleware leaves it: who asks, in which co-operative, which language they prefer."""

    actor: Actor
    coop: Any
    preferred_language: str | None


class Door(enum.StrEnum):
    """Say for whom a view is open."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    ADMINISTRATOR = "administrator"
    WITHIN = "within"
    TOKEN = "token"  # noqa: S105  # for whom a door is open


@dataclasses.dataclass(frozen=True, slots=True)
class Access:
    """Say for whom a view is open, and why."""

    door: Door
    why: str


WITHIN = Access(Door.WITHIN, "members and office holders of this co-operative")


def _mark(access: Access) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(why: str) -> Callable[[V], V]:
    """Open a view to everybody, and say why."""
    return _mark(Access(Door.PUBLIC, why))


def signed_in(why: str) -> Callable[[V], V]:
    """Open a view to any signed-in person, and say why."""
    return _mark(Access(Door.SIGNED_IN, why))


def administrator(why: str) -> Callable[[V], V]:
    """Open a view to the administrator of the installation, and say why."""
    return _mark(Access(Door.ADMINISTRATOR, why))


def with_token(why: str) -> Callable[[V], V]:
    """Open a view to programs that have a token with the right scope, and say why; `kernel.api` checks it."""
    return _mark(Access(Door.TOKEN, why))


def access_of(view: Callable[..., Any]) -> Access:
    """Return the access mark of a view; views without one are for those within the co-operative."""
    found = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    return found if isinstance(found, Access) else WITHIN
