"""Taking the books to the accountant: journal and trial balance as a table."""

from os import SEEK_END

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.web import Request

from ..tables import FORMATS, IN_MEMORY, JOURNAL, TABLES, TRIAL_BALANCE, write_table
from .accounts import PeriodForm
from .desk import Desk


class ExportForm(PeriodForm):
    """Ask what the accountant needs, of which period, in which form."""

    what = forms.ChoiceField(label=gettext_lazy("What?"), choices=(), widget=forms.RadioSelect)
    form = forms.ChoiceField(label=gettext_lazy("In which form?"), choices=(), widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["what"].choices = [(JOURNAL, _("Journal: every line")), (TRIAL_BALANCE, _("Trial balance"))]  # type: ignore[attr-defined]
        self.fields["form"].choices = [("xlsx", _("Spreadsheet (XLSX)")), ("csv", _("Table (CSV)"))]  # type: ignore[attr-defined]


@require_GET
def export(request: Request) -> HttpResponseBase:
    """Ask what is wanted, and lead to it."""
    desk = Desk(request)
    begins = desk.year_begins
    initial = {"what": JOURNAL, "form": "xlsx", "begin": begins, "end": desk.today}
    form = ExportForm(request.GET if "what" in request.GET else None, initial=initial)
    if form.is_bound:
        begin, end = form.period(begins, desk.today)
        if not form.errors:
            told = form.cleaned_data
            address = desk.url("table", what=told["what"], form=told["form"])
            return redirect(f"{address}?{urlencode({'begin': begin.isoformat(), 'end': end.isoformat()})}")
    notes = {
        JOURNAL: _("Each line of each entry, with its account, for the accountant’s own program."),
        TRIAL_BALANCE: _("Each account with its debit, credit and balance."),
    }
    return render(request, "ledger/export.html", {"desk": desk, "form": form, "notes": notes})


@require_GET
def table(request: Request, what: str, form: str) -> HttpResponseBase:
    """Hand over the journal or the trial balance of a period; written row by row, whatever its size."""
    desk = Desk(request)
    if what not in TABLES or form not in FORMATS:
        raise Http404
    asked = PeriodForm(request.GET or None)
    begin, end = asked.period(desk.year_begins, desk.today)
    if asked.errors:
        raise Refused("ledger.period_order")
    with snapshot():
        made = write_table(desk.coop_id, what, form, begin, end, made_at=desk.now)
    name = f"{desk.coop.slug}-{what}-{begin.isoformat()}-{end.isoformat()}.{form}"
    answer: HttpResponseBase
    if made.seek(0, SEEK_END) <= IN_MEMORY:
        made.seek(0)
        with made:
            answer = HttpResponse(made.read(), content_type=FORMATS[form])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        made.seek(0)
        answer = FileResponse(made, as_attachment=True, filename=name, content_type=FORMATS[form])
    answer["Cache-Control"] = "private, no-store"
    return answer
