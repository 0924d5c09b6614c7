"""A mail that many get: put into its final form once, and filled for each reader in microseconds.

What differs stands in the text as a mark, a character that no text holds otherwise. The text around the marks is
encoded beforehand, so that a reader's own words only have to be encoded and laid between.
"""

import binascii
import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final

from django.utils.html import escape

from .addresses import envelope

SALUTATION: Final = "\ue000"
MANAGE: Final = "\ue001"
LEAVE: Final = "\ue002"
MARKS: Final = {SALUTATION: "salutation", MANAGE: "manage", LEAVE: "leave"}
_MARKS: Final = re.compile(f"([{''.join(MARKS)}])")
_BOUNDARY: Final = "=_coopwerf_c1f4a6e2_alternative"


def without_marks(text: str) -> str:
    """Return what somebody wrote, without the characters that stand for something here."""
    return re.sub("[\ue000-\uf8ff\x00]", "", text)


def filled(text: str, fills: Mapping[str, str]) -> str:
    """Return a text with a reader's own words for its marks."""
    for mark, name in MARKS.items():
        text = text.replace(mark, fills.get(name, ""))
    return text


@dataclasses.dataclass(frozen=True, slots=True)
class BulkText:
    """One of the texts of a batch, with its marks."""

    language: str
    subject: str
    text: str
    html: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Who gets one of the mails, and what stands in it for them alone (by the names in `MARKS`)."""

    to: str
    message_id: str
    made_at: dt.datetime
    fills: Mapping[str, str]


class BulkForm:
    """A mail of a batch in one of its texts, ready to be filled."""

    def __init__(self, text: BulkText, *, sender: str, reply_to: str, list_id: str) -> None:
        name, address = parseaddr(sender)
        heads = [
            f"From: {formataddr((_word(name), envelope(address)))}",
            *([f"Reply-To: {_reply(reply_to)}"] if reply_to else []),
            f"Subject: {_word(text.subject, 'Subject')}",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"',
            f"Content-Language: {text.language}",
            # Nobody's holiday answers; and whoever answers all the same is known by it.
            "Auto-Submitted: auto-generated",
            "Precedence: bulk",
            "X-Auto-Response-Suppress: All",
            *([f"List-Id: {list_id}", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"] if list_id else []),
        ]
        self._heads = "\r\n".join(heads).encode("ascii") + b"\r\n"
        self._can_leave = bool(list_id)
        self._pieces = [
            *_part("text/plain", text.text, False),
            *_part("text/html", text.html, True),
            (f"--{_BOUNDARY}--\r\n".encode(), None),
        ]

    def filled(self, reader: Reader) -> bytes:
        """Return the mail as a server takes it."""
        own = [
            f"To: {_one_line(envelope(reader.to))}",
            f"Message-ID: {_one_line(reader.message_id)}",
            f"Date: {format_datetime(reader.made_at)}",
        ]
        if self._can_leave:
            own.append(f"List-Unsubscribe: <{_one_line(reader.fills['leave'])}>")
        whole = [self._heads, "\r\n".join(own).encode("ascii"), b"\r\n\r\n"]
        for encoded, slot in self._pieces:
            whole.append(encoded)
            if slot is not None:
                name, is_html = slot
                words = reader.fills.get(name, "")
                whole.append(_quoted(escape(words) if is_html else words))
        return b"".join(whole)


_Slot = tuple[str, bool] | None


def _part(kind: str, text: str, is_html: bool) -> list[tuple[bytes, _Slot]]:
    head = (
        f"--{_BOUNDARY}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    pieces: list[tuple[bytes, _Slot]] = [(head.encode(), None)]
    for piece in _MARKS.split(text):
        if piece in MARKS and piece:
            pieces.append((b"", (MARKS[piece], is_html)))
        elif piece:
            pieces.append((_quoted(piece), None))
    pieces.append((b"\r\n", None))
    return pieces


def _quoted(text: str) -> bytes:
    """Return text in quoted-printable, its last line left open so that more can follow on a line of its own."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        # Without newlines in it each blank at the end of a line is encoded too, as it has to be.
        encoded = binascii.b2a_qp(line.encode(), istext=True).replace(b"\n", b"\r\n")
        lines.append(b"=2E" + encoded[1:] if encoded.startswith(b".") else encoded)
    return b"\r\n".join(lines) + b"=\r\n"


def _word(text: str, name: str = "From") -> str:
    line = " ".join(text.split())
    if line.isascii():
        return line
    return Header(line, "utf-8", header_name=name).encode(linesep="\r\n")


def _reply(text: str) -> str:
    name, address = parseaddr(text)
    return formataddr((_word(name), envelope(address)))


def _one_line(text: str) -> str:
    if any(c in text for c in "\r\n\x00"):
        raise ValueError("a header has one line")
    return text
