"""Identifiers that sort by the moment they were made."""

import os
import time
import uuid

_MARKS = 0x7 << 76 | 0b10 << 62
_RANDOM = ((1 << 80) - 1) & ~(0xF << 76 | 0b11 << 62)


def uuid7() -> uuid.UUID:
    """Return a new version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    # Ten random bytes at once, with version and variant written over six of their bits.
    random = int.from_bytes(os.urandom(10)) & _RANDOM
    return uuid.UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | _MARKS | random)
