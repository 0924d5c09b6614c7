"""The bank inbox in a real browser: by keyboard alone, without scripts, on a tablet, and under axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from coopwerf.payments.states import ClaimState
from tests.cast import Cast
from tests.payments.inbox import Inbox, furnish

from .conftest import audit

Look = Callable[..., Page]


@pytest.fixture
def inbox(wolkenwerf: Cast) -> Inbox:
    return furnish(wolkenwerf)


@pytest.fixture
def sit_down(look: Look, live_server: LiveServer, inbox: Inbox) -> Look:
    """Open an address as the treasurer, in English."""

    def open_page(path: str = "", **how: object) -> Page:
        page = look("/", **how)
        client = inbox.coop.treasurer.browser()
        client.post("/ui/language/", {"language": "en"})
        page.context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
        )
        answer = page.goto(f"{live_server.url}{path or inbox.url()}")
        assert answer is not None
        assert answer.ok
        return page

    return open_page


def fits(page: Page) -> None:
    """Check that nothing sticks out of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def at_hand(page: Page) -> str:
    """Return whose line is at hand."""
    return page.locator("#who").inner_text()


def press(page: Page, key: str, then: str) -> None:
    """Press a key, and wait until the page that follows shows these words."""
    page.keyboard.press(key)
    page.get_by_text(then).first.wait_for()
    page.wait_for_load_state()


@pytest.mark.django_db(transaction=True)
def test_a_treasurer_works_through_the_bank_by_keyboard_alone(sit_down: Look, inbox: Inbox) -> None:
    """Down, up, accept, undo, split, pay back, book to an account: seven lines, and no mouse."""
    page = sit_down()
    order = page.locator(".bank-line__who").all_inner_texts()
    assert at_hand(page) == order[0] == "No name"
    assert page.evaluate("document.activeElement.id") == "line"

    # Move down and up.
    for key, place in (("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        page.wait_for_function("who => document.querySelector('#who').innerText === who", arg=order[place])
        page.wait_for_function("document.activeElement.id === 'line'")

    # Bank charges go to an account.
    press(page, "a", "What was it?")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book it there").press("Enter")
    page.get_by_text("6 lines wait for you").first.wait_for()

    # Accept what is proposed, take it back with one key, accept it again with its number.
    while at_hand(page) != "PEETERS LUC":
        before = at_hand(page)
        page.keyboard.press("j")
        page.wait_for_function("who => document.querySelector('#who').innerText !== who", arg=before)
        page.wait_for_function("document.activeElement.id === 'line'")
    press(page, "Enter", "Booked: €50.00 from PEETERS LUC")
    assert inbox.owed("luc").state is ClaimState.SETTLED
    page.wait_for_function("document.activeElement.id === 'line'")
    press(page, "u", "Undone: the line waits again")
    assert inbox.owed("luc").state is ClaimState.OPEN
    page.wait_for_function("document.activeElement.id === 'line'")
    press(page, "1", "Booked: €50.00 from PEETERS LUC")

    # Typing in a field presses nothing, and the switch turns the keys off.
    page.get_by_label("Name, amount, account or communication").focus()
    page.keyboard.type("1jk")
    assert page.get_by_label("Name, amount, account or communication").input_value() == "1jk"
    page.get_by_label("These keys work while the line has the focus").uncheck()
    here = page.url
    page.locator("#line").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.url == here
    page.get_by_label("These keys work while the line has the focus").check()

    # Split, and pay back.
    page.goto(page.url.split("?")[0] + f"?line={inbox.lines['fatou'].id}")
    press(page, "s", "Split this line")
    page.get_by_role("button", name="Book these parts").press("Enter")
    page.get_by_text("€250.00 of it is booked already").wait_for()
    page.wait_for_function("document.activeElement.id === 'line'")
    press(page, "r", "Pay it back")
    page.get_by_role("button", name="Put it on the list to pay back").press("Enter")
    page.get_by_text("Money to give back to").first.wait_for()
    assert inbox.entry("fatou").open == 0


@pytest.mark.django_db(transaction=True)
def test_it_works_without_scripts_on_a_phone(sit_down: Look, inbox: Inbox) -> None:
    page = sit_down(inbox.url(f"?line={inbox.lines['tarik'].id}"), width=390, script=False)
    assert at_hand(page) == "EL AMRANI TARIK"
    fits(page)
    page.get_by_role("button", name="Book it for Tarik El Amrani").click()
    page.get_by_text("Booked: €200.00 from EL AMRANI TARIK").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone: the line waits again").wait_for()
    page.get_by_role("link", name="Accept all certain (2)").click()
    page.get_by_role("button", name="Accept these 2 lines").click()
    page.get_by_text("2 lines are booked.").wait_for()
    fits(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_axe_finds_nothing(sit_down: Look, inbox: Inbox, width: int) -> None:
    """On a phone, a tablet and a desk; in the dark too."""
    page = sit_down(inbox.url(f"?line={inbox.lines['fatou'].id}"), width=width, dark=width == 820)
    origin = page.url.split("/c/")[0]
    pages = [
        "",
        inbox.url("certain/"),
        inbox.line("fatou", "split/"),
        inbox.line("fatou", "other/"),
        inbox.line("bank", "account/"),
        inbox.line("fatou", "refund/"),
        inbox.line("fatou"),
        inbox.url("booked/"),
        inbox.url("suspense/"),
        inbox.url("statements/"),
        inbox.url("statements/upload/"),
        inbox.url("to-pay/"),
        inbox.url("accounts/"),
    ]
    for path in pages:
        if path:
            page.goto(origin + path)
        assert audit(page) == [], path
        fits(page)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_held_down_books_one_line_only(sit_down: Look, inbox: Inbox) -> None:
    """The browser repeats a key that is held down, into the next page too: it moves, but never books."""
    page = sit_down(inbox.url(f"?line={inbox.lines['luc'].id}"))
    page.keyboard.down("Enter")
    page.get_by_text("Booked: €50.00 from PEETERS LUC").wait_for()
    page.wait_for_function("document.activeElement.id === 'line'")
    for _again in range(4):
        page.keyboard.down("Enter")
    page.wait_for_timeout(400)
    page.keyboard.up("Enter")
    waiting = page.get_by_role("heading", level=1).inner_text()
    assert waiting == "6 lines wait for you"
