"""Sheets that hang on a window or stand beside a shared link: set at once, and kept by what stands on them."""

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable

from django.core.cache import cache
from django.utils.translation import gettext as _

from coopwerf.ui.colours import palette

from .papers.certificate import qr_code
from .rendering import preview, render

LOOK = 1
"""Counts up when the templates change, so that nothing old is shown."""
KEPT_SECONDS = 14 * 24 * 3600
_setting = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PosterFact:
    """A fact on a poster: what it is called, what it is, whether it is written large."""

    label: str
    value: str
    large: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on a poster in one language: title, first sentences, facts, what to do, where, and the small print.

    `share` is how far the building stands, in hundredths, or -1 where that isn't told yet.
    """

    coop: str
    hue: int
    language: str
    title: str
    lead: str
    act: str
    url: str
    shown_url: str
    share: int = -1
    facts: tuple[PosterFact, ...] = ()
    small: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """Return a hash of everything that stands on it."""
        return hashlib.sha256(f"{LOOK} {json.dumps(dataclasses.asdict(self), sort_keys=True)}".encode()).hexdigest()

    def data(self) -> dict[str, object]:
        """Return what its templates read."""
        return {
            "coop": self.coop,
            "title": self.title,
            "lead": self.lead,
            "act": self.act,
            "shown_url": self.shown_url,
            "share": self.share,
            "facts": [dataclasses.asdict(one) for one in self.facts],
            "small": list(self.small),
            "scan": _("Scan the code with your phone, or go to"),
            "qr_alt": _("QR code with the address of the page of this offer"),
        }


def poster_pdf(poster: Poster, at: dt.datetime) -> bytes:
    """Return a poster as PDF/A of one A4 sheet; made once for what stands on it. `at` is written into it."""

    def make() -> bytes:
        raw = {"brand": palette(poster.hue).brand, "soft": palette(poster.hue).soft}
        raw |= {"qr": qr_code(poster.url), "url": poster.url}
        return render("poster.typ", poster.data(), poster.language, at=at, raw=raw)

    return _kept(f"poster:{poster.mark}", make)


def share_picture(poster: Poster) -> bytes:
    """Return the picture beside a shared link as PNG of 1200 by 630 pixels; made once for what stands on it."""

    def make() -> bytes:
        raw = {"brand": palette(poster.hue).brand}
        return preview("share-picture.typ", poster.data(), poster.language, raw=raw, ppi=72)[0]

    return _kept(f"share-picture:{poster.mark}", make)


def _kept(key: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a key in the cache that all processes share, or make it: one at a time in a process."""
    found = cache.get(key)
    if found is None:
        with _setting:
            found = cache.get(key)
            if found is None:
                found = base64.b64encode(make()).decode()
                cache.set(key, found, KEPT_SECONDS)
    return base64.b64decode(found)
