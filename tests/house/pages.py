"""Pages with rows, for the test that their number of queries doesn't grow with them. Each list page signs in here.

A builder makes sure that the page shows at least so many rows, and says who looks at which address:

    @page("/c/<slug:slug>/register/")
    def register(cast: Cast, rows: int) -> tuple[Client, str]: ...
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from coopwerf.coops import actions as coops
from coopwerf.coops.states import BodyKind, Role
from coopwerf.register import actions as shares
from tests.cast import NOW, Cast, make_person

Builder = Callable[[Cast, int], tuple[Client, str]]
PAGES: dict[str, Builder] = {}
BEGUN = dt.date(2026, 1, 1)


def page(route: str) -> Callable[[Builder], Builder]:
    """Sign in a page with rows, by the route of its address."""

    def sign_in(builder: Builder) -> Builder:
        assert route not in PAGES, route
        PAGES[route] = builder
        return builder

    return sign_in


@page("/")
def hub(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the co-operatives of an installation."""
    founder = make_person("Founder", email=f"founder{rows}@example.org")
    for number in range(rows):
        coops.found_coop(actor=founder.actor, now=NOW, name=f"Werf {rows} {number}", language="nl")
    return Client(), "/"


def _committees(cast: Cast, rows: int) -> None:
    for number in range(rows):
        body = coops.add_body(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            kind=BodyKind.COMMITTEE,
            name=f"Group {rows} {number}",
            valid_from=BEGUN,
        )
        coops.grant_mandate(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=make_person(f"Member {rows} {number}", email=f"m{rows}.{number}@example.org").party_id,
            body_id=body.id,
            role=Role.MEMBER,
            valid_from=BEGUN,
        )


@page("/c/<slug:slug>/bodies/")
def bodies(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show bodies and who holds which mandate."""
    _committees(cast, rows)
    return cast.chair.browser(), cast.url("bodies/")


@page("/c/<slug:slug>/bodies/history/")
def mandates(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every mandate there was."""
    _committees(cast, rows)
    return cast.chair.browser(), cast.url("bodies/history/")


@page("/c/<slug:slug>/register/classes/")
def share_classes(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every class of shares with its terms."""
    for number in range(rows):
        shares.set_class_terms(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            code=f"K{rows}.{number}",
            valid_from=BEGUN,
            nominal=Decimal(25),
        )
    return cast.chair.browser(), cast.url("register/classes/")


@page("/me/signing-in/")
def signing_in(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show one's passkeys, and where one is signed in."""
    account = cast.chair.account
    browser = cast.chair.browser()
    for number in range(rows):
        Authenticator.objects.create(user=account, type="webauthn", data={"name": f"Key {number}", "credential": {}})
        key = cast.chair.browser().session.session_key
        UserSession.objects.create(user=account, session_key=key, ip="203.0.113.0", data={"way": "code"})
    return browser, "/me/signing-in/"
