"""In which browsers somebody has signed in."""

import dataclasses
import datetime as dt
import uuid

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from ..states import SEEN, Device, SignInWay, device_of


@dataclasses.dataclass(frozen=True, slots=True)
class OpenSession:
    """Describe a session: which device, from about where, since when, and when it was last seen (to the hour)."""

    id: int
    device: Device
    network: str
    way: SignInWay
    began_at: dt.datetime
    seen_at: dt.datetime
    is_here: bool


def sessions_of(account_id: uuid.UUID, *, here: str, now: dt.datetime) -> list[OpenSession]:
    """Return somebody's open sessions, this browser's (`here` is its key) first, then the last seen; two queries."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user_id=account_id)}
    found = []
    for stored in Session.objects.filter(session_key__in=rows, expire_date__gt=now):
        row = rows[stored.session_key]
        seen = stored.get_decoded().get(SEEN)
        found.append(
            OpenSession(
                id=row.pk,
                device=device_of(row.user_agent),
                network=_shown(str(row.ip)),
                way=SignInWay(row.data["way"]),
                began_at=row.created_at,
                seen_at=dt.datetime.fromtimestamp(seen, dt.UTC) if seen else row.created_at,
                is_here=stored.session_key == here,
            )
        )
    return sorted(found, key=lambda one: (not one.is_here, -one.seen_at.timestamp(), one.id))


def _shown(network: str) -> str:
    """Return a network as the beginning of an address: `203.0.113.x`; empty where it isn't known."""
    if network == "0.0.0.0":
        return ""
    return f"{network.removesuffix('::')}:x" if ":" in network else f"{network.rpartition('.')[0]}.x"
