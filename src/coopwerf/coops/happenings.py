"""What happened to a co-operative, for packages above to react to."""

import dataclasses
import datetime as dt
import uuid

from .states import Role, Stage


@dataclasses.dataclass(frozen=True, slots=True)
class CoopFounded:
    """A co-operative was made here, as an initiative."""

    coop_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class StageReached:
    """A co-operative reached another stage, from a date on."""

    coop_id: uuid.UUID
    stage: Stage
    valid_from: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class RulesSet:
    """Rules of a co-operative's statutes were written down, from a date on."""

    coop_id: uuid.UUID
    keys: tuple[str, ...]
    valid_from: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class MandateGranted:
    """Somebody was given a role in a body."""

    coop_id: uuid.UUID
    mandate_id: uuid.UUID
    party_id: uuid.UUID
    role: Role
    valid_from: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class MandateEnded:
    """A mandate was given a last day, or taken back as never held."""

    coop_id: uuid.UUID
    mandate_id: uuid.UUID
    party_id: uuid.UUID
    until: dt.date
