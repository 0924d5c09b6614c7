"""A bank to tell stories with: accounts, files, claims."""

import datetime as dt
import io
import uuid
from decimal import Decimal
from typing import Any

from coopcalc.references import format_communication
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.payments import actions, queries
from coopwerf.payments.queries import ClaimFacts, EntryFacts
from tests.cast import NOW, TODAY, Cast, Person

from .files import OURS, camt, camt_entry, camt_statement

BEGIN = dt.date(2026, 1, 1)
SAVINGS = "BE43068999999501"


def told(coop: Cast, actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    """Return what every act of the treasurer says."""
    return {"actor": actor or treasurer(coop).actor, "now": NOW, "coop_id": coop.id, **more}


def treasurer(coop: Cast) -> Person:
    """Return who keeps the books."""
    return coop.people.get("treasurer", coop.chair)


def open_bank(coop: Cast, iban: str = OURS, *, on: dt.date = BEGIN) -> uuid.UUID:
    """Open the books where they aren't, and say which account there is at the bank."""
    with tenant(coop.id):
        is_open = books.is_open(coop.id)
    if not is_open:
        ledger.open_books(**told(coop), chart="be_mar", on=on)
    return actions.open_bank_account(**told(coop), iban=iban, holder=f"{coop.coop.name} CV")


def bring(coop: Cast, content: str | bytes, *, name: str = "bank.xml", **more: Any) -> actions.Imported:
    """Bring a file."""
    raw = content.encode() if isinstance(content, str) else content
    return actions.import_statements(**told(coop), name=name, file=io.BytesIO(raw), **more)


def statement(*entries: str, opening: str = "100.00", **more: Any) -> str:
    """Return a camt.053 statement that adds up."""
    total = sum((signed(entry) for entry in entries), Decimal(opening))
    return camt_statement(entries, opening=opening, closing=more.pop("closing", str(total)), **more)


def signed(entry: str) -> Decimal:
    """Return the amount of an entry as it is written in a camt file."""
    amount = Decimal(entry.split('Ccy="EUR">')[1].split("<")[0])
    return -amount if "<CdtDbtInd>DBIT" in entry else amount


def bring_entries(coop: Cast, *entries: str, **more: Any) -> list[EntryFacts]:
    """Bring a statement with these entries, and return what it booked."""
    done = bring(coop, camt(statement(*entries, **more)))
    assert done.new == len(entries), done
    with tenant(coop.id):
        return queries.entries_of_statement(coop.id, done.statement_ids[0])


def claim(coop: Cast, amount: str = "250.00", person: Person | None = None, **more: Any) -> ClaimFacts:
    """Ask for money, as the packages above do."""
    facts = {"kind": "capital", "source_kind": "test.thing", "source_id": uuid.uuid4(), **more}
    party_id = None if person is None else person.party_id
    act = {"actor": SYSTEM, "now": NOW, "coop_id": coop.id}
    return actions.open_claim(**act, party_id=party_id, amount=Decimal(amount), due_on=TODAY, **facts)


def paid_with(claim: ClaimFacts, amount: str = "250.00", **more: Any) -> str:
    """Return an entry that carries a claim's communication in the field made for it."""
    strd = f"<Strd><CdtrRefInf><Ref>{claim.digits}</Ref></CdtrRefInf></Strd>"
    return camt_entry(amount, remittance=strd, **more)


def written(claim: ClaimFacts) -> str:
    """Return a claim's communication as people write it."""
    return f"<Ustrd>{format_communication(claim.digits)}</Ustrd>"


def entry(coop: Cast, entry_id: uuid.UUID) -> EntryFacts:
    """Return an entry as it is now."""
    with tenant(coop.id):
        found = queries.entry_facts(coop.id, entry_id)
    assert found is not None
    return found


def claim_now(coop: Cast, claim_id: uuid.UUID) -> ClaimFacts:
    """Return a claim as it is now."""
    with tenant(coop.id):
        found = queries.claim_facts(coop.id, claim_id)
    assert found is not None
    return found


def balance(coop: Cast, code: str, at: dt.date = dt.date(2026, 12, 31)) -> Decimal:
    """Return what stands on an account of the ledger."""
    with tenant(coop.id):
        return books.balance_of_account(coop.id, code, at)


def waiting(coop: Cast) -> list[EntryFacts]:
    """Return what waits to be explained."""
    with tenant(coop.id):
        return queries.inbox_page(coop.id)


def counts(done: actions.Imported) -> tuple[int, int, int, int, int]:
    """Return what the command prints."""
    return done.statements, done.entries, done.new, done.known, done.refused


def codes(done: actions.Imported) -> list[str]:
    """Return what was found."""
    return [one.code for one in done.findings]
