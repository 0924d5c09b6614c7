"""Entries that people write themselves, and the balances with which books begin."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import EntryWords
from ..rules import MANUAL, OPENING
from ..states import MOST_LINES, Journal, Role
from .writing import Draft, DraftLine, write

ZERO = Decimal("0.00")
LONGEST_WORDS = 500


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ManualLine:
    """A line of an entry written by hand: an account's number, and an amount, debit positive."""

    account: str
    amount: Decimal


@action(verb="ledger.manual_recorded")
def record_manual(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    on: dt.date,
    lines: Sequence[ManualLine],
    words: str,
) -> uuid.UUID:
    """Write an entry by hand, with why; return its id.

    Raises Refused for lines that don't balance, naming by how much, for a closed day, and for an unknown account.
    """
    chain.lock(coop_id)
    today = civil_date(now)
    policies.may_keep_books(actor, coop_id, today).require()
    policies.fits_day(queries.books(coop_id), on, today).require()
    clean = " ".join(words.split())
    if not 0 < len(clean) <= LONGEST_WORDS or "\0" in clean:
        raise Refused("ledger.entry_without_words", path="words")
    if not 2 <= len(lines) <= MOST_LINES or not all(line.amount for line in lines):
        raise Refused("ledger.entry_lines", most=MOST_LINES)
    accounts = {one.code: one for one in queries.accounts(coop_id)}
    drafted = [_drafted(accounts, line.account, line.amount, on) for line in lines]
    _require_balance(drafted, "ledger.entry_unbalanced")
    draft = Draft(journal=Journal.GENERAL, on=on, rule=MANUAL, lines=drafted)
    entry = write(coop_id=coop_id, now=now, author=actor.party_id, drafts=[draft])[0]
    EntryWords.objects.create(entry_id=entry.id, coop_id=coop_id, text=clean)
    audit("entry", entry.id, journal=entry.journal, number=entry.number, on=on, lines=len(lines))
    return entry.id


@action(verb="ledger.opening_recorded")
def record_opening(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, balances: Mapping[str, Decimal]
) -> uuid.UUID | None:
    """Record the balances of the accounts kept before, by account, debit positive; return the entry's id, if one is.

    An account that the bank's or the register's own opening was posted on already keeps that; what the old accounts say
    differently stays on the account of the opening balance. Raises Refused where the balances don't cancel out, naming
    the difference.
    """
    chain.lock(coop_id)
    today = civil_date(now)
    policies.may_keep_books(actor, coop_id, today).require()
    books = queries.books(coop_id)
    policies.may_record_opening(books).require()
    assert books is not None
    if queries.opening_entry(coop_id) is not None:
        raise Refused("ledger.opening_there")
    accounts = {one.code: one for one in queries.accounts(coop_id)}
    wanted = [_drafted(accounts, code, amount, books.begins_on) for code, amount in balances.items() if amount]
    if not 2 <= len(wanted) <= MOST_LINES:
        raise Refused("ledger.entry_lines", most=MOST_LINES)
    _require_balance(wanted, "ledger.opening_unbalanced")
    opened = queries.opened_by_rules(coop_id)
    opening = next((one for one in accounts.values() if one.role is Role.OPENING and one.closed_on is None), None)
    if opening is None:
        raise Refused("ledger.role_not_mapped", role=Role.OPENING)
    kept = [line for line in wanted if line.account.id not in opened and line.account.id != opening.id]
    rest = -sum((line.amount for line in kept), ZERO)
    lines = [*kept, DraftLine(opening, rest)] if rest else kept
    if len(lines) < 2:  # the bank and the register have opened every account themselves
        audit("coop", coop_id, lines=0)
        return None
    draft = Draft(journal=Journal.OPENING, on=books.begins_on, rule=OPENING, lines=lines)
    entry = write(coop_id=coop_id, now=now, author=actor.party_id, drafts=[draft])[0]
    audit("entry", entry.id, number=entry.number, on=entry.on, lines=len(lines), left=rest)
    return entry.id


@action(verb="ledger.words_forgotten")
def forget_words(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """Erase what was written about an entry: where it names somebody who must be forgotten. The entry itself stays."""
    policies.may_keep_books(actor, coop_id, civil_date(now)).require()
    gone, _rows = EntryWords.objects.filter(coop_id=coop_id, entry_id=entry_id).delete()
    if not gone:
        raise Refused("ledger.entry_unknown")
    audit("entry", entry_id)


def _drafted(accounts: Mapping[str, queries.AccountFacts], code: str, amount: Decimal, on: dt.date) -> DraftLine:
    account = accounts.get(code)
    policies.fits_account(account, code, on).require()
    policies.fits_amount(amount).require()
    assert account is not None
    return DraftLine(account, amount.quantize(ZERO))


def _require_balance(lines: Sequence[DraftLine], code: str) -> None:
    debit = sum((line.amount for line in lines if line.amount > 0), ZERO)
    credit = -sum((line.amount for line in lines if line.amount < 0), ZERO)
    if debit != credit:
        raise Refused(code, debit=debit, credit=credit, difference=abs(debit - credit))
