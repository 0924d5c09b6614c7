"""Handing one mail to a mail server, and understanding its answer."""

import dataclasses
import smtplib
import socket
import ssl
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from .states import Outcome

TIMEOUT = 30
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclasses.dataclass(frozen=True, slots=True)
class Server:
    """A mail server: how to reach it, and as whom."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    timeout: float


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended, and the server's own words."""

    outcome: Outcome
    words: str


def server_of(url: str) -> Server:
    """Return the server that a URL names.

    `smtp://host:25` sends in the clear, `smtp+starttls://user:password@host:587` insists on TLS after the
    greeting, `smtps://user:password@host:465` speaks TLS from the start; `?timeout=30` in seconds.
    Raises ValueError when the URL is none of these.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("write smtp://host, smtp+starttls://user:password@host or smtps://user:password@host")
    query = dict(parse_qsl(parts.query))
    return Server(
        parts.scheme,
        parts.hostname,
        parts.port or SCHEMES[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        float(query.get("timeout", TIMEOUT)),
    )


def deliver(server: Server, *, sender: str, to: str, content: bytes) -> Answer:
    """Hand one mail for one address to a server.

    A server that says no for good (5xx) refuses; whatever else goes wrong puts the mail off. Once the server has
    taken the mail it counts as delivered, however the connection ends.
    """
    try:
        connection = _connect(server)
    except smtplib.SMTPException as error:
        return _put_off(error)
    except (OSError, ssl.SSLError) as error:
        return Answer(Outcome.PUT_OFF, _told(error))
    try:
        return _hand_over(connection, sender, to, content)
    finally:
        _leave(connection)


def _connect(server: Server) -> smtplib.SMTP:
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _hand_over(connection: smtplib.SMTP, sender: str, to: str, content: bytes) -> Answer:
    code, said = 0, b""
    commands: list[Callable[[], tuple[int, bytes]]] = [
        lambda: connection.mail(sender),
        lambda: connection.rcpt(to),
        lambda: connection.data(content),
    ]
    for command in commands:
        try:
            code, said = command()
        except smtplib.SMTPResponseException as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Outcome.PUT_OFF, _told(error))
        if code >= 500:
            return Answer(Outcome.REFUSED, _words(code, said))
        if code >= 400 or code < 200:
            return Answer(Outcome.PUT_OFF, _words(code, said))
    return Answer(Outcome.DELIVERED, _words(code, said))


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _put_off(error: smtplib.SMTPException) -> Answer:
    """Wait when it isn't this mail that is refused: a greeting, TLS or a password that doesn't work."""
    if isinstance(error, smtplib.SMTPResponseException):
        return Answer(Outcome.PUT_OFF, _words(error.smtp_code, _bytes(error.smtp_error)))
    return Answer(Outcome.PUT_OFF, _told(error))


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _words(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}".replace("\x00", "").strip()[:2000]


def _told(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"the name of the mail server is not known: {error}"
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]
