"""What stands at the top of a co-operative's papers, from what is known of it."""

import datetime as dt
import uuid

from coopwerf.coops import queries as coops

from .papers.base import Letterhead


def letterhead_of(coop_id: uuid.UUID, on: dt.date) -> Letterhead:
    """Return name, hue, legal name, seat and enterprise number of a co-operative on a date; needs its tenant."""
    coop = coops.coop_facts(coop_id)
    profile = coops.profile(coop_id, on)
    seat = profile.seat
    street = " ".join(part for part in (seat.get("street", ""), seat.get("number", "")) if part)
    if seat.get("box"):
        street = f"{street} / {seat['box']}"
    town = " ".join(part for part in (seat.get("postcode", ""), seat.get("town", "")) if part)
    legal_name = profile.legal_name if profile.legal_name != coop.name else ""
    lines = (legal_name, ", ".join(part for part in (street, town) if part), profile.enterprise_no)
    return Letterhead(
        coop=coop.name, hue=coop.hue, lines=tuple(line for line in lines if line), footer=coop.mail_footer
    )
