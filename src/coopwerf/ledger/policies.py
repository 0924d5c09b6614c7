"""What may be done in the books, by whom, and with which reason not."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.money import LARGEST
from coopwerf.kernel.verdict import Verdict, allow, refuse

from . import queries
from .queries import AccountFacts, BooksFacts
from .rules import PostingRule

AHEAD = dt.timedelta(days=370)
"""How far ahead an entry may be dated: as far as the register dates the end of a membership."""
FIRST_DAY = dt.date(1990, 1, 1)


def may_see_books(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may read the books."""
    return coops.may_do(actor, coop_id, Power.SEE_BOOKS, on)


def may_keep_books(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may write in the books: entries, accounts, opening balances, closings."""
    return coops.may_do(actor, coop_id, Power.KEEP_BOOKS, on)


def may_post(actor: Actor, coop_id: uuid.UUID, rules: Iterable[PostingRule], on: dt.date) -> Verdict:
    """Tell whether the actor may post by these rules: some follow from what the register's keepers may do."""
    keep = may_keep_books(actor, coop_id, on)
    if keep:
        return keep
    held = {power for rule in rules for power in rule.powers if coops.may_do(actor, coop_id, power, on)}
    return allow() if all(rule.powers & held for rule in rules) else keep


def may_open_books(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may open the books: once."""
    keep = may_keep_books(actor, coop_id, on)
    if keep and queries.is_open(coop_id):
        return refuse("ledger.open_already")
    return keep


def may_record_opening(books: BooksFacts | None) -> Verdict:
    """Tell whether the balances with which the books begin can be recorded: while nothing is closed."""
    if books is None:
        return refuse("ledger.not_open")
    if books.closed_until is not None:
        return refuse("ledger.opening_closed")
    return allow()


def fits_day(books: BooksFacts | None, on: dt.date, today: dt.date) -> Verdict:
    """Tell whether an entry can be dated on a day: the books are open by then, and the period isn't closed."""
    if books is None:
        return refuse("ledger.not_open")
    if on < books.begins_on:
        return refuse("ledger.before_first_day", begins=books.begins_on)
    if books.closed_until is not None and on <= books.closed_until:
        return refuse("ledger.period_closed", until=books.closed_until, first=books.first_open_day)
    if on > today + AHEAD:
        return refuse("ledger.date_too_late", on=on)
    return allow()


def fits_account(account: AccountFacts | None, code: str, on: dt.date) -> Verdict:
    """Tell whether something can be posted on an account on a day."""
    if account is None:
        return refuse("ledger.account_unknown", account=code)
    if account.closed_on is not None and on >= account.closed_on:
        return refuse("ledger.account_closed", account=account.code, on=account.closed_on)
    return allow()


def fits_amount(amount: Decimal) -> Verdict:
    """Tell whether an amount can be posted: whole cents, not beyond what the books can hold."""
    if not amount.is_finite() or abs(amount) > LARGEST:
        return refuse("ledger.amount_out_of_bounds", most=LARGEST)
    if amount != amount.quantize(Decimal("0.01")):
        return refuse("ledger.amount_fractions", amount=amount)
    return allow()


def may_reverse(books: BooksFacts | None, entry: queries.EntryFacts) -> Verdict:
    """Tell whether an entry can be reversed: once, and not an entry that reverses another."""
    if books is None:
        return refuse("ledger.not_open")
    if entry.reverses is not None:
        return refuse("ledger.is_reversal")
    if entry.reversed_by is not None:
        return refuse("ledger.reversed_already")
    return allow()


def may_close_account(account: AccountFacts, balance: Decimal, *, is_needed: bool) -> Verdict:
    """Tell whether an account can be closed: nothing stands on it, and another one has its role."""
    if account.closed_on is not None:
        return refuse("ledger.account_closed", account=account.code, on=account.closed_on)
    if balance:
        return refuse("ledger.account_not_empty", account=account.code, balance=balance)
    if is_needed:
        return refuse("ledger.account_needed", account=account.code)
    return allow()


def may_close_period(books: BooksFacts | None, until: dt.date, today: dt.date) -> Verdict:
    """Tell whether the books can be closed until a day: one that is over, after what is closed already."""
    if books is None:
        return refuse("ledger.not_open")
    if until < books.begins_on:
        return refuse("ledger.before_first_day", begins=books.begins_on)
    if until >= today:
        return refuse("ledger.close_past_only", until=until)
    if books.closed_until is not None and until <= books.closed_until:
        return refuse("ledger.closed_already", until=books.closed_until)
    return allow()


def may_reopen_period(books: BooksFacts | None) -> Verdict:
    """Tell whether there is anything closed to open again."""
    if books is None:
        return refuse("ledger.not_open")
    if books.closed_until is None:
        return refuse("ledger.nothing_closed")
    return allow()
