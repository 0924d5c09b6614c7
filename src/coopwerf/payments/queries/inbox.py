"""A part of the lines that wait, around the one at hand: the latest first, as somebody works through them."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db.models import Q

from ..models import BankEntry
from ..states import EntryState
from .entries import EntryFacts, entry_row, found_entries

ABOVE = 3
IN_ALL = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Lines that wait, the latest first; `at` is the place of the one at hand. Empty where nothing waits.

    `newer` and `older` are lines just outside: the first of what comes before, and after, where there is more.
    """

    entries: Sequence[EntryFacts]
    at: int
    newer: uuid.UUID | None = None
    older: uuid.UUID | None = None

    @property
    def entry(self) -> EntryFacts | None:
        """Return the line at hand."""
        return self.entries[self.at] if self.entries else None

    @property
    def before(self) -> uuid.UUID | None:
        """Return the line before the one at hand."""
        return self.entries[self.at - 1].id if self.at else self.newer

    @property
    def after(self) -> uuid.UUID | None:
        """Return the line after the one at hand."""
        return self.entries[self.at + 1].id if self.at + 1 < len(self.entries) else self.older


def inbox_window(coop_id: uuid.UUID, line: uuid.UUID | None, *, q: str = "") -> Window:
    """Return the lines that wait around one, without a line the latest ones.

    Where it is explained by now the next one is at hand, and where there is none the last that waits.
    """
    rows = found_entries(coop_id, EntryState.OPEN, q, None)
    booked = None
    if line is not None:
        booked = BankEntry.objects.filter(coop_id=coop_id, id=line).values_list("booked", flat=True).first()
    above: list[EntryFacts] = []
    here = rows
    if booked is not None:
        newer = rows.filter(Q(booked__gt=booked) | Q(booked=booked, id__gt=line))
        above = [entry_row(row) for row in newer.order_by("booked", "id")[: IN_ALL + 1]]
        here = rows.filter(Q(booked__lt=booked) | Q(booked=booked, id__lte=line))
    below = [entry_row(row) for row in here.order_by("-booked", "-id")[: IN_ALL + 1]]
    # Where the line was the last one, the one before it is at hand.
    if not below and above:
        below, above = above[:1], above[1:]
    shown_below = below[: max(IN_ALL - ABOVE, IN_ALL - len(above))]
    shown_above = above[: IN_ALL - len(shown_below)]
    return Window(
        entries=[*reversed(shown_above), *shown_below],
        at=len(shown_above),
        newer=above[len(shown_above)].id if len(above) > len(shown_above) else None,
        older=below[len(shown_below)].id if len(below) > len(shown_below) else None,
    )
