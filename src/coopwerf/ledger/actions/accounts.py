"""Opening the books, and their accounts."""

import datetime as dt
import uuid
from decimal import Decimal

from coopcalc.books import AccountKind
from coopwerf.kernel import chain
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import charts, policies, queries
from ..happenings import BooksOpened
from ..models import Account, Books
from ..states import ACCOUNT_CODE, ROLE_KINDS, Role

LONGEST_NAME = 120
LANGUAGES = ("nl", "fr", "en")


@action(verb="ledger.books_opened")
def open_books(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, chart: str, on: dt.date) -> None:
    """Open a co-operative's books, once: with a chart of accounts, from a first day on.

    Raises Refused for a chart that isn't there and a day that can't be the first.
    """
    chain.lock(coop_id)
    today = civil_date(now)
    policies.may_open_books(actor, coop_id, today).require()
    if chart not in charts.CHARTS:
        raise Refused("ledger.chart_unknown", path="chart")
    if not policies.FIRST_DAY <= on <= today + policies.AHEAD:
        raise Refused("ledger.first_day_unlikely", path="on", on=on)
    Books.objects.create(coop_id=coop_id, chart=chart, begins_on=on, opened_at=now)
    Account.objects.bulk_create(
        Account(coop_id=coop_id, code=one.code, names=dict(one.names), kind=one.kind.value, role=one.role or "")
        for one in charts.chart(chart).accounts
    )
    audit("coop", coop_id, chart=chart, begins=on)
    announce(BooksOpened(coop_id=coop_id, begins_on=on))


@action(verb="ledger.account_added")
def add_account(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    code: str,
    name: str,
    kind: str,
    role: str = "",
) -> uuid.UUID:
    """Add an account under a number of the co-operative's own choice; return its id.

    Raises Refused for a number that is taken or can't be, and for a use that doesn't go with the kind.
    """
    chain.lock(coop_id)
    policies.may_keep_books(actor, coop_id, civil_date(now)).require()
    if not queries.is_open(coop_id):
        raise Refused("ledger.not_open")
    if not ACCOUNT_CODE.fullmatch(code):
        raise Refused("ledger.account_code", path="code")
    if queries.account(coop_id, code) is not None:
        raise Refused("ledger.account_exists", path="code", account=code)
    _check_role(kind, role)
    made = Account.objects.create(coop_id=coop_id, code=code, names=_names(name), kind=kind, role=role)
    audit("account", made.id, code=code, kind=kind, role=role)
    return made.id


@action(verb="ledger.account_changed")
def change_account(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    code: str,
    name: str | None = None,
    role: str | None = None,
) -> None:
    """Give an account another name, or another use as long as nothing was posted on it; what is None stays."""
    chain.lock(coop_id)
    policies.may_keep_books(actor, coop_id, civil_date(now)).require()
    facts = _known(coop_id, code)
    row = Account.objects.get(pk=facts.id)
    changed = []
    if name is not None and name.strip() != facts.name:
        row.names = _names(name)
        changed.append("name")
    if role is not None and role != (facts.role or ""):
        if queries.has_lines(coop_id, facts.id):
            raise Refused("ledger.account_used", path="role", account=code)
        _check_role(facts.kind.value, role)
        if facts.role is not None and queries.is_only_of_role(coop_id, facts):
            raise Refused("ledger.account_needed", path="role", account=code)
        row.role = role
        changed.append("role")
    if changed:
        row.save(update_fields=["names", "role"])
    audit("account", facts.id, code=code, changed=changed, role=row.role)


@action(verb="ledger.account_closed")
def close_account(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, code: str) -> None:
    """Close an account on which nothing stands: from today on nothing is posted on it any more."""
    chain.lock(coop_id)
    today = civil_date(now)
    policies.may_keep_books(actor, coop_id, today).require()
    facts = _known(coop_id, code)
    balance: Decimal = queries.balance_of_account(coop_id, code, dt.date.max)
    is_needed = facts.role is not None and queries.is_only_of_role(coop_id, facts)
    policies.may_close_account(facts, balance, is_needed=is_needed).require()
    last = queries.last_day_on(coop_id, facts.id)
    closed_on = today if last is None or last < today else last + dt.timedelta(days=1)
    Account.objects.filter(pk=facts.id).update(closed_on=closed_on)
    audit("account", facts.id, code=code, closed_on=closed_on)


def _known(coop_id: uuid.UUID, code: str) -> queries.AccountFacts:
    found = queries.account(coop_id, code)
    if found is None:
        raise Refused("ledger.account_unknown", account=code)
    return found


def _names(name: str) -> dict[str, str]:
    clean = " ".join(name.split())
    if not 0 < len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise Refused("ledger.account_name", path="name")
    return dict.fromkeys(LANGUAGES, clean)


def _check_role(kind: str, role: str) -> None:
    if kind not in list(AccountKind) or (role and role not in list(Role)):
        raise Refused("ledger.account_kind", path="kind")
    if role and AccountKind(kind) not in ROLE_KINDS[Role(role)]:
        raise Refused("ledger.account_kind", path="kind")
