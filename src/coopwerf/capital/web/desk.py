"""What every page for those who manage offers asks first."""

import datetime as dt
import uuid
from functools import cached_property

from django.http import Http404

from coopcalc.offers import Judgement, Threshold
from coopwerf.coops import queries as coops
from coopwerf.coops.states import Stage
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request
from coopwerf.register import queries as register

from .. import policies, queries
from ..queries import OfferFacts
from ..states import COUNTRY_OF


class Desk:
    """The offers of a request's co-operative, today; raises Refused for who may not manage them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)
        policies.may_manage_offers(self.actor, self.coop_id, self.today).require()

    @cached_property
    def stage(self) -> Stage:
        """Return the co-operative's stage."""
        return coops.stage(self.coop_id, self.today)

    @property
    def country(self) -> str:
        """Return whose law offers keep to; empty for who isn't a co-operative yet."""
        return COUNTRY_OF.get(self.stage, "")

    @cached_property
    def classes(self) -> list[register.Terms]:
        """Return the classes of shares with their terms of today."""
        return list(register.all_terms(self.coop_id, self.today))

    def offer(self, slug: str) -> OfferFacts:
        """Return the offer of a page; raises Http404."""
        found = queries.offer_by_slug(self.coop_id, slug, self.today)
        if found is None:
            raise Http404
        return found

    def law(self, offer: OfferFacts) -> Threshold | None:
        """Return what the law says of the way in which an offer is made."""
        return queries.law_of(self.coop_id, offer.regime, self.today)

    def room(self, offer: OfferFacts) -> Judgement | None:
        """Return what the guard says about an offer for one more person."""
        return queries.room(offer, self.today)

    def hindrances(self, offer: OfferFacts) -> list[policies.Hindrance]:
        """Return what an offer lacks."""
        return policies.hindrances(offer, self.coop, self.law(offer), self.room(offer), self.today)
