"""Where mail comes back to: a Maildir, or a mailbox over IMAP. Messages are taken out once they were read.

maildir:/var/mail/bounces              a folder with cur, new and tmp
imaps://user:password@host/INBOX       TLS from the start (port 993)
imap+starttls://user:password@host     TLS after the greeting (port 143)
imap://user:password@localhost         in the clear: for a server on the same machine
"""

import contextlib
import imaplib
import mailbox
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
AT_ONCE = 500
TIMEOUT = 30


def take(url: str, read: Callable[[bytes], None]) -> int:
    """Hand each message to `read`, then take it out of the box; return how many there were, at most `AT_ONCE`.

    A message of which `read` raises stays. Raises ValueError for an address that is none, OSError and imaplib's errors
    when the box can't be opened.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir" and parts.path:
        return _maildir(Path(unquote(parts.path)), read)
    if parts.scheme in PORTS and parts.hostname:
        return _imap(url, read)
    raise ValueError("write maildir:/folder or imaps://user:password@host/INBOX")


def _maildir(folder: Path, read: Callable[[bytes], None]) -> int:
    if not (folder / "new").is_dir():
        raise FileNotFoundError(f"{folder} is no Maildir")
    box = mailbox.Maildir(folder, create=False)
    taken = 0
    for key in sorted(box.keys())[:AT_ONCE]:
        try:
            raw = box.get_bytes(key)
        except KeyError:
            # Another worker was quicker.
            continue
        read(raw)
        box.discard(key)
        taken += 1
    return taken


def _imap(url: str, read: Callable[[bytes], None]) -> int:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    connection: imaplib.IMAP4
    if parts.scheme == "imaps":
        connection = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    else:
        connection = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    try:
        if parts.scheme == "imap+starttls":
            connection.starttls(ssl.create_default_context())
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        box = unquote(parts.path.lstrip("/")) or "INBOX"
        status, told = connection.select('"' + box.replace("\\", "\\\\").replace('"', '\\"') + '"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"{box}: {told!r}")
        _status, found = connection.uid("SEARCH", "UNDELETED")
        taken = 0
        for uid in (found[0] or b"").split()[:AT_ONCE]:
            _status, fetched = connection.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            raw = next((one[1] for one in fetched if isinstance(one, tuple)), None)
            if raw is None:
                continue
            read(raw)
            connection.uid("STORE", uid.decode(), "+FLAGS", r"(\Deleted)")
            taken += 1
        connection.expunge()
        return taken
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            connection.logout()
