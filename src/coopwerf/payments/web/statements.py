"""Statements of the bank: bringing files, the list with what is missing between them, and one of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from coopcalc.references import format_iban
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal

from .. import actions, queries
from ..queries import Gap, StatementFacts
from ..states import STATEMENT_STATE_NAMES, Family, StatementState
from .desk import Desk, note, some_id, who
from .forms import BecauseForm, FilesForm
from .lists import statement_name

AT_ONCE = 40
LINES = 100
GAPS_SHOWN = 5
LOOKS = {StatementState.HELD: "attention", StatementState.COMPARED: ""}


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What came of one file."""

    name: str
    refusal: str = ""
    statements: int = 0
    entries: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    remarks: Sequence[str] = ()


@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Take files of the bank, and say what each brought."""
    desk = Desk(request)
    desk.keep.require()
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    results: list[Brought] = []
    if request.method == "POST" and form.is_valid():
        results = [_bring(desk, one) for one in form.cleaned_data["content"]]
        form = FilesForm()
    context = {
        "title": _("Read in bank files"),
        "form": form,
        "has_accounts": bool(desk.accounts),
        "accounts_url": desk.url("accounts"),
        "results": results,
        "waiting": queries.count_inbox(desk.coop_id) if results else 0,
        "held": queries.count_held(desk.coop_id) if results else 0,
        "certain": queries.count_certain(desk.coop_id) if results else 0,
        "certain_url": desk.url("certain"),
        "statements_url": desk.url("statements"),
    }
    return render(request, "payments/upload.html", context)


def _bring(desk: Desk, file: "UploadedFile[Any]") -> Brought:
    name = file.name or _("without name")
    try:
        done = actions.import_statements(**desk.whose, name=name, file=file.file)  # type: ignore[arg-type]
    except Refused as refusal:
        return Brought(name, refusal=refusal.message)
    return Brought(
        name=name,
        statements=done.statements,
        entries=done.entries,
        new=done.new,
        known=done.known,
        refused=done.refused,
        remarks=list(dict.fromkeys(one.message for one in done.findings)),
    )


@require_GET
def statements(request: Request) -> HttpResponse:
    """Show what the bank told, the latest brought first, and what is missing between."""
    desk = Desk(request)
    before = some_id(request.GET.get("before", ""))
    found = queries.statements(desk.coop_id, limit=AT_ONCE + 1, before=before)
    shown = found[:AT_ONCE]
    gaps = queries.gaps(desk.coop_id) if before is None else []
    held = queries.count_held(desk.coop_id)
    lead = _("Nothing of your bank is missing.") if shown else ""
    if held:
        lead = ngettext("One statement waits for your word.", "%(count)s statements wait for your word.", held) % {
            "count": held
        }
    elif gaps:
        lead = ngettext(
            "Something is missing in one place.", "Something is missing in %(count)s places.", len(gaps)
        ) % {"count": len(gaps)}
    context = {
        "title": _("Statements of the bank"),
        "lead": lead,
        "tabs": desk.tabs("statements", {"statements": held}),
        "has_accounts": bool(desk.accounts),
        "may_keep": bool(desk.keep),
        "gaps": [_gap(desk, one) for one in gaps[:GAPS_SHOWN]],
        "more_gaps": max(len(gaps) - GAPS_SHOWN, 0),
        "statements": [_row(desk, one) for one in shown],
        "more": desk.url("statements", query={"before": shown[-1].id}) if len(found) > AT_ONCE else "",
    }
    return render(request, "payments/statements.html", context)


def _gap(desk: Desk, gap: Gap) -> dict[str, str]:
    facts = {
        "account": format_iban(gap.account),
        "after": formats.date_long(gap.after, desk.language),
        "before": formats.date_long(gap.before, desk.language),
    }
    title = _("Something is missing between %(after)s and %(before)s") % facts
    if gap.kind == "number":
        facts |= {"first": str(gap.first_missing), "last": str(gap.last_missing)}
        text = _(
            "Account %(account)s: the bank’s statements %(first)s to %(last)s aren’t here."
            " Download them and read them in."
        )
        if gap.first_missing == gap.last_missing:
            text = _("Account %(account)s: the bank’s statement %(first)s isn’t here. Download it and read it in.")
    else:
        facts |= {
            "closing": desk.money(gap.closing) if gap.closing is not None else "",
            "opening": desk.money(gap.opening) if gap.opening is not None else "",
            "missing": desk.money(gap.missing) if gap.missing is not None else "",
        }
        text = _(
            "Account %(account)s: one statement ends with %(closing)s, the next begins with %(opening)s, a difference"
            " of %(missing)s. Download the days between them and read them in."
        )
    return {"title": title, "text": text % facts}


def _row(desk: Desk, one: StatementFacts) -> dict[str, Any]:
    return {
        "name": statement_name(one),
        "account": format_iban(one.account),
        "begins": one.begins,
        "ends": one.ends,
        "entries": one.entries,
        "closing": one.closing,
        "state": "" if one.state is StatementState.BOOKED else capfirst(str(STATEMENT_STATE_NAMES[one.state])),
        "look": LOOKS.get(one.state, ""),
        "url": desk.url("statement", statement_id=one.id),
    }


@require_http_methods(["GET", "POST"])
def statement(request: Request, statement_id: uuid.UUID) -> HttpResponse:
    """Show a statement with the lines that it brought; one that waits is booked here, with the reason why."""
    desk = Desk(request)
    facts = queries.statement_facts(desk.coop_id, statement_id)
    if facts is None:
        raise Http404
    takes_word = facts.state is StatementState.HELD and bool(desk.keep)
    form = BecauseForm(request.POST or None) if takes_word else None
    if request.method == "POST":
        desk.keep.require()
        if form is None:
            messages.warning(request, Refused("payments.statement_decided").message)
            return HttpResponseRedirect(desk.url("statement", statement_id=statement_id))
        if form.is_valid():
            try:
                done = actions.book_anyway(
                    **desk.whose, statement_id=statement_id, because=form.cleaned_data["because"]
                )
            except Refused as refusal:
                put_refusal(form, refusal)
            else:
                said = _("None of its lines is new.")
                if done.new:
                    said = ngettext("One line is new.", "%(count)s lines are new.", done.new) % {"count": done.new}
                messages.success(request, _("The statement is booked.") + " " + said)
                return HttpResponseRedirect(desk.url("statement", statement_id=statement_id))
    after = request.GET.get("after", "")
    entries = queries.entries_of_statement(
        desk.coop_id, statement_id, limit=LINES + 1, after=int(after) if after.isdecimal() and len(after) < 9 else 0
    )
    shown = entries[:LINES]
    more = desk.url("statement", statement_id=statement_id, query={"after": shown[-1].number}) if shown else ""
    context = {
        "title": _("Statement %(name)s") % {"name": statement_name(facts)},
        "lead": _("Account %(account)s, from the file %(file)s.")
        % {"account": format_iban(facts.account), "file": facts.file},
        "facts": facts,
        "remarks": list(_remarks(desk, facts)),
        "lines": [
            {
                "who": who(one.name),
                "on": one.booked,
                "note": note(one.reference, one.text),
                "amount": one.amount,
                "url": desk.url("entry", entry_id=one.id),
            }
            for one in shown
        ],
        "more": more if len(entries) > LINES else "",
        "form": form,
        "is_held": facts.state is StatementState.HELD,
        "is_compared": facts.state is StatementState.COMPARED,
    }
    return render(request, "payments/statement.html", context)


def _remarks(desk: Desk, facts: StatementFacts) -> Iterator[dict[str, Any]]:
    """Say what somebody should know about a statement."""
    if facts.state is StatementState.HELD:
        title = _("It isn’t booked yet")
        if facts.difference is None:
            text = _("The bank doesn’t say what stood on the account before and after it, so nothing can be checked.")
        else:
            text = _("Its lines and its closing balance differ by %(difference)s.") % {
                "difference": desk.money(facts.difference)
            }
        yield {"look": "attention", "title": title, "text": text, "days": ()}
    if facts.because:
        name = ""
        if facts.decided_by is not None:
            known = people.particulars([facts.decided_by], desk.today)
            name = known[facts.decided_by].spoken if facts.decided_by in known else ""
        on = formats.date_long(facts.decided_at, desk.language) if facts.decided_at else ""
        title = _("Booked anyway by %(name)s on %(on)s") % {"name": name, "on": on}
        yield {"look": "", "title": title, "text": facts.because, "days": ()}
    if facts.state is StatementState.COMPARED:
        yield {"look": "", "title": _("It was compared, not booked"), "text": _compared(facts), "days": ()}
    for key, label in (
        ("missing_days", _("Only in this file")),
        ("extra_days", _("Only in what was booked")),
        ("alike_days", _("Known by amount and day only: compare with your bank")),
        ("again_days", _("New, but they look like known lines: compare with your bank")),
    ):
        told = [
            f"{formats.date_short(dt.date.fromisoformat(on), desk.language)} {desk.money(Decimal(amount))}"
            for on, amount in facts.report.get(key, ())
        ]
        if told:
            yield {"look": "attention", "title": label, "text": "", "days": told}


def _compared(facts: StatementFacts) -> str:
    if facts.family is Family.CAMT_054:
        return _("A camt.054 explains the payments that a statement books as one: they stand with those lines now.")
    if facts.family is Family.CAMT_052:
        return _("A camt.052 tells what isn’t final. It is never booked; the statement follows.")
    differs = facts.report.get("missing", 0) + facts.report.get("extra", 0)
    if differs:
        return ngettext(
            "Another kind of file was booked of the same days, and one line differs. Ask your bank which is right.",
            "Another kind of file was booked of the same days, and %(count)s lines differ. Ask your bank which is"
            " right.",
            differs,
        ) % {"count": differs}
    return _("Another kind of file was booked of the same days, and it says the same.")
