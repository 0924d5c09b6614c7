"""Which kinds of documents there are: each declared by the package that knows the facts."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict

from .base import PaperFacts


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which document somebody wants: its co-operative, whom it concerns, in which language, as of when.

    `params` are the kind's own arguments: ids, codes and numbers, no personal data.
    """

    coop_id: uuid.UUID
    party_id: uuid.UUID | None
    language: str
    as_of: dt.date | None
    known_position: int | None
    params: Mapping[str, Any]
    document_id: uuid.UUID | None = None


Builder = Callable[[Wanted, dt.datetime], PaperFacts]
Policy = Callable[[Actor, Wanted, dt.date], Verdict]
Confirmation = Callable[[uuid.UUID, uuid.UUID], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its code `<app>.<what>`, its name for people, who gathers its facts, who may have it.

    `confirmed_at(coop_id, document_id)` is the path of the public page that confirms a paper that was made, or empty.
    """

    code: str
    name: str | Promise
    build: Builder
    may_ask: Policy
    may_read: Policy
    confirmed_at: Confirmation | None = None


_kinds: dict[str, Kind] = {}


def declare(
    code: str,
    *,
    name: str | Promise,
    build: Builder,
    may_ask: Policy,
    may_read: Policy,
    confirmed_at: Confirmation | None = None,
) -> Kind:
    """Make a kind of document known.

    `build(wanted, now)` runs in a worker inside the co-operative, with the language active. The policies answer
    for actor, wish and date; whom a document concerns and who asked for it may read it anyway.
    Raises ValueError when the code is taken or malformed.
    """
    if not re.fullmatch(r"[a-z]+\.[a-z_]+", code):
        raise ValueError(f"{code} is not the code of a kind")
    if code in _kinds:
        raise ValueError(f"{code} is declared already")
    _kinds[code] = Kind(code, name, build, may_ask, may_read, confirmed_at)
    return _kinds[code]


def known_kinds() -> Mapping[str, Kind]:
    """Return every declared kind by code."""
    return _kinds
