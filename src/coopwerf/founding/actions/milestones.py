"""Noting what was reached on the way to a co-operative."""

import datetime as dt
import uuid

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import MilestoneReached
from ..states import KNOWN_BY_ITSELF, Milestone

EARLIEST = dt.date(1900, 1, 1)
AHEAD = dt.timedelta(days=2 * 366)


@action(verb="founding.milestone_noted")
def note_milestone(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, milestone: Milestone, on: dt.date | None
) -> None:
    """Note the day on which a milestone was reached or will be; None takes it back."""
    today = clock.civil_date(now)
    policies.may_author(actor, coop_id, today).require()
    if milestone in KNOWN_BY_ITSELF:
        raise Refused("founding.milestone_known")
    if on is None:
        MilestoneReached.objects.filter(coop_id=coop_id, code=milestone.value).delete()
    elif not EARLIEST <= on <= today + AHEAD:
        raise Refused("founding.milestone_day", path=milestone.value)
    else:
        MilestoneReached.objects.update_or_create(
            coop_id=coop_id, code=milestone.value, defaults={"on": on, "noted_at": now}
        )
    audit("coop", coop_id, milestone=milestone.value, on=on)
