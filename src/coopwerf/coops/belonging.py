"""Where somebody holds a mandate, told on the page of their own account."""

import datetime as dt
import uuid
from collections.abc import Collection

from coopwerf.people.states import Belonging

from . import queries
from .states import BODY_NAMES, ROLE_NAMES


def offices(party_ids: Collection[uuid.UUID], on: dt.date) -> list[Belonging]:
    """Return the mandates that parties hold on a date, in every co-operative."""
    held = queries.mandates_of(party_ids, on)
    places = {coop.id: coop for coop in queries.coops_with_ids({mandate.coop_id for mandate in held})}
    return [
        Belonging(
            mandate.party_id,
            places[mandate.coop_id].name,
            places[mandate.coop_id].inside_url,
            (f"{ROLE_NAMES[mandate.role]} ({mandate.body_name or BODY_NAMES[mandate.body_kind]})",),
        )
        for mandate in held
    ]
