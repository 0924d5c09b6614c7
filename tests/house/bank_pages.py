"""Pages of the bank with rows, for the test that their number of queries doesn't grow with them."""

import datetime as dt
import uuid
from decimal import Decimal

from django.test import Client

from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as payment_queries
from coopwerf.payments.actions.asking import page_token
from coopwerf.payments.queries import EntryFacts
from tests.cast import Cast, make_person
from tests.payments import bank
from tests.payments.files import camt, camt_entry

from .pages import page


def _bank(cast: Cast, rows: int) -> list[EntryFacts]:
    """Open a bank, let so many people owe, and bring so many lines with their communications."""
    with tenant(cast.id):
        is_open = bool(payment_queries.accounts(cast.id))
        before = payment_queries.bank_balance(cast.id, dt.date(2026, 12, 31)) if is_open else Decimal(100)
    if not is_open:
        bank.open_bank(cast)
    people_ = [
        make_person(f"Payer{number}", "Claes", email=f"{uuid.uuid4().hex}@example.org") for number in range(rows)
    ]
    entries = [
        bank.paid_with(bank.claim(cast, "10.00", one), "10.00", ref=f"{rows}.{number}", name=one.name)
        for number, one in enumerate(people_)
    ]
    return bank.bring_entries(cast, *entries, opening=str(before))


@page("/c/<slug:slug>/bank/")
def bank_inbox(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that wait."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/")


@page("/c/<slug:slug>/bank/certain/")
def bank_certain(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that are certain."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/certain/")


@page("/c/<slug:slug>/bank/booked/")
def bank_booked(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that are explained."""
    ids = [one.id for one in _bank(cast, rows)]
    payments.accept_certain(**bank.told(cast), entry_ids=ids)
    return cast.treasurer.browser(), cast.url("bank/booked/")


@page("/c/<slug:slug>/bank/suspense/")
def bank_suspense(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what waits longest."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/suspense/")


@page("/c/<slug:slug>/bank/lines/<uuid:entry_id>/other/")
def bank_other(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the requests that were found."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/lines/{line.id}/other/?find=Claes")


@page("/c/<slug:slug>/bank/lines/<uuid:entry_id>/split/")
def bank_split(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the requests over which a line can be split."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/lines/{line.id}/split/?find=Claes")


@page("/c/<slug:slug>/bank/statements/")
def bank_statements(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the statements."""
    for number in range(min(rows, 12)):
        _bank(cast, 1) if number == 0 else bank.bring(
            cast, camt(bank.statement(camt_entry("1.00", booked=f"2026-10-{number + 1:02}", ref=f"{rows}.{number}")))
        )
    return cast.treasurer.browser(), cast.url("bank/statements/")


@page("/c/<slug:slug>/bank/statements/<uuid:statement_id>/")
def bank_statement(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show a statement with its lines."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/statements/{line.statement_id}/")


def _to_pay(cast: Cast, rows: int) -> None:
    _bank(cast, 1)
    for number in range(rows):
        one = make_person(f"Leaver{number}", "Claes", email=f"{uuid.uuid4().hex}@example.org")
        bank.claim(cast, "10.00", one, kind="exit", direction="out", iban="BE71096123456769", holder=one.name)


@page("/c/<slug:slug>/bank/to-pay/")
def bank_to_pay(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the payments to make."""
    _to_pay(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/to-pay/")


@page("/c/<slug:slug>/bank/to-pay/paper/")
def bank_to_pay_paper(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the payments to make on paper."""
    _to_pay(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/to-pay/paper/")


@page("/c/<slug:slug>/payment/<str:token>/")
def paid_too_much(cast: Cast, rows: int) -> tuple[Client, str]:
    """Ask somebody who paid too much, and owes so many other things."""
    _bank(cast, 1)
    told = {**bank.told(cast), "now": clock.now(), "party_id": cast.chair.party_id}
    what = {"kind": "other", "source_kind": "", "source_id": None, "due_on": None}
    owed = payments.open_claim(**told, **what, amount=Decimal(10))
    for _number in range(rows):
        bank.claim(cast, "5.00", cast.chair, kind="other")
    with tenant(cast.id):
        before = str(payment_queries.bank_balance(cast.id, dt.date(2026, 12, 31)))
    (line,) = bank.bring_entries(cast, bank.paid_with(owed, "30.00", ref=f"over {rows}"), opening=before)
    asked = payments.ask_payer(**bank.told(cast), entry_id=line.id, claim_id=owed.id)
    return Client(), cast.url(f"payment/{page_token(asked)}/")
