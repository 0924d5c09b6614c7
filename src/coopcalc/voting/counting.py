"""Count papers by the name of a rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Final

from .constraints import Constraints
from .lot import NO_LOT, Drawn, Lot, WithoutEffect
from .papers import Election
from .refusals import Refused
from .results import Count
from .rules import MARKS_RULES, RULES
from .rules.runoff import THROUGH
from .terms import Terms

MOST_SUPPOSED: Final = 720
MOST_SUPPOSED_PAPERS: Final = 2_000_000
"""How many outcomes of a lot are tried, and different papers counted for all of them, to see whether it matters."""


def count(
    election: Election,
    rule: str,
    *,
    lot: Lot = NO_LOT,
    constraints: Constraints | None = None,
    terms: Terms | None = None,
) -> Count:
    """Count an election by a rule of the table.

    Without a lot, ties are settled only where that makes no difference to who is elected: every outcome of a draw is
    tried, where they are few enough.

    Raises Refused for an unknown rule, and where the rule can't count or asks for a lot.
    """
    if rule not in RULES:
        raise Refused("rule_unknown", rule=rule, rules=", ".join(sorted(RULES)))
    if terms is not None and rule not in MARKS_RULES:
        raise Refused("terms_not_for_rule", rule=rule)

    def counted(lot: Lot) -> Count:
        if terms is None:
            return RULES[rule](election, lot=lot, constraints=constraints)
        return MARKS_RULES[rule](election, lot=lot, constraints=constraints, terms=terms)

    try:
        return counted(lot)
    except Refused as refused:
        needs_lot = not lot.decisive and refused.code.startswith("lot_needed_")
        if not needs_lot or not _has_no_effect(counted, len(election.papers)):
            raise
    return counted(WithoutEffect(""))


class _Unforeseen(Exception):
    """A supposed lot was asked about a candidate whom it doesn't order."""

    def __init__(self, tied: Iterable[int]) -> None:
        super().__init__()
        self.tied = frozenset(tied)


@dataclass(frozen=True, slots=True)
class _Supposed(Drawn):
    """An order that a lot might have given."""

    supposed: tuple[int, ...] = ()

    def order(self, tied: Iterable[int], election: Election) -> tuple[tuple[int, ...], Mapping[int, str], str]:
        """Give the tied as supposed."""
        numbers = list(tied)
        if not set(numbers) <= set(self.supposed):
            raise _Unforeseen(numbers)
        return tuple(sorted(numbers, key=self.supposed.index)), {}, ""


def _has_no_effect(counted: Callable[[Lot], Count], papers: int) -> bool:
    """Tell whether all outcomes elect the same people, or let them go on; no where they are too many to try."""
    concerned: frozenset[int] = frozenset()
    while factorial(len(concerned)) <= min(MOST_SUPPOSED, MOST_SUPPOSED_PAPERS // max(1, papers)):
        outcomes: set[tuple[frozenset[int], frozenset[int]]] = set()
        try:
            for supposed in permutations(sorted(concerned)):
                supposedly = counted(_Supposed((), (), supposed))
                outcomes.add((frozenset(supposedly.elected), frozenset(supposedly.tables.get(THROUGH, ()))))
                if len(outcomes) > 1:
                    return False
        except _Unforeseen as unforeseen:
            concerned |= unforeseen.tied
        else:
            return True
    return False
