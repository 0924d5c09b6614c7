"""The books, for programs: entries with their lines, and what stands on each account."""

import datetime as dt
import uuid
from typing import Annotated

from pydantic import Field, WithJsonSchema

from coopcalc.books import AccountKind
from coopwerf.kernel.api import Amount, Answer, Call, Cursor, Date, Limit, Page, Routes, Slug, amount, packed, unpacked
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Scope

from . import policies, queries
from .states import Journal, Role

routes = Routes("ledger")

First = Annotated[Date, Field(description="From which day on.")]
# Written out where it stands: mandates have roles too, and the document knows each name once.
AccountRole = Annotated[Role, WithJsonSchema({"type": "string", "enum": [role.value for role in Role]})]
Last = Annotated[Date, Field(description="Until and including which day.")]


class LineOut(Answer):
    """A line of an entry: debit above zero, credit below."""

    account: str
    amount: Amount
    party_id: uuid.UUID | None
    claim_id: uuid.UUID | None


class EntryOut(Answer):
    """An entry of a journal, with its lines; they come to zero."""

    id: uuid.UUID
    journal: Journal
    number: int
    label: str
    on: dt.date
    rule: str
    source_kind: str
    source_id: uuid.UUID | None
    reverses: uuid.UUID | None
    reversed_by: uuid.UUID | None
    position: int
    recorded_at: dt.datetime
    words: str
    lines: list[LineOut]


class BalanceOut(Answer):
    """What stands on an account at the end of a day: debit above zero, credit below."""

    account: str
    name: str
    kind: AccountKind
    role: AccountRole | None
    balance: Amount


class BalancesOut(Answer):
    """What stands on every account at the end of a day."""

    at: dt.date
    items: list[BalanceOut]


def _entry(one: queries.EntryFacts) -> EntryOut:
    return EntryOut(
        id=one.id,
        journal=one.journal,
        number=one.number,
        label=one.label,
        on=one.on,
        rule=one.rule,
        source_kind=one.source_kind,
        source_id=one.source_id,
        reverses=one.reverses,
        reversed_by=one.reversed_by,
        position=one.position,
        recorded_at=one.recorded_at,
        words=one.words,
        lines=[
            LineOut(
                account=line.account.code, amount=amount(line.amount), party_id=line.party_id, claim_id=line.claim_id
            )
            for line in one.lines
        ],
    )


def _see(call: Call) -> None:
    policies.may_see_books(call.actor, call.coop.id, call.today).require()


@routes.get("/coops/{slug:slug}/ledger/entries", scope=Scope.LEDGER_READ, answers=Page[EntryOut])
def entries(
    call: Call,
    slug: Slug,
    journal: Journal | None = None,
    begin: First | None = None,
    until: Last | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[EntryOut]:
    """List entries, the last written first."""
    _see(call)
    which = f"entries {call.coop.id} {journal} {begin} {until}"
    place = unpacked(which, cursor)
    rows = queries.journal(
        call.coop.id,
        journal=journal,
        from_on=begin,
        until=until,
        before=None if place is None else place[0],
        limit=limit + 1,
    )
    some = rows[:limit]
    return Page(
        items=[_entry(one) for one in some],
        next=packed(which, some[-1].position) if len(rows) > limit else None,
    )


@routes.get("/coops/{slug:slug}/ledger/entries/{uuid:entry_id}", scope=Scope.LEDGER_READ, answers=EntryOut)
def entry(call: Call, slug: Slug, entry_id: uuid.UUID) -> EntryOut:
    """Tell one entry, with its lines."""
    _see(call)
    found = queries.entry(call.coop.id, entry_id)
    if found is None:
        raise Refused("kernel.api_not_found")
    return _entry(found)


@routes.get("/coops/{slug:slug}/ledger/balances", scope=Scope.LEDGER_READ, answers=BalancesOut)
def balances(call: Call, slug: Slug, at: Last | None = None) -> BalancesOut:
    """Tell what stands on each account at the end of a day; together they come to zero."""
    _see(call)
    day = at or call.today
    items = [
        BalanceOut(
            account=one.account.code,
            name=one.account.name,
            kind=one.account.kind,
            role=one.account.role,
            balance=amount(one.balance),
        )
        for one in queries.balances(call.coop.id, day)
    ]
    return BalancesOut(at=day, items=items)
