"""What camt.054 says of entries that a statement booked as a whole: which payments are in them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from coopcalc.bank import Entry

from ..models import BankEntry, BankEntryWords
from ..queries import AccountFacts
from .booking import details_of
from .spooling import Spool, reference_of

WITHIN = dt.timedelta(days=5)


def explain(coop_id: uuid.UUID, account: AccountFacts, spool: Spool) -> int:
    """Put the payments that a notice names beside the entry that was booked of them; return with how many."""
    count = 0
    taken: set[uuid.UUID] = set()
    for _place, entry in spool.entries():
        if len(entry.details) < 2:
            continue
        booked = _booked(coop_id, account, entry, taken)
        if booked is None:
            continue
        taken.add(booked.id)
        count += 1
        BankEntryWords.objects.filter(entry_id=booked.id).update(details=details_of(entry.details))
    return count


def _booked(coop_id: uuid.UUID, account: AccountFacts, entry: Entry, taken: set[uuid.UUID]) -> BankEntry | None:
    """Return the entry that a notice is about: by the bank's reference, else the only one of that amount then.

    One that names as many payments already isn't changed.
    """
    assert entry.booked is not None
    rows: Sequence[BankEntry] = list(
        BankEntry.objects.filter(
            coop_id=coop_id,
            account_id=account.id,
            amount=entry.amount,
            booked__gte=entry.booked - WITHIN,
            booked__lte=entry.booked + WITHIN,
        )
        .select_related("words")
        .order_by("booked", "id")
    )
    rows = [row for row in rows if row.id not in taken and getattr(row, "words", None) is not None]
    reference = reference_of(entry)
    named = [row for row in rows if reference and row.bank_ref == reference]
    if not named:
        named = [row for row in rows if row.booked == entry.booked] or rows
    if len(named) != 1 or len(named[0].words.details) >= len(entry.details):
        return None
    return named[0]
