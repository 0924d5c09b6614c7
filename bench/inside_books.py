"""Books in a process of its own: written through the action, read as pages and the proof do."""

import datetime as dt
import random
import time
import uuid
from decimal import Decimal
from typing import Any

BEGIN = dt.date(2013, 1, 1)
DAYS = 365 * 13
AT_ONCE = 5000
ROLES = ("bank", "capital", "suspense", "subscriptions_received")


def books(coop_id: uuid.UUID, slug: str, count: int) -> dict[str, Any]:
    """Write so many lines into books of a co-operative of their own, then time reading at random dates."""
    from django.db import connection

    from coopwerf.kernel.tenancy import tenant
    from coopwerf.ledger import queries

    from .inside import _p95

    own, own_slug = _found()
    posted = _fill(own, count // 2)
    dice = random.Random(2)

    def day() -> dt.date:
        return BEGIN + dt.timedelta(days=dice.randrange(DAYS))

    def month() -> list[Any]:
        begin = day()
        return queries.journal(own, from_on=begin, until=begin + dt.timedelta(days=30))

    def total() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(amount) FROM ledger_line WHERE coop_id = %s", [own])

    with tenant(own):
        bank = queries.account(own, "550")
        assert bank is not None

        def statement() -> object:
            begin = day()
            return queries.statement(own, bank.id, begin, begin + dt.timedelta(days=365))

        def period() -> object:
            begin = day()
            return queries.trial_balance(own, begin, begin + dt.timedelta(days=365))

        return {
            "slug": own_slug,
            "posted": posted,
            "trial": _p95(period),
            "balances": _p95(lambda: queries.balances(own, day())),
            "role": _p95(lambda: queries.balance_of_role(own, dice.choice(ROLES), day())),
            "journal": _p95(month),
            "statement": _p95(statement),
            "sum": _p95(total),
        }


def _found() -> tuple[uuid.UUID, str]:
    from coopwerf.coops import actions as coops
    from coopwerf.coops.states import Stage
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.ledger import actions
    from coopwerf.people import queries as people

    now = clock.now()
    founder = people.actor_by_email("ada.bosmans@bench.example", on=clock.civil_date(now))
    coop = coops.found_coop(actor=founder, now=now, name="Proef boeken", language="nl", is_practice=True)
    since = dt.date(2012, 1, 2)
    coops.change_stage(actor=SYSTEM, now=now, coop_id=coop.id, stage=Stage.CV, valid_from=since)
    actions.open_books(actor=SYSTEM, now=now, coop_id=coop.id, chart="be_mar", on=BEGIN)
    return coop.id, coop.slug


def _fill(coop_id: uuid.UUID, count: int) -> float:
    """Post so many entries of two lines, day after day; return how many a second."""
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.ledger import actions

    dice = random.Random(3)
    rules = ("bank_in", "match_capital", "shares_paid", "over_to_refund", "match_refund")
    took, done = 0.0, 0
    while done < count:
        postings = [
            actions.Posting(
                on=BEGIN + dt.timedelta(days=(done + number) * DAYS // count),
                rule=rules[(done + number) % len(rules)],
                amounts={"amount": Decimal(dice.randint(100, 100_000)) / 100},
                source_kind="payments.entry",
                source_id=uuid.uuid4(),
                claim_id=uuid.uuid4(),
            )
            for number in range(min(AT_ONCE, count - done))
        ]
        began = time.perf_counter()
        actions.post(actor=SYSTEM, now=clock.now(), coop_id=coop_id, postings=postings)
        took += time.perf_counter() - began
        done += len(postings)
    return count / took
