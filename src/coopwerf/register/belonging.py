"""Where somebody is a member, told on the page of their own account."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.people.states import Belonging

from . import queries


def memberships(party_ids: Collection[uuid.UUID], on: dt.date) -> list[Belonging]:
    """Return the memberships of parties that last on a date, in every co-operative."""
    found = queries.memberships(None, frozenset(party_ids), on)
    places = {coop.id: coop for coop in coops.coops_with_ids({member.coop_id for member in found})}
    return [
        Belonging(
            member.party_id,
            places[member.coop_id].name,
            places[member.coop_id].inside_url,
            (_("member %(number)s") % {"number": member.number},),
        )
        for member in found
    ]
