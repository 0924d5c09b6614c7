"""Pages of the yard with rows; they sign in as those of `pages` do."""

import uuid

from django.test import Client

from coopwerf.founding import actions as founding
from coopwerf.founding.states import Ground, Words
from coopwerf.kernel.actor import VISITOR
from tests.cast import NOW, Cast
from tests.founding import reporting

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


@page("/c/<slug:slug>/")
def poster(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show who a co-operative is, with its newest reports."""
    _talk(cast, rows)
    return Client(), cast.url()
