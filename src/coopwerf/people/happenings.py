"""What happens to people, for the packages above."""

import dataclasses
import datetime as dt
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class NameChanged:
    """A party has, or turns out to have had, another name from a date on."""

    party_id: uuid.UUID
    valid_from: dt.date
    name_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class AddressChanged:
    """A party has, or turns out to have had, another domicile or seat from a date on."""

    party_id: uuid.UUID
    valid_from: dt.date
    address_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class PartyErased:
    """A party's data are gone, but for the names and addresses that some law still keeps.

    `emails` and `names` are what it was reached and called by until now: for whoever kept a copy of them in a text.
    """

    party_id: uuid.UUID
    kept_name_ids: frozenset[uuid.UUID]
    kept_address_ids: frozenset[uuid.UUID]
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
