"""Saying what money was for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from coopcalc.matching import Proposal
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import FOLLOWS

from .. import policies, queries
from ..models import Claim
from ..queries import EntryFacts
from ..states import MOST_CERTAIN, MOST_PARTS, ClaimKind, ClaimState, Direction, MatchKind
from .claims import new_digits
from .writing import Draft, hold, write

ENTRY = "payments.entry"


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """Name what was written: the matches, and what is open of the entry and of the claim afterwards."""

    match_ids: tuple[uuid.UUID, ...]
    left_of_entry: Decimal
    left_of_claim: Decimal = Decimal(0)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """A part of an entry: how much (positive), and for which claim or on which account of the ledger.

    `detail` says which payment within the entry it is, from 1.
    """

    amount: Decimal
    claim_id: uuid.UUID | None = None
    account_code: str = ""
    detail: int | None = None


def entry_of(coop_id: uuid.UUID, entry_id: uuid.UUID) -> EntryFacts:
    """Return an entry; raises Refused where there is none."""
    facts = queries.entry_facts(coop_id, entry_id)
    if facts is None:
        raise Refused("payments.entry_unknown")
    return facts


def proposed(
    coop_id: uuid.UUID, entry: EntryFacts, claim_id: uuid.UUID | None, detail: int | None = None
) -> Proposal | None:
    """Return the proposal that somebody accepts, with its reasons; None where they chose the claim themselves."""
    if claim_id is None:
        return None
    line = entry.payment if detail is None else entry.details[detail - 1].payment
    return next((one for one in queries.book(coop_id).propose(line) if one.claim == str(claim_id)), None)


def _detail(entry: EntryFacts, detail: int | None) -> None:
    if detail is not None and not 1 <= detail <= len(entry.details):
        raise Refused("payments.detail_unknown")


@action(verb="payments.accepted")
def accept(
    *,
    coop_id: uuid.UUID,
    entry_id: uuid.UUID,
    claim_id: uuid.UUID,
    amount: Decimal | None = None,
    detail: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Accepted:
    """Say that an entry of the bank pays a claim: as much as is open on both sides, or so much (positive).

    What is left of the entry keeps waiting: for the next claim, or to be given back. Raises Refused where somebody
    else explained it meanwhile, and for more than is open.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    entry = entry_of(coop_id, entry_id)
    _detail(entry, detail)
    wanted = amount
    if wanted is None and detail is not None:
        wanted = abs(entry.details[detail - 1].amount)
    draft = Draft(
        entry_id=entry_id,
        claim_id=claim_id,
        detail=detail,
        amount=None if wanted is None else _signed(entry, wanted),
        proposal=proposed(coop_id, entry, claim_id, detail),
    )
    held = hold(coop_id, [draft])
    (row,) = write(coop_id, held, [draft], actor=actor, now=now)
    claim = queries.claim_row(held.claim(claim_id))
    audit("bank_entry", entry_id, match=row.id, claim=claim_id, amount=row.amount, score=row.score)
    return Accepted((row.id,), held.entry(entry_id).open, claim.open)


def _signed(entry: EntryFacts, amount: Decimal) -> Decimal:
    return amount if entry.amount > 0 else -amount


@action(verb="payments.accepted_certain")
def accept_certain(
    *,
    coop_id: uuid.UUID,
    entry_ids: Sequence[uuid.UUID] | None = None,
    limit: int = MOST_CERTAIN,
    actor: Actor,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Accept what is certain: an entry that names one open claim by its communication and isn't too much for it.

    `entry_ids` keeps to the entries that somebody saw. Returns the matches; what changed meanwhile is left out.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    found = queries.certain(coop_id, limit=min(limit, MOST_CERTAIN), entry_ids=entry_ids)
    drafts = [
        Draft(
            entry_id=one.entry.id,
            claim_id=uuid.UUID(one.proposal.claim),
            detail=one.detail,
            amount=one.entry.open if one.detail is None else one.entry.details[one.detail - 1].amount,
            proposal=one.proposal,
        )
        for one in found
    ]
    held = hold(coop_id, drafts)
    for claim in held.claims.values():
        if claim.state != ClaimState.OPEN:
            drafts = [draft for draft in drafts if draft.claim_id != claim.id]
    rows = write(coop_id, held, drafts, actor=actor, now=now, skip=True)
    audit("coop", coop_id, matches=len(rows), amount=sum((row.amount for row in rows), Decimal(0)))
    return [row.id for row in rows]


@action(verb="payments.split")
def split(
    *, coop_id: uuid.UUID, entry_id: uuid.UUID, parts: Sequence[SplitPart], actor: Actor, now: dt.datetime
) -> Accepted:
    """Say of several parts of an entry what each was for, all or none; what is left keeps waiting."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    entry = entry_of(coop_id, entry_id)
    if not 0 < len(parts) <= MOST_PARTS:
        raise Refused("payments.parts_count", most=MOST_PARTS)
    drafts = []
    for part in parts:
        _detail(entry, part.detail)
        if (part.claim_id is None) is not bool(part.account_code):
            raise Refused("payments.part_for_what")
        if part.claim_id is None:
            _account(coop_id, part.account_code)
        drafts.append(
            Draft(
                entry_id=entry_id,
                kind=MatchKind.CLAIM if part.claim_id is not None else MatchKind.ACCOUNT,
                claim_id=part.claim_id,
                account_code=part.account_code,
                detail=part.detail,
                amount=_signed(entry, part.amount),
                proposal=proposed(coop_id, entry, part.claim_id, part.detail),
            )
        )
    held = hold(coop_id, drafts)
    rows = write(coop_id, held, drafts, actor=actor, now=now)
    audit("bank_entry", entry_id, matches=[row.id for row in rows], amounts=[row.amount for row in rows])
    return Accepted(tuple(row.id for row in rows), held.entry(entry_id).open)


def _account(coop_id: uuid.UUID, code: str) -> None:
    """Refuse an account on which what the bank brought can't be booked: those that follow bank, claims and register."""
    facts = books.account(coop_id, code)
    if facts is None or facts.closed_on is not None:
        raise Refused("ledger.account_unknown", account=code)
    if facts.role is not None and facts.role in FOLLOWS:
        raise Refused("payments.account_follows", account=code)


@action(verb="payments.booked_to_account")
def book_to_account(
    *,
    coop_id: uuid.UUID,
    entry_id: uuid.UUID,
    account_code: str,
    amount: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Accepted:
    """Book an entry, or so much of it (positive), to an account: bank charges, a gift, interest."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    entry = entry_of(coop_id, entry_id)
    _account(coop_id, account_code)
    draft = Draft(
        entry_id=entry_id,
        kind=MatchKind.ACCOUNT,
        account_code=account_code,
        amount=None if amount is None else _signed(entry, amount),
    )
    held = hold(coop_id, [draft])
    (row,) = write(coop_id, held, [draft], actor=actor, now=now)
    audit("bank_entry", entry_id, match=row.id, account=account_code, amount=row.amount)
    return Accepted((row.id,), held.entry(entry_id).open)


@action(verb="payments.internal_booked")
def book_internal(
    *,
    coop_id: uuid.UUID,
    entry_id: uuid.UUID,
    other_entry_id: uuid.UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Accepted:
    """Say that money went between our own accounts; the other side too, where it is here already."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    entry = entry_of(coop_id, entry_id)
    drafts = [Draft(entry_id=entry_id, kind=MatchKind.INTERNAL, other_entry_id=other_entry_id)]
    if other_entry_id is not None:
        other = entry_of(coop_id, other_entry_id)
        if other.open != -entry.open or other.account_id == entry.account_id:
            raise Refused("payments.no_other_side")
        drafts.append(Draft(entry_id=other_entry_id, kind=MatchKind.INTERNAL, other_entry_id=entry_id))
    held = hold(coop_id, drafts)
    if other_entry_id is not None and held.entry(other_entry_id).open != -held.entry(entry_id).open:
        raise Refused("payments.explained_already")
    rows = write(coop_id, held, drafts, actor=actor, now=now)
    audit("bank_entry", entry_id, match=rows[0].id, other=other_entry_id, amount=rows[0].amount)
    return Accepted(tuple(row.id for row in rows), held.entry(entry_id).open)


@action(verb="payments.turned_to_refund")
def turn_to_refund(
    *,
    coop_id: uuid.UUID,
    entry_id: uuid.UUID,
    amount: Decimal | None = None,
    party_id: uuid.UUID | None = None,
    iban: str = "",
    holder: str = "",
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Put what is open of an entry that came in, or so much of it, on the list of payments to make; return the claim.

    It goes back to the account from which it came, unless another one is named.
    """
    today = civil_date(now)
    policies.may_keep_bank(actor, coop_id, today).require()
    entry = entry_of(coop_id, entry_id)
    if entry.amount <= 0:
        raise Refused("payments.nothing_came_in")
    wanted = entry.open if amount is None else amount
    policies.fits_match(entry, wanted).require()
    policies.fits_amount(wanted).require()
    account = policies.clean_account(iban) if iban else policies.payable_account(entry.iban)
    claim = Claim.objects.create(
        coop_id=coop_id,
        party_id=party_id,
        kind=ClaimKind.REFUND.value,
        direction=Direction.OUT.value,
        source_kind=ENTRY,
        source_id=entry_id,
        amount=wanted,
        due_on=today,
        digits=new_digits(coop_id),
        iban=account,
        holder=policies.clean_holder(holder) if holder else entry.name[: policies.LONGEST_HOLDER],
        opened_at=now,
        touched_at=now,
    )
    draft = Draft(entry_id=entry_id, kind=MatchKind.REFUND, claim_id=claim.id, amount=wanted)
    held = hold(coop_id, [draft])
    (row,) = write(coop_id, held, [draft], actor=actor, now=now)
    audit("bank_entry", entry_id, match=row.id, claim=claim.id, amount=wanted)
    return claim.id
