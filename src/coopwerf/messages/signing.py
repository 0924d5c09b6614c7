"""DKIM: a signature by which receiving servers know that a mail is ours, and that nobody changed it."""

import functools
from pathlib import Path

import dkim
from django.conf import settings

SIGNED = (
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
)
"""What the signature covers where it is there: RFC 8058 asks for the headers by which a reader leaves."""
# Named once more than they occur, so that nobody adds a second one.
_SEALED = ("from", "subject", "to", "date", "message-id")


@functools.lru_cache(maxsize=4)
def _key(path: str, _changed: float) -> bytes:
    return Path(path).read_bytes()


def is_set() -> bool:
    """Tell whether mail is signed here."""
    return bool(settings.DKIM_KEY)


def signed(content: bytes) -> bytes:
    """Return a mail with its signature before it, or as it is where no key is set.

    Raises OSError when the key can't be read, ValueError when it is none: a mail that should be signed doesn't leave
    without.
    """
    if not is_set():
        return content
    path = Path(settings.DKIM_KEY)
    key = _key(str(path), path.stat().st_mtime)
    domain = settings.DKIM_DOMAIN or settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    head = content.partition(b"\r\n\r\n")[0].lower()
    there = [name for name in SIGNED if b"\r\n" + name.encode() + b":" in b"\r\n" + head]
    try:
        signature = dkim.sign(
            content,
            settings.DKIM_SELECTOR.encode(),
            domain.encode("idna"),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in (*there, *_SEALED)],
        )
    except dkim.DKIMException as error:
        raise ValueError(f"DKIM: {error}") from None
    return bytes(signature) + content
