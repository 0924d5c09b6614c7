"""What every page inside a co-operative asks first."""

import dataclasses
import datetime as dt
from typing import Any

from coopwerf.kernel import clock
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request

from .. import policies, queries
from ..queries import CoopFacts
from ..states import Power, Stage


@dataclasses.dataclass(frozen=True)
class Room:
    """The co-operative of a request, today, its stage, and what the actor may do there."""

    coop: CoopFacts
    now: dt.datetime
    today: dt.date
    stage: Stage
    powers: frozenset[Power]
    request: Request

    def verdict(self, power: Power) -> Verdict:
        """Say whether the actor may use a power here today."""
        return policies.may_with(self.request.actor, self.powers, power)

    def settings(self, current: str, **context: Any) -> dict[str, Any]:
        """Return the context of a page of the settings."""
        return {
            "tabs": queries.settings_tabs(self.coop, self.stage, self.powers, current),
            "may_settle": self.verdict(Power.MANAGE_SETTINGS),
            "stage": self.stage,
            "today": self.today,
            **context,
        }


def enter(request: Request) -> Room:
    """Return the room of a request: two queries."""
    now = clock.now()
    today = clock.civil_date(now)
    return Room(
        coop=request.coop,
        now=now,
        today=today,
        stage=queries.stage(request.coop.id, today),
        powers=queries.powers_of(request.coop.id, request.actor.parties, today),
        request=request,
    )
