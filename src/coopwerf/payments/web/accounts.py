"""The accounts that the co-operative has at banks: adding one, correcting its holder, which one people pay to."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coopcalc.references import format_iban
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ledger import queries as books
from coopwerf.ui.fields import put_refusal

from .. import actions, queries
from .desk import Desk
from .forms import BankAccountForm


@require_http_methods(["GET", "POST"])
def accounts(request: Request) -> HttpResponse:
    """Show the bank accounts with what stands on them, and add one."""
    desk = Desk(request)
    if request.method == "POST":
        desk.keep.require()
    is_first = not desk.accounts
    initial = {"holder": desk.coop.name}
    form = BankAccountForm(request.POST or None, is_first=is_first, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_bank_account(**desk.whose, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The account is there. Read in its first file now."))
            return HttpResponseRedirect(desk.url("accounts"))
    balances = queries.bank_balances(desk.coop_id, desk.today)
    context = {
        "title": _("Bank accounts"),
        "lead": _("Where the co-operative’s money stands, by the bank’s own word."),
        "tabs": desk.tabs("bank-accounts"),
        "may_keep": bool(desk.keep),
        "books_open": books.is_open(desk.coop_id),
        "books_url": reverse("ledger:books", kwargs={"slug": desk.coop.slug}),
        "form": form,
        "accounts": [
            {
                "iban": format_iban(one.iban),
                "holder": one.holder,
                "ledger_code": one.ledger_code,
                "is_main": one.is_main,
                "balance": balances.get(one.id),
                "url": desk.url("account", account_id=one.id),
            }
            for one in desk.accounts.values()
        ],
    }
    return render(request, "payments/accounts.html", context)


@require_http_methods(["GET", "POST"])
def change(request: Request, account_id: uuid.UUID) -> HttpResponse:
    """Correct in whose name an account stands, or let people pay to it."""
    desk = Desk(request)
    desk.keep.require()
    facts = queries.account_facts(desk.coop_id, account_id)
    if facts is None:
        raise Http404
    form = BankAccountForm(
        request.POST or None,
        is_first=facts.is_main,
        initial={"holder": facts.holder, "iban": facts.iban, "is_main": facts.is_main},
    )
    del form.fields["iban"]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.change_bank_account(
                **desk.whose, account_id=account_id, holder=told["holder"], is_main=told.get("is_main") or None
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The account is changed."))
            return HttpResponseRedirect(desk.url("accounts"))
    context = {"form": form, "iban": format_iban(facts.iban), "back": desk.url("accounts")}
    return render(request, "payments/account.html", context)
