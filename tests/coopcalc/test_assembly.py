"""Deciding, told as meetings: the figures are worked out in the text of each test."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc import assembly
from coopcalc.assembly import Refused, rules
from coopcalc.assembly.reading import Node

from .questions import MORE_THAN_HALF, THREE_QUARTERS, codes, holders, question, told, verdict


def test_the_shape_of_the_commands() -> None:
    """The question as commands.md has it, and the verdict's keys."""
    found = told(
        {
            "unit": "share",
            "base": "for_against",
            "threshold": "3/4",
            "strict": False,
            "quorum": {"unit": "share", "base": "entitled", "fraction": "1/2", "call": 1},
            "cap": None,
            "classes": None,
            "tie": "rejected",
        },
        entitled={"A": 1000},
        present={"A": 567},
        votes={"A": {"for": 420, "against": 140, "abstain": 7, "blank": 0, "invalid": 0}},
    )
    # 420 + 140 = 560, and 3/4 × 560 = 420.
    assert found["adopted"] is True
    assert found["quorum"]["met"] is True
    assert found["quorum"]["missing"] == "0"
    assert (found["base"], found["needed"], found["for"]) == ("560", "420", "420")
    assert (found["missing"], found["excess"]) == ("0", "0")
    assert found["per_class"] == {}
    assert [step["code"] for step in found["working"]] == [
        "rule_at_least",
        "quorum_at_least",
        "quorum_met",
        "piles",
        "base_for_against",
        "needed_at_least",
        "enough",
        "adopted",
    ]


def test_a_change_of_statutes_at_both_calls() -> None:
    """6:85: half of 1,001 issued shares is 501 (500.5 rounded up); 500 are there, so the first call can't decide."""
    rule = {"preset": "be-statutes"}
    votes = {"for": 400, "against": 100}
    first = verdict(rule, issued=1001, present=500, votes=votes, call=1)
    assert not first.adopted
    assert [(one.needed, one.present, one.missing) for one in first.attendances] == [(501, 500, 1)]
    assert first.whole.enough
    assert codes(first)[-1] == "undecided_quorum"
    second = verdict(rule, issued=1001, present=500, votes=votes, call=2)
    assert second.adopted
    assert second.attendances == ()
    assert "quorum_not_now" in codes(second)


def test_abstentions_count_neither_above_nor_below_the_line() -> None:
    """16 for, 4 against, 2 abstained: 16 of 20 is four fifths, enough for three quarters; of 22 it wouldn't be."""
    assert verdict(THREE_QUARTERS, votes={"for": 16, "against": 4, "abstain": 2}).adopted
    of_all_cast = verdict({**THREE_QUARTERS, "base": "cast"}, votes={"for": 16, "against": 4, "abstain": 2})
    assert (of_all_cast.adopted, of_all_cast.whole.needed, of_all_cast.whole.missing) == (False, 17, 1)


def test_missing_votes_are_told_both_ways() -> None:
    """70 for and 30 against: 75 of the 100 were needed, so 5 had to change their mind.

    Who brings new people needs 20: 90 of 120 is three quarters, and 89 of 119 isn't.
    """
    whole = verdict(THREE_QUARTERS, votes={"for": 70, "against": 30}).whole
    assert (whole.base, whole.needed, whole.missing, whole.missing_added) == (100, 75, 5, 20)


def test_unanimity_can_not_be_added_to() -> None:
    """With one vote against, no number of others makes it unanimous."""
    whole = verdict({**THREE_QUARTERS, "threshold": "1"}, votes={"for": 70, "against": 1}).whole
    assert (whole.missing, whole.missing_added) == (1, None)


def test_exactly_half_is_not_more_than_half() -> None:
    """50 against 50, strict: 51 needed; not strict: 50 are enough."""
    votes = {"for": 50, "against": 50}
    assert verdict(MORE_THAN_HALF, votes=votes).whole.needed == 51
    assert verdict({**MORE_THAN_HALF, "strict": False}, votes=votes).adopted


def test_nothing_is_adopted_without_a_vote() -> None:
    """Nobody votes: nobody is for, also where 'at least half of nothing' would be nothing."""
    found = verdict({**MORE_THAN_HALF, "strict": False}, votes={})
    assert (found.adopted, found.whole.needed, found.whole.missing) == (False, 1, 1)
    assert "nobody_for" in codes(found)


def test_present_and_entitled_as_a_base() -> None:
    """51 for of 100 present of 120 entitled: more than half of who is there, and less than half of everybody."""
    numbers = {"present": 100, "entitled": 120, "votes": {"for": 51, "against": 20}}
    assert verdict({**MORE_THAN_HALF, "base": "present"}, **numbers).adopted
    everybody = verdict({**MORE_THAN_HALF, "base": "entitled"}, **numbers)
    assert (everybody.adopted, everybody.whole.needed, everybody.whole.missing_added) == (False, 61, 10)


@pytest.mark.parametrize(
    ("counting", "against", "base"), [("not_cast", 40, 90), ("abstain", 40, 100), ("against", 50, 100)]
)
def test_blank_ballots(counting: str, against: int, base: int) -> None:
    """50 for, 40 against, 10 blank, of the votes cast."""
    rule = {**MORE_THAN_HALF, "base": "cast", "blank": counting}
    found = verdict(rule, votes={"for": 50, "against": 40, "blank": 10})
    assert found.whole.base == base
    piles = next(step for _, step in found.steps if step.code == "piles")
    assert piles.facts["against"] == against


def test_rights_of_classes() -> None:
    """6:87: A agrees with 90 of 100; B says 14 of 20 where 15 are needed; together 104 of 120 is more than 90."""
    found = told(
        {"preset": "be-classes"},
        issued={"A": 150, "B": 30},
        present={"A": 100, "B": 20},
        votes={"A": {"for": 90, "against": 10}, "B": {"for": 14, "against": 6}},
    )
    assert (found["adopted"], found["for"], found["needed"]) == (False, "104", "90")
    assert found["per_class"]["A"]["adopted"] is True
    assert found["per_class"]["A"]["excess"] == "15"
    b = found["per_class"]["B"]
    assert (b["adopted"], b["base"], b["needed"], b["for"], b["missing"]) == (False, "20", "15", "14", "1")
    # 1 of the 6 changes its mind, or 4 come on top: 18 of 24.
    assert b["missing_added"] == "4"
    assert found["working"][-1]["facts"] == {"names": ["B"]}


def test_a_class_without_its_half_stops_the_whole() -> None:
    """B has 14 of its 30 issued shares there: 15 were needed."""
    found = told(
        {"preset": "be-classes"},
        issued={"A": 150, "B": 30},
        present={"A": 100, "B": 14},
        votes={"A": {"for": 90}, "B": {"for": 14}},
    )
    assert found["adopted"] is False
    assert (found["quorum"]["met"], found["quorum"]["missing"]) == (False, "1")
    assert found["per_class"]["B"]["quorum"] == {"met": False, "missing": "1"}
    assert found["per_class"]["A"]["quorum"] == {"met": True, "missing": "0"}


def test_a_class_of_which_nobody_came_does_not_agree() -> None:
    """Nobody of B is there: B has no vote for."""
    found = verdict({**THREE_QUARTERS, "classes": {"agree": "all"}}, present={"A": 9, "B": 0}, votes={"A": {"for": 9}})
    assert not found.adopted
    assert found.classes["B"].missing == 1


def test_a_class_in_which_nobody_is_entitled_is_not_asked() -> None:
    """All shares of B have gone: B can't stand in the way."""
    found = verdict(
        {**THREE_QUARTERS, "classes": {"agree": "all"}},
        entitled={"A": 9, "B": 0},
        present={"A": 9},
        votes={"A": {"for": 9}},
    )
    assert found.adopted
    assert list(found.classes) == ["A"]
    assert [step.facts["name"] for _name, step in found.steps if step.code == "class_empty"] == ["B"]


def test_members_in_two_classes_are_one_member_of_the_whole() -> None:
    """Ann has A and B, Bob A, Cas B: three votes in the whole, two in each class."""
    found = verdict(
        {**MORE_THAN_HALF, "classes": {"agree": "all"}},
        holders=[
            {"id": "Ann", "shares": {"A": 1, "B": 5}, "vote": "for"},
            {"id": "Bob", "class": "A", "vote": "for"},
            {"id": "Cas", "class": "B", "vote": "against"},
        ],
    )
    assert (found.whole.for_, found.whole.base) == (2, 3)
    assert (found.classes["A"].for_, found.classes["A"].base) == (2, 2)
    assert (found.classes["B"].for_, found.classes["B"].base) == (1, 2)
    assert codes(found)[-1] == "rejected_classes"


def test_the_whole_is_said_beside_its_classes() -> None:
    """Nine members, of whom three stand in both classes; shares and votes that aren't said for the whole are added."""
    rule = {
        **MORE_THAN_HALF,
        "classes": {"agree": "all"},
        "quorum": [{"fraction": "1/2"}, {"unit": "share", "fraction": "1/2"}],
    }
    found = verdict(
        rule,
        entitled={"members": 18, "shares": 40},
        present={"members": 9, "classes": {"A": {"members": 7, "shares": 12}, "B": {"members": 5, "shares": 8}}},
        votes={"for": 6, "against": 3, "classes": {"A": {"for": 4, "against": 3}, "B": {"for": 4, "against": 1}}},
    )
    assert [(one.present, one.needed) for one in found.attendances] == [(9, 9), (20, 20)]
    assert (found.adopted, found.whole.base) == (True, 9)


def test_votes_by_head_and_classes_by_share() -> None:
    """One member, one vote in the whole, but shares inside the class: 3 of 4 heads are for, 4 of 13 shares of A."""
    found = verdict(
        {**MORE_THAN_HALF, "classes": {"agree": ["A"], "unit": "share"}},
        holders=[
            {"id": 1, "class": "A", "shares": 2, "vote": "for"},
            {"id": 2, "class": "A", "shares": 2, "vote": "for"},
            {"id": 3, "class": "A", "shares": 9, "vote": "against"},
            {"id": 4, "class": "B", "shares": 1, "vote": "for"},
        ],
    )
    assert found.whole.enough
    assert (found.classes["A"].for_, found.classes["A"].base, found.adopted) == (4, 13, False)


def test_classes_as_blocks() -> None:
    """Workers 5, users 3, friends 2 votes as blocks: workers say yes by 6 to 5, users no, friends only abstain.

    5 for of 5 + 3: more than half, whatever the number of people in each block.
    """
    rule = {
        "unit": "class",
        "base": "for_against",
        "threshold": "1/2",
        "strict": True,
        "weights": {"workers": 5, "users": 3, "friends": 2},
        "classes": {"agree": [], "unit": "member"},
        "quorum": {"unit": "class", "at_least": 2},
    }
    found = verdict(
        rule,
        votes={
            "workers": {"for": 6, "against": 5},
            "users": {"for": 10, "against": 300},
            "friends": {"abstain": 4},
        },
    )
    assert (found.adopted, found.whole.for_, found.whole.base) == (True, 5, 8)
    assert {"block_for", "block_against", "block_abstain"} <= set(codes(found))
    assert found.attendances[0].present == 3


def test_a_block_that_lacks_its_own_quorum_does_not_speak() -> None:
    """Users need three people and are two: their block is silent, the one of the workers decides."""
    rule = {
        "unit": "class",
        "base": "for_against",
        "threshold": "1/2",
        "strict": True,
        "classes": {"agree": [], "unit": "member", "quorum": {"at_least": 3}},
    }
    found = verdict(rule, present={"workers": 4, "users": 2}, votes={"workers": {"for": 4}, "users": {"against": 2}})
    assert (found.adopted, found.whole.base) == (True, 1)
    assert "block_silent" in codes(found)


def test_the_weight_of_a_block_is_not_that_of_its_shares() -> None:
    """Workers have 5 votes as a block; inside, 3 shares for and 4 against: no. Users 2 votes: 1 share for."""
    found = verdict(
        {
            "unit": "class",
            "base": "for_against",
            "threshold": "1/2",
            "strict": True,
            "weights": {"workers": 5, "users": "2"},
            "classes": {"agree": [], "unit": "share", "base": "present"},
        },
        holders=[
            {"id": 1, "class": "workers", "shares": 3, "vote": "for"},
            {"id": 2, "class": "workers", "shares": 4, "vote": "against"},
            {"id": 3, "class": "users", "shares": 1, "vote": "for"},
        ],
    )
    inside = found.classes["workers"]
    assert (inside.for_, inside.base, inside.needed) == (3, 7, 4)
    assert (found.whole.for_, found.whole.base, found.adopted) == (2, 7, False)


def test_a_quorum_of_classes() -> None:
    """Members vote by head, and two of the three classes must be represented."""
    room = [
        {"id": 1, "class": "A", "vote": "for"},
        {"id": 2, "class": "B", "vote": "absent"},
        {"id": 3, "class": "C", "vote": "absent"},
    ]
    rule = {**MORE_THAN_HALF, "quorum": {"unit": "class", "fraction": "2/3"}}
    alone = verdict(rule, holders=room, entitled="listed")
    assert [(one.present, one.needed) for one in alone.attendances] == [(1, 2)]
    room[1]["vote"] = "none"
    assert verdict(rule, holders=room, entitled="listed").adopted


def test_shares_that_weigh_more() -> None:
    """A share of A has ten votes: 3 × 10 + 4 = 34 for, 20 against."""
    found = verdict(
        {**THREE_QUARTERS, "threshold": "1/2", "weights": {"A": 10}},
        holders=[
            {"id": 1, "class": "A", "shares": 3, "vote": "for"},
            {"id": 2, "class": "B", "shares": 4, "vote": "for"},
            {"id": 3, "class": "B", "shares": 20, "vote": "against"},
        ],
    )
    assert (found.whole.for_, found.whole.base) == (34, 54)


def test_the_chair_breaks_a_tie() -> None:
    """4 to 4: the casting vote is one more vote, 5 of 9."""
    rule = {**MORE_THAN_HALF, "tie": "chair"}
    votes = {"for": 4, "against": 4}
    assert verdict(rule, votes=votes, casting="for").adopted
    assert verdict(rule, votes={**votes, "casting": "for"}).whole.for_ == 5
    lost = verdict(rule, votes=votes, casting="against")
    assert (lost.adopted, lost.whole.needed, lost.whole.missing) == (False, 5, 1)
    with pytest.raises(Refused) as refused:
        verdict(rule, votes=votes)
    assert (refused.value.code, refused.value.path) == ("casting_missing", "casting")
    # Where nobody may decide, nobody is asked.
    without = verdict({**rule, "quorum": {"at_least": 9}}, present=8, votes=votes)
    assert not without.adopted


def test_a_casting_vote_without_a_tie_is_left_aside() -> None:
    """5 to 4: nothing to break."""
    found = verdict({**MORE_THAN_HALF, "tie": "chair"}, votes={"for": 5, "against": 4}, casting="against")
    assert (found.adopted, found.casting) == (True, None)
    assert "casting_unused" in codes(found)


def test_a_casting_vote_may_not_be_enough() -> None:
    """5 for, 5 against, 2 abstained, of the votes cast: with the chair 6 of 13, and 7 are needed."""
    rule = {**MORE_THAN_HALF, "base": "cast", "tie": "chair"}
    found = verdict(rule, votes={"for": 5, "against": 5, "abstain": 2}, casting="for")
    assert (found.adopted, found.whole.for_, found.whole.base, found.whole.needed) == (False, 6, 13, 7)


def test_several_quorums_by_call() -> None:
    """Half at the first call, a third at the second, none after; and always 5 people."""
    rule = {
        **MORE_THAN_HALF,
        "quorum": [
            {"fraction": "1/2", "call": 1},
            {"fraction": "1/3", "strict": True, "call": 2},
            {"at_least": 5, "call": "every"},
        ],
    }
    numbers = {"entitled": 30, "votes": {"for": 4}}
    needed = {
        call: [one.needed for one in verdict(rule, present=10, call=call, **numbers).attendances] for call in (1, 2, 3)
    }
    # More than a third of 30 is 11.
    assert needed == {1: [15, 5], 2: [11, 5], 3: [5]}


def test_a_million_million_votes_to_the_vote() -> None:
    """3/4 of 1,000,000,000,001 is 750,000,000,000.75: one vote decides, where a float would lose it."""
    most = 10**12
    enough = 750_000_000_001
    assert verdict(THREE_QUARTERS, votes={"for": enough, "against": most + 1 - enough}).adopted
    short = verdict(THREE_QUARTERS, votes={"for": enough - 1, "against": most + 2 - enough})
    assert (short.adopted, short.whole.missing) == (False, 1)
    third = verdict(
        {**THREE_QUARTERS, "threshold": "333333333333333333/999999999999999998"},
        votes={"for": 10**17, "against": 2 * 10**17},
    )
    assert not third.adopted


def test_votes_as_text_and_fractions() -> None:
    """12 1/2 votes for of 25 is exactly half; votes that come in halves are needed in halves."""
    half = verdict({**THREE_QUARTERS, "threshold": "1/2", "strict": True}, votes={"for": "25/2", "against": "25/2"})
    assert (half.adopted, half.whole.needed, half.whole.missing) == (False, 13, Fraction(1, 2))


counts = st.integers(0, 10**12)
parts = st.tuples(st.integers(1, 50), st.integers(1, 50)).filter(lambda part: part[0] <= part[1])


@st.composite
def meetings(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, int]]:
    """Draw a rule without cap, and votes."""
    above, below = draw(parts)
    strict = draw(st.booleans()) and above < below
    rule = {
        "unit": draw(st.sampled_from(["member", "share"])),
        "base": draw(st.sampled_from(["for_against", "cast", "present", "entitled"])),
        "threshold": f"{above}/{below}",
        "strict": strict,
        "blank": draw(st.sampled_from(["not_cast", "abstain", "against"])),
        "invalid": draw(st.sampled_from(["not_cast", "abstain", "against"])),
    }
    votes = {choice: draw(counts) for choice in ("for", "against", "abstain", "blank", "invalid")}
    return rule, votes


def there(votes: dict[str, int], spare: int) -> dict[str, int]:
    """Say how many are present and entitled."""
    present = sum(votes.values()) + spare
    return {"present": present, "entitled": present + spare}


@given(meetings(), st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_one_vote_more_never_harms(meeting: tuple[dict[str, object], dict[str, int]], spare: int) -> None:
    """A vote for more, from who was silent or against, leaves adopted what was adopted."""
    rule, votes = meeting
    before = verdict(rule, votes=votes, **there(votes, spare + 1))
    more = {**votes, "for": votes["for"] + 1}
    after = verdict(rule, votes=more, **there(votes, spare + 1))
    assert after.adopted >= before.adopted
    if votes["against"]:
        turned = {**more, "against": votes["against"] - 1}
        assert verdict(rule, votes=turned, **there(votes, spare)).adopted >= before.adopted


@given(meetings(), st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_missing_and_excess_are_exact(meeting: tuple[dict[str, object], dict[str, int]], spare: int) -> None:
    """`missing` changes of mind adopt, one fewer doesn't; as many as `excess` can be lost, one more can't."""
    rule, votes = meeting
    found = verdict(rule, votes=votes, **there(votes, spare))
    whole = found.whole

    def with_changed(number: int) -> bool:
        changed = {**votes, "for": votes["for"] + number, "against": votes["against"] - number}
        return verdict(rule, votes=changed, **there(votes, spare)).adopted

    missing, excess = int(whole.missing), int(whole.excess)
    assert found.adopted == (missing == 0)
    if missing and votes["against"] >= missing:
        assert with_changed(missing)
        assert not with_changed(missing - 1)
    if found.adopted:
        assert with_changed(-excess)
        if votes["for"] > excess:
            assert not with_changed(-excess - 1)


@given(meetings(), st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_votes_on_top_are_exact(meeting: tuple[dict[str, object], dict[str, int]], spare: int) -> None:
    """As many votes for on top as `missing_added` adopt, and one fewer doesn't."""
    rule, votes = meeting
    numbers = there(votes, spare)
    added = verdict(rule, votes=votes, **numbers).whole.missing_added
    if not added:
        return
    room = {key: number + int(added) for key, number in numbers.items()}
    fixed = rule["base"] in ("present", "entitled")

    def with_added(number: int) -> bool:
        # Where the base is who is there or entitled, the votes come from who was silent: it doesn't grow.
        if fixed:
            used = sum(votes.values()) + number
            if used > numbers["present"]:
                return number >= int(added)
        return verdict(rule, votes={**votes, "for": votes["for"] + number}, **(numbers if fixed else room)).adopted

    assert with_added(int(added))
    assert not with_added(int(added) - 1)


@given(meetings(), st.integers(1, 7), st.integers(0, 1000))
@settings(max_examples=200, deadline=None)
def test_every_share_split_alike_decides_alike(
    meeting: tuple[dict[str, object], dict[str, int]], times: int, spare: int
) -> None:
    """Where exactly the threshold is asked, ten times the votes decide the same."""
    rule, votes = meeting
    before = verdict(rule, votes=votes, **there(votes, spare))
    larger = {choice: number * times for choice, number in votes.items()}
    after = verdict(rule, votes=larger, **there(larger, spare * times))
    assert after.adopted == before.adopted


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["for", "against", "abstain", "none"])), max_size=8),
    st.randoms(),
)
@settings(max_examples=100, deadline=None)
def test_order_and_names_do_not_matter(rows: list[tuple[int, str]], chance: object) -> None:
    """Holders in another order, under other names, decide the same; so do their totals without a cap."""
    listed = holders(*((f"m{number}", *row) for number, row in enumerate(rows)))
    shuffled = [{**one, "id": f"x{one['id']}"} for one in listed]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for cap in (None, "1/3", {"fraction": "1/4", "of": "after_cap", "fractions": "kept"}, 1000):
        rule = {**THREE_QUARTERS, "cap": cap}
        first, second = verdict(rule, holders=listed), verdict(rule, holders=shuffled)
        assert (first.adopted, first.whole) == (second.adopted, second.whole)
    totals: dict[str, int] = {}
    for shares, vote in rows:
        if vote != "none":
            totals[vote] = totals.get(vote, 0) + shares
    assert verdict(THREE_QUARTERS, votes=totals).whole == verdict(THREE_QUARTERS, holders=listed).whole


@given(meetings())
@settings(max_examples=100, deadline=None)
def test_a_rule_is_written_as_it_is_read(meeting: tuple[dict[str, object], dict[str, int]]) -> None:
    """A rule read, written and read again is the same rule."""
    rule = question(meeting[0], votes={}).rule
    assert rules.parse(Node(rules.as_json(rule), "rule")) == rule


def test_every_preset_is_written_as_it_is_read() -> None:
    """Also with quorum, cap and classes."""
    for one in assembly.all_presets():
        assert rules.parse(Node(rules.as_json(one.rule), "rule")) == one.rule


def test_a_verdict_is_the_same_twice() -> None:
    """No clock, no chance, no order of a dictionary: two runs give the same text."""
    asked = {"votes": {"B": {"for": 3}, "A": {"for": 2, "against": 1}}, "present": {"A": 3, "B": 3}}
    turned = {"present": {"B": 3, "A": 3}, "votes": {"A": {"against": 1, "for": 2}, "B": {"for": 3}}}
    rule = {**THREE_QUARTERS, "classes": {"agree": "all"}}
    assert told(rule, **asked) == told(rule, **turned)
    assert assembly.as_text(verdict(rule, **asked), "nl") == assembly.as_text(verdict(rule, **turned), "nl")
