"""What entries may be for, with the reasons, and which of them are certain."""

import dataclasses
import uuid
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from coopcalc.matching import Proposal, Reason
from coopcalc.references import references_in
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask

from ..models import BankEntry
from .book import Book, book
from .claims import ClaimFacts, claims_with
from .entries import EntryFacts, entry_row, waiting

# Entries of which nothing was said yet, and that hold a communication.
_NAMING = """
    SELECT e.id FROM payments_bankentry e
    JOIN payments_bankentrywords w ON w.entry_id = e.id
    WHERE e.coop_id = %(coop)s AND e.open <> 0 AND e.open = e.amount AND (w.digits <> '[]' OR w.details <> '[]')
    ORDER BY e.booked, e.id
"""


@dataclasses.dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A claim that an entry may be for: how much, how sure, why; `together` are several that add up to the entry."""

    claim: ClaimFacts
    amount: Decimal
    score: int
    reasons: tuple[Reason, ...]
    together: tuple[tuple[ClaimFacts, Decimal], ...]
    is_certain: bool


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

    @property
    def paid(self) -> Decimal:
        """Return how much is paid."""
        return abs(self.entry.details[self.detail - 1].amount if self.detail else self.entry.open)


def certain(coop_id: uuid.UUID, *, limit: int = 500, entry_ids: Iterable[uuid.UUID] | None = None) -> list[Certain]:
    """Return the entries that are certainly for one open claim, in the order in which the bank booked them.

    An entry of which something was said already, and one that several entries are for, needs a person.
    """
    claims = book(coop_id)
    left = dict(claims.open)
    found: list[Certain] = []
    for entry in _with_reference(coop_id, entry_ids):
        for one in _certain_in(claims, entry):
            if one.paid <= left[one.proposal.claim]:
                left[one.proposal.claim] -= one.paid
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
    """Return how many entries are certain; what was found of an entry is kept until a claim that it names changes."""
    claims = book(coop_id)
    state = waiting(coop_id)
    with claims.lock:
        seen = (claims.changes, state)
        if claims.counted[0] == seen:
            return claims.counted[1]
    naming = ask(_NAMING, {"coop": coop_id})
    with claims.lock:
        unknown = [row[0] for row in naming if row[0] not in claims.said]
    for entry in _with_reference(coop_id, unknown) if unknown else ():
        found = _said(claims, entry)
        with claims.lock:
            claims.said[entry.id] = found
            for digits in _named(entry):
                claims.saying[digits].add(entry.id)
    with claims.lock:
        left = dict(claims.open)
        count = 0
        for (entry_id,) in naming:
            is_certain = False
            for _detail, claim, paid in claims.said.get(entry_id, ()):
                if paid <= left.get(claim, ZERO):
                    left[claim] -= paid
                    is_certain = True
            count += is_certain
        claims.counted = seen, count
    return count


def _said(claims: Book, entry: EntryFacts) -> Sequence[tuple[int | None, str, Decimal]]:
    return tuple((one.detail, one.proposal.claim, one.paid) for one in _certain_in(claims, entry))


def _named(entry: EntryFacts) -> Iterator[str]:
    """Yield every communication that an entry, or a payment within it, names."""
    for one in (entry.payment, *(detail.payment for detail in entry.details)):
        yield from references_in("\n".join((one.reference, one.text, one.end_to_end)))


def open_entries(coop_id: uuid.UUID) -> Iterator[EntryFacts]:
    """Yield every entry that waits to be explained, in the order in which the bank booked them."""
    rows = BankEntry.objects.filter(coop_id=coop_id).exclude(open=0).select_related("words")
    for row in rows.order_by("booked", "id").iterator(chunk_size=2000):
        yield entry_row(row)
