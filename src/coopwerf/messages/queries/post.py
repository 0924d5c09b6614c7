"""What a post office knows: how addresses fare, and at which pace domains take mail."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from ..models import Mail, Pace, Reach
from ..states import BlockReason


@dataclasses.dataclass(frozen=True, slots=True)
class ReachFacts:
    """How mail to one address fares."""

    email_key: str
    soft_bounces: int
    bounced_at: dt.datetime
    blocked: BlockReason | None
    blocked_at: dt.datetime | None
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class PaceFacts:
    """How many mails a minute go to a domain, and how many wait for it."""

    domain: str
    a_minute: int


def _reach(row: Reach) -> ReachFacts:
    return ReachFacts(
        row.email_key,
        row.soft_bounces,
        row.bounced_at,
        BlockReason(row.reason) if row.reason else None,
        row.blocked_at,
        row.words,
    )


def reach_of(keys: Collection[str]) -> dict[str, ReachFacts]:
    """Return how mail to addresses fares; those that are well are missing."""
    return {row.pk: _reach(row) for row in Reach.objects.filter(pk__in=keys)}


def blocked_among(keys: Collection[str]) -> set[str]:
    """Return which of these addresses can't be reached."""
    return set(Reach.objects.filter(pk__in=keys, blocked_at__isnull=False).values_list("pk", flat=True))


def blocked_addresses() -> list[ReachFacts]:
    """Return the latest 200 addresses that can't be reached."""
    return [_reach(row) for row in Reach.objects.filter(blocked_at__isnull=False).order_by("-blocked_at", "pk")[:200]]


def paces() -> list[PaceFacts]:
    """Return the domains that have a pace."""
    return [PaceFacts(row.domain, row.a_minute) for row in Pace.objects.order_by("domain")]


def mail_with_message_id(mail_id: uuid.UUID, message_id: str) -> uuid.UUID | None:
    """Return a mail that was written under a Message-ID, or None."""
    found = Mail.objects.filter(pk=mail_id, message_id=message_id).values_list("pk", flat=True)
    return found.first()


def is_ours(mail_id: uuid.UUID) -> bool:
    """Tell whether we wrote a mail."""
    return Mail.objects.filter(pk=mail_id).exists()
