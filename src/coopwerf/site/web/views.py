"""Pages that bring packages together."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from coopwerf.coops import queries as coops
from coopwerf.coops.states import COOPERATIVES, STAGE_NAMES
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
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
    stage = coops.stage(request.coop.id, today)
    return render(
        request,
        "site/public.html",
        {
            "lead": profile.public_text.get(language(get_language())) or STAGE_NAMES[stage],
            "is_building": stage not in COOPERATIVES,
            "offer": register.offer(request.coop.id, today),
            "is_within": request.actor.is_person and standing(request).is_within,
        },
    )
