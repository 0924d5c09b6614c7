"""Bringing a bank's file: everything that is new in it is booked, nothing twice, all of it or nothing."""

import dataclasses
import datetime as dt
import gzip
import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage

from coopcalc.bank import Entry, Event, Head, StatementEnd
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused, sentence
from coopwerf.kernel.rows import take_stock
from coopwerf.ledger import queries as books

from .. import policies, queries, reading
from ..models import BankAccount, Statement, StatementFile
from ..queries import AccountFacts
from ..reading.refusing import translated
from ..states import BOOKED_FAMILIES, CURRENCY, Family, StatementState, family_of
from .booking import Sifted, book, clean, is_too_large, sift
from .explaining import explain
from .spooling import Spool

VERY_MANY = 5000
_CHUNK = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a statement of a file: a code with its facts, and which account and statement it is."""

    code: str
    account: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    statement_id: uuid.UUID | None = None

    @property
    def message(self) -> str:
        """Return its sentence in the active language."""
        return sentence(self.code, self.facts)


@dataclasses.dataclass(slots=True)
class Imported:
    """What came of a file. Each booked entry of it is new, known already, or refused; findings say why.

    `new` were booked now.
    """

    statements: int = 0
    entries: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    findings: list[Finding] = dataclasses.field(default_factory=list)
    statement_ids: list[uuid.UUID] = dataclasses.field(default_factory=list)
    file_id: uuid.UUID | None = None


@action(verb="payments.statements_imported")
def import_statements(
    *, coop_id: uuid.UUID, name: str, file: BinaryIO, because: str = "", actor: Actor, now: dt.datetime
) -> Imported:
    """Bring a bank's file (CODA, camt or MT940): book what is new in it, all or nothing.

    A statement that doesn't add up, or tells no closing balance, waits until somebody says why it is booked anyway;
    with `because` it is booked at once. Statements of accounts that we don't know, and in other currencies, are refused
    with a finding; where nothing else is in the file, Refused says so.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    if not books.is_open(coop_id):
        raise Refused("ledger.not_open")
    why = policies.clean_because(because) if because else ""
    accounts = _hold_accounts(coop_id)
    run = _Run(coop_id, accounts, actor, now, why)
    sha256, size = _measured(file)
    with translated():
        for spool in _spools(reading.read(file)):
            try:
                run.take(spool, _File(sha256, size, name, file))
            finally:
                spool.close()
    told = run.told
    if told.statements and not told.statement_ids and told.findings and not told.known:
        first = told.findings[0]
        if len({one.code for one in told.findings}) == 1 and first.code in _REFUSED_ALONE:
            raise Refused(first.code, **first.facts)
    if told.new >= VERY_MANY:
        take_stock()
    audit(
        "statement_file",
        told.file_id,
        statements=told.statements,
        entries=told.entries,
        new=told.new,
        known=told.known,
        refused=told.refused,
        findings=sorted({one.code for one in told.findings}),
    )
    return told


@action(verb="payments.booked_anyway")
def book_anyway(
    *, coop_id: uuid.UUID, statement_id: uuid.UUID, because: str, actor: Actor, now: dt.datetime
) -> Imported:
    """Book a statement that waits, although it doesn't add up or tells no closing balance; why is kept with it."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    why = policies.clean_because(because)
    accounts = _hold_accounts(coop_id)
    row = Statement.objects.select_related("file").filter(coop_id=coop_id, id=statement_id).first()
    if row is None:
        raise Refused("payments.statement_unknown")
    if row.state != StatementState.HELD:
        raise Refused("payments.statement_decided")
    if not row.file.stored:
        raise Refused("payments.file_gone")
    run = _Run(coop_id, accounts, actor, now, why)
    with opened(row.file.stored) as file, translated():
        for place, spool in enumerate(_spools(reading.read(file)), start=1):
            try:
                if place == row.place:
                    run.take_held(spool, row)
                    break
            finally:
                spool.close()
    audit("statement", row.id, new=run.told.new, known=run.told.known, state=row.state)
    return run.told


_REFUSED_ALONE = frozenset(
    {
        "payments.account_not_named",
        "payments.account_unknown",
        "payments.foreign_currency",
        "payments.fraction_of_cent",
        "payments.amounts_too_large",
    }
)


def _hold_accounts(coop_id: uuid.UUID) -> list[AccountFacts]:
    """Lock the accounts of a co-operative, so that two imports come one after the other."""
    list(BankAccount.objects.select_for_update().filter(coop_id=coop_id).order_by("id").values_list("id"))
    return queries.accounts(coop_id)


def _measured(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


def _spools(events: Iterable[Event]) -> Iterator[Spool]:
    """Yield a file's statements one by one, each whole; whoever takes one closes it."""
    spool: Spool | None = None
    try:
        for event in events:
            match event:
                case Head():
                    spool = Spool(event)
                case Entry():
                    assert spool is not None
                    spool.add(event)
                case StatementEnd():
                    assert spool is not None
                    spool.finish(event)
                    yield spool
                    spool = None
    finally:
        if spool is not None:
            spool.close()


@dataclasses.dataclass(frozen=True, slots=True)
class _File:
    sha256: str
    size: int
    name: str
    content: BinaryIO


class _Run:
    """Take the statements of a file one after the other."""

    def __init__(
        self, coop_id: uuid.UUID, accounts: list[AccountFacts], actor: Actor, now: dt.datetime, because: str
    ) -> None:
        self.coop_id, self.actor, self.now, self.because = coop_id, actor, now, because
        self.accounts = accounts
        self.begins_on = books.begins_on(coop_id)
        self.told = Imported()
        self.file: StatementFile | None = None
        self.is_again = False

    def take(self, spool: Spool, file: _File) -> None:
        """Take a statement as it stands in a file."""
        told = self.told
        told.statements += 1
        told.entries += spool.count
        place = told.statements
        problem = self._problem(spool)
        if problem is not None:
            told.refused += spool.count
            told.findings.append(problem)
            return
        account = queries.account_named(self.accounts, spool.head.account)
        assert account is not None
        family = family_of(spool.head.format)
        begins_on = self.begins_on if family in BOOKED_FAMILIES else None
        sifted = sift(spool, account, family, begins_on)
        self._keep_file(file)
        assert self.file is not None
        known = self._known(place) if self.is_again else None
        if family is Family.CAMT_054 and spool.count:
            explained = explain(self.coop_id, account, spool)
            told.findings.append(
                Finding("payments.explains_batches", account.iban, {"count": explained, "entries": spool.count})
            )
        if known is not None and not sifted.new and known.state != StatementState.HELD:
            told.known += sifted.known + sifted.same
            told.refused += len(sifted.missing) + sifted.early
            told.statement_ids.append(known.id)
            return
        row = known if known is not None and known.state == StatementState.HELD else None
        if row is None:
            row = self._row(spool, account, family, place, sifted)
        self._decide(spool, account, row, sifted)

    def take_held(self, spool: Spool, row: Statement) -> None:
        """Take a statement that waited."""
        account = next(one for one in self.accounts if one.id == row.account_id)
        self.told.statements, self.told.entries = 1, spool.count
        sifted = sift(spool, account, Family(row.family), self.begins_on)
        self._decide(spool, account, row, sifted)

    def _problem(self, spool: Spool) -> Finding | None:
        head = spool.head
        if not head.account:
            return Finding("payments.account_not_named", "")
        if queries.account_named(self.accounts, head.account) is None:
            facts = {"account": clean(head.account, 60), "holder": clean(head.holder, 140) or "–"}
            return Finding("payments.account_unknown", head.account, facts)
        currency = head.currency or CURRENCY
        if currency != CURRENCY or spool.foreign:
            foreign = currency if currency != CURRENCY else spool.foreign
            return Finding("payments.foreign_currency", head.account, {"account": head.account, "currency": foreign})
        if spool.fraction is not None:
            return Finding("payments.fraction_of_cent", head.account, {"amount": str(spool.fraction)})
        if is_too_large(spool):
            return Finding("payments.amounts_too_large", head.account)
        return None

    def _keep_file(self, file: _File) -> None:
        if self.file is not None:
            return
        row = StatementFile.objects.filter(coop_id=self.coop_id, sha256=file.sha256).first()
        self.is_again = row is not None
        if row is None or not row.stored:
            stored = f"bank/{self.coop_id}/{file.sha256}.gz"
            _store(stored, file.content)
            if row is None:
                row = StatementFile(
                    coop_id=self.coop_id,
                    sha256=file.sha256,
                    name=clean(file.name.strip(), 400)[-200:] or "–",
                    size=file.size,
                    brought_at=self.now,
                    brought_by_id=self.actor.party_id,
                )
            row.stored = stored
            row.save()
        self.file = row
        self.told.file_id = row.id

    def _known(self, place: int) -> Statement | None:
        assert self.file is not None
        rows = Statement.objects.filter(file=self.file, place=place)
        return rows.order_by("-id").first()

    def _row(self, spool: Spool, account: AccountFacts, family: Family, place: int, sifted: Sifted) -> Statement:
        head = spool.head
        days = list(sifted.by_day)
        assert self.file is not None
        return Statement(
            coop_id=self.coop_id,
            account_id=account.id,
            file=self.file,
            place=place,
            format=head.format[:20],
            family=family.value,
            identification=clean(head.identification, 70),
            number=head.number if head.number is not None and head.number < 10**15 else None,
            begins=head.begins,
            ends=head.ends,
            first_day=days[0] if days else None,
            last_day=days[-1] if days else None,
            opening=head.opening,
            closing=head.closing,
            total=spool.total,
            entries=spool.count,
            imported_at=self.now,
        )

    def _decide(self, spool: Spool, account: AccountFacts, row: Statement, sifted: Sifted) -> None:
        """Book a statement, let it wait, or keep only what comparing it showed; and save it."""
        told = self.told
        is_compared = row.family not in BOOKED_FAMILIES or (bool(sifted.led) and len(sifted.led) == len(sifted.by_day))
        needs_word = bool(sifted.new) and not spool.is_balanced
        told.known += sifted.known + sifted.same
        told.refused += len(sifted.missing) + sifted.early
        row.report = sifted.report
        moved = 0
        if is_compared:
            row.state = StatementState.COMPARED.value
        elif needs_word and not self.because:
            row.state = StatementState.HELD.value
            told.refused += len(sifted.new)
        else:
            row.state = StatementState.BOOKED.value
            row.new = len(sifted.new)
            if needs_word:
                row.because, row.decided_at, row.decided_by_id = self.because, self.now, self.actor.party_id
            told.new += len(sifted.new)
        row.save()
        told.statement_ids.append(row.id)
        if row.state == StatementState.BOOKED:
            moved = book(self.coop_id, row, account, spool, sifted, actor=self.actor, now=self.now)
            self.accounts = queries.accounts(self.coop_id)
        told.findings.extend(self._findings(spool, account, row, sifted, moved))

    def _findings(
        self, spool: Spool, account: AccountFacts, row: Statement, sifted: Sifted, moved: int
    ) -> Iterator[Finding]:
        def found(code: str, **facts: Any) -> Finding:
            return Finding(code, account.iban, facts, row.id)

        head = spool.head
        if row.state == StatementState.HELD:
            if head.opening is None or head.closing is None:
                yield found("payments.balance_missing", statement=row.identification)
            else:
                difference = head.closing - head.opening - spool.total
                yield found("payments.does_not_add_up", statement=row.identification, difference=difference)
        if row.family == Family.CAMT_052:
            yield found("payments.never_booked", entries=spool.count, same=sifted.same)
        elif sifted.led and row.family in BOOKED_FAMILIES:
            facts = {"days": len(sifted.led), "same": sifted.same}
            if sifted.missing or sifted.extra:
                yield found("payments.formats_differ", **facts, missing=len(sifted.missing), extra=len(sifted.extra))
            else:
                yield found("payments.formats_agree", **facts)
        if sifted.alike:
            yield found("payments.known_by_amount", statement=row.identification or "–", count=len(sifted.alike))
        if sifted.again:
            yield found("payments.looks_known", statement=row.identification or "–", count=len(sifted.again))
        if sifted.early:
            yield found("payments.before_books", count=sifted.early, begins=self.begins_on)
        if moved:
            yield found("payments.period_closed", count=moved, on=books.first_open_day(self.coop_id))


def _store(name: str, content: BinaryIO) -> None:
    """Put a file into the storage, packed; what an import left there that was broken off is written over."""
    # The reader is somewhere in the middle of it, and goes on there.
    place = content.tell()
    with tempfile.TemporaryFile() as packed:
        content.seek(0)
        with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as out:
            while chunk := content.read(_CHUNK):
                out.write(chunk)
        content.seek(place)
        packed.seek(0)
        default_storage.delete(name)
        default_storage.save(name, File(packed))


def opened(name: str) -> BinaryIO:
    """Open a kept file, unpacked into one that can be rewound."""
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115  (closed by whoever asked for it)
    with default_storage.open(name) as packed, gzip.GzipFile(fileobj=cast(IO[bytes], packed)) as content:
        while chunk := content.read(_CHUNK):
            unpacked.write(chunk)
    unpacked.seek(0)
    return cast(BinaryIO, unpacked)
