"""What stands at the bank of each of two co-operatives that look alike, and what one may try with the other's."""

import dataclasses
import io
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions, queries
from coopwerf.payments.actions.asking import page_token
from tests.cast import NOW, TODAY, Cast, Person
from tests.payments import files
from tests.payments.bank import paid_with


@dataclasses.dataclass(frozen=True)
class Bank:
    """What a co-operative has at a bank: a line that waits, one that is booked, a statement that waits, a payment.

    And the secret of the page of who paid too much.
    """

    account: uuid.UUID
    line: uuid.UUID
    booked: uuid.UUID
    match: uuid.UUID
    claim: uuid.UUID
    to_pay: uuid.UUID
    statement: uuid.UUID
    held: uuid.UUID
    asked: str


def banked(cast: Cast, mark: str, sting: str, holder: Person, number: int) -> Bank:
    """Open a bank account and bring its statements: a line that waits, one that is booked, a statement that waits."""
    act = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    account = actions.open_bank_account(**act, iban=_iban(number), holder=f"Brons{mark}{sting}")
    owed = {"party_id": holder.party_id, "kind": "capital", "source_kind": "", "source_id": None, "due_on": TODAY}
    claim = actions.open_claim(**act, **owed, amount=Decimal(50))
    twice = actions.open_claim(**act, **{**owed, "kind": "other"}, amount=Decimal(25))
    to_pay = actions.open_claim(
        **act,
        **{**owed, "kind": "exit"},
        amount=Decimal(30),
        direction="out",
        iban=_iban(number + 1),
        holder=f"Koper{mark}{sting}",
    )
    name, text = escape(f"Zilver{mark}{sting}"), f"<Ustrd>{escape(f'Goud{mark}{sting}')}</Ustrd>"
    entries = [
        files.camt_entry("50.00", name=name, remittance=text, ref=f"Lood{mark}1"),
        files.camt_entry("50.00", name=name, remittance=text, ref=f"Lood{mark}2", booked="2026-11-19"),
        paid_with(twice, "60.00", name=name, ref=f"Lood{mark}3", booked="2026-11-19"),
    ]
    for_whom = {"account": _iban(number), "opening": "0.00"}
    content = files.camt(files.camt_statement(entries, closing="160.00", **for_whom))
    good = _brought(cast, content)
    held = _brought(
        cast,
        files.camt(files.camt_statement(entries[:1], closing="999.00", **for_whom)).replace("2026-11-20", "2026-11-21"),
    )
    with tenant(cast.id):
        line, booked, over = queries.entries_of_statement(cast.id, good)
    done = actions.accept(**act, entry_id=booked.id, claim_id=claim.id, amount=Decimal(20))
    asked = page_token(actions.ask_payer(**act, entry_id=over.id, claim_id=twice.id))
    return Bank(account, line.id, booked.id, done.match_ids[0], claim.id, to_pay.id, good, held, asked)


def _brought(cast: Cast, content: str) -> uuid.UUID:
    act = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    return actions.import_statements(**act, name="bank.xml", file=io.BytesIO(content.encode())).statement_ids[0]


def _iban(number: int) -> str:
    """Return a Belgian account with right checks."""
    bban = f"{number:010d}{number % 97 or 97:02d}"
    return f"BE{98 - int(f'{bban}111400') % 97:02d}{bban}"


def attempts(
    mine: Bank, other: Bank, code: str, name: str
) -> Iterator[tuple[str, Mapping[str, Any], str, tuple[str, ...]]]:
    """Yield address, fields, method and what is typed: forms of one's own with what belongs to the other."""
    line = f"bank/lines/{mine.line}/"
    yield f"{line}accept/", {"claim": str(other.claim), "amount": "10.00", "q": "x", "detail": "1"}, "post", ()
    yield f"bank/lines/{other.line}/accept/", {"claim": str(mine.claim), "amount": "10.00"}, "post", ()
    yield f"{line}ask/", {"claim": str(other.claim)}, "post", ()
    yield f"bank/lines/{other.line}/ask/", {"claim": str(mine.claim)}, "post", ()
    yield f"payment/{mine.asked}/", {"do": "keep", "keep": str(other.claim)}, "post", ()
    yield f"{line}other/", {"claim": str(other.claim), "find": name}, "post", (name,)
    yield f"{line}split/", {"claim": str(other.claim), f"amount-{other.claim}": "10,00"}, "post", ()
    yield f"{line}split/", {"claim": str(other.claim), "find": "x"}, "get", ()
    parted = {"claim": str(mine.claim), "account": code, "account_amount": "5"}
    yield f"{line}split/", parted, "post", (code,)
    to_account = {"account": "other", "other": code, "amount": "5"}
    yield f"{line}account/", to_account, "post", (code,)
    for what in ("return", "internal"):
        yield f"{line}pair/", {"entry": str(other.line), "what": what}, "post", ()
    yield "bank/certain/", {"line": [str(other.line), str(other.booked)]}, "post", ()
    yield "bank/to-pay/given/", {"claim": [str(other.to_pay)]}, "post", ()
    yield "bank/", {"line": str(other.line), "done": str(other.match)}, "get", ()
    for where in ("booked/", "suspense/", "to-pay/", f"statements/{mine.statement}/"):
        yield f"bank/{where}", {"after": str(other.line), "done": str(other.match)}, "get", ()
    yield "bank/statements/", {"before": str(other.held)}, "get", ()
