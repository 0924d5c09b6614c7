"""Lines of the bank, for programs: what they may be for, saying so, and taking it back."""

import uuid
from collections.abc import Sequence
from decimal import Decimal

from coopcalc.matching import Proposal
from coopwerf.kernel.api import Call, Cursor, IdempotencyKey, Limit, Page, Slug, amount, packed, unpacked
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Scope

from .. import actions, queries
from ..states import EntryState
from .shapes import (
    AcceptIn,
    BankEntryOut,
    CertainIn,
    CertainOut,
    DetailOut,
    MatchOut,
    NothingIn,
    ProposalOut,
    ReasonOut,
    SplitIn,
    UndoneOut,
    keep,
    routes,
    see,
)


def _match(one: queries.MatchFacts) -> MatchOut:
    return MatchOut(
        id=one.id,
        bank_entry_id=one.entry_id,
        kind=one.kind,
        claim_id=one.claim_id,
        account=one.account_code,
        other_entry_id=one.other_entry_id,
        detail=one.detail,
        amount=amount(one.amount),
        score=one.score,
        on=one.on,
        at=one.at,
        undoes=one.undoes,
        undone_by=one.undone_by,
    )


def _entries(coop_id: uuid.UUID, rows: Sequence[queries.EntryFacts]) -> list[BankEntryOut]:
    """Return lines with what they may be for and what was said of them: three queries for any number."""
    book = queries.book(coop_id)
    proposed = {one.id: book.propose(one.payment) if one.open else () for one in rows}
    claims = queries.claims_with(coop_id, {uuid.UUID(one.claim) for found in proposed.values() for one in found})
    matches = queries.matches_of_entries(coop_id, [one.id for one in rows])
    return [
        BankEntryOut(
            id=one.id,
            account_id=one.account_id,
            statement_id=one.statement_id,
            booked=one.booked,
            value=one.value,
            amount=amount(one.amount),
            open=amount(one.open),
            state=one.state,
            name=one.name,
            iban=one.iban,
            reference=one.reference,
            text=one.text,
            bank_ref=one.bank_ref,
            end_to_end=one.end_to_end,
            return_code=one.return_code,
            is_reversal=one.is_reversal,
            details=[
                DetailOut(
                    number=detail.number,
                    amount=amount(detail.amount),
                    name=detail.name,
                    iban=detail.iban,
                    reference=detail.reference,
                    text=detail.text,
                )
                for detail in one.details
            ],
            proposals=[
                _proposal(found, claim)
                for found in proposed[one.id]
                if (claim := claims.get(uuid.UUID(found.claim))) is not None
            ],
            matches=[_match(match) for match in matches[one.id]],
        )
        for one in rows
    ]


def _proposal(found: Proposal, claim: queries.ClaimFacts) -> ProposalOut:
    return ProposalOut(
        claim_id=claim.id,
        kind=claim.kind,
        direction=claim.direction,
        party_id=claim.party_id,
        amount=amount(found.amount),
        open=amount(claim.open),
        score=found.score,
        is_certain=found.is_certain,
        reasons=[ReasonOut(**reason.as_json()) for reason in found.reasons],
    )


@routes.get("/coops/{slug:slug}/bank/entries", scope=Scope.BANK_READ, answers=Page[BankEntryOut])
def entries(
    call: Call,
    slug: Slug,
    state: EntryState | None = None,
    account_id: uuid.UUID | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[BankEntryOut]:
    """List lines of the bank with what they may be for, the latest first; those that wait (`open`) the oldest first."""
    see(call)
    which = f"bank {call.coop.id} {state} {account_id}"
    place = unpacked(which, cursor)
    rows = queries.inbox_page(
        call.coop.id,
        state=state,
        account_id=account_id,
        limit=limit + 1,
        after=None if place is None else uuid.UUID(place[0]),
    )
    some = rows[:limit]
    return Page(
        items=_entries(call.coop.id, some),
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


def _known(call: Call, bank_entry_id: uuid.UUID) -> None:
    if queries.entry_facts(call.coop.id, bank_entry_id) is None:
        raise Refused("kernel.api_not_found")


def _undone(done: actions.Undone) -> UndoneOut:
    return UndoneOut(match_ids=list(done.match_ids), on=done.on, moved=done.moved)


def _entry(call: Call, bank_entry_id: uuid.UUID) -> BankEntryOut:
    found = queries.entry_facts(call.coop.id, bank_entry_id)
    if found is None:
        raise Refused("kernel.api_not_found")
    return _entries(call.coop.id, [found])[0]


@routes.get("/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}", scope=Scope.BANK_READ, answers=BankEntryOut)
def entry(call: Call, slug: Slug, bank_entry_id: uuid.UUID) -> BankEntryOut:
    """Tell one line of the bank, with what it may be for and what was said of it."""
    see(call)
    return _entry(call, bank_entry_id)


@routes.post(
    "/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}/matches", scope=Scope.BANK_WRITE, answers=BankEntryOut
)
def accept(call: Call, slug: Slug, bank_entry_id: uuid.UUID, key: IdempotencyKey, body: AcceptIn) -> BankEntryOut:
    """Say that a line pays a claim; what is left of it keeps waiting."""
    keep(call)
    _known(call, bank_entry_id)

    def act() -> BankEntryOut:
        actions.accept(
            actor=call.actor,
            now=call.now,
            coop_id=call.coop.id,
            entry_id=bank_entry_id,
            claim_id=body.claim_id,
            amount=None if body.amount is None else Decimal(body.amount),
            detail=body.detail,
        )
        return _entry(call, bank_entry_id)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


@routes.post("/coops/{slug:slug}/bank/matches/{uuid:match_id}/undo", scope=Scope.BANK_WRITE, answers=UndoneOut)
def undo(call: Call, slug: Slug, match_id: uuid.UUID, key: IdempotencyKey, body: NothingIn) -> UndoneOut:
    """Take back what was said of a line: its postings are reversed, never erased."""
    keep(call)
    if queries.match_facts(call.coop.id, match_id) is None:
        raise Refused("kernel.api_not_found")

    def act() -> UndoneOut:
        return _undone(actions.undo_match(actor=call.actor, now=call.now, coop_id=call.coop.id, match_id=match_id))

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


@routes.get("/coops/{slug:slug}/bank/matches", scope=Scope.BANK_READ, answers=Page[MatchOut])
def matches(call: Call, slug: Slug, cursor: Cursor | None = None, limit: Limit = 50) -> Page[MatchOut]:
    """List what was said of lines, the latest first; what was undone, and what undid it, too."""
    see(call)
    which = f"matches {call.coop.id}"
    place = unpacked(which, cursor)
    rows = queries.latest_matches(call.coop.id, limit=limit + 1, before=None if place is None else uuid.UUID(place[0]))
    some = rows[:limit]
    return Page(
        items=[_match(one) for one in some],
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


@routes.post("/coops/{slug:slug}/bank/entries/accept-certain", scope=Scope.BANK_WRITE, answers=CertainOut)
def accept_certain(call: Call, slug: Slug, key: IdempotencyKey, body: CertainIn) -> CertainOut:
    """Accept what is certain: lines that name one open claim by its communication, and aren't too much for it.

    At most 500 at once, the oldest first; ask again, under another key, until nothing comes back. Lines that
    aren't certain, or not any more, are left as they are.
    """
    keep(call)

    def act() -> CertainOut:
        done = actions.accept_certain(actor=call.actor, now=call.now, coop_id=call.coop.id, entry_ids=body.entry_ids)
        return CertainOut(match_ids=done)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


@routes.post("/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}/split", scope=Scope.BANK_WRITE, answers=BankEntryOut)
def split(call: Call, slug: Slug, bank_entry_id: uuid.UUID, key: IdempotencyKey, body: SplitIn) -> BankEntryOut:
    """Say of several parts of a line what each was for, all or none: claims, or accounts of the books."""
    keep(call)
    _known(call, bank_entry_id)

    def act() -> BankEntryOut:
        actions.split(
            actor=call.actor,
            now=call.now,
            coop_id=call.coop.id,
            entry_id=bank_entry_id,
            parts=[
                actions.SplitPart(
                    amount=Decimal(part.amount), claim_id=part.claim_id, account_code=part.account, detail=part.detail
                )
                for part in body.parts
            ],
        )
        return _entry(call, bank_entry_id)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


@routes.post("/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}/undo", scope=Scope.BANK_WRITE, answers=UndoneOut)
def undo_entry(call: Call, slug: Slug, bank_entry_id: uuid.UUID, key: IdempotencyKey, body: NothingIn) -> UndoneOut:
    """Take back everything that was said of a line: it waits again as on its first day."""
    keep(call)
    _known(call, bank_entry_id)

    def act() -> UndoneOut:
        return _undone(actions.undo(actor=call.actor, now=call.now, coop_id=call.coop.id, entry_id=bank_entry_id))

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time
