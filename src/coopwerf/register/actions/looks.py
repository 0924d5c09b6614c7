"""Looking into a class: a right of its holders, each look written down."""

import datetime as dt
import uuid

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import Inspection


@action(verb="register.class_inspected")
def inspect_class(*, coop_id: uuid.UUID, share_class: str, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Write down that somebody looks into a class as it stands today, and return the look's id.

    Raises Refused where the class isn't theirs, or after too many looks within an hour or a day.
    """
    today = clock.civil_date(now)
    party_id = actor.acting_for or actor.party_id
    if party_id is None:
        raise Refused("kernel.not_signed_in")
    class_id = queries.share_class_id(coop_id, share_class)
    if class_id is None:
        raise Refused("register.class_unknown", share_class=share_class)
    policies.may_inspect_class(actor, coop_id, share_class, today).require()
    policies.may_look_again(coop_id, party_id, now).require()
    rows = queries.count_holders(coop_id, class_id, today)
    row = Inspection.objects.create(
        coop_id=coop_id, share_class_id=class_id, party_id=party_id, at=now, as_of=today, rows=rows
    )
    audit("share_class", class_id, share_class=share_class, rows=rows, look=row.id)
    return row.id
