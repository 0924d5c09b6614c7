"""Newsletters: what they say, whom they are for, and what stands in the archive; inside `tenant(coop_id)`."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import get_language

from coopwerf.kernel.refusals import Refused

from .. import addresses
from ..audiences import Recipient, find
from ..models import Contact, Newsletter
from ..states import NewsState, Notice
from .post import blocked_among


@dataclasses.dataclass(frozen=True, slots=True)
class NewsWords:
    """A newsletter in one language: its subject, and its text in Markdown."""

    subject: str
    text: str

    @property
    def is_whole(self) -> bool:
        """Tell whether both are there."""
        return bool(self.subject and self.text)


@dataclasses.dataclass(frozen=True, slots=True)
class NewsletterFacts:
    """A newsletter as those who write it see it."""

    id: uuid.UUID
    number: int | None
    texts: Mapping[str, NewsWords]
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    reply_to: str
    notice: Notice | None
    on_paper: bool
    state: NewsState
    made_at: dt.datetime
    changed_at: dt.datetime
    send_at: dt.datetime | None
    sent_at: dt.datetime | None
    bulk_id: uuid.UUID | None
    unreached: int
    papers: int

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be changed."""
        return self.state in (NewsState.DRAFT, NewsState.SCHEDULED)

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it once it is sent: what is for followers, and no notice."""
        found = [one for one in map(find, self.audiences) if one is not None]
        return self.notice is None and any(one.is_public for one in found)

    def words(self, language: str) -> NewsWords | None:
        """Return it in a language, else in the first in which it is whole, else None."""
        here = self.texts.get(language)
        if here is not None and here.is_whole:
            return here
        return next((one for one in self.texts.values() if one.is_whole), None)

    @property
    def title(self) -> str:
        """Return a subject: in the active language, else in whatever language there is one."""
        here = self.texts.get((get_language() or "")[:2])
        found = [*([here] if here else []), *self.texts.values()]
        return next((one.subject for one in found if one.subject), "")


def _facts(row: Newsletter) -> NewsletterFacts:
    return NewsletterFacts(
        id=row.id,
        number=row.number,
        texts={language: NewsWords(told["subject"], told["text"]) for language, told in row.texts.items()},
        audiences=tuple(row.audiences),
        languages=tuple(row.languages),
        reply_to=row.reply_to,
        notice=Notice(row.notice) if row.notice else None,
        on_paper=row.on_paper,
        state=NewsState(row.state),
        made_at=row.made_at,
        changed_at=row.changed_at,
        send_at=row.send_at,
        sent_at=row.sent_at,
        bulk_id=row.bulk_id,
        unreached=row.unreached,
        papers=row.papers,
    )


def newsletter(coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> NewsletterFacts:
    """Return a newsletter; raises Newsletter.DoesNotExist."""
    return _facts(Newsletter.objects.get(coop_id=coop_id, pk=newsletter_id))


def newsletter_or_none(coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> NewsletterFacts | None:
    """Return a newsletter, or None."""
    row = Newsletter.objects.filter(coop_id=coop_id, pk=newsletter_id).first()
    return None if row is None else _facts(row)


def newsletters(coop_id: uuid.UUID) -> list[NewsletterFacts]:
    """Return the latest 100 newsletters, newest first."""
    return [_facts(row) for row in Newsletter.objects.filter(coop_id=coop_id).order_by("-made_at", "-id")[:100]]


def archive(coop_id: uuid.UUID, most: int = 100) -> list[NewsletterFacts]:
    """Return the latest newsletters that everybody may read, newest first."""
    rows = _told(coop_id).filter(notice="").order_by("-number")
    return [one for one in map(_facts, rows[: 2 * most]) if one.is_public][:most]


def archived(coop_id: uuid.UUID, number: int) -> NewsletterFacts | None:
    """Return a newsletter of the archive, or None."""
    row = _told(coop_id).filter(number=number).first()
    found = None if row is None else _facts(row)
    return found if found is not None and found.is_public else None


def _told(coop_id: uuid.UUID) -> QuerySet[Newsletter]:
    """Return what was sent; one that was stopped or held up on its way is told to nobody else, here neither."""
    rows = Newsletter.objects.filter(coop_id=coop_id, sent_at__isnull=False)
    return rows.exclude(state__in=[NewsState.PAUSED, NewsState.STOPPED])


def due_newsletters(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the newsletters whose time has come."""
    rows = Newsletter.objects.filter(coop_id=coop_id, state=NewsState.SCHEDULED, send_at__lte=now)
    return list(rows.order_by("send_at", "id").values_list("pk", flat=True))


@dataclasses.dataclass(frozen=True, slots=True)
class Sifted:
    """Whom a newsletter reaches by mail, with their addresses; and whom it doesn't."""

    reached: Sequence[tuple[Recipient, addresses.Address]]
    unreached: Sequence[Recipient]


def audience_of(one: NewsletterFacts, coop_id: uuid.UUID, on: dt.date) -> Sifted:
    """Return whom a newsletter is for on a day, each person once."""
    return sift(coop_id, _gathered(one, coop_id, on), one.languages, is_notice=one.notice is not None)


def sift(coop_id: uuid.UUID, recipients: Iterable[Recipient], languages: Sequence[str], *, is_notice: bool) -> Sifted:
    """Return each person once, those apart whose mail comes back or who have none; who left isn't in either."""
    known: dict[str, tuple[Recipient, addresses.Address]] = {}
    asked: set[str] = set()
    unreached: dict[object, Recipient] = {}
    for one in recipients:
        if languages and one.language not in languages:
            continue
        try:
            address = addresses.parse(one.email)
        except Refused:
            unreached.setdefault(one.party_id or one, one)
            continue
        if one.has_asked:
            asked.add(address.key)
        # Who is known as a person and as a follower is greeted and kept as the person.
        if address.key not in known or (known[address.key][0].party_id is None and one.party_id is not None):
            known[address.key] = (one, address)
    blocked = blocked_among(list(known))
    for key in blocked:
        unreached.setdefault(known[key][0].party_id or key, known[key][0])
    shut = set() if is_notice else _shut(coop_id, asked)
    return Sifted(
        [told for key, told in known.items() if key not in blocked and key not in shut], list(unreached.values())
    )


def _shut(coop_id: uuid.UUID, asked: set[str]) -> set[str]:
    """Return the addresses of who asked for no mail, and of who wants no newsletters and didn't ask for this."""
    known = Contact.objects.filter(coop_id=coop_id, forgotten_at__isnull=True)
    declined = set(known.filter(declined_at__isnull=False).values_list("email_key", flat=True))
    return (declined - asked) | set(known.filter(blocked_at__isnull=False).values_list("email_key", flat=True))


def _gathered(one: NewsletterFacts, coop_id: uuid.UUID, on: dt.date) -> Iterator[Recipient]:
    for found in map(find, one.audiences):
        if found is not None:
            yield from found.recipients(coop_id, on)
