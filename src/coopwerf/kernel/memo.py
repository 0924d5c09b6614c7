"""What was asked once while a page is made isn't asked again: only while nothing is written."""

import contextlib
import contextvars
from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar, cast

T = TypeVar("T")

_kept: contextvars.ContextVar[dict[Hashable, Any] | None] = contextvars.ContextVar("coopwerf_memo", default=None)


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Remember answers for the block: for a request that reads (GET), never around an action."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def forget() -> None:
    """Forget every answer: an action is about to write."""
    kept = _kept.get()
    if kept:
        kept.clear()


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer that is remembered under a key, or ask, and remember it where somebody wants that."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return cast(T, kept[key])
