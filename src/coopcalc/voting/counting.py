"""Count papers by the name of a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Final

from .constraints import Constraints
from .lot import NO_LOT, Drawn, Lot, WithoutEffect
from .papers import Election
from .refusals import Refused
from .results import Count
from .rules import RULES

MOST_SUPPOSED: Final = 720
MOST_SUPPOSED_PAPERS: Final = 2_000_000
"""How many outcomes of a lot are tried, and different papers counted for all of them, to see whether it matters."""


def count(election: Election, rule: str, *, lot: Lot = NO_LOT, constraints: Constraints | None = None) -> Count:
    """Count an election by a rule of the table.

    Without a lot, ties are settled only where that makes no difference to who is elected: every outcome of a draw is
    tried, where they are few enough.

    Raises Refused for an unknown rule, and where the rule can't count or asks for a lot.
    """
    if rule not in RULES:
        raise Refused("rule_unknown", rule=rule, rules=", ".join(sorted(RULES)))
    counts = RULES[rule]
    try:
        return counts(election, lot=lot, constraints=constraints)
    except Refused as refused:
        if lot.decisive or not refused.code.startswith("lot_needed_"):
            raise
        if not _has_no_effect(election, rule, constraints):
            raise
    return counts(election, lot=WithoutEffect(""), constraints=constraints)


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


def _has_no_effect(election: Election, rule: str, constraints: Constraints | None) -> bool:
    """Tell whether all outcomes of a lot would elect the same people; no where there are too many to try."""
    concerned: frozenset[int] = frozenset()
    most = min(MOST_SUPPOSED, MOST_SUPPOSED_PAPERS // max(1, len(election.papers)))
    while factorial(len(concerned)) <= most:
        elected: set[frozenset[int]] = set()
        try:
            for supposed in permutations(sorted(concerned)):
                counted = RULES[rule](election, lot=_Supposed((), (), supposed), constraints=constraints)
                elected.add(frozenset(counted.elected))
                if len(elected) > 1:
                    return False
        except _Unforeseen as unforeseen:
            concerned |= unforeseen.tied
        else:
            return True
    return False
