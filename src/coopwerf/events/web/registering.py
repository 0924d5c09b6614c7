"""Registering without an account; and the page behind the mailed link: confirm, tickets, change, cancel."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.limits import visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.messages import addresses
from coopwerf.messages import queries as letters
from coopwerf.people import queries as people
from coopwerf.ui import formats, markdown
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions, calendar, policies, queries, words
from ..queries import GatheringFacts, RegistrationFacts, SessionFacts
from ..states import RegistrationState, on_the_wall
from .forms import NewsForm, RegisterForm, WishForm
from .public import ics, open_page, page_url, private

REGISTER = "whoever wants to come registers here, without an account"
MINE = "whoever registered confirms, changes and cancels it here, by a secret address and without an account"


@public(REGISTER)
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: Request, gathering: str) -> HttpResponse:
    """Ask who comes, and send a mail to confirm it."""
    speak(request)
    found = open_page(request, gathering)
    now = clock.now()
    verdict = policies.may_register(found, now)
    slots = queries.slots_of(queries.sessions(found))
    initial = {"language": formats.language(get_language()), **_known(request)}
    form = RegisterForm(request.POST or None, found=found, slots=slots, initial=initial)
    if request.method == "POST" and form.is_valid():
        # A machine that fills in every field is told the same as a human being, and nothing is sent.
        if form.cleaned_data["website"]:
            return _sent(request, found, RegistrationState.HELD)
        try:
            if not addresses.once_more_to(form.cleaned_data["email"]):
                raise Refused("messages.asked_often")
            done = actions.register(
                actor=request.actor,
                now=now,
                coop_id=request.coop.id,
                gathering_id=found.id,
                email=form.cleaned_data["email"],
                language=form.cleaned_data["language"],
                wish=form.wish(),
                key=_key(request.POST.get("key", "")),
                sent_from=visitor(request),
                wants_news=form.cleaned_data["news"],
            )
        except Refused as refusal:
            _put(form, refusal)
        else:
            # Of an address that registered before, nothing is told that wouldn't be told of any other.
            fits = queries.has_room(found.id, found.capacity, len(form.wish().people))
            as_new = RegistrationState.HELD if fits else RegistrationState.WAITING
            return _sent(request, found, done.state if done.is_new else as_new)
    taken = queries.taken(found.id) if found.capacity is not None else 0
    context = {
        "form": form,
        "found": found,
        "words": found.words,
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.where_in_words(found),
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "slots": _slots(form, slots, queries.session_counts(found.coop_id, found.id) if slots else {}),
        "consent": letters.consent_words()[1],
        "verdict": verdict,
        "is_full": found.capacity is not None and taken >= found.capacity,
        "opens_needs": any(form[name].errors for name in ("languages", "access")),
        "back": page_url(request, found),
    }
    return render(request, "events/register.html", context)


def _sent(request: Request, found: GatheringFacts, state: RegistrationState) -> HttpResponse:
    at = {"slug": request.coop.slug, "gathering": found.slug}
    how = "waiting" if state is RegistrationState.WAITING else "held"
    return HttpResponseRedirect(reverse("events:register-sent", kwargs=at) + f"?as={how}")


def _known(request: Request) -> dict[str, str]:
    """Return name and address of who has signed in."""
    party_id = request.actor.party_id
    if party_id is None:
        return {}
    name = people.particulars_of(party_id, clock.civil_date(clock.now())).spoken
    return {"name": name, "email": people.email_of([party_id]).get(party_id, "")}


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _put(form: WishForm, refusal: Refused) -> None:
    """Show a refusal beside the field that it concerns."""
    path = {"people": "others", "sessions": form.slot_names[0] if form.slot_names else None}.get(
        refusal.path or "", refusal.path
    )
    refusal.path = path
    about = ["email"] if refusal.code.startswith(("messages.address", "people.email")) else []
    put_refusal(form, refusal, *about, *(["name"] if refusal.code == "messages.name_wrong" else []))


def _slots(
    form: WishForm, slots: list[list[SessionFacts]], counts: dict[uuid.UUID, tuple[int, int]]
) -> list[dict[str, Any]]:
    """Return the choices by slot, with when it is and which sessions are full."""
    lang = formats.language(get_language())
    shown = []
    for name, slot in zip(form.slot_names, slots, strict=True):
        notes = {}
        for one in slot:
            told = [f"{formats.clock(one.begins, lang)} – {formats.clock(one.ends, lang)}", one.room]
            if one.capacity is not None and counts.get(one.id, (0, 0))[0] >= one.capacity:
                told.append(_("full: you wait for a place in it"))
            notes[str(one.id)] = " · ".join(part for part in told if part)
        begins = min(one.begins for one in slot)
        label = _("From %(time)s you choose one") % {"time": formats.clock(begins, lang)}
        shown.append({"field": form[name], "label": label, "notes": notes})
    return shown


@public(REGISTER)
@never_cache
@require_GET
def sent(request: Request, gathering: str) -> HttpResponse:
    """Say that a mail is on its way, and what its button does."""
    speak(request)
    found = open_page(request, gathering)
    context = {
        "found": found,
        "words": found.words,
        "is_waiting": request.GET.get("as") == "waiting",
        "has_no_server": not settings.SMTP_URL,
        "back": page_url(request, found),
    }
    return render(request, "events/register_sent.html", context)


@public(MINE)
@never_cache
@require_http_methods(["GET", "POST"])
def registration(request: Request, token: str) -> HttpResponse:
    """Show a registration to whoever has its secret address; only its buttons do something, for links are scanned."""
    if request.method == "POST":
        return _act(request, token)
    speak(request)
    row = queries.registration_by_token(request.coop.id, token)
    found = None if row is None else queries.gathering(request.coop.id, row.gathering_id)
    if row is None or found is None:
        return render(request, "events/registration_gone.html", status=404)
    return private(render(request, "events/registration.html", _context(request, found, row, token)))


def _act(request: Request, token: str) -> HttpResponse:
    whose = {"actor": request.actor, "now": clock.now(), "coop_id": request.coop.id, "token": token}
    try:
        if request.POST.get("do") == "cancel":
            actions.cancel_registration(**whose)
            messages.success(request, _("Your registration is cancelled. Thank you for telling us."))
        elif request.POST.get("do") == "still":
            actions.keep_registration(**whose)
            messages.success(request, _("Good: we count on you."))
        else:
            state = actions.confirm_registration(**whose, wants_news=request.POST.get("news") == "on")
            waits = state is RegistrationState.WAITING
            messages.success(
                request,
                _("Thank you. You keep your place on the waiting list.")
                if waits
                else _("You are registered. See you there!"),
            )
    except Refused as refusal:
        if refusal.code == "events.registration_gone":
            return render(request, "events/registration_gone.html", status=404)
        messages.error(request, refusal.message)
    return HttpResponseRedirect(request.path)


def _context(request: Request, found: GatheringFacts, row: RegistrationFacts, token: str) -> dict[str, Any]:
    now = clock.now()
    programme = {one.id: one for one in queries.sessions(found)}
    at = {"slug": request.coop.slug, "token": token}
    seats = {one.session_id: one.is_seated for one in row.choices}
    day = [
        {"session": one, "words": one.words, "is_seated": seats.get(one.id, True)}
        for one in sorted(programme.values(), key=lambda each: each.begins)
        if one.is_for_all or one.id in seats
    ]
    is_seated = row.state is RegistrationState.SEATED
    may = policies.may_register(found, now)
    return {
        "row": row,
        "found": found,
        "words": found.words,
        "text_language": found.text_language,
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.where_in_words(found),
        "access": markdown.html(found.words.access, level=3),
        "online": found.online if is_seated else "",
        "day": day,
        "tickets": _tickets(request, found, row) if is_seated else [],
        "is_seated": is_seated,
        "is_held": row.state is RegistrationState.HELD,
        "is_waiting": row.state is RegistrationState.WAITING,
        "is_offered": row.state is RegistrationState.OFFERED,
        "is_lapsed": row.state is RegistrationState.LAPSED,
        "is_cancelled": row.state is RegistrationState.CANCELLED,
        "must_confirm": row.confirmed_at is None and row.is_open,
        "until": words.moment_in_words(on_the_wall(row.until, found.zone)) if row.until else "",
        "answer_by": words.deadline_in_words(on_the_wall(row.answer_by, found.zone)) if row.answer_by else "",
        "news_form": NewsForm() if row.asked_news else None,
        "consent": letters.consent_words()[1] if row.asked_news else "",
        "place": queries.place_in_queue(row) if row.state is RegistrationState.WAITING else None,
        "may": may,
        "is_past": found.is_past(now),
        "may_change": bool(may) and row.is_open,
        "change_url": reverse("events:registration-change", kwargs=at),
        "tickets_url": reverse("events:registration-tickets", kwargs=at),
        "calendar_url": reverse("events:registration-calendar", kwargs=at),
        "page_url": page_url(request, found),
    }


def _tickets(request: Request, found: GatheringFacts, row: RegistrationFacts) -> list[dict[str, Any]]:
    """Return the tickets of a registration, each with what its code leads to."""
    return [{"ticket": one, "data": ticket_url(request, found, one.code)} for one in row.tickets]


def ticket_url(request: Request, found: GatheringFacts, code: str) -> str:
    """Return what the code of a ticket holds: an address that any phone can read."""
    at = {"slug": request.coop.slug, "gathering": found.slug, "code": code}
    return settings.BASE_URL + reverse("events:ticket", kwargs=at)


@public(MINE)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: Request, token: str) -> HttpResponse:
    """Change who comes, to which sessions, and what they need."""
    row = queries.registration_by_token(request.coop.id, token)
    found = None if row is None else queries.gathering(request.coop.id, row.gathering_id)
    if row is None or found is None:
        return render(request, "events/registration_gone.html", status=404)
    back = reverse("events:registration", kwargs={"slug": request.coop.slug, "token": token})
    if not row.is_open or not policies.may_register(found, clock.now()):
        return HttpResponseRedirect(back)
    slots = queries.slots_of(queries.sessions(found))
    ids = {one.session_id for one in row.choices}
    initial: dict[str, Any] = {
        "name": row.names[0] if row.names else "",
        "others": "\n".join(row.names[1:]),
        "language": row.language,
        "languages": row.needs.languages,
        "children": row.needs.children or None,
        "access": row.needs.access,
    }
    for number, slot in enumerate(slots):
        initial[f"slot{number}"] = next((str(one.id) for one in slot if one.id in ids), "")
    form = WishForm(request.POST or None, found=found, slots=slots, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_registration(
                actor=request.actor,
                now=clock.now(),
                coop_id=request.coop.id,
                token=token,
                wish=form.wish(),
                language=form.cleaned_data["language"],
            )
        except Refused as refusal:
            _put(form, refusal)
        else:
            messages.success(request, _("Your registration is changed."))
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "found": found,
        "words": found.words,
        "slots": _slots(form, slots, queries.session_counts(found.coop_id, found.id) if slots else {}),
        "opens_needs": not row.needs.is_nothing or any(form[name].errors for name in ("languages", "access")),
        "back": back,
    }
    return private(render(request, "events/registration_change.html", context))


@public(MINE)
@never_cache
@require_GET
def tickets(request: Request, token: str) -> HttpResponse:
    """Show the tickets as they are printed: one for each person."""
    row = queries.registration_by_token(request.coop.id, token)
    found = None if row is None else queries.gathering(request.coop.id, row.gathering_id)
    if row is None or found is None or row.state is not RegistrationState.SEATED:
        return render(request, "events/registration_gone.html", status=404)
    back = reverse("events:registration", kwargs={"slug": request.coop.slug, "token": token})
    context = {
        "found": found,
        "words": found.words,
        "when": words.span_in_words(found.begins, found.ends),
        "where": words.where_in_words(found),
        "tickets": _tickets(request, found, row),
        "back": back,
    }
    return private(render(request, "events/tickets.html", context))


@public(MINE)
@never_cache
@require_GET
def calendar_mine(request: Request, token: str) -> HttpResponse:
    """Serve the gathering for the calendar of who registered, with the link to take part online."""
    row = queries.registration_by_token(request.coop.id, token)
    found = None if row is None else queries.gathering(request.coop.id, row.gathering_id)
    if row is None or found is None or not row.is_open:
        return render(request, "events/registration_gone.html", status=404)
    back = settings.BASE_URL + reverse("events:registration", kwargs={"slug": request.coop.slug, "token": token})
    is_seated = row.state is RegistrationState.SEATED
    notes = "\n".join(f"{one.name}: {one.written}" for one in row.tickets) if is_seated else ""
    content = calendar.one(request.coop, found, online=found.online if is_seated else "", url=back, notes=notes)
    return ics(content, f"{found.slug}.ics")
