"""What somebody is in the co-operative of a request: asked once per request, for the door, the frame and the page."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import MandateFacts
from coopwerf.coops.states import POWERS, Power
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request
from coopwerf.register import queries as register
from coopwerf.register.queries import MemberFacts


@dataclasses.dataclass
class Standing:
    """The mandates, powers and memberships of whoever asks, and of those whom they represent, today."""

    request: Request
    now: dt.datetime

    @functools.cached_property
    def today(self) -> dt.date:
        """Return the day of this request."""
        return clock.civil_date(self.now)

    @functools.cached_property
    def mandates(self) -> Sequence[MandateFacts]:
        """Return the mandates held here today: one query."""
        return coops.mandates_here(self.request.coop.id, self.request.actor.parties, self.today)

    @functools.cached_property
    def powers(self) -> frozenset[Power]:
        """Return all that these mandates allow."""
        return frozenset().union(*(POWERS[held.body_kind].get(held.role, frozenset()) for held in self.mandates))

    @functools.cached_property
    def memberships(self) -> list[MemberFacts]:
        """Return the memberships here that last today: two queries."""
        return list(register.memberships(self.request.coop.id, self.request.actor.parties, self.today))

    @property
    def is_within(self) -> bool:
        """Tell whether somebody belongs here: by a mandate, or as a member."""
        return bool(self.mandates or self.memberships)


def standing(request: Request) -> Standing:
    """Return what somebody is in the co-operative of a request."""
    found = getattr(request, "_standing", None)
    if found is None:
        found = Standing(request, clock.now())
        request._standing = found  # type: ignore[attr-defined]
    return found
