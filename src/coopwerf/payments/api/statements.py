"""Accounts at banks, and bringing the bank's files."""

import contextlib
import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, BinaryIO

from django.http import HttpRequest
from pydantic import Field

from coopwerf.kernel.api import Call, Cursor, IdempotencyKey, Limit, Page, Slug, Text, packed, unpacked
from coopwerf.kernel.api.routes import LARGEST_FILE
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Scope

from .. import actions, queries
from ..states import StatementState
from .shapes import (
    AnywayIn,
    BankAccountOut,
    Because,
    FindingOut,
    ImportOut,
    StatementOut,
    keep,
    or_none,
    routes,
    see,
)

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

Named = Annotated[Text, Field(min_length=1, max_length=200, description="What the file is called.")]


@routes.get("/coops/{slug:slug}/bank/accounts", scope=Scope.BANK_READ, answers=Page[BankAccountOut])
def accounts(call: Call, slug: Slug) -> Page[BankAccountOut]:
    """List the accounts at banks, the main one first, with what stands on them today."""
    see(call)
    balances = queries.bank_balances(call.coop.id, call.today)
    items = [
        BankAccountOut(
            id=one.id,
            iban=one.iban,
            holder=one.holder,
            ledger_account=one.ledger_code,
            is_main=one.is_main,
            balance=or_none(balances.get(one.id)),
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
        opening=or_none(one.opening),
        closing=or_none(one.closing),
        difference=or_none(one.difference),
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
    see(call)
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
    see(call)
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
    keep(call)
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
    keep(call)
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
