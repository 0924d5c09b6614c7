"""What every page of the books asks first."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable
from functools import cached_property

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.shell import NavItem

from .. import policies, queries
from ..queries import AccountFacts, BooksFacts
from ..states import money_pages

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(9998, 12, 31)


def once_open(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead whoever may see a page of the books, but comes before they are open, to where they are opened."""

    @functools.wraps(view)
    def shown(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            if refusal.code != "ledger.not_open":
                raise
            messages.info(request, refusal.message)
            return redirect("ledger:books", slug=request.coop.slug)

    return shown


class Desk:
    """The books of a request's co-operative, today, and what its actor may do in them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor: Actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)
        self.see.require()

    @cached_property
    def see(self) -> Verdict:
        """Say whether the actor may read the books."""
        return policies.may_see_books(self.actor, self.coop_id, self.today)

    @cached_property
    def keep(self) -> Verdict:
        """Say whether the actor may write in the books."""
        return policies.may_keep_books(self.actor, self.coop_id, self.today)

    @cached_property
    def found(self) -> BooksFacts | None:
        """Return the books, where there are any."""
        return queries.books(self.coop_id)

    @property
    def books(self) -> BooksFacts:
        """Return the books; raises Refused where none are open."""
        if self.found is None:
            raise Refused("ledger.not_open")
        return self.found

    @cached_property
    def accounts(self) -> list[AccountFacts]:
        """Return every account."""
        return queries.accounts(self.coop_id)

    @property
    def language(self) -> str:
        """Return the language of the page."""
        return formats.language(get_language())

    @property
    def year_begins(self) -> dt.date:
        """Return the first day of this calendar year, or of the books where they are younger."""
        return max(self.books.begins_on, self.today.replace(month=1, day=1))

    def url(self, name: str, **kwargs: object) -> str:
        """Return the address of a page of these books."""
        return reverse(f"ledger:{name}", kwargs={"slug": self.coop.slug, **kwargs})

    def tabs(self, current: str) -> list[NavItem]:
        """Return the pages about money that the actor sees, as tabs."""
        powers = coops.powers_of(self.coop_id, self.actor.parties, self.today)
        return [
            NavItem(
                label=str(page.label),
                url=reverse(page.url_name, kwargs={"slug": self.coop.slug}),
                current=page.code == current,
            )
            for page in money_pages(powers)
        ]
