"""What co-operatives do when something happens to people."""

import datetime as dt

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased
from coopwerf.people.states import register_belongings

from . import actions, queries
from .belonging import offices
from .privacy import gather, hindrance, kept, tell


@reacts_to(PartyErased)
def forget_invitations(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Forget where somebody who was erased was invited."""
    for coop in queries.all_coops():
        with tenant(coop.id):
            found = queries.invitations_to(coop.id, event.emails)
        if found:
            actions.forget_invitations(
                actor=actor, now=now, coop_id=coop.id, party_id=event.party_id, emails=sorted(event.emails)
            )


register_belongings(offices)
people.register_export("coops", gather)
people.register_erased("coops", tell)
people.register_law("coops", kept)
people_policies.register_hindrance(hindrance)
