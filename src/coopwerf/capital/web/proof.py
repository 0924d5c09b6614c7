"""The page that proves that register, ledger and bank agree, and leads to what stands behind each difference."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from coopcalc.books import Check, CheckCode
from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.web import Request
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role, money_pages
from coopwerf.ui.fields import DateField, put_refusal
from coopwerf.ui.shell import NavItem

from .. import policies, queries

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(9998, 12, 31)


class AtForm(forms.Form):
    """Ask as of which day the proof is wanted."""

    at = DateField(label=gettext_lazy("As of"), required=False, min_date=EARLIEST, max_date=LATEST)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A comparison as people read it: what, the two figures with the pages behind them, and the difference."""

    title: str
    text: str
    ledger: Decimal
    ledger_url: str
    other: Decimal
    other_name: str
    other_url: str
    difference: Decimal


@require_GET
def proof(request: Request) -> HttpResponse:
    """Show whether the three books agree at the end of a day, comparison by comparison."""
    now = clock.now()
    today = clock.civil_date(now)
    coop = request.coop
    policies.may_see_proof(request.actor, coop.id, today).require()
    known = books.books(coop.id)
    powers = coops.powers_of(coop.id, request.actor.parties, today)
    tabs = [
        NavItem(
            label=str(page.label), url=reverse(page.url_name, kwargs={"slug": coop.slug}), current=page.code == "proof"
        )
        for page in money_pages(powers)
    ]
    form = AtForm(request.GET or None, initial={"at": today})
    at = today
    if form.is_bound and form.is_valid():
        at = form.cleaned_data["at"] or today
    context = {"tabs": tabs, "form": form, "at": at, "books": known}
    if known is not None:
        with snapshot():
            try:
                found = queries.proof(coop.id, at)
            except Refused as refusal:
                if not form.is_bound:
                    form = AtForm({"at": today})
                    form.is_valid()
                put_refusal(form, refusal)
                found = queries.proof(coop.id, max(today, known.begins_on))
                at = max(today, known.begins_on)
            context |= {"form": form, "at": at, "proof": found}
            context |= _told(coop.id, coop.slug, at, found.checks)
    return render(request, "capital/proof.html", context)


def _told(coop_id: uuid.UUID, slug: str, at: dt.date, checks: tuple[Check, ...]) -> dict[str, object]:
    fails = {check.code for check in checks if not check.holds}
    apart = queries.days_apart(coop_id, at) if fails & {CheckCode.PAID, CheckCode.UNPAID} else []
    gaps = queries.gap_facts(coop_id, list(checks), at) if CheckCode.RECEIVED in fails else []
    accounts = _accounts(coop_id)
    return {
        "rows": [_row(slug, at, check, accounts) for check in checks if check.code is not CheckCode.RECEIVED],
        "received": sum((check.other for check in checks if check.code is CheckCode.RECEIVED), ZERO),
        "apart": [_day(slug, one) for one in apart],
        "gaps": [(one, _page("register:member", slug, number=one.number) if one.number else "") for one in gaps],
    }


def _page(name: str, slug: str, dated: dict[str, dt.date] | None = None, **more: object) -> str:
    address = reverse(name, kwargs={"slug": slug, **more})
    told = {key: day.isoformat() for key, day in (dated or {}).items()}
    return f"{address}?{urlencode(told)}" if told else address


def _day(slug: str, one: queries.DayApart) -> dict[str, object]:
    paid = one.ledger_paid - one.register_paid
    return {
        "on": one.on,
        "amount": paid + one.ledger_unpaid - one.register_unpaid,
        "paid": paid,
        "journal_url": _page("ledger:journal", slug, {"begin": one.on, "end": one.on}),
        "register_url": _page("register:register", slug, {"at": one.on}),
    }


def _accounts(coop_id: uuid.UUID) -> dict[str, tuple[str, str]]:
    """Return the number and the name of the first account of each role, and of each account by its number."""
    found: dict[str, tuple[str, str]] = {}
    for one in books.accounts(coop_id):
        found[one.code] = (one.code, one.name)
        if one.role:
            found.setdefault(one.role.value, (one.code, one.name))
    return found


def _row(slug: str, at: dt.date, check: Check, accounts: dict[str, tuple[str, str]]) -> Row:
    register_name, bank_name, list_name = _("Register"), _("Bank"), _("List of payments")
    told = {
        CheckCode.PAID: (
            Role.CAPITAL.value,
            _("Paid on shares"),
            _("Contributions in the books less what isn't paid yet, and what the register calls paid."),
            register_name,
            "register:register",
        ),
        CheckCode.UNPAID: (
            Role.CAPITAL_UNPAID.value,
            _("Issued, not paid yet"),
            _("What members still owe on shares, in both."),
            register_name,
            "register:register",
        ),
        CheckCode.BANK: (
            check.key,
            accounts.get(check.key, ("", check.key))[1],
            _("What the books say is on the account, and the last balance that the bank told."),
            bank_name,
            "payments:statements",
        ),
        CheckCode.SUSPENSE: (
            Role.SUSPENSE.value,
            _("Not explained yet"),
            _("Money in suspense, and the lines of the bank that wait for an explanation."),
            bank_name,
            "payments:inbox",
        ),
        CheckCode.REFUNDS: (
            Role.REFUNDS_DUE.value,
            _("To be paid back"),
            _("What the books owe people whose money goes back, and the payments that wait to be made."),
            list_name,
            "payments:to-pay",
        ),
        CheckCode.EXITS: (
            Role.EXITS_DUE.value,
            _("Due to who left"),
            _("What the books owe people whose shares ended, and the payments that wait to be made."),
            list_name,
            "payments:to-pay",
        ),
    }
    role, title, text, other_name, page = told[check.code]
    code = accounts.get(role, ("", ""))[0]
    account = _page("ledger:account", slug, {"end": at}, code=code) if code else ""
    other = _page(page, slug, {"at": at} if page == "register:register" else None)
    return Row(
        title=title,
        text=text,
        ledger=check.ledger,
        ledger_url=account,
        other=check.other,
        other_name=other_name,
        other_url=other,
        difference=check.difference,
    )
