"""Entries written by hand, and the balances with which the books begin. Works without JavaScript."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coopwerf.kernel.money import LARGEST
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.fields import DateField, MoneyField, put_refusal

from .. import actions, policies, queries
from ..actions import ManualLine
from ..queries import AccountFacts
from ..states import FOLLOWS, KIND_NAMES, MOST_LINES
from .desk import EARLIEST, LATEST, Desk

FIRST_LINES = 4
MORE = 4
ZERO = Decimal("0.00")


class EntryForm(forms.Form):
    """Ask on which day an entry is written, and why."""

    on = DateField(label=gettext_lazy("Date"), min_date=EARLIEST, max_date=LATEST)
    words = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=500,
        help_text=gettext_lazy("What it is about, and which document: rent of March, invoice 12. Leave names out."),
    )


class SidesForm(forms.Form):
    """Ask an amount on one of two sides."""

    debit = MoneyField(label=gettext_lazy("Debit"), required=False, minimum=ZERO, maximum=LARGEST)
    credit = MoneyField(label=gettext_lazy("Credit"), required=False, minimum=ZERO, maximum=LARGEST)

    @property
    def amount(self) -> Decimal:
        """Return the amount, debit positive; nothing where none was typed."""
        told = self.cleaned_data
        return (told.get("debit") or ZERO) - (told.get("credit") or ZERO)

    def clean(self) -> dict[str, Any]:
        """Refuse both sides at once."""
        told = super().clean() or {}
        if told.get("debit") and told.get("credit"):
            self.add_error("credit", _("Fill in one side of the line, not both."))
        return told


class LineForm(SidesForm):
    """Ask an account besides."""

    account = forms.ChoiceField(label=gettext_lazy("Account"), required=False)

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an account without an amount, and an amount without an account."""
        told = super().clean()
        has_amount = bool(told.get("debit") or told.get("credit"))
        if has_amount and not told.get("account"):
            self.add_error("account", _("Choose the account of this amount."))
        elif told.get("account") and not has_amount and not self.errors:
            self.add_error("debit", _("Fill in the amount of this line."))
        return told


def account_choices(accounts: Sequence[AccountFacts]) -> list[Any]:
    """Return open accounts to choose from, under the names of their kinds."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in accounts:
        if one.closed_on is None:
            groups.setdefault(str(KIND_NAMES[one.kind]), []).append((one.code, f"{one.code} · {one.name}"))
    return [("", _("Choose")), *groups.items()]


def _lines_of(data: Mapping[str, Any] | None, choices: Sequence[Any], more: int = 0) -> list[LineForm]:
    """Return as many forms for lines as were sent, or as a new entry has."""
    count = FIRST_LINES
    if data is not None:
        sent = [int(match[1]) for key in data if (match := re.fullmatch(r"line(\d{1,3})-account", key))]
        count = min(max(sent, default=FIRST_LINES - 1) + 1 + more, MOST_LINES)
    return [LineForm(data, prefix=f"line{number}", choices=choices) for number in range(count)]


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write an entry by hand."""
    desk = Desk(request)
    desk.keep.require()
    desk.books  # noqa: B018
    choices = account_choices(desk.accounts)
    data = request.POST if request.method == "POST" else None
    asks_more = data is not None and data.get("do") == "more"
    form = EntryForm(data, initial={"on": max(desk.today, desk.books.first_open_day)})
    lines = _lines_of(data, choices, MORE if asks_more else 0)
    if asks_more:
        # What was typed is kept, and isn't judged yet.
        form = EntryForm(initial={name: data.get(name, "") for name in ("on", "words")})  # type: ignore[union-attr]
        lines = [
            LineForm(
                prefix=one.prefix,
                choices=choices,
                initial={name: data.get(f"{one.prefix}-{name}", "") for name in one.fields},  # type: ignore[union-attr]
            )
            for one in lines
        ]
    elif data is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        told = [ManualLine(account=one.cleaned_data["account"], amount=one.amount) for one in lines if one.amount]
        try:
            made = actions.record_manual(
                actor=desk.actor, now=desk.now, coop_id=desk.coop_id, lines=told, **form.cleaned_data
            )
        except Refused as refusal:
            if refusal.code in ("ledger.period_closed", "ledger.before_first_day", "ledger.date_too_late"):
                form.add_error("on", refusal.message)
            else:
                put_refusal(form, refusal)
        else:
            messages.success(request, _("The entry is written. What is wrong in it can be taken back, not changed."))
            return redirect("ledger:entry", slug=desk.coop.slug, entry_id=made)
    follows = [one for one in desk.accounts if one.role in FOLLOWS and one.closed_on is None]
    context = {
        "form": form,
        "lines": lines,
        "verdict": desk.keep,
        "follows": formats.listing([one.code for one in follows], desk.language, last=_("and")),
        "sums": _sums(lines) if data is not None and not asks_more else None,
    }
    return render(request, "ledger/entry_new.html", context)


def _sums(lines: Sequence[LineForm]) -> dict[str, Decimal]:
    amounts = [line.amount for line in lines if line.is_bound and line.is_valid()]
    debit, credit = sum((x for x in amounts if x > 0), ZERO), -sum((x for x in amounts if x < 0), ZERO)
    return {"debit": debit, "credit": credit, "difference": abs(debit - credit)}


@require_http_methods(["GET", "POST"])
def opening(request: Request) -> HttpResponse:
    """Record the balances with which the books begin."""
    desk = Desk(request)
    books = desk.books
    there = queries.opening_entry(desk.coop_id)
    data = request.POST if request.method == "POST" else None
    form = forms.Form(data)
    opened = queries.opened_by_rules(desk.coop_id)
    rows = [
        (one, SidesForm(data, prefix=f"a{one.code}"), one.id in opened)
        for one in desk.accounts
        if one.closed_on is None and not one.kind.is_result
    ]
    if data is not None:
        desk.keep.require()
        if all([form.is_valid(), *(line.is_valid() for _one, line, _is_opened in rows)]):
            balances = {one.code: line.amount for one, line, _is_opened in rows if line.amount}
            try:
                made = actions.record_opening(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, balances=balances)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The opening balances are recorded."))
                if made is None:
                    return redirect("ledger:books", slug=desk.coop.slug)
                return redirect("ledger:entry", slug=desk.coop.slug, entry_id=made)
    kinds = dict.fromkeys(one.kind for one, _line, _is_opened in rows)
    context = {
        "desk": desk,
        "books": books,
        "there": there,
        "may_record": policies.may_record_opening(books),
        "form": form,
        "line_forms": [line for _one, line, _is_opened in rows],
        "groups": [(KIND_NAMES[kind], [row for row in rows if row[0].kind is kind]) for kind in kinds],
        "verdict": desk.keep,
    }
    return render(request, "ledger/opening.html", context)
