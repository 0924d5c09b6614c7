"""Reading the register: as of a date, member by member, and as a table to take along."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from coopwerf.kernel import clock
from coopwerf.kernel.web import Request

from .. import policies, queries
from ..states import MOVEMENT_NAMES, MovementKind
from .forms import RegisterFilters

AT_ONCE = 50


@require_GET
def register(request: Request) -> HttpResponse:
    """Show the register as of a date, fifty members at a time."""
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_register(request.actor, coop_id, today).require()
    codes = [terms.code for terms in queries.all_terms(coop_id, today)]
    form = RegisterFilters(request.GET or None, initial={"on": today}, codes=codes)
    asked = form.asked(today)
    after = _whole(request.GET.get("after", ""))
    lines = list(queries.lines_page(coop_id, **dataclasses.asdict(asked), after=after, limit=AT_ONCE + 1))
    more = len(lines) > AT_ONCE
    lines = lines[:AT_ONCE]
    shown = {
        "on": asked.at.isoformat(),
        "text": asked.text,
        "share_class": asked.share_class,
        "state": asked.state,
    }
    context = {
        "form": form,
        "bring": policies.may_import_register(request.actor, coop_id, today),
        "keep": policies.may_keep_register(request.actor, coop_id, today),
        "at": asked.at,
        "is_today": asked.at == today,
        "lines": lines,
        "has_shares": bool(codes),
        "totals": queries.totals(coop_id, asked.at),
        "first_after": after,
        "more": f"?{urlencode({**shown, 'after': str(lines[-1].number)})}" if more else "",
        "extract_url": f"{reverse('register:extract', kwargs={'slug': request.coop.slug})}?on={asked.at.isoformat()}",
    }
    return render(request, "register/register.html", context)


def _whole(text: str) -> int:
    return min(int(text), 2**31 - 1) if text.isdecimal() and len(text) < 12 else 0


@require_GET
def member(request: Request, number: int) -> HttpResponse:
    """Show one member: what they hold, and every movement that led there."""
    today = clock.civil_date(clock.now())
    coop_id = request.coop.id
    policies.may_see_register(request.actor, coop_id, today).require()
    facts = queries.member_by_number(coop_id, number)
    if facts is None:
        raise Http404
    party = facts.party_id
    line = queries.holdings_of(coop_id, facts.id, today, party_id=party) or queries.holdings_of(
        coop_id, facts.id, dt.date.max, party_id=party
    )
    if line is None:
        raise Http404
    return render(request, "register/member.html", {"line": line, "moves": _moves(coop_id, facts.id), "today": today})


def _moves(coop_id: uuid.UUID, member_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {
            "on": movement.on,
            "kind": MOVEMENT_NAMES[MovementKind(movement.kind)],
            "is_correction": movement.kind == MovementKind.CORRECTION,
            "share_class": movement.share_class.code,
            "quantity": movement.quantity,
            "paid": movement.paid,
            "after": after,
            "decision": movement.decision,
            "position": movement.position,
        }
        for movement, after in queries.history_of(coop_id, member_id)
    ]
