"""The pages of the yard in a real browser: nothing that axe-core finds, nothing wider than a phone."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page

from coopwerf.founding import actions
from coopwerf.founding.queries import CallWords
from coopwerf.founding.states import EvidenceKind, HelpKind, Season
from tests.browser import audit
from tests.cast import NOW, TODAY, Cast
from tests.documents.photos import with_position

from .building import AUTUMN, act, called, listed, offered, promised
from .reporting import drafted
from .test_directory import partner
from .test_help import ask, link_of, mails_to

pytestmark = pytest.mark.django_db(transaction=True)

Look = Callable[..., Page]


@pytest.fixture
def built(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a roadmap that slipped, a partner, calls of each kind, and a helper."""
    done = promised(wolkenwerf, Season.of(dt.date(2026, 7, 1)), "Bevraging: vierhonderd antwoorden, ook op papier")
    proof = (EvidenceKind.DOCUMENT, "Akte in het Staatsblad", "https://example.org/akte.pdf")
    actions.finish_step(**act(wolkenwerf), step_id=done, on=TODAY, evidence=proof)
    moved = promised(wolkenwerf)
    why = {"nl": "De schakelaar komt later.", "fr": "Le commutateur arrive plus tard."}
    actions.move_promise(**act(wolkenwerf), step_id=moved, season=AUTUMN, because=why)
    partner(wolkenwerf)
    listed(wolkenwerf)
    called(wolkenwerf)
    called(wolkenwerf, kind=HelpKind.THING, texts={"nl": CallWords("Een bakfiets", "Om *servers* te halen.")})
    money = called(wolkenwerf, kind=HelpKind.MONEY, amount=Decimal(5000), texts={"nl": CallWords("Een studie")})
    _who, offer_id = offered(wolkenwerf, money, "Noor", amount=Decimal(1000))
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id)
    ask(wolkenwerf, money, "noor@example.org", "Wanneer?", NOW)
    return wolkenwerf


@pytest.mark.parametrize(("width", "dark", "language"), [(390, True, "nl"), (1280, False, "fr")])
def test_public_pages_suit_everybody(built: Cast, look: Look, width: int, dark: bool, language: str) -> None:
    """On a phone in the dark and on a desk by day: clean, and nothing has to be pushed sideways."""
    helper = link_of(mails_to("noor@")[-1])
    pages = [built.url(rest) for rest in ("roadmap/", "partners/", "project/", "help/", "help/een-studie/")]
    pages += [built.url("help/een-studie/answer/"), built.url("help/een-studie/ask/"), helper]
    pages += ["/projects/", "/projects/?q=niets", "/projects/help/?minutes=15"]
    for address in pages:
        page = look(address, width=width, dark=dark, language=language)
        assert audit(page) == [], address
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
        assert page.evaluate("() => window.violations") == [], address


def test_desks_suit_everybody(built: Cast, look: Look) -> None:
    """The pages of those who keep the yard, on a phone."""
    cookie = built.director.browser().cookies["sessionid"].value
    for rest in (
        "roadmap/desk/",
        "roadmap/desk/new/",
        "help/desk/",
        "help/desk/new/",
        "partners/desk/",
        "project/desk/",
    ):
        page = look(built.url(rest), cookie=cookie)
        assert audit(page) == [], rest
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, rest


def test_a_picture_is_brought_on_a_phone(wolkenwerf: Cast, look: Look, tmp_path: Path) -> None:
    """The file is chosen, told about and sent by the browser itself; then it stands on top of the report."""
    drafted(wolkenwerf)
    file = tmp_path / "IMG_2031.JPG"
    file.write_bytes(with_position())
    cookie = wolkenwerf.secretary.browser().cookies["sessionid"].value
    page = look(wolkenwerf.url("writing/de-servers-staan-recht/pictures/"), cookie=cookie)
    page.get_by_label("Beeld", exact=True).set_input_files(file)
    page.get_by_label("Wat erop te zien is (Nederlands)").fill("Twee vrijwilligers tillen een server")
    page.get_by_label("Wie maakte het?").fill("Claire Lambotte")
    page.locator('input[name="licence"][value="own"]').check()
    page.get_by_role("button", name="Breng het").click()
    page.wait_for_url("**/writing/de-servers-staan-recht/")
    shown = page.locator('img[alt="Twee vrijwilligers tillen een server"]').first
    shown.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert page.evaluate("() => window.violations") == []


def test_other_languages_are_folded_until_something_stands_there(built: Cast, look: Look) -> None:
    """A volunteer who writes one language sees one; what is written in another is in sight."""
    cookie = built.director.browser().cookies["sessionid"].value
    page = look(built.url("help/desk/new/"), cookie=cookie)
    assert page.locator("[name=title_fr]").is_hidden()
    page.locator(".fold summary").click()
    page.locator("[name=title_fr]").fill("Un vélo cargo")
    page.get_by_role("button", name="Bewaar deze oproep").click()
    page.goto(page.url + "write/")
    assert page.locator("[name=title_fr]").is_visible()
    assert audit(page) == []
