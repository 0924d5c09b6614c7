"""What was declared about papers on which candidates are marked, not ranked: a part of the rule, so data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Self

from .refusals import Refused

_FRACTION = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Terms:
    """How many candidates a paper may name, how many votes a seat needs, and who goes on to a second round.

    A paper with fewer than `least` or more than `most` names isn't valid (None: no limit was declared). A seat needs
    this part of the valid papers, `needed`, at least; with `strict` more than that. Of a run-off, `through` candidates
    go on for each seat that is left; with `equals_through` also all who have as many votes as the last of these, else
    the lot decides among them. Raises Refused where no paper, or no candidate, could do.
    """

    least: int = 1
    most: int | None = None
    needed: Fraction = Fraction(0)
    strict: bool = False
    through: int = 2
    equals_through: bool = False

    def __post_init__(self) -> None:
        """Refuse what nobody could do."""
        if self.least < 1 or (self.most is not None and self.most < self.least):
            raise Refused("terms_malformed")
        if not 0 <= self.needed <= 1 or (self.strict and self.needed == 1) or self.through < 2:
            raise Refused("terms_malformed")

    def votes_needed(self, valid: int) -> int:
        """Give the fewest votes for a seat."""
        exact = self.needed * valid
        return exact.__floor__() + 1 if self.strict else exact.__ceil__()

    def as_json(self) -> dict[str, Any]:
        """Give what was declared as JSON holds it, fractions as text."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return {name: str(value) if isinstance(value, Fraction) else value for name, value in told.items()}

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Read what `as_json` gave. Raises Refused for anything else."""
        known = {one.name: one.default for one in fields(cls)}
        if not isinstance(told, Mapping) or not told.keys() <= known.keys():
            raise Refused("terms_malformed")
        given = dict(told)
        for name, value in given.items():
            if name == "needed":
                if not isinstance(value, str) or not _FRACTION.fullmatch(value):
                    raise Refused("terms_malformed")
                given[name] = Fraction(value)
            elif type(value) is not (bool if isinstance(known[name], bool) else int):
                raise Refused("terms_malformed")
        return cls(**given)
