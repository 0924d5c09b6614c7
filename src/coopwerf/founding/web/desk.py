"""What every page for those who write reports, or keep something of the yard, asks first."""

import datetime as dt
import uuid
from typing import Any

from django.http import Http404

from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel import clock
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request

from .. import policies, queries
from ..queries import ReportFacts

WRITE = "who was invited to write one report may be no member; each report says who may write on it"


class Here:
    """The co-operative of a request, today, and who asks; raises Http404 outside of one."""

    def __init__(self, request: Request) -> None:
        if request.coop is None:
            raise Http404
        self.request = request
        self.coop: CoopFacts = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)

    @property
    def act(self) -> dict[str, Any]:
        """Return what every action takes."""
        return {"actor": self.actor, "now": self.now, "coop_id": self.coop_id}


class Desk(Here):
    """The reports of a request's co-operative, for whoever may write on one of them."""

    @property
    def may_author(self) -> Verdict:
        """Tell whether somebody may begin reports and publish them."""
        return policies.may_author(self.actor, self.coop_id, self.today)

    def report(self, slug: str) -> ReportFacts:
        """Return the report of a page; raises Http404, and Refused for who may not write on it."""
        found = queries.report_by_slug(self.coop_id, slug)
        if found is None:
            # Whether it is there is told to those only who could see it.
            self.may_author.require()
            raise Http404
        policies.may_write(self.actor, self.coop_id, found.id, self.today).require()
        return found

    def reports(self) -> list[ReportFacts]:
        """Return the reports that somebody may write on; raises Refused where there can be none."""
        if self.may_author:
            return queries.reports(self.coop_id)
        found = queries.reports_written_by(self.coop_id, self.actor.parties)
        if not found:
            self.may_author.require()
        return found
