"""What happens in payments, for packages above to react to."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MatchingBegins:
    """Claims with these sources are about to be matched, or their matches undone: lock now what you will change."""

    coop_id: uuid.UUID
    sources: tuple[tuple[str, uuid.UUID], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMatched:
    """Money of the bank was said to be for a claim: `amount` is positive, `on` is the day on which the bank booked it.

    A claim that comes from nothing else is its own source.
    """

    coop_id: uuid.UUID
    match_id: uuid.UUID
    entry_id: uuid.UUID
    claim_id: uuid.UUID
    claim_kind: str
    source_kind: str
    source_id: uuid.UUID
    party_id: uuid.UUID | None
    amount: Decimal
    on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MatchUndone:
    """A match was taken back: `match_id` is the row that takes back the row `undoes`."""

    coop_id: uuid.UUID
    match_id: uuid.UUID
    entry_id: uuid.UUID
    claim_id: uuid.UUID
    claim_kind: str
    source_kind: str
    source_id: uuid.UUID
    party_id: uuid.UUID | None
    amount: Decimal
    on: dt.date
    undoes: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned:
    """A payment came back: the entry that brings it back, the one that it undoes, and why, by the bank's code."""

    coop_id: uuid.UUID
    entry_id: uuid.UUID
    returned_entry_id: uuid.UUID
    claim_ids: tuple[uuid.UUID, ...]
    return_code: str
    amount: Decimal
    on: dt.date
