"""What was asked once isn't asked again: while a page is made, or for as long as a mark in the database stands."""

import collections
import contextlib
import contextvars
import threading
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


MOST_KEPT = 512
_lasting: collections.OrderedDict[Hashable, tuple[Hashable, Any]] = collections.OrderedDict()
_lasting_lock = threading.Lock()


def kept_while(key: Hashable, mark: Callable[[], Hashable], ask: Callable[[], T]) -> T:
    """Return the answer under a key that this process has while `mark` gives the same, or ask, and keep it.

    For figures over rows that are only ever added to: the mark is the id of the newest one, which no other row will
    ever have. It is read again after asking, so that what is kept is exactly what stood there at that mark.
    """
    before = mark()
    with _lasting_lock:
        kept = _lasting.get(key)
        if kept is not None and kept[0] == before:
            _lasting.move_to_end(key)
            return cast(T, kept[1])
    answer = ask()
    if mark() == before:
        with _lasting_lock:
            _lasting[key] = (before, answer)
            _lasting.move_to_end(key)
            while len(_lasting) > MOST_KEPT:
                _lasting.popitem(last=False)
    return answer
