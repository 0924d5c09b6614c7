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
from ..models import Letter, Mail, MailFile, Pace
from ..queries import FileFacts
from ..smtp import Answer
from ..states import TRANSITIONS, MailState, Outcome
from .bounces import forget_reach, note_refusal

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


@action(verb="messages.mail_claimed")
def claim_mail(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID, by: str) -> bool:
    """Claim one mail before it is handed over, and tell whether it may be.

    Nobody else hands over a mail that is claimed. Whoever dies with it leaves it in doubt: a worker that finds a mail
    claimed, and knows that its claimer is gone, says so here and doesn't send it.
    """
    row = Mail.objects.select_for_update(of=("self",)).filter(pk=mail_id).first()
    verb, claimed = "messages.mail_left", False
    if row is not None and row.state == MailState.WAITING and paced(row.domain, now):
        row.state, row.claimed_by, row.claimed_at = MailState.SENDING.value, by, now
        row.save(update_fields=["state", "claimed_by", "claimed_at"])
        verb, claimed = "messages.mail_claimed", True
    elif row is not None and row.state == MailState.WAITING:
        row.next_at = _next_pace(row.domain, now)
        row.save(update_fields=["next_at"])
        _enqueue(row.id, at=row.next_at)
        verb = "messages.mail_paced"
    elif row is not None and row.state == MailState.SENDING:
        _doubt(row)
        verb = "messages.mail_in_doubt"
    audit("mail", mail_id, verb=verb)
    return claimed


@action(verb="messages.mails_doubted")
def doubt_claimed(*, actor: Actor, now: dt.datetime, by: str = "", before: dt.datetime | None = None) -> int:
    """Call in doubt what a dead worker had claimed: by its name, or whatever was claimed before a moment."""
    rows = Mail.objects.select_for_update(of=("self",)).filter(state=MailState.SENDING).order_by("id")
    rows = rows.filter(claimed_by=by) if by else rows
    found = list(rows if before is None else rows.filter(claimed_at__lt=before))
    for row in found:
        _doubt(row)
    audit("mail", None, mails=len(found))
    return len(found)


@action(verb="messages.mail_delivered")
def record_attempt(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID, answer: Answer) -> None:
    """Write down how an attempt to deliver a mail ended, and plan the next one where there is to be one."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    verb = note(row, answer, now)
    audit("mail", row.id, verb=verb, attempt=row.attempts)
    if row.state in (MailState.REFUSED, MailState.GIVEN_UP):
        announce(MailUndeliverable(row.id, row.party_id))


@action(verb="messages.sent_again")
def send_again(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID) -> None:
    """Send a mail that is kept, refused, given up, came back or is in doubt; raises Refused for one that is not."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    mail = queries.mail(mail_id)
    assert mail is not None
    policies.may_send_again(actor, mail, has_server=bool(settings.SMTP_URL)).require()
    _move(row, MailState.WAITING)
    row.attempts, row.next_at, row.words, row.delivered_at = 0, now, "", None
    row.save(update_fields=["state", "attempts", "next_at", "words", "delivered_at"])
    audit("mail", row.id)
    if row.bulk_id is None:
        _enqueue(row.id)


@action(verb="messages.taken_as_delivered")
def consider_delivered(*, actor: Actor, now: dt.datetime, mail_id: uuid.UUID) -> None:
    """Take a mail in doubt as delivered: somebody asked its reader, or read it in the log of the mail server."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    mail = queries.mail(mail_id)
    assert mail is not None
    policies.may_consider_delivered(actor, mail).require()
    _move(row, MailState.DELIVERED)
    row.delivered_at = row.claimed_at or now
    row.save(update_fields=["state", "delivered_at"])
    audit("mail", row.id)


@action(verb="messages.blanked")
def blank_secrets(*, actor: Actor, now: dt.datetime) -> int:
    """Remove codes and links from mails delivered a day ago, or made a week ago; return from how many.

    Of letters the links that open something are blanked; of any other mail (signing in, invitations) the whole
    text goes, with its files.
    """
    old = Mail.objects.filter(blanked_at__isnull=True, made_at__lt=now - READABLE_FOR)
    rows = old.filter(delivered_at__lt=now - READABLE_FOR) | old.filter(made_at__lt=now - UNDELIVERED_READABLE_FOR)
    blanked = list(rows.exclude(state__in=[MailState.WAITING, MailState.SENDING]).order_by("made_at", "id")[:5000])
    for row in blanked:
        row.blanked_at = now
        if row.is_letter:
            for secret in row.secrets:
                row.text = row.text.replace(secret, rendering.HIDDEN)
                row.html = row.html.replace(secret, rendering.HIDDEN)
        else:
            row.text, row.html = rendering.HIDDEN, ""
        row.secrets, row.fills = [], None
    Mail.objects.bulk_update(blanked, ["text", "html", "secrets", "fills", "blanked_at"], batch_size=500)
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
    keys = [key for key in map(addresses.key_of, emails) if key]
    theirs = Mail.objects.filter(Q(party_id=party_id) | Q(to__in=emails) | Q(to_key__in=keys))
    theirs.filter(state=MailState.WAITING).update(state=MailState.GIVEN_UP, next_at=None)
    about = Q(pk__in=theirs.values("pk"))
    # One word alone may be anything; a whole name is somebody's.
    for text in (*emails, *(name for name in names if " " in name and len(name) > 5)):
        about |= (
            Q(text__icontains=text) | Q(html__icontains=text) | Q(subject__icontains=text) | Q(words__icontains=text)
        )
        about |= Q(reply_to__icontains=text)
    rows = Mail.objects.filter(about).exclude(state__in=[MailState.WAITING, MailState.SENDING])
    emptied = list(rows.values_list("pk", flat=True))
    empty_mails(emptied, now)
    forget_reach(keys)
    theirs.update(to="", to_key="", fills=None)
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
    address = addresses.parse(to)
    has_server = bool(settings.SMTP_URL)
    row = Mail(
        party_id=party_id,
        to=address.typed,
        to_key=address.key,
        domain=address.domain,
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
    row.message_id = rendering.message_id(row.id)
    # Built once now, so that a header that can't be is refused here and not in a worker.
    rendering.mime(
        message_id=row.message_id,
        to=address.typed,
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
        fills=None,
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


def note(row: Mail, answer: Answer, now: dt.datetime) -> str:
    """Write into a mail how an attempt ended; return the verb for it."""
    row.attempts += 1
    row.words, row.next_at = answer.words, None
    if answer.outcome is Outcome.DELIVERED:
        verb = "messages.mail_delivered"
        _move(row, MailState.DELIVERED)
        row.delivered_at = now
    elif answer.outcome is Outcome.REFUSED:
        verb = "messages.mail_refused"
        _move(row, MailState.REFUSED)
        note_refusal(row, now)
    elif answer.outcome is Outcome.IN_DOUBT:
        verb = "messages.mail_in_doubt"
        _move(row, MailState.IN_DOUBT)
    elif row.attempts > len(BACK_OFF):
        verb = "messages.mail_given_up"
        _move(row, MailState.GIVEN_UP)
    else:
        verb = "messages.mail_put_off"
        _move(row, MailState.WAITING)
        row.next_at = now + BACK_OFF[row.attempts - 1]
        if row.bulk_id is None:
            _enqueue(row.id, at=row.next_at)
    row.save(update_fields=["attempts", "words", "next_at", "state", "delivered_at"])
    return verb


def _doubt(row: Mail) -> None:
    _move(row, MailState.IN_DOUBT)
    row.next_at = None
    row.save(update_fields=["state", "next_at"])


def paced(domain: str, now: dt.datetime) -> bool:
    """Take a place in the pace of a domain, and tell whether there was one; a domain without pace has always."""
    row = Pace.objects.select_for_update().filter(pk=domain).first()
    if row is None:
        return True
    if row.next_at > now:
        return False
    row.next_at = now + dt.timedelta(minutes=1) / row.a_minute
    row.save(update_fields=["next_at"])
    return True


def _next_pace(domain: str, now: dt.datetime) -> dt.datetime:
    return max(Pace.objects.values_list("next_at", flat=True).get(pk=domain), now)


def _move(row: Mail, state: MailState) -> None:
    if state not in TRANSITIONS[MailState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    row.state = state.value


def _enqueue(mail_id: uuid.UUID, *, at: dt.datetime | None = None) -> None:
    # The task knows this module: it is imported only when there is something to do.
    from ..tasks import defer_delivery

    defer_delivery(mail_id, at=at)
