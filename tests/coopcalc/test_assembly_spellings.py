"""A question that says the same in other words gets the same verdict, and hears its rule back in ours."""

import json
from typing import Any

import pytest

from coopcalc import assembly

RULE = {"unit": "share", "base": "for_against", "threshold": "1/2", "strict": True}
VOTES = {
    "A": {"for": 30, "against": 8, "abstain": 2, "blank": 0, "invalid": 0},
    "B": {"for": 5, "against": 6},
}


def told(rule: dict[str, Any], **rest: Any) -> dict[str, Any]:
    question = {"rule": {**RULE, **rule}, "votes": VOTES, **rest}
    return assembly.as_json(assembly.decide(assembly.parse(json.dumps(question).encode())))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"threshold": "3/4"}, {"threshold": "75%"}),
        ({"threshold": "3/4"}, {"threshold": "0.75"}),
        ({"threshold": "1", "strict": False}, {"threshold": 1, "strict": False}),
        ({"threshold": "1", "strict": False}, {"threshold": "100%", "strict": False}),
        ({"unit": "share"}, {"unit": "shares"}),
        ({"base": "for_against"}, {"base": "for and against"}),
        ({"base": "for_against"}, {"base": "for-against"}),
        ({"base": "cast"}, {"base": "cast including abstentions"}),
        ({"base": "present"}, {"base": "present and represented"}),
        ({"base": "entitled"}, {"base": "all_entitled"}),
        ({"tie": "rejected"}, {"tie": None}),
        ({"tie": "chair"}, {"tie": "casting vote"}),
        ({"quorum": None}, {"quorum": {}}),
        ({"quorum": {"fraction": "1/2"}}, {"quorum": "1/2"}),
        ({"quorum": {"fraction": "1/2"}}, {"quorum": {"fraction": "50%", "base": "all entitled", "call": None}}),
        ({"quorum": {"fraction": "1/2", "call": [1, 2]}}, {"quorum": {"fraction": "1/2", "call": ["second", "first"]}}),
        ({"cap": None}, {"cap": "per share"}),
        ({"cap": None}, {"cap": {"kind": "none"}}),
        ({"cap": 1}, {"cap": "one member one vote"}),
        ({"cap": {"fraction": "1/10"}}, {"cap": "tenth"}),
        ({"cap": {"fraction": "1/10"}}, {"cap": "10%"}),
        ({"cap": {"fraction": "1/10"}}, {"cap": {"kind": "tenth"}}),
        ({"cap": {"fraction": "1/10"}}, {"cap": {"fraction": "1/10", "of": "present and represented"}}),
        ({"cap": {"fraction": "1/10", "per": "voter"}}, {"cap": {"kind": "tenth", "per": "voter"}}),
        ({"cap": {"at_most": 5}}, {"cap": {"max": 5}}),
        ({"cap": {"at_most": 5}}, {"cap": {"kind": "fixed", "votes": 5}}),
        ({"classes": None}, {"classes": False}),
        ({"classes": None}, {"classes": []}),
        ({"classes": {"agree": "all"}}, {"classes": True}),
        ({"classes": {"agree": "all"}}, {"classes": "all"}),
        ({"classes": {"agree": "all"}}, {"classes": {"agree": True}}),
        ({"classes": {"agree": "all", "threshold": "3/4"}}, {"classes": {"threshold": "3/4", "quorum": None}}),
        ({"classes": {"agree": ["A"]}}, {"classes": ["A"]}),
    ],
)
def test_a_rule_in_other_words_is_the_same_rule(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    rest: dict[str, Any] = {
        "present": {"A": {"shares": 40, "votes": 40}, "B": {"shares": 20, "votes": 20}},
        "entitled": {"A": {"shares": 60, "votes": 60}, "B": {"shares": 30, "votes": 30}},
    }
    assert told(theirs, **rest) == told(ours, **rest)


def test_what_each_member_has_anyway_is_no_cap() -> None:
    """One member, one vote: a cap of one vote, or of five, takes nothing away."""
    uncapped = told({"unit": "member"})
    assert told({"unit": "member", "cap": "one_member_one_vote"}) == uncapped
    assert told({"unit": "member", "cap": 5}) == uncapped
    assert uncapped["rule"]["cap"] is None


@pytest.mark.parametrize(
    "present",
    [
        {"A": {"shares": 40}, "B": {"shares": 20}, "entitled": 100, "call": 1},
        {"A": {"present": 30, "represented": 10}, "B": 20, "entitled": 100},
        {"present": {"A": 40, "B": 20}, "entitled": {"shares": 100}, "call": "first"},
        {"shares": 60, "entitled": "100"},
        {"present": 60, "entitled": 100},
    ],
)
def test_what_is_said_beside_who_is_present(present: dict[str, Any]) -> None:
    """Of 100 shares 60 are there, and half of them had to be."""
    rule = {"quorum": {"fraction": "1/2", "call": 1}}
    expected = told(rule, present=60, entitled=100)
    assert told(rule, present=present) == expected
    assert expected["quorum"]["parts"] == [
        {"class": None, "unit": "share", "present": "60", "needed": "50", "missing": "0"}
    ]


def test_a_second_call_named_beside_who_is_present_asks_no_quorum() -> None:
    """It once counted as a class, `call`, with two shares."""
    rule = {"quorum": {"fraction": "1/2", "call": 1}}
    assert told(rule, present={"A": 40, "B": 20, "call": 2}, entitled=900)["quorum"]["met"]


def test_in_person_and_by_proxy_add_up() -> None:
    verdict = told({"base": "present"}, present={"present": 45, "represented": 15})
    assert verdict["base"] == "60"


def test_a_class_may_be_called_like_one_of_our_words() -> None:
    """Where votes are given for classes `members` and `shares`, these are classes: 3 + 9 present."""
    votes = {"members": {"for": 3}, "shares": {"for": 4, "against": 5}}
    verdict = told({"base": "present"}, present={"members": 3, "shares": 9}, votes=votes)
    assert (verdict["base"], verdict["for"]) == ("12", "7")


def test_what_is_null_in_a_pile_is_nothing() -> None:
    votes = {"A": {"for": 30, "against": 8, "abstain": None}}
    assert told({}, votes=votes)["base"] == "38"
