"""Whether books are kept, since when, and until when they are closed."""

import dataclasses
import datetime as dt
import uuid

from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import ask

from ..models import Closing
from ..states import ReopenReason

_BOOKS = """
    SELECT b.chart, b.begins_on, b.opened_at, (
        SELECT c.closed_until FROM ledger_closing c WHERE c.coop_id = b.coop_id ORDER BY c.id DESC LIMIT 1
    ) FROM ledger_books b WHERE b.coop_id = %(coop)s
"""


@dataclasses.dataclass(frozen=True, slots=True)
class BooksFacts:
    """The books of a co-operative: the chart that they began with, their first day, and the last closed day."""

    chart: str
    begins_on: dt.date
    opened_at: dt.datetime
    closed_until: dt.date | None

    @property
    def first_open_day(self) -> dt.date:
        """Return the first day on which an entry can be dated."""
        if self.closed_until is None:
            return self.begins_on
        return max(self.begins_on, self.closed_until + dt.timedelta(days=1))


@dataclasses.dataclass(frozen=True, slots=True)
class ClosingFacts:
    """That the books were closed until a day, or opened again for a reason, when, by whom, at which head."""

    closed_until: dt.date | None
    reason: ReopenReason | None
    recorded_at: dt.datetime
    author_id: uuid.UUID | None
    head: str


def books(coop_id: uuid.UUID) -> BooksFacts | None:
    """Return the books of a co-operative, or None where none are kept here."""

    def read() -> BooksFacts | None:
        rows = ask(_BOOKS, {"coop": coop_id})
        return BooksFacts(*rows[0]) if rows else None

    return remembered(("ledger.books", coop_id), read)


def is_open(coop_id: uuid.UUID) -> bool:
    """Tell whether a co-operative keeps its books here."""
    return books(coop_id) is not None


def begins_on(coop_id: uuid.UUID) -> dt.date | None:
    """Return the first day of the books, or None where none are kept here."""
    found = books(coop_id)
    return None if found is None else found.begins_on


def first_open_day(coop_id: uuid.UUID) -> dt.date | None:
    """Return the first day on which an entry can be dated, or None where no books are kept here."""
    found = books(coop_id)
    return None if found is None else found.first_open_day


def day_for(coop_id: uuid.UUID, on: dt.date) -> dt.date:
    """Return the day on which something of this day can be posted: a later one where it is closed."""
    return max(on, first_open_day(coop_id) or on)


def closings(coop_id: uuid.UUID) -> list[ClosingFacts]:
    """Return every closing and reopening, the last one first."""
    return [
        ClosingFacts(
            row.closed_until,
            ReopenReason(row.reason) if row.reason else None,
            row.recorded_at,
            row.author_id,
            row.head,
        )
        for row in Closing.objects.filter(coop_id=coop_id).order_by("-id")
    ]
