"""Bringing a register along, on screen: the file, its columns, what would be booked, mending, booking."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopcalc.register.sheets import Doubt, Field, MemberPlan, Plan, Setting, Shape, Sheet, read_key
from coopcalc.register.table import domicile_text
from coopwerf.coops import policies as coop_policies
from coopwerf.coops import queries as coops
from coopwerf.coops.states import GOVERNING, Power, Stage
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused, sentence
from coopwerf.kernel.verdict import Verdict, refuse
from coopwerf.kernel.web import Request
from coopwerf.ui import formats

from .. import actions, policies, queries
from ..spreadsheets import read_sheets
from ..spreadsheets.importing import doubt_sentence, told_date
from ..spreadsheets.words import ANSWERS, NOTES, PROBLEMS, key_name
from ..states import ImportState
from .import_forms import ColumnsForm, FileForm, RowForm, SkipForm, row_label, row_values
from .terms import rights

DOUBTS_SHOWN = 40
MEMBERS_SHOWN = 6
LOOKS_AGAIN = 4
AT_ONCE = 1_200
"""Up to so many members are booked while the reader waits; more by a worker."""


def _steps(coop_slug: str, current: int, facts: queries.ImportFacts | None = None) -> dict[str, Any]:
    def to(name: str) -> str:
        return reverse(f"register:{name}", kwargs={"slug": coop_slug, "import_id": facts.id}) if facts else ""

    columns = to("import-columns") if current == 3 else ""
    return {
        "steps": [_("The file"), (_("Its columns"), columns), _("Look it through"), _("Booked")],
        "step": current,
    }


def _enter(request: Request) -> tuple[uuid.UUID, dt.date]:
    """Return the co-operative and today; raises Refused for who may not import at all."""
    today = clock.civil_date(clock.now())
    verdict = policies.may_import_register(request.actor, request.coop.id, today)
    if verdict.code != "register.import_not_empty":
        verdict.require()
    return request.coop.id, today


def _facts(request: Request, import_id: uuid.UUID) -> queries.ImportFacts:
    _enter(request)
    try:
        return queries.import_facts(request.coop.id, import_id)
    except Refused:
        raise Http404 from None


def _go(request: Request, name: str, import_id: uuid.UUID, anchor: str = "") -> HttpResponse:
    url = reverse(f"register:{name}", kwargs={"slug": request.coop.slug, "import_id": import_id})
    return redirect(f"{url}#{anchor}" if anchor else url)


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Ask for the spreadsheet, and show which ones are on their way."""
    coop_id, today = _enter(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = read_sheets(file)
            file.seek(0)
            import_id = actions.bring_spreadsheet(
                actor=request.actor,
                now=clock.now(),
                coop_id=coop_id,
                file_name=file.name or "",
                content=file.read(),
                found=found,
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return _go(request, "import-columns", import_id)
    brought = queries.imports(coop_id)
    context = {
        "form": form,
        "verdict": policies.may_import_register(request.actor, coop_id, today),
        "on_their_way": [one for one in brought if one.state is not ImportState.BOOKED],
        "booked": [one for one in brought if one.state is ImportState.BOOKED],
        **_form(request),
        **_steps(request.coop.slug, 1),
    }
    return render(request, "register/import/start.html", context)


@require_http_methods(["GET", "POST"])
def columns(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Match the columns, with a guess."""
    facts = _facts(request, import_id)
    if facts.state is not ImportState.OPEN:
        return _go(request, "import", import_id)
    today = clock.civil_date(clock.now())
    found = queries.sheets_of(facts)
    chosen = queries.Choices.from_json(facts.choices)
    asked = _asked_again(request, chosen)
    try:
        sheet, setting = queries.import_setting(facts.coop_id, found, asked, today=today)
    except Refused:
        sheet, setting = queries.import_setting(facts.coop_id, found, queries.Choices(), today=today)
    if asked.at is None:
        guessed = queries.guess_of(facts.coop_id, sheet, setting.header)
        setting = dataclasses.replace(setting, at=told_date(sheet, guessed, facts.file_name, today=today))
    is_again = "again" in request.POST
    posted = request.POST if request.method == "POST" and not is_again else None
    form = ColumnsForm(posted, found=found, sheet=sheet, setting=setting, chosen=chosen)
    if posted is not None and form.is_valid():
        try:
            actions.choose_columns(
                actor=request.actor,
                now=clock.now(),
                coop_id=facts.coop_id,
                import_id=import_id,
                choices=form.choices(chosen),
                heads=form.remembered(),
            )
        except Refused as refusal:
            where = {"register.import_at": "at", "register.import_amount": "amount"}.get(refusal.code)
            form.add_error(where, refusal.message)
        else:
            return _go(request, "import", import_id)
    context = {
        "form": form,
        "facts": facts,
        "rows": sum(1 for row in sheet.rows if row.line > setting.header),
        "guessed": len(setting.columns),
        "asks_shares": Field.SHARES in setting.columns.values(),
        **_steps(request.coop.slug, 2, facts),
    }
    return render(request, "register/import/columns.html", context)


def _asked_again(request: Request, chosen: queries.Choices) -> queries.Choices:
    """Return the choices with another sheet or header line, where the reader asks to have it read again."""
    if request.method != "POST":
        return chosen
    sheet = request.POST.get("sheet") or chosen.sheet
    header = request.POST.get("header", "")
    line = int(header) if header.isdecimal() and len(header) < 8 else None
    if "again" in request.POST:
        # Another sheet has its header elsewhere.
        is_other = sheet != (request.POST.get("was") or chosen.sheet)
        return queries.Choices(sheet=sheet, header=None if is_other else line, answers=chosen.answers)
    return dataclasses.replace(chosen, sheet=sheet, header=line, columns=None)


def _governing(request: Request) -> dict[str, Any]:
    """Tell whether nobody but the reader governs, and whether they may write down who else does."""
    today = clock.civil_date(clock.now())
    held = coops.office_holders(request.coop.id, today)
    others = {one.party_id for one in held if one.body_kind in GOVERNING} - request.actor.parties
    return {
        "is_alone": not others,
        "may_appoint": coop_policies.may_do(request.actor, request.coop.id, Power.MANAGE_MANDATES, today),
    }


def _form(request: Request) -> dict[str, Any]:
    """Tell whether nobody wrote down the legal form yet, and whether the reader may."""
    today = clock.civil_date(clock.now())
    return {
        "has_no_form": coops.stage(request.coop.id, today) is Stage.INITIATIVE,
        "may_settle": coop_policies.may_do(request.actor, request.coop.id, Power.MANAGE_SETTINGS, today),
    }


@require_GET
def look(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Show what would be booked and what is doubtful; or how far the booking is; or what was booked."""
    facts = _facts(request, import_id)
    if facts.state is ImportState.DROPPED:
        raise Http404
    if facts.state is ImportState.BOOKING:
        page = render(request, "register/import/booking.html", {"facts": facts, **_steps(request.coop.slug, 4)})
        page["Refresh"] = str(LOOKS_AGAIN)
        return page
    if facts.state is ImportState.BOOKED:
        context = {
            "facts": facts,
            "booked": facts.booked,
            "paid": Decimal(facts.booked["paid"]),
            "booked_at": dt.date.fromisoformat(facts.booked["at"]),
            **_governing(request),
            **_form(request),
            **_steps(request.coop.slug, 5),
        }
        return render(request, "register/import/booked.html", context)
    if not facts.is_chosen:
        return _go(request, "import-columns", import_id)
    today = clock.civil_date(clock.now())
    sheet, setting, plan = queries.import_plan(facts, today=today)
    counts = Counter(doubt.code for doubt in plan.doubts)
    context = {
        "facts": facts,
        "plan": plan,
        "sums": plan.sums,
        "classes": [(code, plan.sums.shares[code], plan.sums.paid[code]) for code in plan.sums.shares],
        "setting": setting,
        "difference": _difference(plan),
        "is_history": setting.shape is Shape.HISTORY,
        "has_shares": setting.has_shares,
        "problems": [sentence(PROBLEMS[code]) for code in plan.problems],
        "doubts": [_shown(doubt, sheet, setting) for doubt in plan.doubts[:DOUBTS_SHOWN]],
        "lines": len({doubt.line for doubt in plan.doubts}),
        "more": max(0, len(plan.doubts) - DOUBTS_SHOWN),
        "many": _answers_for_many(plan, counts),
        "answered": [(code, _answer_label(code, told)) for code, told in setting.answers.items()],
        "mended": [
            {"line": line, "label": row_label(sheet, setting, line)}
            for line, mend in sorted(setting.mends.items())
            if not mend.skip
        ][:DOUBTS_SHOWN],
        "skipped": [
            {"line": line, "label": row_label(sheet, setting, line), "reason": reason}
            for line, reason in sorted(plan.skipped.items())
        ][:DOUBTS_SHOWN],
        "notes": [
            (str(NOTES[code]), 0 if code.startswith("all_") else count)
            for code, count in sorted(plan.notes.items())
            if code in NOTES
        ],
        "members": [_member(member, setting.country) for member in plan.members[:MEMBERS_SHOWN]],
        "new_classes": _new_classes(plan, setting),
        "rights": rights(**queries.usual_rights(facts.coop_id, setting.at)),
        "reason": sentence(facts.reason, facts.reason_facts) if facts.reason else "",
        "verdict": _bookable(request, plan),
        "book_label": _book_label(plan),
        **_steps(request.coop.slug, 3, facts),
    }
    return render(request, "register/import/look.html", context)


def _difference(plan: Plan) -> dict[str, Any] | None:
    """Return what the file's own total row says more than what would be booked; None where they agree."""
    sums = plan.sums
    if sums.is_agreed:
        return None
    return {
        "shares": None if sums.file_shares is None else sums.file_shares - sums.all_shares,
        "paid": None if sums.file_paid is None else sums.file_paid - sums.all_paid,
    }


def _book_label(plan: Plan, *, question: bool = False) -> str:
    count = plan.sums.members
    if question:
        label = ngettext("Book %(count)s member?", "Book %(count)s members?", count)
    else:
        label = ngettext("Book %(count)s member", "Book %(count)s members", count)
    return label % {"count": formats.number(count, get_language() or "en")}


def _member(member: MemberPlan, here: str) -> dict[str, Any]:
    parts = dataclasses.asdict(member.address)
    # Of their own country nobody has to be told, as everywhere on screen.
    parts["country"] = "" if parts["country"] == here else parts["country"]
    return {
        "name": member.name,
        "number": member.number,
        "domicile": domicile_text(parts) if not member.address.is_empty else "–",
        "shares": sum(move.quantity for move in member.moves),
        "admitted_on": member.admitted_on,
    }


def _bookable(request: Request, plan: Plan) -> Verdict:
    if plan.problems:
        return refuse(PROBLEMS[plan.problems[0]])
    if plan.doubts:
        return refuse("register.import_doubtful", doubtful=len(plan.doubts))
    if not plan.members:
        return refuse("register.import_nobody")
    today = clock.civil_date(clock.now())
    return policies.may_import_register(request.actor, request.coop.id, today)


def _new_classes(plan: Plan, setting: Setting) -> list[tuple[str, Any]]:
    return [(code, price) for code, price in plan.prices.items() if code not in setting.prices]


def _shown(doubt: Doubt, sheet: Sheet, setting: Setting) -> dict[str, Any]:
    """Return what the page needs of a doubt: its sentence, a field to mend it, and the answers that can be given."""
    values = row_values(sheet, setting, doubt.line)
    return {
        "line": doubt.line,
        "code": doubt.code,
        "label": row_label(sheet, setting, doubt.line),
        "sentence": doubt_sentence(doubt),
        "field": doubt.field,
        "field_label": key_name(doubt.field),
        "value": values.get(doubt.field, ""),
        "suggestion": doubt.suggestion,
        "answers": [(answer, _answer_label(doubt.code, answer)) for answer in doubt.answers],
        "other": doubt.facts.get("other"),
    }


def _answer_label(code: str, answer: str) -> str:
    return str(ANSWERS.get((code, answer)) or ANSWERS["", answer])


def _answers_for_many(plan: Plan, counts: Counter[str]) -> list[dict[str, Any]]:
    """Return the answers that can be given at once where a doubt comes back in several rows."""
    found: list[dict[str, Any]] = []
    answers = {doubt.code: doubt.answers for doubt in plan.doubts if doubt.answers}
    for code, possible in answers.items():
        if counts[code] > 2:
            for answer in possible:
                label = ngettext(
                    "%(answer)s: for %(count)s row", "%(answer)s: for all %(count)s rows", counts[code]
                ) % {"answer": _answer_label(code, answer), "count": counts[code]}
                found.append({"code": code, "answer": answer, "label": label})
    return found


@require_POST
def answer(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Give one answer to every doubt of a kind, or take it back."""
    facts = _facts(request, import_id)
    try:
        actions.answer_doubts(
            actor=request.actor,
            now=clock.now(),
            coop_id=facts.coop_id,
            import_id=import_id,
            code=request.POST.get("code", "")[:40],
            answer=request.POST.get("answer", "")[:20],
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    return _go(request, "import", import_id, "doubtful")


@require_http_methods(["GET", "POST"])
def row(request: Request, import_id: uuid.UUID, line: int) -> HttpResponse:
    """Mend one row: its values, an answer, or leave it out with a reason."""
    facts = _facts(request, import_id)
    if facts.state is not ImportState.OPEN or not facts.is_chosen:
        return _go(request, "import", import_id)
    today = clock.civil_date(clock.now())
    sheet, setting, plan = queries.import_plan(facts, today=today)
    values = row_values(sheet, setting, line)
    if not values:
        raise Http404
    what = request.POST.get("do", "")
    row_form = RowForm(request.POST if what == "row" else None, values=values)
    skip_form = SkipForm(request.POST if what == "skip" else None)
    if request.method == "POST":
        told = _mend(request, what, values, row_form, skip_form)
        if told is not None:
            try:
                actions.mend_row(
                    actor=request.actor, now=clock.now(), coop_id=facts.coop_id, import_id=import_id, line=line, **told
                )
            except Refused as refusal:
                messages.error(request, refusal.message)
            return _go(request, "import", import_id, "doubtful")
    context = {
        "facts": facts,
        "line": line,
        "label": row_label(sheet, setting, line),
        "row_form": row_form,
        "skip_form": skip_form,
        "is_skipped": line in plan.skipped,
        "doubts": [_shown(doubt, sheet, setting) for doubt in plan.doubts if doubt.line == line],
        **_steps(request.coop.slug, 3, facts),
    }
    return render(request, "register/import/row.html", context)


def _mend(
    request: Request, what: str, values: dict[str, str], row_form: RowForm, skip_form: SkipForm
) -> dict[str, Any] | None:
    """Return what the reader says about a row, for the action; None where there is something to put right first."""
    if what == "row" and row_form.is_valid():
        return {"values": row_form.changed_values(values)}
    if what == "skip" and skip_form.is_valid():
        return {"skip": skip_form.cleaned_data["reason"]}
    if what == "back":
        return {"skip": ""}
    if what == "value" and read_key(field := request.POST.get("field", "")):
        return {"values": {field: request.POST.get("value", "")}}
    if what.startswith("answer:"):
        return {"answers": {request.POST.get("code", "")[:40]: what.removeprefix("answer:")[:20]}}
    return None


@require_http_methods(["GET", "POST"])
def book(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then book: at once, or by a worker where that takes longer."""
    facts = _facts(request, import_id)
    if facts.state is not ImportState.OPEN or not facts.is_chosen:
        return _go(request, "import", import_id)
    now = clock.now()
    _sheet, setting, plan = queries.import_plan(facts, today=clock.civil_date(now))
    verdict = _bookable(request, plan)
    if not verdict:
        messages.error(request, verdict.reason)
        return _go(request, "import", import_id)
    if request.method == "POST":
        try:
            if len(plan.members) > AT_ONCE:
                actions.begin_import(actor=request.actor, now=now, coop_id=facts.coop_id, import_id=import_id)
            else:
                actions.import_register(
                    actor=request.actor,
                    now=now,
                    coop_id=facts.coop_id,
                    at=setting.at,
                    members=plan.members,
                    prices=plan.prices,
                    first_dates=plan.first_dates,
                    skipped=plan.skipped,
                    reference=facts.file_name,
                    import_id=import_id,
                )
        except Refused as refusal:
            messages.error(request, refusal.message)
        return _go(request, "import", import_id)
    context = {
        "facts": facts,
        "plan": plan,
        "sums": plan.sums,
        "setting": setting,
        "has_shares": setting.has_shares,
        "book_label": _book_label(plan),
        "question": _book_label(plan, question=True),
    }
    return render(request, "register/import/book.html", context)


@require_POST
def drop(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Drop a spreadsheet that isn't booked."""
    facts = _facts(request, import_id)
    try:
        actions.drop_import(actor=request.actor, now=clock.now(), coop_id=facts.coop_id, import_id=import_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _go(request, "import", import_id)
    messages.success(request, _("%(file)s is gone. Nothing of it was booked.") % {"file": facts.file_name})
    return redirect("register:import-start", slug=request.coop.slug)
