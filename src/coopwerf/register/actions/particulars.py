"""Keeping a register's particulars in step with people: what their happenings make this package write."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q

from coopwerf.kernel import chain
from coopwerf.kernel.tenancy import parties, tenant
from coopwerf.people import queries as people

from ..models import Member, Particulars, ParticularsSalt
from .batch import Batch


def registers_of(party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the co-operatives in whose register a party stands or stood."""
    with parties([party_id]):
        rows = Member.objects.filter(party_id=party_id).order_by("coop_id")
        return list(rows.values_list("coop_id", flat=True).distinct())


def lock_registers(coop_ids: Iterable[uuid.UUID]) -> None:
    """Lock the heads of several registers, in the order in which everybody takes them."""
    for coop_id in sorted(set(coop_ids)):
        with tenant(coop_id):
            chain.lock(coop_id)


def chain_particulars(party_id: uuid.UUID, valid_from: dt.date, *, author: uuid.UUID | None, now: dt.datetime) -> None:
    """Commit, in every register of a party, to what holds from a date and again from each later date known there."""
    for coop_id in registers_of(party_id):
        with tenant(coop_id):
            chain.lock(coop_id)
            batch = Batch(coop_id=coop_id, now=now, author=author)
            later = Particulars.objects.filter(coop_id=coop_id, party_id=party_id, valid_from__gt=valid_from)
            for on in sorted({valid_from, *later.values_list("valid_from", flat=True)}):
                batch.particulars(people.particulars_of(party_id, on), valid_from=on)
            batch.write()


def forget_salts(
    party_id: uuid.UUID, *, kept_name_ids: Collection[uuid.UUID], kept_address_ids: Collection[uuid.UUID]
) -> None:
    """Delete the salts of erased names and addresses, so that nobody can try out who it was."""
    for coop_id in registers_of(party_id):
        with tenant(coop_id):
            kept = Q(name_id__in=kept_name_ids) & (Q(address_id__isnull=True) | Q(address_id__in=kept_address_ids))
            gone = Particulars.objects.filter(~kept, coop_id=coop_id, party_id=party_id)
            ParticularsSalt.objects.filter(particulars__in=gone.values("pk")).delete()
