"""What is of one co-operative can't be opened, linked or changed from another, whatever id is typed or posted."""

import re
import types
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from coopwerf.conf import urls
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.web import Door
from coopwerf.people.web.entrance import FRESH
from coopwerf.register.models import Member, MembershipRequest
from tests.cast import TODAY, Cast
from tests.settings import ROOT

from .addresses import addresses
from .curious import NO_IDS, named, posts
from .hashing import Watch
from .twins import BLANKS, FOR_EVERYBODY, LEADS_BACK, OPEN_BLANKS, TOKENS, Twin, furnish

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(wolkenwerf: Cast, zonnewerf: Cast) -> tuple[Twin, Twin]:
    """Return two co-operatives with the same kinds of content: whose it is, and who is curious."""
    return furnish(wolkenwerf, "wolk", 501), furnish(zonnewerf, "zon", 777)


def undeclared() -> list[str]:
    """Return the addresses with a blank of which nobody said what stands in it."""
    # What programs may ask for is tried in test_api.py.
    known = [one.route for one in addresses() if one.access.door is not Door.TOKEN]
    blanks = {route for route in known if "<" in route.replace("/c/<slug:slug>/", "/c/x/")}
    return sorted(blanks - BLANKS.keys() - OPEN_BLANKS.keys())


def test_every_blank_is_declared() -> None:
    """A new address with a blank says whose thing stands in it; one that went away doesn't stay listed."""
    assert undeclared() == [], "add them to BLANKS or OPEN_BLANKS in tests/house/twins.py"
    assert (BLANKS.keys() | OPEN_BLANKS.keys()) - {one.route for one in addresses()} == set()


def test_a_new_blank_is_found() -> None:
    """The list itself can fail."""

    def page(request: HttpRequest, treasure_id: str) -> HttpResponse:
        return HttpResponse(treasure_id)

    more = types.ModuleType("more")
    more.urlpatterns = [*urls.urlpatterns, path("c/<slug:slug>/treasure/<uuid:treasure_id>/", page)]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=more):
        assert undeclared() == ["/c/<slug:slug>/treasure/<uuid:treasure_id>/"]


def refused(answer: Any, theirs: Twin) -> str:
    """Return what is wrong with an answer that should refuse and tell nothing; empty when all is well."""
    if answer.status_code not in (403, 404, 405, 410):
        return f"answers {answer.status_code} {answer.headers.get('Location', '')}"
    return told(answer, theirs)


def told(answer: Any, theirs: Twin, but: tuple[str, ...] = ()) -> str:
    """Return which word of the other co-operative stands in an answer, but for those that were typed."""
    text = b"".join(answer) if answer.streaming else answer.content
    return next((f"tells {name}" for name in theirs.names if name not in but and name.encode() in text), "")


def tries(curious: Twin, theirs: Twin, route: str) -> list[tuple[str, Client]]:
    """Return the addresses to try with another's id, each by whom."""
    browser = curious.cast.chair.browser()
    session = browser.session
    session[FRESH] = clock.now().timestamp()
    session.save()
    browser.raise_request_exception = False
    if not route.startswith("/c/"):
        return [(theirs.address(route, ""), browser)]
    under_own = theirs.address(route, curious.cast.coop.slug)
    under_theirs = theirs.address(route, theirs.cast.coop.slug)
    return (
        [(under_own, browser)] if route in TOKENS | FOR_EVERYBODY else [(under_own, browser), (under_theirs, browser)]
    )


POSTED = {
    "on": TODAY.isoformat(),
    "step": "record",
    "how": "never",
    "until": TODAY.isoformat(),
    "amount": "5",
    "do": "row",
}


def test_another_co_operatives_ids_open_nothing(twins: tuple[Twin, Twin]) -> None:
    """Under one's own slug and under theirs, read and posted: refused, nothing told, nothing changed."""
    theirs, curious = twins
    watch = Watch(theirs.cast, curious.cast)
    wrong = []
    for route in BLANKS:
        for address, browser in tries(curious, theirs, route):
            for method in ("get", "post"):
                answer = browser.get(address) if method == "get" else browser.post(address, POSTED)
                leads_back = answer.status_code == 302 and route in LEADS_BACK and method == "post"
                why = told(browser.get(answer.url), theirs) if leads_back else refused(answer, theirs)
                wrong += [f"{method} {address}: {why}"] if why else []
                wrong += [f"{method} {address}: changes {table}" for table in watch.changes()]
    assert wrong == []


def test_a_change_is_seen(twins: tuple[Twin, Twin]) -> None:
    """The watch itself can fail: a row that is written, changed or deleted, of either, and once more."""
    theirs, curious = twins
    watch = Watch(theirs.cast, curious.cast)
    assert watch.changes() == []
    for whose in (theirs, curious):
        slug = whose.cast.coop.slug
        with tenant(whose.cast.id):
            row = MembershipRequest.objects.filter(coop_id=whose.cast.id).first()
            assert row is not None
            for note in ("one", "another"):
                MembershipRequest.objects.filter(pk=row.pk).update(email_key=note)
                assert watch.changes() == [f"{slug}: register_membershiprequest"]
            MembershipRequest.objects.filter(pk=row.pk).update(email_key="another")
        assert watch.changes() == []


def test_ones_own_ids_open(twins: tuple[Twin, Twin]) -> None:
    """The same addresses with one's own ids are there: what was refused above was refused because of the id."""
    _theirs, own = twins
    for route in BLANKS:
        if route == "/host/coops/<uuid:coop_id>/":
            continue
        who = own.leaver if route == "/me/data/erase/<str:token>/" else own.cast.chair
        answer = who.browser().get(own.address(route, own.cast.coop.slug))
        assert answer.status_code in (200, 302, 405), f"{route}: {answer.status_code}"


def test_another_co_operatives_ids_in_a_form_do_nothing(twins: tuple[Twin, Twin]) -> None:
    """Whatever form takes an id, another's is refused as if it weren't there: nothing changes, no name is told."""
    theirs, curious = twins
    watch = Watch(theirs.cast, curious.cast)
    wrong = []
    for post in posts(curious, theirs):
        browser = curious.cast.chair.browser()
        browser.raise_request_exception = False
        where = post.where if post.where.startswith("/") else curious.cast.url(post.where)
        answer = getattr(browser, post.method)(where, post.data)
        changes = watch.changes()
        if answer.status_code == 302:
            answer = browser.get(answer.headers["Location"])
        why = told(answer, theirs, but=post.typed) if answer.status_code < 500 else str(answer.status_code)
        wrong += [f"{post}: {why}"] if why else []
        wrong += [f"{post}: changes {table}" for table in changes]
    assert wrong == []


def test_who_is_somebody_elses_stays_theirs(twins: tuple[Twin, Twin]) -> None:
    """Who types another's member by name, and posts their id as one of the known, gets somebody new, and no more."""
    theirs, curious = twins
    browser, today = curious.cast.secretary.browser(), TODAY.isoformat()
    typed = {**named(theirs), "share_class": curious.class_code, "quantity": "1"}
    asked = {**typed, "as": "person", "asked_on": today, "same_as": str(theirs.party)}
    assert browser.post(curious.cast.url("requests/new/"), asked).status_code == 302
    decided = {"on": today, "decided_on": today, "body": "board", "reference": "item 1"}
    form = {**typed, **decided, "known": str(theirs.party), "given": "Another"}
    shown = browser.post(curious.cast.url("register/record/admission/"), form)
    seen = re.findall(r'name="seen" value="([^"]*)"', shown.content.decode())
    booked = browser.post(curious.cast.url("register/record/admission/"), {**form, "step": "record", "seen": seen[0]})
    assert booked.status_code == 302
    with tenant(curious.cast.id):
        for model in (Member, MembershipRequest):
            assert model.objects.filter(coop_id=curious.cast.id).count() == 2
            assert not model.objects.filter(coop_id=curious.cast.id, party_id=theirs.party).exists()


FIELD = re.compile(
    r"""(?:GET|POST|given|data)\.(?:get|getlist)\(\s*"(\w+)"|(?:GET|POST)\["(\w+)"\]"""
    r"""|^\s+(\w+) = (?:forms\.)?(?:\w*Choice|UUID|Member)Field\("""
    r"""|fields\["(\w+)"\] = (?:forms\.)?(?:\w*Choice|UUID|Member)Field\(""",
    re.M,
)


def fields(source: str) -> set[str]:
    """Return the names of what a page reads from a form or its address, and of what can be chosen in one."""
    return {name for found in FIELD.findall(source) for name in found if name}


def test_every_field_is_declared(twins: tuple[Twin, Twin]) -> None:
    """A field by which somebody names a thing is tried with another's id, or is known to hold none."""
    theirs, curious = twins
    tried = {name for post in posts(curious, theirs) for name in post.data}
    there = {name for file in (ROOT / "src").glob("coopwerf/*/web/*.py") for name in fields(file.read_text())}
    assert there - tried - NO_IDS == set(), "try it in posts(), or say in NO_IDS that it holds no id"
    assert fields('request.POST.get("treasure")\n    chest = forms.UUIDField()') == {"treasure", "chest"}
