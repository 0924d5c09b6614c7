"""Becoming a member on a phone without scripts, and the pages around it under axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.register.asking import last_mail, link_in
from tests.register.test_register import with_class

from .conftest import audit

__all__ = ["with_class"]


def fits(page: Page) -> None:
    """Check that nothing sticks out of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.django_db(transaction=True)
def test_noor_becomes_a_member_on_a_phone_without_scripts(with_class: Cast, look: Callable[..., Page]) -> None:
    """From the poster to the form, a mistake that loses nothing, the mail, the confirmation, the state of things."""
    page = look(with_class.url(), width=390, lang="en", script=False)
    page.get_by_role("link", name="Become a member").click()
    page.get_by_label("How many shares?").fill("3")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Family name").fill("Vandamme")
    page.get_by_label("Street").fill("Vlaamsesteenweg")
    page.get_by_label("Number", exact=True).fill("118")
    page.get_by_label("Postcode").fill("1000")
    page.get_by_label("Town").fill("Brussel")
    page.get_by_label("E-mail address").fill("noor@example")
    page.get_by_label("I accept the statutes").check()
    page.get_by_role("button", name="Mail me the link").click()
    assert page.get_by_label("Family name").input_value() == "Vandamme"
    fits(page)
    page.get_by_label("E-mail address").fill("noor@example.org")
    page.get_by_role("button", name="Mail me the link").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    fits(page)
    page.goto(page.url.split("/c/")[0] + link_in(last_mail()))
    assert page.get_by_text("€75.00").first.is_visible()
    page.get_by_role("button", name="Confirm my request").click()
    page.get_by_role("heading", name="Your request waits for your payment").wait_for()
    fits(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["person", "organisation", "minor"])
def test_axe_finds_nothing_on_the_form(with_class: Cast, look: Callable[..., Page], width: int, kind: str) -> None:
    """Labels, contrast, order: for each kind of applicant, on a phone and on a desk."""
    page = look(with_class.url(f"join/?as={kind}"), width=width, lang="nl")
    assert audit(page) == []
    fits(page)


@pytest.mark.django_db(transaction=True)
def test_what_has_the_focus_is_never_below_the_bar(with_class: Cast, look: Callable[..., Page]) -> None:
    """On a phone the next step stays at the thumb; whoever goes on by keyboard still sees where they write."""
    page = look(with_class.url("join/"), width=390, lang="nl")
    for _step in range(22):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const there = document.activeElement, box = there.getBoundingClientRect();
                const bar = document.querySelector(".action-bar"), top = bar.getBoundingClientRect().top;
                return bar.contains(there) || box.bottom <= top || box.top >= top + bar.offsetHeight ? "" : there.name;
            }"""
        )
        assert covered == ""
