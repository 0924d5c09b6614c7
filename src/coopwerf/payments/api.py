"""The bank, for programs: bringing its files, and what each line was for."""

import contextlib
import datetime as dt
import hashlib
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, BinaryIO

from django.http import HttpRequest
from pydantic import Field, StringConstraints, WithJsonSchema

from coopcalc.matching import Proposal
from coopwerf.kernel.api import (
    Amount,
    Answer,
    Asked,
    Call,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    Routes,
    Slug,
    Text,
    Whole,
    amount,
    packed,
    unpacked,
)
from coopwerf.kernel.api.routes import LARGEST_FILE
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Scope

from . import actions, policies, queries
from .states import LONGEST_WORDS, ClaimKind, Direction, EntryState, Family, MatchKind, StatementState

routes = Routes("bank")

CHUNK = 1 << 20
FILES = ("application/octet-stream", "application/xml", "text/xml", "text/plain", "multipart/form-data")
BINARY = {"schema": {"type": "string", "format": "binary"}}
FORM = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
        "additionalProperties": False,
    }
}
BODY = {"required": True, "content": {kind: FORM if kind.startswith("multipart") else BINARY for kind in FILES}}

Given = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{2}$"),
    Field(description="In euro, as text, above zero: “250.00”."),
]
Named = Annotated[Text, Field(min_length=1, max_length=200, description="What the file is called.")]
Because = Annotated[Text, Field(max_length=LONGEST_WORDS)]
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
    detail: Annotated[Whole, Field(ge=1, le=100_000)] | None = Field(
        None, description="Which payment within the line, from 1."
    )


class AnywayIn(Asked):
    """Say why a statement is booked although it doesn't add up."""

    because: Because


class NothingIn(Asked):
    """Nothing more has to be said: send {}."""


def _see(call: Call) -> None:
    policies.may_see_bank(call.actor, call.coop.id, call.today).require()


def _or_none(value: Decimal | None) -> str | None:
    return None if value is None else amount(value)


@routes.get("/coops/{slug:slug}/bank/accounts", scope=Scope.BANK_READ, answers=Page[BankAccountOut])
def accounts(call: Call, slug: Slug) -> Page[BankAccountOut]:
    """List the accounts at banks, the main one first, with what stands on them today."""
    _see(call)
    balances = queries.bank_balances(call.coop.id, call.today)
    items = [
        BankAccountOut(
            id=one.id,
            iban=one.iban,
            holder=one.holder,
            ledger_account=one.ledger_code,
            is_main=one.is_main,
            balance=_or_none(balances.get(one.id)),
        )
        for one in queries.accounts(call.coop.id)
    ]
    return Page(items=items, next=None)


def _statement(one: queries.StatementFacts) -> StatementOut:
    return StatementOut(
        id=one.id,
        account_id=one.account_id,
        account=one.account,
        file=one.file,
        format=one.format,
        family=one.family,
        identification=one.identification,
        number=one.number,
        begins=one.begins,
        ends=one.ends,
        opening=_or_none(one.opening),
        closing=_or_none(one.closing),
        difference=_or_none(one.difference),
        entries=one.entries,
        new=one.new,
        state=one.state,
        because=one.because,
        imported_at=one.imported_at,
    )


@routes.get("/coops/{slug:slug}/bank/statements", scope=Scope.BANK_READ, answers=Page[StatementOut])
def statements(
    call: Call,
    slug: Slug,
    state: StatementState | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[StatementOut]:
    """List the statements that were brought, the latest first."""
    _see(call)
    which = f"statements {call.coop.id} {state}"
    place = unpacked(which, cursor)
    rows = queries.statements(
        call.coop.id, limit=limit + 1, before=None if place is None else uuid.UUID(place[0]), state=state
    )
    some = rows[:limit]
    return Page(
        items=[_statement(one) for one in some],
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


@routes.get("/coops/{slug:slug}/bank/statements/{uuid:statement_id}", scope=Scope.BANK_READ, answers=StatementOut)
def statement(call: Call, slug: Slug, statement_id: uuid.UUID) -> StatementOut:
    """Tell what was done with one statement."""
    _see(call)
    found = queries.statement_facts(call.coop.id, statement_id)
    if found is None:
        raise Refused("kernel.api_not_found")
    return _statement(found)


def _import(done: actions.Imported) -> ImportOut:
    return ImportOut(
        file_id=done.file_id,
        statements=done.statements,
        entries=done.entries,
        new=done.new,
        known=done.known,
        refused=done.refused,
        findings=[
            FindingOut(code=one.code, detail=one.message, account=one.account, statement_id=one.statement_id)
            for one in done.findings
        ],
        statement_ids=list(done.statement_ids),
    )


@contextlib.contextmanager
def _brought(request: HttpRequest) -> Iterator[tuple[BinaryIO, str, bytes]]:
    """Give the file of a request, what it is called, and its hash: one of a form, or the body itself, from disk."""
    is_form = request.content_type == "multipart/form-data"
    upload = request.FILES.get("file") if is_form else None
    if is_form and upload is None:
        raise Refused("kernel.api_file_missing", path="body.file")
    with tempfile.TemporaryFile() as file:
        digest, size = hashlib.sha256(), 0
        source: Any = request if upload is None else upload
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > LARGEST_FILE:
                raise Refused("kernel.api_too_large", most=LARGEST_FILE)
            digest.update(chunk)
            file.write(chunk)
        file.seek(0)
        yield file, "" if upload is None else str(upload.name or ""), digest.digest()


@routes.post("/coops/{slug:slug}/bank/imports", scope=Scope.BANK_WRITE, answers=ImportOut, media=FILES, body=BODY)
def bring(
    call: Call, slug: Slug, key: IdempotencyKey, name: Named | None = None, because: Because | None = None
) -> ImportOut:
    """Bring a file of the bank (CODA, camt or MT940): as the body, or as “file” of a form.

    What is new in it is booked, all of it or nothing. A statement that doesn't add up waits, unless `because` says why
    it is booked anyway.
    """
    policies.may_keep_bank(call.actor, call.coop.id, call.today).require()
    with _brought(call.request) as (file, called, digest):

        def act() -> ImportOut:
            done = actions.import_statements(
                actor=call.actor,
                now=call.now,
                coop_id=call.coop.id,
                name=name or called or "API",
                file=file,
                because=because or "",
            )
            return _import(done)

        return call.once(key, act, told=digest)  # type: ignore[return-value]  # as it was answered the first time


@routes.post(
    "/coops/{slug:slug}/bank/statements/{uuid:statement_id}/book-anyway", scope=Scope.BANK_WRITE, answers=ImportOut
)
def book_anyway(call: Call, slug: Slug, statement_id: uuid.UUID, key: IdempotencyKey, body: AnywayIn) -> ImportOut:
    """Book a statement that waits because it doesn't add up, and say why."""
    policies.may_keep_bank(call.actor, call.coop.id, call.today).require()
    if queries.statement_facts(call.coop.id, statement_id) is None:
        raise Refused("kernel.api_not_found")

    def act() -> ImportOut:
        done = actions.book_anyway(
            actor=call.actor,
            now=call.now,
            coop_id=call.coop.id,
            statement_id=statement_id,
            because=body.because,
        )
        return _import(done)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


def _match(one: queries.MatchFacts) -> MatchOut:
    return MatchOut(
        id=one.id,
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
    _see(call)
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


def _entry(call: Call, bank_entry_id: uuid.UUID) -> BankEntryOut:
    found = queries.entry_facts(call.coop.id, bank_entry_id)
    if found is None:
        raise Refused("kernel.api_not_found")
    return _entries(call.coop.id, [found])[0]


@routes.get("/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}", scope=Scope.BANK_READ, answers=BankEntryOut)
def entry(call: Call, slug: Slug, bank_entry_id: uuid.UUID) -> BankEntryOut:
    """Tell one line of the bank, with what it may be for and what was said of it."""
    _see(call)
    return _entry(call, bank_entry_id)


@routes.post(
    "/coops/{slug:slug}/bank/entries/{uuid:bank_entry_id}/matches", scope=Scope.BANK_WRITE, answers=BankEntryOut
)
def accept(call: Call, slug: Slug, bank_entry_id: uuid.UUID, key: IdempotencyKey, body: AcceptIn) -> BankEntryOut:
    """Say that a line pays a claim; what is left of it keeps waiting."""
    policies.may_keep_bank(call.actor, call.coop.id, call.today).require()
    if queries.entry_facts(call.coop.id, bank_entry_id) is None:
        raise Refused("kernel.api_not_found")

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
    policies.may_keep_bank(call.actor, call.coop.id, call.today).require()
    if queries.match_facts(call.coop.id, match_id) is None:
        raise Refused("kernel.api_not_found")

    def act() -> UndoneOut:
        done = actions.undo_match(actor=call.actor, now=call.now, coop_id=call.coop.id, match_id=match_id)
        return UndoneOut(match_ids=list(done.match_ids), on=done.on, moved=done.moved)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time
