"""Recording what was decided: a form, a look at what will change, and only then the register."""

import contextlib
import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import chain
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request

from .. import policies, queries
from ..queries import Line
from ..states import MOVEMENT_NAMES, MovementKind, StandingEvent
from .admission_form import AdmissionForm
from .desk import Desk
from .record_forms import (
    ConversionForm,
    CorrectionForm,
    EndingForm,
    ExclusionForm,
    ExitForm,
    IssueForm,
    PaymentForm,
    RecordForm,
    SplitForm,
    StandingForm,
    TransferForm,
    put_refusal,
)

FORMS: dict[str, type[RecordForm]] = {
    form.code: form
    for form in (
        AdmissionForm,
        IssueForm,
        PaymentForm,
        TransferForm,
        ConversionForm,
        ExitForm,
        ExclusionForm,
        SplitForm,
        EndingForm,
    )
}
ZERO = Decimal("0.00")
T = TypeVar("T")


class _Undo(Exception):
    """Take back what was only tried."""


@dataclasses.dataclass(frozen=True, slots=True)
class LotChange:
    """What one lot of a member comes to: class and amount per share, shares and paid before and after."""

    share_class: str
    amount_per_share: Decimal
    shares_before: int
    shares_after: int
    paid_before: Decimal
    paid_after: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one member: name, number, lots, and how the membership begins or ends."""

    number: int
    name: str
    is_new: bool
    lots: tuple[LotChange, ...]
    ended_before: dt.date | None
    ended_after: dt.date | None
    since_before: dt.date | None
    since_after: dt.date | None


def _change(before: Line | None, after: Line | None) -> Change:
    line = after or before
    assert line is not None
    held: dict[tuple[str, Decimal], list[Any]] = {}
    for position, one in enumerate((before, after)):
        for lot in () if one is None else one.holdings:
            row = held.setdefault((lot.share_class, lot.amount_per_share), [0, 0, ZERO, ZERO])
            row[position], row[2 + position] = lot.shares, lot.paid
    return Change(
        number=line.number,
        name=line.spoken or _("(erased)"),
        is_new=before is None,
        lots=tuple(LotChange(code, amount, *row) for (code, amount), row in sorted(held.items())),
        ended_before=None if before is None else before.ended_on,
        ended_after=None if after is None else after.ended_on,
        since_before=None if before is None else before.admitted_on,
        since_after=None if after is None else after.admitted_on,
    )


def tried(act: Callable[[], T], look: Callable[[T], Any]) -> Any:
    """Do something for real, look at what came of it, and take everything back."""
    seen: list[Any] = []
    with contextlib.suppress(_Undo), transaction.atomic():
        seen.append(look(act()))
        raise _Undo
    return seen[0]


def _preview(desk: Desk, form: RecordForm) -> dict[str, Any]:
    """Return what the form would change, as the actions themselves do it; raises Refused as they do."""
    at = max(form.on, desk.today)
    if isinstance(form, SplitForm):
        return {"totals": _split_preview(desk, form, at)}
    before = [queries.holdings_of(desk.coop_id, line.member_id, at) for line in form.lines()]

    def after(next_page: Line | None) -> list[Line | None]:
        whose = form.lines() or [one for one in (next_page,) if one is not None]
        return [queries.holdings_of(desk.coop_id, line.member_id, at) for line in whose]

    later = tried(form.act, after)
    pairs = zip(before or [None] * len(later), later, strict=True)
    return {"changes": [_change(old, new) for old, new in pairs]}


def _split_preview(desk: Desk, form: RecordForm, at: dt.date) -> dict[str, Any]:
    code = form.cleaned_data["share_class"]
    terms = queries.terms(desk.coop_id, code, at)

    def lots(_done: object = None) -> tuple[int, int, list[Decimal]]:
        rows = queries.lots_of_class(desk.coop_id, terms.share_class_id, at)
        return len({row[0] for row in rows}), sum(row[2] for row in rows), sorted({row[1] for row in rows})

    holders, shares, amounts = lots()
    _holders, shares_after, amounts_after = tried(form.act, lots)
    return {
        "share_class": code,
        "holders": holders,
        "shares_before": shares,
        "shares_after": shares_after,
        "amounts": list(zip(amounts, amounts_after, strict=False)),
    }


def _handle(desk: Desk, form: RecordForm, context: dict[str, Any]) -> HttpResponse:
    """Show the form, what it would change, or book it and lead on."""
    request = desk.request
    context = {"form": form, "keep": desk.keep, "words": desk.words, "today": desk.today, **context}
    step = request.POST.get("step", "")
    if request.method == "POST":
        desk.keep.require()
    if not form.is_bound or not form.is_valid() or step == "change":
        return render(request, "register/record/form.html", context)
    try:
        if step == "record":
            return _book(desk, form)
        preview = _preview(desk, form)
    except Refused as refusal:
        if refusal.code == "kernel.changed_meanwhile":
            messages.warning(request, refusal.message)
            with contextlib.suppress(Refused):
                return _confirm(desk, form, context, _preview(desk, form))
        put_refusal(form, refusal)
        return render(request, "register/record/form.html", context)
    return _confirm(desk, form, context, preview)


def _confirm(desk: Desk, form: RecordForm, context: dict[str, Any], preview: dict[str, Any]) -> HttpResponse:
    context |= {
        **preview,
        "at": max(form.on, desk.today),
        "seen": queries.last_change(desk.coop_id),
        "is_later": form.on > desk.today,
        "told": form.cleaned_data,
    }
    return render(desk.request, "register/record/confirm.html", context)


def _book(desk: Desk, form: RecordForm) -> HttpResponse:
    """Book it, if the register is still the one that was shown: a second press, or a colleague, changes nothing."""
    with transaction.atomic():
        chain.lock(desk.coop_id)
        if desk.request.POST.get("seen") != str(queries.last_change(desk.coop_id)):
            raise Refused("kernel.changed_meanwhile")
        line = form.act()
    messages.success(desk.request, form.done())
    if line is None:
        return redirect("register:register", slug=desk.coop.slug)
    return redirect("register:member", slug=desk.coop.slug, number=line.number)


@require_GET
def kinds(request: Request) -> HttpResponse:
    """Offer every kind of fact that can be recorded."""
    desk = Desk(request)
    desk.see.require()
    return render(request, "register/record/kinds.html", {"kinds": list(offers(desk, None)), "words": desk.words})


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A kind of fact that may be recorded, or the reason why not."""

    title: str
    lead: str
    url: str
    verdict: Any


def offers(desk: Desk, line: Line | None) -> Iterator[Offer]:
    """Yield the kinds of facts that can be recorded, of one member or at all, each with its verdict."""
    # The addresses differ in their last word only.
    here = reverse("register:record", kwargs={"slug": desk.coop.slug, "kind": "kind"}).removesuffix("kind/")
    for code, form in FORMS.items():
        if line is not None and not form.is_of_member:
            continue
        # Where the statutes know no shares nobody has to open a class of them first.
        if form.needs_shares and not desk.terms and desk.needs_no_shares:
            continue
        verdict = policies.may_record(desk.keep, needs_class=form.needs_shares and not desk.terms)
        if line is not None and verdict:
            verdict = policies.fits_member(code, shares=line.shares, ended_on=line.ended_on, today=desk.today)
        url = f"{here}{code}/"
        yield Offer(str(form.title), str(form.lead), url if line is None else f"{url}?member={line.number}", verdict)


@require_http_methods(["GET", "POST"])
def record(request: Request, kind: str) -> HttpResponse:
    """Record one decided fact."""
    desk = Desk(request)
    desk.see.require()
    form_class = FORMS.get(kind)
    if form_class is None:
        raise Http404
    initial = {"member": request.GET.get("member", "")[:20]} if form_class.pickers else {}
    verdict = policies.may_record(desk.keep, needs_class=form_class.needs_shares and not desk.terms)
    if not verdict:
        return render(
            request,
            "register/record/refused.html",
            {"title": form_class.title, "lead": form_class.lead, "verdict": verdict},
        )
    form = form_class(request.POST if request.method == "POST" else None, desk=desk, initial=initial)
    back = reverse("register:register", kwargs={"slug": desk.coop.slug})
    return _handle(desk, form, {"back": back, "back_label": _("Register")})


def _line_of(desk: Desk, member_id: uuid.UUID) -> Line:
    line = queries.holdings_of(desk.coop_id, member_id, desk.today) or queries.holdings_of(
        desk.coop_id, member_id, dt.date.max
    )
    if line is None:
        raise Http404
    return line


@require_http_methods(["GET", "POST"])
def correct_movement(request: Request, movement_id: uuid.UUID) -> HttpResponse:
    """Correct a movement that was recorded wrongly."""
    desk = Desk(request)
    desk.see.require()
    movement = queries.movement(desk.coop_id, movement_id)
    if movement is None:
        raise Http404
    line = _line_of(desk, movement.member_id)
    is_payment = movement.kind == MovementKind.PAYMENT
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        desk=desk,
        line=line,
        row_id=movement.id,
        is_payment=is_payment,
        has_value=movement.kind in (MovementKind.EXIT, MovementKind.EXCLUSION, MovementKind.TRANSFER_OUT),
        initial={
            "quantity": abs(movement.quantity),
            "amount_per_share": movement.amount_per_share,
            "paid": movement.paid if is_payment else abs(movement.paid),
            "value": movement.value,
            "on": movement.on,
        },
    )
    what = {
        "what": MOVEMENT_NAMES[MovementKind(movement.kind)],
        "row": movement,
        "share_class": movement.share_class.code,
    }
    return _handle(desk, form, {**what, **_back_to(desk, line)})


@require_http_methods(["GET", "POST"])
def correct_standing(request: Request, standing_id: uuid.UUID) -> HttpResponse:
    """Correct an admission or an ending that was recorded wrongly."""
    desk = Desk(request)
    desk.see.require()
    standing = queries.standing(desk.coop_id, standing_id)
    if standing is None:
        raise Http404
    line = _line_of(desk, standing.member_id)
    is_ending = standing.event == StandingEvent.ENDED
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        desk=desk,
        line=line,
        row_id=standing.id,
        is_ending=is_ending,
        initial={"on": standing.on},
    )
    what = {"what": _("End of the membership") if is_ending else _("Admission"), "row": standing, "share_class": ""}
    return _handle(desk, form, {**what, **_back_to(desk, line)})


def _back_to(desk: Desk, line: Line) -> dict[str, str]:
    back = reverse("register:member", kwargs={"slug": desk.coop.slug, "number": line.number})
    return {"back": back, "back_label": line.spoken or _("(erased)")}
