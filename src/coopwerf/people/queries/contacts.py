"""How to reach people: for writing to them, never for showing to other members."""

import dataclasses
import uuid
from collections.abc import Collection

from django.db import connection

from ..models import Party, PartyContact
from .accounts import account_of


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
    if not party_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT party_id, email, 1 FROM people_account WHERE party_id = ANY(%(parties)s) AND is_active
            UNION ALL
            SELECT party_id, email, 2 FROM people_partycontact WHERE party_id = ANY(%(parties)s) AND email <> ''
            ORDER BY 3
            """,
            {"parties": list(party_ids)},
        )
        return {party_id: email for party_id, email, _of in cursor.fetchall()}


def emails_of(party_id: uuid.UUID) -> list[str]:
    """Return every e-mail address of a party: where it is reached, and with which it signs in."""
    account = account_of(party_id)
    return sorted({*email_of([party_id]).values(), *([account.email] if account else [])})


def language_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the preferred language (nl, fr, en) of each party."""
    return dict(Party.objects.filter(pk__in=party_ids).values_list("pk", "language"))
