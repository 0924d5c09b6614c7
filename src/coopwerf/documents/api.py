"""Papers about oneself, for programs."""

import datetime as dt
import uuid

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.kernel.api import Answer, Call, Page, Routes
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import Scope

from . import queries
from .states import DocumentState

routes = Routes("documents")


class DocumentOut(Answer):
    """A paper about somebody: what it is, and where they find it after signing in."""

    id: uuid.UUID
    coop: str
    kind: str
    title: str
    party_id: uuid.UUID | None
    as_of: dt.date | None
    state: DocumentState
    asked_at: dt.datetime
    media_type: str
    size: int | None
    sha256: str
    address: str


@routes.get("/me/documents", scope=Scope.ME_READ, answers=Page[DocumentOut])
def documents(call: Call) -> Page[DocumentOut]:
    """List the latest papers about you and those for whom you act, up to fifty of each co-operative."""
    mine = call.actor.parties
    places = coops.coops_with_ids(queries.coops_of_parties(mine))
    items: list[DocumentOut] = []
    for coop in places:
        with tenant(coop.id):
            for one in queries.documents_of(coop.id, mine):
                if one.party_id in mine:
                    items.append(_told(coop.slug, one))
    return Page(items=items, next=None)


def _told(slug: str, one: queries.DocumentFacts) -> DocumentOut:
    return DocumentOut(
        id=one.id,
        coop=slug,
        kind=one.kind,
        title=one.title,
        party_id=one.party_id,
        as_of=one.as_of,
        state=one.state,
        asked_at=one.asked_at,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        address=settings.BASE_URL + reverse("documents:document", kwargs={"slug": slug, "token": one.token}),
    )
