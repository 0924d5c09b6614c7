"""Count papers by the name of a rule."""

from .constraints import Constraints
from .lot import NO_LOT, Lot
from .papers import Election
from .refusals import Refused
from .results import Count
from .rules import MARKS_RULES, RULES
from .terms import Terms


def count(
    election: Election,
    rule: str,
    *,
    lot: Lot = NO_LOT,
    constraints: Constraints | None = None,
    terms: Terms | None = None,
) -> Count:
    """Count an election by a rule of the table. Raises Refused for an unknown rule, and where the rule can't count."""
    if rule not in RULES:
        raise Refused("rule_unknown", rule=rule, rules=", ".join(sorted(RULES)))
    if terms is None:
        return RULES[rule](election, lot=lot, constraints=constraints)
    if rule not in MARKS_RULES:
        raise Refused("terms_not_for_rule", rule=rule)
    return MARKS_RULES[rule](election, lot=lot, constraints=constraints, terms=terms)
