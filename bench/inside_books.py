"""Books in a process of its own: written through the action, read as pages and the proof do."""

import datetime as dt
import random
import time
import uuid
from collections.abc import Sequence
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

        told = {
            "slug": own_slug,
            "posted": posted,
            "trial": _p95(period),
            "balances": _p95(lambda: queries.balances(own, day())),
            "role": _p95(lambda: queries.balance_of_role(own, dice.choice(ROLES), day())),
            "journal": _p95(month),
            "statement": _p95(statement),
            "sum": _p95(total),
        }
    return {**told, **_proved(coop_id, count)}


def _proved(coop_id: uuid.UUID, count: int) -> dict[str, Any]:
    """Keep books of the large register itself, with so many lines about its members; time the proof of random dates."""
    from coopwerf.capital import queries
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.questions import ask
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.ledger import actions
    from coopwerf.ledger import queries as ledger

    from .inside import _p95

    today = clock.civil_date(clock.now())
    with tenant(coop_id):
        is_open = ledger.is_open(coop_id)
        parties = [row[0] for row in ask("SELECT party_id FROM register_member WHERE coop_id = %s", [coop_id])]
    began = time.perf_counter()
    if not is_open:
        actions.open_books(actor=SYSTEM, now=clock.now(), coop_id=coop_id, chart="be_mar", on=BEGIN)
    opened = time.perf_counter() - began
    with tenant(coop_id):
        begin = ledger.begins_on(coop_id)
        assert begin is not None
    days = max((today - begin).days, 1)
    _fill(coop_id, count // 2, parties, begin, days)
    dice = random.Random(4)
    with tenant(coop_id):
        lines = ask("SELECT count(*) FROM payments_bankentry WHERE coop_id = %s", [coop_id])
        return {
            "opened": opened,
            "bank_lines": lines[0][0],
            "proof": _p95(lambda: queries.proof(coop_id, begin + dt.timedelta(days=dice.randrange(days)))),
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


def _fill(
    coop_id: uuid.UUID, count: int, parties: Sequence[uuid.UUID] = (), begin: dt.date = BEGIN, days: int = DAYS
) -> float:
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
                on=begin + dt.timedelta(days=(done + number) * days // count),
                rule=rules[(done + number) % len(rules)],
                amounts={"amount": Decimal(dice.randint(100, 100_000)) / 100},
                source_kind="payments.entry",
                source_id=uuid.uuid4(),
                party_id=dice.choice(parties) if parties else None,
                claim_id=uuid.uuid4(),
            )
            for number in range(min(AT_ONCE, count - done))
        ]
        began = time.perf_counter()
        actions.post(actor=SYSTEM, now=clock.now(), coop_id=coop_id, postings=postings)
        took += time.perf_counter() - began
        done += len(postings)
    return count / took
