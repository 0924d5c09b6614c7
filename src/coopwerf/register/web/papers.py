"""Taking the register along: as a paper that lasts, as a table, and a member's certificate."""

import datetime as dt
import io

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopcalc.register import table
from coopwerf.documents import actions as documents
from coopwerf.documents import queries as made
from coopwerf.documents import sheets
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.fields import LANGUAGES, DateField

from .. import policies, queries
from .desk import Desk
from .known import LATEST, KnownField, known_position
from .record_forms import put_refusal

EXTRACT, MEMBER_LIST, CERTIFICATE = "register.extract", "register.member_list", "register.certificate"
SHOWN = 10


class ExtractForm(forms.Form):
    """Ask as of when, as known when, in which form and language the register is wanted."""

    on = DateField(label=gettext_lazy("As of"), min_date=policies.FIRST_DAY, max_date=LATEST)
    known = KnownField(
        label=gettext_lazy("As known at"),
        required=False,
        max_length=20,
        help_text=gettext_lazy(
            "Empty: with everything recorded until now. Else a position in the chain, or a date: "
            "what was recorded later doesn't count."
        ),
    )
    form = forms.ChoiceField(label=gettext_lazy("What do you need?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the paper"), choices=LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: object, has_shares: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("csv", _("Table (CSV)")), ("xlsx", _("Spreadsheet (XLSX)"))]
        if has_shares:
            choices = [
                (EXTRACT, _("Extract of the register (PDF/A)")),
                (MEMBER_LIST, _("List of members (PDF/A)")),
                *choices,
            ]
        else:
            choices = [(MEMBER_LIST, _("List of members (PDF/A)")), *choices]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def extract(request: Request) -> HttpResponse:
    """Ask for the register as of a date, on paper or as a table."""
    desk = Desk(request)
    desk.see.require()
    has_shares = bool(desk.terms)
    first = MEMBER_LIST if queries.wants_member_list(desk.coop_id, desk.today) else EXTRACT
    language = formats.language(get_language())
    asked = formats.parse_date(request.GET["on"]) if _is_date(request.GET.get("on", "")) else desk.today
    form = ExtractForm(
        request.POST if request.method == "POST" else None,
        has_shares=has_shares,
        initial={"on": asked, "known": request.GET.get("known", "")[:20], "form": first, "language": language},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        known = known_position(desk, told["known"])
        if told["form"] in ("csv", "xlsx"):
            query = {"on": told["on"].isoformat(), **({} if known is None else {"known": str(known)})}
            address = reverse(f"register:{told['form']}", kwargs={"slug": desk.coop.slug})
            return redirect(f"{address}?{urlencode(query)}")
        try:
            document = documents.ask_document(
                actor=desk.actor,
                now=desk.now,
                coop_id=desk.coop_id,
                kind=told["form"],
                language=told["language"],
                as_of=told["on"],
                known_position=known,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect("documents:document", slug=desk.coop.slug, token=document.token)
    before = [
        one
        for one in made.documents_of(desk.coop_id, desk.actor.parties)
        if one.kind in (EXTRACT, MEMBER_LIST) and one.state.value != "removed"
    ][:SHOWN]
    context = {"form": form, "before": before, "is_dutch": first == MEMBER_LIST, "notes": _notes(desk)}
    return render(request, "register/extract.html", context)


def _notes(desk: Desk) -> dict[str, str]:
    return {
        EXTRACT: _(
            "The nine things that the law wants in the register, with the head of its chain. Lasts, and can be proven."
        ),
        MEMBER_LIST: _("The members, and who left in the year before."),
        "csv": _("Every member with what they hold, for a program."),
        "xlsx": _("The same, for a spreadsheet."),
    }


def _is_date(text: str) -> bool:
    try:
        formats.parse_date(text)
    except ValueError:
        return False
    return True


def _asked_table(request: Request) -> tuple[Desk, dt.date, int | None]:
    desk = Desk(request)
    desk.see.require()
    text = request.GET.get("on", "")
    at = formats.parse_date(text) if _is_date(text) else desk.today
    known = request.GET.get("known", "")
    position = known_position(desk, int(known)) if known.isdecimal() and len(known) < 19 else None
    return desk, at, position


def _file(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def as_csv(request: Request) -> HttpResponse:
    """Hand over the whole register as of a date as a table for a program."""
    desk, at, known = _asked_table(request)
    text = io.StringIO()
    table.write_csv(text, queries.table_rows(desk.coop_id, at, known))
    return _file(text.getvalue(), sheets.CSV, f"register-{desk.coop.slug}-{at.isoformat()}.csv")


@require_GET
def as_xlsx(request: Request) -> HttpResponse:
    """Hand over the whole register as of a date as a spreadsheet."""
    desk, at, known = _asked_table(request)
    with snapshot():
        content = queries.register_sheet(desk.coop_id, at, known, made_at=desk.now)
    return _file(content, sheets.XLSX, f"register-{desk.coop.slug}-{at.isoformat()}.xlsx")


@require_POST
def certificate(request: Request, number: int) -> HttpResponse:
    """Ask for a member's certificate: the board for anybody, a member for themselves."""
    desk = Desk(request)
    facts = queries.member_by_number(desk.coop_id, number)
    if facts is None:
        # Whoever sees no register learns nothing about its numbers.
        desk.see.require()
        raise Http404
    document = documents.ask_document(
        actor=desk.actor,
        now=desk.now,
        coop_id=desk.coop_id,
        kind=CERTIFICATE if request.POST.get("paper") != "extract" else EXTRACT,
        language=formats.language(get_language()),
        party_id=facts.party_id,
        as_of=desk.today,
        params={"member": str(facts.id)},
    )
    return redirect("documents:document", slug=desk.coop.slug, token=document.token)
