"""Entries on their way into the books: numbered, chained and inserted in one go."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Max

from coopcalc.register import bodies
from coopwerf.kernel import chain
from coopwerf.kernel.rows import insert_values

from ..models import Entry, Line
from ..queries import AccountFacts
from ..states import Journal

COLUMNS = ("entry_id", "number", "coop_id", "account_id", "on", "amount", "party_id", "claim_id")


@dataclasses.dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as it will be written; debit positive."""

    account: AccountFacts
    amount: Decimal
    party_id: uuid.UUID | None = None
    claim_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry as it will be written: its caller has seen to its day, its accounts and its balance."""

    journal: Journal
    on: dt.date
    rule: str
    lines: Sequence[DraftLine]
    source_kind: str = ""
    source_id: uuid.UUID | None = None
    reverses_id: uuid.UUID | None = None


def write(*, coop_id: uuid.UUID, now: dt.datetime, author: uuid.UUID | None, drafts: Sequence[Draft]) -> list[Entry]:
    """Write entries under the next numbers of their journals; whoever calls holds the chain's head."""
    numbers = _last_numbers(coop_id, {draft.journal for draft in drafts})
    entries = []
    for draft in drafts:
        numbers[draft.journal] += 1
        entry = Entry(
            coop_id=coop_id,
            journal=draft.journal.value,
            number=numbers[draft.journal],
            on=draft.on,
            rule=draft.rule,
            source_kind=draft.source_kind,
            source_id=draft.source_id,
            reverses_id=draft.reverses_id,
            author_id=author,
            line_count=len(draft.lines),
        )
        entry.written = tuple(
            bodies.journal_line(account=one.account.code, amount=one.amount, party=one.party_id, claim=one.claim_id)
            for one in draft.lines
        )
        entries.append(entry)
    chain.append(coop_id=coop_id, at=now, rows=entries)
    rows = [
        (entry.id, number, coop_id, one.account.id, draft.on, one.amount, one.party_id, one.claim_id)
        for entry, draft in zip(entries, drafts, strict=True)
        for number, one in enumerate(draft.lines, start=1)
    ]
    insert_values(Line, COLUMNS, rows)
    return entries


def _last_numbers(coop_id: uuid.UUID, journals: set[Journal]) -> dict[Journal, int]:
    found: Mapping[str, int] = dict(
        Entry.objects.filter(coop_id=coop_id, journal__in=journals)
        .values_list("journal")
        .annotate(last=Max("number"))
        .order_by()
    )
    return {journal: found.get(journal.value, 0) for journal in journals}
