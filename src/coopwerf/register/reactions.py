"""What the register does when something happens to people."""

import datetime as dt
import uuid

from coopwerf.kernel import chain
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import parties, tenant
from coopwerf.people import queries as people
from coopwerf.people.happenings import AddressChanged, NameChanged, PartyErased

from .actions.batch import Batch
from .models import Member, Particulars, ParticularsSalt


def registers_of(party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the co-operatives in whose register a party stands or stood."""
    with parties([party_id]):
        return list(
            Member.objects.filter(party_id=party_id).order_by("coop_id").values_list("coop_id", flat=True).distinct()
        )


@reacts_to(NameChanged)
def chain_new_name(event: NameChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed name in every register in which the party stands."""
    _chain_particulars(event.party_id, event.valid_from, actor=actor, now=now)


@reacts_to(AddressChanged)
def chain_new_address(event: AddressChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed domicile or seat in every register in which the party stands."""
    _chain_particulars(event.party_id, event.valid_from, actor=actor, now=now)


def _chain_particulars(party_id: uuid.UUID, valid_from: dt.date, *, actor: Actor, now: dt.datetime) -> None:
    """Write what holds from the changed date, and again from each later date that the register knew."""
    for coop_id in registers_of(party_id):
        with tenant(coop_id):
            chain.lock(coop_id)
            batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
            later = Particulars.objects.filter(coop_id=coop_id, party_id=party_id, valid_from__gt=valid_from)
            dates = sorted({valid_from, *later.values_list("valid_from", flat=True)})
            for on in dates:
                batch.particulars(people.particulars_of(party_id, on), valid_from=on)
            batch.write()


@reacts_to(PartyErased)
def forget_salts(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Delete the salts of erased names and addresses, so that nobody can try out who it was."""
    for coop_id in registers_of(event.party_id):
        with tenant(coop_id):
            gone = Particulars.objects.filter(coop_id=coop_id, party_id=event.party_id).exclude(
                name_id__in=event.kept_name_ids, address_id__in=event.kept_address_ids
            )
            ParticularsSalt.objects.filter(particulars__in=gone).delete()
