"""What a yard promises, what becomes of it, and how both stay to be read."""

import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from coopwerf.founding import actions, queries
from coopwerf.founding.models import StepMoment
from coopwerf.founding.queries import StepWords
from coopwerf.founding.states import EvidenceKind, MomentKind, Season, StepState
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, TODAY, Cast, Person
from tests.pages import Walker

from .building import AUTUMN, RACK, SPRING, act, promised, step

pytestmark = pytest.mark.django_db


def read(cast: Cast, rest: str = "roadmap/", language: str = "nl", who: Person | None = None) -> str:
    """Return a page, for a visitor or somebody who signed in."""
    browser = who.browser() if who is not None else Client(headers={"accept-language": language})
    answer = browser.get(cast.url(rest))
    assert answer.status_code == 200, rest
    return str(answer.content.decode())


def words_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@given(st.dates(dt.date(2000, 3, 1), dt.date(2099, 12, 31)))
def test_every_day_lies_in_one_season(day: dt.date) -> None:
    """Seasons follow each other without a gap, also over the end of a year and in February."""
    season = Season.of(day)
    assert day in season
    assert day not in Season(season.code + 1)
    assert Season.of(season.first_day) == Season.of(season.last_day) == season
    assert Season.of(season.last_day + dt.timedelta(days=1)).code == season.code + 1


def test_a_draft_is_nobodys_but_its_writers(wolkenwerf: Cast) -> None:
    """Until it is promised nobody else reads it, and it can go."""
    step_id = actions.write_step(**act(wolkenwerf), season=SPRING, texts=RACK)
    assert "rek" not in words_of(read(wolkenwerf))
    assert "Het eerste rek staat" in read(wolkenwerf, "roadmap/desk/", who=wolkenwerf.director)
    actions.delete_step(**act(wolkenwerf), step_id=step_id)
    with tenant(wolkenwerf.id):
        assert queries.roadmap(wolkenwerf.id, with_drafts=True) == []


def test_a_promise_that_slips_stays_to_be_read_with_why(wolkenwerf: Cast) -> None:
    """Promised for spring, now for autumn, because: who read the first promise finds it again, in its season."""
    step_id = promised(wolkenwerf)
    later = NOW + dt.timedelta(days=90)
    actions.move_promise(
        **act(wolkenwerf, later),
        step_id=step_id,
        season=AUTUMN,
        because={"nl": "De schakelaar komt pas in september.", "fr": "Le commutateur arrive en septembre."},
    )
    found = step(wolkenwerf, step_id)
    assert [(one.kind, one.season, one.author_id) for one in found.moments] == [
        (MomentKind.PROMISED, SPRING, wolkenwerf.director.party_id),
        (MomentKind.MOVED, AUTUMN, wolkenwerf.director.party_id),
    ]
    page = words_of(read(wolkenwerf))
    assert "beloofd voor de lente van 2027, nu voor de herfst van 2027" in page
    assert "De schakelaar komt pas in september." in page
    assert "verplaatst naar de herfst van 2027" in page
    assert "Le commutateur arrive en septembre." in words_of(read(wolkenwerf, language="fr"))
    english = read(wolkenwerf, "roadmap/?lang=en")
    assert "promised for spring 2027, now for autumn 2027" in words_of(english)
    assert 'lang="nl">Het eerste rek staat' in english


def test_what_was_promised_is_never_changed_nor_deleted(wolkenwerf: Cast) -> None:
    """By the action, by the web's role, and by the database itself."""
    step_id = promised(wolkenwerf)
    with pytest.raises(Refused, match="step_kept"):
        actions.delete_step(**act(wolkenwerf), step_id=step_id)
    with tenant(wolkenwerf.id):
        for change in ({"season": 1}, None):
            rows = StepMoment.objects.filter(step_id=step_id)
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.delete() if change is None else rows.update(**change)


@pytest.mark.parametrize(
    ("because", "season", "code"),
    [
        ({"nl": " "}, AUTUMN, "why_missing"),
        ({"nl": "daarom"}, SPRING, "promise_same"),
        ({"xx": "y"}, AUTUMN, "text_language"),
    ],
)
def test_a_move_needs_a_reason_and_another_time(
    wolkenwerf: Cast, because: dict[str, str], season: Season, code: str
) -> None:
    """Silence isn't a reason, and the same season isn't another."""
    step_id = promised(wolkenwerf)
    with pytest.raises(Refused, match=code):
        actions.move_promise(**act(wolkenwerf), step_id=step_id, season=season, because=because)
    assert len(step(wolkenwerf, step_id).moments) == 1


def test_a_day_lies_in_its_season(wolkenwerf: Cast) -> None:
    """A day may be promised, the seventh of October not for spring."""
    told: dict[str, Any] = {"season": SPRING, "texts": RACK}
    with pytest.raises(Refused, match="day_outside") as refusal:
        actions.write_step(**act(wolkenwerf), day=dt.date(2027, 10, 7), **told)
    assert "1\u00a0March\u00a02027" in refusal.value.message
    step_id = actions.write_step(**act(wolkenwerf), day=dt.date(2027, 5, 7), **told)
    assert step(wolkenwerf, step_id).due_on == dt.date(2027, 5, 7)


def test_done_says_since_when_and_by_what_one_sees_it(wolkenwerf: Cast) -> None:
    """Begun, done with a report, found not to be done after all, dropped, promised again: all of it stays."""
    step_id = promised(wolkenwerf)
    one: dict[str, Any] = {**act(wolkenwerf), "step_id": step_id}
    actions.begin_step(**one, on=dt.date(2026, 10, 1))
    with pytest.raises(Refused, match="done_before_begun"):
        actions.finish_step(**one, on=dt.date(2026, 9, 30))
    with pytest.raises(Refused, match="day_ahead"):
        actions.finish_step(**one, on=TODAY + dt.timedelta(days=1))
    actions.finish_step(**one, on=TODAY, evidence=(EvidenceKind.REPORT, "Verslag 5", wolkenwerf.url("reports/5/")))
    page = read(wolkenwerf)
    assert f'href="{wolkenwerf.url("reports/5/")}"' in page
    assert "klaar op 23 november 2026" in words_of(page)
    actions.reopen_step(**one, because={"nl": "De stroom viel uit."})
    assert step(wolkenwerf, step_id).done_on is None
    actions.drop_step(**one, because={"nl": "We huren een rek."})
    assert "We huren een rek." in read(wolkenwerf)
    actions.take_up_step(**one, season=AUTUMN, because={"nl": "Huren is duurder."})
    found = step(wolkenwerf, step_id)
    assert found.state is StepState.PROMISED
    assert [one.kind.value for one in found.moments] == [
        "promised", "begun", "done", "reopened", "dropped", "taken_up",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "//evil.example", "https://good.example@evil.example/", "ftp://x.example/a",
        "https://", "data:text/html,x", "https://a b.example/", "/\\evil.example", "https://x.example/\u0000",
    ],
)  # fmt: skip
def test_evidence_leads_to_a_page_only(wolkenwerf: Cast, url: str) -> None:
    """A script, another site in disguise, and half an address are refused."""
    step_id = promised(wolkenwerf)
    with pytest.raises(Refused, match="url_wrong"):
        actions.add_evidence(**act(wolkenwerf), step_id=step_id, kind=EvidenceKind.LINK, title="Kijk", url=url)


def test_an_address_of_our_own_is_kept_from_its_slash_on(wolkenwerf: Cast) -> None:
    """As it is copied from the browser, also where the installation has no name on the internet yet."""
    step_id = promised(wolkenwerf)
    for url in (f"{settings.BASE_URL}/c/wolkenwerf/reports/x/", "/c/wolkenwerf/reports/y/"):
        actions.add_evidence(**act(wolkenwerf), step_id=step_id, kind=EvidenceKind.REPORT, title="Lees", url=url)
    kept = [one.url for one in step(wolkenwerf, step_id).evidence]
    assert kept == ["/c/wolkenwerf/reports/x/", "/c/wolkenwerf/reports/y/"]
    with pytest.raises(Refused, match="url_wrong"):
        other = f"{settings.BASE_URL}//evil.example/"
        actions.add_evidence(**act(wolkenwerf), step_id=step_id, kind=EvidenceKind.LINK, title="Kijk", url=other)


def test_the_order_within_a_season_is_kept(wolkenwerf: Cast) -> None:
    """Earlier and later, and nothing at the ends; a step that moves to another season comes last there."""
    ids = [promised(wolkenwerf, title=title) for title in ("Een", "Twee", "Drie")]

    def order() -> list[str]:
        with tenant(wolkenwerf.id):
            return [one.words("nl")[1].title for one in queries.roadmap(wolkenwerf.id)]

    actions.place_step(**act(wolkenwerf), step_id=ids[2], earlier=True)
    assert order() == ["Een", "Drie", "Twee"]
    actions.place_step(**act(wolkenwerf), step_id=ids[0], earlier=True)
    assert order() == ["Een", "Drie", "Twee"]
    promised(wolkenwerf, AUTUMN, "Vier")
    actions.move_promise(**act(wolkenwerf), step_id=ids[0], season=AUTUMN, because={"nl": "Geld eerst."})
    assert order() == ["Drie", "Twee", "Vier", "Een"]


def test_who_keeps_it(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """The board does; the auditor, a stranger and another co-operative don't, and theirs isn't seen."""
    step_id = promised(wolkenwerf)
    for who in (wolkenwerf.auditor, stranger, nederwerf.chair):
        with pytest.raises(Refused, match="lacks_power"):
            actions.promise_step(actor=who.actor, now=NOW, coop_id=wolkenwerf.id, step_id=step_id)
    with pytest.raises(Refused, match="step_gone"):
        actions.begin_step(
            actor=nederwerf.chair.actor, now=NOW, coop_id=nederwerf.id, step_id=step_id, on=dt.date(2026, 1, 1)
        )
    assert "rek" not in words_of(read(nederwerf))
    assert wolkenwerf.auditor.browser().get(wolkenwerf.url("roadmap/desk/")).status_code == 403


def test_the_trail_holds_no_words(wolkenwerf: Cast) -> None:
    """Ids, seasons and days; never a title or a reason."""
    step_id = promised(wolkenwerf)
    actions.move_promise(**act(wolkenwerf), step_id=step_id, season=AUTUMN, because={"nl": "Geheimpje"})
    with tenant(wolkenwerf.id):
        facts = str(list(AuditEntry.objects.filter(subject_id=step_id).values_list("facts", flat=True)))
    assert "Geheimpje" not in facts
    assert "rek" not in facts


def test_a_picture_says_the_same_as_its_table(wolkenwerf: Cast) -> None:
    """The drawing has words for who can't see it, and every promise and what became of it stands in the table."""
    moved = promised(wolkenwerf)
    actions.move_promise(**act(wolkenwerf), step_id=moved, season=AUTUMN, because={"nl": "Later."})
    done = promised(wolkenwerf, title="De oprichting")
    actions.finish_step(**act(wolkenwerf), step_id=done, on=TODAY)
    page = read(wolkenwerf)
    assert page.count("<svg") >= 2
    assert 'aria-label="Het stappenplan van' in page
    table = words_of(page.split("<table")[1])
    assert "De oprichting de lente van 2027 – klaar op 23 november 2026" in table
    assert "Het eerste rek staat de lente van 2027 de herfst van 2027" in table


def test_the_same_step_moved_by_two_at_once_keeps_both(transactional_db: None, wolkenwerf: Cast) -> None:
    """The second waits for the first: two later promises, none lost."""
    step_id = promised(wolkenwerf)
    seasons = [AUTUMN, Season(AUTUMN.code + 1)]

    def move(season: Season) -> None:
        try:
            actions.move_promise(**act(wolkenwerf), step_id=step_id, season=season, because={"nl": "Daarom."})
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=[season]) for season in seasons]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = step(wolkenwerf, step_id)
    assert sorted(one.season for one in found.moves) == seasons
    assert found.season == found.moves[-1].season


def test_somebody_keeps_the_roadmap_by_its_pages(wolkenwerf: Cast) -> None:
    """Written, promised, moved with a reason, done with a link: without anything but a browser without scripts."""
    walker = Walker(wolkenwerf.director.browser(), "nl")
    walker.open(wolkenwerf.url("roadmap/desk/"))
    walker.open(wolkenwerf.url("roadmap/desk/new/"))
    walker.send(title_nl="De eerste test", part="0", year="2027")
    walker.says("Niemand anders leest dit al")
    here = walker.address
    walker.open(here + "promise/")
    walker.send("promise/")
    walker.open(here + "move/")
    assert walker.form("", None, "year").values["year"] == ["2027"], "a year has no sign between its thousands"
    walker.send(part="2", year="2027", because_nl="De proef liep langer.")
    walker.says("Beloofd voor de lente van 2027, nu voor de herfst van 2027")
    walker.open(here + "done/")
    walker.send(on="2-11-2026", title="Filmpje", url="https://example.org/film", kind="link")
    walker.says("Filmpje")
    walker.open(wolkenwerf.url("roadmap/"))
    walker.says("klaar op 2 november 2026")


def test_words_with_a_sting_do_no_harm(wolkenwerf: Cast) -> None:
    """Whatever stands in a title, a text or a reason is shown as text, in the page and in the drawing."""
    sting = "<script>alert(1)</script>'\"]}"
    step_id = actions.write_step(**act(wolkenwerf), season=SPRING, texts={"nl": StepWords(sting, sting)})
    actions.promise_step(**act(wolkenwerf), step_id=step_id)
    actions.move_promise(**act(wolkenwerf), step_id=step_id, season=AUTUMN, because={"nl": sting})
    page = read(wolkenwerf)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
