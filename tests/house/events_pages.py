"""Pages of gatherings with rows; with them the list of `pages` is complete."""

import datetime as dt

from django.test import Client

from coopwerf.events import actions as gatherings
from coopwerf.events import queries as gathering_queries
from coopwerf.events.states import Needs, When, on_the_wall
from coopwerf.kernel import clock
from tests.cast import Cast
from tests.events import gathered

from .pages import page


def _gathering(cast: Cast, rows: int) -> str:
    """Announce a gathering with so many sessions, registrations, desks, head-counts and contributions."""
    gathering_id = gathered.drafted(cast)
    sessions = [
        gathered.session(cast, gathering_id, f"Sessie {number}", begins=gathered.wall(10 + number % 6))
        for number in range(rows)
    ]
    act = gathered.act(cast)
    gatherings.announce_gathering(**act, gathering_id=gathering_id)
    for number in range(rows):
        gathered.seated(
            cast,
            gathering_id,
            f"Gast {number}",
            f"Mee {number}",
            email=f"gast{rows}.{number}@example.org",
            sessions=(sessions[number],),
            needs=Needs(access="vooraan"),
        )
        gatherings.open_desk(**act, gathering_id=gathering_id, name=f"Balie {number}")
        gatherings.count_heads(**act, gathering_id=gathering_id, heads=number)
        gatherings.note_contribution(**act, gathering_id=gathering_id, theme=f"Thema {number}", texts={"nl": "Ja."})
    return gathered.facts(cast, gathering_id).slug


for _route in ("", "people/", "desks/", "heard/"):

    @page(f"/c/<slug:slug>/organise/<slug:gathering>/{_route}")
    def _pages_of_organisers(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show a gathering with so many of everything to who organises it."""
        return cast.secretary.browser(), cast.url(f"organise/{_gathering(cast, rows)}/{route}")


for _route in ("", "register/", "heard/"):

    @page(f"/c/<slug:slug>/gatherings/<slug:gathering>/{_route}")
    def _pages_of_gatherings(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show a gathering with so many of everything to everybody."""
        return Client(), cast.url(f"gatherings/{_gathering(cast, rows)}/{route}")


@page("/c/<slug:slug>/gatherings/")
def public_list(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show so many gatherings."""
    for _number in range(rows):
        gathered.announced(cast)
    return Client(), cast.url("gatherings/")


@page("/c/<slug:slug>/organise/")
def organised(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show so many gatherings to who organises them."""
    for _number in range(rows):
        gathered.announced(cast)
    return cast.secretary.browser(), cast.url("organise/")


@page("/c/<slug:slug>/desk/<str:token>/")
def desk(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show whose names begin so, of whom so many came in."""
    today = clock.now()
    begins = on_the_wall(today, "Europe/Brussels").replace(tzinfo=None, hour=23, minute=0)
    when = When(begins=begins, ends=begins + dt.timedelta(minutes=50))
    gathering_id = gathered.announced(cast, when=when)
    act = gathered.act(cast)
    desk_id = gatherings.open_desk(**act, gathering_id=gathering_id, name="Balie")
    for number in range(rows):
        done = gathered.seated(cast, gathering_id, f"Gast {number}", email=f"gast{rows}.{number}@example.org")
        ticket = gathered.shown(cast, done.id).tickets[0]
        gatherings.check_in(**act, gathering_id=gathering_id, ticket_id=ticket.id, desk_id=desk_id)
    return Client(), cast.url(f"desk/{gathering_queries.desk_token(desk_id)}/?q=gas")
