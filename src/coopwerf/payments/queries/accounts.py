"""Accounts at banks, and what stands on them by the bank's own word."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from coopcalc.bank.joining import closings
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask

from ..models import BankEntry, StatementDay
from ..states import StatementState


@dataclasses.dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account at a bank: its number, in whose name, its place in the ledger, since when its balance is known."""

    id: uuid.UUID
    iban: str
    bic: str
    holder: str
    ledger_code: str
    is_main: bool
    known_from: dt.date | None


def accounts(coop_id: uuid.UUID) -> list[AccountFacts]:
    """Return the accounts of a co-operative, the main one first."""

    def read() -> list[AccountFacts]:
        rows = ask(
            "SELECT id, iban, bic, holder, ledger_code, is_main, known_from FROM payments_bankaccount"
            " WHERE coop_id = %(coop)s ORDER BY is_main DESC, id",
            {"coop": coop_id},
        )
        return [AccountFacts(*row) for row in rows]

    return remembered(("payments.accounts", coop_id), read)


def main_account(coop_id: uuid.UUID) -> AccountFacts | None:
    """Return the account to which people pay, or None where there is none."""
    return next(iter(accounts(coop_id)), None)


def account_facts(coop_id: uuid.UUID, account_id: uuid.UUID) -> AccountFacts | None:
    """Return an account, or None."""
    return next((one for one in accounts(coop_id) if one.id == account_id), None)


def account_named(known: Iterable[AccountFacts], number: str) -> AccountFacts | None:
    """Return the account that a bank's file means: by its IBAN, or by the local number at the end of it."""
    plain = "".join(number.split()).upper()
    listed = list(known)
    found = next((one for one in listed if one.iban == plain), None)
    if found is None and len(plain) >= 7 and plain.isdecimal():
        ending = [one for one in listed if one.iban.endswith(plain.lstrip("0") or plain)]
        found = ending[0] if len(ending) == 1 else None
    return found


def has_entries(coop_id: uuid.UUID) -> bool:
    """Tell whether anything was ever booked from a statement."""
    return BankEntry.objects.filter(coop_id=coop_id).exists()


def bank_balances(coop_id: uuid.UUID, at: dt.date) -> dict[uuid.UUID, Decimal]:
    """Return what each account held at the end of a day, by the balances of the statements that were booked.

    What was booked from statements without any balance is added to the last balance that a bank told.
    """
    found: dict[uuid.UUID, Decimal] = {}
    for account in accounts(coop_id):
        days = StatementDay.objects.filter(account_id=account.id, on__lte=at)
        last = days.order_by("-on").values_list("on", flat=True).first()
        # Several of one day came in any order: the bank's numbers tell which was last where the balances don't.
        told = [] if last is None else days.filter(on=last).order_by("statement__number", "id")
        steps = [(row.opening, row.closing) for row in told]
        untold = BankEntry.objects.filter(
            account_id=account.id,
            booked__lte=at,
            statement__opening=None,
            statement__closing=None,
            statement__state=StatementState.BOOKED,
        )
        if last is not None:
            untold = untold.filter(booked__gt=last)
        ended = closings(steps)[0] if steps else ZERO
        found[account.id] = ended + (untold.aggregate(sum=Sum("amount"))["sum"] or ZERO)
    return found


def bank_balance(coop_id: uuid.UUID, at: dt.date) -> Decimal:
    """Return what all accounts together held at the end of a day, by the banks' own word."""
    return sum(bank_balances(coop_id, at).values(), ZERO)
