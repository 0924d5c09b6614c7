"""How to reach people: for writing to them, never for showing to other members."""

import dataclasses
import uuid
from collections.abc import Collection

from ..models import Account, Party, PartyContact


@dataclasses.dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a party, and in which language."""

    email: str
    phone: str
    language: str


def contact_of(party_id: uuid.UUID) -> Contact:
    """Return how to reach a party; raises Party.DoesNotExist."""
    language = Party.objects.values_list("language", flat=True).get(pk=party_id)
    found = PartyContact.objects.filter(party_id=party_id).values_list("email", "phone").first()
    return Contact(*(found or ("", "")), language)


def email_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the e-mail address of each party that has one: of its contact, else of its account."""
    accounts = Account.objects.filter(party_id__in=party_ids, is_active=True).values_list("party_id", "email")
    contacts = PartyContact.objects.filter(party_id__in=party_ids).exclude(email="").values_list("party_id", "email")
    return {**dict(accounts), **dict(contacts)}


def language_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the preferred language (nl, fr, en) of each party."""
    return dict(Party.objects.filter(pk__in=party_ids).values_list("pk", "language"))
