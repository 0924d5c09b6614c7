"""What somebody has filled in so far: signed, in a cookie of their own browser, and kept nowhere else.

Nothing of it stands in an address. It is good for two hours; whoever shares a device can begin afresh.
"""

import dataclasses
import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "coopwerf.capital.draft"
SECONDS = 2 * 60 * 60
SEEN_SECONDS = 24 * 60 * 60
"""How long a page that was left open can still be sent."""
JUST_SENT = 600
NAME = "subscription"
PIECE = 3800
"""What fits into one cookie; very long names need a second one."""
PIECES = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A subscription as far as it is filled in; `key` makes it one subscription however often it is sent."""

    key: uuid.UUID
    for_whom: str = ""
    share_class: str = ""
    quantity: int = 0
    price: str = ""
    version: str = ""
    who: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def amount_per_share(self) -> Decimal:
        """Return the price per share that was shown."""
        return Decimal(self.price)

    @property
    def version_id(self) -> uuid.UUID:
        """Return the version of the offer that was shown."""
        return uuid.UUID(self.version)

    @property
    def has_shares(self) -> bool:
        """Tell whether the first step is done."""
        return bool(self.for_whom and self.quantity and self.price)


def new() -> Draft:
    """Return an empty draft with a key of its own."""
    return Draft(uuid.uuid4())


def seal(draft: Draft) -> str:
    """Return a draft as signed text."""
    return signing.dumps({**dataclasses.asdict(draft), "key": draft.key.hex}, salt=SALT, compress=True)


def unseal(text: str, seconds: int = SECONDS) -> Draft | None:
    """Return the draft that was signed; None where it is too old, or isn't ours."""
    try:
        told: dict[str, Any] = signing.loads(text, salt=SALT, max_age=seconds)
        return Draft(**{**told, "key": uuid.UUID(told["key"])})
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def of(request: HttpRequest) -> Draft | None:
    """Return what this browser filled in so far."""
    text = "".join(request.COOKIES.get(f"{NAME}{piece}", "") for piece in range(PIECES))
    return unseal(text) if text else None


def keep(response: HttpResponse, draft: Draft, path: str) -> None:
    """Let the browser keep a draft, for the pages of this offer."""
    text = seal(draft)
    for piece in range(PIECES):
        part = text[piece * PIECE : (piece + 1) * PIECE]
        if part:
            _set(response, f"{NAME}{piece}", part, path, SECONDS)
        else:
            response.delete_cookie(f"{NAME}{piece}", path=path, samesite="Lax")


def forget(response: HttpResponse, path: str, *, is_sent: bool) -> None:
    """Let the browser forget a draft; for some minutes it still knows that something was sent."""
    for piece in range(PIECES):
        response.delete_cookie(f"{NAME}{piece}", path=path, samesite="Lax")
    if is_sent:
        _set(response, f"{NAME}-sent", "1", path, JUST_SENT)


def has_just_sent(request: HttpRequest) -> bool:
    """Tell whether this browser sent a subscription some minutes ago."""
    return f"{NAME}-sent" in request.COOKIES


def _set(response: HttpResponse, name: str, value: str, path: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
