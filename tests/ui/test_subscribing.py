"""Taking shares on a phone without scripts, and its pages under axe, light and dark."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from coopwerf.capital import tasks
from coopwerf.kernel import clock
from tests.capital.offering import opened, with_shares
from tests.capital.subscribed import NOOR, applicant, gift, last_mail, link_in, paid, rows, subscribed
from tests.cast import Cast

from .conftest import audit
from .test_joining import fits


@pytest.fixture
def offer(wolkenwerf: Cast) -> uuid.UUID:
    """Return the open offer of Wolkenwerf."""
    with_shares(wolkenwerf)
    return opened(wolkenwerf)


def fill_in(page: Page) -> None:
    """Fill in who Noor is."""
    for name in ("given", "family", "street", "number", "box", "postcode", "town", "email"):
        page.locator(f"[name={name}]").fill(NOOR[name])


def go_on(page: Page) -> None:
    """Press the button at the thumb."""
    page.locator(".action-bar button").first.click()


@pytest.mark.django_db(transaction=True)
def test_noor_takes_shares_on_a_phone_without_scripts(
    offer: uuid.UUID, wolkenwerf: Cast, look: Callable[..., Page]
) -> None:
    """From the button of the offer through a mistake to the code that her bank scans, and the mail that confirms."""
    page = look(wolkenwerf.url("shares/rek/"), width=390, lang="nl", script=False)
    page.get_by_role("link", name="Neem aandelen").first.click()
    page.locator("[name=quantity]").fill("3")
    go_on(page)
    fill_in(page)
    page.locator("[name=email]").fill("noor@example")
    go_on(page)
    assert page.locator("[name=family]").input_value() == "Vandamme"
    fits(page)
    page.locator("[name=email]").fill("noor@example.org")
    go_on(page)
    page.get_by_role("heading", name="Klopt dit?").wait_for()
    fits(page)
    page.get_by_label("Ik heb de statuten gelezen").check()
    page.get_by_label("Ik weet dat ik kan verliezen").check()
    go_on(page)
    page.get_by_role("heading", name="Dank je, Noor.").wait_for()
    fits(page)
    assert page.locator(".take-pay__code svg").is_visible()
    assert page.get_by_role("button", name="Kopieer").count() == 0, (
        "copying takes a script: no button that does nothing"
    )
    page.go_back()
    page.get_by_text("schreef iemand enkele minuten geleden in").wait_for()
    assert len(rows(wolkenwerf)) == 1, "going back begins anew, and says so"
    fits(page)
    page.go_forward()
    tasks.write_waiting(wolkenwerf.id, clock.now())
    page.goto(page.url.split("/c/")[0] + link_in(last_mail()))
    page.get_by_role("button", name="Ja, ik bevestig").click()
    page.get_by_text("je adres is bevestigd").first.wait_for()
    fits(page)


@pytest.mark.django_db(transaction=True)
def test_copying_says_so_and_the_button_is_itself_again(
    offer: uuid.UUID, wolkenwerf: Cast, look: Callable[..., Page]
) -> None:
    """Pressed twice in a hurry too; what only listeners hear stays hidden."""
    done = subscribed(wolkenwerf, offer, 3, now=clock.now())
    page = look(wolkenwerf.url(f"subscription/{done.token}/"), width=390, lang="nl")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("button[data-copy]").first
    before = button.inner_html()
    for _press in range(2):
        button.click()
        page.wait_for_function("() => document.querySelector('button[data-copy]').innerText === 'Gekopieerd'")
    assert page.evaluate("() => navigator.clipboard.readText()") == button.get_attribute("data-copy")
    page.wait_for_function("(html) => document.querySelector('button[data-copy]').innerHTML === html", arg=before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_the_way(
    offer: uuid.UUID, wolkenwerf: Cast, look: Callable[..., Page], width: int, dark: bool
) -> None:
    """The three steps, the page to pay and the list of who looks after it: labels, contrast, order."""
    page = look(wolkenwerf.url("shares/rek/take/"), width=width, lang="nl", dark=dark)
    assert audit(page) == []
    go_on(page)
    page.locator("[name=given]").wait_for()
    assert audit(page) == []
    fill_in(page)
    go_on(page)
    page.locator("[name=accepts_risk]").wait_for()
    assert audit(page) == []
    done = subscribed(wolkenwerf, offer, 3, applicant("Jef"), now=clock.now())
    paid(wolkenwerf, done, "100.00", on=clock.civil_date(clock.now()), now=clock.now())
    subscribed(wolkenwerf, offer, 1, applicant("Piet", "A" * 200), now=clock.now(), **gift())
    page.goto(page.url.split("/c/")[0] + wolkenwerf.url(f"subscription/{done.token}/"))
    assert audit(page) == []
    fits(page)
    host = page.url.split("/c/")[0]
    jar = wolkenwerf.secretary.browser().cookies
    page.context.add_cookies([{"name": name, "value": one.value, "url": host} for name, one in jar.items()])
    for address in ("subscriptions/", f"subscriptions/{done.id}/", "shares/rek/take/"):
        page.goto(host + wolkenwerf.url(address))
        assert audit(page) == []
        fits(page)
