"""How a letter looks as plain text and as HTML, and how a stored mail becomes what a server takes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from email import charset
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from coopwerf.documents.papers import Bullets, FactRows, Letterhead, Link, Paragraph
from coopwerf.ui.colours import palette

from .letters import LetterText
from .queries import FileFacts, MailFacts

# What others may set in a mail of their own; addresses and the like are ours.
FREE_HEADERS = (
    "content-language",
    "auto-submitted",
    "precedence",
    "list-id",
    "list-unsubscribe",
    "x-auto-response-suppress",
)
HIDDEN = "…"
QUOTED = charset.Charset("utf-8")
QUOTED.body_encoding = charset.QP


def letter_bodies(
    letter: LetterText, *, salutation: str, closing: str, letterhead: Letterhead, language: str
) -> tuple[str, str]:
    """Return a letter as plain text and as HTML, in the active language."""
    context = {
        "subject": letter.subject,
        "salutation": salutation,
        "blocks": [_block(block) for block in letter.blocks],
        "closing": closing,
        "coop": letterhead.coop,
        "lines": letterhead.lines,
        "footer": letterhead.footer,
        "language": language,
        "colours": palette(letterhead.hue),
    }
    return render_to_string("messages/mail/letter.txt", context).strip() + "\n", render_to_string(
        "messages/mail/letter.html", context
    )


def _block(block: Paragraph | FactRows | Bullets | Link) -> dict[str, object]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, FactRows):
        return {"kind": "facts", "rows": block.rows}
    if isinstance(block, Bullets):
        return {"kind": "list", "items": block.items}
    return {"kind": "link", "label": block.label, "url": block.url}


def sender_of(name: str) -> str:
    """Return the sender of a co-operative's mail: its name, and the address of this installation."""
    return formataddr((" ".join(name.split()), settings.DEFAULT_FROM_EMAIL))


def message_id(mail_id: uuid.UUID) -> str:
    """Return the Message-ID of a mail: always the same, so that a mail that comes twice can be told."""
    return f"<{mail_id}@{message_host()}>"


def message_host() -> str:
    """Return the name of this installation in a Message-ID."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def mime(
    *,
    message_id: str,
    to: str,
    sender: str,
    reply_to: str,
    subject: str,
    text: str,
    html: str,
    headers: Mapping[str, str],
    made_at: dt.datetime,
    files: Sequence[FileFacts] = (),
) -> bytes:
    """Return a mail as a server takes it; raises BadHeaderError for a line break in a header."""
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=sender,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={
            **headers,
            "Message-ID": message_id,
            "Date": format_datetime(made_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    for file in files:
        message.attach(file.name, file.content, file.media_type)
    # Seven bits and short lines, whatever servers lie between.
    message.encoding = QUOTED
    whole: bytes = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own, unknown to its stubs
    return whole


def mime_of(mail: MailFacts, files: Sequence[FileFacts]) -> bytes:
    """Return a stored mail as a server takes it."""
    return mime(
        message_id=mail.message_id or message_id(mail.id),
        to=mail.to,
        sender=mail.sender,
        reply_to=mail.reply_to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        made_at=mail.made_at,
        files=files,
    )
