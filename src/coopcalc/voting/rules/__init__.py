"""The rules by which papers are counted, one table: the names are those of docs/reference/commands.md."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from ..constraints import Constraints
from ..lot import Lot
from ..papers import Election
from ..results import Count
from ..terms import Terms
from . import approval, plurality, runoff, schulze, stv_meek, stv_scottish


class Rule(Protocol):
    """A rule: papers in, count out. Raises Refused where it can't."""

    def __call__(self, election: Election, *, lot: Lot, constraints: Constraints | None = None) -> Count:
        """Count."""
        ...


class MarksRule(Protocol):
    """A rule for papers on which candidates are marked: terms can be declared."""

    def __call__(
        self, election: Election, *, lot: Lot, constraints: Constraints | None = None, terms: Terms | None = None
    ) -> Count:
        """Count."""
        ...


MARKS_RULES: Final[Mapping[str, MarksRule]] = MappingProxyType(
    {
        "approval": approval.count,
        "plurality": plurality.count,
        "runoff": runoff.count,
    }
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "stv-scottish": stv_scottish.count,
        "stv-meek": stv_meek.count,
        "schulze": schulze.count,
        **MARKS_RULES,
    }
)
