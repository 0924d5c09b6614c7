"""Acting for others: declaring it, putting the hat on and off, ending it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import put_refusal

from .. import actions, queries
from ..states import Address, Proof, RepresentationKind
from .entrance import safe_path
from .forms import EndActingForm, MinorForm, OrganisationForm
from .middleware import ACTING_FOR

WHY = "everybody says for whom they act, and ends it"
ADDRESS = ("street", "number", "box", "postcode", "town", "country")


def _page(request: Request, template: str, **context: Any) -> HttpResponse:
    return render(request, f"people/acting/{template}.html", {"tabs": queries.account_tabs("acting"), **context})


def _hat(request: Request, representation_id: uuid.UUID) -> queries.Hat:
    assert request.actor.party_id is not None
    hats = queries.hats_of(request.actor.party_id, on=clock.civil_date(clock.now()))
    found = next((hat for hat in hats if hat.id == representation_id), None)
    if found is None:
        raise Http404
    return found


@signed_in(WHY)
@require_GET
def acting(request: Request) -> HttpResponse:
    """Show for whom somebody may act, and for whom they act now."""
    assert request.actor.party_id is not None
    hats = queries.hats_of(request.actor.party_id, on=clock.civil_date(clock.now()))
    return _page(
        request,
        "acting",
        hats=hats,
        kinds=queries.REPRESENTATION_NAMES,
        current=next((hat for hat in hats if hat.other.party_id == request.actor.acting_for), None),
    )


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def organisation(request: Request) -> HttpResponse:
    """Say that one acts for an organisation."""
    form = OrganisationForm(request.POST or None, initial={"country": "BE"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = {
            "kind": RepresentationKind.ORGANISATION,
            "family": given["name"],
            "legal_form": given["legal_form"],
            "enterprise_no": given["enterprise_no"],
            "proof": Proof(given["proof"]),
            "email": given["email"],
            "phone": given["phone"],
            "address": Address(**{part: given[part] for part in ADDRESS}),
        }
        if (party_id := _declared(request, form, facts)) is not None:
            request.session[ACTING_FOR] = str(party_id)
            messages.success(
                request, _("From now on you act for %(name)s. Each page says so at the top.") % {"name": given["name"]}
            )
            return redirect("people:acting")
    return _page(request, "organisation", form=form)


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def minor(request: Request) -> HttpResponse:
    """Say that one acts for a minor, until they come of age."""
    assert request.actor.party_id is not None
    today = clock.civil_date(clock.now())
    own = queries.particulars_of(request.actor.party_id, today)
    form = MinorForm(request.POST or None, today=today, initial={"family": own.name.family if own.name else ""})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = {
            "kind": RepresentationKind.GUARDIAN,
            "family": given["family"],
            "given": given["given"],
            "proof": Proof.DECLARED,
            "address": own.address,
            "valid_until": form.last_day,
        }
        if (party_id := _declared(request, form, facts)) is not None:
            request.session[ACTING_FOR] = str(party_id)
            messages.success(
                request, _("From now on you act for %(name)s. Each page says so at the top.") % {"name": given["given"]}
            )
            return redirect("people:acting")
    return _page(request, "minor", form=form)


def _declared(request: Request, form: Any, facts: dict[str, Any]) -> uuid.UUID | None:
    assert request.actor.party_id is not None
    try:
        return actions.register_represented(
            actor=request.actor, now=clock.now(), agent_id=request.actor.party_id, **facts
        )
    except Refused as refusal:
        put_refusal(form, refusal)
        return None


@signed_in(WHY)
@require_POST
def choose(request: Request) -> HttpResponseRedirect:
    """Put on the hat of somebody for whom one may act, or take it off."""
    wanted = request.POST.get("party", "")
    chosen = next((one for one in request.actor.represents if str(one) == wanted), None)
    if chosen is not None:
        request.session[ACTING_FOR] = str(chosen)
        name = queries.particulars_of(chosen, clock.civil_date(clock.now())).spoken
        messages.success(request, _("You act for %(name)s now.") % {"name": name})
    else:
        request.session.pop(ACTING_FOR, None)
        if wanted:
            messages.error(request, _("You can't act for them (any more)."))
        else:
            messages.success(request, _("You act for yourself again."))
    return HttpResponseRedirect(safe_path(request.POST.get("next", "")) or "/me/acting/")


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def end(request: Request, representation_id: uuid.UUID) -> HttpResponse:
    """End acting for somebody, after a last day."""
    hat, now = _hat(request, representation_id), clock.now()
    today = clock.civil_date(now)
    form = EndActingForm(request.POST or None, initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_representation(
                actor=request.actor,
                now=now,
                representation_id=representation_id,
                last_day=form.cleaned_data["last_day"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            # The last day itself is still one of acting; the hat goes off at once all the same.
            if request.session.get(ACTING_FOR) == str(hat.other.party_id):
                request.session.pop(ACTING_FOR, None)
            messages.success(request, _("Written down. After that day you don't act for them any more."))
            return redirect("people:acting")
    return _page(request, "end", form=form, hat=hat)
