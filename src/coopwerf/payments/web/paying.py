"""Payments to make: a list with codes to scan, on paper too, what went to the bank, and to which account each goes."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopcalc.references import Refused as NoCode
from coopcalc.references import epc_payload, format_communication, format_iban
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import put_refusal

from .. import actions, queries
from ..queries import ClaimFacts
from ..states import ClaimState, Direction
from .desk import Desk, Names, kind, some_id
from .forms import PayeeForm

AT_ONCE = 25
ON_PAPER = 200


@dataclasses.dataclass(frozen=True, slots=True)
class PaymentShown:
    """A payment to make, with its code to scan."""

    claim_id: uuid.UUID
    title: str
    kind: str
    open: Decimal
    holder: str
    iban: str
    text: str
    due_on: dt.date | None
    exported_on: dt.date | None
    code: str
    why_no_code: str
    payee_url: str


def _shown(desk: Desk, claim: ClaimFacts, names: Names) -> PaymentShown:
    text = format_communication(claim.digits)
    name = names.of(claim)
    holder = claim.holder or (name if claim.party_id is not None else "")
    code, why_no_code = "", ""
    if claim.iban:
        try:
            code = epc_payload(name=holder, iban=claim.iban, amount=claim.open, text=text)
        except NoCode as problem:
            why_no_code = problem.message(desk.language)
    return PaymentShown(
        claim_id=claim.id,
        title=name,
        kind=kind(claim),
        open=claim.open,
        holder=holder,
        iban=format_iban(claim.iban),
        text=text,
        due_on=claim.due_on,
        exported_on=claim.exported_on,
        code=code,
        why_no_code=why_no_code,
        payee_url=desk.url("payee", claim_id=claim.id),
    )


@require_GET
def to_pay(request: Request) -> HttpResponse:
    """Show the payments that the co-operative has to make."""
    desk = Desk(request)
    count, total, lacking = queries.sum_to_make(desk.coop_id)
    after = some_id(request.GET.get("after", ""))
    found = queries.payments_to_make(desk.coop_id, limit=AT_ONCE + 1, after=after)
    shown = found[:AT_ONCE]
    names = desk.names(shown)
    title = _("Payments to make")
    if count:
        title = ngettext("One payment to make", "%(count)s payments to make", count) % {"count": count}
    context = {
        "title": title,
        "lead": _("What the co-operative owes, with a code to scan for each."),
        "tabs": desk.tabs("to-pay", {"to-pay": count}),
        "may_keep": bool(desk.keep),
        "payments": [_shown(desk, one, names) for one in shown],
        "takes_note": any(one.exported_on is None for one in shown),
        "count": count,
        "total": total,
        "lacking": lacking,
        "more": desk.url("to-pay", query={"after": shown[-1].id}) if len(found) > AT_ONCE else "",
    }
    return render(request, "payments/to_pay.html", context)


@require_GET
def paper(request: Request) -> HttpResponse:
    """Show the payments to make as a list to print and sign."""
    desk = Desk(request)
    count, total, _lacking = queries.sum_to_make(desk.coop_id)
    found = queries.payments_to_make(desk.coop_id, limit=ON_PAPER)
    names = desk.names(found)
    context = {
        "payments": [_shown(desk, one, names) for one in found],
        "on": desk.today,
        "count": count,
        "total": total,
        "left_out": max(count - len(found), 0),
        "back": desk.url("to-pay"),
    }
    return render(request, "payments/to_pay_paper.html", context)


@require_POST
def given(request: Request) -> HttpResponse:
    """Note of payments that they went to the bank."""
    desk = Desk(request)
    desk.keep.require()
    ids = [found for found in map(some_id, request.POST.getlist("claim")) if found is not None][:ON_PAPER]
    ids = list(queries.claims_with(desk.coop_id, ids))
    if not ids:
        messages.warning(request, _("Choose at least one payment first."))
        return HttpResponseRedirect(desk.url("to-pay"))
    count = actions.note_given_to_bank(**desk.whose, claim_ids=ids)
    said = ngettext(
        "Noted: one payment went to the bank. It leaves the list once the bank’s file shows it.",
        "Noted: %(count)s payments went to the bank. They leave the list once the bank’s file shows them.",
        count,
    )
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(desk.url("to-pay"))


@require_http_methods(["GET", "POST"])
def payee(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Ask to which account a payment goes."""
    desk = Desk(request)
    desk.keep.require()
    claim = queries.claim_facts(desk.coop_id, claim_id)
    if claim is None or claim.direction is not Direction.OUT or claim.state is not ClaimState.OPEN:
        raise Http404
    name = desk.names([claim]).of(claim)
    form = PayeeForm(request.POST or None, initial={"holder": claim.holder or name, "iban": claim.iban})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_payee(**desk.whose, claim_id=claim_id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The account is noted; its code to scan stands beside it."))
            return HttpResponseRedirect(f"{desk.url('to-pay')}#pay-{claim_id}")
    context = {"form": form, "name": name, "claim": claim, "kind": kind(claim), "back": desk.url("to-pay")}
    return render(request, "payments/payee.html", context)
