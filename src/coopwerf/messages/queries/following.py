"""Who follows what: numbers for the co-operative, their own choices for each follower; inside `tenant(coop_id)`."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterator

from django.db.models import Count, Q, QuerySet

from coopwerf.kernel.questions import ask

from .. import consent
from ..audiences import Recipient
from ..models import Contact, Following, News
from ..states import BlockReason, OptIn, Rhythm
from ..topics import ALL

NOW = Q(confirmed_at__isnull=False, left_at__isnull=True)


@dataclasses.dataclass(frozen=True, slots=True)
class FollowingFacts:
    """What somebody asked to hear of, how they agreed, and whether they left."""

    topic: str
    rhythm: Rhythm
    language: str
    words: int
    how: OptIn
    source: str
    asked_at: dt.datetime
    confirmed_at: dt.datetime | None
    left_at: dt.datetime | None

    @property
    def agreed_to(self) -> str:
        """Return the words that they agreed to, in the active language; empty where that was elsewhere."""
        return str(consent.WORDS.get(self.words, ""))


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What somebody follows now, and what they asked for and didn't confirm yet."""

    topics: frozenset[str]
    asked: frozenset[str]
    rhythm: Rhythm


def consent_words() -> tuple[int, str]:
    """Return the words with which somebody agrees to be written to today, in the active language, and their number."""
    return consent.NOW, str(consent.WORDS[consent.NOW])


def followings(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[FollowingFacts]:
    """Return everything that somebody ever asked to follow, oldest first."""
    return [
        FollowingFacts(
            row.topic,
            Rhythm(row.rhythm),
            row.language,
            row.words,
            OptIn(row.how),
            row.source,
            row.asked_at,
            row.confirmed_at,
            row.left_at,
        )
        for row in Following.objects.filter(coop_id=coop_id, contact_id=contact_id).order_by("asked_at", "id")
    ]


def choices(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Choices:
    """Return what somebody follows."""
    rows = [one for one in followings(coop_id, contact_id) if one.left_at is None]
    now = [one for one in rows if one.confirmed_at is not None]
    rhythm = next((one.rhythm for one in [*now, *rows]), Rhythm.AT_ONCE)
    topics = frozenset(one.topic for one in now)
    return Choices(topics, frozenset(one.topic for one in rows) - topics, rhythm)


@dataclasses.dataclass(frozen=True, slots=True)
class Followers:
    """How many follow, by topic and by language, and how many asked and didn't confirm: numbers alone."""

    people: int
    by_topic: dict[str, int]
    by_language: dict[str, int]
    weekly: int
    waiting: int


def _followed(coop_id: uuid.UUID) -> QuerySet[Following]:
    return Following.objects.filter(NOW, coop_id=coop_id, contact__forgotten_at__isnull=True)


def count_people(coop_id: uuid.UUID) -> int:
    """Return how many people follow a co-operative: the number alone, for pages that show no more."""
    return int(_followed(coop_id).aggregate(n=Count("contact", distinct=True))["n"])


def count_followers(coop_id: uuid.UUID) -> Followers:
    """Return how many follow a co-operative, and of what."""
    rows = _followed(coop_id)
    topics = rows.order_by().values_list("topic").annotate(Count("id"))
    languages = rows.order_by().values_list("contact__language").annotate(Count("contact", distinct=True))
    asked = Following.objects.filter(coop_id=coop_id, confirmed_at__isnull=True, left_at__isnull=True)
    return Followers(
        people=count_people(coop_id),
        by_topic=dict(topics),
        by_language=dict(languages),
        weekly=rows.filter(rhythm=Rhythm.WEEKLY).aggregate(n=Count("contact", distinct=True))["n"],
        waiting=asked.aggregate(n=Count("contact", distinct=True))["n"],
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody known to a co-operative whose address takes no mail, and why."""

    email: str
    reason: BlockReason
    since: dt.datetime
    words: str

    @property
    def can_be_tried(self) -> bool:
        """Tell whether it may work again: nobody asked us to stop."""
        return self.reason in (BlockReason.HARD, BlockReason.SOFT)


_CAME_BACK = """
    SELECT c.email, r.reason, r.blocked_at, r.words FROM outbox_contact c JOIN outbox_reach r USING (email_key)
    WHERE c.coop_id = %(coop)s AND c.forgotten_at IS NULL AND c.blocked_at IS NULL AND r.blocked_at IS NOT NULL
    ORDER BY r.blocked_at DESC, c.id LIMIT 200
"""


def unreachable(coop_id: uuid.UUID) -> list[Unreachable]:
    """Return the latest 200 contacts who can't be written to, latest first."""
    blocked = Contact.objects.filter(coop_id=coop_id, forgotten_at__isnull=True, blocked_at__isnull=False)
    found = [
        Unreachable(row.email, BlockReason(row.blocked_reason), row.blocked_at, "")
        for row in blocked.order_by("-blocked_at", "id")[:200]
        if row.blocked_at is not None
    ]
    for email, reason, since, words in ask(_CAME_BACK, {"coop": coop_id}):
        found.append(Unreachable(email, BlockReason(reason), since, words))
    return sorted(found, key=lambda one: (one.since, one.email), reverse=True)[:200]


def followers_of(coop_id: uuid.UUID, topic: str, rhythm: Rhythm | None = None) -> Iterator[Recipient]:
    """Yield everybody who follows a topic, or all, and can be written to in principle."""
    rows = Following.objects.filter(NOW, coop_id=coop_id, topic__in=[topic, ALL], contact__forgotten_at__isnull=True)
    rows = rows if rhythm is None else rows.filter(rhythm=rhythm)
    seen: set[uuid.UUID] = set()
    told = rows.order_by("contact_id", "id").values_list(
        "contact_id", "contact__email", "contact__name", "contact__language"
    )
    for contact_id, email, name, language in told.iterator(chunk_size=5000):
        if contact_id not in seen:
            seen.add(contact_id)
            yield Recipient(email, name, language, contact_id=contact_id, has_asked=True)


def weekly_followers(coop_id: uuid.UUID) -> dict[uuid.UUID, frozenset[str]]:
    """Return which topics everybody follows who hears of them once a week."""
    rows = Following.objects.filter(
        NOW, coop_id=coop_id, rhythm=Rhythm.WEEKLY, contact__forgotten_at__isnull=True
    ).values_list("contact_id", "topic")
    found: dict[uuid.UUID, set[str]] = {}
    for contact_id, topic in rows:
        found.setdefault(contact_id, set()).add(topic)
    return {contact_id: frozenset(topics) for contact_id, topics in found.items()}


def unaddressed_news(coop_id: uuid.UUID) -> list[uuid.UUID]:
    """Return what was told and is still to be written to whoever wants to hear of it at once."""
    rows = News.objects.filter(coop_id=coop_id, texts__isnull=False)
    return list(rows.order_by("made_at").values_list("id", flat=True))


def has_fresh_news(coop_id: uuid.UUID) -> bool:
    """Tell whether there is something to hear that went into no mail of a week yet."""
    return News.objects.filter(coop_id=coop_id, gathered_at__isnull=True).exists()


def left_before(coop_id: uuid.UUID, contact_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return who of these followed once and left everything."""
    rows = Following.objects.filter(coop_id=coop_id, contact_id__in=contact_ids)
    left = set(rows.filter(left_at__isnull=False).values_list("contact_id", flat=True))
    return left - set(rows.filter(left_at__isnull=True).values_list("contact_id", flat=True))
