"""A mail server that takes what it is given, and can be told to refuse it."""

import dataclasses
import email
import email.policy
import re
import threading
import time
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ..launch.conftest import free_port

LINK = re.compile(r"https?://\S+")
CODE = re.compile(r"(?m)^ +(\d[\d -]{6,}\d)\s*$")


@dataclasses.dataclass(frozen=True)
class Received:
    """One mail as its reader gets it."""

    to: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Return the subject."""
        return str(self.message["Subject"])

    @property
    def language(self) -> str:
        """Return the language that the mail says it is in."""
        return str(self.message["Content-Language"] or "")

    @property
    def text(self) -> str:
        """Return the plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def html(self) -> str:
        """Return the HTML, or nothing."""
        body = self.message.get_body(("html",))
        return "" if body is None else str(body.get_content())

    @property
    def links(self) -> list[str]:
        """Return the addresses in the text."""
        return [link.rstrip(".,)>") for link in LINK.findall(self.text)]

    @property
    def code(self) -> str:
        """Return the code that stands on a line of its own."""
        found = CODE.search(self.text)
        assert found is not None, self.text
        return found[1]

    def files(self) -> dict[str, bytes]:
        """Return what goes along."""
        return {
            str(part.get_filename()): bytes(part.get_payload(decode=True) or b"")
            for part in self.message.iter_attachments()
        }


class Mailbox:
    """All mail of an installation, read like everybody's mailbox at once."""

    def __init__(self) -> None:
        self.answer = "250 taken"
        self.drops = False
        self.hangs_up = False
        self.senders: list[str] = []
        self.raw: list[bytes] = []
        self.tried = 0
        self._mails: list[Received] = []
        self._news = threading.Condition()
        self._port = free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen, always on the same port."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    @property
    def url(self) -> str:
        """Return what COOPWERF_SMTP_URL names."""
        return f"smtp://127.0.0.1:{self._port}?timeout=5"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:  # theirs
        """Take an address, or hang up before anything was said."""
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # theirs
        """Take a mail, or say the words that this server was told to say."""
        self.tried += 1
        if self.drops:
            assert server.transport is not None
            server.transport.abort()
            return "451 gone"
        if self.answer.startswith("250"):
            content: Any = envelope.original_content or envelope.content
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            with self._news:
                self.senders.append(str(envelope.mail_from))
                self.raw.append(content)
                self._mails += [Received(address, message) for address in envelope.rcpt_tos]
                self._news.notify_all()
        return self.answer

    def to(self, address: str) -> list[Received]:
        """Return the mails for an address, oldest first."""
        with self._news:
            return [mail for mail in self._mails if mail.to == address]

    def all(self) -> list[Received]:
        """Return every mail, oldest first."""
        with self._news:
            return list(self._mails)

    def wait_for(self, address: str, *, number: int = 1, seconds: float = 30.0) -> Received:
        """Return the latest mail for an address, once there are so many."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                there = [mail for mail in self._mails if mail.to == address]
                if len(there) >= number:
                    return there[-1]
                left = deadline - time.monotonic()
                assert left > 0, f"no mail no. {number} for {address}; there is {[m.to for m in self._mails]}"
                self._news.wait(left)
