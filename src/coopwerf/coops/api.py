"""Co-operatives, for programs: who they are, and which mandates somebody holds in them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Literal

from coopwerf.kernel.api import Answer, Call, Cursor, Limit, Page, Routes, Slug, packed, unpacked
from coopwerf.people.states import Scope

from . import queries
from .queries import CoopFacts
from .states import BodyKind, Role, Stage

routes = Routes("coops")


class SeatOut(Answer):
    """Where a co-operative has its seat."""

    street: str
    number: str
    box: str
    postcode: str
    town: str
    country: str


class CoopOut(Answer):
    """A co-operative, as everybody may know it."""

    id: uuid.UUID
    slug: str
    name: str
    legal_name: str
    language: Literal["nl", "fr", "en"]
    stage: Stage
    enterprise_no: str
    seat: SeatOut | None
    is_practice: bool
    address: str


class MandateOut(Answer):
    """A mandate that somebody holds, or for whom the owner of the token acts."""

    coop: str
    party_id: uuid.UUID
    body: BodyKind
    body_name: str
    role: Role
    since: dt.date
    until: dt.date | None


def _told(coops: list[CoopFacts], on: dt.date) -> list[CoopOut]:
    ids = [coop.id for coop in coops]
    profiles, stages = queries.profiles(ids, on), queries.stages(ids, on)
    return [
        CoopOut(
            id=coop.id,
            slug=coop.slug,
            name=coop.name,
            legal_name=profiles[coop.id].legal_name,
            language=coop.language,  # type: ignore[arg-type]  # one of three, as the database holds it
            stage=stages[coop.id].stage if coop.id in stages else Stage.INITIATIVE,
            enterprise_no=profiles[coop.id].enterprise_no,
            seat=None
            if (seat := profiles[coop.id].seat) is None
            else SeatOut(
                street=seat.street,
                number=seat.number,
                box=seat.box,
                postcode=seat.postcode,
                town=seat.town,
                country=seat.country,
            ),
            is_practice=coop.is_practice,
            address=coop.url,
        )
        for coop in coops
    ]


@routes.get("/coops", scope=Scope.COOPS_READ, answers=Page[CoopOut])
def coops(call: Call, cursor: Cursor | None = None, limit: Limit = 50) -> Page[CoopOut]:
    """List the co-operatives of this installation, by their names in addresses; those for practice are left out."""
    place = unpacked("coops", cursor)
    known: Iterable[CoopFacts] = (coop for coop in queries.all_coops() if not coop.is_practice)
    rows = sorted((coop for coop in known if place is None or coop.slug > place[0]), key=lambda coop: coop.slug)
    some = rows[:limit]
    return Page(items=_told(some, call.today), next=packed("coops", some[-1].slug) if len(rows) > limit else None)


@routes.get("/coops/{slug:slug}", scope=Scope.COOPS_READ, answers=CoopOut)
def coop(call: Call, slug: Slug) -> CoopOut:
    """Tell about one co-operative."""
    return _told([queries.coop_facts(call.coop.id)], call.today)[0]


@routes.get("/me/mandates", scope=Scope.ME_READ, answers=Page[MandateOut])
def mandates(call: Call) -> Page[MandateOut]:
    """List the mandates that you, and those for whom you act, hold today, in every co-operative."""
    held = queries.mandates_of(call.actor.parties, call.today)
    slugs = {coop.id: coop.slug for coop in queries.coops_with_ids({one.coop_id for one in held})}
    items = [
        MandateOut(
            coop=slugs[one.coop_id],
            party_id=one.party_id,
            body=one.body_kind,
            body_name=one.body_name,
            role=one.role,
            since=one.valid_from,
            until=one.until,
        )
        for one in held
    ]
    return Page(items=items, next=None)
