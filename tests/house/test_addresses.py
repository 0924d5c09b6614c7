"""Who comes in where: nobody, unless a view says so, and what it says has been read by a person."""

import types

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from coopwerf.conf import urls
from coopwerf.kernel.web import Door, public
from tests.cast import Cast, Person
from tests.settings import ROOT

from .addresses import addresses

OPEN = ROOT / "tests" / "house" / "public_urls.txt"


def marked() -> list[str]:
    """Return a line for each address that isn't just for those within a co-operative."""
    return [
        f"{address.route:46} {address.access.door.value}: {address.access.why}"
        for address in sorted(addresses(), key=lambda address: address.route)
        if address.access.door is not Door.WITHIN
    ]


def test_what_is_open_was_agreed() -> None:
    """Addresses open to others than those within are listed in `public_urls.txt`; whoever changes it, thinks."""
    listed = {line for line in OPEN.read_text().splitlines() if line and not line.startswith("#")}
    found = [f"+{line}" for line in marked() if line not in listed]
    found += [f"-{line}" for line in sorted(listed - set(marked()))]
    assert not found, "agree on it, then change public_urls.txt:\n" + "\n".join(found)


def test_what_is_within_stands_within() -> None:
    """Without a mark a view is for those within a co-operative: so its address says in which."""
    lost = [
        address.route
        for address in addresses()
        if address.access.door is Door.WITHIN and not address.route.startswith("/c/<slug:slug>/")
    ]
    assert lost == [], "nobody can ever open these: mark the view public, signed_in or administrator"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(method: str, wolkenwerf: Cast) -> None:
    """Whatever isn't public sends a visitor to the sign-in page."""
    try:
        reverse("people:sign-in")
    except NoReverseMatch:
        pytest.skip("signing in has not landed yet")
    visitor = Client()
    for address in addresses():
        if address.access.door not in (Door.PUBLIC, Door.TOKEN):
            where = address.filled(wolkenwerf.coop.slug)
            answer = getattr(visitor, method)(where)
            assert answer.status_code == 302, f"{method} {where}: {answer.status_code}"
            assert answer.headers["Location"].startswith(f"{reverse('people:sign-in')}?next="), where


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_of_another_cooperative_is_refused(method: str, wolkenwerf: Cast, nederwerf: Cast) -> None:
    """The chair of one co-operative is nobody in another, and hosts nothing."""
    browser = nederwerf.chair.browser()
    for address in addresses():
        if address.access.door in (Door.WITHIN, Door.ADMINISTRATOR):
            where = address.filled(wolkenwerf.coop.slug)
            assert getattr(browser, method)(where).status_code == 403, f"{method} {where}"
        elif address.access.door is Door.SIGNED_IN and address.route.startswith("/c/"):
            where = address.filled(wolkenwerf.coop.slug)
            assert getattr(browser, method)(where).status_code in (403, 404, 405), f"{method} {where}"


@pytest.mark.django_db
def test_the_host_sees_into_no_cooperative(wolkenwerf: Cast, host: Person) -> None:
    """Hosting an installation gives no access to what is inside its co-operatives."""
    browser = host.browser()
    for address in addresses():
        if address.access.door is Door.WITHIN:
            where = address.filled(wolkenwerf.coop.slug)
            assert browser.get(where).status_code == 403, where


@pytest.mark.django_db
def test_a_cooperative_that_is_not_here_is_not_found(wolkenwerf: Cast) -> None:
    """An unknown co-operative's addresses don't exist, for anybody."""
    browser = wolkenwerf.chair.browser()
    for address in addresses():
        if address.route.startswith("/c/<slug:slug>/"):
            assert browser.get(address.filled("nowhere")).status_code == 404, address.route


@pytest.mark.django_db
def test_public_addresses_stand_what_a_visitor_types(wolkenwerf: Cast) -> None:
    """A public page answers or refuses; with any sample in its blanks it never breaks."""
    visitor = Client()
    for address in addresses():
        if address.access.door is Door.PUBLIC:
            for method in (visitor.get, visitor.post):
                answer = method(address.filled(wolkenwerf.coop.slug))
                assert answer.status_code < 500, address.route


def test_a_door_left_open_is_found() -> None:
    """A new public page, and a page that nobody could ever open, don't go unnoticed."""

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    more = types.ModuleType("more")
    more.urlpatterns = [  # type: ignore[attr-defined]
        *urls.urlpatterns,
        path("c/<slug:slug>/treasure/", public("nobody looks here")(lambda request: page(request))),
        path("nowhere/", page),
    ]
    with override_settings(ROOT_URLCONF=more):
        with pytest.raises(AssertionError, match="nobody looks here"):
            test_what_is_open_was_agreed()
        with pytest.raises(AssertionError, match="/nowhere/"):
            test_what_is_within_stands_within()
