"""What entries may be for: every open claim, found quickly, with the reasons.

The open claims of a co-operative are sorted once and kept in this process for as long as none of them changes, and at
most for a minute: who accepts a proposal is checked again then.
"""

import dataclasses
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from coopcalc.matching import Candidate, Index, Line, Proposal, Reason, propose
from coopwerf.kernel.questions import ask
from coopwerf.people import queries as people

from ..models import BankEntry
from ..states import ClaimState, Direction
from .claims import ClaimFacts, claims_with, known_accounts, permanent_of
from .entries import EntryFacts, entry_row

KEPT_FOR = 60
MOST_KEPT = 4
LARGEST_KEPT = 50_000
_CLAIMS = """
    SELECT id, party_id, kind, direction, amount, paid, due_on, digits, state, iban, holder
    FROM payments_claim
    WHERE coop_id = %(coop)s AND (state = 'open' OR touched_at > (
        SELECT max(touched_at) - interval '400 days' FROM payments_claim WHERE coop_id = %(coop)s
    ))
    ORDER BY id
"""
_VERSION = "SELECT count(*), max(touched_at) FROM payments_claim WHERE coop_id = %(coop)s"
_lock = threading.Lock()
_kept: OrderedDict[uuid.UUID, tuple[Any, int, "Book"]] = OrderedDict()


@dataclasses.dataclass(frozen=True, slots=True)
class Book:
    """All claims that an entry may be for, sorted; and which of them are open."""

    index: Index
    open: dict[str, Decimal]
    permanent: dict[str, uuid.UUID]

    def propose(self, line: Line) -> tuple[Proposal, ...]:
        """Return what a line may be for; certain is only what is asked for still."""
        return tuple(
            dataclasses.replace(one, is_certain=False) if one.is_certain and one.claim not in self.open else one
            for one in propose(line, self.index)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A claim that an entry may be for: how much, how sure, why; `together` are several that add up to the entry."""

    claim: ClaimFacts
    amount: Decimal
    score: int
    reasons: tuple[Reason, ...]
    together: tuple[tuple[ClaimFacts, Decimal], ...]
    is_certain: bool


def book(coop_id: uuid.UUID) -> Book:
    """Return the claims of a co-operative, sorted for matching."""
    version = ask(_VERSION, {"coop": coop_id})[0]
    now = time.monotonic_ns() // 1_000_000_000
    with _lock:
        kept = _kept.get(coop_id)
        if kept is not None and kept[0] == version and now - kept[1] < KEPT_FOR:
            _kept.move_to_end(coop_id)
            return kept[2]
    made = _made(coop_id)
    if len(made.index.incoming.candidates) + len(made.index.outgoing.candidates) <= LARGEST_KEPT:
        with _lock:
            _kept[coop_id] = version, now, made
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return made


def forget_book(coop_id: uuid.UUID) -> None:
    """Forget what is kept of a co-operative's claims."""
    with _lock:
        _kept.pop(coop_id, None)


def _made(coop_id: uuid.UUID) -> Book:
    rows = ask(_CLAIMS, {"coop": coop_id})
    owing = {row[1] for row in rows if row[1] is not None and row[8] == ClaimState.OPEN}
    everybody = {row[1] for row in rows if row[1] is not None}
    names = people.names_borne(owing)
    ibans = known_accounts(coop_id, owing)
    permanent = permanent_of(coop_id, everybody)
    # Who owes nothing just now is still recognised by their permanent communication: with their last claim.
    last = {row[1]: row[0] for row in rows if row[1] is not None and row[1] not in owing and row[3] == Direction.IN}
    candidates = []
    for claim_id, party_id, _kind, direction, amount, paid, due_on, digits, state, iban, holder in rows:
        is_open = state == ClaimState.OPEN
        is_out = direction == Direction.OUT
        known = (iban,) if is_out and iban else tuple(ibans.get(party_id, ())) if is_open and not is_out else ()
        called = tuple(names.get(party_id, ())) if is_open else ()
        speaks = not is_out and party_id in permanent and (is_open or last.get(party_id) == claim_id)
        candidates.append(
            Candidate(
                claim=str(claim_id),
                amount=max(amount - paid, Decimal(0)),
                party="" if party_id is None else str(party_id),
                is_out=is_out,
                references=(digits,),
                permanent=(permanent[party_id],) if speaks else (),
                names=((holder,) if is_out and holder else ()) + called,
                ibans=known if is_open else (),
                due=due_on,
            )
        )
    return Book(
        Index(candidates),
        {str(row[0]): row[4] - row[5] for row in rows if row[8] == ClaimState.OPEN},
        {digits: party_id for party_id, digits in permanent.items()},
    )


def told(coop_id: uuid.UUID, proposals: Iterable[Proposal]) -> list[ProposalFacts]:
    """Return proposals with the facts of their claims."""
    listed = list(proposals)
    ids = {one.claim for one in listed} | {claim for one in listed for claim, _amount in one.together}
    known = {str(key): facts for key, facts in claims_with(coop_id, [uuid.UUID(one) for one in ids]).items()}
    return [
        ProposalFacts(
            claim=known[one.claim],
            amount=one.amount,
            score=one.score,
            reasons=one.reasons,
            together=tuple((known[claim], amount) for claim, amount in one.together if claim in known),
            is_certain=one.is_certain,
        )
        for one in listed
        if one.claim in known
    ]


def proposals_for(coop_id: uuid.UUID, entry: EntryFacts) -> list[ProposalFacts]:
    """Return what the open part of an entry may be for, the likeliest first."""
    return told(coop_id, book(coop_id).propose(entry.payment)) if entry.open else []


def proposals_for_details(coop_id: uuid.UUID, entry: EntryFacts) -> dict[int, list[ProposalFacts]]:
    """Return what each payment within an entry may be for, by its number."""
    claims = book(coop_id)
    return {one.number: told(coop_id, claims.propose(one.payment)) for one in entry.details}


@dataclasses.dataclass(frozen=True, slots=True)
class Certain:
    """An entry, or a payment within it, and the one claim that it is for by its communication."""

    entry: EntryFacts
    detail: int | None
    proposal: Proposal


def certain(coop_id: uuid.UUID, *, limit: int = 500, entry_ids: Iterable[uuid.UUID] | None = None) -> list[Certain]:
    """Return the entries that are certainly for one open claim, in the order in which the bank booked them.

    An entry of which something was said already, and one that several entries are for, needs a person.
    """
    claims = book(coop_id)
    left = dict(claims.open)
    found: list[Certain] = []
    for entry in _with_reference(coop_id, entry_ids):
        for one in _certain_in(claims, entry):
            paid = abs(entry.details[one.detail - 1].amount if one.detail else entry.open)
            if paid <= left[one.proposal.claim]:
                left[one.proposal.claim] -= paid
                found.append(one)
        if len(found) >= limit:
            break
    return found[:limit]


def _certain_in(claims: Book, entry: EntryFacts) -> Iterator[Certain]:
    if entry.details:
        for one in entry.details:
            for proposal in claims.propose(one.payment):
                if proposal.is_certain:
                    yield Certain(entry, one.number, proposal)
        return
    for proposal in claims.propose(entry.payment):
        if proposal.is_certain:
            yield Certain(entry, None, proposal)


def _with_reference(coop_id: uuid.UUID, entry_ids: Iterable[uuid.UUID] | None) -> Iterator[EntryFacts]:
    """Yield the entries of which nothing was said yet, and that hold a communication."""
    rows = BankEntry.objects.filter(coop_id=coop_id).exclude(open=0).select_related("words")
    rows = rows.exclude(words__digits=[], words__details=[])
    if entry_ids is not None:
        rows = rows.filter(id__in=list(entry_ids))
    for row in rows.order_by("booked", "id").iterator(chunk_size=2000):
        if row.open == row.amount:
            yield entry_row(row)


def count_certain(coop_id: uuid.UUID) -> int:
    """Return how many entries are certain."""
    return len({one.entry.id for one in certain(coop_id, limit=100_000)})


def open_entries(coop_id: uuid.UUID) -> Iterator[EntryFacts]:
    """Yield every entry that waits to be explained, in the order in which the bank booked them."""
    rows = BankEntry.objects.filter(coop_id=coop_id).exclude(open=0).select_related("words")
    for row in rows.order_by("booked", "id").iterator(chunk_size=2000):
        yield entry_row(row)
