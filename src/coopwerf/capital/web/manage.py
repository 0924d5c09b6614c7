"""Offers for those who manage them: the list, one of them with what it lacks, its preview, opening and closing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopcalc.offers import Judgement
from coopcalc.references import format_iban
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import LANGUAGES, put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, policies, queries, words
from ..queries import OfferFacts
from ..states import OFFER_STATE_NAMES, REGIME_NAMES, BoundCode, OfferState
from .desk import Desk
from .telling import page_url, text_language, told


class DraftForm(forms.Form):
    """Ask for the name of a new offer and the language in which it is written first."""

    title = forms.CharField(
        label=gettext_lazy("What will people own together?"),
        max_length=120,
        help_text=gettext_lazy("The title of the page, as you would say it to a neighbour. You can change it later."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language do you begin?"), choices=LANGUAGES, widget=forms.RadioSelect
    )


@require_GET
def offers(request: Request) -> HttpResponse:
    """Show every offer with how far it has come, and what the law still leaves."""
    desk = Desk(request)
    found = queries.offers(desk.coop_id, desk.today)
    rows = [
        {
            "offer": one,
            "title": one.words(text_language(one)).title,
            "state": OFFER_STATE_NAMES[one.state],
            "look": {OfferState.OPEN: "good", OfferState.PAUSED: "attention", OfferState.DRAFT: "building"}.get(
                one.state
            ),
        }
        for one in found
    ]
    return render(request, "capital/offers.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Prepare an offer."""
    desk = Desk(request)
    form = DraftForm(request.POST or None, initial={"language": desk.coop.language})
    if request.method == "POST" and form.is_valid():
        try:
            offer_id = actions.draft_offer(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal, "title")
        else:
            made = queries.offer_facts(desk.coop_id, offer_id, desk.today)
            assert made is not None
            messages.success(request, _("The draft is there. Only those who manage offers see it."))
            return redirect("capital:manage", slug=request.coop.slug, offer=made.slug)
    return render(request, "capital/offer_new.html", {"form": form})


@require_GET
def one(request: Request, offer: str) -> HttpResponse:
    """Show an offer with its parts, what it lacks, how far it is, and what the guard reckons."""
    desk = Desk(request)
    found = desk.offer(offer)
    law, room = desk.law(found), desk.room(found)
    lacking = policies.hindrances(found, desk.coop, law, room, desk.today)
    context = {
        "offer": found,
        "title": found.words(text_language(found)).title,
        "state": OFFER_STATE_NAMES[found.state],
        "regime": REGIME_NAMES[found.regime],
        "law": law,
        "iban": format_iban(found.iban) if found.iban else "",
        "is_draft": found.state is OfferState.DRAFT,
        "is_open": found.state is OfferState.OPEN,
        "is_paused": found.state is OfferState.PAUSED,
        "is_closed": found.state is OfferState.CLOSED,
        "lacking": [(one.verdict.reason, _part_url(desk, found, one.part)) for one in lacking],
        "parts": _parts(desk, found, lacking),
        "progress": queries.progress(found) if found.state is not OfferState.DRAFT else None,
        "room": room,
        "bounds": _bounds(room),
        "law_words": words.law_sentences(found, law),
        "page_url": page_url(desk.coop, found),
        "may_open": policies.may_open(found, desk.coop, law, room, desk.today),
        "may_publish": _may_publish(found, lacking),
        "versions": [one for one in queries.versions_of(desk.coop_id, found.id) if one.published_at],
    }
    return render(request, "capital/manage.html", context)


def _may_publish(offer: OfferFacts, lacking: list[policies.Hindrance]) -> Verdict | None:
    """Return whether texts that wait can be published; None where none wait."""
    if offer.pending is None or offer.state not in (OfferState.OPEN, OfferState.PAUSED):
        return None
    return next((one.verdict for one in lacking if one.part != "terms"), Verdict(True))


def _part_url(desk: Desk, offer: OfferFacts, part: str) -> str:
    at = {"slug": desk.coop.slug, "offer": offer.slug}
    if part.startswith("texts-"):
        return reverse("capital:texts", kwargs={**at, "language": part.removeprefix("texts-")})
    return reverse({"terms": "capital:terms", "statutes": "capital:name-statutes"}[part], kwargs=at)


def _parts(desk: Desk, offer: OfferFacts, lacking: list[policies.Hindrance]) -> list[dict[str, Any]]:
    """Return the parts of an offer as tasks: where each is written, and how many things it lacks."""
    missing: dict[str, int] = {}
    for one in lacking:
        missing[one.part] = missing.get(one.part, 0) + 1
    found = [
        ("terms", _("Shares, amounts and account"), _("Which classes, how much, until when, to which account.")),
        *(
            (
                f"texts-{code}",
                _("The page in %(language)s") % {"language": LANGUAGE_NAMES[code]},
                _("Title, purpose, rights, risks."),
            )
            for code in offer.languages
        ),
        ("statutes", _("Statutes"), _("Which version holds, with its file or text.")),
    ]
    return [
        {"title": title, "text": text, "url": _part_url(desk, offer, part), "missing": missing.get(part, 0)}
        for part, title, text in found
    ]


def _bounds(room: Judgement | None) -> list[dict[str, Any]]:
    """Return the limits of an offer as a table: what each allows, what counts, what is left."""
    if room is None:
        return []
    names = {
        BoundCode.TOTAL: _("All shares, in twelve months (law)"),
        BoundCode.PER_PERSON: _("One person, in twelve months (law)"),
        BoundCode.CEILING: _("This offer"),
        BoundCode.OWN_PER_PERSON: _("One person, in this offer"),
        BoundCode.PEOPLE: _("People (law)"),
    }
    return [
        {
            "name": names[one.code],
            "limit": one.limit,
            "used": one.used,
            "left": one.left,
            "binds": one.code is room.binding,
        }
        for one in room.bounds
        if one.code is not BoundCode.PEOPLE
    ]


@require_GET
def preview(request: Request, offer: str) -> HttpResponse:
    """Show the page of an offer as it would be read, with the texts that nobody can read yet."""
    desk = Desk(request)
    found = desk.offer(offer)
    page = told(desk.coop, found, desk.today, version=found.written)
    back = reverse("capital:manage", kwargs={"slug": desk.coop.slug, "offer": found.slug})
    language = str(get_language())[:2]
    context = {
        "page": page,
        "back": back,
        "is_pending": found.state is OfferState.DRAFT or found.pending is not None,
        "other_language": language != page.text_language,
        "shown_language": LANGUAGE_NAMES[page.text_language],
    }
    return render(request, "capital/preview.html", context)


@require_http_methods(["GET", "POST"])
def move(request: Request, offer: str, to: str) -> HttpResponse:
    """Ask once more before an offer opens, pauses, closes, is published anew or deleted; then do it."""
    desk = Desk(request)
    found = desk.offer(offer)
    if to not in _MOVES:
        raise Http404
    act, said = _MOVES[to]
    here = reverse("capital:manage", kwargs={"slug": desk.coop.slug, "offer": found.slug})
    if request.method == "POST":
        try:
            act(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, offer_id=found.id)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(here)
        messages.success(request, str(said))
        return redirect("capital:offers", slug=desk.coop.slug) if to == "delete" else redirect(here)
    title, text, button = _QUESTIONS[to]
    context = {
        "title": str(title),
        "text": str(text),
        "act": str(button),
        "back": here,
        "look": "danger" if to in ("close", "delete") else "",
    }
    return render(request, "ui/confirm.html", context)


_MOVES: dict[str, tuple[Any, Any]] = {
    "open": (actions.open_offer, gettext_lazy("The offer is open. Share its page, and hang the poster on a window.")),
    "pause": (actions.pause_offer, gettext_lazy("The offer is paused. Its page says so; open it again when you like.")),
    "close": (actions.close_offer, gettext_lazy("The offer is closed. Who subscribed before can still pay.")),
    "publish": (actions.publish_texts, gettext_lazy("The new texts can be read by everybody.")),
    "delete": (actions.delete_draft, gettext_lazy("The draft is deleted.")),
}
_QUESTIONS = {
    "open": (
        gettext_lazy("Open this offer?"),
        gettext_lazy("Everybody can read its page and take shares. What it tells from now on is kept for ever."),
        gettext_lazy("Open the offer"),
    ),
    "pause": (
        gettext_lazy("Pause this offer?"),
        gettext_lazy("Its page stays and says that nobody can take shares just now. You can open it again."),
        gettext_lazy("Pause the offer"),
    ),
    "close": (
        gettext_lazy("Close this offer for good?"),
        gettext_lazy("It can’t be opened again. Who subscribed before can still pay, and the board still decides."),
        gettext_lazy("Close the offer"),
    ),
    "publish": (
        gettext_lazy("Publish the new texts?"),
        gettext_lazy(
            "Whoever takes shares from now on accepts this version. Who did before keeps the one they accepted; both "
            "stay readable."
        ),
        gettext_lazy("Publish the texts"),
    ),
    "delete": (
        gettext_lazy("Delete this draft?"),
        gettext_lazy("Everything that you wrote in it goes."),
        gettext_lazy("Delete the draft"),
    ),
}
