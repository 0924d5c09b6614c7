"""Matches on their way in: everything locked in its order, then said, then posted."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from coopcalc.matching import Proposal
from coopwerf.kernel.action import announce
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.actions import Posting
from coopwerf.ledger.states import Role

from .. import policies, queries
from ..happenings import MatchingBegins, MatchUndone, PaymentMatched
from ..models import BankEntry, BankEntryWords, Claim, Match
from ..states import ClaimKind, ClaimState, Direction, MatchKind
from .claims import settle

SOURCE = "payments.match"

_Left = dict[tuple[uuid.UUID, int], Decimal]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A match as it will be written; `amount` has the entry's sign, None for as much as is open on both sides.

    `on` is the day of its posting where that isn't the entry's own.
    """

    entry_id: uuid.UUID
    kind: MatchKind = MatchKind.CLAIM
    claim_id: uuid.UUID | None = None
    account_code: str = ""
    other_entry_id: uuid.UUID | None = None
    detail: int | None = None
    amount: Decimal | None = None
    proposal: Proposal | None = None
    on: dt.date | None = None


class Held:
    """The claims and entries that an action has locked: claims first, each kind in the order of their ids."""

    def __init__(
        self, coop_id: uuid.UUID, claim_ids: Iterable[uuid.UUID | None], entry_ids: Iterable[uuid.UUID | None]
    ) -> None:
        wanted = {one for one in claim_ids if one is not None}
        # Whoever changes something of its own when these are matched locks it now, before our claims.
        sources = sorted(
            (row.source_kind, row.source_id)
            for row in Claim.objects.filter(coop_id=coop_id, id__in=wanted).exclude(source_id=None)
            if row.source_id is not None
        )
        announce(MatchingBegins(coop_id=coop_id, sources=tuple(sources)))
        rows = Claim.objects.select_for_update().filter(coop_id=coop_id, id__in=wanted).order_by("id")
        self.claims: dict[uuid.UUID, Claim] = {row.id: row for row in rows}
        lines = BankEntry.objects.select_for_update().filter(coop_id=coop_id, id__in=[e for e in entry_ids if e])
        self.entries: dict[uuid.UUID, BankEntry] = {row.id: row for row in lines.order_by("id")}

    def entry(self, entry_id: uuid.UUID) -> BankEntry:
        """Return a locked entry; raises Refused where there is none."""
        if entry_id not in self.entries:
            raise Refused("payments.entry_unknown")
        return self.entries[entry_id]

    def claim(self, claim_id: uuid.UUID | None) -> Claim:
        """Return a locked claim; raises Refused where there is none."""
        if claim_id is None or claim_id not in self.claims:
            raise Refused("payments.claim_unknown")
        return self.claims[claim_id]


def hold(coop_id: uuid.UUID, drafts: Sequence[Draft]) -> Held:
    """Lock what drafts are about."""
    others = [draft.other_entry_id for draft in drafts]
    return Held(coop_id, [draft.claim_id for draft in drafts], [*(draft.entry_id for draft in drafts), *others])


def write(
    coop_id: uuid.UUID, held: Held, drafts: Sequence[Draft], *, actor: Actor, now: dt.datetime, skip: bool = False
) -> list[Match]:
    """Write matches with their postings, tell who must react, and return them.

    With `skip` what no longer fits is left out; else it is refused, and nothing is written.
    """
    coop_books = books.AccountMap(books.accounts(coop_id))
    left = _left_of_details(coop_id, drafts)
    rows: list[Match] = []
    postings: list[Posting] = []
    for draft in drafts:
        try:
            row = _drafted(coop_id, held, draft, left, actor, now)
        except Refused:
            if skip:
                continue
            raise
        rows.append(row)
        if row.kind != MatchKind.RETURN:
            postings.append(_posting(row, held, coop_books))
    if not rows:
        return []
    Match.objects.bulk_create(rows, batch_size=1000)
    _save_entries(held.entry(row.entry_id) for row in rows)
    for claim_id in dict.fromkeys(row.claim_id for row in rows if row.kind == MatchKind.CLAIM):
        settle(held.claim(claim_id), now)
    for row in rows:
        if row.kind == MatchKind.CLAIM:
            announce(PaymentMatched(**_told(row, held)))
    if postings:
        ledger.post(actor=actor, now=now, coop_id=coop_id, postings=postings)
    return rows


def _save_entries(entries: Iterable[BankEntry]) -> None:
    touched = {entry.id: entry for entry in entries}
    if len(touched) == 1:
        next(iter(touched.values())).save(update_fields=["open"])
    else:
        BankEntry.objects.bulk_update(touched.values(), ["open"], batch_size=1000)


def _left_of_details(coop_id: uuid.UUID, drafts: Sequence[Draft]) -> _Left:
    """Return what no standing match has used yet of the payments within the drafts' entries, which are locked."""
    wanted = {draft.entry_id for draft in drafts if draft.detail is not None}
    if not wanted:
        return {}
    words = BankEntryWords.objects.filter(coop_id=coop_id, entry_id__in=wanted)
    left = {
        (entry_id, number): abs(Decimal(told["amount"]))
        for entry_id, details in words.values_list("entry_id", "details")
        for number, told in enumerate(details, start=1)
        # Of some payments the bank doesn't say how much they were.
        if Decimal(told["amount"])
    }
    # What was undone has a row of its own with the opposite amount.
    used = Match.objects.filter(coop_id=coop_id, entry_id__in=wanted, detail__isnull=False)
    for entry_id, detail, amount in used.values_list("entry_id", "detail").annotate(used=Sum("amount")):
        if (entry_id, detail) in left:
            left[entry_id, detail] -= abs(amount)
    return left


def _drafted(coop_id: uuid.UUID, held: Held, draft: Draft, left: _Left, actor: Actor, now: dt.datetime) -> Match:
    entry = held.entry(draft.entry_id)
    facts = queries.entry_row(entry)
    amount = facts.open if draft.amount is None else draft.amount
    claim: Claim | None = None
    if draft.kind is MatchKind.CLAIM:
        claim = held.claim(draft.claim_id)
        told = queries.claim_row(claim)
        if draft.amount is None and abs(amount) > told.open > 0:
            amount = told.open if amount > 0 else -told.open
        policies.fits_claim(facts, told, amount).require()
    policies.fits_match(facts, amount).require()
    policies.fits_amount(abs(amount)).require()
    if draft.detail is not None and (entry.id, draft.detail) in left:
        policies.fits_detail(left[entry.id, draft.detail], abs(amount)).require()
        left[entry.id, draft.detail] -= abs(amount)
    entry.open -= amount
    if claim is not None:
        claim.paid += abs(amount)
    proposal = draft.proposal
    return Match(
        id=uuid7(),
        coop_id=coop_id,
        entry_id=entry.id,
        kind=draft.kind.value,
        claim_id=draft.claim_id,
        account_code=draft.account_code,
        other_entry_id=draft.other_entry_id,
        detail=draft.detail,
        amount=amount,
        score=None if proposal is None else proposal.score,
        reasons=[] if proposal is None else [reason.as_json() for reason in proposal.reasons],
        on=books.day_for(coop_id, draft.on or entry.posted_on or entry.booked),
        at=now,
        author_id=actor.party_id,
    )


def _posting(row: Match, held: Held, accounts: books.AccountMap) -> Posting:
    claim = held.claims.get(row.claim_id) if row.claim_id is not None else None
    rule, amount, chosen = _rule(row, claim, accounts)
    return Posting(
        on=row.on,
        rule=rule,
        amounts={"amount": amount},
        source_kind=SOURCE,
        source_id=row.id,
        party_id=None if claim is None else claim.party_id,
        claim_id=row.claim_id,
        accounts=chosen,
    )


def _rule(row: Match, claim: Claim | None, accounts: books.AccountMap) -> tuple[str, Decimal, Mapping[str, str]]:
    """Return by which rule a match is posted, with which amount, and on which account of somebody's choice."""
    if row.kind == MatchKind.ACCOUNT:
        return "match_account", row.amount, {"account": row.account_code}
    if row.kind == MatchKind.INTERNAL:
        return "internal", row.amount, {}
    if row.kind == MatchKind.REFUND:
        return "over_to_refund", row.amount, {}
    assert claim is not None
    if claim.direction == Direction.IN and claim.kind == ClaimKind.CAPITAL:
        return "match_capital", row.amount, {}
    if claim.direction == Direction.OUT and claim.kind in (ClaimKind.REFUND, ClaimKind.CAPITAL):
        return "match_refund", -row.amount, {}
    if claim.direction == Direction.OUT and claim.kind == ClaimKind.EXIT:
        return "match_exit", -row.amount, {}
    role = Role.OTHER_INCOME if claim.direction == Direction.IN else Role.OTHER_COSTS
    code = claim.account_code or next((one.code for one in accounts.by_role.get(role, []) if not one.closed_on), "")
    if not code:
        raise Refused("payments.account_needed")
    return "match_account", row.amount, {"account": code}


def _told(row: Match, held: Held) -> dict[str, Any]:
    claim = held.claim(row.claim_id)
    return {
        "coop_id": row.coop_id,
        "match_id": row.id,
        "entry_id": row.entry_id,
        "claim_id": claim.id,
        "claim_kind": claim.kind,
        "source_kind": claim.source_kind,
        "source_id": claim.source_id or claim.id,
        "party_id": claim.party_id,
        "amount": abs(row.amount),
        "on": held.entry(row.entry_id).booked,
    }


# Taking back


def unwrite(
    coop_id: uuid.UUID,
    held: Held,
    originals: Sequence[Match],
    *,
    on: Callable[[Match], dt.date],
    actor: Actor,
    now: dt.datetime,
) -> list[Match]:
    """Take matches back by rows of their own, with opposite postings; return these rows."""
    rows = []
    for original in originals:
        entry = held.entry(original.entry_id)
        made = held.claims.get(original.claim_id) if original.claim_id is not None else None
        policies.may_undo(queries.match_row(original), None if made is None else queries.claim_row(made)).require()
        entry.open += original.amount
        if made is not None and original.kind == MatchKind.CLAIM:
            made.paid -= abs(original.amount)
            made.exported_on = None
        rows.append(
            Match(
                id=uuid7(),
                coop_id=coop_id,
                entry_id=original.entry_id,
                kind=original.kind,
                claim_id=original.claim_id,
                account_code=original.account_code,
                other_entry_id=original.other_entry_id,
                detail=original.detail,
                amount=-original.amount,
                on=books.day_for(coop_id, on(original)),
                at=now,
                author_id=actor.party_id,
                undoes_id=original.id,
            )
        )
    Match.objects.bulk_create(rows, batch_size=1000)
    _save_entries(held.entry(row.entry_id) for row in rows)
    for row in rows:
        if row.claim_id is not None:
            claim = held.claim(row.claim_id)
            if row.kind == MatchKind.CLAIM:
                settle(claim, now)
                claim.save(update_fields=["exported_on"])
            else:
                claim.state, claim.ended_on, claim.touched_at = ClaimState.CANCELLED.value, row.on, now
                claim.save(update_fields=["state", "ended_on", "touched_at"])
    for row, original in zip(rows, originals, strict=True):
        if row.kind == MatchKind.CLAIM:
            announce(MatchUndone(**_told(row, held), undoes=original.id))
    _reverse(coop_id, rows, actor=actor, now=now)
    return rows


def _reverse(coop_id: uuid.UUID, rows: Sequence[Match], *, actor: Actor, now: dt.datetime) -> None:
    """Take back what was posted for the matches that these rows undo, each day's in one go."""
    by_day: dict[dt.date, list[uuid.UUID]] = {}
    for row in rows:
        assert row.undoes_id is not None
        for entry in books.entries_from(coop_id, SOURCE, row.undoes_id):
            if entry.reverses is None and entry.reversed_by is None:
                by_day.setdefault(row.on, []).append(entry.id)
    for on, entry_ids in sorted(by_day.items()):
        ledger.reverse(actor=actor, now=now, coop_id=coop_id, entry_ids=entry_ids, on=on)
