"""What a yard needs to be told as a story: a picture, mails with links, seasons, a day, a crowd, and desks."""

import contextlib
import dataclasses
import datetime as dt
import http.client
import json
import re
import urllib.parse
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from ..launch.conftest import eventually
from .conftest import Installation
from .mailbox import Received

CODE = re.compile(r"\b[CDFHJKLMNPRTVWXY]{3}(?:-[CDFHJKLMNPRTVWXY]{3}){2}\b")
SEASONS = ("de lente van", "de zomer van", "de herfst van", "de winter van")


def this_season() -> int:
    """Return the number of the season that it is now, counted four a year from spring on."""
    today = dt.datetime.now(dt.UTC).date()
    return today.year * 4 + today.month // 3 - 1


def season(code: int) -> tuple[dict[str, str], str]:
    """Return how a season is filled in, and how it reads."""
    year, part = divmod(code, 4)
    return {"part": str(part), "year": str(year)}, f"{SEASONS[part]} {year}-{year + 1}" if part == 3 else (
        f"{SEASONS[part]} {year}"
    )


def photo(folder: Path) -> Path:
    """Take a picture of the yard, with where it was taken in it, as telephones do."""
    picture = Image.new("RGB", (1600, 900), "#22445c")
    draw = ImageDraw.Draw(picture)
    for number in range(6):
        draw.rectangle((200 + number * 200, 200, 360 + number * 200, 760), fill="#e8b04a", outline="#101820", width=6)
    exif = Image.Exif()
    exif[0x010F] = "Telefoon van Leen"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 15.0), 3: "E", 4: (3.0, 43.0, 30.0)})
    file = folder / "server.jpg"
    picture.save(file, exif=exif)
    assert b"Telefoon" in file.read_bytes()
    return file


def linked(installation: Installation, address: str, part: str, *, language: str = "") -> str:
    """Wait for a mail with an address in it that has this part, and return that address."""

    def find() -> list[tuple[Received, str]]:
        mails = installation.mailbox.to(address)
        return [(mail, one) for mail in mails for one in mail.links if part in one]

    mail, found = eventually(find, 60)[-1]
    assert not language or mail.language == language
    return str(found)


def asks(url: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
    """Ask for a page as a program does, with no cookie and no session."""
    parts = urllib.parse.urlsplit(url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    with contextlib.closing(line):
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        line.request(method, f"{parts.path}?{parts.query}".rstrip("?"), body or None, kind | headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def with_subject(installation: Installation, address: str, subject: str) -> list[Received]:
    """Return the mails to somebody with this subject."""
    return [mail for mail in installation.mailbox.to(address) if mail.subject == subject]


@dataclasses.dataclass(frozen=True)
class Hours:
    """A day that begins in a moment and ends before midnight, in a time zone in which there is enough left of it."""

    zone: str
    begins: dt.datetime
    ends: dt.datetime

    @classmethod
    def from_now(cls, seconds: float) -> "Hours":
        """Begin at the first minute after so many seconds; near midnight clocks elsewhere show another hour."""
        for zone in ("Europe/Brussels", "UTC"):
            now = dt.datetime.now(ZoneInfo(zone))
            begins = (now + dt.timedelta(seconds=seconds + 59)).replace(second=0, microsecond=0)
            ends = min(begins + dt.timedelta(hours=7), begins.replace(hour=23, minute=55))
            if ends - begins > dt.timedelta(minutes=40):
                return cls(zone, begins, ends)
        raise AssertionError("it is midnight everywhere")

    def part(self, of: float) -> str:
        """Return the time of day at a fraction of it."""
        return f"{self.begins + (self.ends - self.begins) * of:%H:%M}"


def scenario(gathering: str, sessions: Sequence[str], numbers: Iterable[int], organiser: str) -> str:
    """Write what guests do: register for one of the four formats, and have it confirmed."""
    now = dt.datetime.now(dt.UTC).isoformat()
    here = {"coop_id": "$coop.id"}
    lines = []
    for number in numbers:
        whom = {"email": f"gast{number}@example.org", "language": ("nl", "fr")[number % 2]}
        wish = {"people": [f"Gast{number} Peeters"], "sessions": [sessions[number % 4]]}
        register = {**here, **whom, "gathering_id": gathering, "wish": wish}
        confirm = {**here, "registration_id": f"$g{number}.id"}
        lines += [
            {"at": now, "as": "visitor", "do": "events.register", "with": register, "name": f"g{number}"},
            {"at": now, "as": organiser, "do": "events.confirm_registration", "with": confirm},
        ]
    return "".join(f"{json.dumps(one)}\n" for one in lines)


def ticket(installation: Installation, address: str) -> str:
    """Return the code on the ticket in somebody's mail."""

    def find() -> list[str]:
        return [code for mail in installation.mailbox.to(address) for code in CODE.findall(mail.text)]

    return str(eventually(find, 90)[0])


class Table:
    """A desk on a device of its own, which keeps its line open and its cookie, as a browser does."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self.path = parts.path
        self.line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        self.headers = {"Origin": f"http://{parts.netloc}", "Content-Type": "application/x-www-form-urlencoded"}
        self.fields: dict[str, str] = {}

    def __enter__(self) -> "Table":
        self._page("GET", self.path)
        return self

    def __exit__(self, *_how: object) -> None:
        self.line.close()

    def receives(self, code: str, do: str = "in") -> bool:
        """Type a code and press a button; tell whether something new was noted."""
        page = self._page(
            "POST", f"{self.path}receive/", urllib.parse.urlencode({**self.fields, "text": code, "do": do})
        )
        assert 'class="desk-shown' in page, page
        return "desk-shown--again" not in page

    def _page(self, method: str, path: str, body: str | None = None) -> str:
        self.line.request(method, path, body, self.headers)
        answer = self.line.getresponse()
        page = answer.read().decode()
        if answer.status == 302:
            return self._page("GET", str(answer.headers["Location"]))
        assert answer.status == 200, (answer.status, page)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name = cookie.split("=")[0]
            kept = [one for one in self.headers.get("Cookie", "").split("; ") if one and not one.startswith(f"{name}=")]
            self.headers["Cookie"] = "; ".join([*kept, cookie.split(";")[0]])
        form = page.partition("desk-find")[2].partition("</form>")[0]
        self.fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        return page
