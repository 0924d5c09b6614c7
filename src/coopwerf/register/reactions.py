"""What the register does when something happens to people."""

import datetime as dt

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.people.happenings import AddressChanged, NameChanged, PartyErased

from .actions.particulars import chain_particulars, forget_salts


@reacts_to(NameChanged)
def commit_to_name(event: NameChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed name in every register in which the party stands."""
    chain_particulars(event.party_id, event.valid_from, author=actor.party_id, now=now)


@reacts_to(AddressChanged)
def commit_to_address(event: AddressChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed domicile or seat in every register in which the party stands."""
    chain_particulars(event.party_id, event.valid_from, author=actor.party_id, now=now)


@reacts_to(PartyErased)
def forget_who_it_was(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Delete the salts of what was erased in every register."""
    forget_salts(event.party_id, kept_name_ids=event.kept_name_ids, kept_address_ids=event.kept_address_ids)
