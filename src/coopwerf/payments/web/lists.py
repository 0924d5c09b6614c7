"""Lines of the bank as lists: those that are explained, those that wait longest; and one of them with its history."""

import uuid
from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui import formats

from .. import queries
from ..queries import ClaimFacts, MatchFacts
from ..states import FAMILY_NAMES, EntryState
from .desk import Desk, Names, done_shown, line_shown, match_title, note, reasons_shown, searched, some_id, who

AT_ONCE = 50


def _after(request: Request) -> uuid.UUID | None:
    return some_id(request.GET.get("after", ""))


@require_GET
def booked(request: Request) -> HttpResponse:
    """Show the lines that are explained, the latest first."""
    desk = Desk(request)
    q = searched(request)
    found = queries.inbox_page(desk.coop_id, state=EntryState.MATCHED, q=q, after=_after(request), limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    matches = queries.matches_of_entries(desk.coop_id, [one.id for one in shown])
    claims, names = _claims(desk, matches)
    context = {
        "title": _("Booked lines"),
        "lead": _("What each line of the bank was for. Open one to see why, and to undo it.") if shown else "",
        "q": q,
        "search_url": desk.url("booked"),
        "done": done_shown(desk, request.GET.get("done", "")),
        "lines": [
            {
                "who": who(one.name),
                "on": one.booked,
                "amount": one.amount,
                "match": _for(desk, matches[one.id], claims, names),
                "url": desk.url("entry", entry_id=one.id),
            }
            for one in shown
        ],
        "more": desk.url("booked", query={"q": q, "after": shown[-1].id}) if len(found) > AT_ONCE else "",
    }
    return render(request, "payments/booked.html", context)


def _claims(desk: Desk, matches: Mapping[uuid.UUID, list[MatchFacts]]) -> tuple[Mapping[uuid.UUID, ClaimFacts], Names]:
    ids = {one.claim_id for listed in matches.values() for one in listed if one.claim_id is not None}
    claims = queries.claims_with(desk.coop_id, ids) if ids else {}
    return claims, desk.names(claims.values())


def _for(desk: Desk, matches: list[MatchFacts], claims: Mapping[uuid.UUID, ClaimFacts], names: Names) -> str:
    standing = [one for one in matches if one.stands]
    if len(standing) > 2:
        return ngettext("%(count)s part", "%(count)s parts", len(standing)) % {"count": len(standing)}
    return "; ".join(match_title(desk, one, claims, names) for one in standing)


@require_GET
def suspense(request: Request) -> HttpResponse:
    """Show what nobody has explained yet, by its age."""
    desk = Desk(request)
    told = queries.suspense(desk.coop_id, desk.today)
    found = queries.suspense_list(desk.coop_id, limit=AT_ONCE + 1, after=_after(request))
    shown = found[:AT_ONCE]
    lead = ""
    if told.oldest is not None:
        lead = _("The oldest waits since %(on)s. Together they are %(total)s, the balance of suspense.") % {
            "on": formats.date_long(told.oldest, desk.language),
            "total": desk.money(told.total),
        }
    context = {
        "title": _("What waits longest"),
        "lead": lead,
        "ages": [
            {"label": _age(one.days), "count": one.count, "amount": one.money_in + one.money_out}
            for one in told.ages
            if one.count
        ],
        "lines": [
            {
                "who": who(one.name),
                "on": one.booked,
                "days": max((desk.today - one.booked).days, 0),
                "note": note(one.reference, one.text),
                "left": one.open,
                "url": desk.inbox(one.id) if desk.keep else desk.url("entry", entry_id=one.id),
            }
            for one in shown
        ],
        "more": desk.url("suspense", query={"after": shown[-1].id}) if len(found) > AT_ONCE else "",
    }
    return render(request, "payments/suspense.html", context)


def _age(days: int | None) -> str:
    if days is None:
        return _("Longer than three months")
    return {
        7: _("Up to a week"),
        30: _("Up to a month"),
    }.get(days, _("Up to three months"))


@require_GET
def entry(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Show a line with everything that was ever said of it."""
    desk = Desk(request)
    facts = desk.entry(entry_id)
    found = queries.matches_of_entries(desk.coop_id, [entry_id])
    claims, names = _claims(desk, found)
    matches = [one for one in found[entry_id] if one.undoes is None]
    undoing = {one.undoes: one for one in found[entry_id] if one.undoes is not None}
    authors = people.particulars({one.author_id for one in found[entry_id] if one.author_id is not None}, desk.today)
    statement = queries.statement_facts(desk.coop_id, facts.statement_id)
    shown = line_shown(facts, desk)
    context = {
        "line": shown,
        "may_keep": bool(desk.keep),
        "explain_url": desk.inbox(entry_id),
        "back": desk.url("booked") if not facts.open else desk.inbox(entry_id),
        "back_label": _("Booked lines") if not facts.open else _("Bank"),
        "done": done_shown(desk, request.GET.get("done", "")),
        "matches": [
            {
                "title": match_title(desk, one, claims, names),
                "reasons": reasons_shown(one.reasons, desk.language),
                "at": one.at,
                "by": authors[one.author_id].spoken if one.author_id in authors else "",
                "amount": one.amount,
                "is_undone": not one.stands,
                "undone_at": undoing[one.id].at if one.id in undoing else None,
                "undo_url": desk.url("undo", match_id=one.id) if one.stands else "",
            }
            for one in matches
        ],
        "details": [
            {"name": who(one.name), "note": note(one.reference, one.text), "amount": one.amount}
            for one in facts.details
        ],
        "statement": statement,
        "statement_url": desk.url("statement", statement_id=facts.statement_id),
        "statement_name": statement_name(statement) if statement is not None else "",
    }
    return render(request, "payments/entry.html", context)


def statement_name(statement: queries.StatementFacts) -> str:
    """Return what a statement is called: its number or name at the bank, and the kind of file."""
    called = str(statement.number) if statement.number else statement.identification
    family = FAMILY_NAMES[statement.family]
    return f"{called} ({family})" if called else family
