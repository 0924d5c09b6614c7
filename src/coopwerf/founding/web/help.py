"""Calls for help for whoever has a moment: found, read, answered and asked about without an account."""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import in_language
from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, once_more_here, visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.messages import addresses
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.speaking import speak

from .. import actions, policies, queries
from ..queries import CallFacts, HelpSearch
from ..states import HELP_KIND_NAMES, SKILLS, CallState, HelpKind, spoken
from .help_forms import AskForm, HelpSearchForm, OfferForm, minutes_in_words
from .yard import reading

HELP = "a project asks everybody for help"
ANSWER = "whoever has a moment helps, and asks first, without an account"
ALL_HELP = "listed projects ask everybody for help"
FROM_ONE_PLACE = 20
FOR_ONE_COOP = 300
FOR_ONE_ADDRESS = 6
A_DAY = 86_400


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """A call as it stands on a page, in the reader's language."""

    call: CallFacts
    language: str
    title: str
    text: str
    kind: str
    takes: str
    skill: str
    languages: str
    found: str
    closing: str


def shown(call: CallFacts, coop: CoopFacts) -> Shown:
    """Return a call in the active language."""
    languages = reading(coop)
    code, words = call.words(*languages)
    return Shown(
        call=call,
        language=code if code != languages[0] else "",
        title=words.title,
        text=words.text,
        kind=str(HELP_KIND_NAMES[call.kind]),
        takes=minutes_in_words(call.minutes) if call.minutes else "",
        skill=in_language(SKILLS[call.skill]) if call.skill in SKILLS else "",
        languages=", ".join(LANGUAGE_NAMES[one] for one in call.languages),
        found=_found(call),
        closing=spoken(call.closing, languages)[1] or "",
    )


def _found(call: CallFacts) -> str:
    """Return how far a call has come, in words."""
    lang = formats.language(get_language())
    if call.is_money:
        return _("%(needed)s still needed of %(amount)s") % {
            "needed": formats.money(call.needed, lang),
            "amount": formats.money(call.amount or Decimal(0), lang),
        }
    return _("%(found)s of %(places)s found") % {"found": call.found.taken, "places": call.places}


@public(HELP)
@require_GET
def calls(request: Request) -> HttpResponse:
    """Show what help is asked for, and what became of earlier calls."""
    speak(request)
    coop = request.coop
    form = HelpSearchForm(request.GET)
    search = form.search()
    today = clock.civil_date(clock.now())
    found = [shown(one, coop) for one in queries.open_calls(coop.id, search)]
    closed = queries.closed_calls(coop.id)
    helped = queries.named_helpers(coop.id, [one.id for one in closed])
    context = {
        "form": form,
        "calls": [one for one in found if one.call.left],
        "full": [one for one in found if not one.call.left],
        "is_filtered": search != HelpSearch(),
        "closed": [{"shown": shown(one, coop), "thanks": thanks(*helped.get(one.id, ([], 0)))} for one in closed],
        "keeps": request.actor.is_person and bool(policies.may_keep_yard(request.actor, coop.id, today)),
    }
    return render(request, "founding/help.html", context)


def thanks(names: Sequence[str], others: int) -> str:
    """Return whom is thanked, in words; empty where nobody helped."""
    lang = formats.language(get_language())
    if not names:
        unnamed = ngettext("one person who’d rather not be named", "%(count)s people who’d rather not be named", others)
        return unnamed % {"count": others} if others else ""
    if not others:
        return formats.listing(names, lang)
    return _("%(names)s, and %(count)s who’d rather not be named") % {
        "names": formats.listing(names, lang),
        "count": others,
    }


def _call(request: Request, slug: str) -> CallFacts:
    found = queries.call_by_slug(request.coop.id, slug)
    if found is None or not found.is_public:
        raise Http404
    return found


@public(HELP)
@require_GET
def one(request: Request, call: str) -> HttpResponse:
    """Show one call, with how far it is."""
    speak(request)
    found = _call(request, call)
    told = shown(found, request.coop)
    helped = queries.named_helpers(request.coop.id, [found.id]) if found.state is CallState.CLOSED else {}
    context = {
        "shown": told,
        "call": found,
        "may_offer": policies.may_offer(found),
        "is_closed": found.state is CallState.CLOSED,
        "thanks": thanks(*helped.get(found.id, ([], 0))),
        "is_task": found.kind is HelpKind.TASK,
        "came": found.found.promised + found.found.in_kind,
    }
    return render(request, "founding/help_one.html", context)


@public(ANSWER)
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: Request, call: str) -> HttpResponse:
    """Take what somebody offers."""
    speak(request)
    found = _call(request, call)
    form = OfferForm(request.POST or None, call=found)
    if request.method == "POST" and form.is_valid():
        done = _take(request, form, lambda **whose: actions.offer_help(call_id=found.id, **form.offer(), **whose))
        if done is not None:
            return done
    context = {
        "form": form,
        "shown": shown(found, request.coop),
        "call": found,
        "may_offer": policies.may_offer(found),
    }
    return render(request, "founding/help_answer.html", context)


@public(ANSWER)
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: Request, call: str) -> HttpResponse:
    """Take a question."""
    speak(request)
    found = _call(request, call)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        done = _take(request, form, lambda **whose: actions.ask_question(call_id=found.id, words=words, **whose))
        if done is not None:
            return done
    return render(request, "founding/help_ask.html", {"form": form, "shown": shown(found, request.coop)})


def _take(request: Request, form: Any, act: Any) -> HttpResponse | None:
    """Pass on what a form holds, and lead to the page that says what comes next; None where it was refused."""
    sent = redirect("founding:help-sent", slug=request.coop.slug)
    # A machine that fills in every field is told the same as a human being, and nothing is kept.
    if form.cleaned_data["website"]:
        return sent
    try:
        _not_too_often(request, form.cleaned_data["email"])
        act(
            actor=request.actor,
            now=clock.now(),
            coop_id=request.coop.id,
            **form.whose(formats.language(get_language())),
        )
    except Refused as refusal:
        put_refusal(form, refusal, *_AT.get(refusal.code, ()))
        return None
    return sent


_AT = {"messages.address_wrong": ("email",), "messages.name_wrong": ("name",)}


def _not_too_often(request: Request, email: str) -> None:
    if not once_more_here(request, "founding.help", from_one_place=FROM_ONE_PLACE, in_all=FOR_ONE_COOP):
        raise Refused("founding.help_often")
    if not once_more(
        "founding.help.to", f"{request.coop.id} {addresses.mailbox(email)}", most=FOR_ONE_ADDRESS, seconds=A_DAY
    ):
        raise Refused("founding.offered_often", path="email")
    if not addresses.once_more_to(email, place=visitor(request)):
        raise Refused("founding.offered_often", path="email")


@public(ANSWER)
@require_GET
def sent(request: Request) -> HttpResponse:
    """Say that a mail is on its way, with what to do then."""
    speak(request)
    return render(request, "founding/help_sent.html", {"back": reverse("founding:help", args=[request.coop.slug])})


@public(ALL_HELP)
@require_GET
def all_help(request: Request) -> HttpResponse:
    """Show what one can do in the time one has, for any project of this installation."""
    speak(request)
    form = HelpSearchForm(request.GET, tasks_only=True)
    search = dataclasses.replace(form.search(), kind=HelpKind.TASK)
    lang = formats.language(get_language())
    found = []
    for notice in queries.notices(search):
        code, words = notice.words(lang)
        found.append(
            {
                "notice": notice,
                "title": words.title,
                "language": code if code != lang else "",
                "takes": minutes_in_words(notice.minutes) if notice.minutes else "",
                "skill": in_language(SKILLS[notice.skill]) if notice.skill in SKILLS else "",
                "languages": ", ".join(LANGUAGE_NAMES[one] for one in notice.languages),
            }
        )
    context = {
        "form": form,
        "found": found,
        "minutes": minutes_in_words(search.minutes) if search.minutes else "",
        "is_filtered": search != HelpSearch(kind=HelpKind.TASK),
    }
    return render(request, "founding/all_help.html", context)
