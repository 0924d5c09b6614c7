"""Pages of reports in a real browser: on a phone and on a desk, light and dark, without scripts; axe finds nothing."""

import uuid

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from coopwerf.founding import actions, queries
from coopwerf.founding.states import Words
from coopwerf.founding.web import talking
from coopwerf.kernel.tenancy import tenant
from tests.browser import audit
from tests.cast import Cast

from .reporting import act, facts, forget, pictured, published, translated
from .screens import HOST, shown
from .test_comments import approved, confirmed, link_to
from .test_reports import HERE

pytestmark = pytest.mark.django_db


def look(page: Page, address: str) -> None:
    """Open a page and make sure of it: it answers, nothing is wider than the screen, no policy is broken."""
    answer = page.goto(HOST + address)
    assert answer is not None
    assert answer.status == 200, address
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
    assert page.evaluate("() => window.violations") == [], address
    assert audit(page) == [], address


@pytest.fixture
def told(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """Return a report with pictures, a translation, a correction, comments with an answer, and one that waits."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    report_id = published(wolkenwerf)
    pictured(wolkenwerf, report_id)
    pictured(wolkenwerf, report_id, "done", caption="Kabels op zaterdag")
    actions.publish_report(**act(wolkenwerf), report_id=report_id, reason="Er kwamen beelden bij.")
    translated(wolkenwerf, report_id, alts={1: "Deux bénévoles soulèvent un serveur", 2: "Des câbles"})
    one = approved(wolkenwerf)
    told = {**act(wolkenwerf), "report_id": report_id, "key": uuid.uuid4(), "language": "nl", "parent_id": one.id}
    actions.answer_by_name(**told, text="Elke nacht gaat een kopie naar Gent, **versleuteld**.")
    confirmed(wolkenwerf, email="ander@example.org", pseudonym="tante bits", text="Kan mijn koor hier terecht?")
    assert facts(wolkenwerf, report_id).version.number == 2
    forget()
    return report_id


PUBLIC = (HERE, HERE + "?lang=fr", HERE + "?lang=en", HERE + "versions/2/", HERE + "comment/", "reports/", "")
INSIDE = (
    "writing/",
    "writing/new/",
    "writing/de-servers-staan-recht/",
    "writing/de-servers-staan-recht/preview/",
    "writing/de-servers-staan-recht/pictures/",
    "writing/de-servers-staan-recht/authors/",
    "writing/de-servers-staan-recht/translations/fr/",
    "writing/de-servers-staan-recht/move/take-back/",
    "writing/comments/",
    "writing/comments/log/",
    "writing/milestones/",
)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_every_page_is_whole_at_every_width(
    browser: Browser, wolkenwerf: Cast, told: uuid.UUID, width: int, dark: bool
) -> None:
    """For who reads, and for who writes; with real content."""
    with shown(browser, Client(), width=width, dark=dark) as page:
        for rest in PUBLIC:
            look(page, wolkenwerf.url(rest))
        look(page, link_to("ander@example.org"))
    with shown(browser, wolkenwerf.secretary.browser(), width=width, dark=dark) as page:
        for rest in INSIDE:
            look(page, wolkenwerf.url(rest))


def test_a_volunteer_with_a_phone_publishes_a_report_with_a_picture(browser: Browser, wolkenwerf: Cast) -> None:
    """Without any script: title, text, a look, a picture, and it is there."""
    with shown(browser, wolkenwerf.secretary.browser(), scripts=False) as page:
        page.goto(HOST + wolkenwerf.url("writing/new/"))
        page.get_by_label("Waar gaat het over?").fill("De servers staan recht")
        page.get_by_role("button", name="Begin").click()
        page.get_by_label("Wat we deden").fill("Zes zaterdagen **lang**.")
        page.get_by_role("button", name="Bekijk het eerst").click()
        expect(page.locator(".looked strong")).to_have_text("lang")
        page.get_by_role("button", name="Bewaren").click()
        # A file can't be handed to a browser that is answered here: its form is posted in test_reports.
        with tenant(wolkenwerf.id):
            made = queries.reports(wolkenwerf.id)[0]
        pictured(wolkenwerf, made.id, texts={"nl": "Een rek"})
        page.reload()
        page.get_by_role("button", name="Publiceer").click()
        page.get_by_role("button", name="Publiceer het verslag").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("De servers staan recht")
        image = page.get_by_role("img", name="Een rek")
        expect(image).to_be_visible()
    forget()
    with shown(browser, Client()) as page:
        page.goto(HOST + wolkenwerf.url(HERE))
        assert page.evaluate("() => document.querySelector('.photo img').naturalWidth") > 0
        assert page.evaluate("() => document.querySelectorAll('script[type=\"application/ld+json\"]').length") == 1
        assert page.evaluate("() => window.violations") == []


def test_a_reader_comments_on_a_phone(browser: Browser, wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an account and without any script, to the page that says that a mail is on its way."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    published(wolkenwerf, Words(title="De servers staan recht", done="Zes zaterdagen."))
    with shown(browser, Client(), scripts=False) as page:
        page.goto(HOST + wolkenwerf.url(HERE))
        page.get_by_label("Wat wil je zeggen?").fill("Mooi werk!")
        page.get_by_label("Schuilnaam").fill("kabelwacht")
        page.get_by_label("E-mailadres").fill("kabel@example.org")
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")
        page.goto(HOST + link_to())
        page.get_by_role("button", name="Ze is van mij: stuur ze door").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Je reactie wacht om gelezen te worden")
