"""What others may read about people."""

import uuid

from coopwerf.kernel.actor import VISITOR, Actor, ActorKind

from .models import Account


def actor_of(account_id: uuid.UUID) -> Actor:
    """Return the actor who signs in with an account; a visitor when there is none."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return VISITOR
    return Actor(
        kind=ActorKind.PERSON,
        account_id=account.pk,
        party_id=account.party_id,
        is_administrator=account.is_administrator,
    )
