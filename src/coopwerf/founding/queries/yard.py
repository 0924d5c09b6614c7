"""What a yard has to read, and what of it waits for those who keep it: one question each."""

import dataclasses
import datetime as dt
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


_TOLD = """
    SELECT count(*), max(published_at) FROM founding_report
    WHERE coop_id = %(coop)s AND published_at IS NOT NULL AND state = 'published'
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """Say how many reports anybody can read, and when the last one came."""

    count: int
    last: dt.datetime | None


def told(coop_id: uuid.UUID) -> Told:
    """Return how much a co-operative has told from its yard."""
    return Told(*ask(_TOLD, {"coop": coop_id})[0])


_AT_HAND = """
    SELECT (SELECT count(*) FROM founding_report WHERE coop_id = %(coop)s AND state IN ('draft', 'scheduled')),
           (SELECT count(*) FROM founding_reporttranslation
            WHERE coop_id = %(coop)s AND accepted_at IS NULL AND declined_at IS NULL),
           (SELECT count(*) FROM founding_roadmapstep WHERE coop_id = %(coop)s AND state IN ('promised', 'begun')),
           (SELECT count(*) FROM founding_roadmapstep
            WHERE coop_id = %(coop)s AND state IN ('promised', 'begun') AND due_on < %(on)s),
           (SELECT count(*) FROM founding_helpcall WHERE coop_id = %(coop)s AND state = 'open'),
           (SELECT count(*) FROM founding_helpoffer WHERE coop_id = %(coop)s AND state = 'open'),
           (SELECT count(*) FROM
            (SELECT DISTINCT ON (call_id, contact_id) is_ours FROM founding_helpmessage
             WHERE coop_id = %(coop)s AND confirmed_at IS NOT NULL
             ORDER BY call_id, contact_id, sent_at DESC, id DESC) said WHERE NOT is_ours),
           (SELECT count(*) FROM founding_partner WHERE coop_id = %(coop)s AND agreed_on IS NOT NULL)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class AtHand:
    """Count what those who keep a yard have at hand, and what waits for them."""

    drafts: int
    translations: int
    steps: int
    late: int
    calls: int
    offers: int
    questions: int
    partners: int


def at_hand(coop_id: uuid.UUID, on: dt.date) -> AtHand:
    """Return what those who keep a yard have at hand on a day."""
    return AtHand(*ask(_AT_HAND, {"coop": coop_id, "on": on})[0])
