"""From holders to piles of votes: who is present, what each may cast under the cap, what lies on each pile."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from .question import ABSENT, CHOICES, SILENT, Ballots, Holder, Question, Size, Sizes
from .rules import Cap, Of, Per, Remainder, Rule, Unit


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the working: a code, and the facts that its sentence needs (numbers, names, codes)."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """The piles on the whole and by class, and how much is entitled and present."""

    whole: Ballots
    classes: Mapping[str, Ballots]
    entitled: Sizes
    present: Sizes
    steps: tuple[Step, ...]


Votes = int | Fraction
"""Whole numbers as long as they are: adding fractions takes ten times as long."""

Piles = dict[tuple[str, str, str], Votes]
"""Votes by voter, class and choice, as they are before any cap."""


def _piles(holders: Iterable[Holder], rule: Rule) -> Piles:
    """Put votes on piles; with a cap per voter, those of one hand together (who is absent is in nobody's)."""
    together = rule.cap is not None and rule.cap.per is Per.VOTER
    piles: Piles = defaultdict(int)
    for holder in holders:
        voter = holder.voter if together else holder.id
        for name, shares in holder.shares.items():
            # The weight of a block is for the block, not for the shares inside.
            exact = rule.weight(name) if rule.unit is Unit.SHARE else Fraction(1)
            weight: Votes = exact.numerator if exact.denominator == 1 else exact
            for choice, number in holder.cast.items():
                piles[voter, name, choice] += number * weight
            piles[voter, name, holder.choice] += (shares - sum(holder.cast.values())) * weight
    return piles


def _ballots(piles: Mapping[str, Votes]) -> Ballots:
    return Ballots(*(Fraction(piles.get(choice, 0)) for choice in (*CHOICES, SILENT)))


def highest(cap: Cap, totals: Iterable[Votes]) -> tuple[Fraction, list[Step]]:
    """Return how many votes anybody can have at most, given what each voter present has, and how that was found.

    After the cap, nobody may have more than the fraction of what then takes part: with `k` voters capped and `rest`
    votes of the others that is `c = f × (k × c + rest)`, so `c = f × rest / (1 - k × f)`. Voters who have more than `c`
    join the capped ones until nobody does. With fewer voters than `1 / f` everybody ends up capped, at nothing.
    """
    if cap.fraction is None:
        most = Fraction(cap.at_most or 0)
        return most, [Step("cap_fixed", {"cap": most})]
    found = sorted((votes for votes in totals if votes), reverse=True)
    total = Fraction(sum(found))
    most = cap.fraction * total
    facts = {"fraction": cap.fraction, "votes": total, "cap": most}
    if cap.of is Of.BEFORE_CAP:
        return most, [Step("cap_before", facts)]
    steps = [Step("cap_after", {**facts, "voters": len(found)})]
    capped, rest = 0, total
    while capped < len(found) and found[capped] > most:
        while capped < len(found) and found[capped] > most:
            rest -= found[capped]
            capped += 1
        most = cap.fraction * rest / (1 - capped * cap.fraction) if rest else Fraction(0)
        steps.append(Step("cap_round", {"voters": capped, "rest": rest, "fraction": cap.fraction, "cap": most}))
    return most, steps


def _reduced(piles: Piles, cap: Cap, totals: Mapping[str, Votes], most: Fraction) -> Piles:
    """Reduce what every voter has to the cap, each choice by the same part; parts of votes are dropped or kept."""
    reduced: Piles = {}
    # Whole numbers are quick to compare, and almost nobody is above the cap.
    whole = floor(most)
    for (voter, name, choice), votes in piles.items():
        if totals[voter] > whole and totals[voter] > most:
            left = votes * most / totals[voter]
            reduced[voter, name, choice] = floor(left) if cap.remainder is Remainder.DROPPED else left
        else:
            reduced[voter, name, choice] = votes
    return reduced


def _without_classes(piles: Piles) -> Piles:
    merged: Piles = defaultdict(int)
    for (voter, _, choice), votes in piles.items():
        merged[voter, "", choice] += votes
    return merged


def _totals(piles: Piles, *, absent: bool) -> dict[str, Votes]:
    total: dict[str, Votes] = defaultdict(int)
    for (voter, _, choice), votes in piles.items():
        if absent or choice != ABSENT:
            total[voter] += votes
    return total


def _by_choice(piles: Piles) -> dict[str, Votes]:
    total: dict[str, Votes] = defaultdict(int)
    for (_, _, choice), votes in piles.items():
        total[choice] += votes
    return total


def _by_class(piles: Piles) -> dict[str, Ballots]:
    found: dict[str, dict[str, Votes]] = defaultdict(lambda: defaultdict(int))
    for (_, name, choice), votes in piles.items():
        found[name][choice] += votes
    return {name: _ballots(piled) for name, piled in found.items()}


def _heads(holders: Iterable[Holder]) -> tuple[Ballots, dict[str, Ballots]]:
    """Count one vote for each member, in the whole and once in each class that they belong to."""
    whole: dict[str, int] = defaultdict(int)
    classes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for holder in holders:
        whole[holder.choice] += 1
        for name in holder.shares:
            classes[name][holder.choice] += 1
    return _ballots(whole), {name: _ballots(piled) for name, piled in classes.items()}


def _size(holders: Iterable[Holder], votes: Fraction | None, names: Iterable[str]) -> Sizes:
    """Measure who is in a list; somebody in two classes is one member of the whole and one of each class.

    A class of which nobody is in the list has none.
    """
    members: dict[str, int] = defaultdict(int)
    shares: dict[str, int] = defaultdict(int)
    heads = 0
    for holder in holders:
        heads += 1
        for name, number in holder.shares.items():
            members[name] += 1
            shares[name] += number
    return Sizes(
        Size(heads, sum(shares.values()), votes),
        {name: Size(members[name], shares[name]) for name in names},
    )


def count(question: Question) -> Counted:
    """Bring a question's votes on piles: the totals as they are, or what each holder may cast under the cap."""
    rule = question.rule
    if question.holders is None:
        whole = question.whole or sum(question.classes.values(), Ballots())
        steps = (Step("cap_taken"),) if rule.cap else ()
        return Counted(whole, question.classes, question.entitled, question.present, steps)
    return _count_holders(question, question.holders)


def _count_holders(question: Question, holders: tuple[Holder, ...]) -> Counted:
    rule = question.rule
    names = sorted({name for holder in holders for name in holder.shares if name})
    there = [holder for holder in holders if holder.choice != ABSENT]
    heads, heads_by_class = _heads(there)
    if rule.unit is Unit.MEMBER and rule.classes is None:
        entitled = _size(holders, None, names) if question.listed else question.entitled
        by_name = {name: ballots for name, ballots in heads_by_class.items() if name}
        return Counted(heads, by_name, entitled, _size(there, None, names), ())
    piles = _piles(holders, rule)
    merged = _without_classes(piles)
    steps: list[Step] = []
    by_class = piles
    if rule.cap:
        totals = _totals(merged, absent=False)
        most, steps = highest(rule.cap, totals.values())
        # Somebody who is away is measured by the same cap, for a rule whose base is all that are entitled.
        everybody = _totals(merged, absent=True)
        merged = _reduced(merged, rule.cap, everybody, most)
        if rule.classes and rule.classes.capped:
            by_class = _reduced(piles, rule.cap, everybody, most)
        counted, whole_cap = _totals(merged, absent=False), floor(most)
        steps += [
            Step("cap_applied", {"voter": voter, "votes": totals[voter], "counted": counted[voter]})
            for voter in sorted(voter for voter, votes in totals.items() if votes > whole_cap)
            if totals[voter] > most
        ]
        if not any(counted.values()):
            steps.append(Step("cap_nobody"))
    by_choice = _by_choice(merged)
    inner = rule.classes.unit if rule.classes else rule.unit
    present_votes = Fraction(sum(votes for choice, votes in by_choice.items() if choice != ABSENT))
    is_share = rule.unit is Unit.SHARE
    entitled = question.entitled
    if question.listed:
        entitled = _size(holders, Fraction(sum(by_choice.values())) if is_share else None, names)
    classes = heads_by_class if inner is Unit.MEMBER else _by_class(by_class)
    return Counted(
        whole=_ballots(by_choice) if is_share else heads,
        classes={name: ballots for name, ballots in classes.items() if name},
        entitled=entitled,
        present=_size(there, present_votes if is_share else None, names),
        steps=tuple(steps),
    )
