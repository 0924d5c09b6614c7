"""Looking into one's class, and the log of those looks for the board."""

import datetime as dt
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people

from .. import actions, policies, queries
from .desk import Desk

AT_ONCE = 50
OPEN_FOR = dt.timedelta(hours=1)


def _theirs(desk: Desk, code: str) -> queries.Look | None:
    """Return the look of the address, if it is this person's, of this class and not older than an hour."""
    try:
        look_id = uuid.UUID(desk.request.GET.get("look", ""))
    except ValueError:
        return None
    found = queries.look(desk.coop_id, look_id)
    if found is None or found.party_id not in desk.actor.parties or found.share_class != code:
        return None
    return found if found.at > desk.now - OPEN_FOR else None


@require_http_methods(["GET", "POST"])
@never_cache
def inspect(request: Request, code: str) -> HttpResponse:
    """Say what somebody may see of their class; a press on the button is a look, which is written down and shown."""
    desk = Desk(request)
    terms = next((one for one in desk.terms if one.code == code), None)
    if terms is None:
        raise Http404
    policies.may_inspect_class(desk.actor, desk.coop_id, code, desk.today).require()
    address = reverse("register:inspect", kwargs={"slug": desk.coop.slug, "code": code})
    refused = ""
    if request.method == "POST":
        try:
            look_id = actions.inspect_class(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, share_class=code)
        except Refused as refusal:
            refused = refusal.message
        else:
            return redirect(f"{address}?{urlencode({'look': str(look_id)})}")
    look = _theirs(desk, code) if request.method == "GET" else None
    context = {"terms": terms, "words": desk.words, "refused": refused, "address": address, "look": look}
    if look is not None:
        after = request.GET.get("after", "")
        start = int(after) if after.isdecimal() and len(after) < 10 else 0
        found = queries.holders_of(desk.coop_id, code, look.as_of, after=start, limit=AT_ONCE + 1)
        shown = found[:AT_ONCE]
        more = len(found) > AT_ONCE
        last = shown[-1][0].number if shown else 0
        context |= {
            "holders": shown,
            "more": f"{address}?{urlencode({'look': str(look.id), 'after': str(last)})}" if more else "",
        }
    return render(request, "register/inspect.html", context)


@require_GET
def looks(request: Request) -> HttpResponse:
    """Show the board who looked into which class, and when."""
    desk = Desk(request)
    desk.see.require()
    before = _moment(request.GET.get("before", ""))
    found = list(queries.looks(desk.coop_id, before=before, limit=AT_ONCE + 1))
    more = len(found) > AT_ONCE
    found = found[:AT_ONCE]
    names = people.particulars([look.party_id for look in found], desk.today)
    context = {
        "looks": [(look, names[look.party_id].spoken or _("(erased)")) for look in found],
        "more": f"?{urlencode({'before': found[-1].at.isoformat()})}" if more else "",
    }
    return render(request, "register/looks.html", context)


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
