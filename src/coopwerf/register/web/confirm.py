"""The public page behind the code on a certificate: it confirms what stands on the paper, and nothing more."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, visitor
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.web import Request, public
from coopwerf.ui.web.errors import too_often

from .. import queries
from ..queries import Superseded

MOST, WINDOW = 30, 60


@public("whoever holds a certificate may check it; nothing stands here that isn’t on the paper")
@require_GET
@never_cache
def confirm(request: Request, token: str) -> HttpResponse:
    """Say what a certificate says, and whether it was overtaken."""
    now = clock.now()
    if not once_more("register.confirm", visitor(request), most=MOST, seconds=WINDOW):
        return too_often(request, WINDOW)
    coop_id = queries.coop_of_token(token)
    coop = None if coop_id is None else coops.find_coop(coop_id)
    if coop is None:
        return _unconfirmed(request)
    with tenant(coop.id):
        found = queries.confirmation(coop.id, token, clock.civil_date(now))
        if found is None:
            return _unconfirmed(request)
        context = {
            "found": found,
            "shares": sum(held.shares for held in found.holdings),
            "paid": sum(held.paid for held in found.holdings),
            "why": "" if found.superseded_by is None else found.superseded_by.value,
            "is_ended": found.superseded_by is Superseded.ENDED,
            "coop_name": coop.name,
            "coop_url": coop.url,
            "coop_hue": coop.hue,
        }
        with translation.override(coop.language_for(translation.get_language() or "en")):
            response = render(request, "register/confirm.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _unconfirmed(request: Request) -> HttpResponse:
    """Say that nothing stands behind a code, without telling whether its co-operative is here."""
    response = render(request, "register/confirm_nothing.html", status=404)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
