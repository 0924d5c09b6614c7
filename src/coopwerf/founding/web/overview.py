"""The yard at a glance, for those who keep something of it: what waits for them, and how each part stands."""

import dataclasses
import uuid
from collections.abc import Callable, Collection

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coopwerf.coops import queries as coops
from coopwerf.coops.states import Power
from coopwerf.events import queries as events
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request
from coopwerf.messages import queries as followers
from coopwerf.ui import formats

from .. import policies, queries
from ..states import MILESTONE_NAMES, STEP_NAMES
from .directory import told_from_the_yard


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: what, why, where, and about how long it takes."""

    title: str
    text: str
    act: str
    url: str
    minutes: int


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A part of the yard: its name, its page, how it stands."""

    name: str
    url: str
    note: str


class Overview:
    """The yard of a request's co-operative today, as far as the powers of whoever looks go."""

    def __init__(self, request: Request, powers: Collection[Power]) -> None:
        self.coop = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.powers = powers
        self.now = clock.now()
        self.today = clock.civil_date(self.now)
        self.language = formats.language(get_language())
        self.hand = queries.at_hand(self.coop_id, self.today)

    def url(self, name: str) -> str:
        """Return the address of a page of this co-operative."""
        return reverse(name, kwargs={"slug": self.coop.slug})

    def waiting(self) -> list[Waiting]:
        """Return what waits, what a reader or helper waits for first."""
        found: list[Waiting] = []

        def add(count: int, title: Callable[[int], str], text: str, act: str, name: str, each: int) -> None:
            if count:
                # As on Today: the same work takes as long on both pages.
                minutes = min(30, each * count)
                found.append(Waiting(title(count) % {"count": count}, text, act, self.url(name), minutes))

        if Power.KEEP_YARD in self.powers:
            add(
                self.hand.offers,
                lambda n: ngettext("Somebody offers help", "%(count)s people offer help", n),
                _("They would like to hear whether you take it."),
                pgettext("do", "Answer"),
                "founding:help-desk",
                2,
            )
            add(
                self.hand.questions,
                lambda n: ngettext("A question waits", "%(count)s questions wait", n),
                _("Somebody thinks of helping, and asks first."),
                pgettext("do", "Answer"),
                "founding:help-desk",
                2,
            )
        if Power.WRITE_REPORTS in self.powers:
            add(
                queries.count_to_moderate(self.coop_id),
                lambda n: ngettext("A comment waits", "%(count)s comments wait", n),
                _("Nobody reads a first comment before one of you has."),
                _("Read and decide"),
                "founding:moderation",
                1,
            )
            add(
                self.hand.translations,
                lambda n: ngettext("A translation waits", "%(count)s translations wait", n),
                _("A helper brought it; it appears once one of you has read it."),
                _("Read it"),
                "founding:writing",
                10,
            )
        if Power.KEEP_YARD in self.powers:
            add(
                self.hand.late,
                lambda n: ngettext("A promise has passed", "%(count)s promises have passed", n),
                _("Say that it is done, or move it and say why: both are honest, silence isn’t."),
                _("See the roadmap"),
                "founding:roadmap-desk",
                5,
            )
        return found

    def parts(self) -> list[Part]:
        """Return the parts that whoever looks keeps, in the order of the navigation."""
        found: list[Part] = []
        if Power.WRITE_REPORTS in self.powers:
            found.append(Part(_("Reports"), self.url("founding:writing"), self._reports()))
        if Power.KEEP_YARD in self.powers:
            found.append(Part(_("Roadmap"), self.url("founding:roadmap-desk"), self._roadmap()))
            found.append(Part(_("Help wanted"), self.url("founding:help-desk"), self._help()))
        if Power.MANAGE_GATHERINGS in self.powers:
            found.append(Part(_("Gatherings"), self.url("events:manage-list"), self._gatherings()))
        if Power.WRITE_NEWS in self.powers:
            count = followers.count_people(self.coop_id)
            note = ngettext("One person follows you", "%(count)s people follow you", count)
            told = note % {"count": formats.number(count, self.language)} if count else _("Nobody follows you yet")
            found.append(Part(_("Newsletters and followers"), self.url("messages:newsletters"), told))
        if Power.KEEP_YARD in self.powers:
            partners = ngettext("One may be named", "%(count)s may be named", self.hand.partners)
            named = partners % {"count": self.hand.partners} if self.hand.partners else _("Nobody yet")
            found.append(Part(_("Partners"), self.url("founding:partners-desk"), named))
            listed = _("In the directory") if queries.listed(self.coop_id) else _("Not in the directory")
            found.append(Part(_("Profile"), self.url("founding:profile-desk"), listed))
        return found

    def _reports(self) -> str:
        told = queries.told(self.coop_id)
        said = told_from_the_yard(told.count, clock.civil_date(told.last) if told.last is not None else None)
        if self.hand.drafts:
            drafts = ngettext("one draft", "%(count)s drafts", self.hand.drafts) % {"count": self.hand.drafts}
            return f"{said}, {drafts}"
        return said

    def _roadmap(self) -> str:
        if not self.hand.steps:
            return _("Nothing promised yet")
        return ngettext("One step to go", "%(count)s steps to go", self.hand.steps) % {"count": self.hand.steps}

    def _help(self) -> str:
        if not self.hand.calls:
            return _("Nothing asked at the moment")
        return ngettext("One open call", "%(count)s open calls", self.hand.calls) % {"count": self.hand.calls}

    def _gatherings(self) -> str:
        coming = events.coming(self.coop_id, self.now, 1)
        if not coming:
            return _("None announced")
        day = formats.date_long(coming[0].begins.date(), self.language)
        return _("%(day)s: %(title)s") % {"day": day, "title": coming[0].words.title}


@require_GET
def yard(request: Request) -> HttpResponse:
    """Show what waits in the yard and how each part of it stands; raises Refused for who keeps nothing there."""
    today = clock.civil_date(clock.now())
    policies.may_see_yard(request.actor, request.coop.id, today).require()
    powers = coops.powers_of(request.coop.id, request.actor.parties, today)
    here = Overview(request, powers)
    scaffold = queries.scaffold(request.coop.id, today)
    context = {
        "waiting": here.waiting(),
        "parts": here.parts(),
        "step": STEP_NAMES[scaffold.step],
        "is_building": scaffold.is_building,
        "lacking": [MILESTONE_NAMES[one.code] for one in scaffold.lacking],
        "next": STEP_NAMES[scaffold.next] if scaffold.next is not None else "",
        "writes": Power.WRITE_REPORTS in powers,
    }
    return render(request, "founding/yard.html", context)
