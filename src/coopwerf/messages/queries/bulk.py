"""Batches of mails: what they say, and how far they are; inside `tenant(coop_id)`."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from django.db.models import Count

from ..bulk_mime import BulkText
from ..models import Bulk, Mail
from ..states import BulkState, MailState


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A mail of a batch, set apart to be handed over."""

    id: uuid.UUID
    to: str
    domain: str
    variant: str
    fills: Mapping[str, str]
    message_id: str
    made_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class BulkFacts:
    """What a batch of mails says alike."""

    id: uuid.UUID
    code: str
    texts: Mapping[str, BulkText]
    sender: str
    reply_to: str
    list_id: str
    state: BulkState
    made_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: numbers of mails, and nothing about anybody."""

    by_state: Mapping[MailState, int]

    @property
    def all(self) -> int:
        """Return how many mails were written."""
        return sum(self.by_state.values())

    @property
    def delivered(self) -> int:
        """Return how many were taken by their mail server, also those that came back later."""
        return self._count(MailState.DELIVERED, MailState.BOUNCED)

    @property
    def waiting(self) -> int:
        """Return how many are still to leave."""
        return self._count(MailState.WAITING, MailState.SENDING, MailState.KEPT)

    @property
    def in_doubt(self) -> int:
        """Return of how many nobody knows."""
        return self._count(MailState.IN_DOUBT)

    @property
    def returned(self) -> int:
        """Return how many came back or were refused."""
        return self._count(MailState.BOUNCED, MailState.REFUSED, MailState.GIVEN_UP)

    @property
    def dropped(self) -> int:
        """Return how many weren't sent any more, because their readers left meanwhile."""
        return self._count(MailState.DROPPED)

    def _count(self, *states: MailState) -> int:
        return sum(self.by_state.get(state, 0) for state in states)


def bulk(coop_id: uuid.UUID, bulk_id: uuid.UUID) -> BulkFacts:
    """Return a batch; raises Bulk.DoesNotExist."""
    row = Bulk.objects.get(coop_id=coop_id, pk=bulk_id)
    return BulkFacts(
        id=row.id,
        code=row.code,
        texts={variant: BulkText(**told) for variant, told in row.texts.items()},
        sender=row.sender,
        reply_to=row.reply_to,
        list_id=row.list_id,
        state=BulkState(row.state),
        made_at=row.made_at,
    )


def progress(bulk_id: uuid.UUID) -> Progress:
    """Return how far a batch is."""
    rows = Mail.objects.filter(bulk_id=bulk_id).order_by().values_list("state").annotate(Count("id"))
    return Progress({MailState(state): number for state, number in rows})


def is_open(bulk_id: uuid.UUID) -> bool:
    """Tell whether mails of a batch may leave."""
    return Bulk.objects.filter(pk=bulk_id, state=BulkState.OPEN).exists()


def claimed_by(by: str) -> bool:
    """Tell whether a mail is claimed under this name."""
    return Mail.objects.filter(state=MailState.SENDING, claimed_by=by).exists()
