"""Saying what a line was for where no proposal is right: another request, several, an account, money to give back."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coopcalc.references import format_communication
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.ledger import queries as books
from coopwerf.ui.fields import put_refusal

from .. import actions, policies, queries
from ..queries import ClaimFacts, EntryFacts, QuestionFacts
from ..states import Answer, Direction
from .asking import AskedShown, asked_shown
from .desk import Desk, kind, line_shown, searched, some_id
from .forms import INTERNAL, AccountForm, PartRow, RefundForm, SplitForm

FOUND = 30
MOST_ROWS = 40


class _Line:
    """A line that somebody explains, and the way back to it."""

    def __init__(self, request: Request, entry_id: uuid.UUID) -> None:
        self.desk = Desk(request)
        self.desk.keep.require()
        self.request = request
        self.q = searched(request)
        self.entry: EntryFacts = self.desk.entry(entry_id)
        self.back = self.desk.inbox(entry_id, q=self.q)

    @property
    def direction(self) -> Direction:
        """Return which requests it can be for."""
        return Direction.IN if self.entry.amount > 0 else Direction.OUT

    def explained(self) -> HttpResponse | None:
        """Lead back where somebody explained the line meanwhile."""
        if self.entry.open:
            return None
        messages.warning(self.request, Refused("payments.explained_already").message)
        return HttpResponseRedirect(self.desk.url("entry", entry_id=self.entry.id))

    def done(self, match_id: uuid.UUID | None, left: Decimal) -> HttpResponse:
        """Go to what is left of the line, or to the next one."""
        following = self.entry.id if left else self.following
        return HttpResponseRedirect(self.desk.inbox(following, done=match_id, q=self.q))

    def hold_following(self) -> None:
        """Look which line comes next, before this one is explained."""
        self.following = queries.inbox_window(self.desk.coop_id, self.entry.id, q=self.q).after

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every page about a line shows."""
        shown = line_shown(self.entry, self.desk)
        eyebrow = f"{shown.who}, {self.desk.money(shown.left)}"
        return {"line": shown, "eyebrow": eyebrow, "back": self.back, "q": self.q, **more}


def _find(line: _Line, words: str) -> list[ClaimFacts]:
    desk = line.desk
    if words:
        return queries.find_claims(desk.coop_id, words, direction=line.direction, on=desk.today, limit=FOUND + 1)
    # Without a word: the proposals, and whatever else these people owe.
    proposed = queries.proposals_for(desk.coop_id, line.entry)
    return list({one.claim.id: one.claim for one in proposed if one.claim.open}.values())


@require_http_methods(["GET", "POST"])
def other(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Look for the request that a line pays, also where somebody else pays it."""
    line = _Line(request, entry_id)
    if (away := line.explained()) is not None:
        return away
    desk = line.desk
    if request.method == "POST":
        line.hold_following()
        claim_id = some_id(request.POST.get("claim", ""))
        try:
            if claim_id is None:
                raise Refused("payments.claim_unknown")
            done = actions.accept(**desk.whose, entry_id=entry_id, claim_id=claim_id)
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return HttpResponseRedirect(desk.url("other", entry_id=entry_id, query={"q": line.q}))
        return line.done(done.match_ids[0], done.left_of_entry)
    find = _words(request)
    found = _find(line, find)
    names = desk.names(found)
    left = abs(line.entry.open)
    rows = [
        {
            "claim_id": one.id,
            "title": names.of(one),
            "kind": kind(one),
            "communication": format_communication(one.digits),
            "open": one.open,
            "act": _("Book %(amount)s") % {"amount": desk.money(min(left, one.open))},
        }
        for one in found[:FOUND]
    ]
    return render(
        request,
        "payments/other.html",
        line.context(
            title=_("For which request?"),
            find=find,
            found=rows,
            more=len(found) > FOUND,
            account_url=desk.url("to-account", entry_id=entry_id, query={"q": line.q}),
        ),
    )


def _words(request: Request) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return " ".join(given.get("find", "").replace("\0", "").split())[:100]


def _wanted(request: Request) -> list[uuid.UUID]:
    given = request.POST if request.method == "POST" else request.GET
    found = [some_id(text) for text in given.getlist("claim")[:MOST_ROWS]]
    return list(dict.fromkeys(one for one in found if one is not None))


@require_http_methods(["GET", "POST"])
def split(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Part a line over several requests, and an account."""
    line = _Line(request, entry_id)
    if (away := line.explained()) is not None:
        return away
    desk = line.desk
    wanted = _wanted(request)
    find = _words(request)
    chosen = queries.claims_with(desk.coop_id, wanted)
    claims = [chosen[one] for one in wanted if one in chosen and _fits(line, chosen[one])]
    if request.method == "GET" and (find or not claims):
        known = {one.id for one in claims}
        claims += [one for one in _find(line, find)[:FOUND] if one.id not in known]
    if not wanted and not find and claims:
        wanted = [claims[0].id]
    form = SplitForm(
        request.POST if request.method == "POST" else None,
        rows=_rows(line, claims, is_chosen=set(wanted)),
        left=abs(line.entry.open),
        accounts=books.accounts(desk.coop_id),
    )
    if request.method == "POST" and form.is_valid():
        line.hold_following()
        try:
            done = actions.split(**desk.whose, entry_id=entry_id, parts=form.parts())
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            if len(done.match_ids) > 1:
                messages.success(request, _("The line is split and booked."))
            return line.done(done.match_ids[0] if len(done.match_ids) == 1 else None, done.left_of_entry)
    return render(request, "payments/split.html", line.context(title=_("Split this line"), form=form, find=find))


def _fits(line: _Line, claim: ClaimFacts) -> bool:
    return claim.direction is line.direction and claim.open > 0


def _rows(line: _Line, claims: Iterable[ClaimFacts], *, is_chosen: set[uuid.UUID]) -> list[PartRow]:
    """Return a row for each request; where they were chosen, as much as there is goes to each in turn."""
    listed: Sequence[ClaimFacts] = list(claims)
    names = line.desk.names(listed)
    left = abs(line.entry.open)
    rows = []
    for one in listed:
        amount = min(left, one.open) if one.id in is_chosen else None
        left -= amount or Decimal(0)
        note = _("%(kind)s, %(open)s open") % {"kind": kind(one), "open": line.desk.money(one.open)}
        rows.append(PartRow(one.id, names.of(one), note, one.open, amount or None))
    return rows


@require_http_methods(["GET", "POST"])
def to_account(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Book a line to an account: bank charges, interest, a gift."""
    line = _Line(request, entry_id)
    if (away := line.explained()) is not None:
        return away
    desk = line.desk
    form = AccountForm(request.POST or None, left=line.entry.open, accounts=books.accounts(desk.coop_id))
    if request.method == "POST" and form.is_valid():
        line.hold_following()
        try:
            if form.cleaned_data["account"] == INTERNAL:
                done = actions.book_internal(**desk.whose, entry_id=entry_id)
            else:
                amount = form.cleaned_data["amount"]
                done = actions.book_to_account(**desk.whose, entry_id=entry_id, account_code=form.code, amount=amount)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return line.done(done.match_ids[0], done.left_of_entry)
    return render(request, "payments/to_account.html", line.context(title=_("To an account"), form=form))


@require_http_methods(["GET", "POST"])
def refund(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Put money that came in on the list of payments to make."""
    line = _Line(request, entry_id)
    if (away := line.explained()) is not None:
        return away
    desk, entry = line.desk, line.entry
    if entry.open <= 0:
        messages.warning(request, Refused("payments.nothing_came_in").message)
        return HttpResponseRedirect(line.back)
    question = queries.question_of(desk.coop_id, entry.id)
    initial = {"amount": entry.open, "holder": entry.name, "iban": policies.payable_account(entry.iban)}
    if question is not None and question.answer is Answer.BACK:
        initial = {"amount": question.over, "holder": question.holder, "iban": question.iban}
    form = RefundForm(request.POST or None, left=entry.open, initial=initial)
    if request.method == "POST" and form.is_valid():
        line.hold_following()
        told = form.cleaned_data
        try:
            claim_id = actions.turn_to_refund(
                **desk.whose,
                entry_id=entry_id,
                amount=told["amount"],
                party_id=_whose(desk, entry),
                iban=told["iban"],
                holder=told["holder"],
            )
        except Refused as refusal:
            put_refusal(form, refusal, "amount")
        else:
            (match, *_rest) = queries.matches_of_claim(desk.coop_id, claim_id)
            return line.done(match.id, entry.open - told["amount"])
    return render(
        request,
        "payments/refund.html",
        line.context(title=_("Pay it back"), form=form, asked=_asked(desk, entry, question)),
    )


def _asked(desk: Desk, entry: EntryFacts, question: QuestionFacts | None) -> AskedShown | None:
    """Return what was asked of whose money it is, or whom to ask."""
    first = next(iter(queries.proposals_for(desk.coop_id, entry)), None)
    claims = [one.claim for one in (question, first) if one is not None]
    return asked_shown(desk, entry, question, first, desk.names(claims))


def _whose(desk: Desk, entry: EntryFacts) -> uuid.UUID | None:
    """Return whose money it is, as far as known: who was asked, for whom a part was, whom its communication names."""
    question = queries.question_of(desk.coop_id, entry.id)
    if question is not None:
        return question.party_id
    matches = queries.matches_of_entries(desk.coop_id, [entry.id])[entry.id]
    ids = {one.claim_id for one in matches if one.stands and one.claim_id is not None}
    found = {one.party_id for one in queries.claims_with(desk.coop_id, ids).values()}
    if not found:
        found = {
            one.claim.party_id
            for one in queries.proposals_for(desk.coop_id, entry)
            if one.reasons
            and one.reasons[0].code in ("communication_exact", "reference_in_text", "communication_permanent")
        }
    return found.pop() if len(found) == 1 else None


@require_POST
def pair(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Say that a line brings back a payment, or is the other side of a line of another account of ours."""
    line = _Line(request, entry_id)
    desk = line.desk
    other_id = some_id(request.POST.get("entry", ""))
    if other_id is None:
        messages.warning(request, Refused("payments.entry_unknown").message)
        return HttpResponseRedirect(line.back)
    line.hold_following()
    try:
        if request.POST.get("what") == "return":
            actions.note_return(**desk.whose, entry_id=entry_id, returned_entry_id=other_id)
            messages.success(request, _("Noted: the payment came back, and what it paid is open again."))
        else:
            actions.book_internal(**desk.whose, entry_id=entry_id, other_entry_id=other_id)
            messages.success(request, _("Both lines are booked as a transfer between your own accounts."))
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return HttpResponseRedirect(line.back)
    return line.done(None, Decimal(0))
