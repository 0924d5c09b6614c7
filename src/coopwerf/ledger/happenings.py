"""What happened in the books, for packages above."""

import dataclasses
import datetime as dt
import uuid


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BooksOpened:
    """The books of a co-operative were opened, from a first day on: what stands elsewhere comes into them now."""

    coop_id: uuid.UUID
    begins_on: dt.date
