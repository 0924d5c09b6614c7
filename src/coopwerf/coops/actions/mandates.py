"""Bodies, and who holds which mandate in them."""

import datetime as dt
import uuid

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.people import queries as people

from .. import policies, queries
from ..happenings import MandateEnded, MandateGranted
from ..models import Body, Mandate
from ..queries import BodyFacts, MandateFacts
from ..states import POWERS, BodyKind, Power, Role
from .shared import FURTHEST, clean_line, likely_date, locked


@action(verb="coops.body_added")
def add_body(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    kind: BodyKind,
    valid_from: dt.date,
    name: str = "",
) -> BodyFacts:
    """Add a body that is there from a date on; without a name it bears the usual one of its kind.

    Raises Refused for a second board or general assembly, and for an unlikely date.
    """
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    likely_date(valid_from, now)
    clean = clean_line("name", name, 200, required=kind == BodyKind.COMMITTEE)
    single = kind in (BodyKind.BOARD, BodyKind.GENERAL_ASSEMBLY, BodyKind.INITIATORS)
    if single and Body.objects.filter(coop_id=coop_id, kind=kind, until__isnull=True).exists():
        raise Refused("coops.body_there_already", path="kind")
    body = Body.objects.create(coop_id=coop_id, kind=kind, name=clean, valid_from=valid_from)
    audit("body", body.id, kind=str(kind), valid_from=valid_from)
    return BodyFacts(body.id, BodyKind(body.kind), body.name, body.valid_from, None)


@action(verb="coops.body_changed")
def change_body(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    body_id: uuid.UUID,
    name: str | None = None,
    until: dt.date | None = None,
) -> None:
    """Rename a body, or close it after a last day.

    Raises Refused when somebody still holds a mandate in it after that day, or when it had begun later.
    """
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    body = body_of(coop_id, body_id)
    if name is not None:
        body.name = clean_line("name", name, 200, required=body.kind == BodyKind.COMMITTEE)
    if until is not None:
        likely_date(until, now, "until")
        if until < body.valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
        longer = [
            held
            for held in queries.mandate_history(coop_id)
            if held.body_id == body_id and (held.until is None or held.until > until)
        ]
        if longer:
            raise Refused("coops.body_holds_mandates", path="until", count=len(longer))
        body.until = until
    body.save()
    audit("body", body.id, renamed=name is not None, until=until)


def body_of(coop_id: uuid.UUID, body_id: uuid.UUID) -> Body:
    """Return a body of this co-operative; raises Refused when there is none with this id."""
    found = Body.objects.filter(coop_id=coop_id, pk=body_id).first()
    if found is None:
        raise Refused("coops.body_unknown", path="body_id")
    return found


def require_role(body: Body, role: Role) -> Role:
    """Return the role; raises Refused when the body doesn't know it."""
    if role not in POWERS[BodyKind(body.kind)]:
        raise Refused("coops.role_not_in_body", path="role")
    return Role(role)


@action(verb="coops.mandate_granted")
def grant_mandate(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    body_id: uuid.UUID,
    role: Role,
    valid_from: dt.date,
    until: dt.date | None = None,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
) -> MandateFacts:
    """Give somebody a role in a body, from a date until and including another, if that is known already.

    Announces MandateGranted. Raises Refused for a role that the body doesn't know, a party that isn't here, a period
    in which the same party holds the same role already, and unlikely dates.
    """
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    mandate = give(
        body_of(coop_id, body_id),
        party_id,
        role,
        valid_from,
        until,
        decision_id=decision_id,
        reference=reference,
        now=now,
    )
    audit("mandate", mandate.id, party=party_id, body=body_id, role=str(role), valid_from=valid_from, until=until)
    announce(MandateGranted(coop_id, mandate.id, party_id, Role(role), valid_from))
    return facts_of(coop_id, mandate.id)


def give(
    body: Body,
    party_id: uuid.UUID,
    role: Role,
    valid_from: dt.date,
    until: dt.date | None,
    *,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
    now: dt.datetime,
) -> Mandate:
    """Write a mandate into the chain; see `grant_mandate` for what is refused."""
    likely_date(valid_from, now)
    if until is not None:
        likely_date(until, now + FURTHEST * 3, "until")
        if until < valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
    if not people.exists(party_id):
        raise Refused("coops.party_unknown", path="party_id")
    for held in queries.mandate_history(body.coop_id):
        if (held.party_id, held.body_id, held.role) == (party_id, body.id, role) and _meet(held, valid_from, until):
            raise Refused("coops.mandate_overlaps", path="valid_from", valid_from=held.valid_from)
    mandate = Mandate(
        coop_id=body.coop_id,
        party_id=party_id,
        body_id=body.id,
        role=require_role(body, role),
        valid_from=valid_from,
        until=until,
        decision_id=decision_id,
        reference=clean_line("reference", reference, 300, required=False),
    )
    chain.append(coop_id=body.coop_id, at=now, rows=[mandate])
    return mandate


def _meet(held: MandateFacts, valid_from: dt.date, until: dt.date | None) -> bool:
    return (until is None or held.valid_from <= until) and (held.until is None or held.until >= valid_from)


def facts_of(coop_id: uuid.UUID, mandate_id: uuid.UUID) -> MandateFacts:
    """Return a mandate that was written a moment ago."""
    return next(held for held in queries.mandate_history(coop_id) if held.id == mandate_id)


@action(verb="coops.mandate_ended")
def end_mandate(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    mandate_id: uuid.UUID,
    until: dt.date | None = None,
    was_never_held: bool = False,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
) -> None:
    """Give a mandate its last day, or take it back as never held; the earlier row stays, voided by the new one.

    Announces MandateEnded. Raises Refused when the mandate isn't there or was voided already, when the last day lies
    before the first, and when afterwards nobody could give mandates any more.
    """
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    held = next((one for one in queries.mandate_history(coop_id) if one.id == mandate_id), None)
    if held is None:
        raise Refused("coops.mandate_unknown", path="mandate_id")
    last = held.valid_from - dt.timedelta(days=1) if was_never_held else until
    if last is None:
        raise Refused("coops.last_day_missing", path="until")
    if not was_never_held:
        likely_date(last, now + FURTHEST * 3, "until")
        if last < held.valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
    today = civil_date(now)
    _require_manager(coop_id, held.id, max(last + dt.timedelta(days=1), today))
    row = Mandate(
        coop_id=coop_id,
        party_id=held.party_id,
        body_id=held.body_id,
        role=held.role,
        valid_from=held.valid_from,
        until=last,
        decision_id=decision_id,
        reference=clean_line("reference", reference, 300, required=False) or held.reference,
        voids_id=held.id,
    )
    chain.append(coop_id=coop_id, at=now, rows=[row])
    audit(
        "mandate",
        row.id,
        verb="coops.mandate_voided" if was_never_held else None,
        voids=held.id,
        party=held.party_id,
        until=last,
    )
    announce(MandateEnded(coop_id, row.id, held.party_id, last))


def _require_manager(coop_id: uuid.UUID, mandate_id: uuid.UUID, since: dt.date) -> None:
    """Refuse to end a mandate from a day on, when on that day or later nobody could give mandates for want of it."""
    ends = {one.until + dt.timedelta(days=1) for one in queries.mandate_history(coop_id) if one.until is not None}
    for date in sorted({since, *(end for end in ends if end > since)}):
        managed = queries.holders_of(coop_id, Power.MANAGE_MANDATES, date)
        if managed and not queries.holders_of(coop_id, Power.MANAGE_MANDATES, date, but=[mandate_id]):
            raise Refused("coops.last_manager")
