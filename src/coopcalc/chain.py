"""The chain under the registers: how a record is written, linked to the one before it, and committed to unseen.

This module is the only implementation. The application that writes the chain and the verifiers that check it both use
it, so that a difference between the two can't hide in a second spelling of the same rule.

- *Canonical text*: JSON in UTF-8, keys sorted by code point, no whitespace, characters outside ASCII written as
  themselves; only text, whole numbers, truth values, null, lists and objects. Amounts and dates are text. A float has
  no single exact text: refused.
- *Link*: the canonical text of position, time, kind and body. Its hash is SHA-256 over the previous hash and that text.
  The hash before the first link depends on the co-operative, so that no chain can be passed off as another's.
- *Commitment*: SHA-256 over a secret random salt and a canonical record. The chain holds the commitment; the record and
  its salt are kept beside it and may be erased, after which the chain neither tells nor lets anybody guess who it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from json import JSONEncoder
from typing import Final, Self
from uuid import UUID

GENESIS_PREFIX: Final = "coopwerf:chain:1:"

_HEAD = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{64})", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KIND = re.compile(r"[a-z][a-z_]*", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)

_encode = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: object) -> str:
    """Write a value as canonical text.

    Raises TypeError for what has no single exact text: floats, decimals, dates, tuples, keys that are not text.
    Raises ValueError for half a surrogate pair, which has no UTF-8.
    """
    _require_canonical(value)
    text = _encode(value)
    text.encode()  # half a surrogate pair: UnicodeEncodeError is a ValueError
    return text


def _require_canonical(value: object) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
            _require_canonical(inner)
    elif isinstance(value, list):
        for inner in value:
            _require_canonical(inner)
    else:
        raise TypeError(f"{type(value).__name__} has no canonical text")


def instant(at: datetime) -> str:
    """Write a moment as the chain writes it: UTC, always six decimals, `2026-11-23T10:00:00.000000Z`.

    Raises ValueError for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def is_instant(text: str) -> bool:
    """Tell whether a text has the form that `instant` writes."""
    return _INSTANT.fullmatch(text) is not None


def genesis(coop: UUID | str) -> str:
    """Give the hash that stands before a co-operative's first link, as 64 hex digits.

    Raises ValueError for what is no UUID.
    """
    return sha256(f"{GENESIS_PREFIX}{UUID(str(coop))}".encode()).hexdigest()


def link_text(*, position: int, at: datetime | str, kind: str, body: Mapping[str, object] | str) -> str:
    """Write a link as canonical text.

    `position` counts from 1; `at` is a moment or what `instant` made of it; `body` is an object, or its canonical text,
    which is pasted as it is: the caller vouches that it is canonical. Raises ValueError for a position, moment or kind
    of another shape.
    """
    moment = at if isinstance(at, str) else instant(at)
    if position < 1 or not _KIND.fullmatch(kind) or not is_instant(moment):
        raise ValueError(f"not a link: position {position}, kind {kind!r}, at {moment!r}")
    pasted = body if isinstance(body, str) else canonical(dict(body))
    return f'{{"at":"{moment}","body":{pasted},"kind":"{kind}","position":{position}}}'


def link_hash(previous: str, text: str) -> str:
    """Give the hash of a link from the hash before it (64 hex digits) and its canonical text."""
    return sha256(bytes.fromhex(previous) + text.encode()).hexdigest()


def commitment(salt: str, record: Mapping[str, object] | str) -> str:
    """Commit to a private record, or to its canonical text, under a salt of 16 random bytes written as 32 hex digits.

    Raises ValueError for a salt of another shape.
    """
    if not _SALT.fullmatch(salt):
        raise ValueError("a salt is 32 hex digits")
    text = record if isinstance(record, str) else canonical(dict(record))
    return sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """A point in a chain: the position of its last link and the hash there. What gets printed, mailed and compared."""

    position: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a head as it is printed, `position:hash`. Raises ValueError for anything else."""
        match = _HEAD.fullmatch(text.strip())
        if match is None:
            raise ValueError("a head is a position, a colon and 64 hex digits")
        return cls(int(match[1]), match[2])

    @classmethod
    def before_first(cls, coop: UUID | str) -> Self:
        """Give the head of a co-operative's chain before its first link."""
        return cls(0, genesis(coop))

    def after(self, text: str) -> "Head":
        """Give the head once a link with this canonical text has been added."""
        return Head(self.position + 1, link_hash(self.hash, text))

    def __post_init__(self) -> None:
        """Refuse a head that couldn't be printed and read back."""
        if self.position < 0 or not _HASH.fullmatch(self.hash):
            raise ValueError("a head is a position from 0 and 64 hex digits")

    def __str__(self) -> str:
        """Write the head as it is printed."""
        return f"{self.position}:{self.hash}"
