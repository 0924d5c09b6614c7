"""decide() beside a reading of the rule that knows no formula: people in a room, one by one."""

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest

from coopcalc import assembly

from .questions import verdict

CHOICES = ("for", "against", "abstain", "blank", "invalid", "none", "absent")
BASES = ("for_against", "cast", "present", "entitled")
THRESHOLDS = ((1, 2), (2, 3), (3, 4), (1, 1))


def crowds(largest: int) -> Iterator[tuple[str, ...]]:
    """Every way in which up to so many people can behave; who is who doesn't matter."""
    for size in range(largest + 1):
        yield from itertools.combinations_with_replacement(CHOICES, size)


def as_counted(person: str, blank: str, invalid: str) -> str:
    """What somebody's ballot counts as."""
    meaning = {"blank": blank, "invalid": invalid}.get(person, person)
    return "none" if meaning == "not_cast" else meaning


def is_in_base(person: str, counted: str, base: str) -> bool:
    """Whether somebody is one of those of whom the percentage is taken."""
    match base:
        case "for_against":
            return counted in ("for", "against")
        case "cast":
            return counted in ("for", "against", "abstain")
        case "present":
            return person != "absent"
        case _:
            return True


def reaches(number: int, of: int, threshold: tuple[int, int], strict: bool) -> bool:
    """Whether a number of people for is enough; without anybody for, nothing is."""
    left, right = number * threshold[1], threshold[0] * of
    return number > 0 and (left > right if strict else left >= right)


def naive(
    people: Sequence[str], base: str, threshold: tuple[int, int], strict: bool, blank: str, invalid: str
) -> tuple[bool, int, int, int]:
    """Decide by walking past everybody: (adopted, base, for, how many of the base must change their mind)."""
    counted = [as_counted(one, blank, invalid) for one in people]
    asked = [is_in_base(one, meant, base) for one, meant in zip(people, counted, strict=True)]
    size, in_favour = sum(asked), counted.count("for")
    changed = 0
    while not reaches(in_favour + changed, size, threshold, strict):
        changed += 1
    return changed == 0, size, in_favour, changed


def rules() -> Iterator[dict[str, Any]]:
    """Every rule for members with these bases, thresholds, and ways to see blank and invalid ballots."""
    countings = ("not_cast", "abstain", "against")
    for base, threshold, strict, blank, invalid in itertools.product(
        BASES, THRESHOLDS, (False, True), countings, countings
    ):
        if strict and threshold == (1, 1):
            continue
        yield {
            "unit": "member",
            "base": base,
            "threshold": f"{threshold[0]}/{threshold[1]}",
            "strict": strict,
            "blank": blank,
            "invalid": invalid,
        }


def ask(people: Sequence[str], rule: dict[str, Any]) -> assembly.Verdict:
    """Put a crowd to the vote."""
    listed = [{"id": number, "vote": vote} for number, vote in enumerate(people)]
    return verdict(rule, holders=listed, entitled="listed")


def check(people: Sequence[str], rule: dict[str, Any]) -> None:
    """Compare one crowd under one rule."""
    above, below = rule["threshold"].split("/")
    threshold = (int(above), int(below))
    found = ask(people, rule)
    expected = naive(people, rule["base"], threshold, rule["strict"], rule["blank"], rule["invalid"])
    whole = found.whole
    assert (found.adopted, whole.base, whole.for_, whole.missing) == expected, (people, rule)
    assert whole.needed == whole.for_ + whole.missing - whole.excess
    # Fewer than the excess can be lost without harm, and one more can't.
    assert reaches(int(whole.for_ - whole.excess), int(whole.base), threshold, rule["strict"]) or not found.adopted
    assert not found.adopted or not reaches(int(whole.needed) - 1, int(whole.base), threshold, rule["strict"])


def test_all_rules_on_three_people() -> None:
    """252 rules, and every crowd of up to three."""
    cases = 0
    for rule in rules():
        for people in crowds(3):
            check(people, rule)
            cases += 1
    assert cases == 252 * 120


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    ("threshold", "strict"), [("1/2", True), ("1/2", False), ("2/3", False), ("3/4", False), ("3/4", True)]
)
def test_larger_crowds(base: str, threshold: str, strict: bool) -> None:
    """Every crowd of up to four under the usual rules."""
    rule = {"unit": "member", "base": base, "threshold": threshold, "strict": strict}
    for people in crowds(4):
        check(people, {**rule, "blank": "not_cast", "invalid": "not_cast"})


def added_by_hand(people: list[str], rule: dict[str, Any]) -> int | None:
    """How many further people for it takes, put in one by one."""
    for more in range(60):
        if ask([*people, *["for"] * more], rule).adopted:
            return more
    return None


@pytest.mark.parametrize("base", ["for_against", "cast"])
@pytest.mark.parametrize(
    ("threshold", "strict"), [("1/2", True), ("1/2", False), ("2/3", False), ("3/4", True), ("1", False)]
)
def test_votes_on_top(base: str, threshold: str, strict: bool) -> None:
    """`missing_added` further votes for adopt it, and one fewer doesn't; None where no number does."""
    rule = {"unit": "member", "base": base, "threshold": threshold, "strict": strict}
    for people in itertools.combinations_with_replacement(("for", "against", "abstain"), 4):
        assert ask(people, rule).whole.missing_added == added_by_hand(list(people), rule), people


@pytest.mark.parametrize("casting", ["for", "against"])
def test_ties(casting: str) -> None:
    """As many for as against: the chair is one more person in the room, whose vote is a second one."""
    rule = {"unit": "member", "base": "for_against", "threshold": "1/2", "strict": True, "tie": "chair"}
    for people in crowds(4):
        votes = [{"id": number, "vote": vote} for number, vote in enumerate(people)]
        found = verdict(rule, holders=votes, casting=casting)
        in_favour, opposed = people.count("for"), people.count("against")
        assert found.adopted == (in_favour > opposed or (0 < in_favour == opposed and casting == "for"))
        assert (found.casting is not None) == (0 < in_favour == opposed)


def test_quorum_and_classes_one_by_one() -> None:
    """Two classes, each with its own half, and a quorum of members: every crowd of up to four in two classes."""
    rule: dict[str, Any] = {
        "unit": "member",
        "base": "for_against",
        "threshold": "1/2",
        "strict": True,
        "quorum": {"fraction": "1/2"},
        "classes": {"agree": "all", "quorum": {"fraction": "1/2", "strict": True}},
    }
    behaviours = [(name, vote) for name in "AB" for vote in ("for", "against", "none", "absent")]
    for size in range(1, 5):
        for people in itertools.combinations_with_replacement(behaviours, size):
            listed = [{"id": number, "class": name, "vote": vote} for number, (name, vote) in enumerate(people)]
            found = verdict(rule, holders=listed, entitled="listed")

            def carried(group: list[str]) -> bool:
                return group.count("for") > group.count("against")

            everybody = [vote for _, vote in people]
            groups = {name: [vote for owner, vote in people if owner == name] for name in "AB"}
            groups = {name: group for name, group in groups.items() if group}
            there = {name: len(group) - group.count("absent") for name, group in groups.items()}
            enough = 2 * sum(there.values()) >= len(people) and all(2 * there[n] > len(groups[n]) for n in groups)
            assert found.quorum_met == enough, people
            assert found.adopted == (enough and carried(everybody) and all(map(carried, groups.values()))), people


def cap_after_by_search(votes: Sequence[int], fraction: Fraction) -> int:
    """The largest whole number that is at most the fraction of what is left when everybody is held to it."""
    for cap in range(sum(votes), -1, -1):
        if cap <= fraction * sum(min(one, cap) for one in votes):
            return cap
    raise AssertionError("nothing is at most a part of nothing")


@pytest.mark.parametrize("fraction", ["1/2", "1/3", "1/4", "2/5"])
@pytest.mark.parametrize("of", ["before_cap", "after_cap"])
def test_caps_share_by_share(fraction: str, of: str) -> None:
    """Holders of up to six shares: nobody counts for more than the cap, found by trying every number."""
    above, below = fraction.split("/")
    part = Fraction(int(above), int(below))
    rule = {
        "unit": "share",
        "base": "present",
        "threshold": "1/2",
        "strict": True,
        "cap": {"fraction": fraction, "of": of},
    }
    for votes in itertools.combinations_with_replacement(range(1, 7), 4):
        listed = [
            {"id": number, "shares": shares, "vote": "for" if number % 2 else "against"}
            for number, shares in enumerate(votes)
        ]
        found = verdict(rule, holders=listed)
        cap = int(part * sum(votes)) if of == "before_cap" else cap_after_by_search(votes, part)
        left = [min(one, cap) for one in votes]
        assert (found.whole.base, found.whole.for_) == (sum(left), left[1] + left[3]), votes
        assert found.adopted == (2 * (left[1] + left[3]) > sum(left)), votes
