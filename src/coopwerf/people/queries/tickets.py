"""What stands on the page that a mailed link opens; reading uses nothing up."""

import dataclasses
import datetime as dt
import uuid

from coopwerf.kernel.tokens import token_hash

from ..models import Account, SignInTicket
from ..states import TicketPurpose


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    """Tell for whom a link or code is good, and until when."""

    id: uuid.UUID
    purpose: TicketPurpose
    account_id: uuid.UUID | None
    email: str
    language: str
    attempts_left: int
    expires_at: dt.datetime


def ticket_by_token(token: str, purpose: TicketPurpose, now: dt.datetime) -> Ticket | None:
    """Return the ticket of a link as long as it can be used, else None."""
    return _ticket(now, token_hash=token_hash(token), purpose=purpose.value)


def ticket(ticket_id: uuid.UUID, now: dt.datetime) -> Ticket | None:
    """Return the ticket of a code as long as it can be used, else None."""
    return _ticket(now, pk=ticket_id, attempts_left__gt=0)


def _ticket(now: dt.datetime, **condition: object) -> Ticket | None:
    row = (
        SignInTicket.objects.select_related("account__party")
        .filter(used_at__isnull=True, expires_at__gt=now, **condition)
        .first()
    )
    if row is None:
        return None
    return Ticket(
        row.pk,
        TicketPurpose(row.purpose),
        row.account_id,
        row.email or (row.account.email if row.account else ""),
        row.account.party.language if row.account else "",
        row.attempts_left,
        row.expires_at,
    )


def has_administrator() -> bool:
    """Tell whether an administrator of this installation has signed in."""
    return Account.objects.filter(is_administrator=True, proven_at__isnull=False).exists()
