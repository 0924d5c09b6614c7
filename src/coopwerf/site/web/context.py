"""What stands around every page: whose it is, where one can go, who has signed in."""

from collections.abc import Collection
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopwerf.coops.states import Power
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.web import Request
from coopwerf.ledger.states import money_pages
from coopwerf.people import queries as people
from coopwerf.register import queries as register
from coopwerf.register.states import RequestState
from coopwerf.ui.shell import NavItem

from .standing import standing


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the co-operative with its hue, the navigation, the account link and the foot.

    Who acts for somebody else costs a query: their name stands on each page.
    Inside a co-operative it asks which mandates the actor holds there today, without any whether they are a member, and
    for those who decide on admissions how many requests wait.
    """
    actor = getattr(request, "actor", VISITOR)
    coop = getattr(request, "coop", None)
    return {
        "actor": actor,
        "coop": coop,
        "coop_name": None if coop is None else coop.name,
        "coop_url": "/" if coop is None else f"/c/{coop.slug}/",
        "coop_hue": None if coop is None else coop.hue,
        "nav": _inside(request) if coop is not None else _outside(request),
        "account": _account(request),
        "acting": _acting(request),
        "foot": [coop.name] if coop is not None else [],
    }


def _item(request: HttpRequest, label: str, name: str, count: int | None = None, **kwargs: str) -> NavItem | None:
    try:
        url = reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return None
    return NavItem(label=label, url=url, current=request.path.startswith(url) and url != "/", count=count)


def _inside(request: HttpRequest) -> list[NavItem]:
    actor, coop = getattr(request, "actor", VISITOR), getattr(request, "coop", None)
    if coop is None or not actor.is_person:
        return []
    here = standing(cast(Request, request))
    powers = here.powers
    found: list[NavItem | None] = []
    if here.is_within:
        found.append(_item(request, _("Today"), "site:today", slug=coop.slug))
    if Power.SEE_REGISTER in powers:
        found.append(_item(request, _("Register"), "register:register", slug=coop.slug))
        waiting = register.count_open_requests(coop.id) if Power.ADMIT_MEMBERS in powers else {}
        ready = waiting.get(RequestState.COMPLETE) or None
        found.append(_item(request, _("Requests"), "register:requests", slug=coop.slug, count=ready))
    found.append(_yard(request, coop.slug, powers))
    if Power.MANAGE_OFFERS in powers:
        found.append(_item(request, _("Offers"), "capital:offers", slug=coop.slug))
    found.append(_money(request, coop.slug, powers))
    if powers:
        found.append(_item(request, _("Bodies"), "coops:bodies", slug=coop.slug))
    if Power.MANAGE_SETTINGS in powers:
        found.append(_item(request, _("Settings"), "coops:settings", slug=coop.slug))
    # As long as mail leaves for nowhere, whoever wrote it looks for it there.
    if actor.is_administrator and powers and not settings.SMTP_URL:
        found.append(_item(request, _("Outbox"), "messages:outbox"))
    return [item for item in found if item is not None]


YARD: Final = (
    (Power.WRITE_REPORTS, gettext_lazy("Reports"), "founding:writing"),
    (Power.KEEP_YARD, gettext_lazy("Roadmap"), "founding:roadmap-desk"),
    (Power.KEEP_YARD, gettext_lazy("Help wanted"), "founding:help-desk"),
    (Power.MANAGE_GATHERINGS, gettext_lazy("Gatherings"), "events:manage-list"),
    (Power.WRITE_NEWS, gettext_lazy("Newsletters"), "messages:newsletters"),
    (Power.WRITE_NEWS, gettext_lazy("Followers"), "messages:followers"),
    (Power.KEEP_YARD, gettext_lazy("Partners"), "founding:partners-desk"),
    (Power.KEEP_YARD, gettext_lazy("Profile"), "founding:profile-desk"),
)
"""The pages of those who keep something of the yard: whose they are, their name and address, in the order of use."""


def _yard(request: HttpRequest, slug: str, powers: Collection[Power]) -> NavItem | None:
    """Lead to the yard, with the parts that somebody keeps; who keeps one alone is led right there."""
    parts = [
        found
        for power, label, name in YARD
        if power in powers and (found := _item(request, str(label), name, slug=slug)) is not None
    ]
    if len(parts) < 2:
        return next(iter(parts), None)
    first = _item(request, _("Overview"), "founding:yard", slug=slug)
    parts = [first, *parts] if first is not None else parts
    here = any(one.current for one in parts)
    return NavItem(label=_("The yard"), url=parts[0].url, current=here, parts=tuple(parts))


def _money(request: HttpRequest, slug: str, powers: Collection[Power]) -> NavItem | None:
    """Lead to the first page about money that somebody sees; whichever of them is open, it is the current one."""
    pages = money_pages(powers)
    if not pages:
        return None
    urls = [reverse(page.url_name, kwargs={"slug": slug}) for page in pages]
    return NavItem(label=_("Money"), url=urls[0], current=request.path.startswith(tuple(urls)))


def _outside(request: HttpRequest) -> list[NavItem]:
    actor = getattr(request, "actor", VISITOR)
    found: list[NavItem | None] = []
    if actor.is_administrator:
        found.append(_item(request, _("Co-operatives"), "coops:host"))
        found.append(_item(request, _("Outbox"), "messages:outbox"))
    return [item for item in found if item is not None]


def _account(request: HttpRequest) -> NavItem | None:
    actor = getattr(request, "actor", VISITOR)
    if actor.is_person:
        return _item(request, _("My account"), "people:me")
    return _item(request, _("Sign in"), "people:sign-in")


def _acting(request: HttpRequest) -> NavItem | None:
    actor = getattr(request, "actor", VISITOR)
    if actor.acting_for is None:
        return None
    name = people.particulars_of(actor.acting_for, clock.civil_date(clock.now())).spoken
    return NavItem(label=name, url=reverse("people:acting"))
