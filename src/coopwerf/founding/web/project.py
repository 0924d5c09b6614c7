"""The profile of one project and its partners: for whoever reads them, and for those who keep them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import STAGE_NAMES
from coopwerf.documents.figures import picture_url
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions, policies, queries
from ..queries import PartnerFacts
from ..states import CONSENT_NAMES, PARTNER_KIND_NAMES, spoken
from .directory import card
from .forms import LogoForm
from .project_forms import PartnerForm, ProfileForm
from .yard import Desk, languages_of, reading

PROFILE = "a project that chose to be listed tells the same about itself as all others"
PARTNERS = "who supports a project is for everybody, once they agreed to be named"


@public(PROFILE)
@require_GET
def profile(request: Request) -> HttpResponse:
    """Show who a listed project is."""
    speak(request)
    found = queries.entry(request.coop.id)
    if found is None:
        raise Http404
    told = card(found)
    context = {
        "card": told,
        "entry": found,
        "stage_name": STAGE_NAMES[found.stage],
        "has_roadmap": queries.has_roadmap(request.coop.id),
        "has_partners": queries.has_partners(request.coop.id),
    }
    return render(request, "founding/profile.html", context)


@require_http_methods(["GET", "POST"])
def profile_desk(request: Request) -> HttpResponse:
    """Write who the project is, and whether it is listed."""
    here = Desk(request)
    known = queries.project(here.coop_id)
    form = ProfileForm(request.POST or None, languages=languages_of(here.coop), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_profile(**here.act, profile=form.profile())
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The profile is kept."))
            return redirect("founding:profile-desk", slug=here.coop.slug)
    context = {
        "form": form,
        "is_listed": known is not None and known.is_listed,
        "may_list": policies.may_list(known, here.coop),
        "lacking": policies.lacking(known, here.coop),
    }
    return render(request, "founding/profile_desk.html", context)


@require_POST
def listing(request: Request) -> HttpResponse:
    """Put the project in the directory, or take it out."""
    here = Desk(request)
    listed = request.POST.get("listed") == "yes"
    try:
        (actions.list_project if listed else actions.unlist_project)(**here.act)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        said = _("The project can be found in the directory.") if listed else _("It isn’t in the directory any more.")
        messages.success(request, said)
    return redirect("founding:profile-desk", slug=here.coop.slug)


def _logo(coop: CoopFacts, one: PartnerFacts, languages: tuple[str, str]) -> dict[str, Any]:
    assert one.logo is not None
    alt, language = one.logo.alt(*languages)
    return {
        "src": picture_url(coop, one.logo, f"{one.logo.widths[0]}.webp"),
        "alt": alt,
        "language": language if language != languages[0] else "",
        "picture": one.logo,
    }


def _row(coop: CoopFacts, one: PartnerFacts, languages: tuple[str, str]) -> dict[str, Any]:
    code, role = spoken(one.role, languages)
    return {
        "partner": one,
        "kind": PARTNER_KIND_NAMES[one.kind],
        "role": role or "",
        "language": code if code != languages[0] else "",
        "logo": _logo(coop, one, languages) if one.logo is not None else None,
        "agreed": CONSENT_NAMES[one.agreed_how] if one.agreed_how is not None else "",
    }


@public(PARTNERS)
@require_GET
def partners(request: Request) -> HttpResponse:
    """Show who supports the project, and who did."""
    speak(request)
    today = clock.civil_date(clock.now())
    languages = reading(request.coop)
    found = queries.partners(request.coop.id)
    context = {
        "now": [_row(request.coop, one, languages) for one in found if one.is_now(today)],
        "before": [_row(request.coop, one, languages) for one in found if not one.is_now(today)],
    }
    return render(request, "founding/partners.html", context)


@require_GET
def partners_desk(request: Request) -> HttpResponse:
    """Show every partner, also those who haven't agreed yet."""
    here = Desk(request)
    rows = [_row(here.coop, one, reading(here.coop)) for one in queries.partners(here.coop_id, agreed=False)]
    return render(request, "founding/partners_desk.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def partner(request: Request, partner_id: uuid.UUID | None = None) -> HttpResponse:
    """Write down a partner, or mend what is known of one."""
    here = Desk(request)
    known = queries.partner(here.coop_id, partner_id) if partner_id is not None else None
    if partner_id is not None and known is None:
        raise Http404
    form = PartnerForm(request.POST or None, languages=languages_of(here.coop), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_partner(**here.act, partner_id=partner_id, terms=form.terms())
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The partner is kept."))
            return redirect("founding:partners-desk", slug=here.coop.slug)
    shown = _logo(here.coop, known, reading(here.coop)) if known is not None and known.logo is not None else None
    context = {"form": form, "known": known, "logo": shown}
    return render(request, "founding/partner.html", context)


@require_http_methods(["GET", "POST"])
def logo(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Bring the logo of a partner."""
    here = Desk(request)
    known = queries.partner(here.coop_id, partner_id)
    if known is None:
        raise Http404
    form = LogoForm(request.POST or None, request.FILES or None, language=here.coop.language)
    if request.method == "POST" and form.is_valid():
        try:
            actions.bring_logo(**here.act, partner_id=partner_id, **form.brought())
        except Refused as refusal:
            form.put(refusal)
        else:
            messages.success(request, _("The logo is there."))
            return redirect("founding:partner", slug=here.coop.slug, partner_id=partner_id)
    context = {
        "form": form,
        "known": known,
        "back": reverse("founding:partner", kwargs={"slug": here.coop.slug, "partner_id": partner_id}),
    }
    return render(request, "founding/logo.html", context)


@require_POST
def logo_away(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Take the logo of a partner away; its name stays."""
    here = Desk(request)
    if queries.partner(here.coop_id, partner_id) is None:
        raise Http404
    try:
        actions.take_logo_away(**here.act, partner_id=partner_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The logo is taken away."))
    return redirect("founding:partner", slug=here.coop.slug, partner_id=partner_id)


@require_http_methods(["GET", "POST"])
def partner_remove(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then take a partner off the list."""
    here = Desk(request)
    known = queries.partner(here.coop_id, partner_id)
    if known is None:
        raise Http404
    back = reverse("founding:partners-desk", kwargs={"slug": here.coop.slug})
    if request.method == "POST":
        try:
            actions.remove_partner(**here.act, partner_id=partner_id)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The partner is off the list."))
        return redirect(back)
    context = {
        "title": _("Take this partner off the list?"),
        "text": _(
            "%(name)s isn’t named any more. If it only stopped, fill in until when instead: people see who helped."
        )
        % {"name": known.name},
        "act": _("Take it off"),
        "look": "danger",
        "back": back,
    }
    return render(request, "ui/confirm.html", context)
