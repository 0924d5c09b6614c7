"""Inspection of a class by its holders: what they see, and the log of each look."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from ..models import Inspection, Movement, ShareClass
from .asof import Line, lines_page

HOURLY, DAILY = 10, 30


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """A look into a class: by whom, when, as of which date, how many holders were shown."""

    id: uuid.UUID
    share_class: str
    party_id: uuid.UUID
    at: dt.datetime
    as_of: dt.date
    rows: int


def _look(row: Inspection) -> Look:
    return Look(row.id, row.share_class.code, row.party_id, row.at, row.as_of, row.rows)


def share_class_id(coop_id: uuid.UUID, code: str) -> uuid.UUID | None:
    """Return the id of a class, or None."""
    return ShareClass.objects.filter(coop_id=coop_id, code=code).values_list("id", flat=True).first()


def look(coop_id: uuid.UUID, look_id: uuid.UUID) -> Look | None:
    """Return a look by id, or None."""
    row = Inspection.objects.filter(coop_id=coop_id, id=look_id).select_related("share_class").first()
    return None if row is None else _look(row)


def looks(coop_id: uuid.UUID, *, before: dt.datetime | None = None, limit: int = 50) -> Sequence[Look]:
    """Return the latest looks into a register, the newest first, before a moment if one is given."""
    rows = Inspection.objects.filter(coop_id=coop_id).select_related("share_class").order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(at__lt=before)
    return [_look(row) for row in rows[:limit]]


def looks_by(coop_id: uuid.UUID, party_id: uuid.UUID, since: dt.datetime) -> int:
    """Return how often a party looked since a moment."""
    return Inspection.objects.filter(coop_id=coop_id, party_id=party_id, at__gt=since).count()


def holders_of(
    coop_id: uuid.UUID, code: str, at: dt.date, *, after: int = 0, limit: int = 50
) -> Sequence[tuple[Line, int, Decimal]]:
    """Return who holds shares of a class on a date, by number, with how many and what is paid on them."""
    found = lines_page(coop_id, at, share_class=code, after=after, limit=limit)
    return [
        (
            line,
            sum(held.shares for held in line.holdings if held.share_class == code),
            sum((held.paid for held in line.holdings if held.share_class == code), Decimal("0.00")),
        )
        for line in found
    ]


def count_holders(coop_id: uuid.UUID, class_id: uuid.UUID, at: dt.date) -> int:
    """Return how many members hold shares of a class on a date."""
    rows: Any = (
        Movement.objects.filter(coop_id=coop_id, share_class_id=class_id, on__lte=at)
        .values("member_id")
        .annotate(shares=Sum("quantity"))
        .filter(shares__gt=0)
    )
    return int(rows.count())
