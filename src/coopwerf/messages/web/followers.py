"""For those who write to followers: how many there are, whose mail comes back, and a list that is brought along."""

import csv
import datetime as dt
import io
from typing import Any

from django import forms
from django.contrib import messages as said
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal

from .. import actions, addresses, policies, queries
from ..actions import FollowerInput
from ..states import BLOCK_REASON_NAMES, Rhythm
from ..topics import ALL, known_topics

LARGEST = 4 * 1024 * 1024
MOST_FAULTS = 20
"""Of so many lines is told at once what is wrong with them: who mends a list mends it once."""
COLUMNS = {
    "email": ("email", "e-mail", "e-mailadres", "mail", "adresse", "courriel", "e-mail address", "adres"),
    "name": ("name", "naam", "nom"),
    "language": ("language", "taal", "langue", "lang"),
    "agreed": ("date", "datum", "agreed", "opt-in", "optin", "toestemming", "consentement", "date d'inscription"),
}


class ImportForm(forms.Form):
    """Ask for a list, where it comes from, and what these people agreed to hear of."""

    file = forms.FileField(
        label=gettext_lazy("The list, as CSV"),
        help_text=gettext_lazy(
            "The first line names the columns: e-mail, name, language (nl, fr or en), date (on which each agreed)."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        max_length=200,
        help_text=gettext_lazy(
            "For example: sign-up sheets of the information evenings of 2025. Whoever asks is told."
        ),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What did they agree to?"), widget=forms.CheckboxSelectMultiple
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[(Rhythm.AT_ONCE.value, gettext_lazy("At once")), (Rhythm.WEEKLY.value, gettext_lazy("Once a week"))],
        widget=forms.RadioSelect,
        initial=Rhythm.AT_ONCE.value,
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("Each of these people agreed to be written to, on the day in the list")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(ALL, gettext_lazy("Everything")), *((one.code, one.name) for one in known_topics().values())]
        self.fields["topics"].choices = choices  # type: ignore[attr-defined]


class OutForm(forms.Form):
    """Ask for the address of somebody who wants no more mail."""

    email = addresses.AddressField(label=gettext_lazy("Their e-mail address"))


def _done(request: Request, form: OutForm) -> bool:
    """Do what a button asks, and tell whether it was done; raises Refused."""
    act: dict[str, Any] = {"actor": request.actor, "now": clock.now(), "coop_id": request.coop.id}
    if request.POST.get("do") == "again":
        actions.try_address_again(**act, address=request.POST.get("address", "")[: addresses.LONGEST])
        said.success(request, _("We write to this address again."))
        return True
    if form.is_valid():
        actions.take_out(**act, email=form.cleaned_data["email"])
        said.success(request, _("They get no more newsletters from you."))
        return True
    return False


@require_http_methods(["GET", "POST"])
@never_cache
def followers(request: Request) -> HttpResponse:
    """Show how many follow what: numbers; and the addresses whose mail comes back. Take out who asks for it."""
    policies.may_write_news(request.actor, request.coop.id, clock.civil_date(clock.now())).require()
    form = OutForm(request.POST if request.POST.get("do") == "out" else None)
    if request.method == "POST":
        try:
            if _done(request, form):
                return redirect("messages:followers", slug=request.coop.slug)
        except Refused as refusal:
            said.error(request, refusal.message)
    told = queries.count_followers(request.coop.id)
    names = {ALL: _("Everything"), **{one.code: str(one.name) for one in known_topics().values()}}
    context = {
        "told": told,
        "form": form,
        "topics": [(name, told.by_topic.get(code, 0)) for code, name in names.items()],
        "languages": [(name, told.by_language.get(code, 0)) for code, name in formats.LANGUAGE_NAMES.items()],
        "unreachable": [(one, BLOCK_REASON_NAMES[one.reason]) for one in queries.unreachable(request.coop.id)],
    }
    return render(request, "messages/followers.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def bring(request: Request) -> HttpResponse:
    """Bring a list of followers along: all of it, or nothing."""
    policies.may_write_news(request.actor, request.coop.id, clock.civil_date(clock.now())).require()
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told, now = form.cleaned_data, clock.now()
        try:
            rows, undated = read_list(told["file"].read(LARGEST + 1), request.coop.language)
            known = ((one.line, one.email, one.agreed_on) for one in rows)
            faults = [*undated, *policies.faults_of(known, clock.civil_date(now))]
            if faults:
                _put_faults(form, faults)
                return render(request, "messages/bring.html", {"form": form})
            done = actions.import_followers(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                rows=rows,
                source=told["source"],
                topics=told["topics"],
                rhythm=Rhythm(told["rhythm"]),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            added = ngettext("%(count)s person follows now.", "%(count)s people follow now.", done.added)
            said.success(request, added % {"count": done.added})
            if done.known or done.left:
                words = _("%(known)s followed already; %(left)s left once, and were not brought back.")
                said.info(request, words % {"known": done.known, "left": done.left})
            return redirect("messages:followers", slug=request.coop.slug)
    return render(request, "messages/bring.html", {"form": form})


def _put_faults(form: ImportForm, faults: list[Refused]) -> None:
    """Show what is wrong in a list, in its order; of very many the first."""
    faults = sorted(faults, key=lambda fault: fault.line or 0)
    for one in faults[:MOST_FAULTS]:
        form.add_error("file", _("Line %(line)s: %(why)s") % {"line": (one.line or 0) + 1, "why": one.message})
    more = len({one.line for one in faults[MOST_FAULTS:]} - {one.line for one in faults[:MOST_FAULTS]})
    if more:
        words = ngettext("And %(count)s more line.", "And %(count)s more lines.", more)
        form.add_error("file", words % {"count": more})


def read_list(raw: bytes, language: str) -> tuple[list[FollowerInput], list[Refused]]:
    """Read a list of followers, and tell which lines have no date; raises Refused messages.list_unreadable."""
    if len(raw) > LARGEST:
        raise Refused("messages.list_unreadable", why=_("it is larger than 4 MB"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    # Old programs end their lines with a sign of their own.
    lines = io.StringIO(text.replace("\x00", ""), newline=None)
    first = lines.readline()
    lines.seek(0)
    try:
        # Strictly: a quotation mark that is never closed would take all lines below it into one cell.
        rows = list(csv.reader(lines, delimiter=max(",;\t", key=first.count), strict=True))
    except csv.Error:
        why = _("a quotation mark is never closed, or stands in the middle of a cell")
        raise Refused("messages.list_unreadable", why=why) from None
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    places = {
        field: next((place for place, cell in enumerate(head) if cell in names), None)
        for field, names in COLUMNS.items()
    }
    if places["email"] is None or places["agreed"] is None:
        raise Refused("messages.list_unreadable", why=_("a column “e-mail” or “date” is missing"))

    def cell(row: list[str], field: str) -> str:
        place = places[field]
        return row[place].strip() if place is not None and place < len(row) else ""

    found, faults = [], []
    for line, row in enumerate(rows[1:], 1):
        if any(one.strip() for one in row):
            spoken, agreed = cell(row, "language").lower()[:2], cell(row, "agreed")
            agreed_on = _day(agreed)
            if agreed_on is None:
                faults.append(Refused("messages.wrong_date", line=line, text=agreed[:40]))
                continue
            found.append(
                FollowerInput(
                    email=cell(row, "email"),
                    name=cell(row, "name"),
                    language=spoken if spoken in formats.LANGUAGE_NAMES else language,
                    agreed_on=agreed_on,
                    line=line,
                )
            )
    return found, faults


def _day(text: str) -> dt.datetime | None:
    try:
        day = formats.parse_date(text[:10] if text[4:5] == "-" and text[10:11] in ("", " ", "T") else text)
    except ValueError:
        day = None
    return None if day is None else dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
