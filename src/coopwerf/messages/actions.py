"""The only writers of mails and letters."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.documents import actions as documents
from coopwerf.documents.papers import Letterhead
from coopwerf.documents.queries import letterhead_of
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people

from . import policies, queries, rendering
from .happenings import MailUndeliverable
from .letters import LetterText, Link, block_data, known_letters
from .models import Letter, Mail, MailFile
from .queries import FileFacts, LetterFacts
from .smtp import Answer
from .states import TRANSITIONS, Channel, MailState, Outcome

LETTER_KIND = "messages.letter"

BACK_OFF = tuple(
    dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 2 * 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60)
)
"""How long a mail that was put off waits before each next attempt; after the last it is given up, two days on."""

READABLE_FOR = dt.timedelta(days=1)
"""How long codes and links stay in a mail after its delivery."""
UNDELIVERED_READABLE_FOR = dt.timedelta(days=7)
"""How long they stay in one that wasn't delivered: by then they have expired."""


@action(verb="messages.kept")
def keep_mail(
    *,
    actor: Actor,
    now: dt.datetime,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    sender: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
    files: Sequence[FileFacts] = (),
) -> uuid.UUID:
    """Put one mail for one address into the outbox, in the caller's transaction, and have it delivered.

    Without a mail server it stays there, readable for the administrator. Raises Refused
    messages.address_wrong, and BadHeaderError for a line break in a header.
    """
    row = _put(
        _mail(
            now=now,
            to=to,
            sender=sender or settings.DEFAULT_FROM_EMAIL,
            reply_to=reply_to,
            subject=subject,
            text=text,
            html=html,
            headers=headers or {},
        ),
        files,
    )
    audit("mail", row.id, files=len(files))
    return row.id


@action(verb="messages.letter_sent")
def send_letter(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    template: str,
    context: Any,
    party_id: uuid.UUID | None = None,
    email: str = "",
    name: str = "",
    language: str = "",
    attachments: Sequence[uuid.UUID] = (),
    on_paper: bool = False,
) -> LetterFacts:
    """Write to somebody in the name of a co-operative, by e-mail, or on paper where there is no address.

    `template` is the code of a declared letter and `context` its facts. To a party, in the language it prefers;
    to an `email` of nobody known yet, with `name` and `language` (by default the co-operative's). `attachments`
    are documents of this co-operative: the mail leaves when they are made. Raises Refused
    messages.unknown_letter, messages.nobody, messages.address_wrong and what the letter's policy refuses.
    """
    on = clock.civil_date(now)
    policies.may_send_letter(actor, template, coop_id, on).require()
    kind = known_letters()[template]
    if not isinstance(context, kind.facts):
        raise TypeError(f"{template} is written from {kind.facts.__name__}")
    coop = coops.coop_facts(coop_id)
    if party_id is not None:
        name = people.particulars_of(party_id, on).spoken
        language = people.language_of([party_id])[party_id]
        email = "" if on_paper else email or people.email_of([party_id]).get(party_id, "")
    elif not email:
        raise Refused("messages.nobody")
    language = language or coop.language
    with translation.override(coop.language_for(language)):
        letter = kind.compose(context)
        row = Letter(
            coop_id=coop_id,
            party_id=party_id,
            template=template,
            language=language,
            enclosed=[str(document_id) for document_id in attachments],
            made_at=now,
        )
        if email:
            row.channel = Channel.MAIL.value
            row.mail = _keep_letter(
                letter,
                now=now,
                coop_id=coop_id,
                party_id=party_id,
                email=email,
                name=name,
                language=language,
                attachments=attachments,
            )
        else:
            row.channel = Channel.PAPER.value
            row.content = _on_paper(letter, name)
    row.save(force_insert=True)
    if row.channel == Channel.PAPER.value:
        asked = documents.ask_document(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            kind=LETTER_KIND,
            language=language,
            party_id=party_id,
            params={"letter": row.id},
        )
        row.document_id = asked.id
        row.save(update_fields=["document_id"])
    audit("letter", row.id, template=template, channel=row.channel, party=party_id, enclosed=list(attachments))
    return queries.letter(coop_id, row.id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterTo:
    """One of many letters: which, its facts, to whom, with which documents of this co-operative.

    To a party; or to an `email` of nobody known yet, with `name` and `language`.
    """

    template: str
    context: Any
    party_id: uuid.UUID | None = None
    email: str = ""
    name: str = ""
    language: str = ""
    attachments: Sequence[uuid.UUID] = ()


@action(verb="messages.letters_sent")
def send_letters(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, letters: Sequence[LetterTo]) -> list[uuid.UUID]:
    """Write many letters at once, as `send_letter` does one; return their ids, in the same order.

    Few questions to the database, whatever their number. Raises what `send_letter` raises, for any of them.
    """
    on = clock.civil_date(now)
    for template in sorted({letter.template for letter in letters}):
        policies.may_send_letter(actor, template, coop_id, on).require()
    coop = coops.coop_facts(coop_id)
    ids = {letter.party_id for letter in letters if letter.party_id is not None}
    names, languages, emails = people.particulars(ids, on), people.language_of(ids), people.email_of(ids)
    letterhead = letterhead_of(coop_id, on)
    rows: list[Letter] = []
    mails: list[Mail] = []
    for letter in letters:
        kind = known_letters()[letter.template]
        if not isinstance(letter.context, kind.facts):
            raise TypeError(f"{letter.template} is written from {kind.facts.__name__}")
        name, language, email = letter.name, letter.language or coop.language, letter.email
        if letter.party_id is not None:
            name, language = names[letter.party_id].spoken, languages[letter.party_id]
            email = emails.get(letter.party_id, "")
        elif not email:
            raise Refused("messages.nobody")
        row = Letter(
            coop_id=coop_id,
            party_id=letter.party_id,
            template=letter.template,
            language=language,
            enclosed=[str(document_id) for document_id in letter.attachments],
            made_at=now,
        )
        with translation.override(coop.language_for(language)):
            text = kind.compose(letter.context)
            if email:
                row.channel = Channel.MAIL.value
                row.mail = _letter_mail(
                    text,
                    letterhead,
                    now=now,
                    coop_id=coop_id,
                    party_id=letter.party_id,
                    email=email,
                    name=name,
                    language=language,
                    attachments=letter.attachments,
                )
                mails.append(row.mail)
            else:
                row.channel = Channel.PAPER.value
                row.content = _on_paper(text, name)
        rows.append(row)
    on_paper = [row for row in rows if row.channel == Channel.PAPER]
    if on_paper:
        asked = documents.ask_documents(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            kind=LETTER_KIND,
            wishes=[
                documents.Wish(party_id=row.party_id, language=row.language, params={"letter": row.id})
                for row in on_paper
            ],
        )
        for row, document_id in zip(on_paper, asked, strict=True):
            row.document_id = document_id
    Mail.objects.bulk_create(mails, batch_size=500)
    Letter.objects.bulk_create(rows, batch_size=1000)
    waiting = [mail.id for mail in mails if mail.state == MailState.WAITING]
    if waiting:
        # The task knows this module: it is imported only when there is something to do.
        from .tasks import defer_deliveries

        defer_deliveries(waiting)
    audit("letter", None, letters=len(rows), papers=len(on_paper))
    return [row.id for row in rows]


@action(verb="messages.letter_printed")
def mark_printed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, letter_id: uuid.UUID) -> None:
    """Note that a letter on paper was printed; doing so again changes nothing.

    Raises Refused coops.lacks_power, messages.letter_gone, messages.not_on_paper.
    """
    row = Letter.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=letter_id).first()
    if row is None:
        raise Refused("messages.letter_gone")
    policies.may_print(actor, queries.letter(coop_id, letter_id), clock.civil_date(now)).require()
    if row.printed_at is None:
        row.printed_at, row.printed_by = now, actor.party_id
        row.save(update_fields=["printed_at", "printed_by"])
    audit("letter", row.id)


@action(verb="messages.mail_delivered")
def record_attempt(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID, answer: Answer) -> None:
    """Write down how an attempt to deliver a mail ended, and plan the next one where there is to be one."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    row.attempts += 1
    row.words = answer.words
    row.next_at = None
    if answer.outcome is Outcome.DELIVERED:
        verb = "messages.mail_delivered"
        _move(row, MailState.DELIVERED)
        row.delivered_at = now
    elif answer.outcome is Outcome.REFUSED:
        verb = "messages.mail_refused"
        _move(row, MailState.REFUSED)
    elif row.attempts > len(BACK_OFF):
        verb = "messages.mail_given_up"
        _move(row, MailState.GIVEN_UP)
    else:
        verb = "messages.mail_put_off"
        _move(row, MailState.WAITING)
        row.next_at = now + BACK_OFF[row.attempts - 1]
        _enqueue(row.id, at=row.next_at)
    row.save(update_fields=["attempts", "words", "next_at", "state", "delivered_at"])
    audit("mail", row.id, verb=verb, attempt=row.attempts)
    if row.state in (MailState.REFUSED, MailState.GIVEN_UP):
        announce(MailUndeliverable(row.id, row.party_id))


@action(verb="messages.sent_again")
def send_again(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID) -> None:
    """Send a mail that is kept, refused or given up; raises Refused for one that is not, or without a server."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    mail = queries.mail(mail_id)
    assert mail is not None
    policies.may_send_again(actor, mail, has_server=bool(settings.SMTP_URL)).require()
    _move(row, MailState.WAITING)
    row.attempts, row.next_at, row.words = 0, now, ""
    row.save(update_fields=["state", "attempts", "next_at", "words"])
    audit("mail", row.id)
    _enqueue(row.id)


@action(verb="messages.blanked")
def blank_secrets(*, actor: Actor, now: dt.datetime) -> int:
    """Remove codes and links from mails delivered a day ago, or made a week ago; return from how many.

    Of letters the links that open something are blanked; of any other mail (signing in, invitations) the whole
    text goes, with its files.
    """
    old = Mail.objects.filter(blanked_at__isnull=True, made_at__lt=now - READABLE_FOR)
    rows = old.filter(delivered_at__lt=now - READABLE_FOR) | old.filter(made_at__lt=now - UNDELIVERED_READABLE_FOR)
    blanked = list(rows.exclude(state=MailState.WAITING).order_by("made_at", "id")[:5000])
    for row in blanked:
        row.blanked_at = now
        if row.is_letter:
            for secret in row.secrets:
                row.text = row.text.replace(secret, rendering.HIDDEN)
                row.html = row.html.replace(secret, rendering.HIDDEN)
        else:
            row.text, row.html = rendering.HIDDEN, ""
        row.secrets = []
    Mail.objects.bulk_update(blanked, ["text", "html", "secrets", "blanked_at"], batch_size=500)
    MailFile.objects.filter(mail_id__in=[row.id for row in blanked], mail__is_letter=False).delete()
    audit("mail", None, mails=len(blanked))
    return len(blanked)


@action(verb="messages.mail_forgotten")
def forget_party(
    *,
    actor: Actor,
    now: dt.datetime,
    party_id: uuid.UUID,
    emails: Collection[str] = (),
    names: Collection[str] = (),
) -> None:
    """Empty the mails to somebody who was erased, and the texts of mails to others that name them.

    That they were sent stays; to whom and what they said goes. What was still on its way to them is given up.
    Letters on paper lose what they say, and whom they went to.
    """
    people_policies.may_host(actor).require()
    theirs = Mail.objects.filter(Q(party_id=party_id) | Q(to__in=emails))
    theirs.filter(state=MailState.WAITING).update(state=MailState.GIVEN_UP, next_at=None)
    about = Q(pk__in=theirs.values("pk"))
    # One word alone may be anything; a whole name is somebody's.
    for text in (*emails, *(name for name in names if " " in name and len(name) > 5)):
        about |= (
            Q(text__icontains=text) | Q(html__icontains=text) | Q(subject__icontains=text) | Q(words__icontains=text)
        )
        about |= Q(reply_to__icontains=text)
    emptied = list(Mail.objects.filter(about).exclude(state=MailState.WAITING).values_list("pk", flat=True))
    MailFile.objects.filter(mail_id__in=emptied).delete()
    Mail.objects.filter(pk__in=emptied).update(
        subject=rendering.HIDDEN,
        text=rendering.HIDDEN,
        html="",
        reply_to="",
        headers={},
        secrets=[],
        words="",
        blanked_at=now,
    )
    theirs.update(to="")
    Mail.objects.filter(party_id=party_id).update(party_id=None)
    for coop in coops.all_coops():
        with tenant(coop.id):
            Letter.objects.filter(coop_id=coop.id, party_id=party_id).update(content=None)
    audit("party", party_id, mails=len(emptied))


def _keep_letter(letter: LetterText, *, now: dt.datetime, coop_id: uuid.UUID, **whom: Any) -> Mail:
    letterhead = letterhead_of(coop_id, clock.civil_date(now))
    return _put(_letter_mail(letter, letterhead, now=now, coop_id=coop_id, **whom))


def _letter_mail(
    letter: LetterText,
    letterhead: Letterhead,
    *,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID | None,
    email: str,
    name: str,
    language: str,
    attachments: Sequence[uuid.UUID],
) -> Mail:
    """Return the mail that carries a letter, in the active language, not yet stored."""
    text, html = rendering.letter_bodies(
        letter,
        salutation=_salutation(name),
        closing=_("Kind regards,"),
        letterhead=letterhead,
        language=language,
    )
    return _mail(
        now=now,
        to=email,
        sender=rendering.sender_of(letterhead.coop),
        reply_to="",
        subject=letter.subject,
        text=text,
        html=html,
        headers={"Content-Language": language},
        party_id=party_id,
        documents=[(coop_id, document_id) for document_id in attachments],
        secrets=[block.url for block in letter.blocks if isinstance(block, Link) and block.is_secret],
        is_letter=True,
    )


def _on_paper(letter: LetterText, name: str) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "salutation": _salutation(name),
        "blocks": [block_data(block) for block in letter.blocks],
        "closing": _("Kind regards,"),
    }


def _salutation(name: str) -> str:
    """Return how a letter begins, in the active language."""
    return _("Dear %(name)s,") % {"name": name} if name else _("Hello,")


def _mail(
    *,
    now: dt.datetime,
    to: str,
    sender: str,
    reply_to: str,
    subject: str,
    text: str,
    html: str,
    headers: dict[str, str],
    party_id: uuid.UUID | None = None,
    documents: Sequence[tuple[uuid.UUID, uuid.UUID]] = (),
    secrets: Sequence[str] = (),
    is_letter: bool = False,
) -> Mail:
    """Return a mail to one address, checked, not yet stored."""
    try:
        validate_email(to)
    except ValidationError:
        raise Refused("messages.address_wrong", address=to) from None
    has_server = bool(settings.SMTP_URL)
    row = Mail(
        party_id=party_id,
        to=to,
        sender=sender,
        reply_to=reply_to,
        subject=" ".join(subject.split())[:500],
        text=text.replace("\x00", ""),
        html=html.replace("\x00", ""),
        headers=headers,
        documents=[[str(coop_id), str(document_id)] for coop_id, document_id in documents],
        secrets=list(secrets),
        is_letter=is_letter,
        made_at=now,
        state=(MailState.WAITING if has_server else MailState.KEPT).value,
        next_at=now if has_server else None,
    )
    # Built once now, so that a header that can't be is refused here and not in a worker.
    rendering.mime(
        mail_id=row.id,
        to=to,
        sender=sender,
        reply_to=reply_to,
        subject=row.subject,
        text="",
        html="",
        headers=headers,
        made_at=now,
    )
    return row


def _put(row: Mail, files: Sequence[FileFacts] = ()) -> Mail:
    """Store a mail with its files, and have it delivered where there is a server."""
    row.save(force_insert=True)
    MailFile.objects.bulk_create(
        MailFile(mail=row, name=file.name, media_type=file.media_type, content=file.content) for file in files
    )
    if row.state == MailState.WAITING:
        _enqueue(row.id)
    return row


def _move(row: Mail, state: MailState) -> None:
    if state not in TRANSITIONS[MailState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    row.state = state.value


def _enqueue(mail_id: uuid.UUID, *, at: dt.datetime | None = None) -> None:
    # The task knows this module: it is imported only when there is something to do.
    from .tasks import defer_delivery

    defer_delivery(mail_id, at=at)
