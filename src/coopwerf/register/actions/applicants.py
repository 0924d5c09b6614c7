"""Who asks, as somebody registered."""

import datetime as dt
import uuid

from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.people import actions as people_actions
from coopwerf.people import queries as people
from coopwerf.people.states import (
    MAJORITY,
    Address,
    Name,
    PartyKind,
    Proof,
    RepresentationKind,
    birthday,
)

from .. import queries
from ..states import Applicant, ApplicantKind


def registered(
    coop_id: uuid.UUID, one: Applicant, language: str, *, actor: Actor, now: dt.datetime
) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Return who asks and who acts for them, registered now unless known: by address and name, or by number here.

    A name and an address that only stands among somebody's contacts prove nothing: known is whom the account of that
    address signs in as or acts for. Anybody else is somebody new, and the board sees whom they look like.
    """
    today = clock.civil_date(now)
    person = Name(one.agent_family or one.family, one.agent_given if one.agent_family else one.given)
    likely = people.Candidate(family=person.family, given=person.given, email=one.email)
    (found,) = people.duplicates([likely])
    opened = people.actor_by_email(one.email, on=today).parties
    same = sorted(party_id for party_id, why in found.items() if {"email", "name"} <= why and party_id in opened)
    if one.kind is ApplicantKind.PERSON:
        if same:
            _move_house(coop_id, same[0], one.address, actor=actor, now=now)
            return same[0], None
        return new_parties(coop_id, one, language, actor=actor, now=now, agent_id=None)
    if one.kind is ApplicantKind.ORGANISATION:
        (numbered,) = people.duplicates([people.Candidate(family=one.family, enterprise_no=one.enterprise_no)])
        with_number = frozenset(party_id for party_id, why in numbered.items() if "enterprise_no" in why)
        here = queries.memberships(coop_id, with_number, today)
        if here:
            return here[0].party_id, same[0] if same else None
        acted_for = {hat.other.party_id for hat in (people.hats_of(same[0], on=today) if same else ())}
        if with_number & acted_for:
            return min(with_number & acted_for), same[0]
    return new_parties(coop_id, one, language, actor=actor, now=now, agent_id=same[0] if same else None)


def _move_house(
    coop_id: uuid.UUID, party_id: uuid.UUID, address: Address | None, *, actor: Actor, now: dt.datetime
) -> None:
    """Record the domicile that somebody gave who is known already: the account of their address could do so itself."""
    today = clock.civil_date(now)
    if address is None or people.particulars_of(party_id, today).address == address:
        return
    people_actions.change_address(
        actor=actor.entrusted_with(party_id),
        now=now,
        coop_id=coop_id,
        party_id=party_id,
        valid_from=today,
        **address.as_record(),
    )


def new_parties(
    coop_id: uuid.UUID,
    one: Applicant,
    language: str,
    *,
    actor: Actor,
    now: dt.datetime,
    agent_id: uuid.UUID | None,
    valid_from: dt.date | None = None,
) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Register who asks, and who acts for them; return both."""
    if one.kind is ApplicantKind.PERSON:
        party_id = people_actions.register_party(
            actor=actor,
            now=now,
            coop_id=coop_id,
            kind=PartyKind.PERSON,
            family=one.family,
            given=one.given,
            address=one.address,
            email=one.email,
            phone=one.phone,
            language=language,
            valid_from=valid_from,
        )
        return party_id, None
    if agent_id is None:
        agent_id = people_actions.register_party(
            actor=actor,
            now=now,
            coop_id=coop_id,
            kind=PartyKind.PERSON,
            family=one.agent_family,
            given=one.agent_given,
            email=one.email,
            phone=one.phone,
            language=language,
            valid_from=valid_from,
        )
    is_minor = one.kind is ApplicantKind.MINOR
    party_id = people_actions.register_represented(
        actor=actor.entrusted_with(agent_id),
        now=now,
        coop_id=coop_id,
        kind=RepresentationKind.GUARDIAN if is_minor else RepresentationKind.ORGANISATION,
        agent_id=agent_id,
        family=one.family,
        given=one.given,
        legal_form=one.legal_form,
        enterprise_no=one.enterprise_no,
        address=one.address,
        email=one.email,
        phone=one.phone,
        proof=Proof.DECLARED,
        valid_until=birthday(one.born_on, MAJORITY) - dt.timedelta(days=1) if one.born_on else None,
    )
    return party_id, agent_id
