"""What accounts come to: at a date, over a period, by whom and for which claim.

Balances are signed, debit positive. They are added up from the lines each time, out of one index: nothing derived can
go wrong, and four hundred thousand lines take a fraction of a second.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from coopcalc import books as pure
from coopcalc.books import AccountKind, Sums, TrialBalance

from ..states import JOURNAL_MARKS, Journal, Role
from .accounts import AccountFacts, accounts
from .reading import read

ZERO = Decimal("0.00")


@dataclasses.dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account and what stands on it, debit positive."""

    account: AccountFacts
    balance: Decimal

    @property
    def natural(self) -> Decimal:
        """Return the balance as people read it: positive on the side on which an account of its kind grows."""
        return self.balance if self.account.kind in (AccountKind.ASSET, AccountKind.EXPENSE) else -self.balance


@dataclasses.dataclass(frozen=True, slots=True)
class StatementLine:
    """A line on an account: of which entry, and the balance after it."""

    entry_id: uuid.UUID
    journal: str
    number: int
    on: dt.date
    rule: str
    is_reversal: bool
    amount: Decimal
    balance: Decimal
    party_id: uuid.UUID | None
    claim_id: uuid.UUID | None
    words: str
    position: int
    line: int

    @property
    def label(self) -> str:
        """Return the entry's number as people say it: B-12."""
        return f"{JOURNAL_MARKS[Journal(self.journal)]}-{self.number}"


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """What happened on an account in a period: its balance before, its lines, and what it came to at the end."""

    opening: Decimal
    lines: list[StatementLine]
    closing: Decimal
    more: bool


_COLUMNS = [field.name for field in dataclasses.fields(StatementLine) if field.name != "balance"]


def balances(coop_id: uuid.UUID, at: dt.date) -> list[AccountBalance]:
    """Return what stands on every account at the end of a day, in the order of their numbers."""
    known = accounts(coop_id)
    rows = read(
        "SELECT account_id, sum(amount) FROM ledger_line"
        ' WHERE coop_id = %(coop)s AND account_id = ANY(%(accounts)s) AND "on" <= %(at)s GROUP BY account_id',
        {"coop": coop_id, "accounts": [one.id for one in known], "at": at},
    )
    found: dict[uuid.UUID, Decimal] = dict(rows)
    return [AccountBalance(one, found.get(one.id, ZERO)) for one in known]


def balance_of_account(coop_id: uuid.UUID, code: str, at: dt.date) -> Decimal:
    """Return what stands on the account with a number at the end of a day; nothing where there is no such account."""
    rows = read(
        "SELECT sum(l.amount) FROM ledger_account a JOIN ledger_line l ON l.account_id = a.id AND l.coop_id = a.coop_id"
        ' WHERE a.coop_id = %(coop)s AND a.code = %(code)s AND l."on" <= %(at)s',
        {"coop": coop_id, "code": code, "at": at},
    )
    return _amount(rows[0][0])


def balance_of_role(coop_id: uuid.UUID, role: Role | str, at: dt.date) -> Decimal:
    """Return what stands on all accounts of a role together at the end of a day, debit positive."""
    rows = read(
        "SELECT sum(l.amount) FROM ledger_account a JOIN ledger_line l ON l.account_id = a.id AND l.coop_id = a.coop_id"
        ' WHERE a.coop_id = %(coop)s AND a.role = %(role)s AND l."on" <= %(at)s',
        {"coop": coop_id, "role": str(role), "at": at},
    )
    return _amount(rows[0][0])


def role_by_account(coop_id: uuid.UUID, role: Role | str, at: dt.date) -> dict[str, Decimal]:
    """Return what stands on each account of a role, by its number."""
    return {one.account.code: one.balance for one in balances(coop_id, at) if one.account.role == str(role)}


def role_by_party(
    coop_id: uuid.UUID, role: Role | str, at: dt.date, party_ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID | None, Decimal]:
    """Return what stands on the accounts of a role for each party, or for some; under None what names nobody."""
    return _by("party_id", coop_id, role, at, _ALL if party_ids is None else _OF_PARTIES, party_ids)


def role_by_claim(coop_id: uuid.UUID, role: Role | str, at: dt.date) -> dict[uuid.UUID | None, Decimal]:
    """Return what stands on the accounts of a role for each claim; under None what names none."""
    return _by("claim_id", coop_id, role, at, _ALL)


def unnamed_by_claim(
    coop_id: uuid.UUID, role: Role | str, at: dt.date, claim_ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID | None, Decimal]:
    """Return what stands on the accounts of a role in lines that name nobody, for each claim, or for some."""
    only = _UNNAMED if claim_ids is None else _UNNAMED + _OF_CLAIMS
    return _by("claim_id", coop_id, role, at, only, claim_ids)


def role_by_day(coop_id: uuid.UUID, role: Role | str, at: dt.date) -> dict[dt.date, Decimal]:
    """Return what came onto the accounts of a role on each day, debit positive; days that come to nothing left out."""
    return {on: amount for on, amount in _by('"on"', coop_id, role, at, _ALL).items() if on is not None}


@dataclasses.dataclass(frozen=True, slots=True)
class LineAbout:
    """A line about a party: of which entry, on which account."""

    entry_id: uuid.UUID
    journal: str
    number: int
    on: dt.date
    account: AccountFacts
    amount: Decimal


def lines_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[LineAbout]:
    """Return every line about a party, oldest first."""
    known = {one.id: one for one in accounts(coop_id)}
    rows = read(
        """
        SELECT e.id, e.journal, e.number, l."on", l.account_id, l.amount
        FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
        WHERE l.coop_id = %(coop)s AND l.party_id = %(party)s ORDER BY l."on", e.position, l.number
        """,
        {"coop": coop_id, "party": party_id},
    )
    return [
        LineAbout(entry_id, journal, number, on, known[account_id], amount)
        for entry_id, journal, number, on, account_id, amount in rows
    ]


_ALL = ""
_OF_PARTIES = " AND l.party_id = ANY(%(wanted)s)"
_UNNAMED = " AND l.party_id IS NULL"
_OF_CLAIMS = " AND l.claim_id = ANY(%(wanted)s)"


def _by(
    column: str,
    coop_id: uuid.UUID,
    role: Role | str,
    at: dt.date,
    only: str,
    wanted: Collection[uuid.UUID] | None = None,
) -> dict[Any, Decimal]:
    rows = read(
        f"SELECT l.{column}, sum(l.amount) FROM ledger_account a"  # noqa: S608  (one of our own columns)
        " JOIN ledger_line l ON l.account_id = a.id AND l.coop_id = a.coop_id"
        f' WHERE a.coop_id = %(coop)s AND a.role = %(role)s AND l."on" <= %(at)s{only}'
        f" GROUP BY l.{column} HAVING sum(l.amount) <> 0",
        {"coop": coop_id, "role": str(role), "at": at} | ({} if wanted is None else {"wanted": list(wanted)}),
    )
    return dict(rows)


def trial_balance(coop_id: uuid.UUID, from_on: dt.date | None, until: dt.date) -> TrialBalance:
    """Return the trial balance over a period, both days included; without a first day over all time."""
    known = accounts(coop_id)
    rows = read(
        """
        SELECT account_id, coalesce(sum(amount) FILTER (WHERE "on" < %(from)s), 0.00),
               coalesce(sum(amount) FILTER (WHERE "on" >= %(from)s AND amount > 0), 0.00),
               -coalesce(sum(amount) FILTER (WHERE "on" >= %(from)s AND amount < 0), 0.00)
        FROM ledger_line WHERE coop_id = %(coop)s AND account_id = ANY(%(accounts)s) AND "on" <= %(until)s
        GROUP BY account_id
        """,
        {"coop": coop_id, "accounts": [one.id for one in known], "from": from_on or dt.date.min, "until": until},
    )
    sums: dict[uuid.UUID, Any] = {row[0]: row[1:] for row in rows}
    return pure.trial_balance(Sums(one.code, one.kind, *sums[one.id]) for one in known if one.id in sums)


def statement(
    coop_id: uuid.UUID,
    account_id: uuid.UUID,
    from_on: dt.date,
    until: dt.date,
    *,
    after: tuple[dt.date, int, int] | None = None,
    limit: int = 100,
) -> Statement:
    """Return what happened on an account in a period, oldest first; `after` is the place of the last line read before.

    A place is a day, a position in the chain, and the number of a line.
    """
    facts = {"coop": coop_id, "account": account_id, "from": from_on, "until": until, "limit": limit + 1}
    totals = read(
        """
        SELECT coalesce(sum(amount) FILTER (WHERE "on" < %(from)s), 0.00), coalesce(sum(amount), 0.00)
        FROM ledger_line WHERE coop_id = %(coop)s AND account_id = %(account)s AND "on" <= %(until)s
        """,
        facts,
    )[0]
    opening, closing = totals
    place = after or (dt.date.min, 0, 0)
    rows = read(
        """
        SELECT e.id, e.journal, e.number, l."on", e.rule, e.reverses_id IS NOT NULL, l.amount, l.party_id, l.claim_id,
               coalesce(w.text, ''), e.position, l.number AS line
        FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_entrywords w ON w.entry_id = e.id
        WHERE l.coop_id = %(coop)s AND l.account_id = %(account)s AND l."on" BETWEEN %(from)s AND %(until)s
          AND l."on" >= %(day)s AND (l."on", e.position, l.number) > (%(day)s, %(position)s, %(number)s)
        ORDER BY l."on", e.position, l.number LIMIT %(limit)s
        """,
        {**facts, "day": place[0], "position": place[1], "number": place[2]},
    )
    running: Decimal = opening if after is None else opening + _between(facts, place)
    lines = []
    for row in rows[:limit]:
        running += row[6]
        known = dict(zip(_COLUMNS, row, strict=False))
        lines.append(StatementLine(**known, balance=running))
    return Statement(opening, lines, closing, len(rows) > limit)


def _between(facts: dict[str, Any], place: tuple[dt.date, int, int]) -> Decimal:
    """Return what was posted from the first day of a statement up to and including a place in it."""
    rows = read(
        """
        SELECT coalesce(sum(l.amount), 0.00) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
        WHERE l.coop_id = %(coop)s AND l.account_id = %(account)s AND l."on" BETWEEN %(from)s AND %(day)s
          AND (l."on", e.position, l.number) <= (%(day)s, %(position)s, %(number)s)
        """,
        {**facts, "day": place[0], "position": place[1], "number": place[2]},
    )
    return _amount(rows[0][0])


def _amount(found: Decimal | None) -> Decimal:
    return ZERO if found is None else found
