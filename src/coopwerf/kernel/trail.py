"""The audit trail as those may read it whom it is about."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from .models import AuditEntry
from .refusals import verb_sentence

MOST = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """An act that stands in the trail."""

    at: dt.datetime
    verb: str
    actor_id: uuid.UUID | None
    acting_for_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None
    facts: dict[str, Any]

    @property
    def sentence(self) -> str:
        """Return what was done, in the active language."""
        return verb_sentence(self.verb)


def entries_about(
    coop_id: uuid.UUID | None, party_ids: Collection[uuid.UUID], subject_ids: Collection[uuid.UUID] = ()
) -> list[Entry]:
    """Return the latest acts by, for or about parties, oldest first.

    In one co-operative, whose rows are open, or outside all of them. `subject_ids` are further things that are
    theirs, such as their memberships.
    """
    about = Q(subject_id__in=[*party_ids, *subject_ids]) | Q(actor_id__in=party_ids) | Q(acting_for_id__in=party_ids)
    rows = AuditEntry.objects.filter(about, coop_id=coop_id).order_by("-at", "-id")[:MOST]
    fields = ("at", "verb", "actor_id", "acting_for_id", "subject_kind", "subject_id", "facts")
    return [Entry(*row) for row in reversed(rows.values_list(*fields))]


def is_subject(coop_id: uuid.UUID, subject_id: uuid.UUID, verbs: Collection[str]) -> bool:
    """Tell whether one of these acts was done to something in a co-operative whose rows are open."""
    return AuditEntry.objects.filter(coop_id=coop_id, subject_id=subject_id, verb__in=verbs).exists()
