"""Where somebody belongs: by mandate or as a member, in which co-operatives."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import ROLE_NAMES
from coopwerf.kernel.tenancy import parties
from coopwerf.register import queries as register


@dataclasses.dataclass(frozen=True, slots=True)
class Mine:
    """A co-operative to which a party belongs, and as what."""

    coop: CoopFacts
    party_id: uuid.UUID
    roles: tuple[str, ...]


def mine(party_ids: Collection[uuid.UUID], on: dt.date) -> list[Mine]:
    """Return the co-operatives to which these parties belong on a date, by name: five queries for any number."""
    roles: dict[tuple[uuid.UUID, uuid.UUID], list[str]] = defaultdict(list)
    with parties(party_ids):
        for held in coops.mandates_of(party_ids, on):
            roles[held.coop_id, held.party_id].append(str(ROLE_NAMES[held.role]))
        for member in register.memberships(None, frozenset(party_ids), on):
            roles[member.coop_id, member.party_id].append(_("member %(number)s") % {"number": member.number})
    return [
        Mine(coop, party_id, tuple(dict.fromkeys(as_what)))
        for coop in coops.all_coops()
        for (coop_id, party_id), as_what in roles.items()
        if coop_id == coop.id
    ]
