"""Accounts: their numbers, names, and what they are there for."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from functools import cached_property

from coopcalc.books import AccountKind
from coopwerf.coops.states import Texts, in_language
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import ask

from ..models import Line
from ..states import Role


@dataclasses.dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account: its number, names, kind, what it is there for, and from when it is closed."""

    id: uuid.UUID
    code: str
    names: Texts
    kind: AccountKind
    role: Role | None
    closed_on: dt.date | None

    @property
    def name(self) -> str:
        """Return its name in the active language."""
        return in_language(self.names)


class AccountMap:
    """The accounts of a co-operative, by number and by role."""

    def __init__(self, accounts: Iterable[AccountFacts]) -> None:
        self.all = list(accounts)

    @cached_property
    def by_code(self) -> Mapping[str, AccountFacts]:
        """Return accounts by their number."""
        return {one.code: one for one in self.all}

    @cached_property
    def by_role(self) -> Mapping[str, list[AccountFacts]]:
        """Return accounts by role, those of a role in the order of their numbers."""
        found: dict[str, list[AccountFacts]] = {}
        for one in self.all:
            if one.role is not None:
                found.setdefault(one.role.value, []).append(one)
        return found


def accounts(coop_id: uuid.UUID) -> list[AccountFacts]:
    """Return every account of a co-operative, in the order of their numbers."""

    def read() -> list[AccountFacts]:
        rows = ask(
            "SELECT id, code, names::text, kind, role, closed_on FROM ledger_account"
            " WHERE coop_id = %(coop)s ORDER BY code",
            {"coop": coop_id},
        )
        return [
            AccountFacts(row_id, code, json.loads(names), AccountKind(kind), Role(role) if role else None, closed_on)
            for row_id, code, names, kind, role, closed_on in rows
        ]

    return remembered(("ledger.accounts", coop_id), read)


def account(coop_id: uuid.UUID, code: str) -> AccountFacts | None:
    """Return the account with this number, or None."""
    return next((one for one in accounts(coop_id) if one.code == code), None)


def accounts_of_role(coop_id: uuid.UUID, role: Role) -> list[AccountFacts]:
    """Return the accounts that are there for something, closed ones too, in the order of their numbers."""
    return [one for one in accounts(coop_id) if one.role is role]


def is_only_of_role(coop_id: uuid.UUID, facts: AccountFacts) -> bool:
    """Tell whether no other open account has the role of this one."""
    return not any(one.role is facts.role and one.closed_on is None and one.id != facts.id for one in accounts(coop_id))


def next_code(coop_id: uuid.UUID, role: Role) -> str:
    """Return a free number for another account of a role, beside the first: 551 beside 550, 4894 beside 4893."""
    taken = {one.code for one in accounts(coop_id)}
    beside = next((one.code for one in accounts_of_role(coop_id, role) if one.code.isdigit()), "9000")
    for step in range(1, 10_000):
        code = str(int(beside) + step).rjust(len(beside), "0")
        if code not in taken:
            return code
    raise LookupError("no free number is left")


def has_lines(coop_id: uuid.UUID, account_id: uuid.UUID) -> bool:
    """Tell whether something was ever posted on an account."""
    return Line.objects.filter(coop_id=coop_id, account_id=account_id).exists()


def last_day_on(coop_id: uuid.UUID, account_id: uuid.UUID) -> dt.date | None:
    """Return the day of the latest line on an account."""
    return (
        Line.objects.filter(coop_id=coop_id, account_id=account_id).order_by("-on").values_list("on", flat=True).first()
    )
