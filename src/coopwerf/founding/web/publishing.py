"""Asking once more before a report is published, scheduled, corrected, taken back or deleted; then doing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import MomentForm, put_refusal

from .. import actions
from ..queries import ReportFacts
from . import pages
from .desk import WRITE, Desk
from .forms import WhyForm

_QUESTIONS: dict[str, dict[str, Any]] = {
    "publish": {
        "title": gettext_lazy("Publish this report?"),
        "text": gettext_lazy(
            "Everybody can read it at once. What you mend later is told openly, with what stood before."
        ),
        "act": gettext_lazy("Publish the report"),
    },
    "correct": {
        "title": gettext_lazy("Publish the correction?"),
        "text": gettext_lazy(
            "The new text takes the place of the old one. The old one stays readable, with your reason."
        ),
        "act": gettext_lazy("Publish the correction"),
    },
    "schedule": {
        "title": gettext_lazy("When shall it be published?"),
        "text": gettext_lazy("It is published by itself then. Until that moment you can go on writing."),
        "act": gettext_lazy("Schedule the report"),
    },
    "unschedule": {
        "title": gettext_lazy("Not publish it by itself?"),
        "text": gettext_lazy("It becomes a draft again."),
        "act": gettext_lazy("Make it a draft again"),
    },
    "take-back": {
        "title": gettext_lazy("Take this report back?"),
        "text": gettext_lazy(
            "Nobody reads it any more, nor its pictures and comments. Its address says that you took it back, and why. "
            "This can’t be undone. To mend something, write a correction instead."
        ),
        "act": gettext_lazy("Take the report back"),
        "look": "danger",
    },
    "discard": {
        "title": gettext_lazy("Throw away what you changed?"),
        "text": gettext_lazy("The report stays as everybody reads it now."),
        "act": gettext_lazy("Throw the changes away"),
        "look": "danger",
    },
    "delete": {
        "title": gettext_lazy("Delete this draft?"),
        "text": gettext_lazy("Everything that you wrote in it goes."),
        "act": gettext_lazy("Delete the draft"),
        "look": "danger",
    },
    "sign": {
        "title": gettext_lazy("Put your name below this report?"),
        "text": gettext_lazy("Readers see it, and you are told of comments."),
        "act": gettext_lazy("Put my name below it"),
    },
    "leave": {
        "title": gettext_lazy("Take your name off this report?"),
        "text": gettext_lazy("Readers don’t see it any more. Who was invited to write can’t change the report then."),
        "act": gettext_lazy("Take my name off"),
    },
}


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def move(request: Request, report: str, to: str) -> HttpResponse:
    """Ask, and do it."""
    desk = Desk(request)
    found = desk.report(report)
    if to not in _QUESTIONS:
        raise Http404
    form = _form(desk, to, request)
    here = reverse("founding:write", kwargs={"slug": desk.coop.slug, "report": found.slug})
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            where = _do(desk, found, to, form)
        except Refused as refusal:
            if form is None or refusal.path not in form.fields:
                messages.error(request, refusal.message)
                return redirect(here)
            put_refusal(form, refusal)
        else:
            return redirect(where or here)
    context = {
        "look": "",
        **_QUESTIONS[to],
        "form": form,
        "back": here,
    }
    return render(request, "founding/report_move.html", context)


def _form(desk: Desk, to: str, request: Request) -> forms.Form | None:
    data = request.POST if request.method == "POST" else None
    if to in ("correct", "take-back"):
        return WhyForm(data)
    if to == "schedule":
        return MomentForm(data, initial={"time": "07.30"})
    return None


def _do(desk: Desk, report: ReportFacts, to: str, form: forms.Form | None) -> str:
    """Do what was asked; return where to go on, or nothing for the page of the report."""
    whose = {**desk.act, "report_id": report.id}
    said = ""
    where = ""
    if to == "publish":
        actions.publish_report(**whose)
        said, where = _("The report is published. Share its page."), pages.report_url(desk.coop, report)
    elif to == "correct" and form is not None:
        actions.publish_report(**whose, reason=form.cleaned_data["reason"])
        said, where = _("The correction is published."), pages.report_url(desk.coop, report)
    elif to == "schedule" and isinstance(form, MomentForm):
        actions.schedule_report(**whose, at=form.moment(clock.CIVIL))
        said = _("The report is scheduled.")
    elif to == "unschedule":
        actions.unschedule_report(**whose)
        said = _("The report is a draft again.")
    elif to == "take-back" and form is not None:
        actions.take_back_report(**whose, reason=form.cleaned_data["reason"])
        said = _("The report is taken back. Its address says why.")
    elif to == "discard":
        actions.discard_correction(**whose)
        said = _("What you changed is thrown away.")
    elif to == "delete":
        actions.delete_draft(**whose)
        said, where = _("The draft is deleted."), reverse("founding:writing", kwargs={"slug": desk.coop.slug})
    elif to == "sign":
        actions.sign_report(**whose)
        said = _("Your name stands below the report.")
    elif to == "leave":
        actions.leave_report(**whose)
        said, where = _("Your name is off the report."), f"/c/{desk.coop.slug}/"
    messages.success(desk.request, said)
    return where
