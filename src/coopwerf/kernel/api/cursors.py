"""Cursors: where a list goes on, opaque to whoever carries them, and of no use elsewhere."""

from typing import Annotated, Any

from django.core import signing
from pydantic import Field

from ..refusals import Refused

Cursor = Annotated[str, Field(min_length=1, max_length=2000, description="The “next” of the page before.")]
SALT = "coopwerf.kernel.api.cursor"


def packed(which: str, *place: str | int) -> str:
    """Return a cursor for a place in a list; `which` names the list, with all that it was asked for."""
    return signing.dumps([which, *place], salt=SALT)


def unpacked(which: str, cursor: str | None) -> list[Any] | None:
    """Return the place that a cursor of this list stands for, or None without one; raises Refused kernel.api_cursor."""
    if cursor is None:
        return None
    try:
        named, *place = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("kernel.api_cursor", path="query.cursor") from None
    if named != which:
        raise Refused("kernel.api_cursor", path="query.cursor")
    return list(place)
