"""Closing the books until a day, and opening a closed period again."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui import formats
from coopwerf.ui.fields import DateField, put_refusal

from .. import actions, policies, queries
from ..states import REOPEN_NAMES, Role
from .desk import EARLIEST, LATEST, Desk


class CloseForm(forms.Form):
    """Ask until which day the books are closed."""

    until = DateField(
        label=gettext_lazy("Close until and including"),
        min_date=EARLIEST,
        max_date=LATEST,
        help_text=gettext_lazy("Mostly the last day of a year or a quarter."),
    )


class ReopenForm(forms.Form):
    """Ask why closed days are opened again, and from which on."""

    reason = forms.ChoiceField(label=gettext_lazy("Why is it opened again?"), choices=(), widget=forms.RadioSelect)
    until = DateField(
        label=gettext_lazy("Stay closed until and including"),
        required=False,
        min_date=EARLIEST,
        max_date=LATEST,
        help_text=gettext_lazy("Empty: nothing stays closed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(code.value, capfirst(str(name))) for code, name in REOPEN_NAMES.items()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def closing(request: Request) -> HttpResponse:
    """Close the books until a day; show what was closed and opened before."""
    desk = Desk(request)
    form = CloseForm(request.POST or None, initial={"until": _next_year_end(desk)})
    if request.method == "POST":
        desk.keep.require()
        if form.is_valid():
            try:
                actions.close_period(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, **form.cleaned_data)
            except Refused as refusal:
                put_refusal(form, refusal, "until")
            else:
                until = formats.date_long(form.cleaned_data["until"], desk.language)
                messages.success(request, _("The books are closed until %(until)s.") % {"until": until})
                return redirect("ledger:closing", slug=desk.coop.slug)
    return _page(request, desk, form, ReopenForm(prefix="again"))


@require_POST
def reopen(request: Request) -> HttpResponse:
    """Open closed days again, for a reason."""
    desk = Desk(request)
    desk.keep.require()
    form = ReopenForm(request.POST, prefix="again")
    if form.is_valid():
        try:
            until = form.cleaned_data["until"]
            actions.reopen_period(
                actor=desk.actor, now=desk.now, coop_id=desk.coop_id, reason=form.cleaned_data["reason"], until=until
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The period is open again. Whoever looks at the books sees that, and why."))
            return redirect("ledger:closing", slug=desk.coop.slug)
    return _page(request, desk, CloseForm(initial={"until": _next_year_end(desk)}), form)


def _next_year_end(desk: Desk) -> dt.date | None:
    """Return the last day of the first year that is over and not closed, or None where there is none."""
    day = dt.date(desk.books.first_open_day.year, 12, 31)
    return day if day < desk.today else None


def _page(request: Request, desk: Desk, form: CloseForm, again: ReopenForm) -> HttpResponse:
    books = desk.books
    history = queries.closings(desk.coop_id)
    names = people.particulars({one.author_id for one in history if one.author_id is not None}, desk.today)
    until = form.initial.get("until") or desk.today
    balances = queries.balances(desk.coop_id, until)
    left = [one for one in balances if one.account.role in (Role.SUSPENSE, Role.OPENING) and one.balance]
    context = {
        "desk": desk,
        "books": books,
        "form": form,
        "again": again,
        "history": [
            (
                one,
                REOPEN_NAMES[one.reason] if one.reason else "",
                names[one.author_id].spoken if one.author_id in names else "",
            )
            for one in history
        ],
        "left": left,
        "left_at": until,
        "may_reopen": policies.may_reopen_period(books),
        "keep": desk.keep,
    }
    return render(request, "ledger/closing.html", context)
