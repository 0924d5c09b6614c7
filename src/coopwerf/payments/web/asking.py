"""Asking who paid too much: the button and the answer beside a line, and the page on which they answer."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coopcalc.references import format_communication, format_iban
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.people import queries as people
from coopwerf.register.states import invitations
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal

from .. import actions, policies, queries
from ..queries import ClaimFacts, EntryFacts, ProposalFacts, QuestionFacts
from ..states import Answer
from .desk import Desk, Names, kind, searched, some_id
from .forms import SHARES, BackForm, KeepForm

FOR_PAYER = "whoever was mailed the link says what is to be done with money that they paid too much, without an account"


@dataclasses.dataclass(frozen=True, slots=True)
class AskedShown:
    """What was asked about a line and answered, with what to do now; or whom to ask, where `claim_id` is there."""

    text: str = ""
    note: str = ""
    is_answered: bool = False
    look: str = "good"
    act: str = ""
    url: str = ""
    claim_id: uuid.UUID | None = None
    ask_url: str = ""
    ask: str = ""


def asked_shown(
    desk: Desk, entry: EntryFacts, question: QuestionFacts | None, first: ProposalFacts | None, names: Names
) -> AskedShown | None:
    """Return what a line shows of a question that stands, else whom to ask; nothing where nobody can be asked."""
    if question is not None and not question.is_stale:
        return _standing(desk, question, names)
    if first is None or first.together or not desk.keep or not policies.may_ask(entry, first.claim):
        return None
    party_id = first.claim.party_id
    if party_id is None or party_id not in people.email_of([party_id]):
        return None
    name = names.of(first.claim)
    return AskedShown(
        text="" if question is None else _("What %(name)s wanted it for is paid by now.") % {"name": name},
        note=_("%(over)s is more than was asked. %(name)s gets a mail with a page to answer on.")
        % {"over": desk.money(queries.over_of(entry, first.claim)), "name": name},
        claim_id=first.claim.id,
        ask_url=desk.url("ask", entry_id=entry.id),
        ask=_("Ask %(name)s what to do with it") % {"name": name},
    )


def _standing(desk: Desk, question: QuestionFacts, names: Names) -> AskedShown:
    facts = {"name": names.of(question.claim), "over": desk.money(question.over)}
    entry_id = question.entry.id
    if question.answer is None:
        on = formats.date_long(question.asked_at, desk.language)
        text = _("%(name)s was asked on %(on)s what to do with %(over)s. There is no answer yet.") % {**facts, "on": on}
        return AskedShown(text)
    if question.answer is Answer.BACK:
        text = _("%(name)s asks %(over)s back, to %(account)s (%(holder)s).") % {
            **facts,
            "account": format_iban(question.iban),
            "holder": question.holder,
        }
        is_other = question.iban != policies.payable_account(question.entry.iban)
        note = _("That isn’t the account from which it came. If that surprises you, telephone first.")
        return AskedShown(
            text,
            note if is_other else "",
            is_answered=True,
            look="attention" if is_other else "good",
            act=_("Pay back…"),
            url=desk.url("refund", entry_id=entry_id),
        )
    if question.answer is Answer.OWED and question.for_claim is not None:
        wanted = question.for_claim
        text = _("%(name)s keeps %(over)s for what is still to pay: %(kind)s, %(open)s open.") % {
            **facts,
            "kind": kind(wanted),
            "open": desk.money(wanted.open),
        }
        claims = [one.id for one in (question.claim, wanted) if one.open]
        url = desk.url("split", entry_id=entry_id) + "?" + "&".join(f"claim={one}" for one in claims)
        return AskedShown(text, is_answered=True, act=_("Book it for that…"), url=url)
    text = _("%(name)s keeps %(over)s for more shares.") % facts
    note = _("Once the request for them is here, choose it for this line.")
    return AskedShown(text, note, is_answered=True, act=_("Another request…"), url=desk.url("other", entry_id=entry_id))


def queue_word(question: QuestionFacts, names: Names) -> str:
    """Say in the queue how far a question is."""
    if question.answer is None:
        said = _("%(name)s was asked")
    elif question.answer is Answer.BACK:
        said = _("%(name)s asks it back")
    else:
        said = _("%(name)s keeps it")
    return said % {"name": names.of(question.claim)}


@require_POST
def ask(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Ask whose claim a line pays too much what is to be done with the rest."""
    desk = Desk(request)
    desk.keep.require()
    desk.entry(entry_id)
    claim_id = some_id(request.POST.get("claim", ""))
    try:
        if claim_id is None:
            raise Refused("payments.claim_unknown")
        actions.ask_payer(**desk.whose, entry_id=entry_id, claim_id=claim_id)
        messages.success(request, _("Asked by mail. The answer will stand with this line."))
    except Refused as refusal:
        messages.warning(request, refusal.message)
    return HttpResponseRedirect(desk.inbox(entry_id, q=searched(request)))


@public(FOR_PAYER)
@never_cache
@require_http_methods(["GET", "POST"])
def question(request: Request, token: str) -> HttpResponse:
    """Show what is over to whoever has the secret, and note what they want; only the buttons do something."""
    facts = queries.question_by_token(request.coop.id, token)
    if facts is None:
        return render(request, "payments/question_gone.html", status=404)
    choices = queries.question_choices(request.coop.id, facts)
    offers = invitations(request.coop.id, clock.civil_date(clock.now()))
    posted = request.POST if request.method == "POST" else None
    do = request.POST.get("do", "")
    back = BackForm(
        posted if do == "back" else None,
        initial={"iban": facts.iban, "holder": facts.holder},
        auto_id="back_%s",
    )
    keep = KeepForm(
        posted if do == "keep" else None,
        choices=_choices(choices, has_offer=bool(offers)),
        chosen=_chosen(facts),
        auto_id="keep_%s",
    )
    form: BackForm | KeepForm = keep if do == "keep" else back
    if posted is not None and (not facts.is_open or form.is_valid()):
        try:
            _answer(request, token, form)
        except Refused as refusal:
            if not form.is_bound or refusal.code == "payments.question_closed":
                messages.warning(request, refusal.message)
                return HttpResponseRedirect(request.path)
            put_refusal(form, refusal)
        else:
            return HttpResponseRedirect(request.path)
    is_back = facts.answer is Answer.BACK
    is_owed = facts.answer is Answer.OWED and not facts.is_stale
    is_shares = facts.answer is Answer.SHARES and bool(offers)
    context = {
        "facts": facts,
        "kind": kind(facts.claim),
        "communication": format_communication(facts.claim.digits),
        "goes_to": format_iban(facts.iban),
        "is_second": not facts.claim.open and facts.entry.open == facts.entry.amount,
        "wanted": None if facts.for_claim is None else kind(facts.for_claim),
        "is_back": is_back,
        "is_owed": is_owed,
        "is_shares": is_shares,
        "is_answered": is_back or is_owed or is_shares,
        "back": back,
        "keep": keep if choices or offers else None,
        "is_answering": bool(posted),
        "offers": offers,
        "refunds": [] if facts.is_open else _own_refunds(request.coop.id, facts),
    }
    response = render(request, "payments/question.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _choices(claims: list[ClaimFacts], *, has_offer: bool) -> list[tuple[str, str]]:
    lang = formats.language(get_language())
    said = _("%(kind)s, %(open)s still to pay (%(communication)s)")
    found = [
        (
            str(one.id),
            said
            % {
                "kind": kind(one),
                "open": formats.money(one.open, lang),
                "communication": format_communication(one.digits),
            },
        )
        for one in claims
    ]
    return [*found, (SHARES, _("More shares"))] if has_offer else found


def _chosen(facts: QuestionFacts) -> str:
    if facts.answer is Answer.SHARES:
        return SHARES
    return str(facts.for_claim.id) if facts.for_claim is not None else ""


def _answer(request: Request, token: str, form: "BackForm | KeepForm") -> None:
    whose: dict[str, Any] = {
        "actor": request.actor,
        "now": clock.now(),
        "coop_id": request.coop.id,
        "token": token,
    }
    told: Mapping[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if isinstance(form, BackForm):
        account = {"iban": told.get("iban", ""), "holder": told.get("holder", "")}
        actions.answer_question(**whose, answer=Answer.BACK, **account)
    elif told.get("keep") == SHARES:
        actions.answer_question(**whose, answer=Answer.SHARES)
    else:
        actions.answer_question(**whose, answer=Answer.OWED, claim_id=some_id(told.get("keep", "")))


def _own_refunds(coop_id: uuid.UUID, facts: QuestionFacts) -> list[ClaimFacts]:
    """Return what is given back to the party of a question from its line."""
    return [one for one in queries.refunds_of_entry(coop_id, facts.entry.id) if one.party_id == facts.party_id]
