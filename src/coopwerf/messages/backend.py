"""Django's outgoing mail goes through the outbox: whoever sends mail needs to know nothing of it."""

import uuid
from collections.abc import Sequence
from email.mime.base import MIMEBase
from email.utils import getaddresses
from typing import Any

from django.core.mail import EmailAlternative, EmailAttachment, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM

from . import actions
from .queries import FileFacts
from .rendering import FREE_HEADERS


class OutboxBackend(BaseEmailBackend):
    """Keep outgoing mail in the caller's transaction, one mail per person, and have it delivered by a worker.

    Nobody sees another's address: whoever stands in To, Cc or Bcc gets a mail of their own. This is an edge: the
    clock is read here, because Django's way of sending mail passes no time.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put messages into the outbox; return how many of them had somebody to go to."""
        now = clock.now()
        sent = 0
        for message in email_messages:
            addresses = addressees(message)
            for address in addresses:
                self._keep(message, address, now)
            sent += bool(addresses)
        return sent

    def _keep(self, message: EmailMessage, address: str, now: Any) -> uuid.UUID:
        return actions.keep_mail(
            actor=SYSTEM,
            now=now,
            to=address,
            subject=str(message.subject),
            text=str(message.body),
            html=_html(message),
            sender=str(message.from_email),
            reply_to=", ".join(str(one) for one in message.reply_to),
            headers={name: str(value) for name, value in message.extra_headers.items() if name.lower() in FREE_HEADERS},
            files=[_file(attachment) for attachment in message.attachments],
        )


def addressees(message: EmailMessage) -> list[str]:
    """Return everybody a message is for, each once, in order."""
    given = [str(address) for address in message.recipients()]
    return list(dict.fromkeys(address for _name, address in getaddresses(given) if address))


def _html(message: EmailMessage) -> str:
    if message.content_subtype == "html":
        return str(message.body)
    if isinstance(message, EmailMultiAlternatives):
        for alternative in message.alternatives:
            content, kind = EmailAlternative(*alternative)
            if kind == "text/html":
                return str(content)
    return ""


def _file(attachment: Any) -> FileFacts:
    if isinstance(attachment, MIMEBase):
        content = attachment.get_payload(decode=True)
        raw = content if isinstance(content, bytes) else b""
        return FileFacts(attachment.get_filename() or "file", attachment.get_content_type(), raw)
    name, content, kind = EmailAttachment(*attachment)
    if isinstance(content, str):
        raw = content.encode()
    elif isinstance(content, bytes):
        raw = content
    else:
        raw = (content.message() if isinstance(content, EmailMessage) else content).as_bytes()
    return FileFacts(name or "file", kind or "application/octet-stream", raw)
