"""Somebody's own account: who they are, and where they belong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, signed_in

from .. import queries
from ..states import belongings

MINE = "everybody sees and keeps their own account"


@signed_in(MINE)
@require_GET
def me(request: Request) -> HttpResponse:
    """Show who somebody is, and where they belong."""
    assert request.actor.party_id is not None
    today = clock.civil_date(clock.now())
    particulars = queries.particulars_of(request.actor.party_id, today)
    context = {
        "tabs": queries.account_tabs("me"),
        "me": particulars,
        "belongings": belongings(request.actor.parties, today),
    }
    return render(request, "people/me/me.html", context)
