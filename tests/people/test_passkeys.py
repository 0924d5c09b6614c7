"""Passkeys in a real browser, with an authenticator that stands in for finger and face."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from coopwerf.people import queries

from ..cast import Person, make_person
from ..ui.conftest import audit, look  # noqa: F401
from .test_sign_in import code_in

pytestmark = pytest.mark.django_db(transaction=True)


def with_authenticator(page: Page) -> Any:
    """Give a page a device that always says yes."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devices, made["authenticatorId"]


def sign_in_by_mail(page: Page, person: Person, mailoutbox: Any) -> None:
    """Sign in as people do the first time."""
    page.fill("[name=email]", person.email)
    page.click("form[action='/sign-in/'] button")
    page.fill("[name=code]", code_in(mailoutbox[-1]))
    page.click("main form button[type=submit]")


def test_a_passkey_is_made_used_renamed_and_removed(
    look: Any,  # noqa: F811
    live_server: Any,
    settings: Any,
    mailoutbox: Any,
) -> None:
    """Ines adds a passkey after signing in by mail, signs out, comes in without mail, renames it and removes it."""
    cache.clear()
    settings.BASE_URL = live_server.url
    ines = make_person("Ines", language="en")
    page = look("/sign-in/?next=/me/signing-in/passkeys/add/", lang="en")
    devices, authenticator = with_authenticator(page)
    sign_in_by_mail(page, ines, mailoutbox)
    page.fill("[name=name]", "My phone 📱")
    page.click("text=Make the passkey")
    expect(page.locator("main")).to_contain_text("My phone 📱")
    assert len(queries.passkeys_of(ines.account.pk)) == 1

    mails = len(mailoutbox)
    page.click("text=Sign out here")
    page.click("main form button")
    page.goto(f"{live_server.url}/sign-in/?next=/new/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(f"{live_server.url}/new/")
    assert len(mailoutbox) == mails
    assert queries.passkeys_of(ines.account.pk)[0].used_at is not None

    # A key that was removed here signs nobody in, though the device still has it.
    page.goto(f"{live_server.url}/me/signing-in/")
    page.click("text=Rename")
    page.fill("[name=name]", "Old phone")
    page.click("text=Save")
    page.click("main table >> text=Remove")
    expect(page.locator("main")).to_contain_text("Old phone")
    page.click("text=Remove it")
    assert not Authenticator.objects.exists()
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/sign-in/")
    page.click("text=Sign in with a passkey")
    expect(page.get_by_role("alert").first).to_contain_text("know this passkey")

    # Nor does a device that has none.
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})


def test_without_scripts_the_mail_is_the_way(look: Any) -> None:  # noqa: F811
    """No button that would do nothing."""
    page = look("/sign-in/", lang="en", script=False)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Mail me a code")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), [(390, False), (390, True), (1280, True)])
def test_somebody_comes_in_by_keyboard(
    look: Any,  # noqa: F811
    live_server: Any,
    settings: Any,
    mailoutbox: Any,
    width: int,
    script: bool,
) -> None:
    """Without scripts too, on a phone and on a desk, in the dark; nothing hinders who listens to the pages."""
    cache.clear()
    settings.BASE_URL = live_server.url
    ines = make_person("Ines", language="fr")
    page = look("/sign-in/?next=/me/signing-in/", width=width, lang="fr", dark=True, script=script)
    expect(page.locator('[name="email"]')).to_be_focused()
    page.keyboard.type(ines.email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    assert not script or audit(page) == []  # its own scripts don't run either
    page.keyboard.type(code_in(mailoutbox[-1]))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/me/signing-in/")
    for address in ("/me/signing-in/", "/me/", "/me/signing-in/second-step/"):
        page.goto(f"{live_server.url}{address}")
        assert not script or audit(page) == [], address
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
