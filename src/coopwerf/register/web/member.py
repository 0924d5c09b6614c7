"""One member: what they hold as of a date, and where every number comes from."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from coopwerf.documents import queries as documents
from coopwerf.kernel import chain
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars
from coopwerf.ui.fields import DateField

from .. import policies, queries
from ..models import Movement, Standing
from ..queries import Line
from ..states import DECIDERS, ENDING_NAMES, MOVEMENT_NAMES, Ending, MovementKind, StandingEvent
from .desk import Desk
from .known import LATEST, KnownField, known_position
from .particulars_forms import CHANGES
from .record import offers


class MemberFilters(forms.Form):
    """Ask as of which date, and as known at which position."""

    on = DateField(label=gettext_lazy("As of"), required=False, min_date=policies.FIRST_DAY, max_date=LATEST)
    known = KnownField(label=gettext_lazy("Known at (position or date)"), required=False, max_length=20)


@require_GET
def member(request: Request, number: int) -> HttpResponse:
    """Show one member as of a date and as known at a position, and every movement that led there."""
    desk = Desk(request)
    desk.see.require()
    facts = queries.member_by_number(desk.coop_id, number)
    if facts is None:
        raise Http404
    filters = MemberFilters(request.GET if "on" in request.GET or "known" in request.GET else None)
    # What can't be read is said beside its field; the rest still counts.
    filters.full_clean()
    asked: dict[str, Any] = filters.cleaned_data if filters.is_bound else {}
    at: dt.date = asked.get("on") or desk.today
    known = known_position(desk, asked.get("known"))
    if not filters.is_bound:
        filters = MemberFilters(initial={"on": at})
    party = facts.party_id
    line = queries.holdings_of(desk.coop_id, facts.id, at, known, party_id=party)
    history = queries.history_of(desk.coop_id, facts.id, known)
    standings = queries.standing_history(desk.coop_id, facts.id, known)
    latest = line or queries.holdings_of(desk.coop_id, facts.id, dt.date.max, party_id=party)
    names = people.particulars(_authors(history, standings), desk.today)
    certificates = queries.certificates_of(desk.coop_id, facts.id)
    asked_for = [one.document_id for one in certificates]
    papers = documents.documents_with(desk.coop_id, asked_for) if asked_for else {}
    moves = [_move(movement, after, names, known) for movement, after in history if movement.on <= at]
    context = {
        "filters": filters,
        "at": at,
        "is_today": at == desk.today and known is None,
        "known": known,
        "begins": queries.begins_after(desk.coop_id, at, known) if at < desk.today else None,
        "known_head": "" if known is None else chain.head_at(desk.coop_id, known),
        "line": line,
        "since_on": None if line is None else line.admitted_on,
        "until_on": None if line is None else line.ended_on,
        "number": number,
        "name": (latest.spoken if latest is not None else "") or _("(erased)"),
        "communication": _grouped(queries.communication_of(desk.coop_id, facts.id)),
        "holdings": [] if line is None else _holdings(line, history, at),
        "moves": moves,
        "later": len(history) - len(moves),
        "standings": [_standing(row, names, known) for row in standings],
        "names": _names(queries.names_of(desk.coop_id, party, known)),
        "changes": _changes(desk, number) if latest is not None and latest.name and known is None else [],
        "certificates": [(one, papers[one.document_id]) for one in certificates if papers[one.document_id].is_ready],
        "keep": desk.keep,
        "kinds": [] if latest is None or known is not None else list(offers(desk, latest)),
        "words": desk.words,
        "has_shares": bool(desk.terms),
    }
    return render(request, "register/member.html", context)


def _authors(history: Sequence[tuple[Movement, int]], standings: Sequence[Standing]) -> set[uuid.UUID]:
    rows: Iterable[Movement | Standing] = [*(row for row, _after in history), *standings]
    return {row.author_id for row in rows if row.author_id is not None}


def _names(rows: Sequence[queries.NameFrom]) -> list[tuple[queries.NameFrom, bool]]:
    """Return each row with whether it counts: of those from one date the last written one."""
    last: dict[dt.date, int] = {}
    for row in rows:
        last.setdefault(row.valid_from, row.position)
    return [(row, last[row.valid_from] == row.position) for row in rows]


def _changes(desk: Desk, number: int) -> list[tuple[str, str]]:
    """Return what can be recorded about who a member is, as label and address."""
    slug = desk.coop.slug
    return [
        (str(form.title), reverse("register:change", kwargs={"slug": slug, "number": number, "what": code}))
        for code, form in CHANGES.items()
    ]


def _grouped(digits: str) -> str:
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" if len(digits) == 12 else digits


@dataclasses.dataclass(frozen=True, slots=True)
class HoldingShown:
    """A lot with the movements it was added up from."""

    lot: queries.Holding
    movements: int
    last_on: dt.date | None
    is_paid_up: bool


def _holdings(line: Line, history: Sequence[tuple[Movement, int]], at: dt.date) -> list[HoldingShown]:
    shown = []
    for lot in line.holdings:
        parts = [
            row
            for row, _after in history
            if row.on <= at and row.share_class.code == lot.share_class and row.amount_per_share == lot.amount_per_share
        ]
        last = max((row.on for row in parts), default=None)
        shown.append(HoldingShown(lot, len(parts), last, lot.paid == lot.shares * lot.amount_per_share))
    return shown


def _by(author_id: uuid.UUID | None, names: dict[uuid.UUID, Particulars]) -> str:
    if author_id is None:
        return _("the installation")
    return names[author_id].spoken or _("(erased)")


def _decided(row: Movement | Standing) -> dict[str, Any] | None:
    if row.decision is None:
        return None
    return {
        "by": DECIDERS.get(row.decision.body, row.decision.body),
        "on": row.decision.decided_on,
        "reference": row.decision.reference,
    }


def _counts(other: Any, known: int | None) -> Any:
    """Return a row that refers to this one, unless it was written after what is known here."""
    return other if other is not None and (known is None or other.position <= known) else None


def _move(movement: Movement, after: int, names: dict[uuid.UUID, Particulars], known: int | None) -> dict[str, Any]:
    corrected_by = _counts(getattr(movement, "corrected_by", None), known)
    return {
        "id": movement.id,
        "row": f"p{movement.position}",
        "on": movement.on,
        "kind": MOVEMENT_NAMES[MovementKind(movement.kind)],
        "share_class": movement.share_class.code,
        "quantity": movement.quantity,
        "amount_per_share": movement.amount_per_share,
        "paid": movement.paid,
        "value": movement.value,
        "after": after,
        "decision": _decided(movement),
        "position": movement.position,
        "by": _by(movement.author_id, names),
        "corrects": None if movement.corrects is None else movement.corrects.position,
        "corrected_by": None if corrected_by is None else corrected_by.position,
        "is_open": movement.corrects is None and corrected_by is None and movement.kind != MovementKind.SPLIT,
    }


def _standing(row: Standing, names: dict[uuid.UUID, Particulars], known: int | None) -> dict[str, Any]:
    voided_by = _counts(getattr(row, "voided_by", None), known)
    return {
        "id": row.id,
        "row": f"p{row.position}",
        "on": row.on,
        "what": _("End of the membership") if row.event == StandingEvent.ENDED else _("Admission"),
        "reason": ENDING_NAMES[Ending(row.reason)] if row.reason else "",
        "asked_on": row.asked_on,
        "paid_on": row.paid_on,
        "decision": _decided(row),
        "position": row.position,
        "by": _by(row.author_id, names),
        "corrects": None if row.voids is None else row.voids.position,
        "corrected_by": None if voided_by is None else voided_by.position,
        "is_open": row.voids is None and voided_by is None,
    }
