"""Shapes of what programs send and get: nothing but what is told, amounts as text, dates as in ISO 8601."""

import contextlib
import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from ..money import CENT

T = TypeVar("T")

AMOUNT = r"^-?[0-9]{1,14}\.[0-9]{2,4}$"
Amount = Annotated[str, StringConstraints(pattern=AMOUNT), Field(description="In euro, as text: “1250.00”.")]
# No control characters: a database keeps no NUL, and nobody types the others into one line.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]
Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80),
    Field(description="The name of the co-operative in addresses.", examples=["wolkenwerf"]),
]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at once, at most.")]


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_iso(value: Any) -> Any:
    """Let no number pass for a day: a program that sends seconds since 1970 is told so."""
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(value)
    raise PydanticCustomError("date_parsing", "not a date")


Date = Annotated[dt.date, BeforeValidator(_as_iso)]
Whole = Annotated[int, Field(strict=True)]
Truth = Annotated[bool, Field(strict=True)]


class Asked(Schema):
    """What a program sends; more than is told is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Answer(Schema):
    """What a program gets; nothing comes that isn't told."""

    model_config = ConfigDict(extra="forbid")


class Page(Answer, Generic[T]):
    """Some of a list, and the cursor of what follows; null at its end."""

    items: list[T]
    next: str | None = Field(description="Hand it over as “cursor” for what follows; null at the end.")


class Trouble(Answer):
    """One thing that doesn't fit in what was sent."""

    at: str = Field(description="Where: “query.at”, “body.shares.quantity”.")
    code: str
    detail: str


class Problem(Answer):
    """Why something wasn't done (RFC 9457): `code` and `detail` are those of the pages."""

    type: str = Field(description="“urn:coopwerf:” and the code.")
    title: str
    status: int
    code: str = Field(description="What is the matter, for programs: the same code as on the pages.")
    detail: str = Field(description="What is the matter and what to do, in the language of Accept-Language.")
    errors: list[Trouble] = Field(description="Each thing that doesn't fit; empty where it isn't about what was sent.")


def amount(value: Decimal) -> str:
    """Return an amount as programs get it: with two decimals, or up to four where a price per share has them."""
    exact = value.normalize()
    return f"{value.quantize(CENT) if exact == exact.quantize(CENT) else exact:f}"
