"""The co-operative's own accounts at banks."""

import datetime as dt
import uuid

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role

from .. import policies, queries
from ..models import BankAccount
from .communications import give_communications


@action(verb="payments.account_opened")
def open_bank_account(
    *,
    coop_id: uuid.UUID,
    iban: str,
    holder: str,
    bic: str = "",
    ledger_code: str = "",
    is_main: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Say which account the co-operative has at a bank, and where its money stands in the ledger; return its id.

    Without a number of the ledger the first account for money at a bank is taken that no other bank account has, or one
    is added. The first account is the main one, to which people pay. Raises Refused for a number that can't be, and for
    one that is there already.
    """
    today = civil_date(now)
    policies.may_keep_bank(actor, coop_id, today).require()
    number = policies.clean_own_account(iban)
    clean = policies.clean_holder(holder)
    known = queries.accounts(coop_id)
    if any(one.iban == number for one in known):
        raise Refused("payments.account_exists", path="iban", account=number)
    if not books.is_open(coop_id):
        raise Refused("ledger.not_open")
    code = ledger_code or _free_code(coop_id, {one.ledger_code for one in known}, number, actor=actor, now=now)
    facts = books.account(coop_id, code)
    if facts is None:
        raise Refused("ledger.account_unknown", path="ledger_code", account=code)
    if facts.role is not Role.BANK or any(one.ledger_code == code for one in known):
        raise Refused("payments.account_of_ledger", path="ledger_code", account=code)
    if is_main:
        BankAccount.objects.filter(coop_id=coop_id, is_main=True).update(is_main=False)
    row = BankAccount.objects.create(
        coop_id=coop_id,
        iban=number,
        bic="".join(bic.split()).upper()[:11],
        holder=clean,
        ledger_code=code,
        is_main=is_main or not known,
        opened_at=now,
    )
    if not known:
        give_communications(actor=actor, now=now, coop_id=coop_id)
    audit("bank_account", row.id, ledger=code, main=row.is_main)
    return row.id


def _free_code(coop_id: uuid.UUID, taken: set[str], number: str, *, actor: Actor, now: dt.datetime) -> str:
    for one in books.accounts_of_role(coop_id, Role.BANK):
        if one.code not in taken and one.closed_on is None:
            return one.code
    chain.lock(coop_id)
    code = books.next_code(coop_id, Role.BANK)
    ledger.add_account(
        actor=actor, now=now, coop_id=coop_id, code=code, name=number, kind="asset", role=Role.BANK.value
    )
    return code


@action(verb="payments.account_changed")
def change_bank_account(
    *,
    coop_id: uuid.UUID,
    account_id: uuid.UUID,
    holder: str | None = None,
    bic: str | None = None,
    is_main: bool | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Correct in whose name an account stands, or let people pay to it from now on; what is None stays."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    rows = {row.id: row for row in BankAccount.objects.select_for_update().filter(coop_id=coop_id).order_by("id")}
    row = rows.get(account_id)
    if row is None:
        raise Refused("payments.account_gone")
    if holder is not None:
        row.holder = policies.clean_holder(holder)
    if bic is not None:
        row.bic = "".join(bic.split()).upper()[:11]
    if is_main:
        BankAccount.objects.filter(coop_id=coop_id, is_main=True).update(is_main=False)
        row.is_main = True
    row.save(update_fields=["holder", "bic", "is_main"])
    audit("bank_account", row.id, main=row.is_main)
