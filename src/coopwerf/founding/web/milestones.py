"""What was reached on the way: noted by those who write reports, shown on the public page."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import DateField, put_refusal

from .. import actions, queries
from ..states import KNOWN_BY_ITSELF, MILESTONE_NAMES, STEP_ASKS, STEP_NAMES, Step
from .desk import Desk


@require_http_methods(["GET", "POST"])
def milestones(request: Request) -> HttpResponse:
    """Ask for the day of each milestone; an empty day takes it back."""
    desk = Desk(request)
    desk.may_author.require()
    known = queries.noted(desk.coop_id)
    form = forms.Form(request.POST or None, initial={code.value: day for code, day in known.items()})
    for codes in STEP_ASKS.values():
        for code in codes:
            if code not in KNOWN_BY_ITSELF:
                form.fields[code.value] = DateField(label=MILESTONE_NAMES[code], required=False)
                form.fields[code.value].is_wanted = True  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            for codes in STEP_ASKS.values():
                for code in codes:
                    if code not in KNOWN_BY_ITSELF and form.cleaned_data[code.value] != known.get(code):
                        actions.note_milestone(**desk.act, milestone=code, on=form.cleaned_data[code.value])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Kept. Your public page shows it."))
            return redirect("founding:milestones", slug=desk.coop.slug)
    found = queries.all_milestones(desk.coop_id, desk.today)
    context = {
        "form": form,
        "groups": [
            {
                "name": STEP_NAMES[step],
                "fields": [form[one.code.value] for one in ones if one.code not in KNOWN_BY_ITSELF],
                "known": [
                    {"name": MILESTONE_NAMES[one.code], "is_reached": one.is_reached}
                    for one in ones
                    if one.code in KNOWN_BY_ITSELF
                ],
            }
            for step, ones in found.items()
        ],
        "step": STEP_NAMES[queries.scaffold(desk.coop_id, desk.today).step],
        "is_done": queries.scaffold(desk.coop_id, desk.today).step is Step.COOPERATIVE,
    }
    return render(request, "founding/milestones.html", context)
