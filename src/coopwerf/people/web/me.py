"""Somebody's own account: who they are, and where they belong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import queries
from ..states import belongings

MINE = "everybody sees and keeps their own account"


@signed_in(MINE)
@require_GET
def me(request: Request) -> HttpResponse:
    """Show who somebody is, where they belong, and for whom they may act."""
    me = request.actor.party_id
    assert me is not None
    today = clock.civil_date(clock.now())
    hats = queries.hats_of(me, on=today)
    names = {hat.other.party_id: hat.other.spoken for hat in hats}
    places = [
        {"name": one.name, "url": one.url, "roles": one.roles, "other": names.get(one.party_id, "")}
        for one in belongings(request.actor.parties, today)
    ]
    contact = queries.contact_of(me)
    account = queries.account_of(me)
    context = {
        "tabs": queries.account_tabs("me"),
        "me": queries.particulars_of(me, today),
        "contact": contact,
        "address": account.email if account else "",
        "language": LANGUAGE_NAMES[contact.language],
        "places": places,
        "hats": hats,
    }
    return render(request, "people/me/me.html", context)
