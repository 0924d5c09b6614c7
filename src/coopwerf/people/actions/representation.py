"""Who may act for an organisation or a minor."""

import datetime as dt
import uuid

from django.db.models import Q

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import Party, Representation
from ..states import MAJORITY, PartyKind, Proof, RepresentationKind


@action(verb="people.representative_appointed")
def appoint_representative(
    *,
    actor: Actor,
    now: dt.datetime,
    principal_id: uuid.UUID,
    agent_id: uuid.UUID,
    kind: RepresentationKind,
    proof: Proof,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    coop_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Let a person act for an organisation or a minor, from a day on and until a last day; return the mandate's id.

    A guardian's ends before the minor comes of age, so its last day must be given. Raises Refused
    people.not_yours, people.unknown, people.agent_no_person, people.kind_mismatch, people.represented_already,
    people.period_wrong, people.guardian_without_end, people.guardian_too_long.
    """
    policies.may_appoint(actor, principal_id).require()
    kind = RepresentationKind(kind)
    check_period(kind, valid_from, valid_until)
    parties = {
        party.pk: party
        for party in Party.objects.select_for_update()
        .filter(erased_at__isnull=True, pk__in=(principal_id, agent_id))
        .order_by("pk")
    }
    if len(parties) != 2:
        raise Refused("people.unknown")
    if parties[agent_id].kind != PartyKind.PERSON:
        raise Refused("people.agent_no_person")
    expected = PartyKind.ORGANISATION if kind is RepresentationKind.ORGANISATION else PartyKind.PERSON
    if parties[principal_id].kind != expected:
        raise Refused("people.kind_mismatch")
    overlapping = Representation.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from), agent_id=agent_id, principal_id=principal_id
    )
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_until)
    if overlapping.exists():
        raise Refused("people.represented_already")
    row = Representation.objects.create(
        kind=kind.value,
        agent_id=agent_id,
        principal_id=principal_id,
        valid_from=valid_from,
        valid_until=valid_until,
        proof=Proof(proof).value,
        recorded_at=now,
    )
    audit("representation", row.id, principal=principal_id, agent=agent_id, kind=kind.value, proof=row.proof)
    return row.id


@action(verb="people.representation_ended")
def end_representation(
    *,
    actor: Actor,
    now: dt.datetime,
    representation_id: uuid.UUID,
    last_day: dt.date,
    coop_id: uuid.UUID | None = None,
) -> None:
    """Let somebody act for another until a last day, and no longer; the agent may end it too.

    Raises Refused people.unknown, people.not_yours, people.period_wrong, people.ended_already.
    """
    row = Representation.objects.select_for_update().filter(pk=representation_id).first()
    if row is None:
        raise Refused("people.unknown")
    if actor.party_id != row.agent_id:
        policies.may_appoint(actor, row.principal_id).require()
    if last_day < row.valid_from:
        raise Refused("people.period_wrong", path="last_day")
    if row.valid_until is not None and row.valid_until <= min(last_day, civil_date(now)):
        raise Refused("people.ended_already")
    if row.kind == RepresentationKind.GUARDIAN and row.valid_until is not None and last_day > row.valid_until:
        raise Refused("people.guardian_too_long", path="last_day", years=MAJORITY)
    row.valid_until = last_day
    row.save(update_fields=["valid_until"])
    audit("representation", row.id, last_day=last_day)


def check_period(kind: RepresentationKind, valid_from: dt.date, valid_until: dt.date | None) -> None:
    """Raise Refused when a period can't be one of representation."""
    if valid_until is not None and valid_until < valid_from:
        raise Refused("people.period_wrong", path="valid_until")
    if kind is RepresentationKind.GUARDIAN:
        if valid_until is None:
            raise Refused("people.guardian_without_end", path="valid_until")
        if (valid_until - valid_from).days > MAJORITY * 366:
            raise Refused("people.guardian_too_long", path="valid_until", years=MAJORITY)
