"""Tokens that are mailed: only their hash is kept here."""

import hashlib
import secrets


def new_token() -> str:
    """Return a token of 32 random bytes, fit for an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
