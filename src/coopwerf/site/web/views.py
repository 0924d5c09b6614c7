"""Pages that bring packages together."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from coopwerf.coops import queries as coops
from coopwerf.coops.states import COOPERATIVES, STAGE_NAMES
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, public
from coopwerf.ui.formats import language


@public("who hosts which co-operatives is no secret")
@require_GET
def hub(request: Request) -> HttpResponse:
    """Show the co-operatives of this installation."""
    return render(request, "site/hub.html", {"coops": [coop for coop in coops.all_coops() if not coop.is_practice]})


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
        },
    )
