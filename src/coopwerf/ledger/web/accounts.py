"""Accounts with what stands on them at a date, one account's statement, and adding, renaming and closing them."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from coopcalc.books import AccountKind
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui.fields import DateField, put_refusal

from .. import actions, queries
from ..queries import AccountFacts
from ..states import FOLLOWS, KIND_NAMES, ROLE_NAMES
from .desk import EARLIEST, LATEST, Desk

AT_ONCE = 100
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})\.(\d{1,4})")


class AtForm(forms.Form):
    """Ask as of which day accounts are wanted."""

    on = DateField(label=gettext_lazy("As of"), required=False, min_date=EARLIEST, max_date=LATEST)


class PeriodForm(forms.Form):
    """Ask from which day until which other."""

    begin = DateField(label=pgettext_lazy("period", "From"), required=False, min_date=EARLIEST, max_date=LATEST)
    end = DateField(label=pgettext_lazy("period", "Until"), required=False, min_date=EARLIEST, max_date=LATEST)

    def period(self, begin: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
        """Return what was asked, else these two days; what can't be read is said beside its field."""
        if self.is_bound:
            self.full_clean()
            begin = self.cleaned_data.get("begin") or begin
            end = self.cleaned_data.get("end") or max(end, begin)
            if end < begin:
                self.add_error("end", Refused("ledger.period_order").message)
                end = begin
        return begin, end


@require_GET
def accounts(request: Request) -> HttpResponse:
    """Show every account with what stands on it at the end of a day."""
    desk = Desk(request)
    form = AtForm(request.GET or None, initial={"on": desk.today})
    at = desk.today
    if form.is_bound:
        form.full_clean()
        at = form.cleaned_data.get("on") or desk.today
    is_all = request.GET.get("all") == "1"
    balances = queries.balances(desk.coop_id, at) if desk.books else []
    shown = [one for one in balances if is_all or one.balance or (one.account.role and not one.account.closed_on)]
    groups = [
        (KIND_NAMES[kind], [one for one in shown if one.account.kind is kind])
        for kind in AccountKind
        if any(one.account.kind is kind for one in shown)
    ]
    context = {
        "desk": desk,
        "form": form,
        "at": at,
        "is_today": at == desk.today,
        "groups": groups,
        "is_all": is_all,
        "hidden": len(balances) - len(shown),
        "all_url": f"?{urlencode({'on': at.isoformat(), 'all': '1'})}",
        "dated": "" if at == desk.today else f"?{urlencode({'end': at.isoformat()})}",
        "keep": desk.keep,
    }
    return render(request, "ledger/accounts.html", context)


@require_GET
def statement(request: Request, code: str) -> HttpResponse:
    """Show what happened on an account in a period, with the balance after each line."""
    desk = Desk(request)
    facts = _account(desk, code)
    form = PeriodForm(request.GET or None, initial={"begin": desk.year_begins, "end": desk.today})
    begin, end = form.period(desk.year_begins, desk.today)
    after = _place(request.GET.get("after", ""))
    found = queries.statement(desk.coop_id, facts.id, begin, end, after=after, limit=AT_ONCE)
    names = people.particulars({line.party_id for line in found.lines if line.party_id is not None}, desk.today)
    more = ""
    if found.more:
        last = found.lines[-1]
        place = f"{last.on.isoformat()}.{last.position}.{last.line}"
        more = f"?{urlencode({'begin': begin.isoformat(), 'end': end.isoformat(), 'after': place})}"
    context = {
        "desk": desk,
        "shown": facts,
        "kind": KIND_NAMES[facts.kind],
        "role": capfirst(str(ROLE_NAMES[facts.role])) if facts.role else "",
        "follows": facts.role in FOLLOWS,
        "form": form,
        "begin": begin,
        "end": end,
        "statement": found,
        "rows": [(line, names[line.party_id].spoken if line.party_id in names else "") for line in found.lines],
        "first": after is None,
        "more": more,
        "keep": desk.keep,
    }
    return render(request, "ledger/account.html", context)


def _place(text: str) -> tuple[dt.date, int, int] | None:
    match = _PLACE.fullmatch(text)
    if match is None:
        return None
    try:
        return dt.date.fromisoformat(match[1]), int(match[2]), int(match[3])
    except ValueError:
        return None


def _account(desk: Desk, code: str) -> AccountFacts:
    desk.books  # noqa: B018  (without books there are no accounts: a reason, not a 404)
    found = next((one for one in desk.accounts if one.code == code), None)
    if found is None:
        raise Http404
    return found


class AccountForm(forms.Form):
    """Ask the number, name, kind and use of an account."""

    code = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=20,
        help_text=gettext_lazy("As in your chart of accounts: 551, or 6102. It can't be changed later."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("What does it tell?"), choices=(), widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label=gettext_lazy("What is it there for?"),
        required=False,
        help_text=gettext_lazy("Entries that are posted by themselves look for it. Leave it if you don't need one."),
    )

    def __init__(self, *args: Any, known: AccountFacts | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(KIND_NAMES.items())  # type: ignore[attr-defined]
        roles = [(role.value, capfirst(str(name))) for role, name in ROLE_NAMES.items()]
        self.fields["role"].choices = [("", _("Nothing special")), *roles]  # type: ignore[attr-defined]
        if known is not None:
            del self.fields["code"]
            del self.fields["kind"]


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Add an account."""
    desk = Desk(request)
    desk.keep.require()
    desk.books  # noqa: B018
    form = AccountForm(request.POST or None, known=None, initial={"kind": "expense"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_account(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Account %(code)s is there.") % {"code": form.cleaned_data["code"]})
            return redirect("ledger:account", slug=desk.coop.slug, code=form.cleaned_data["code"])
    return render(request, "ledger/account_form.html", {"form": form, "known": None, "verdict": desk.keep})


@require_http_methods(["GET", "POST"])
def change(request: Request, code: str) -> HttpResponse:
    """Give an account another name or use, or close it."""
    desk = Desk(request)
    desk.keep.require()
    facts = _account(desk, code)
    whose: dict[str, Any] = {"actor": desk.actor, "now": desk.now, "coop_id": desk.coop_id, "code": code}
    is_closing = request.POST.get("do") == "close"
    given = request.POST if request.method == "POST" and not is_closing else None
    form = AccountForm(given, known=facts, initial={"name": facts.name, "role": facts.role or ""})
    refused = ""
    if request.method == "POST":
        try:
            if is_closing:
                actions.close_account(**whose)
                messages.success(request, _("Account %(code)s is closed.") % {"code": code})
                return redirect("ledger:account", slug=desk.coop.slug, code=code)
            if form.is_valid():
                actions.change_account(**whose, **form.cleaned_data)
                messages.success(request, _("Account %(code)s is changed.") % {"code": code})
                return redirect("ledger:account", slug=desk.coop.slug, code=code)
        except Refused as refusal:
            if is_closing:
                refused = refusal.message
            else:
                put_refusal(form, refusal)
    context = {"form": form, "known": facts, "verdict": desk.keep, "refused": refused}
    return render(request, "ledger/account_form.html", context)
