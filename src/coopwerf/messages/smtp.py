"""Handing mail to a mail server, and understanding its answer."""

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
    """How an attempt ended, and the server's own words; `is_down` where it can't even be reached."""

    outcome: Outcome
    words: str
    is_down: bool = False


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


class Line:
    """A connection to a server that stays open from mail to mail; opened when the first one comes.

    A server that says no for good (5xx) refuses; whatever else goes wrong before the whole mail was handed over puts
    it off. Where the connection breaks between the last byte and the server's answer, nobody knows: in doubt.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._used = 0

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection in good order, where there is one."""
        if self._connection is not None:
            _leave(self._connection)
            self._connection, self._used = None, 0

    def deliver(self, *, sender: str, to: str, content: bytes) -> Answer:
        """Hand over one mail for one address; raises nothing."""
        answer = self._once(sender, to, content)
        # A line that was kept open may have been closed at the other end: that says nothing of this mail.
        if answer is None:
            answer = self._once(sender, to, content)
        return answer or Answer(Outcome.PUT_OFF, "the connection was closed")

    def _once(self, sender: str, to: str, content: bytes) -> Answer | None:
        if self._connection is None:
            try:
                self._connection, self._used = _connect(self._server), 0
            except smtplib.SMTPException as error:
                return dataclasses.replace(_put_off(error), is_down=True)
            except (OSError, ssl.SSLError) as error:
                return Answer(Outcome.PUT_OFF, _told(error), is_down=True)
        self._used += 1
        answer, is_sound = _hand_over(self._connection, sender, to, content)
        if not is_sound:
            was_used, connection = self._used > 1, self._connection
            self._connection = None
            connection.close()
            if was_used and answer.outcome is Outcome.PUT_OFF:
                return None
        elif answer.outcome is not Outcome.DELIVERED:
            self._start_anew()
        return answer

    def _start_anew(self) -> None:
        """Let the server forget a mail that it didn't take."""
        assert self._connection is not None
        try:
            self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._connection.close()
            self._connection = None


def deliver(server: Server, *, sender: str, to: str, content: bytes) -> Answer:
    """Hand one mail for one address to a server, over a connection of its own."""
    with Line(server) as line:
        return line.deliver(sender=sender, to=to, content=content)


def _connect(server: Server) -> smtplib.SMTP:
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        # The final dot is a write of its own: without this it waits for the other side to confirm the text, 40 ms.
        if connection.sock is not None:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


def _hand_over(connection: smtplib.SMTP, sender: str, to: str, content: bytes) -> tuple[Answer, bool]:
    """Return how it went, and whether the connection can be used for another mail."""
    commands: list[Callable[[], tuple[int, bytes]]] = [
        lambda: connection.mail(sender),
        lambda: connection.rcpt(to),
        lambda: connection.docmd("DATA"),
    ]
    for command in commands:
        try:
            code, said = command()
        except smtplib.SMTPResponseException as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Outcome.PUT_OFF, _told(error)), False
        if code >= 500:
            return Answer(Outcome.REFUSED, _words(code, said)), True
        if code >= 400 or code < 200:
            # 421: the server is about to hang up.
            return Answer(Outcome.PUT_OFF, _words(code, said)), code != 421
    try:
        connection.send(_stuffed(content))
    except (smtplib.SMTPException, OSError) as error:
        # Without its end the server can't have taken it.
        return Answer(Outcome.PUT_OFF, _told(error)), False
    try:
        connection.send(b".\r\n")
        code, said = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return Answer(Outcome.IN_DOUBT, _told(error)), False
    if code >= 500:
        return Answer(Outcome.REFUSED, _words(code, said)), True
    if code >= 400 or code < 200:
        return Answer(Outcome.PUT_OFF, _words(code, said)), code != 421
    return Answer(Outcome.DELIVERED, _words(code, said)), True


def _stuffed(content: bytes) -> bytes:
    """Return a mail as it goes over the line: a dot that begins a line is doubled, and the last line ends."""
    whole = content.replace(b"\r\n.", b"\r\n..")
    whole = b"." + whole if whole.startswith(b".") else whole
    return whole if whole.endswith(b"\r\n") else whole + b"\r\n"


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
