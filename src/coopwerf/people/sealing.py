"""Secrets that we must be able to read again, sealed with this installation's key before they are stored."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    key = hashlib.sha256(b"coopwerf.people.sealing" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Tell allauth's second factor how to seal its secrets."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was stored; raises cryptography.fernet.InvalidToken when the key is another one."""
        return _box().decrypt(encrypted_text.encode()).decode()
