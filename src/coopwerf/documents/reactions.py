"""What documents does when something happens below."""

import datetime as dt

from coopwerf.coops import queries as coops
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.people.happenings import PartyErased

from . import actions


@reacts_to(PartyErased)
def remove_papers(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Remove the papers on which somebody who was erased stands."""
    for coop in coops.all_coops():
        actions.remove_for_privacy(actor=actor, now=now, coop_id=coop.id, party_id=event.party_id)
