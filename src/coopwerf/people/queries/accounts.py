"""Who signs in."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Q, QuerySet, Value

from coopwerf.kernel.actor import VISITOR, Actor, ActorKind

from ..models import Account as Row
from ..models import PartyContact, Representation
from ..states import PartyKind


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """What others may know of an account."""

    id: uuid.UUID
    party_id: uuid.UUID
    email: str
    language: str
    is_administrator: bool


def actor_of(account_id: uuid.UUID, *, on: dt.date, acting_for: uuid.UUID | None = None) -> Actor:
    """Return the actor who signs in with an account, with whom they represent on a date; a visitor when there is none.

    `acting_for` is dropped when that person doesn't represent that party on that date.
    """
    return actor_and_language(account_id, on=on, acting_for=acting_for)[0]


def actor_and_language(account_id: uuid.UUID, *, on: dt.date, acting_for: uuid.UUID | None = None) -> tuple[Actor, str]:
    """Return what `actor_of` returns, and that person's preferred language; empty for a visitor."""
    fields = ("party_id", "is_administrator", "party__language", "email")
    found = Row.objects.filter(pk=account_id, is_active=True).values_list(*fields).first()
    if found is None:
        return VISITOR, ""
    party_id, is_administrator, language, email = found
    represented = Representation.objects.filter(in_force(on), agent_id=party_id)
    others: dict[bool, set[uuid.UUID]] = {True: set(), False: set()}
    for other, is_also in represented.values_list("principal_id", Value(False)).union(_known_as(email)):
        others[is_also].add(other)
    represents = frozenset(others[False])
    actor = Actor(
        kind=ActorKind.PERSON,
        account_id=account_id,
        party_id=party_id,
        is_administrator=is_administrator,
        represents=represents,
        acting_for=acting_for if acting_for in represents else None,
        also=frozenset(others[True] - represents),
    )
    return actor, language


def _known_as(email: str) -> "QuerySet[PartyContact, tuple[uuid.UUID, bool]]":
    """Find people who can't sign in themselves and are reached at this address: several registers may know somebody.

    Whoever reads a mailbox can sign in with it, so this opens nothing that the mailbox didn't open.
    """
    rows = PartyContact.objects.filter(
        email=email, party__kind=PartyKind.PERSON.value, party__erased_at__isnull=True, party__account__isnull=True
    )
    return rows.values_list("party_id", Value(True))


def actor_by_email(email: str, *, on: dt.date) -> Actor:
    """Return the actor who signs in with an e-mail address; a visitor when there is none."""
    found = Row.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    return VISITOR if found is None else actor_of(found, on=on)


def account_by_email(email: str) -> Account | None:
    """Return the account that signs in with an e-mail address, or None."""
    return _account(Q(email=email.strip().lower()))


def account_of(party_id: uuid.UUID) -> Account | None:
    """Return the account of a party, or None."""
    return _account(Q(party_id=party_id))


def count_administrators() -> int:
    """Return how many administrate this installation."""
    return Row.objects.filter(is_administrator=True, is_active=True).count()


def _account(condition: Q) -> Account | None:
    fields = ("id", "party_id", "email", "party__language", "is_administrator")
    found = Row.objects.filter(condition, is_active=True).values_list(*fields).first()
    return None if found is None else Account(*found)


def in_force(on: dt.date) -> Q:
    """Return the condition that a representation holds on a date."""
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))
