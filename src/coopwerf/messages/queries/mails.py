"""What others may read about mails and letters; letters inside `tenant(coop_id)` only."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from coopwerf.people import queries as people

from ..addresses import key_of
from ..letters import known_letters
from ..models import Contact, Letter, Mail, MailFile
from ..states import Channel, MailState


@dataclasses.dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that goes along with a mail; size in bytes."""

    name: str
    media_type: str
    content: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class MailFacts:
    """A mail as the administrator sees it."""

    id: uuid.UUID
    to: str
    sender: str
    reply_to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    documents: tuple[tuple[uuid.UUID, uuid.UUID], ...]
    made_at: dt.datetime
    state: MailState
    attempts: int
    next_at: dt.datetime | None
    words: str
    delivered_at: dt.datetime | None
    blanked_at: dt.datetime | None
    message_id: str
    to_key: str
    claimed_at: dt.datetime | None
    bounced_at: dt.datetime | None
    bulk_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list of the outbox."""

    id: uuid.UUID
    to: str
    subject: str
    made_at: dt.datetime
    state: MailState
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter of a co-operative; `mail_state` when it went by e-mail, `document_id` when on paper."""

    id: uuid.UUID
    coop_id: uuid.UUID
    party_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    template: str
    language: str
    channel: Channel
    document_id: uuid.UUID | None
    enclosed: tuple[uuid.UUID, ...]
    made_at: dt.datetime
    printed_at: dt.datetime | None
    mail_state: MailState | None
    to: str

    @property
    def title(self) -> str:
        """Return the name of its kind in the active language."""
        kind = known_letters().get(self.template)
        return self.template if kind is None else str(kind.name)


def _mail(row: Mail) -> MailFacts:
    return MailFacts(
        id=row.id,
        to=row.to,
        sender=row.sender,
        reply_to=row.reply_to,
        subject=row.subject,
        text=row.text,
        html=row.html,
        headers=row.headers,
        documents=tuple((uuid.UUID(coop), uuid.UUID(document)) for coop, document in row.documents),
        made_at=row.made_at,
        state=MailState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        words=row.words,
        delivered_at=row.delivered_at,
        blanked_at=row.blanked_at,
        message_id=row.message_id,
        to_key=row.to_key,
        claimed_at=row.claimed_at,
        bounced_at=row.bounced_at,
        bulk_id=row.bulk_id,
    )


def mail(mail_id: uuid.UUID) -> MailFacts | None:
    """Return a mail, or None."""
    found = Mail.objects.filter(pk=mail_id).first()
    return None if found is None else _mail(found)


def files_of(mail_id: uuid.UUID) -> list[FileFacts]:
    """Return the files that go along with a mail."""
    rows = MailFile.objects.filter(mail_id=mail_id).order_by("id")
    return [FileFacts(row.name, row.media_type, bytes(row.content)) for row in rows]


def outbox(text: str = "", state: str = "") -> QuerySet[Mail]:
    """Return the mails of the outbox for a pager, newest first; `text` is looked for in address and subject."""
    rows = Mail.objects.order_by("-made_at", "-id")
    if text:
        rows = rows.filter(Q(to__icontains=text) | Q(subject__icontains=text))
    if state:
        rows = rows.filter(state=state)
    return rows.only("id", "to", "subject", "made_at", "state", "words")


def line(row: Mail) -> MailLine:
    """Return a mail of the outbox as its list shows it."""
    return MailLine(row.id, row.to, row.subject, row.made_at, MailState(row.state), row.words)


def count_by_state() -> dict[MailState, int]:
    """Return how many mails stand in each state."""
    rows = Mail.objects.values_list("state").annotate(Count("id")).order_by("state")
    found = {MailState(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in MailState}


def waiting_for(document_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the mails on their way with which a document goes along."""
    rows = Mail.objects.filter(state=MailState.WAITING, documents__contains=[[str(document_id)]])
    return list(rows.values_list("pk", flat=True))


def overdue(before: dt.datetime) -> list[uuid.UUID]:
    """Return the mails that should have been tried before a moment."""
    rows = Mail.objects.filter(state=MailState.WAITING, bulk_id__isnull=True, next_at__lt=before)
    return list(rows.order_by("next_at", "id").values_list("pk", flat=True)[:5000])


def has_claimed(before: dt.datetime) -> bool:
    """Tell whether a mail was claimed before a moment, and nobody said what became of it."""
    return Mail.objects.filter(state=MailState.SENDING, claimed_at__lt=before).exists()


def due_bulks(now: dt.datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return co-operative and id of each batch of which a mail is due."""
    rows = Mail.objects.filter(state=MailState.WAITING, bulk_id__isnull=False, next_at__lte=now)
    found = rows.order_by().values_list("bulk_of", "bulk_id").distinct()
    return sorted((of, bulk) for of, bulk in found if of is not None and bulk is not None)


def _letter(row: Letter) -> LetterFacts:
    return LetterFacts(
        id=row.id,
        coop_id=row.coop_id,
        party_id=row.party_id,
        contact_id=row.contact_id,
        template=row.template,
        language=row.language,
        channel=Channel(row.channel),
        document_id=row.document_id,
        enclosed=tuple(uuid.UUID(one) for one in row.enclosed),
        made_at=row.made_at,
        printed_at=row.printed_at,
        mail_state=None if row.mail is None else MailState(row.mail.state),
        to="" if row.mail is None else row.mail.to,
    )


def letter(coop_id: uuid.UUID, letter_id: uuid.UUID) -> LetterFacts:
    """Return a letter; raises Letter.DoesNotExist."""
    return _letter(Letter.objects.select_related("mail").get(coop_id=coop_id, pk=letter_id))


def letters(coop_id: uuid.UUID, *, to_print: bool = False) -> list[LetterFacts]:
    """Return the latest 200 letters of a co-operative, newest first, or those still to be printed only."""
    rows = Letter.objects.filter(coop_id=coop_id).select_related("mail").order_by("-made_at", "-id")
    if to_print:
        rows = rows.filter(channel=Channel.PAPER, printed_at__isnull=True)
    return [_letter(row) for row in rows[:200]]


def mails_to(party_id: uuid.UUID, addresses: Collection[str]) -> list[MailFacts]:
    """Return the mails to a party, by whom they were written for or by address, oldest first."""
    keys = [key for key in map(key_of, addresses) if key]
    rows = Mail.objects.filter(Q(party_id=party_id) | Q(to_key__in=keys) | Q(to__in=[one for one in addresses if one]))
    return [_mail(row) for row in rows.order_by("made_at", "id")]


def bulk_mails_to_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[MailLine]:
    """Return the mails of batches to somebody without an account, oldest first; inside `tenant(coop_id)`."""
    key = Contact.objects.filter(coop_id=coop_id, pk=contact_id).values_list("email_key", flat=True).first()
    rows = Mail.objects.filter(bulk_of=coop_id, to_key=key).order_by("made_at", "id") if key else ()
    return [line(row) for row in rows]


def letters_to_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[tuple[LetterFacts, str]]:
    """Return the letters of a co-operative to a contact with what they say, oldest first."""
    rows = Letter.objects.filter(coop_id=coop_id, contact_id=contact_id).select_related("mail")
    return [(_letter(row), "" if row.mail is None else row.mail.text) for row in rows.order_by("made_at", "id")]


def letters_to(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[tuple[LetterFacts, dict[str, Any] | None]]:
    """Return the letters of a co-operative to a party with what those on paper say, oldest first."""
    rows = Letter.objects.filter(coop_id=coop_id, party_id=party_id).select_related("mail")
    return [(_letter(row), row.content) for row in rows.order_by("made_at", "id")]


def letters_in_postal_order(coop_id: uuid.UUID, language: str, on: dt.date) -> list[uuid.UUID]:
    """Return the letters to print in one language in the order of the post: country, postcode, street, number."""
    rows = Letter.objects.filter(coop_id=coop_id, channel=Channel.PAPER, printed_at__isnull=True, language=language)
    found = list(rows.order_by("made_at", "id").values_list("pk", "party_id"))
    whom = people.particulars({party_id for _letter, party_id in found if party_id is not None}, on)

    def place(one: tuple[uuid.UUID, uuid.UUID | None]) -> tuple[str, ...]:
        known = whom.get(one[1]) if one[1] is not None else None
        if known is None or known.address is None:
            # Who has no address comes last: somebody has to look for it.
            return ("~",)
        home = known.address
        return (home.country, home.postcode, home.street.casefold(), home.number.zfill(6), home.box, known.spoken)

    return [letter_id for letter_id, _party in sorted(found, key=place)]


def count_to_print_by_language(coop_id: uuid.UUID) -> dict[str, int]:
    """Return how many letters wait to be printed in each language."""
    rows = Letter.objects.filter(coop_id=coop_id, channel=Channel.PAPER, printed_at__isnull=True)
    return dict(rows.order_by().values_list("language").annotate(Count("id")))


def count_to_print(coop_id: uuid.UUID) -> int:
    """Return how many letters of a co-operative still have to be printed."""
    return Letter.objects.filter(coop_id=coop_id, channel=Channel.PAPER, printed_at__isnull=True).count()


def has_unblanked(before: dt.datetime) -> bool:
    """Tell whether a mail made before a moment may still hold codes and links."""
    rows = Mail.objects.filter(blanked_at__isnull=True, made_at__lt=before)
    return rows.exclude(state__in=[MailState.WAITING, MailState.SENDING]).exists()


def content_of(coop_id: uuid.UUID, letter_id: uuid.UUID) -> dict[str, Any]:
    """Return what a letter on paper says; raises Letter.DoesNotExist."""
    content = Letter.objects.values_list("content", flat=True).get(coop_id=coop_id, pk=letter_id)
    return dict(content or {})
