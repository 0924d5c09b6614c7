"""Starting a co-operative: for oneself, or for others; for real, or for practice."""

import datetime as dt
import uuid

from django.utils.text import slugify

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import clean_language

from .. import policies, queries
from ..happenings import CoopFounded
from ..models import Body, Coop, Mandate
from ..queries import CoopFacts
from ..states import BodyKind, Role
from .invitations import offer
from .shared import clean_line, locked


def _free_slug(name: str, ident: uuid.UUID) -> str:
    wanted = slugify(name)[:50].strip("-") or f"coop-{ident.hex[-8:]}"
    taken = set(Coop.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)


def _new_coop(*, name: str, language: str, now: dt.datetime) -> Coop:
    ident = uuid7()
    clean = clean_line("name", name, 200)
    return Coop(id=ident, slug=_free_slug(clean, ident), name=clean, language=clean_language(language), made_at=now)


def _begin(coop: Coop, now: dt.datetime) -> Body:
    """Write a new co-operative with its chain and its first body; runs inside its tenant."""
    coop.save(force_insert=True)
    chain.begin(coop_id=coop.id, at=now)
    return Body.objects.create(coop=coop, kind=BodyKind.INITIATORS, valid_from=civil_date(now))


@action(verb="coops.founded")
def found_coop(
    *,
    actor: Actor,
    now: dt.datetime,
    name: str,
    language: str,
    is_practice: bool = False,
    founder_id: uuid.UUID | None = None,
) -> CoopFacts:
    """Start a co-operative as an initiative; who founds it becomes its coordinator.

    `founder_id` says who that is where the installation itself acts. Announces CoopFounded. Raises Refused for a name
    that is empty or longer than 200 signs, a language other than nl, fr and en, a founder without a name of their own.
    """
    policies.may_found(actor, founder_id).require()
    founder = founder_id or actor.party_id
    if founder is None:
        raise Refused("coops.founder_without_name")
    coop = _new_coop(name=name, language=language, now=now)
    coop.is_practice = is_practice
    with tenant(coop.id):
        core = _begin(coop, now)
        first = Mandate(
            coop=coop,
            party_id=founder,
            body=core,
            role=Role.COORDINATOR,
            valid_from=civil_date(now),
        )
        chain.append(coop_id=coop.id, at=now, rows=[first])
        audit("coop", coop.id, coop_id=coop.id, mandate=first.id)
        announce(CoopFounded(coop.id))
    return queries.coop_facts(coop.id)


@action(verb="coops.hosted")
def host_coop(*, actor: Actor, now: dt.datetime, name: str, language: str, email: str) -> CoopFacts:
    """Make a co-operative for others, and invite its first coordinator by mail.

    The administrator who does this gets no mandate, and so no look inside. Announces CoopFounded.
    Raises Refused as `found_coop` does, and for an address that can't be one.
    """
    policies.may_host(actor).require()
    coop = _new_coop(name=name, language=language, now=now)
    with tenant(coop.id):
        core = _begin(coop, now)
        invitation = offer(coop, core, Role.COORDINATOR, email, language, civil_date(now), actor=actor, now=now)
        audit("coop", coop.id, coop_id=coop.id, invitation=invitation.id)
        announce(CoopFounded(coop.id))
    return queries.coop_facts(coop.id)


@action(verb="coops.practice_marked")
def mark_practice(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> None:
    """Turn a co-operative into one for practice, for good; its data never becomes real.

    Raises Refused once its register holds anything.
    """
    coop = locked(coop_id)
    policies.may_mark_practice(actor, coop_id, civil_date(now)).require()
    coop.is_practice = True
    coop.save(update_fields=["is_practice"])
    audit("coop", coop_id)
