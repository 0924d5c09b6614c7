"""Who signs in."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Q

from coopwerf.kernel.actor import VISITOR, Actor, ActorKind
from coopwerf.kernel.questions import ask

from ..models import Account as Row
from ..models import Representation
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
    facts: dict[str, Any] = {"account": account_id, "on": on, "person": PartyKind.PERSON.value}
    rows = ask(_ACTOR_SQL, facts)
    if not rows:
        return VISITOR, ""
    party_id, is_administrator, language, represented, also = rows[0]
    represents = frozenset(represented)
    actor = Actor(
        kind=ActorKind.PERSON,
        account_id=account_id,
        party_id=party_id,
        is_administrator=is_administrator,
        represents=represents,
        acting_for=acting_for if acting_for in represents else None,
        also=frozenset(also) - represents,
    )
    return actor, language


# Every page asks it, so it is one question. The second list is of people who can't sign in themselves and are reached
# at this address: several registers may know somebody. Whoever reads a mailbox can sign in with it, so this opens
# nothing that the mailbox didn't open.
_ACTOR_SQL = """
    SELECT a.party_id, a.is_administrator, p.language,
           ARRAY(SELECT r.principal_id FROM people_representation r WHERE r.agent_id = a.party_id
                 AND r.valid_from <= %(on)s AND (r.valid_until IS NULL OR r.valid_until >= %(on)s)),
           ARRAY(SELECT c.party_id FROM people_partycontact c JOIN people_party o ON o.id = c.party_id
                 WHERE c.email = a.email AND o.kind = %(person)s AND o.erased_at IS NULL
                 AND NOT EXISTS (SELECT FROM people_account x WHERE x.party_id = o.id))
    FROM people_account a JOIN people_party p ON p.id = a.party_id
    WHERE a.id = %(account)s AND a.is_active
"""


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


def has_come_in(party_id: uuid.UUID) -> bool:
    """Tell whether a party ever signed in here itself."""
    return Row.objects.filter(party_id=party_id, proven_at__isnull=False).exists()


def opens_more(party_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether being taken for a party opens more than its own entries: an account, or somebody to act for.

    Accounts count that are switched off, and representations that begin later.
    """
    acts = Representation.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), agent_id=party_id)
    return Row.objects.filter(party_id=party_id).exists() or acts.exists()


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
