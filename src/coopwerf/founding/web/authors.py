"""Who writes a report: inviting somebody, and coming along."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.people import queries as people
from coopwerf.ui.fields import put_refusal

from .. import actions, queries
from .desk import WRITE, Desk
from .forms import InviteForm


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def authors(request: Request, report: str) -> HttpResponse:
    """Show who writes a report; invite somebody, or take somebody off."""
    desk = Desk(request)
    found = desk.report(report)
    form = InviteForm(
        request.POST if request.POST.get("do") == "invite" else None, initial={"language": desk.coop.language}
    )
    here = reverse("founding:report-authors", kwargs={"slug": desk.coop.slug, "report": found.slug})
    if request.method == "POST":
        try:
            if request.POST.get("do") == "invite" and form.is_valid():
                actions.invite_author(**desk.act, report_id=found.id, **form.cleaned_data)
                messages.success(request, _("The invitation is on its way."))
                return redirect(here)
            if request.POST.get("do") == "remove":
                actions.remove_author(**desk.act, report_id=found.id, author_id=_author(request))
                messages.success(request, _("Done: this person doesn’t write along any more."))
                return redirect(here)
        except Refused as refusal:
            if not form.is_bound:
                messages.error(request, refusal.message)
                return redirect(here)
            put_refusal(form, refusal, "email")
    called = people.particulars(found.party_ids, desk.today) if found.party_ids else {}
    rows = [
        {
            "id": one.id,
            "name": called[one.party_id].spoken if one.party_id in called else "",
            "email": one.email,
            "is_me": one.party_id in desk.actor.parties,
        }
        for one in found.authors
    ]
    context = {
        "report": found,
        "title": found.written.words.title,
        "rows": rows,
        "form": form,
        "may_author": desk.may_author,
        "back": reverse("founding:write", kwargs={"slug": desk.coop.slug, "report": found.slug}),
    }
    return render(request, "founding/report_authors.html", context)


def _author(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("author", ""))
    except ValueError:
        raise Refused("founding.invitation_gone") from None


@signed_in("whoever was mailed the link signs in, and writes along on one report")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: Request, report: str, token: str) -> HttpResponse:
    """Take up an invitation to write a report, by the press of a button."""
    found = queries.report_by_slug(request.coop.id, report)
    invited = queries.author_by_token(request.coop.id, found.id, token) if found is not None else None
    if found is None or invited is None:
        return render(request, "founding/write_along_gone.html", status=404)
    if request.method == "POST":
        actions.accept_invitation(
            actor=request.actor, now=clock.now(), coop_id=request.coop.id, report_id=found.id, token=token
        )
        messages.success(request, _("You write along now."))
        return redirect("founding:write", slug=request.coop.slug, report=found.slug)
    context = {
        "title": _("Write along on “%(title)s”?") % {"title": found.written.words.title},
        "text": _("You can change this report, and no other. Once it is published your name stands below it."),
        "act": _("Write along"),
        "look": "",
        "back": f"/c/{request.coop.slug}/",
    }
    return render(request, "ui/confirm.html", context)
