"""Posting rules: what happened becomes which lines, and why, in three languages."""

import dataclasses
import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from coopcalc.books import Rule, RuleLine
from coopwerf.coops.states import Power, Texts

from ..states import Journal

FILES = ("bank", "matching", "shares", "general")
MANUAL = "manual"
OPENING = "opening"
BY_CALLER = frozenset({"account"})
"""Roles that no account has by itself: whoever posts names the account."""


@dataclasses.dataclass(frozen=True, slots=True)
class PostingRule:
    """A rule with its words, and the powers of which one suffices to post by it; without lines people write them."""

    code: str
    journal: Journal
    names: Texts
    texts: Texts
    powers: frozenset[Power]
    rule: Rule | None


@functools.cache
def rules() -> Mapping[str, PostingRule]:
    """Return every posting rule by its code; raises ValueError for one that could leave an entry out of balance."""
    found: dict[str, PostingRule] = {}
    for name in FILES:
        text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
        for told in tomllib.loads(text)["rule"]:
            if told["code"] in found:
                raise ValueError(f"two posting rules are called {told['code']}")
            found[told["code"]] = _rule(told)
    return found


def _rule(told: dict[str, Any]) -> PostingRule:
    lines = tuple(_line(one) for one in told.get("line", ()))
    journal = Journal(told["journal"])
    return PostingRule(
        code=told["code"],
        journal=journal,
        names=told["name"],
        texts=told["text"],
        powers=frozenset(Power(one) for one in told["powers"]),
        rule=Rule(told["code"], journal.value, lines) if lines else None,
    )


def _line(told: dict[str, Any]) -> RuleLine:
    if "debit" in told:
        return RuleLine(told["role"], "debit", tuple(told["debit"]))
    return RuleLine(told["role"], "credit", tuple(told["credit"]))
