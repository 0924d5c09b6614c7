"""Twenty people in twenty browsers: each signs in by a real mail, then opens pages over a connection of their own."""

import contextlib
import email
import email.policy
import html
import http.client
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from aiosmtpd.controller import Controller

CODE = re.compile(r"(?m)^ +(\d[\d -]{6,}\d)\s*$")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Mailbox:
    """Take every mail, and keep the newest code for each address."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        found = CODE.search(str(body.get_content())) if body is not None else None
        if found is not None:
            for address in envelope.rcpt_tos:
                self.codes[address.lower()] = re.sub(r"\D", "", found[1])
        return "250 OK"


@contextlib.contextmanager
def mailbox(port: int) -> Iterator[Mailbox]:
    """Take mail on a port for the block."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


class Browser:
    """One person's browser: one connection that stays open, and its cookies."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.location = ""

    def get(self, path: str) -> tuple[int, str]:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form, with the token of its page."""
        _status, page = self.get(path)
        token = TOKEN.search(page)
        fields["csrfmiddlewaretoken"] = html.unescape(token[1]) if token else ""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "Host": "localhost",
            "Accept-Encoding": "identity",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A connection that was quiet for long was closed: a browser opens another one, and asks once more.
            if method != "GET":
                raise
            self.line.close()
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        text = answer.read().decode()
        self.location = answer.getheader("Location", "")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _is, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, text

    def sign_in(self, address: str, box: Mailbox) -> None:
        """Ask for a mail, wait for it, and type its code."""
        status, _page = self.post("/sign-in/", email=address)
        if status != 302:
            raise RuntimeError(f"{address} can't ask for a mail: {status}")
        deadline = time.monotonic() + 60
        while address not in box.codes:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no mail for {address}")
            time.sleep(0.05)
        status, _page = self.post("/sign-in/code/", code=box.codes.pop(address))
        if status != 302:
            raise RuntimeError(f"{address} isn't let in: {status}")


def at_once(
    browsers: Sequence[Browser],
    address: Callable[[random.Random], str],
    pages: int,
    pause: float = 0.0,
    *,
    whole: bool = True,
) -> list[float]:
    """Let everybody open so many pages at the same time; return how long each took, in milliseconds.

    With `pause` each reads so many seconds on average before opening the next page, as people do. `whole` makes sure
    that pages came to their end.
    """
    times: list[float] = []
    failures: list[str] = []
    gate = threading.Barrier(len(browsers))

    def open_pages(browser: Browser, dice: random.Random) -> None:
        own: list[float] = []
        try:
            browser.get(address(dice))
            gate.wait(120)
            time.sleep(dice.random() * pause)
            for _ in range(pages):
                path = address(dice)
                began = time.perf_counter()
                status, page = browser.get(path)
                own.append((time.perf_counter() - began) * 1000)
                if status != 200 or (whole and "</html>" not in page):
                    raise RuntimeError(f"{path}: {status}")
                time.sleep(dice.uniform(0.5, 1.5) * pause)
        except (RuntimeError, OSError, threading.BrokenBarrierError, http.client.HTTPException) as error:
            failures.append(str(error))
            gate.abort()
        times.extend(own)

    people = [
        threading.Thread(target=open_pages, args=(browser, random.Random(number)))
        for number, browser in enumerate(browsers)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    if failures:
        raise RuntimeError(failures[0])
    return times
