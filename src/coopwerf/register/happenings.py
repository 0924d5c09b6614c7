"""What happened in a register, for packages above."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdmitted:
    """A party became a member under a number."""

    coop_id: uuid.UUID
    member_id: uuid.UUID
    party_id: uuid.UUID
    number: int
    on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded:
    """A membership ended."""

    coop_id: uuid.UUID
    member_id: uuid.UUID
    on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RegisterImported:
    """A register was brought from elsewhere: its members aren't new, so nobody is welcomed."""

    coop_id: uuid.UUID
    at: dt.date
    members: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharesMoved:
    """Movements were written: those of the chain's positions from `first` to `last` (`queries.moved` tells them)."""

    coop_id: uuid.UUID
    first: int
    last: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionBegins:
    """A movement is about to be undone: lock, and take back, what follows from it, before the head of the chain."""

    coop_id: uuid.UUID
    movement_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn:
    """A request for membership was withdrawn, with what had been paid on it, in euro."""

    coop_id: uuid.UUID
    request_id: uuid.UUID
    party_id: uuid.UUID
    on: dt.date
    paid: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestResized:
    """A request asks for another number of shares now, which cost `price` together, in euro."""

    coop_id: uuid.UUID
    request_id: uuid.UUID
    quantity: int
    price: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestsDecided:
    """It was decided to admit these requests, or else to refuse them; what the register says of it comes after."""

    coop_id: uuid.UUID
    request_ids: tuple[uuid.UUID, ...]
    are_admitted: bool
    on: dt.date
