"""The bank inbox: the lines that wait, one at hand with what it may be for; accepting, and taking back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopcalc.matching import Proposal
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui import formats

from .. import actions, queries
from ..queries import ClaimFacts, EntryFacts, MatchFacts, ProposalFacts, QuestionFacts
from ..states import MatchKind
from .asking import asked_shown, queue_word
from .desk import (
    Desk,
    Names,
    ReasonShown,
    after,
    done_shown,
    kind,
    line_shown,
    match_title,
    reasons_shown,
    searched,
    some_id,
    wait_count,
    who,
)

AT_ONCE = 200
"""How many certain lines are shown, and accepted, in one go."""
MOST_KEYS = 9
LAST = 50


@dataclasses.dataclass(frozen=True, slots=True)
class QueueShown:
    """A line in the queue, with its likeliest request."""

    who: str
    on: dt.date
    left: Decimal
    match: str
    mood: str
    icon: str
    url: str
    is_current: bool
    key: str


@dataclasses.dataclass(frozen=True, slots=True)
class PartShown:
    """One of several requests that add up to a line."""

    title: str
    amount: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class ProposalShown:
    """A request that the line at hand may be for."""

    number: int
    key: str
    title: str
    kind: str
    url: str
    claim_id: uuid.UUID
    open: Decimal
    amount: Decimal
    due_on: dt.date | None
    after: str
    score: int
    reasons: Sequence[ReasonShown]
    together: Sequence[PartShown]
    split_url: str
    act: str
    can_accept: bool
    detail: int | None = None
    payer: str = ""

    @property
    def is_first(self) -> bool:
        """Tell whether it is the likeliest."""
        return self.number == 1

    @property
    def amount_value(self) -> str:
        """Return the amount as a form sends it."""
        return str(self.amount)


@dataclasses.dataclass(frozen=True, slots=True)
class PairShown:
    """Another line of the bank that belongs to the one at hand: what came back, or the other side of it."""

    entry_id: uuid.UUID
    what: str
    text: str
    act: str
    key: str


@require_GET
def inbox(request: Request) -> HttpResponse:
    """Show the lines of the bank that wait, and one of them with what it may be for."""
    desk = Desk(request)
    q = searched(request)
    window = queries.inbox_window(desk.coop_id, some_id(request.GET.get("line", "")), q=q)
    waiting, _total, _latest = queries.waiting(desk.coop_id)
    entry = window.entry
    certain = queries.count_certain(desk.coop_id) if waiting and desk.keep else 0
    context: dict[str, Any] = {
        "title": wait_count(waiting) if waiting else _("Bank"),
        "tabs": desk.tabs("bank", {"bank": waiting}),
        "may_keep": bool(desk.keep),
        "has_accounts": bool(desk.accounts),
        "has_entries": bool(waiting) or queries.has_entries(desk.coop_id),
        "certain": certain,
        "q": q,
        "here": desk.url("inbox"),
        "search_url": desk.url("inbox"),
        "booked_url": desk.url("booked", query={"q": q}),
        "suspense_url": desk.url("suspense"),
        "done": done_shown(desk, request.GET.get("done", "")),
    }
    if entry is not None:
        context |= _at_hand(desk, window, entry, q)
    return render(request, "payments/inbox.html", context)


def _at_hand(desk: Desk, window: queries.Window, entry: EntryFacts, q: str) -> dict[str, Any]:
    book = queries.book(desk.coop_id)
    found = {one.id: book.propose(one.payment) for one in window.entries}
    of_details = {
        one.number: book.propose(one.payment) for one in entry.details[:AT_ONCE] if entry.open == entry.amount
    }
    wanted = [proposals[0] for proposals in found.values() if proposals]
    wanted += [*found[entry.id], *(proposals[0] for proposals in of_details.values() if proposals)]
    told = {(one.claim.id, one.amount): one for one in queries.told(desk.coop_id, wanted)}
    questions = queries.questions_of(desk.coop_id, [one.id for one in window.entries])
    claims = {one.id: one for facts in told.values() for one in _claims(facts)}
    claims |= {one.claim.id: one.claim for one in questions.values()}
    names = desk.names(claims.values())
    first = _facts(found[entry.id][0], told) if found[entry.id] else None
    proposals = _proposals(desk, entry, found[entry.id], told, names, q)
    return {
        "line": line_shown(entry, desk),
        "urls": _urls(desk, entry, q),
        "proposals": proposals,
        "asked": asked_shown(desk, entry, questions.get(entry.id), first, names),
        "payments": _payments(desk, entry, of_details, told, names),
        "pairs": _pairs(desk, entry, len(proposals)),
        "queue": _queue(desk, window, found, told, names, questions, q),
        "newer": desk.inbox(window.newer, q=q) if window.newer else "",
        "older": desk.inbox(window.older, q=q) if window.older else "",
        "newer_key": "k arrowup" if window.at == 0 else "",
        "older_key": "j arrowdown" if window.at == len(window.entries) - 1 else "",
    }


def _claims(facts: ProposalFacts) -> Iterable[ClaimFacts]:
    yield facts.claim
    yield from (claim for claim, _amount in facts.together)


Told = Mapping[tuple[uuid.UUID, Decimal], ProposalFacts]


def _facts(one: Proposal, told: Told) -> ProposalFacts | None:
    return told.get((uuid.UUID(one.claim), one.amount))


def _urls(desk: Desk, entry: EntryFacts, q: str) -> dict[str, str]:
    query = {"q": q}
    urls = {
        name: desk.url(page, query=query, entry_id=entry.id)
        for name, page in (("accept", "accept"), ("other", "other"), ("split", "split"), ("account", "to-account"))
    }
    urls["pair"] = desk.url("pair", entry_id=entry.id)
    urls["entry"] = desk.url("entry", entry_id=entry.id)
    urls["refund"] = desk.url("refund", query=query, entry_id=entry.id) if entry.open > 0 else ""
    return urls


def _proposals(
    desk: Desk, entry: EntryFacts, proposals: Sequence[Proposal], told: Told, names: Names, q: str
) -> list[ProposalShown]:
    shown: list[ProposalShown] = []
    for one in proposals:
        facts = _facts(one, told)
        if facts is not None:
            number = len(shown) + 1
            shown.append(_proposal(desk, entry, facts, names, number, q))
    return shown


def _proposal(
    desk: Desk, entry: EntryFacts, facts: ProposalFacts, names: Names, number: int, q: str, detail: int | None = None
) -> ProposalShown:
    claim = facts.claim
    together = [PartShown(names.of(one), amount) for one, amount in facts.together]
    split_url = ""
    if together:
        split_url = (
            desk.url("split", entry_id=entry.id)
            + "?"
            + "&".join([f"claim={one.id}" for one, _amount in facts.together] + ([f"q={q}"] if q else []))
        )
        act = ngettext("Split over %(count)s request…", "Split over %(count)s requests…", len(together)) % {
            "count": len(together)
        }
    elif facts.amount < abs(entry.open) and detail is None:
        act = _("Book %(amount)s of it") % {"amount": desk.money(facts.amount)}
    else:
        act = _("Book it for %(name)s") % {"name": names.of(claim)}
    return ProposalShown(
        number=number,
        key=("enter 1" if number == 1 else str(number)) if number <= MOST_KEYS else "",
        title=names.of(claim),
        kind=kind(claim),
        url=desk.claim_url(claim),
        claim_id=claim.id,
        open=claim.open,
        amount=facts.amount,
        due_on=claim.due_on,
        after=_("paid in full") if together else after(desk, claim, facts.amount),
        score=facts.score,
        reasons=reasons_shown(facts.reasons, desk.language),
        together=together,
        split_url=split_url,
        act=act,
        can_accept=facts.amount > 0,
        detail=detail,
    )


def _payments(
    desk: Desk, entry: EntryFacts, found: Mapping[int, Sequence[Proposal]], told: Told, names: Names
) -> list[dict[str, Any]]:
    """Return the payments within a line that the bank booked as one, each with its likeliest request."""
    shown = []
    for one in entry.details if found else ():
        facts = _facts(found[one.number][0], told) if found.get(one.number) else None
        proposal = None if facts is None else _proposal(desk, entry, facts, names, MOST_KEYS + 1, "", one.number)
        shown.append({"who": who(one.name), "amount": one.amount, "text": one.text, "proposal": proposal})
    return shown


def _pairs(desk: Desk, entry: EntryFacts, keys: int) -> list[PairShown]:
    """Return lines that this one may bring back, or be the other side of."""
    if entry.open != entry.amount:
        return []
    found: list[PairShown] = []
    own = {one.iban for one in desk.accounts.values()}

    def key() -> str:
        number = keys + len(found) + 1
        return ("enter 1" if number == 1 else str(number)) if number <= MOST_KEYS else ""

    if entry.return_code or entry.is_reversal or entry.end_to_end:
        for one in queries.returned_by(desk.coop_id, entry, limit=2):
            text = _("It brings back the payment of %(amount)s of %(on)s, with %(who)s.")
            facts = _pair_facts(desk, one)
            found.append(PairShown(one.id, "return", text % facts, _("Note that it came back"), key()))
    if entry.iban in own or len(own) > 1:
        for one in queries.other_side_of(desk.coop_id, entry, limit=2):
            text = _("%(amount)s stands on %(on)s at our other account %(account)s: the other side of this line.")
            found.append(PairShown(one.id, "internal", text % _pair_facts(desk, one), _("Between our accounts"), key()))
    return found


def _pair_facts(desk: Desk, entry: EntryFacts) -> dict[str, str]:
    own = desk.accounts.get(entry.account_id)
    return {
        "amount": desk.money(entry.amount),
        "on": formats.date_long(entry.booked, desk.language),
        "who": who(entry.name),
        "account": own.iban if own is not None else "",
    }


def _queue(
    desk: Desk,
    window: queries.Window,
    found: Mapping[uuid.UUID, Sequence[Proposal]],
    told: Told,
    names: Names,
    questions: Mapping[uuid.UUID, QuestionFacts],
    q: str,
) -> list[QueueShown]:
    shown = []
    for at, entry in enumerate(window.entries):
        proposals = found[entry.id]
        facts = _facts(proposals[0], told) if proposals else None
        mood, icon, match = "none", "close", _("no proposal")
        if facts is not None:
            mood, icon = ("sure", "check") if proposals[0].is_certain else ("maybe", "why")
            match = names.of(facts.claim)
        elif entry.details:
            mood, icon = "maybe", "why"
            match = ngettext("%(count)s payment in it", "%(count)s payments in it", len(entry.details)) % {
                "count": len(entry.details)
            }
        if entry.id in questions:
            mood, icon, match = "maybe", "why", queue_word(questions[entry.id], names)
        key = {window.at + 1: "j arrowdown", window.at - 1: "k arrowup"}.get(at, "")
        shown.append(
            QueueShown(
                who=who(entry.name),
                on=entry.booked,
                left=entry.open,
                match=match,
                mood=mood,
                icon=icon,
                url=desk.inbox(entry.id, q=q),
                is_current=at == window.at,
                key=key,
            )
        )
    return shown


def _amount(text: str) -> Decimal | None:
    """Read the amount that a page sent back; nothing for one that it can't have sent."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@require_POST
def accept(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Say that a line pays a request; then comes the next line."""
    desk = Desk(request)
    desk.keep.require()
    q = searched(request)
    desk.entry(entry_id)
    following = queries.inbox_window(desk.coop_id, entry_id, q=q).after
    claim_id = some_id(request.POST.get("claim", ""))
    detail = request.POST.get("detail", "")
    try:
        if claim_id is None:
            raise Refused("payments.claim_unknown")
        done = actions.accept(
            **desk.whose,
            entry_id=entry_id,
            claim_id=claim_id,
            amount=_amount(request.POST.get("amount", "")),
            detail=int(detail) if detail.isdecimal() and len(detail) < 7 else None,
        )
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return HttpResponseRedirect(desk.inbox(entry_id, q=q))
    # What is left of it is the next thing to explain.
    return HttpResponseRedirect(desk.inbox(entry_id if done.left_of_entry else following, done=done.match_ids[0], q=q))


@dataclasses.dataclass(frozen=True, slots=True)
class CertainShown:
    """A line that is certain."""

    entry_id: uuid.UUID
    who: str
    on: dt.date
    amount: Decimal
    title: str
    after: str
    url: str


@require_http_methods(["GET", "POST"])
def certain(request: Request) -> HttpResponse:
    """Show every line that is certain, and accept them in one go."""
    desk = Desk(request)
    desk.keep.require()
    if request.method == "POST":
        ids = [found for found in map(some_id, request.POST.getlist("line")) if found is not None][:AT_ONCE]
        ids = list(queries.entries_with(desk.coop_id, ids))
        done = actions.accept_certain(**desk.whose, entry_ids=ids, limit=AT_ONCE) if ids else []
        if done:
            said = ngettext("One line is booked.", "%(count)s lines are booked.", len(done)) % {"count": len(done)}
            messages.success(request, said)
        if len(done) < len(ids):
            messages.info(request, _("Some changed meanwhile: look at them one by one."))
        return HttpResponseRedirect(desk.url("inbox"))
    found = queries.certain(desk.coop_id, limit=AT_ONCE)
    claims = queries.claims_with(desk.coop_id, {uuid.UUID(one.proposal.claim) for one in found})
    names = desk.names(claims.values())
    lines, full, paid = [], 0, dict.fromkeys(claims, Decimal(0))
    for one in found:
        claim = claims[uuid.UUID(one.proposal.claim)]
        detail = one.entry.details[one.detail - 1] if one.detail else None
        amount = detail.amount if detail else one.entry.open
        paid[claim.id] += abs(amount)
        full += paid[claim.id] == claim.open
        lines.append(
            CertainShown(
                entry_id=one.entry.id,
                who=who(detail.name if detail else one.entry.name),
                on=one.entry.booked,
                amount=amount,
                title=f"{names.of(claim)} · {kind(claim)}",
                after=after(desk, claim, paid[claim.id]),
                url=desk.url("entry", entry_id=one.entry.id),
            )
        )
    amounts = [one.amount for one in lines]
    context = {
        "title": ngettext("One line is certain", "%(count)s lines are certain", len(lines)) % {"count": len(lines)}
        if lines
        else _("No line is certain"),
        "lines": lines,
        "ids": list(dict.fromkeys(one.entry_id for one in lines)),
        "more": max(queries.count_certain(desk.coop_id) - len({one.entry_id for one in lines}), 0)
        if len(lines) >= AT_ONCE
        else 0,
        "total": sum(amounts, Decimal(0)),
        "total_in": sum((one for one in amounts if one > 0), Decimal(0)),
        "total_out": sum((one for one in amounts if one < 0), Decimal(0)),
        "full": full,
        "short": len(lines) - full,
    }
    return render(request, "payments/certain.html", context)


@require_http_methods(["GET", "POST"])
def undo(request: Request, match_id: uuid.UUID) -> HttpResponse:
    """Ask before what was said of a line is taken back, and take it back."""
    desk = Desk(request)
    desk.keep.require()
    facts = queries.match_facts(desk.coop_id, match_id)
    if facts is None:
        raise Http404
    if request.method == "POST":
        try:
            undone = actions.undo_match(**desk.whose, match_id=match_id)
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return HttpResponseRedirect(desk.url("entry", entry_id=facts.entry_id))
        said = _("Undone: the line waits again, and its posting is reversed.")
        if undone.moved:
            said = _(
                "Undone: the line waits again. The books were closed for its day, so the posting is reversed on %(on)s."
            ) % {"on": formats.date_long(undone.on, desk.language)}
        messages.success(request, said)
        return HttpResponseRedirect(desk.inbox(facts.entry_id))
    return _undo_page(desk, facts)


@require_GET
def undo_last(request: Request) -> HttpResponse:
    """Ask before the last thing that somebody said of a line themselves is taken back."""
    desk = Desk(request)
    desk.keep.require()
    own = (
        one
        for one in queries.latest_matches(desk.coop_id, limit=LAST)
        if one.stands and one.author_id in desk.actor.parties
    )
    found = next(own, None)
    if found is None:
        messages.info(request, _("There is nothing of yours to undo just now."))
        return HttpResponseRedirect(desk.url("inbox"))
    return _undo_page(desk, found)


def _undo_page(desk: Desk, facts: MatchFacts) -> HttpResponse:
    entry = desk.entry(facts.entry_id)
    claims = queries.claims_with(desk.coop_id, [facts.claim_id]) if facts.claim_id else {}
    author = people.particulars([facts.author_id], desk.today) if facts.author_id else {}
    context = {
        "title": _("Undo this booking?"),
        "act": _("Undo it"),
        "back": desk.url("entry", entry_id=entry.id),
        "post_url": desk.url("undo", match_id=facts.id),
        "match": {
            "who": who(entry.name),
            "title": match_title(desk, facts, claims, desk.names(claims.values())),
            "amount": facts.amount,
            "at": facts.at,
            "by": author[facts.author_id].spoken if facts.author_id in author else "",
        },
        "effects": list(_effects(desk, facts, claims.get(facts.claim_id) if facts.claim_id else None)),
    }
    return render(desk.request, "payments/undo.html", context)


def _effects(desk: Desk, match: MatchFacts, claim: ClaimFacts | None) -> Iterable[str]:
    amount = desk.money(abs(match.amount))
    yield _("%(amount)s of the line waits again to be explained.") % {"amount": amount}
    yield _("Its posting in the books is reversed by another one; both stay to be read.")
    if match.kind is MatchKind.CLAIM and claim is not None:
        yield _("Of the request %(amount)s is open again.") % {"amount": amount}
        if claim.kind == "capital":
            yield _("In the register the payment is taken back too.")
    elif match.kind is MatchKind.REFUND:
        yield _("It leaves the list of payments to make.")
    elif match.kind in (MatchKind.INTERNAL, MatchKind.RETURN):
        yield _("The other line that belongs to it waits again too.")
