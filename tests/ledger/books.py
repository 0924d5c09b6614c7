"""Books to tell stories with: opened at New Year, with a few postings by rule."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.actions import ManualLine, Posting
from tests.cast import NOW, Cast

BEGIN = dt.date(2026, 1, 1)
SPRING, SUMMER, AUTUMN = dt.date(2026, 3, 2), dt.date(2026, 7, 1), dt.date(2026, 10, 5)
EURO = Decimal("1.00")


def told(coop: Cast, actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    """Return what every act of the treasurer says."""
    return {"actor": actor or coop.treasurer.actor, "now": NOW, "coop_id": coop.id, **more}


def open_books(coop: Cast, on: dt.date = BEGIN, chart: str = "be_mar") -> None:
    """Open the books of a co-operative."""
    person = coop.people.get("treasurer", coop.chair)
    actions.open_books(**told(coop, person.actor), chart=chart, on=on)


def posting(rule: str, on: dt.date = SPRING, *, amount: str = "", **more: Any) -> Posting:
    """Return a posting of one amount, or of several given as `paid="100.00"`."""
    names = ("paid", "unpaid", "full", "value")
    amounts = {name: Decimal(more.pop(name)) for name in names if name in more}
    if amount:
        amounts["amount"] = Decimal(amount)
    return Posting(on=on, rule=rule, amounts=amounts, **more)


def post(coop: Cast, *postings: Posting, actor: Actor | None = None) -> list[uuid.UUID]:
    """Post as the treasurer."""
    person = coop.people.get("treasurer", coop.chair)
    return actions.post(**told(coop, actor or person.actor), postings=postings)


def by_hand(coop: Cast, lines: Mapping[str, str], on: dt.date = SPRING, words: str = "Kasboek blad 3") -> uuid.UUID:
    """Write an entry by hand: amounts by account, debit positive."""
    made = [ManualLine(account=account, amount=Decimal(amount)) for account, amount in lines.items()]
    return actions.record_manual(**told(coop), on=on, lines=made, words=words)


def balance(coop: Cast, code: str, at: dt.date = dt.date(2026, 12, 31)) -> Decimal:
    """Return what stands on an account."""
    with tenant(coop.id):
        return queries.balance_of_account(coop.id, code, at)


def entry(coop: Cast, entry_id: uuid.UUID) -> queries.EntryFacts:
    """Return an entry that is there."""
    with tenant(coop.id):
        found = queries.entry(coop.id, entry_id)
    assert found is not None
    return found
