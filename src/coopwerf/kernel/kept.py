"""What very many read at the same time: made once, and kept for less than a second in each process."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 0.8
"""What a page shows is never older than this and the time it takes to make it: a change is seen within a second."""
LATE = 0.2
"""So many seconds longer an answer is shown while another thread makes it anew."""
MOST = 500


class Kept(Generic[T]):
    """Keep answers by their key for a moment; while one thread makes an answer anew, others get the one before.

    An answer that nobody has yet is made by whoever comes first, and waited for by the others.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._answers: dict[Hashable, tuple[float, T]] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the answer under a key, made at most so many seconds ago."""
        found = self._answers.get(key)
        if found is not None and time.monotonic() - found[0] < self._seconds:
            return found[1]
        with self._guard:
            making = self._making.setdefault(key, threading.Lock())
        # An answer older than that was asked for by nobody meanwhile: it is not shown any more.
        stale = found if found is not None and time.monotonic() - found[0] < self._seconds + LATE else None
        if not making.acquire(blocking=stale is None):
            assert stale is not None
            return stale[1]
        try:
            found = self._answers.get(key)
            if found is not None and time.monotonic() - found[0] < self._seconds:
                return found[1]
            began = time.monotonic()
            answer = make()
            self._keep(key, began, answer)
            return answer
        finally:
            making.release()

    def last(self, key: Hashable) -> T | None:
        """Return the answer under a key however old, if there is one: what hasn't changed needn't be made anew."""
        found = self._answers.get(key)
        return None if found is None else found[1]

    def forget(self) -> None:
        """Forget every answer."""
        with self._guard:
            self._answers.clear()

    def _keep(self, key: Hashable, began: float, answer: T) -> None:
        with self._guard:
            if len(self._answers) >= MOST:
                self._answers.clear()
                self._making = {key: self._making[key]} if key in self._making else {}
            self._answers[key] = (began, answer)
