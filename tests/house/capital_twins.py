"""A subscription in each of two co-operatives that look alike."""

import datetime as dt

from coopwerf.capital import actions, queries
from coopwerf.capital.models import Subscription
from coopwerf.capital.states import ForWhom, Giver, Wish
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import Address
from coopwerf.register.states import Applicant
from tests.cast import NOW, TODAY, Cast


def subscribed(cast: Cast, mark: str, code: str, sting: str) -> Subscription:
    """Subscribe to the offer for a minor, with somebody else who pays, unconfirmed."""
    with tenant(cast.id):
        (offer,) = queries.open_offers(cast.id, TODAY)
    done = actions.subscribe(
        actor=VISITOR,
        now=NOW,
        coop_id=cast.id,
        offer_id=offer.id,
        wish=Wish(
            for_whom=ForWhom.MINOR,
            share_class=code,
            quantity=2,
            applicant=Applicant(
                given="Small",
                family=f"Goud{mark}{sting}",
                address=Address(f"Steenweg{sting}", "1", "", "1000", "Brussel", "BE"),
                email=f"small.{mark}@example.org".lower(),
                born_on=dt.date(2015, 1, 1),
                agent_given="Tall",
                agent_family=f"Goud{mark}{sting}",
            ),
            payer=Giver(name=f"Zilver{mark}{sting}"),
            accepts_statutes=True,
            accepts_risk=True,
        ),
        language="nl",
    )
    with tenant(cast.id):
        return Subscription.objects.get(id=done.id)
