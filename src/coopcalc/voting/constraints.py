"""Seats that are reserved: at least, or at most, so many of the elected with a trait. Declared before the vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Constraint:
    """Of the elected, at least `least` and at most `most` (None: no limit) have this value of this trait."""

    trait: str
    value: str
    least: int = 0
    most: int | None = None

    def as_json(self) -> Mapping[str, Any]:
        """Give it as JSON holds it."""
        return {"trait": self.trait, "value": self.value, "least": self.least, "most": self.most}


Constraints = Sequence[Constraint]
