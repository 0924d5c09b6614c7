"""Pages that bring packages together."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from coopwerf.capital import queries as capital
from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts, StageFacts
from coopwerf.coops.states import COOPERATIVES, STAGE_NAMES, Power, Stage
from coopwerf.events import queries as events
from coopwerf.founding import queries as founding
from coopwerf.founding.states import MILESTONE_NAMES, STEP_NAMES, Step
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.people.states import written_enterprise_no
from coopwerf.register import queries as register
from coopwerf.ui.formats import language

from ..queries import mine
from .standing import standing


@public("who hosts which co-operatives is no secret")
@require_GET
def hub(request: Request) -> HttpResponse:
    """Show the co-operatives of this installation; to whoever has signed in, their own first."""
    own = mine(request.actor.parties, clock.civil_date(clock.now())) if request.actor.is_person else []
    ids = {one.coop.id for one in own}
    others = [coop for coop in coops.all_coops() if not coop.is_practice and coop.id not in ids]
    count = len(own) + len(others)
    context = {
        "mine": own,
        "coops": others,
        "count": count,
        "is_new": not count and not people.has_administrator(),
    }
    return render(request, "site/hub.html", context)


@public("a co-operative's first page is a poster")
@require_GET
def poster(request: Request) -> HttpResponse:
    """Show who a co-operative is to anybody who passes by."""
    today = clock.civil_date(clock.now())
    profile = coops.profile(request.coop.id, today)
    reached = [one for one in coops.stage_history(request.coop.id) if one.valid_from <= today]
    stage = reached[-1].stage if reached else Stage.INITIATIVE
    said = profile.public_text
    # Their own words in another language tell more than none.
    spoken = next((code for code in (language(get_language()), request.coop.language, *said) if said.get(code)), "")
    here = standing(request) if request.actor.is_person else None
    return render(
        request,
        "site/public.html",
        {
            "lead": said.get(spoken) or STAGE_NAMES[stage],
            "lead_language": spoken,
            "asks_for_words": not spoken and here is not None and Power.MANAGE_SETTINGS in here.powers,
            "stage_name": STAGE_NAMES[stage] if spoken else "",
            "since": _since(reached),
            "profile": profile,
            "enterprise_no": written_enterprise_no(profile.enterprise_no),
            "is_building": stage not in COOPERATIVES,
            "offer": register.offer(request.coop.id, today),
            "shares": _offers(request, today),
            "gatherings": _gatherings(request),
            "is_within": here is not None and here.is_within,
            "yard": _yard(request.coop, today),
            "pages": founding.pages(request.coop.id),
            "may_note": here is not None and Power.WRITE_REPORTS in here.powers,
        },
    )


NEWEST = 3


def _yard(coop: CoopFacts, today: dt.date) -> dict[str, Any]:
    """Return what is told from the yard: the step it stands on, what the next one asks for, newest reports."""
    scaffold = founding.scaffold(coop.id, today)
    steps = list(Step)
    wanted = language(get_language())
    return {
        "is_building": scaffold.is_building,
        "steps": [str(STEP_NAMES[step]) for step in steps],
        "current": steps.index(scaffold.step) + 1,
        "next": STEP_NAMES[scaffold.next] if scaffold.next is not None else "",
        "lacking": len(scaffold.lacking),
        "milestones": [
            {
                "name": MILESTONE_NAMES[one.code],
                "state": "done" if one.is_reached and not (one.on and one.on > today) else "later",
                "is_reached": one.is_reached,
                "on": one.on,
                "is_ahead": one.on is not None and one.on > today,
            }
            for one in scaffold.milestones
        ],
        "reports": [_report(coop, one, wanted) for one in founding.published_reports(coop.id, limit=NEWEST)],
    }


def _report(coop: CoopFacts, report: founding.ReportFacts, wanted: str) -> dict[str, Any]:
    told_in = report.told_in(wanted)
    words = report.words(told_in)
    cover = report.cover
    where = {"slug": coop.slug}
    return {
        "title": words.title,
        "lead": words.lead,
        "language": told_in,
        "day": None if report.published_at is None else clock.civil_date(report.published_at),
        "url": reverse("founding:report", kwargs={**where, "report": report.slug}),
        "cover": cover,
        "cover_url": ""
        if cover is None
        else reverse("documents:picture", kwargs={**where, "picture_id": cover.id, "name": f"{cover.widths[0]}.webp"}),
    }


def _offers(request: Request, today: dt.date) -> list[tuple[str, str]]:
    """Return the offers on which somebody can take shares today: title in the reader's language, and address."""
    return [
        (
            one.words(language(get_language())).title,
            reverse("capital:offer", kwargs={"slug": request.coop.slug, "offer": one.slug}),
        )
        for one in capital.open_offers(request.coop.id, today)
    ]


def _gatherings(request: Request) -> list[dict[str, object]]:
    """Return the next gatherings: title and town for the reader, day and address."""
    return [
        {
            "title": one.words.title,
            "language": one.text_language,
            "day": one.begins.date(),
            "town": one.town,
            "url": reverse("events:gathering", kwargs={"slug": request.coop.slug, "gathering": one.slug}),
        }
        for one in events.coming(request.coop.id, clock.now())
    ]


def _since(reached: Sequence[StageFacts]) -> dt.date | None:
    """Return since when it has been a co-operative without a break; None as long as it isn't one."""
    since = None
    for one in reversed(reached):
        if one.stage not in COOPERATIVES:
            break
        since = one.valid_from
    return since
