"""Caps on what one holder or voter can cast, worked out by hand."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.assembly import Cap, Of, Per, Remainder, highest

from .questions import THREE_QUARTERS, codes, holders, told, verdict

HALF = {**THREE_QUARTERS, "threshold": "1/2", "strict": True}


def tenth(**more: str) -> dict[str, Any]:
    """At most a tenth of the votes present and represented."""
    return {**HALF, "cap": {"fraction": "1/10", **more}}


# A municipality with 400 shares, a fund with 100, eight members with 25 each: 700 votes present.
TEN = holders(
    ("town", 400, "for"),
    ("fund", 100, "against"),
    *((f"m{number}", 25, "for" if number <= 3 else "against") for number in range(1, 9)),
)


def facts(found: dict[str, Any], code: str) -> list[dict[str, str]]:
    """Return the facts of the steps with a code."""
    return [step["facts"] for step in found["working"] if step["code"] == code]


def test_a_tenth_of_the_votes_before_capping() -> None:
    """700 present: nobody more than 70. The town counts 70, the fund 70: 70 + 75 = 145 for, 70 + 125 = 195 against.

    Without the cap the town alone would carry it: 475 to 225.
    """
    found = told(tenth(of="before_cap"), holders=TEN)
    assert facts(found, "cap_before") == [{"fraction": "1/10", "votes": "700", "cap": "70"}]
    assert facts(found, "cap_applied") == [
        {"voter": "fund", "votes": "100", "counted": "70"},
        {"voter": "town", "votes": "400", "counted": "70"},
    ]
    assert (found["for"], found["base"], found["needed"], found["adopted"]) == ("145", "340", "171", False)
    # Who comes on top would move the cap: no number is told.
    assert (found["missing"], found["missing_added"]) == ("26", None)
    assert verdict(HALF, holders=TEN).adopted


def test_a_tenth_of_what_is_left_after_capping() -> None:
    """The same ten, read in a circle.

    700 × 1/10 = 70: town and fund are above. The others have 200: c = 1/10 × (2c + 200), so c = 20 / (1 - 2/10) = 25.
    Nobody else has more than 25. All ten count 25: 250 in all, and 25 is a tenth of it.
    """
    found = told(tenth(of="after_cap"), holders=TEN)
    assert facts(found, "cap_round") == [{"voters": "2", "rest": "200", "fraction": "1/10", "cap": "25"}]
    assert (found["for"], found["base"], found["adopted"]) == ("100", "250", False)


def test_in_a_circle_nine_voters_have_nothing() -> None:
    """Nobody of nine can have at most a tenth of what the nine cast, but with nothing."""
    nine = TEN[:9]
    found = verdict(tenth(of="after_cap"), holders=nine)
    assert (found.whole.base, found.adopted) == (0, False)
    assert "cap_nobody" in codes(found)
    # Before capping each of them keeps a tenth of 675: 67 whole votes.
    assert verdict(tenth(of="before_cap"), holders=nine).whole.base == 67 + 67 + 7 * 25


def test_who_is_there_decides_the_cap() -> None:
    """Two more come with 200 each: 1,100 present, the cap rises from 70 to 110, and the town counts more."""
    more = [*TEN, *holders(("late", 200, "against"), ("later", 200, "abstain"))]
    found = told(tenth(), holders=more)
    assert facts(found, "cap_before")[0]["cap"] == "110"
    counted = {one["voter"]: one["counted"] for one in facts(found, "cap_applied")}
    assert counted == {"late": "110", "later": "110", "town": "110"}
    assert found["for"] == str(110 + 75)


def test_one_more_in_the_room_may_turn_it_under_a_cap() -> None:
    """Not a fault of the arithmetic: a newcomer raises the cap, and with it whoever is above it.

    110 present: the large one, against, counts 11, and two of 6 are for: 12 to 11. A newcomer with 30, who doesn't even
    vote, makes it a tenth of 140: 12 to 14.
    """
    room = holders(("big", 50, "against"), ("a", 6, "for"), ("b", 6, "for"), ("c", 48, "none"))
    assert verdict(tenth(), holders=room).whole.for_ == 12
    assert verdict(tenth(), holders=room).adopted  # 12 to 11
    crowded = [*room, *holders(("d", 30, "none"))]
    assert not verdict(tenth(), holders=crowded).adopted  # 12 to 14


def test_parts_of_a_vote() -> None:
    """15 present: a tenth is 1.5 votes. Dropped, the large holder counts 1; kept, 1 1/2."""
    room = holders(("large", 12, "for"), ("a", 1, "against"), ("b", 1, "none"), ("c", 1, "none"))
    dropped = verdict(tenth(fractions="dropped"), holders=room)
    assert (dropped.whole.for_, dropped.adopted) == (1, False)
    kept = verdict(tenth(fractions="kept"), holders=room)
    # 3/2 of 5/2, and needed is more than 5/4 in halves: 3/2.
    assert (kept.whole.for_, kept.whole.base, kept.whole.needed, kept.adopted) == (
        Fraction(3, 2),
        Fraction(5, 2),
        Fraction(3, 2),
        True,
    )


def test_split_votes_are_reduced_alike() -> None:
    """A holder casts 30 for and 10 against, of 40; the cap is 10: 7.5 and 2.5, or 7 and 2 whole votes."""
    room = [{"id": "h", "shares": 40, "cast": {"for": 30, "against": 10}}, {"id": "o", "shares": 60, "vote": "none"}]
    dropped = verdict(tenth(), holders=room)
    assert (dropped.whole.for_, dropped.whole.base) == (7, 9)
    kept = verdict(tenth(fractions="kept"), holders=room)
    assert (kept.whole.for_, kept.whole.base) == (Fraction(15, 2), 10)


def test_a_split_needs_no_ballot_for_every_share() -> None:
    """30 of 40 votes are cast, ten stay silent: they are present."""
    room = [{"id": "h", "shares": 40, "cast": {"for": 30}}]
    found = verdict({**HALF, "base": "present"}, holders=room)
    assert (found.whole.for_, found.whole.base) == (30, 40)


def test_a_proxy_is_capped_with_what_it_carries() -> None:
    """Pia has 6 and votes for three others with 6 each: 24 in one hand, of 100 present; a tenth is 10.

    Per holder nobody is above 10 but the fund. Per voter Pia's 24 count 10.
    """
    room = holders(("Pia", 6, "for"), *((name, 6, "for", "Pia") for name in ("Q", "R", "S")), ("fund", 76, "against"))
    alone = verdict(tenth(per="holder"), holders=room)
    assert (alone.whole.for_, alone.whole.base) == (24, 34)
    together = told(tenth(per="voter"), holders=room)
    assert (together["for"], together["base"]) == ("10", "20")
    assert {one["voter"]: one["votes"] for one in facts(together, "cap_applied")} == {"Pia": "24", "fund": "76"}


def test_many_small_proxies_lose_no_vote_to_rounding() -> None:
    """Fifty members with one share each, in one hand, of 500 present: together 50, and the cap is 50."""
    room = holders(*((number, 1, "for", "proxy") for number in range(50)), ("rest", 450, "against"))
    assert verdict(tenth(per="voter"), holders=room).whole.for_ == 50
    more = [*room, *holders(*((f"x{number}", 1, "for", "proxy") for number in range(10)))]
    # 60 in one hand of 510: 51.
    assert verdict(tenth(per="voter"), holders=more).whole.for_ == 51


def test_a_fixed_cap() -> None:
    """Nobody more than five votes; as a plain number too."""
    room = holders(("a", 40, "for"), ("b", 3, "against"), ("c", 5, "against"))
    for cap in (5, {"at_most": 5}):
        found = verdict({**HALF, "cap": cap}, holders=room)
        assert (found.whole.for_, found.whole.base) == (5, 13)
    assert verdict({**HALF, "cap": 1}, holders=room).whole.base == 3  # one member, one vote, by shares


def test_a_cap_over_classes_takes_from_each_alike() -> None:
    """Two holders; one has 30 A and 10 B. Half of 50 is 25: 30 × 25/40 = 18.75 and 10 × 25/40 = 6.25, dropped.

    Inside the classes the cap counts only where the rule says so.
    """
    room = [
        {"id": 1, "shares": {"A": 30, "B": 10}, "vote": "for"},
        {"id": 2, "class": "A", "shares": 10, "vote": "for"},
    ]
    cap = {"fraction": "1/2"}
    plain = verdict({**HALF, "cap": cap, "classes": {"agree": "all"}}, holders=room)
    assert (plain.whole.for_, plain.classes["A"].for_, plain.classes["B"].for_) == (35, 40, 10)
    inside = verdict({**HALF, "cap": cap, "classes": {"agree": "all", "capped": True}}, holders=room)
    assert (inside.whole.for_, inside.classes["A"].for_, inside.classes["B"].for_) == (35, 28, 6)


def test_absent_holders_have_no_part_in_the_cap() -> None:
    """The cap is a tenth of who is there: 100, not 1,100; of all entitled the absent one is capped too."""
    room = holders(("a", 40, "for"), ("b", 60, "against"), ("away", 1000, "absent"))
    found = told({**tenth(), "base": "entitled"}, holders=room, entitled="listed")
    assert facts(found, "cap_before")[0]["votes"] == "100"
    assert (found["for"], found["base"]) == ("10", "30")


def test_totals_are_taken_as_capped() -> None:
    """Who hands over totals has capped them: said in the working."""
    found = verdict(tenth(), votes={"for": 3, "against": 1}, present={"votes": 5})
    assert found.adopted
    assert "cap_taken" in codes(found)


caps = st.builds(
    Cap,
    at_most=st.none(),
    fraction=st.fractions(Fraction(1, 30), 1, max_denominator=40),
    of=st.just(Of.AFTER_CAP),
    remainder=st.just(Remainder.KEPT),
    per=st.just(Per.HOLDER),
)


@given(caps, st.lists(st.integers(1, 10**12).map(Fraction), max_size=40))
@settings(max_examples=300, deadline=None)
def test_the_circle_closes(cap: Cap, votes: list[Fraction]) -> None:
    """After capping nobody has more than the fraction of what is left, and any higher cap would break that."""
    most, _ = highest(cap, votes)
    fraction = cap.fraction or Fraction(0)
    left = sum((min(one, most) for one in votes), Fraction(0))
    assert most <= fraction * left or not votes
    if votes and max(votes) > most:
        assert most == fraction * left
        higher = most + Fraction(1, 10**6)
        assert higher > fraction * sum((min(one, higher) for one in votes), Fraction(0))


@pytest.mark.parametrize("number", [10, 11, 25])
def test_equal_holders_keep_all(number: int) -> None:
    """Ten or more holders with as much each: a tenth takes nothing from anybody, read either way."""
    room = holders(*((one, 7, "for") for one in range(number)))
    for of in ("before_cap", "after_cap"):
        assert verdict(tenth(of=of), holders=room).whole.for_ == 7 * number
