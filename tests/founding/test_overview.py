"""The yard at a glance: what waits for whom, and the navigation that leads there, on one line of a desk."""

import datetime as dt

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from coopwerf.coops import actions as coops
from coopwerf.coops.states import BodyKind, Role
from coopwerf.founding import actions
from coopwerf.founding.states import Season
from coopwerf.founding.web import talking
from tests.browser import audit
from tests.cast import NOW, TODAY, Cast, MakePerson, Person, _appoint

from .building import act, called, offered, promised
from .reporting import published
from .screens import HOST, shown
from .test_comments import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Return Wolkenwerf with a report and a comment that waits, a promise that passed, and help that was offered."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    published(wolkenwerf)
    confirmed(wolkenwerf)
    step_id = promised(wolkenwerf, Season.of(TODAY), "Het rek staat recht")
    actions.move_promise(
        **act(wolkenwerf),
        step_id=step_id,
        season=Season.of(TODAY),
        day=Season.of(TODAY).first_day,
        because={"nl": "Zo."},
    )
    offered(wolkenwerf, called(wolkenwerf, is_direct=False), "Noor")
    return wolkenwerf


def the_yard(person: Person, cast: Cast) -> str:
    """Return the page as somebody sees it."""
    answer = person.browser().get(cast.url("yard/"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_keeps_the_yard_sees_what_waits(busy: Cast) -> None:
    """Each thing leads to where it is done."""
    told = the_yard(busy.secretary, busy)
    for rest in ("writing/comments/", "help/desk/", "roadmap/desk/"):
        assert told.count(f'href="{busy.url(rest)}"') >= 2, rest
    assert "Iemand biedt hulp aan" in told
    assert "Er wacht een reactie" in told
    assert "Er is een belofte verstreken" in told


def test_who_looks_at_today_hears_of_help_and_questions_too(busy: Cast) -> None:
    """A page that says that nothing waits, while somebody offers help, would leave a helper without an answer."""
    page = busy.secretary.browser().get(busy.url("today/")).content.decode()
    assert "Iemand biedt hulp aan" in page
    assert busy.url("help/desk/") in page


def test_who_just_founded_is_shown_the_way_to_the_yard(wolkenwerf: Cast) -> None:
    """As long as nothing was told from it: the page on which a founder arrives leads there."""
    overview = wolkenwerf.url("settings/")
    assert "Open jullie werf" in wolkenwerf.secretary.browser().get(overview).content.decode()
    published(wolkenwerf)
    assert "Open jullie werf" not in wolkenwerf.secretary.browser().get(overview).content.decode()


def test_where_nothing_waits_the_yard_says_so(wolkenwerf: Cast) -> None:
    """An empty yard still tells how each part stands, and what the next step in the scaffolding asks for."""
    told = the_yard(wolkenwerf.secretary, wolkenwerf)
    assert "Er wacht niets op jou." in told
    assert "Nog geen verslag" in told
    assert "Nog niets beloofd" in told


def test_who_keeps_nothing_of_it_is_told_who_does(wolkenwerf: Cast, client: Client) -> None:
    """An auditor and a passer-by see none of it."""
    assert wolkenwerf.auditor.browser().get(wolkenwerf.url("yard/")).status_code == 403
    assert client.get(wolkenwerf.url("yard/")).status_code in (302, 403)


def lines(page: Page, where: str) -> int:
    """Count the lines on which the links of a list stand, once its letters are there."""
    page.evaluate("() => document.fonts.ready.then(() => true)")
    return int(page.evaluate("w => new Set([...document.querySelectorAll(w)].map(e => e.offsetTop)).size", where))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_navigation_of_who_does_everything_fits_one_line(
    browser: Browser, person: MakePerson, language: str
) -> None:
    """Ten things to do, one line of links at 1280 pixels, and one below for the yard; on a phone the line is folded."""
    founder = person("Karim", language=language, is_administrator=True)
    made = coops.found_coop(actor=founder.actor, now=NOW, name="Wolkenwerf Haspengouw", language=language)
    with shown(browser, founder.browser(), width=1280, language=language) as page:
        page.goto(f"{HOST}/c/{made.slug}/roadmap/desk/")
        assert page.locator(".nav--bar a").count() >= 7
        assert lines(page, ".nav--bar a") == 1
        assert page.locator(".parts--bar a").count() == 9
        assert lines(page, ".parts--bar a") == 1
        assert page.locator(".parts--bar [aria-current]").count() == 1
        assert audit(page) == []
    with shown(browser, founder.browser(), language=language) as page:
        page.goto(f"{HOST}/c/{made.slug}/roadmap/desk/")
        assert page.locator(".parts--bar").is_hidden()
        page.locator(".parts--fold summary").click()
        assert page.locator(".parts--fold a").first.is_visible()
        page.locator(".parts--fold a").first.click()
        page.wait_for_url("**/yard/")
        assert audit(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_who_keeps_one_part_alone_is_led_right_there(wolkenwerf: Cast, person: MakePerson) -> None:
    """No page in between, no second line."""
    delegate = person("Farid")
    since = TODAY - dt.timedelta(days=30)
    _appoint(wolkenwerf.coop, BodyKind.DAILY, Role.DELEGATE, delegate, since)
    told = delegate.browser().get(wolkenwerf.url("gatherings/manage/")).content.decode()
    assert "site-head__parts" not in told
    assert wolkenwerf.url("yard/") not in told
    assert the_yard(delegate, wolkenwerf).count("Geen aangekondigd") == 1
