"""What was agreed before the vote besides rule, seats and lot: reserved seats, and what a paper may name.

{"constraints": [{"trait": "gender", "value": "f", "least": 2, "most": null}],
 "traits": {"Anna Maes": {"gender": "f"}},
 "terms": {"most": 3}}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from .constraints import Constraint, Constraints
from .papers import Election
from .refusals import Refused
from .terms import Terms


@dataclass(frozen=True, slots=True)
class Agreed:
    """Constraints, the traits of candidates by their names, and terms; None where nothing was agreed."""

    constraints: Constraints | None = None
    traits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    terms: Terms | None = None

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Read it as JSON holds it; each part may be left out. Raises Refused for anything else."""
        if not isinstance(told, dict) or not told.keys() <= {"constraints", "traits", "terms"}:
            raise Refused("agreed_malformed")
        constraints, traits, terms = told.get("constraints"), told.get("traits", {}), told.get("terms")
        if not isinstance(constraints, list | None) or not isinstance(traits, dict):
            raise Refused("agreed_malformed")
        for given in traits.values():
            if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
                raise Refused("agreed_malformed")
        return cls(
            None if constraints is None else tuple(Constraint.from_json(one) for one in constraints),
            traits,
            None if terms is None else Terms.from_json(terms),
        )

    @classmethod
    def of_result(
        cls, constraints: Sequence[Mapping[str, Any]] | None, terms: Mapping[str, Any] | None, names: Sequence[str]
    ) -> Self:
        """Take what a result says was agreed. Raises Refused when it says nothing readable."""
        traits: dict[str, dict[str, str]] = {}
        for told in constraints or ():
            one = Constraint.from_json(told)
            numbers = told.get("candidates", [])
            if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
                raise Refused("agreed_malformed")
            for number in numbers:
                if not 1 <= number <= len(names):
                    raise Refused("agreed_malformed")
                traits.setdefault(names[number - 1], {})[one.trait] = one.value
        return cls(
            None if constraints is None else tuple(Constraint.from_json(one) for one in constraints),
            traits,
            None if terms is None else Terms.from_json(terms),
        )

    def of(self, election: Election) -> Election:
        """Give the election with the traits. Raises Refused for a name that nobody bears."""
        return election.with_traits(self.traits) if self.traits else election
