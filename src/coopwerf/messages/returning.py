"""What comes back: notices that a mail couldn't be delivered (RFC 3464), told apart from all other answers."""

import dataclasses
import email
import email.policy
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import Final

from django.conf import settings

from .states import BounceKind

_MAC = 10
_VERP: Final = re.compile(r"\+([0-9a-f]{32})-([0-9a-f]{10})@")
_OURS: Final = re.compile(r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>\s]+>?")
_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What may pass by waiting, although its server says "for good": RFC 3463. A full mailbox is emptied one day.
_PASSES: Final = ("5.2.2", "5.2.3", "5.3.4", "5.7.")
LARGEST = 2 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Returned:
    """A notice that a mail came back; `message_id` of the mail where no address of ours names it."""

    mail_id: uuid.UUID
    message_id: str
    kind: BounceKind
    status: str
    words: str
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class NotReturned:
    """Any other message, and what it is: `auto_reply`, `delay`, `delivered`, `unknown_mail`, `unsealed` or `other`."""

    what: str


def return_address(mail_id: uuid.UUID) -> str:
    """Return where a mail comes back to: an address that names it, where the installation has one for that."""
    if not settings.BOUNCE_ADDRESS:
        return str(settings.DEFAULT_FROM_EMAIL)
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{mail_id.hex}-{_mac(mail_id)}@{domain}"


def read(raw: bytes) -> Returned | NotReturned:
    """Say what a message is. Nothing is ever answered, and what isn't a notice of delivery counts for nothing."""
    message = email.message_from_bytes(raw[:LARGEST], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    report = _report(message)
    if report is None:
        return NotReturned("auto_reply" if is_automatic(message) else "other")
    action, status, words = report
    if action in ("delivered", "relayed", "expanded"):
        return NotReturned("delivered")
    if action == "delayed":
        # It is still on its way: nothing came back.
        return NotReturned("delay")
    found = _which(message)
    if found is None:
        return NotReturned("unknown_mail")
    if found[1] and settings.BOUNCE_ADDRESS:
        # What really comes back, comes to the sealed address. Who was passed a mail on knows its Message-ID: they
        # could have its reader left alone.
        return NotReturned("unsealed")
    is_soft = status.startswith(("4.", *_PASSES))
    return Returned(
        mail_id=found[0],
        message_id=found[1],
        kind=BounceKind.SOFT if is_soft else BounceKind.HARD,
        status=status,
        words=words,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def is_automatic(message: Message) -> bool:
    """Tell whether a machine wrote a message: an answer of somebody on holiday, a list, a loop."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or message.get("X-Auto-Response-Suppress") is not None
        or message.get("X-Autoreply") is not None
        or str(message.get("Return-Path", "x")).strip() in ("<>", "")
    )


def _report(message: EmailMessage) -> tuple[str, str, str] | None:
    """Return action, status and the other server's words of the first recipient that a notice is about."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            action = str(block.get("Action", "")).strip().lower()
            if action not in ("failed", "delayed", "delivered", "relayed", "expanded"):
                continue
            told = " ".join(str(block.get("Diagnostic-Code", "")).split())
            status = _STATUS.search(str(block.get("Status", "")))
            known = status[1] if status else ""
            # Some servers write 5.0.0 and say what they mean in words.
            better = _STATUS.search(told)
            if better and better[1][0] == (known or better[1])[0] and known[1:] in ("", ".0.0"):
                known = better[1]
            return action, known or ("5.0.0" if action == "failed" else "4.0.0"), told.partition(";")[2].strip() or told
    return None


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))
        return
    for text in re.split(r"\r?\n\r?\n", str(payload)):
        yield email.message_from_string(text)


def _which(message: EmailMessage) -> tuple[uuid.UUID, str] | None:
    """Return the mail of ours that came back: by the address it came back to, or by its Message-ID in the notice."""
    for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        for value in message.get_all(name, []):
            named = _VERP.search(str(value))
            if named:
                mail_id = uuid.UUID(hex=named[1])
                if hmac.compare_digest(named[2], _mac(mail_id)):
                    return mail_id, ""
    for part in message.walk():
        if part.get_content_type() not in ("message/rfc822", "text/rfc822-headers", "message/global-headers"):
            continue
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        # The headers alone come as text.
        head = inner if isinstance(inner, Message) else email.message_from_string(_text(part))
        ours = _OURS.fullmatch(str(head.get("Message-ID", "")).strip())
        if ours:
            return uuid.UUID(ours[1]), ours[0]
    return None


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _mac(mail_id: uuid.UUID) -> str:
    told = b"coopwerf.messages.returning\0" + mail_id.bytes
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:_MAC]
