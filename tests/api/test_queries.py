"""A longer list asks the database no more questions than a short one."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coopwerf.coops import actions as coops
from coopwerf.payments import actions as payments
from tests.capital.subscribed import applicant, subscribed
from tests.cast import NOW, Cast, make_person
from tests.payments.bank import bring_entries, claim, paid_with, told
from tests.register.asking import asked

from .programs import program
from .test_register import admitted
from .village import furnish

pytestmark = pytest.mark.django_db
LISTS = {
    "coops": "/coops",
    "register": "/coops/wolkenwerf/register",
    "requests": "/coops/wolkenwerf/requests",
    "subscriptions": "/coops/wolkenwerf/subscriptions",
    "statements": "/coops/wolkenwerf/bank/statements",
    "lines": "/coops/wolkenwerf/bank/entries?state=open",
    "claims": "/coops/wolkenwerf/bank/claims",
    "matches": "/coops/wolkenwerf/bank/matches",
    "entries": "/coops/wolkenwerf/ledger/entries",
}


def more(cast: Cast, offer_id: object, rows: int) -> None:
    """Put so many more of everything into Wolkenwerf."""
    for number in range(rows):
        one = make_person(f"Extra {number}", email=f"extra{number}@example.org")
        admitted(cast, one)
        asked(cast, f"Vraag {number}", 1, "1.00")
        subscribed(cast, offer_id, 1, applicant(f"Rij {number}", email=f"rij{number}@example.org"))  # type: ignore[arg-type]
        line = paid_with(claim(cast, person=one), ref=f"MORE{number}")
        (brought,) = bring_entries(
            cast, line, number=number + 2, opening=f"{377.90 + 250 * number:.2f}", on="2026-11-21"
        )
        payments.book_to_account(**told(cast), entry_id=brought.id, account_code="440", amount=Decimal(1))
        coops.found_coop(actor=one.actor, now=NOW, name=f"Werf {number}", language="nl")


def test_lists(wolkenwerf: Cast) -> None:
    """Each list with a few rows, and with five more."""
    stories = furnish(wolkenwerf)
    board = {name: program(one) for name, one in wolkenwerf.people.items()}

    def ask() -> dict[str, tuple[int, int]]:
        found = {}
        for name, address in LISTS.items():
            who = board["secretary" if name in ("register", "requests", "subscriptions") else "treasurer"]
            who.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asks:
                answer = who.get(address)
            found[name] = len(answer.json()["items"]), len(asks)
        return found

    few = ask()
    more(wolkenwerf, stories["offer"], 5)
    many = ask()
    for name, (rows, queries) in few.items():
        assert many[name][0] >= rows + 5, name
        assert many[name][1] <= queries, (name, queries, many[name][1])
