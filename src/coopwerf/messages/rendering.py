"""How a letter looks as plain text and as HTML, and how a stored mail becomes what a server takes."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from email import charset
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from coopwerf.documents.papers import Bullets, FactRows, Letterhead, Link, Paragraph
from coopwerf.ui import markdown
from coopwerf.ui.colours import palette

from .bulk_mime import SALUTATION, BulkText, without_marks
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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What stands below a mail that many get: why one gets it, and where one changes that or leaves."""

    why: str
    manage_url: str = ""
    leave_url: str = ""


def bulk_text(
    subject: str, blocks: Sequence[Mapping[str, object]], *, letterhead: Letterhead, language: str, ending: Ending
) -> BulkText:
    """Return what many get, in the active language, with marks for what is each reader's own."""
    text, html = _bodies(
        subject,
        blocks,
        salutation=SALUTATION,
        closing=_("Kind regards,"),
        letterhead=letterhead,
        language=language,
        ending=ending,
    )
    return BulkText(language, without_marks(" ".join(subject.split()))[:500], text, html)


def letter_blocks(letter: LetterText) -> list[Mapping[str, object]]:
    """Return the blocks of a letter as the templates of mails take them."""
    return [_block(block) for block in letter.blocks]


def markdown_block(text: str) -> Mapping[str, object]:
    """Return a text in Markdown as the templates of mails take it."""
    safe = without_marks(text)
    return {"kind": "markup", "html": markdown.html(safe, level=2), "text": markdown.plain(safe)}


def letter_bodies(
    letter: LetterText, *, salutation: str, closing: str, letterhead: Letterhead, language: str
) -> tuple[str, str]:
    """Return a letter as plain text and as HTML, in the active language."""
    return _bodies(
        letter.subject,
        letter_blocks(letter),
        salutation=salutation,
        closing=closing,
        letterhead=letterhead,
        language=language,
        ending=None,
    )


def _bodies(
    subject: str,
    blocks: Sequence[Mapping[str, object]],
    *,
    salutation: str,
    closing: str,
    letterhead: Letterhead,
    language: str,
    ending: Ending | None,
) -> tuple[str, str]:
    context = {
        "subject": subject,
        "salutation": salutation,
        "blocks": blocks,
        "ending": ending,
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


def _block(block: Paragraph | FactRows | Bullets | Link) -> Mapping[str, object]:
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
