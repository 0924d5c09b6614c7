"""What others may read in the register."""

import datetime as dt
import uuid


def is_member(coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID], on: dt.date) -> bool:
    """Tell whether one of these parties is a member of a co-operative on a date."""
    return False
