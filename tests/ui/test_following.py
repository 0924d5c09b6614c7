"""Following on a phone without scripts, and the pages of followers and newsletters under axe, light and dark."""

import re
import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, links
from coopwerf.messages.models import Mail, Reach
from tests.cast import NOW, Cast
from tests.messages.test_following import followed
from tests.messages.test_newsletters import written

from .conftest import audit
from .test_joining import fits


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


def path_in_latest() -> str:
    """Return the path of the first link in the mail that was written last."""
    found = re.search(r"https?://[^/\s]+(/c/\S+)", Mail.objects.order_by("-made_at", "-id")[0].text)
    assert found
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_noor_follows_changes_her_mind_and_leaves_on_a_phone_without_scripts(
    wolkenwerf: Cast, look: Callable[..., Page]
) -> None:
    page = look(wolkenwerf.url(), width=390, lang="nl", script=False)
    page.get_by_role("link", name="Volg ons").click()
    page.locator("[name=email]").fill("noor@example")
    page.get_by_role("button", name="Volgen", exact=True).click()
    page.get_by_text("geen e-mailadres waarnaar").first.wait_for()
    page.locator("[name=email]").fill("noor+werf@example.org")
    page.locator("[name=name]").fill("Noor")
    page.get_by_label("Eén keer per week").check()
    fits(page)
    page.get_by_role("button", name="Volgen", exact=True).click()
    page.get_by_role("heading", name="Kijk in je mailbox").wait_for()
    host = page.url.split("/c/")[0]
    page.goto(host + path_in_latest())
    fits(page)
    page.get_by_role("button", name="Ja, ik wil volgen").click()
    page.get_by_text("Vanaf nu volg je ons").wait_for()
    fits(page)
    page.get_by_label("Alles", exact=True).uncheck()
    page.get_by_label("Nieuwsbrief", exact=True).check()
    page.get_by_role("button", name="Bewaar deze keuzes").click()
    page.get_by_text("Vanaf nu hoor je over wat je koos").wait_for()
    page.get_by_role("button", name="Schrijf mij niets meer").click()
    page.get_by_role("heading", name="Je bent gestopt").wait_for()
    fits(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(wolkenwerf: Cast, look: Callable[..., Page], width: int, dark: bool) -> None:
    """What followers see, what those see who write to them, and the outbox of the administrator."""
    contact_id = followed(wolkenwerf)
    one, sent = written(wolkenwerf, "nl", "fr"), written(wolkenwerf, "nl")
    write = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    actions.send_newsletter(**write, newsletter_id=sent)  # type: ignore[arg-type]
    followed(wolkenwerf, "een.heel.lang.adres.dat.nergens.past@voorbeeld-van-een-lang-domein.example")
    gone = "een.heel.lang.adres.dat.nergens.past@voorbeeld-van-een-lang-domein.example"
    words = f"550 5.1.1 <{gone}>: Recipient address rejected: User unknown in local recipient table"
    Reach.objects.create(email_key=gone, bounced_at=NOW, blocked_at=NOW, reason="hard", words=words)
    with tenant(wolkenwerf.id):
        keys = {purpose: links.sign(contact_id, purpose) for purpose in (actions.PREFERENCES, actions.LEAVE)}
    page = look(wolkenwerf.url("follow/"), width=width, lang="nl", dark=dark)
    host = page.url.split("/c/")[0]
    seen(page, "follow")
    own = f"following/{keys[actions.PREFERENCES]}/"
    for name, address in (
        ("own", own),
        ("forget", own + "forget/"),
        ("leave", f"leave/{keys[actions.LEAVE]}/"),
        ("archive", "news/"),
        ("archived", "news/1/"),
    ):
        page.goto(host + wolkenwerf.url(address))
        seen(page, name)
    jar = wolkenwerf.secretary.browser().cookies
    page.context.add_cookies([{"name": name, "value": one.value, "url": host} for name, one in jar.items()])
    for name, address in inside(one, sent):
        page.goto(host + wolkenwerf.url(address))
        seen(page, name)


def inside(one: uuid.UUID, sent: uuid.UUID) -> tuple[tuple[str, str], ...]:
    """Return the pages of who writes to followers."""
    return (
        ("followers", "followers/"),
        ("bring", "followers/bring/"),
        ("newsletters", "newsletters/"),
        ("draft", f"newsletters/{one}/"),
        ("texts", f"newsletters/{one}/texts/nl/"),
        ("audience", f"newsletters/{one}/audience/"),
        ("send", f"newsletters/{one}/send/"),
        ("sent", f"newsletters/{sent}/"),
    )


def seen(page: Page, name: str) -> None:
    """Look at a page: under axe, and whether it fits."""
    assert audit(page) == [], name
    fits(page)
