"""Starting a co-operative, and the administrator's list of those that are here."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.web import Request, administrator, signed_in
from coopwerf.ui.fields import put_refusal

from .. import actions, policies, queries
from ..states import STAGE_NAMES, Stage
from .bodies import invitable
from .forms import FoundForm, HostForm, InviteForm


@signed_in("anybody here may start something together")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Start an initiative: a name and a language."""
    form = FoundForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            coop = actions.found_coop(actor=request.actor, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("%(coop)s has begun. You are its coordinator.") % {"coop": coop.name})
            return redirect("coops:settings", slug=coop.slug)
    return render(request, "coops/new.html", {"form": form})


@administrator("the administrator makes co-operatives for others")
@require_http_methods(["GET", "POST"])
def host(request: Request) -> HttpResponse:
    """List the co-operatives of this installation, and make one for others."""
    now = clock.now()
    form = HostForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            coop = actions.host_coop(actor=request.actor, now=now, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            said = _("%(coop)s is here. Its coordinator receives an invitation.") % {"coop": coop.name}
            messages.success(request, said)
            return redirect("coops:host")
    coops = queries.all_coops()
    stages = queries.stages([coop.id for coop in coops], clock.civil_date(now))
    rows = [
        {
            "coop": coop,
            "stage": STAGE_NAMES[stages[coop.id].stage if coop.id in stages else Stage.INITIATIVE],
            "since": stages[coop.id].valid_from if coop.id in stages else None,
        }
        for coop in coops
    ]
    return render(request, "coops/host.html", {"form": form, "rows": rows})


@administrator("the administrator hands over a co-operative that nobody manages")
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, coop_id: uuid.UUID) -> HttpResponse:
    """Invite somebody to manage a co-operative in which nobody can."""
    coop = next((one for one in queries.all_coops() if one.id == coop_id), None)
    if coop is None:
        raise Http404
    now = clock.now()
    today = clock.civil_date(now)
    with tenant(coop.id):
        verdict = policies.may_invite(request.actor, coop.id, today)
        bodies = invitable(queries.bodies(coop.id, today)) if verdict else []
        form = InviteForm(request.POST or None, bodies=bodies, initial={"language": coop.language, "valid_from": today})
        if request.method == "POST" and form.is_valid():
            try:
                invitation = actions.invite(
                    actor=request.actor,
                    now=now,
                    coop_id=coop.id,
                    email=form.cleaned_data["email"],
                    language=form.cleaned_data["language"],
                    valid_from=form.cleaned_data["valid_from"],
                    **form.body_and_role(),
                )
            except Refused as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
                return redirect("coops:host")
    return render(request, "coops/hand_over.html", {"form": form, "hosted": coop, "verdict": verdict})
