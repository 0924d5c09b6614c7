"""Two treasurers at the same instant, and a machine that dies in the middle of a posting."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from coopwerf.kernel import chain
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.states import Journal
from coopwerf.register import queries as register
from tests.cast import NOW, Cast

from .books import SPRING, SUMMER, balance, open_books, post, posting, told

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Do all at the same instant, each on a connection of its own; return what each was refused, or nothing."""
    start, codes = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            deed()
        except Refused as refused:
            codes[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_two_treasurers_post_at_once_and_no_number_is_left_out(wolkenwerf: Cast) -> None:
    """Eight at a time, five each: forty entries, numbered 1 to 40."""
    open_books(wolkenwerf)
    one = posting("bank_in", amount="1.00")
    assert at_once(*[lambda: post(wolkenwerf, *[one] * 5)] * 8) == [""] * 8
    with tenant(wolkenwerf.id):
        numbers = sorted(entry.number for entry in queries.journal(wolkenwerf.id, journal=Journal.BANK, limit=100))
        assert numbers == list(range(1, 41))
        assert register.verify(wolkenwerf.id).ok
    assert balance(wolkenwerf, "550") == 40


def test_two_take_the_same_entry_back(wolkenwerf: Cast) -> None:
    """One does; the other is told that it was done."""
    open_books(wolkenwerf)
    (wrong,) = post(wolkenwerf, posting("bank_in", amount="9.00"))
    codes = at_once(*[lambda: actions.reverse(**told(wolkenwerf), entry_ids=[wrong])] * 2)
    assert sorted(codes) == ["", "ledger.reversed_already"]
    assert balance(wolkenwerf, "550") == 0


def test_two_open_the_books(wolkenwerf: Cast) -> None:
    """One chart, not two."""
    codes = at_once(*[lambda: open_books(wolkenwerf)] * 2)
    assert sorted(codes) == ["", "ledger.open_already"]


def test_closing_and_posting_meet(wolkenwerf: Cast) -> None:
    """Either the entry came first and stands in the closed period, or it is refused: never both, never neither."""
    open_books(wolkenwerf)
    for round_ in range(5):
        day = SPRING.replace(day=SPRING.day + round_)
        before = balance(wolkenwerf, "550")
        codes = at_once(
            lambda day=day: actions.close_period(**told(wolkenwerf), until=day),  # type: ignore[misc]
            lambda day=day: post(wolkenwerf, posting("bank_in", day, amount="1.00")),  # type: ignore[misc]
        )
        assert codes[0] == ""
        assert codes[1] in ("", "ledger.period_closed")
        assert balance(wolkenwerf, "550") == before + (codes[1] == "")


def test_an_account_is_closed_while_something_is_posted_on_it(wolkenwerf: Cast) -> None:
    """It isn't closed with something on it."""
    open_books(wolkenwerf)
    actions.add_account(**told(wolkenwerf), code="551", name="Spaarrekening", kind="asset", role="bank")
    codes = at_once(
        lambda: actions.close_account(**told(wolkenwerf), code="551"),
        lambda: post(wolkenwerf, posting("bank_in", SUMMER, amount="1.00", accounts={"bank": "551"})),
    )
    with tenant(wolkenwerf.id):
        account = queries.account(wolkenwerf.id, "551")
    assert account is not None
    if codes[0]:
        assert (codes, account.closed_on) == (["ledger.account_not_empty", ""], None)
    else:
        # Closed from its last day on: an entry of before that day still finds it.
        assert account.closed_on == NOW.date()


DIES = """
import os, signal, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
import datetime as dt
from decimal import Decimal
from coopwerf.people.queries import actor_of
from coopwerf.ledger import actions
from coopwerf.ledger.actions import posting


def die(*args, **kwargs):
    print("dying", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

posting.audit = die
now = dt.datetime.fromisoformat(sys.argv[3])
one = actions.Posting(on=now.date(), rule="bank_in", amounts={"amount": Decimal("5.00")})
actions.post(
    actor=actor_of(uuid.UUID(sys.argv[1]), on=now.date()), now=now, coop_id=uuid.UUID(sys.argv[2]), postings=[one] * 3
)
"""


def test_a_machine_that_dies_in_the_middle_leaves_nothing_half_posted(wolkenwerf: Cast) -> None:
    """A real SIGKILL once the lines are written: nothing of it is there, and the next entry gets the first number."""
    open_books(wolkenwerf)
    with tenant(wolkenwerf.id):
        head = chain.head_of(wolkenwerf.id)
    ended = subprocess.run(
        [sys.executable, "-c", DIES, str(wolkenwerf.treasurer.account.pk), str(wolkenwerf.id), NOW.isoformat()],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert "dying" in ended.stdout
    with tenant(wolkenwerf.id):
        assert chain.head_of(wolkenwerf.id) == head
    assert balance(wolkenwerf, "550") == 0
    (made,) = post(wolkenwerf, posting("bank_in", amount="5.00"))
    with tenant(wolkenwerf.id):
        found = queries.entry(wolkenwerf.id, made)
    assert found is not None
    assert found.number == 1
