"""From an initiative to a co-operative: stages with their dates, and the rules of the law that each of them brings."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection

from coopwerf.coops import actions, presets, queries
from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import BodyKind, Mark, Role, Stage
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant

from ..cast import NOW, TODAY, Cast, MakePerson, Person

pytestmark = pytest.mark.django_db

DEED = dt.date(2024, 3, 1)
RECOGNISED = dt.date(2025, 7, 1)


@pytest.fixture
def young(stranger: Person) -> CoopFacts:
    """Return an initiative that Ines started."""
    return actions.found_coop(actor=stranger.actor, now=NOW, name="De Ton", language="nl")


@pytest.fixture
def reach(stranger: Person, young: CoopFacts) -> Callable[..., None]:
    """Return the function by which Ines writes a stage down."""

    def write(stage: Stage, since: dt.date, **more: Any) -> None:
        actions.change_stage(actor=stranger.actor, now=NOW, coop_id=young.id, stage=stage, valid_from=since, **more)

    return write


def value(coop: CoopFacts, key: str, on: dt.date) -> Any:
    """Return what a rule says on a day, None when there is none."""
    with tenant(coop.id):
        held = queries.rule(coop.id, key, on)
    return None if held is None else held.value


def test_an_initiative_needs_a_name_and_a_language(young: CoopFacts, stranger: Person) -> None:
    """It begins without rules, with its core group and its founder in it, who may do everything."""
    with tenant(young.id):
        assert queries.stage(young.id, TODAY) is Stage.INITIATIVE
        assert queries.rules(young.id, TODAY) == {}
        assert [body.kind for body in queries.bodies(young.id, TODAY)] == [BodyKind.INITIATORS]
        (first,) = queries.office_holders(young.id, TODAY)
    assert (first.party_id, first.role) == (stranger.party_id, Role.COORDINATOR)


def test_each_step_appears_when_its_stage_is_reached(
    young: CoopFacts, reach: Callable[..., None], stranger: Person
) -> None:
    """An initiative sees no page of rules; a co-operative does, with the bodies that it needs."""
    browser = stranger.browser()
    rules = f"/c/{young.slug}/settings/rules/"
    assert rules not in browser.get(f"/c/{young.slug}/settings/").content.decode()
    reach(Stage.CV, DEED)
    page = browser.get(f"/c/{young.slug}/settings/").content.decode()
    assert rules in page
    with tenant(young.id):
        kinds = {body.kind for body in queries.bodies(young.id, TODAY)}
        before = {body.kind for body in queries.bodies(young.id, DEED - dt.timedelta(days=1))}
    assert kinds == {BodyKind.INITIATORS, BodyKind.BOARD, BodyKind.GENERAL_ASSEMBLY}
    assert before == set()


def test_rules_of_the_law_come_with_source_and_mark(young: CoopFacts, reach: Callable[..., None]) -> None:
    """Those read in a public source are defaults; others are to be checked with a notary. Each says where it stands."""
    reach(Stage.CV_RECOGNISED, DEED)
    with tenant(young.id):
        held = queries.rules(young.id, TODAY)
    assert held["members.minimum"].value == 3
    assert (held["members.minimum"].mark, held["dividend.cap_percent"].value) == (Mark.DEFAULT, "6.00")
    assert held["majority.ordinary"].mark is Mark.CHECK
    assert all(rule.source and rule.valid_from == DEED for rule in held.values())


@pytest.mark.parametrize(
    ("stage", "liability"),
    [(Stage.NL_UA, "none"), (Stage.NL_BA, "limited"), (Stage.NL_WA, "equal_parts"), (Stage.CV, "contribution")],
)
def test_what_members_are_liable_for(
    young: CoopFacts, reach: Callable[..., None], stage: Stage, liability: str
) -> None:
    """Three letters behind a Dutch name decide it; in Belgium it is the contribution."""
    reach(stage, DEED)
    assert value(young, "members.liability", TODAY) == liability


def test_the_past_keeps_its_own_rules(young: CoopFacts, reach: Callable[..., None]) -> None:
    """Recognition brings its rules from its own day; on the day before there was none of them."""
    reach(Stage.CV, DEED)
    reach(Stage.CV_RECOGNISED, RECOGNISED)
    assert value(young, "dividend.cap_percent", RECOGNISED) == "6.00"
    assert value(young, "dividend.cap_percent", RECOGNISED - dt.timedelta(days=1)) is None
    assert value(young, "members.minimum", RECOGNISED) == 3
    with tenant(young.id):
        assert queries.rules(young.id, RECOGNISED)["members.minimum"].valid_from == DEED


def test_a_recognition_that_is_lost_takes_its_rules_along(young: CoopFacts, reach: Callable[..., None]) -> None:
    """Afterwards the law of every CV goes on."""
    reach(Stage.CV_RECOGNISED, DEED)
    reach(Stage.CV, RECOGNISED)
    assert value(young, "dividend.cap_percent", RECOGNISED) is None
    assert value(young, "votes.cap_percent", DEED) == "10.00"
    assert value(young, "members.minimum", RECOGNISED) == 3


def test_a_stage_written_afterwards_lasts_until_the_next(young: CoopFacts, reach: Callable[..., None]) -> None:
    """The association before the co-operative is written down later: its rules end where the co-operative begins."""
    reach(Stage.CV, DEED)
    reach(Stage.ASSOCIATION, dt.date(2022, 1, 1))
    assert value(young, "majority.statutes", dt.date(2023, 1, 1)) == "2/3"
    assert value(young, "majority.statutes", DEED) == "3/4"
    association = set(presets.rules_of(Stage.ASSOCIATION))
    with tenant(young.id):
        assert set(queries.rules(young.id, dt.date(2023, 1, 1))) == association
        assert set(queries.rules(young.id, TODAY)) == set(presets.rules_of(Stage.CV))


def test_a_wrong_date_is_mended(young: CoopFacts, reach: Callable[..., None], stranger: Person) -> None:
    """The deed was of March 2024, not of 2023: the wrong row is taken back, the right one written."""
    wrong = dt.date(2023, 3, 1)
    reach(Stage.CV, wrong)
    actions.take_back_stage(actor=stranger.actor, now=NOW, coop_id=young.id, valid_from=wrong)
    with tenant(young.id):
        assert queries.stage_history(young.id) == []
        assert queries.stage(young.id, TODAY) is Stage.INITIATIVE
        assert queries.rules(young.id, TODAY) == {}
    reach(Stage.CV, DEED)
    with tenant(young.id):
        assert [(one.stage, one.valid_from) for one in queries.stage_history(young.id)] == [(Stage.CV, DEED)]
        assert queries.stages([young.id], TODAY)[young.id].valid_from == DEED
    assert value(young, "members.minimum", wrong) is None
    assert value(young, "members.minimum", DEED) == 3


def test_a_mistake_is_taken_back_on_the_page(
    young: CoopFacts, reach: Callable[..., None], stranger: Person, person: MakePerson
) -> None:
    """From the list of stages one comes to the question; after the button the list says what is left."""
    reach(Stage.CV, DEED)
    browser, stages = stranger.browser(), f"/c/{young.slug}/settings/stage/"
    question = f"{stages}{DEED.isoformat()}/"
    assert question in browser.get(stages).content.decode()
    assert browser.get(question).status_code == 200
    with tenant(young.id):
        assert queries.stage(young.id, TODAY) is Stage.CV
    answer = browser.post(question, follow=True)
    assert "Teruggenomen." in answer.content.decode()
    with tenant(young.id):
        assert queries.stage(young.id, TODAY) is Stage.INITIATIVE
    assert browser.get(question).status_code == 404
    assert browser.get(f"{stages}yesterday/").status_code == 404
    assert person("Jana").browser().get(question).status_code == 403


def test_what_was_known_before_a_correction_stays_known(
    young: CoopFacts, reach: Callable[..., None], stranger: Person
) -> None:
    """Asked as known then, it still was a CV; the rules say the same."""
    reach(Stage.CV, DEED)
    later = NOW + dt.timedelta(hours=1)
    actions.take_back_stage(actor=stranger.actor, now=later, coop_id=young.id, valid_from=DEED)
    with tenant(young.id):
        assert queries.stage(young.id, TODAY, known=NOW) is Stage.CV
        assert "members.minimum" in queries.rules(young.id, TODAY, known=NOW)
        assert queries.stage(young.id, TODAY, known=later) is Stage.INITIATIVE


def test_an_earlier_date_takes_the_place_of_a_later_one(young: CoopFacts, reach: Callable[..., None]) -> None:
    """It was reached earlier than they thought: one line stays in the history, with the earlier date."""
    reach(Stage.CV, RECOGNISED)
    reach(Stage.CV, DEED)
    with tenant(young.id):
        assert [one.valid_from for one in queries.stage_history(young.id)] == [DEED]
    assert value(young, "members.minimum", DEED) == 3


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        (Stage.CV, Stage.ASSOCIATION, "coops.stage_not_reachable"),
        (Stage.CV, Stage.NL_UA, "coops.stage_not_reachable"),
        (Stage.CV, Stage.CV, "coops.stage_unchanged"),
    ],
)
def test_stages_that_do_not_follow(
    young: CoopFacts, reach: Callable[..., None], first: Stage, then: Stage, code: str
) -> None:
    """A co-operative is no association again, moves to no other country, and doesn't become what it is."""
    reach(first, DEED)
    with pytest.raises(Refused) as said:
        reach(then, RECOGNISED)
    assert said.value.code == code
    with tenant(young.id):
        assert queries.stage(young.id, TODAY) is first


@pytest.mark.parametrize("since", [dt.date(1799, 12, 31), dt.date(2036, 1, 1)])
def test_dates_that_nobody_means(reach: Callable[..., None], since: dt.date) -> None:
    """The year 2036 is a slip, and so is 1799."""
    with pytest.raises(Refused, match="date_unlikely"):
        reach(Stage.CV, since)


def test_a_stage_that_others_need_stays(young: CoopFacts, reach: Callable[..., None], stranger: Person) -> None:
    """What was never written can't be taken back; what comes after may not hang in the air."""
    reach(Stage.ASSOCIATION, dt.date(2022, 1, 1))
    reach(Stage.CV, DEED)
    with pytest.raises(Refused, match="stage_not_there"):
        actions.take_back_stage(actor=stranger.actor, now=NOW, coop_id=young.id, valid_from=TODAY)
    actions.take_back_stage(actor=stranger.actor, now=NOW, coop_id=young.id, valid_from=dt.date(2022, 1, 1))
    assert value(young, "members.minimum", dt.date(2023, 1, 1)) is None
    assert value(young, "members.minimum", DEED) == 3


# Rules of their own


def _set(coop: Cast, since: dt.date, **more: Any) -> None:
    actions.set_rules(
        actor=coop.secretary.actor,
        now=more.pop("now", NOW),
        coop_id=coop.id,
        valid_from=since,
        values=more.pop("values", {"votes.basis": "per_member"}),
        **more,
    )


def test_a_change_of_statutes_holds_from_its_date(wolkenwerf: Cast) -> None:
    """Since June a member has one vote; in May it was one for each share, and that can still be read."""
    june = dt.date(2025, 6, 1)
    _set(wolkenwerf, june, source="article 22")
    assert value(wolkenwerf.coop, "votes.basis", june) == "per_member"
    assert value(wolkenwerf.coop, "votes.basis", june - dt.timedelta(days=1)) == "per_share"
    with tenant(wolkenwerf.id):
        held = queries.rules(wolkenwerf.id, TODAY)["votes.basis"]
        lines = queries.rule_history(wolkenwerf.id)["votes.basis"]
    assert (held.source, held.mark, held.preset) == ("article 22", Mark.CONFIRMED, "")
    assert [line.value for line in lines] == ["per_member", "per_share"]


def test_a_rule_of_ones_own_goes_before_a_new_preset(wolkenwerf: Cast) -> None:
    """A second recognition speaks of the same rule: what the statutes say stays, to be checked again."""
    june = dt.date(2025, 6, 1)
    _set(wolkenwerf, june, values={"dividend.cap_percent": "4.00"}, source="article 30")
    actions.change_stage(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        stage=Stage.CV_RECOGNISED_SOCIAL,
        valid_from=dt.date(2026, 1, 1),
    )
    with tenant(wolkenwerf.id):
        held = queries.rules(wolkenwerf.id, TODAY)["dividend.cap_percent"]
        others = queries.rules(wolkenwerf.id, TODAY)
    assert (held.value, held.mark, held.source) == ("4.00", Mark.CHECK, "article 30")
    assert others["exit.value"].value == "at_most_contribution"


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("votes.basis", "per_euro"),
        ("members.minimum", -1),
        ("members.minimum", "three"),
        ("dividend.cap_percent", "101"),
        ("dividend.cap_percent", "6.001"),
        ("majority.statutes", "4/3"),
        ("majority.statutes", "1/0"),
        ("admission.grounds", [{"code": "x"}]),
        ("shares.exist", "yes"),
        ("no.such.rule", 1),
    ],
)
def test_values_that_cannot_be(wolkenwerf: Cast, key: str, bad: Any) -> None:
    """A value that isn't of its rule's kind is refused, and nothing is written."""
    with tenant(wolkenwerf.id):
        before = queries.rule_history(wolkenwerf.id)
    with pytest.raises(Refused) as said:
        _set(wolkenwerf, TODAY, values={key: bad})
    assert said.value.path == key
    with tenant(wolkenwerf.id):
        assert queries.rule_history(wolkenwerf.id) == before


def test_grounds_keep_their_other_languages(wolkenwerf: Cast) -> None:
    """The secretary adds a ground in Dutch on the page; those of the preset stay as they were, in three languages."""
    browser = wolkenwerf.secretary.browser()
    page = wolkenwerf.url("settings/rules/admission.grounds/")
    with tenant(wolkenwerf.id):
        before = queries.rules(wolkenwerf.id, TODAY)["admission.grounds"].value
    lines = [one["text"]["nl"] for one in before] + ["Wie een concurrent bestuurt, kan geen lid zijn."]
    response = browser.post(
        page,
        {"value": "\r\n".join(lines), "valid_from": "01-06-2026", "source": "artikel 9", "is_confirmed": "on"},
    )
    assert response.status_code == 302
    with tenant(wolkenwerf.id):
        after = queries.rules(wolkenwerf.id, TODAY)["admission.grounds"].value
    assert after[: len(before)] == before
    assert after[-1]["text"] == {"nl": "Wie een concurrent bestuurt, kan geen lid zijn."}


def test_only_those_who_may_change_the_settings(wolkenwerf: Cast, nederwerf: Cast, host: Person) -> None:
    """A director, a chair elsewhere and the host are told who can; nothing changes."""
    for person in (wolkenwerf.director, nederwerf.chair, host):
        with pytest.raises(Refused, match="lacks_power"):
            actions.set_rules(
                actor=person.actor,
                now=NOW,
                coop_id=wolkenwerf.id,
                valid_from=TODAY,
                values={"votes.basis": "per_member"},
            )
        with pytest.raises(Refused, match="lacks_power"):
            actions.take_back_stage(actor=person.actor, now=NOW, coop_id=wolkenwerf.id, valid_from=dt.date(2021, 3, 1))
    assert value(wolkenwerf.coop, "votes.basis", TODAY) == "per_share"


def test_the_web_can_not_rewrite_what_was_said(wolkenwerf: Cast) -> None:
    """Stages, rules and facts are only added to: the database refuses the rest to the web's role."""
    for table in ("coops_stagechange", "coops_statuterule", "coops_coopfact", "coops_mandate"):
        for statement in (f"UPDATE {table} SET valid_from = valid_from", f"DELETE FROM {table}"):
            with pytest.raises(Error, match="permission denied"), tenant(wolkenwerf.id), connection.cursor() as cursor:
                cursor.execute("SAVEPOINT before_it")
                try:
                    cursor.execute(statement)
                finally:
                    cursor.execute("ROLLBACK TO SAVEPOINT before_it")


def test_presets_fit_the_catalogue_in_three_languages() -> None:
    """Every rule of a preset has its text and source in each language; a French one speaks of actions."""
    for stage in Stage:
        for versions in presets.rules_of(stage).values():
            for one in versions:
                assert set(one.text) == set(one.sources) == {"nl", "fr", "en"}, one.key
                assert "'" not in one.text["fr"] + one.sources["fr"], one.key
    for key in presets.catalogue().values():
        assert set(key.label) == {"nl", "fr", "en"}, key.name
