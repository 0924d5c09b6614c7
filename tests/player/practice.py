"""A co-operative for practice, as tests of the player need it."""

import datetime as dt
import uuid
from decimal import Decimal

from coopwerf.coops import actions as coops
from coopwerf.kernel.actor import SYSTEM
from coopwerf.register import actions
from tests.cast import BEGAN, make_person


def practised(name: str, **account: str) -> uuid.UUID:
    """Found a co-operative for practice with one class of shares, and return its id."""
    founder = make_person("Founder", name, email=f"founder.{name.lower()}@example.org", **account)
    coop = coops.found_coop(actor=founder.actor, now=BEGAN, name=name, language="nl", is_practice=True)
    actions.set_class_terms(
        actor=SYSTEM, now=BEGAN, coop_id=coop.id, code="A", valid_from=dt.date(2020, 1, 1), nominal=Decimal("25")
    )
    return coop.id
