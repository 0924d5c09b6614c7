"""What very many read at once is made once, and shown for a moment only."""

import threading
import time

import pytest

from coopwerf.kernel.kept import MOST, Kept


def test_two_hundred_at_once_have_it_made_once() -> None:
    """Whoever comes first makes it, all others wait for that one."""
    made: list[int] = []
    kept: Kept[int] = Kept(60)
    gate = threading.Barrier(200)
    got: list[int] = []

    def make() -> int:
        made.append(1)
        time.sleep(0.05)
        return len(made)

    def read() -> None:
        gate.wait(20)
        got.append(kept.get("page", make))

    people = [threading.Thread(target=read) for _ in range(200)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert made == [1]
    assert got == [1] * 200


def test_while_it_is_made_anew_others_see_the_one_before() -> None:
    """Nobody waits for a page that there is; after the moment the new one is shown."""
    kept: Kept[str] = Kept(0.1)
    assert kept.get("page", lambda: "old") == "old"
    time.sleep(0.12)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        go_on.wait(10)
        return "new"

    maker = threading.Thread(target=lambda: kept.get("page", slow))
    maker.start()
    assert begun.wait(10)
    assert kept.get("page", lambda: "never") == "old"
    go_on.set()
    maker.join()
    assert kept.get("page", lambda: "never") == "new"


def test_what_could_not_be_made_is_made_by_the_next() -> None:
    """A mistake is nobody's answer, and holds nobody up."""
    kept: Kept[str] = Kept(60)

    def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.get("page", broken)
    assert kept.get("page", lambda: "whole") == "whole"


def test_it_does_not_grow_for_ever() -> None:
    """Very many addresses that nobody asks for again don't fill the memory."""
    kept: Kept[int] = Kept(60)
    for number in range(3 * MOST):
        kept.get(number, lambda: 1)
    assert len(kept._answers) <= MOST
    assert len(kept._making) <= MOST + 1
