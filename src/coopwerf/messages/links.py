"""Links that are somebody's key: signed for one contact and one purpose, and worth nothing once its salt is another.

    token = links.sign(contact_id, "events.registration")     inside `tenant(coop_id)`
    links.read(token, "events.registration")                  the contact's id, or None

Only who reads the contact's mail has such a link. A scanner opens links too: a GET may show, never change.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection

from django.conf import settings

from .models import Contact

_MAC = 20


def new_salt() -> str:
    """Return a salt for a contact."""
    return secrets.token_urlsafe(24)


def name_purpose(name: str) -> str:
    """Return for what the link is signed by which somebody confirms a name."""
    return f"messages.name {name}"


def sign(contact_id: uuid.UUID, purpose: str) -> str:
    """Return a token for an address; raises Contact.DoesNotExist for who is forgotten or of elsewhere."""
    salt = Contact.objects.values_list("salt", flat=True).get(pk=contact_id, forgotten_at__isnull=True)
    return sign_with(contact_id, salt, purpose)


def sign_many(contact_ids: Collection[uuid.UUID], purpose: str) -> dict[uuid.UUID, str]:
    """Return a token for each contact that is still known, with one question to the database."""
    rows = Contact.objects.filter(pk__in=contact_ids, forgotten_at__isnull=True).values_list("pk", "salt")
    return {contact_id: sign_with(contact_id, salt, purpose) for contact_id, salt in rows}


def sign_with(contact_id: uuid.UUID, salt: str, purpose: str) -> str:
    """Return the token of a contact whose salt is known."""
    whole = contact_id.bytes + _mac(contact_id, salt, purpose)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def read(token: str, purpose: str) -> uuid.UUID | None:
    """Return whose token it is, or None when it isn't signed for this purpose, was revoked, or is of elsewhere."""
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        contact_id = uuid.UUID(bytes=whole[:16])
    except ValueError:
        return None
    if len(whole) != 16 + _MAC:
        return None
    salt = Contact.objects.filter(pk=contact_id, forgotten_at__isnull=True).values_list("salt", flat=True).first()
    if salt is None or not hmac.compare_digest(whole[16:], _mac(contact_id, salt, purpose)):
        return None
    return contact_id


def _mac(contact_id: uuid.UUID, salt: str, purpose: str) -> bytes:
    told = f"coopwerf.messages.links\0{purpose}\0{contact_id}\0{salt}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()[:_MAC]
