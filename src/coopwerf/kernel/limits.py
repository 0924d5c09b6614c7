"""How often something may be tried, counted where all processes share it: in the database."""

import datetime as dt
import ipaddress

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .questions import ask
from .web import Request


def once_more(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more try and tell whether it may go on: at most `most` within any `seconds`.

    Each try takes a place that comes free after `seconds`. Two processes never take the same place. Only a hash of
    `who` (an address, a network) is kept. Call it outside a transaction: undone work would give the place back.
    """
    key = _hashed(what, who)
    places = [f"limit:{key}:{number}" for number in range(most)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, timeout=seconds) for place in places if place not in taken)


def once_more_here(request: Request, what: str, *, from_one_place: int, in_all: int, seconds: int = 3600) -> bool:
    """Count a form that anybody may send in a co-operative, and tell whether it may go on.

    At most so many within any `seconds` from one connection, and so many from all of them together.
    """
    coop = str(request.coop.id)
    return once_more(what, f"{coop} {visitor(request)}", most=from_one_place, seconds=seconds) and once_more(
        what, coop, most=in_all, seconds=seconds
    )


_COUNT = """
INSERT INTO kernel_tally AS t (who, stretch, length, number) VALUES (%(who)s, %(stretch)s, %(length)s, 1)
ON CONFLICT (who) DO UPDATE SET
    stretch = EXCLUDED.stretch,
    length = EXCLUDED.length,
    number = CASE WHEN (t.stretch, t.length) = (EXCLUDED.stretch, EXCLUDED.length) THEN t.number + 1 ELSE 1 END
RETURNING number
"""


def count(what: str, who: str, now: dt.datetime, *, seconds: int = 60) -> int:
    """Count what is asked very often, and return how often in this minute, or stretch of so many seconds.

    One statement, which writes nothing that has to survive a crash. Only a hash of `who` is kept, for a day. Call it
    outside a transaction: undone work would take the number back, and others would wait.
    """
    told = {"who": _hashed(what, who), "stretch": int(now.timestamp()) // seconds, "length": seconds}
    return int(ask(_COUNT, told)[0][0])


def forget_counts(now: dt.datetime) -> None:
    """Forget who asked, once nothing was asked for a day."""
    ask(
        "DELETE FROM kernel_tally WHERE (stretch + 1) * length < %(before)s RETURNING 1",
        {"before": int(now.timestamp()) - 86_400},
    )


def _hashed(what: str, who: str) -> str:
    return salted_hmac("coopwerf.kernel.limits", f"{what} {who}", algorithm="sha256").hexdigest()


def visitor(request: HttpRequest) -> str:
    """Return from which connection a request comes: an IPv4 address, or the network of an IPv6 one."""
    return _network(request, 32, 64)


def rough_network(request: HttpRequest) -> str:
    """Return from about where a request comes: the first parts of its address, not which device it is."""
    return _network(request, 24, 48)


def _network(request: HttpRequest, v4: int, v6: int) -> str:
    try:
        address = ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "0.0.0.0"
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    prefix = v4 if address.version == 4 else v6
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False).network_address)
