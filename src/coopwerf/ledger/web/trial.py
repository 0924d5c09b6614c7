"""The trial balance, at a date or over a period."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from coopwerf.kernel.web import Request

from .. import queries
from .accounts import PeriodForm
from .desk import Desk


@require_GET
def trial_balance(request: Request) -> HttpResponse:
    """Show what every account came to in a period, and that both sides are equal."""
    desk = Desk(request)
    form = PeriodForm(request.GET or None, initial={"begin": desk.year_begins, "end": desk.today})
    begin, end = form.period(desk.year_begins, desk.today)
    found = queries.trial_balance(desk.coop_id, begin, end)
    accounts = {one.code: one for one in desk.accounts}
    period = urlencode({"begin": begin.isoformat(), "end": end.isoformat()})
    context = {
        "desk": desk,
        "form": form,
        "begin": begin,
        "end": end,
        "trial": found,
        "rows": [(accounts[line.account], line) for line in found.lines],
        "dated": f"?{period}",
        "csv": f"{desk.url('table', what='trial-balance', form='csv')}?{period}",
        "xlsx": f"{desk.url('table', what='trial-balance', form='xlsx')}?{period}",
    }
    return render(request, "ledger/trial_balance.html", context)
