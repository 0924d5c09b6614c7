"""Posting by a rule, and taking entries back."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from coopcalc.books import Unpostable
from coopwerf.kernel import chain
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import Entry
from ..rules import PostingRule, rules
from ..states import ROLE_NAMES, Journal, Role
from .writing import Draft, DraftLine, write


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Ask for an entry by a rule: the amounts it knows, what it follows from, whom and which claim it is about.

    `accounts` names by role the account that is meant where it isn't the role's first. An empty `journal` is that of
    the rule.
    """

    on: dt.date
    rule: str
    amounts: Mapping[str, Decimal]
    source_kind: str = ""
    source_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    claim_id: uuid.UUID | None = None
    accounts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    journal: str = ""


@action(verb="ledger.posted")
def post(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, postings: Sequence[Posting]) -> list[uuid.UUID]:
    """Write an entry for each posting, all or none; return their ids in the same order.

    Raises Refused where the books aren't open, for a day that is closed, and for amounts that come to nothing.
    """
    chain.lock(coop_id)
    if not postings:
        raise Refused("ledger.nothing_to_post")
    today = civil_date(now)
    known = [_rule(posting.rule) for posting in postings]
    policies.may_post(actor, coop_id, {rule.code: rule for rule in known}.values(), today).require()
    books = queries.books(coop_id)
    accounts = queries.AccountMap(queries.accounts(coop_id))
    drafts = []
    for posting, rule in zip(postings, known, strict=True):
        policies.fits_day(books, posting.on, today).require()
        drafts.append(_draft(posting, rule, accounts))
    entries = write(coop_id=coop_id, now=now, author=actor.party_id, drafts=drafts)
    if len(entries) == 1:
        only = entries[0]
        audit("entry", only.id, rule=only.rule, journal=only.journal, number=only.number, on=only.on)
    else:
        audit("coop", coop_id, entries=len(entries), rules=dict(Counter(entry.rule for entry in entries)))
    return [entry.id for entry in entries]


def _rule(code: str) -> PostingRule:
    found = rules().get(code)
    if found is None or found.rule is None:
        raise Refused("ledger.rule_unknown", rule=code)
    return found


def _draft(posting: Posting, rule: PostingRule, accounts: queries.AccountMap) -> Draft:
    assert rule.rule is not None
    try:
        lines = rule.rule.post(posting.amounts)
    except Unpostable as problem:
        raise _unpostable(problem) from None
    made = []
    for line in lines:
        policies.fits_amount(line.amount).require()
        account = account_of(accounts, line.account, posting.accounts)
        policies.fits_account(account, account.code, posting.on).require()
        made.append(DraftLine(account, line.amount, posting.party_id, posting.claim_id))
    return Draft(
        journal=Journal(posting.journal) if posting.journal else rule.journal,
        on=posting.on,
        rule=rule.code,
        lines=made,
        source_kind=posting.source_kind,
        source_id=posting.source_id,
    )


def _unpostable(problem: Unpostable) -> Refused:
    match problem.code:
        case "amount_unknown":
            return Refused("ledger.amount_unknown", amount=problem.amount)
        case "amount_fractions":
            return Refused("ledger.amount_fractions", amount=problem.amount)
        case _:
            return Refused("ledger.nothing_to_post")


def account_of(accounts: queries.AccountMap, role: str, chosen: Mapping[str, str]) -> queries.AccountFacts:
    """Return the account that is meant by a role: the one that was named, else the role's first that is open."""
    code = chosen.get(role)
    if code is not None:
        named = accounts.by_code.get(code)
        if named is None:
            raise Refused("ledger.account_unknown", account=code)
        return named
    found = [one for one in accounts.by_role.get(role, ()) if one.closed_on is None]
    name = ROLE_NAMES[Role(role)] if role in list(Role) else role
    if not found:
        raise Refused("ledger.role_not_mapped", role=name)
    if role == Role.BANK and len(found) > 1:
        raise Refused("ledger.account_named", role=name)
    return found[0]


@action(verb="ledger.reversed")
def reverse(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    entry_ids: Sequence[uuid.UUID],
    on: dt.date | None = None,
) -> list[uuid.UUID]:
    """Take entries back by opposite ones, dated on their own day or on the one given; return the new ids in order.

    Where that day is closed by now the new entry is dated on the first open day, and its page says so. Raises Refused
    for an entry that was taken back already, or that takes one back itself.
    """
    chain.lock(coop_id)
    today = civil_date(now)
    books = queries.books(coop_id)
    found = queries.entries_with(coop_id, entry_ids)
    if not found or set(found) != set(entry_ids):
        raise Refused("ledger.entry_unknown")
    originals = [found[entry_id] for entry_id in dict.fromkeys(entry_ids)]
    policies.may_post(actor, coop_id, {one.rule: rules()[one.rule] for one in originals}.values(), today).require()
    drafts, moved = [], 0
    for one in originals:
        policies.may_reverse(books, one).require()
        assert books is not None
        wanted = one.on if on is None else on
        if wanted < one.on:
            raise Refused("ledger.reversal_before", on=one.on)
        day = max(wanted, books.first_open_day)
        moved += day != wanted
        policies.fits_day(books, day, max(today, one.on)).require()
        for line in one.lines:
            policies.fits_account(line.account, line.account.code, day).require()
        drafts.append(
            Draft(
                journal=Journal(one.journal),
                on=day,
                rule=one.rule,
                lines=[DraftLine(x.account, -x.amount, x.party_id, x.claim_id) for x in one.lines],
                source_kind=one.source_kind,
                source_id=one.source_id,
                reverses_id=one.id,
            )
        )
    entries: list[Entry] = write(coop_id=coop_id, now=now, author=actor.party_id, drafts=drafts)
    audit(
        "entry",
        entries[0].id if len(entries) == 1 else None,
        reversed=[one.id for one in originals][:100],
        count=len(entries),
        moved=moved,
    )
    return [entry.id for entry in entries]
