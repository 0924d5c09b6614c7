"""Pages of founding with rows; each signs in as in `pages`."""

import dataclasses
import datetime as dt
import uuid

from django.test import Client

from coopwerf.founding import actions as founding
from coopwerf.founding.actions import PartnerTerms
from coopwerf.founding.queries import CallWords
from coopwerf.founding.states import ConsentWay, Ground, HelpKind, PartnerKind, Words
from coopwerf.kernel.actor import VISITOR
from tests.cast import NOW, Cast
from tests.founding import building, reporting

from .pages import page


def _talk(cast: Cast, rows: int) -> str:
    """Tell so many reports, the last with so many comments, shown, held and objected to; return its address."""
    act = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    report_id = uuid.UUID(int=0)
    for number in range(rows):
        report_id = reporting.drafted(cast, Words(title=f"Report {rows} {number}", done="x"))
        founding.publish_report(**act, report_id=report_id)
    for number in range(rows):
        for state in ("shown", "held"):
            visitor = {"actor": VISITOR, "now": NOW, "coop_id": cast.id}
            one = founding.say(
                **visitor,
                report_id=report_id,
                key=uuid.uuid4(),
                pseudonym=f"reader {rows} {number} {state}",
                email=f"{uuid.uuid4().hex}@example.org",
                text="x",
                language="nl",
            )
            assert one.contact_id is not None
            founding.confirm_comment(**visitor, comment_id=one.comment_id, contact_id=one.contact_id)
            if state == "shown":
                founding.approve_comment(**act, comment_id=one.comment_id, revision=1)
                founding.object_to_comment(**visitor, comment_id=one.comment_id, ground=Ground.SPAM)
                answer = {"report_id": report_id, "key": uuid.uuid4(), "text": "x", "language": "nl"}
                founding.answer_by_name(**act, **answer, parent_id=one.comment_id)
    return reporting.facts(cast, report_id).slug


for _route in ("", "<slug:report>/"):

    @page(f"/c/<slug:slug>/reports/{_route}")
    def _pages_of_reports(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show so many reports, or one with so many comments, to who writes there."""
        return cast.secretary.browser(), cast.url(f"reports/{route.replace('<slug:report>', _talk(cast, rows))}")


for _route in ("", "comments/", "comments/log/", "<slug:report>/authors/"):

    @page(f"/c/<slug:slug>/writing/{_route}")
    def _pages_of_writing(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show what those who write see."""
        return cast.secretary.browser(), cast.url(f"writing/{route.replace('<slug:report>', _talk(cast, rows))}")


@page("/c/<slug:slug>/reports/feed-<str:language>.atom")
def reports_feed(cast: Cast, rows: int) -> tuple[Client, str]:
    """Hand so many reports, each translated, to programs that read feeds."""
    for number in range(rows):
        report_id = reporting.published(cast, dataclasses.replace(reporting.DUTCH, title=f"Bericht {rows} {number}"))
        reporting.translated(cast, report_id)
    return Client(), cast.url("reports/feed-fr.atom")


@page("/c/<slug:slug>/yard/")
def yard(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show how the yard stands to who keeps all of it."""
    _talk(cast, rows)
    _steps(cast, rows)
    _calls(cast, rows)
    return cast.secretary.browser(), cast.url("yard/")


@page("/c/<slug:slug>/")
def poster(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show who a co-operative is, with its newest reports."""
    _talk(cast, rows)
    return Client(), cast.url()


def _steps(cast: Cast, rows: int) -> None:
    """Promise so many steps, each moved once."""
    for number in range(rows):
        step_id = building.promised(cast, title=f"Stap {rows} {number}")
        why = {"nl": "Daarom."}
        founding.move_promise(**building.act(cast), step_id=step_id, season=building.AUTUMN, because=why)


@page("/c/<slug:slug>/roadmap/")
def roadmap(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show so many steps to everybody."""
    _steps(cast, rows)
    return Client(), cast.url("roadmap/")


@page("/c/<slug:slug>/roadmap/desk/")
def roadmap_desk(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show so many steps to who keeps them."""
    _steps(cast, rows)
    return cast.director.browser(), cast.url("roadmap/desk/")


for _route in ("", "desk/"):

    @page(f"/c/<slug:slug>/partners/{_route}")
    def _pages_of_partners(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show so many partners."""
        for number in range(rows):
            terms = PartnerTerms(
                name=f"Fonds {rows} {number}",
                kind=PartnerKind.FUND,
                since=dt.date(2026, 1, 1),
                agreed_on=dt.date(2026, 1, 1),
                agreed_how=ConsentWay.MAIL,
            )
            founding.write_partner(**building.act(cast), terms=terms)
        return cast.director.browser(), cast.url(f"partners/{route}")


def _calls(cast: Cast, rows: int) -> uuid.UUID:
    """Ask so many times, with so many helpers for the last call; return its id."""
    call_id = uuid.UUID(int=0)
    for number in range(rows):
        texts = {"nl": CallWords(f"Taak {rows} {number}")}
        call_id = building.called(cast, texts=texts, places=99, kind=HelpKind.TASK, minutes=15)
    for number in range(rows):
        building.offered(cast, call_id, f"Helper{rows}x{number}")
    return call_id


for _route in ("", "desk/", "desk/<uuid:call_id>/"):

    @page(f"/c/<slug:slug>/help/{_route}")
    def _pages_of_help(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show so many calls, or one with so many offers."""
        call_id = _calls(cast, rows)
        return cast.director.browser(), cast.url(f"help/{route.replace('<uuid:call_id>', str(call_id))}")


@page("/projects/help/")
def all_help(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what one can do for every project."""
    building.listed(cast)
    _calls(cast, rows)
    return Client(), "/projects/help/"
