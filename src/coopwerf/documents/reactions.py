"""What documents does when something happens below."""

import datetime as dt

from coopwerf.coops import queries as coops
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased

from . import actions, queries
from .privacy import gather, tell


@reacts_to(PartyErased)
def remove_papers(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Remove the papers on which somebody who was erased stands."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = queries.has_papers_with(coop.id, event.party_id) or bool(
                queries.pictures_brought_by(coop.id, event.party_id)
            )
        if not is_there:
            continue
        actions.remove_for_privacy(actor=actor, now=now, coop_id=coop.id, party_id=event.party_id)


people.register_export("documents", gather)
people.register_erased("documents", tell)
