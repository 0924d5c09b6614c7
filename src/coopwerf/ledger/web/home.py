"""Where the books begin: opening them, what they say today, and what waits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.coops import queries as coops
from coopwerf.coops.states import DUTCH, in_language
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import DateField, put_refusal

from .. import actions, charts, policies, queries
from ..queries import AccountBalance
from ..states import BooksTask, Role, books_tasks
from .desk import Desk
from .journal import title_of

LAST = 10


@require_GET
def books(request: Request) -> HttpResponse:
    """Show what the books say today, what waits to be done, and the last entries."""
    desk = Desk(request)
    context: dict[str, Any] = {"desk": desk, "tabs": desk.tabs("books"), "keep": desk.keep}
    if desk.found is not None:
        balances = queries.balances(desk.coop_id, desk.today)
        trial = queries.trial_balance(desk.coop_id, desk.year_begins, desk.today)
        context |= {
            "books": desk.found,
            "figures": _figures(balances),
            "result": trial.result,
            "year": desk.today.year,
            "tasks": [*_tasks(desk, balances), *books_tasks(desk.coop_id, desk.coop.slug, desk.today)],
            "last": [(one, title_of(one)) for one in queries.journal(desk.coop_id, limit=LAST)],
        }
    return render(request, "ledger/books.html", context)


def _sum(balances: list[AccountBalance], role: Role) -> Any:
    return sum(one.balance for one in balances if one.account.role is role)


def _figures(balances: list[AccountBalance]) -> dict[str, Any]:
    return {
        "bank": _sum(balances, Role.BANK),
        "suspense": -_sum(balances, Role.SUSPENSE),
        "capital": -_sum(balances, Role.CAPITAL) - _sum(balances, Role.CAPITAL_UNPAID),
    }


def _tasks(desk: Desk, balances: list[AccountBalance]) -> list[BooksTask]:
    """Return what waits: opening balances, their difference, money that nobody explained, last year's books."""
    found = []
    by_role = {one.account.role: one for one in balances if one.account.role is not None}
    opening = by_role.get(Role.OPENING)
    if queries.opening_entry(desk.coop_id) is None and desk.books.closed_until is None:
        found.append(
            BooksTask(
                _("Record the opening balances"),
                _("Did you keep books elsewhere before? Bring their balances along. If not, leave this."),
                desk.url("opening"),
                _("Record them"),
            )
        )
    elif opening is not None and opening.balance:
        found.append(
            BooksTask(
                _("The opening balances don't agree yet"),
                _("What the old books said differs from what bank and register say. The account shows by how much."),
                desk.url("account", code=opening.account.code),
                _("Look at the difference"),
            )
        )
    suspense = by_role.get(Role.SUSPENSE)
    if suspense is not None and suspense.balance:
        found.append(
            BooksTask(
                _("Money waits to be explained"),
                _("It came in or went out, and nobody has said what for."),
                desk.url("account", code=suspense.account.code),
                _("Look at it"),
            )
        )
    last_year = desk.today.year - 1
    closed = desk.books.closed_until
    if desk.books.begins_on.year <= last_year and (closed is None or closed.year < last_year):
        found.append(
            BooksTask(
                _("Close the books of %(year)s") % {"year": last_year},
                _("Once the accounts of that year are approved, nothing in them may move any more."),
                desk.url("closing"),
                _("Close them"),
            )
        )
    return found


class OpenForm(forms.Form):
    """Ask with which chart of accounts and from which day on books are kept."""

    chart = forms.ChoiceField(label=gettext_lazy("Chart of accounts"), widget=forms.RadioSelect)
    on = DateField(
        label=gettext_lazy("First day of the books"),
        min_date=policies.FIRST_DAY,
        help_text=gettext_lazy("The first day of a financial year, mostly. What was before stays in your old books."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chart"].choices = [(one.code, in_language(one.names)) for one in charts.charts()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def open_books(request: Request) -> HttpResponse:
    """Open the books, once."""
    desk = Desk(request)
    desk.keep.require()
    verdict = policies.may_open_books(desk.actor, desk.coop_id, desk.today)
    if not verdict:
        messages.info(request, verdict.reason)
        return redirect("ledger:books", slug=desk.coop.slug)
    stage = coops.stage(desk.coop_id, desk.today)
    initial = {"chart": "nl" if stage in DUTCH else "be_mar", "on": desk.today.replace(month=1, day=1)}
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_books(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The books are open. Next: the opening balances, or the first statement."))
            return redirect("ledger:books", slug=desk.coop.slug)
    notes = {one.code: in_language(one.sources) for one in charts.charts()}
    return render(request, "ledger/open.html", {"form": form, "verdict": verdict, "notes": notes})
