"""Who acts for whom."""

import dataclasses
import datetime as dt
import uuid

from ..models import Representation
from ..states import Particulars, RepresentationKind
from .accounts import in_force
from .parties import particulars


@dataclasses.dataclass(frozen=True, slots=True)
class Hat:
    """One who may be acted for, or who may act: since when and until when, and as what."""

    id: uuid.UUID
    kind: RepresentationKind
    other: Particulars
    valid_from: dt.date
    valid_until: dt.date | None


def hats_of(party_id: uuid.UUID, *, on: dt.date) -> list[Hat]:
    """Return for whom a person may act on a date, by name."""
    return _hats("principal_id", on, agent_id=party_id)


def representatives_of(party_id: uuid.UUID, *, on: dt.date) -> list[Hat]:
    """Return who may act for an organisation or a minor on a date, by name."""
    return _hats("agent_id", on, principal_id=party_id)


def _hats(other: str, on: dt.date, **condition: uuid.UUID) -> list[Hat]:
    rows = list(
        Representation.objects.filter(in_force(on), **condition).values_list(
            "id", "kind", other, "valid_from", "valid_until"
        )
    )
    known = particulars([row[2] for row in rows], on)
    hats = [Hat(row[0], RepresentationKind(row[1]), known[row[2]], row[3], row[4]) for row in rows]
    return sorted(hats, key=lambda hat: (hat.other.sort_key, hat.id))
