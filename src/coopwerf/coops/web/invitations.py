"""Taking up a role that was offered by mail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.ui.web.errors import too_often

from .. import actions, queries
from ..states import ROLE_NAMES
from .bodies import body_name
from .forms import AcceptForm

MOST, WINDOW = 120, 15 * 60


@public("whoever was mailed the link may see what it offers, and take it up")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Show what an invitation offers; only the button takes it up, so that a link scanner consumes nothing."""
    if not once_more("coops.invitation", visitor(request), most=MOST, seconds=WINDOW):
        return too_often(request, WINDOW)
    now = clock.now()
    facts = queries.invitation_by_token(request.coop.id, token)
    if facts is None or facts.accepted_at or facts.withdrawn_at or facts.expires_at <= now:
        gone = render(request, "coops/invitation_gone.html", {"was_accepted": bool(facts and facts.accepted_at)})
        gone.status_code = 404 if facts is None else 410
        return gone
    is_new = not request.actor.is_person
    form = AcceptForm(request.POST or None)
    refused = ""
    if request.method == "POST" and (not is_new or form.is_valid()):
        try:
            actions.accept_invitation(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                token=token,
                **(form.cleaned_data if is_new else {}),
            )
        except Refused as refusal:
            refused = refusal.message
        else:
            messages.success(
                request,
                _("Welcome. Sign in now with %(email)s.") % {"email": facts.email}
                if is_new
                else _("Welcome. The mandate is yours."),
            )
            return redirect("coops:bodies", slug=request.coop.slug)
    me = None
    if request.actor.party_id is not None:
        party_id = request.actor.acting_for or request.actor.party_id
        me = people.particulars_of(party_id, clock.civil_date(now)).spoken
    context = {
        "facts": facts,
        "body": body_name(facts),
        "role": ROLE_NAMES[facts.role],
        "form": form,
        "is_new": is_new,
        "is_known": is_new and people.account_by_email(facts.email) is not None,
        "refused": refused,
        "me": me,
        "sign_in_url": f"{reverse('people:sign-in')}?{urlencode({'next': request.get_full_path()})}",
    }
    return render(request, "coops/invitation.html", context)
