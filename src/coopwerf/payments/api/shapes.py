"""What programs send and get about the bank."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

from coopwerf.kernel.api import Amount, Answer, Asked, Call, Routes, Text, Whole, amount

from .. import policies
from ..states import (
    LONGEST_WORDS,
    MOST_CERTAIN,
    MOST_PARTS,
    ClaimKind,
    ClaimState,
    Direction,
    EntryState,
    Family,
    MatchKind,
    StatementState,
)

routes = Routes("bank")

Given = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{2}$"),
    Field(description="In euro, as text, above zero: “250.00”."),
]
Because = Annotated[Text, Field(max_length=LONGEST_WORDS)]
Detail = Annotated[Whole, Field(ge=1, le=100_000)]
Told = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]
OptionalAmount = Amount | None


class BankAccountOut(Answer):
    """An account at a bank, and what stands on it by the bank's own word."""

    id: uuid.UUID
    iban: str
    holder: str
    ledger_account: str
    is_main: bool
    balance: OptionalAmount


class FindingOut(Answer):
    """Something to know about a statement of a file."""

    code: str
    detail: str
    account: str
    statement_id: uuid.UUID | None


class ImportOut(Answer):
    """What came of a file: each booked line of it is new, known already, or refused."""

    file_id: uuid.UUID | None
    statements: int
    entries: int
    new: int
    known: int
    refused: int
    findings: list[FindingOut]
    statement_ids: list[uuid.UUID]


class StatementOut(Answer):
    """A statement as it was read, and what was done with it."""

    id: uuid.UUID
    account_id: uuid.UUID
    account: str
    file: str
    format: str
    family: Family
    identification: str
    number: int | None
    begins: dt.date | None
    ends: dt.date | None
    opening: OptionalAmount
    closing: OptionalAmount
    difference: OptionalAmount
    entries: int
    new: int
    state: StatementState
    because: str
    imported_at: dt.datetime


class ReasonOut(Answer):
    """Why a line may be for a claim."""

    code: str
    points: int
    facts: Told


class ProposalOut(Answer):
    """A claim that a line may be for: how much, how sure, why."""

    claim_id: uuid.UUID
    kind: ClaimKind
    direction: Direction
    party_id: uuid.UUID | None
    amount: Amount
    open: Amount
    score: int
    is_certain: bool
    reasons: list[ReasonOut]


class MatchOut(Answer):
    """What a part of a line was said to be for; the amount has the line's sign."""

    id: uuid.UUID
    bank_entry_id: uuid.UUID
    kind: MatchKind
    claim_id: uuid.UUID | None
    account: str
    other_entry_id: uuid.UUID | None
    detail: int | None
    amount: Amount
    score: int | None
    on: dt.date
    at: dt.datetime
    undoes: uuid.UUID | None
    undone_by: uuid.UUID | None


class DetailOut(Answer):
    """A payment within a line that the bank booked as a whole."""

    number: int
    amount: Amount
    name: str
    iban: str
    reference: str
    text: str


class BankEntryOut(Answer):
    """A line of the bank: what it says, what is open of it, what it may be for, and what was said of it."""

    id: uuid.UUID
    account_id: uuid.UUID
    statement_id: uuid.UUID
    booked: dt.date
    value: dt.date | None
    amount: Amount
    open: Amount
    state: EntryState
    name: str
    iban: str
    reference: str
    text: str
    bank_ref: str
    end_to_end: str
    return_code: str
    is_reversal: bool
    details: list[DetailOut]
    proposals: list[ProposalOut]
    matches: list[MatchOut]


class UndoneOut(Answer):
    """What was taken back; `moved` where its posting is of a later day, for its own is closed."""

    match_ids: list[uuid.UUID]
    on: dt.date
    moved: bool


class AcceptIn(Asked):
    """Say that a line pays a claim: as much as is open on both sides, or so much."""

    claim_id: uuid.UUID
    amount: Given | None = None
    detail: Detail | None = Field(None, description="Which payment within the line, from 1.")


class PartIn(Asked):
    """A part of a line: how much, and for which claim or on which account of the books, one of the two."""

    amount: Given
    claim_id: uuid.UUID | None = None
    account: Annotated[Text, Field(max_length=20)] = Field("", description="The number of an account of the books.")
    detail: Detail | None = Field(None, description="Which payment within the line, from 1.")


class SplitIn(Asked):
    """Say of several parts of a line what each was for; what is left keeps waiting."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=MOST_PARTS)]


class CertainIn(Asked):
    """Accept what is certain: of these lines, or of all that wait."""

    entry_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MOST_CERTAIN)] | None = Field(
        None, description="Lines of the bank; without it all that wait."
    )


class CertainOut(Answer):
    """What was accepted; empty where nothing is certain any more."""

    match_ids: list[uuid.UUID]


class ClaimOut(Answer):
    """What somebody owes the co-operative, or it owes them: how much, how it is paid, how far it has come."""

    id: uuid.UUID
    party_id: uuid.UUID | None
    kind: ClaimKind
    direction: Direction
    source_kind: str
    source_id: uuid.UUID | None
    amount: Amount
    paid: Amount
    open: Amount
    over: Amount
    due_on: dt.date | None
    communication: str
    state: ClaimState
    iban: str
    holder: str
    opened_at: dt.datetime


class AnywayIn(Asked):
    """Say why a statement is booked although it doesn't add up."""

    because: Because


class NothingIn(Asked):
    """Nothing more has to be said: send {}."""


def see(call: Call) -> None:
    """Refuse whoever may not see what the bank says."""
    policies.may_see_bank(call.actor, call.coop.id, call.today).require()


def keep(call: Call) -> None:
    """Refuse whoever may not say what money was for."""
    policies.may_keep_bank(call.actor, call.coop.id, call.today).require()


def or_none(value: Decimal | None) -> str | None:
    """Return an amount as programs get it, or None where there is none."""
    return None if value is None else amount(value)
