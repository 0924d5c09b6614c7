"""Pages of newsletters and of mail with rows, for the test that their number of queries doesn't grow with them."""

from django.test import Client

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.messages import actions as newsletters
from coopwerf.messages.models import Reach
from tests.cast import NOW, Cast, make_person

from .pages import page


def _newsletters(cast: Cast, rows: int) -> None:
    write = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    for number in range(rows):
        one = newsletters.draft_newsletter(**write)
        words = {"language": "nl", "subject": f"Nieuws {rows} {number}", "text": "Tekst"}
        newsletters.write_newsletter(**write, newsletter_id=one, **words)
        newsletters.send_newsletter(**write, newsletter_id=one)


@page("/c/<slug:slug>/newsletters/")
def newsletter_list(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the newsletters of a co-operative."""
    _newsletters(cast, rows)
    return cast.secretary.browser(), cast.url("newsletters/")


@page("/c/<slug:slug>/news/")
def newsletter_archive(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the archive to everybody."""
    _newsletters(cast, rows)
    return Client(), cast.url("news/")


@page("/c/<slug:slug>/news/feed.atom")
def newsletter_feed(cast: Cast, rows: int) -> tuple[Client, str]:
    """Hand the archive to programs that read feeds."""
    _newsletters(cast, rows)
    return Client(), cast.url("news/feed.atom")


def _unreachable(cast: Cast, rows: int) -> None:
    for number in range(rows):
        told = {"email": f"gone{rows}.{number}@example.org", "name": "", "language": "nl"}
        newsletters.know_contact(actor=VISITOR, now=NOW, coop_id=cast.id, **told)
        Reach.objects.create(email_key=told["email"], bounced_at=NOW, blocked_at=NOW, reason="hard")


@page("/c/<slug:slug>/followers/")
def followers(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show followers as numbers, and addresses whose mail comes back."""
    _unreachable(cast, rows)
    return cast.secretary.browser(), cast.url("followers/")


@page("/host/outbox/reach/")
def reach(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show which addresses can't be reached, and the pace of domains."""
    _unreachable(cast, rows)
    for number in range(rows):
        newsletters.set_pace(actor=SYSTEM, now=NOW, domain=f"d{rows}x{number}.example", a_minute=5)
    host = make_person("Host", email=f"host{rows}@example.org", is_administrator=True)
    return host.browser(), "/host/outbox/reach/"
