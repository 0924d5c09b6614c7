"""Mails: put into the outbox, and what became of them."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db.models import Q

from coopwerf.coops import queries as coops
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import policies as people_policies

from .. import addresses, policies, queries, rendering
from ..happenings import MailUndeliverable
from ..models import Letter, Mail, MailFile
from ..queries import FileFacts
from ..smtp import Answer
from ..states import TRANSITIONS, MailState, Outcome

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
    row = put(
        new_mail(
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
    empty_mails(emptied, now)
    theirs.update(to="")
    Mail.objects.filter(party_id=party_id).update(party_id=None)
    for coop in coops.all_coops():
        with tenant(coop.id):
            Letter.objects.filter(coop_id=coop.id, party_id=party_id).update(content=None)
    audit("party", party_id, mails=len(emptied))


def new_mail(
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
    to = addresses.parse(to).typed
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


def empty_mails(mail_ids: Collection[uuid.UUID], now: dt.datetime) -> None:
    """Take away what mails say, and give up those on their way; that they were written stays."""
    MailFile.objects.filter(mail_id__in=mail_ids).delete()
    rows = Mail.objects.filter(pk__in=mail_ids)
    rows.filter(state=MailState.WAITING).update(state=MailState.GIVEN_UP, next_at=None)
    rows.update(
        subject=rendering.HIDDEN,
        text=rendering.HIDDEN,
        html="",
        reply_to="",
        headers={},
        secrets=[],
        words="",
        blanked_at=now,
    )


def put(row: Mail, files: Sequence[FileFacts] = ()) -> Mail:
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
    from ..tasks import defer_delivery

    defer_delivery(mail_id, at=at)
