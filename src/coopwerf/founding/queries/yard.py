"""Which pages of a yard have something to read: one question for the page that leads to them."""

import dataclasses
import uuid

from coopwerf.kernel.questions import ask

_THERE = """
    SELECT EXISTS (SELECT FROM founding_roadmapstep WHERE coop_id = %(coop)s AND state <> 'draft'),
           EXISTS (SELECT FROM founding_helpcall WHERE coop_id = %(coop)s AND state = 'open'),
           EXISTS (SELECT FROM founding_partner WHERE coop_id = %(coop)s AND agreed_on IS NOT NULL),
           EXISTS (SELECT FROM founding_directoryentry WHERE coop_id = %(coop)s)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Pages:
    """Say which public pages of a yard aren't empty."""

    roadmap: bool
    help: bool
    partners: bool
    profile: bool


def pages(coop_id: uuid.UUID) -> Pages:
    """Return which pages of a co-operative's yard have something to read."""
    return Pages(*ask(_THERE, {"coop": coop_id})[0])
