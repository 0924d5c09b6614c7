"""What others may read about co-operatives."""

import dataclasses
import datetime as dt
import uuid

from .models import Coop


@dataclasses.dataclass(frozen=True, slots=True)
class CoopFacts:
    """What a page needs of a co-operative."""

    id: uuid.UUID
    slug: str
    name: str
    language: str
    hue: int
    is_practice: bool


def coop_by_slug(slug: str) -> CoopFacts | None:
    """Return the co-operative with this slug, or None."""
    found = Coop.objects.filter(slug=slug).first()
    if found is None:
        return None
    return CoopFacts(found.id, found.slug, found.name, found.language, found.hue, found.is_practice)


def holds_mandate(coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID], on: dt.date) -> bool:
    """Tell whether one of these parties holds any mandate in a co-operative on a date."""
    return False
