"""Rules of law and custom: dated, with their source, complete in three languages, and put aside by statutes."""

import dataclasses
from datetime import date
from fractions import Fraction

import pytest

from coopcalc import assembly
from coopcalc.assembly import Base, Counts, Of, Per, Preset, Refused, Tie, Unit, all_presets, preset, with_statutes
from coopcalc.assembly import presets as assembly_presets
from coopcalc.assembly.reading import below
from coopcalc.words import LANGUAGES

from .questions import codes, question, verdict

ALL = [pytest.param(one, id=f"{one.name} {one.valid_from}") for one in all_presets()]


@pytest.mark.parametrize("one", ALL)
def test_each_says_from_when_by_which_article_and_how_sure(one: Preset) -> None:
    """Whatever isn't read in a public source is marked; each has its words in three languages."""
    assert one.valid_from >= date(1955, 7, 20)
    assert one.article
    assert one.certainty in {"V", "1", "K"}
    assert one.country in one.name
    for texts in (one.title, one.text, *(reading.text for reading in one.readings)):
        assert sorted(texts) == sorted(LANGUAGES)
        assert len(set(texts.values())) == len(LANGUAGES)
    assert one.notice is not None
    assert one.notice.certainty in {"V", "1", "K"}
    assert Counts(one.notice.counts) is Counts.NEITHER


@pytest.mark.parametrize("one", ALL)
def test_what_was_chosen_is_a_key_of_the_rule(one: Preset) -> None:
    """A reading names a value that stands in the rule."""
    for reading in one.readings:
        found: object = one.data
        for key in reading.path.split("."):
            assert isinstance(found, dict)
            assert key in found, below(one.name, reading.path)
            found = found[key]
        assert reading.certainty in {"V", "1", "K"}


def test_names_and_dates_are_told_apart() -> None:
    """No two presets of one name begin on one day."""
    keys = [(one.name, one.valid_from) for one in all_presets()]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


def test_what_belgian_law_asks() -> None:
    """The figures, once more, as a notary would check them."""
    ordinary, statutes, purpose, classes = (
        preset(f"be-{name}").rule for name in ("ordinary", "statutes", "object", "classes")
    )
    assert (ordinary.threshold, ordinary.strict, ordinary.quorum) == (Fraction(1, 2), True, ())
    assert (statutes.threshold, purpose.threshold) == (Fraction(3, 4), Fraction(4, 5))
    for rule in (statutes, purpose, classes):
        assert not rule.strict
        assert rule.base is Base.FOR_AGAINST
        assert [(one.fraction, one.calls, one.unit) for one in rule.quorum] == [(Fraction(1, 2), (1,), Unit.SHARE)]
    assert classes.classes
    assert classes.classes.agree is None
    assert classes.classes.threshold == Fraction(3, 4)
    assert classes.classes.quorum == statutes.quorum
    assert preset("be-recognised-member").rule.unit is Unit.MEMBER
    for name, per in (("be-recognised-tenth", Per.VOTER), ("be-social", Per.HOLDER)):
        cap = preset(name).rule.cap
        assert cap
        assert (cap.fraction, cap.of, cap.per) == (Fraction(1, 10), Of.BEFORE_CAP, per)
    assert {one.notice.days for one in all_presets() if one.notice and one.country == "be"} == {15}


def test_what_dutch_law_asks() -> None:
    """One member one vote; two thirds of the votes cast for the statutes."""
    ordinary, statutes = preset("nl-ordinary").rule, preset("nl-statutes").rule
    assert (ordinary.unit, ordinary.threshold, ordinary.strict) == (Unit.MEMBER, Fraction(1, 2), True)
    assert (statutes.unit, statutes.threshold, statutes.strict) == (Unit.MEMBER, Fraction(2, 3), False)
    assert {one.notice.days for one in all_presets() if one.notice and one.country == "nl"} == {7}


def test_a_preset_holds_from_a_day() -> None:
    """The day before, there is none."""
    assert preset("be-statutes", date(2019, 5, 1)).name == "be-statutes"
    with pytest.raises(Refused) as early:
        preset("be-statutes", date(2019, 4, 30))
    assert early.value.code == "preset_not_yet"
    with pytest.raises(Refused) as unknown:
        preset("be-nothing")
    assert "be-statutes" in unknown.value.message("en")


def test_the_latest_that_holds_on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a law changes, the new rule stands beside the old one, and each meeting gets its own."""
    old = preset("nl-statutes")
    changed = dataclasses.replace(old, valid_from=date(2030, 1, 1), rule=preset("nl-ordinary").rule)
    monkeypatch.setattr(assembly_presets, "all_presets", lambda: (old, changed))
    assert preset("nl-statutes", date(2029, 12, 31)) is old
    assert preset("nl-statutes", date(2030, 1, 1)) is changed
    assert preset("nl-statutes") is changed


def test_statutes_go_before() -> None:
    """A co-operative asks four fifths for its statutes, lets the chair decide, and needs no quorum."""
    rule = with_statutes(preset("be-statutes"), {"threshold": "4/5", "quorum": None})
    assert (rule.threshold, rule.quorum, rule.base) == (Fraction(4, 5), (), Base.FOR_AGAINST)
    assert with_statutes(preset("be-ordinary"), {"tie": "chair"}).tie is Tie.CHAIR
    with pytest.raises(Refused) as wrong:
        with_statutes(preset("be-ordinary"), {"threshold": "half"})
    assert wrong.value.path == "statutes.threshold"
    # The preset itself stays what it was.
    assert preset("be-statutes").rule.threshold == Fraction(3, 4)


def test_a_question_names_a_preset() -> None:
    """By name, on a date, with the statutes' own figure."""
    by_name = {"preset": "nl-statutes", "on": "2026-05-30", "statutes": {"threshold": "3/4"}}
    assert question(by_name, votes={}).rule == with_statutes(preset("nl-statutes"), {"threshold": "3/4"})
    assert not verdict(by_name, votes={"for": 2, "against": 1}).adopted
    assert verdict({"preset": "nl-statutes"}, votes={"for": 2, "against": 1}).adopted


def test_the_recognised_tenth_with_the_statutes_majority() -> None:
    """A recognised co-operative changes its statutes: 6:85 with the tenth taken along."""
    tenth = preset("be-recognised-tenth").data["cap"]
    rule = {"preset": "be-statutes", "statutes": {"cap": tenth}}
    found = verdict(
        rule,
        issued=1000,
        holders=[
            {"id": "town", "shares": 600, "vote": "for"},
            *({"id": number, "shares": 10, "vote": "for" if number < 10 else "against"} for number in range(20)),
        ],
    )
    # 800 are there: at most 80 votes. 80 + 100 = 180 for, 100 against; three quarters of 280 is 210.
    assert (found.whole.for_, found.whole.needed, found.adopted) == (180, 210, False)
    assert found.quorum_met
    assert isinstance(found, assembly.Verdict)


def test_a_default_is_never_shown_as_a_certainty() -> None:
    """What isn't read in a public source says so, until the statutes have spoken."""
    unsure = verdict({"preset": "be-object"}, call=2, votes={"for": 4})
    assert codes(unsure)[:2] == ["rule_preset", "rule_check"]
    read = verdict({"preset": "be-recognised-tenth"}, votes={"for": 4})
    assert codes(read)[:2] == ["rule_preset", "rule_readings"]
    assert read.steps[1][1].facts["paths"] == ("cap.of", "cap.fractions", "cap.per")
    settled = verdict(
        {"preset": "be-recognised-tenth", "statutes": {"cap": {"fraction": "1/10", "of": "after_cap"}}},
        votes={"for": 4},
    )
    assert codes(settled)[:3] == ["rule_preset", "rule_statutes", "rule_more"]
    assert verdict(votes={"for": 4}).steps[0][1].code == "rule_more"
