"""Pictures of a report: bringing one, and taking one away for good."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in

from .. import actions, policies
from .desk import WRITE, Desk
from .forms import PictureForm


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def bring(request: Request, report: str) -> HttpResponse:
    """Bring a picture to a report."""
    desk = Desk(request)
    found = desk.report(report)
    form = PictureForm(request.POST or None, request.FILES or None, language=found.language)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            place = actions.bring_picture(
                **desk.act, report_id=found.id, **form.brought(), where=told["where"], caption=told["caption"]
            )
        except Refused as refusal:
            form.put(refusal)
        else:
            messages.success(request, _("Picture %(place)s is in the report.") % {"place": place})
            return redirect("founding:write", slug=desk.coop.slug, report=found.slug)
    context = {
        "form": form,
        "title": found.written.words.title,
        "back": reverse("founding:write", kwargs={"slug": desk.coop.slug, "report": found.slug}),
    }
    return render(request, "founding/report_picture.html", context)


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def away(request: Request, report: str, place: int) -> HttpResponse:
    """Ask once more, and take a picture away from every version of a report."""
    desk = Desk(request)
    found = desk.report(report)
    policies.may_take_picture_away(desk.actor, desk.coop_id, desk.today).require()
    picture = found.pictures.get(place)
    if picture is None or not picture.is_there:
        raise Http404
    here = reverse("founding:write", kwargs={"slug": desk.coop.slug, "report": found.slug})
    if request.method == "POST":
        try:
            actions.take_picture_away(**desk.act, report=found, place=place)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The picture is taken away."))
        return redirect(here)
    context = {
        "title": _("Take this picture away for good?"),
        "text": _("Its files are deleted. Where it stood, also in earlier versions, it says that it was taken away."),
        "act": _("Take the picture away"),
        "look": "danger",
        "back": here,
    }
    return render(request, "ui/confirm.html", context)
