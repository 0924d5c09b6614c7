"""The desk: receiving people on any device by a link, without an account and without a script."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coopwerf.kernel import clock
from coopwerf.kernel.kept import Kept
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal

from .. import actions, policies, queries
from ..queries import DeskFacts, GatheringFacts, Guest, PassageFacts
from ..states import (
    HOW_NAMES,
    Direction,
    How,
    RegistrationState,
    Source,
    on_the_wall,
    read_caught,
    read_code,
    written_code,
)
from .forms import CatchUpForm, HeadsForm, WalkInForm
from .public import open_page, private

DESK = "helpers receive people with the link of their desk, on the day of the gathering and for it alone"
TICKET = "a phone that reads the code of a ticket comes here: it says for what it is, and nothing about whose"
COOKIE = "desk"
A_DAY = 24 * 3600


class Desk:
    """A desk by its link, at this moment; raises Http404 for none, and tells in `closed` why it doesn't receive."""

    def __init__(self, request: Request, token: str) -> None:
        self.request, self.token = request, token
        self.now = clock.now()
        found = queries.desk_by_token(request.coop.id, token)
        gathering = None if found is None else queries.gathering(request.coop.id, found.gathering_id)
        if found is None or gathering is None:
            raise Http404
        self.desk: DeskFacts = found
        self.found: GatheringFacts = gathering
        self.verdict = policies.may_receive(gathering, found, self.now)

    @property
    def url(self) -> str:
        """Return the address of this desk."""
        return reverse("events:desk", kwargs={"slug": self.request.coop.slug, "token": self.token})

    @property
    def whose(self) -> dict[str, Any]:
        """Return what every act at this desk needs."""
        return {
            "actor": self.request.actor,
            "now": self.now,
            "coop_id": self.request.coop.id,
            "gathering_id": self.found.id,
            "desk_token": self.token,
        }

    def clock(self, at: dt.datetime) -> str:
        """Write a moment as clocks at the gathering show it; with its day where that is another."""
        local = on_the_wall(at, self.found.zone)
        lang = formats.language(get_language())
        told = formats.clock(local, lang)
        if local.date() == on_the_wall(self.now, self.found.zone).date():
            return told
        return f"{formats.date_long(local.date(), lang, year=False)}, {told}"

    def closed(self) -> HttpResponse | None:
        """Return a page that says why this desk doesn't receive anybody, or None."""
        if self.verdict:
            return None
        context = {"reason": self.verdict.reason, "found": self.found, "words": self.found.words}
        return render(self.request, "events/desk_closed.html", context, status=403)


@public(DESK)
@never_cache
@require_safe
def desk(request: Request, token: str) -> HttpResponse:
    """Show the desk: a field for a code or a name, who was looked for, and what was noted last."""
    here = Desk(request, token)
    closed = here.closed()
    if closed is not None:
        return closed
    return _page(
        here,
        text=request.GET.get("q", "").strip(),
        shown=_ticket(request.GET.get("t", "")),
        is_again=request.GET.get("again") == "1",
    )


def _page(
    here: Desk,
    *,
    text: str = "",
    shown: uuid.UUID | None = None,
    is_again: bool = False,
    walk_in: WalkInForm | None = None,
    heads: HeadsForm | None = None,
) -> HttpResponse:
    """Answer with the desk: to who opens it, and at once to who pressed a button there.

    A form that was refused is handed on, and stays open with what was typed.
    """
    request = here.request
    ids = queries.tickets_by_name(here.found.id, text) if text else []
    people = queries.guests(request.coop.id, here.found.id, [*([shown] if shown else []), *ids], here.desk.gate)
    by_id = {one.ticket_id: one for one in people}
    inside, came = _inside(here)
    context = {
        "desk": here.desk,
        "desk_url": here.url,
        "press": uuid.uuid4(),
        "found": here.found,
        "words": here.found.words,
        "gate": _gate(here),
        "text": text,
        "rows": [_guest(here, by_id[one]) for one in ids if one in by_id],
        "is_too_many": len(ids) >= queries.MOST_FOUND,
        "shown": _guest(here, by_id[shown]) if shown in by_id else None,
        "is_again": is_again,
        "group": _group(here, by_id[shown]) if shown in by_id else [],
        "inside": inside,
        "came": came,
        "capacity": here.found.capacity if not here.desk.gate else None,
        "walk_in": walk_in or WalkInForm(auto_id="walk-%s"),
        "heads": heads or HeadsForm(auto_id="heads-%s"),
        "catch_up_url": reverse("events:desk-catch-up", kwargs={"slug": request.coop.slug, "token": here.token}),
    }
    response = render(request, "events/desk.html", context)
    return private(_with_cookie(request, response, here.token))


COUNTED_FOR = 2.0
"""Seconds for which a process shows the same count: over all who came, it takes longer than anything else here."""
FEW = 100
"""As long as no more came, each press is counted at once: who lets the first one in doesn't read that nobody is."""
_counted: Kept[tuple[int, int]] = Kept(COUNTED_FOR)


def _inside(here: Desk) -> tuple[int, int]:
    """Return how many are inside and how many came: where many came, as counted a moment ago."""
    at = (here.found.id, here.desk.gate)
    if _counted.last(at) is None:
        inside, came = queries.inside(*at)
        if came <= FEW:
            return inside, came
    return _counted.get(at, lambda: queries.inside(*at))


def _with_cookie(request: Request, response: HttpResponse, token: str) -> HttpResponse:
    """Let this device be the desk when its own camera opens the address on a ticket."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=A_DAY,
        path=f"/c/{request.coop.slug}/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _ticket(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _gate(here: Desk) -> str:
    """Return at which door a desk stands, where it isn't the entrance."""
    if not here.desk.gate:
        return ""
    return next((one.words.title for one in queries.sessions(here.found) if str(one.id) == here.desk.gate), "")


def _guest(here: Desk, one: Guest) -> dict[str, Any]:
    """Return somebody as a line of the desk: their name, how it stands, and what can be done."""
    has_place = one.state is RegistrationState.SEATED
    return {
        "guest": one,
        "code": written_code(one.code),
        "note": _note(here, one.last),
        "is_in": one.is_in,
        "was_in": one.last is not None,
        "has_place": has_place,
        "state": {
            RegistrationState.WAITING: _("on the waiting list"),
            RegistrationState.HELD: _("not confirmed"),
            RegistrationState.OFFERED: _("place not taken yet"),
            RegistrationState.LAPSED: _("place lapsed"),
            RegistrationState.CANCELLED: _("cancelled"),
        }.get(one.state, ""),
        "is_cancelled": one.state is RegistrationState.CANCELLED,
        "is_walk_in": one.source is Source.DESK,
    }


def _note(here: Desk, last: PassageFacts | None) -> str:
    """Say what was noted last: which way, when, at which desk, and how."""
    if last is None:
        return ""
    told = {"time": here.clock(last.at), "desk": last.desk or _("the organisers"), "how": HOW_NAMES[last.how]}
    if last.direction is Direction.IN:
        return _("came in at %(time)s, %(desk)s, %(how)s") % told
    return _("went out at %(time)s, %(desk)s, %(how)s") % told


def _group(here: Desk, one: Guest) -> list[dict[str, Any]]:
    """Return the others of a registration, where several came together."""
    if one.people < 2:
        return []
    others = [ident for ident in queries.together(one.registration_id) if ident != one.ticket_id]
    return [
        _guest(here, guest) for guest in queries.guests(here.request.coop.id, here.found.id, others, here.desk.gate)
    ]


@public(DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request, token: str) -> HttpResponse:
    """Let somebody in or out, take that back, count heads, or look for a name; answer with the desk itself.

    Each page has a number of its own, which its buttons send: a press that is sent once more notes nothing. So no
    second page has to be fetched, at a door with a queue. Who opens this address is led to the desk.
    """
    here = Desk(request, token)
    if request.method != "POST":
        return _to(here)
    closed = here.closed()
    if closed is not None:
        return closed
    do = request.POST.get("do", "")
    try:
        if do == "walk_in":
            return _walk_in(here)
        if do == "heads":
            return _heads(here)
        ticket_id, how = _meant(here)
        if ticket_id is None:
            text = request.POST.get("text", "").strip()
            if read_code(text):
                raise Refused("events.ticket_gone")
            return _page(here, text=text)
        return _pass(here, do, ticket_id, how)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page(here, shown=_ticket(request.POST.get("ticket", "")))


def _meant(here: Desk) -> tuple[uuid.UUID | None, How]:
    """Return which ticket is meant: by a button beside a name, a typed code, or one that was scanned."""
    ticket_id = _ticket(here.request.POST.get("ticket", ""))
    if ticket_id is not None:
        return ticket_id, How.SCAN if here.request.POST.get("how") == "scan" else How.NAME
    text = here.request.POST.get("text", "")
    code = read_code(text)
    how = How.SCAN if "/" in text else How.CODE
    return (queries.ticket_by_code(here.found.id, code) if code else None), how


def _pass(here: Desk, do: str, ticket_id: uuid.UUID, how: How) -> HttpResponse:
    whose = {**here.whose, "ticket_id": ticket_id, "press": _press(here)}
    if do == "back":
        actions.take_back(**whose)
        messages.success(here.request, _("Taken back. Nothing of it counts."))
        return _page(here, shown=ticket_id)
    if do == "out":
        passed = actions.check_out(**whose, how=how)
    else:
        passed = actions.check_in(**whose, how=how, anyway=do == "anyway")
        if do == "together":
            _others(here, ticket_id, how)
    return _page(here, shown=ticket_id, is_again=not passed.is_new)


def _press(here: Desk) -> uuid.UUID | None:
    """Return the number of the page on which the button was pressed."""
    return _ticket(here.request.POST.get("press", ""))


def _others(here: Desk, ticket_id: uuid.UUID, how: How) -> None:
    (one,) = queries.guests(here.request.coop.id, here.found.id, [ticket_id], here.desk.gate)
    for other in queries.together(one.registration_id):
        if other != ticket_id:
            actions.check_in(**here.whose, ticket_id=other, how=how, press=_press(here))


def _walk_in(here: Desk) -> HttpResponse:
    form = WalkInForm(here.request.POST, auto_id="walk-%s")
    if not form.is_valid():
        return _page(here, walk_in=form)
    told = {**form.cleaned_data, "language": here.request.coop.language, "press": _press(here)}
    try:
        passed = actions.walk_in(**here.whose, **told)
    except Refused as refusal:
        put_refusal(form, refusal, "name")
        return _page(here, walk_in=form)
    return _to(here, t=str(passed.ticket_id))


def _heads(here: Desk) -> HttpResponse:
    form = HeadsForm(here.request.POST, auto_id="heads-%s")
    if not form.is_valid():
        return _page(here, heads=form)
    heads = form.cleaned_data["heads"]
    actions.count_heads(**here.whose, heads=heads)
    lang = formats.language(get_language())
    messages.success(here.request, _("Noted: %(heads)s heads.") % {"heads": formats.number(heads, lang)})
    return _to(here)


def _to(here: Desk, **told: str) -> HttpResponse:
    """Lead back to the desk, with what it shows."""
    query = urlencode({name: value for name, value in told.items() if value})
    return HttpResponseRedirect(f"{here.url}?{query}" if query else here.url)


@public(DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def catch_up(request: Request, token: str) -> HttpResponse:
    """Take what was written on paper while the network failed."""
    here = Desk(request, token)
    closed = here.closed()
    if closed is not None:
        return closed
    form = CatchUpForm(request.POST or None, initial={"day": on_the_wall(here.now, here.found.zone).date()})
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_caught(form.cleaned_data["lines"], form.cleaned_data["day"], here.found.zone)
            done = actions.catch_up(**here.whose, lines=lines)
        except Refused as refusal:
            put_refusal(form, refusal, "lines")
        else:
            tell_caught(request, done)
            return HttpResponseRedirect(here.url)
    context = {"form": form, "found": here.found, "words": here.found.words, "desk": here.desk, "back": here.url}
    return private(render(request, "events/catch_up.html", context))


def tell_caught(request: Request, done: actions.CaughtUp) -> None:
    """Say what became of lines on paper."""
    told = ngettext("%(noted)s line is noted.", "%(noted)s lines are noted.", done.noted) % {"noted": done.noted}
    if done.known:
        told += " " + ngettext("%(known)s stood there already.", "%(known)s stood there already.", done.known) % {
            "known": done.known
        }
    messages.success(request, told)
    if done.unknown:
        codes = ", ".join(written_code(code) for code in done.unknown[:20])
        messages.error(request, _("No ticket has these codes: %(codes)s. Look for the names.") % {"codes": codes})


@public(TICKET)
@never_cache
@require_safe
def ticket(request: Request, gathering: str, code: str) -> HttpResponse:
    """Show for what a ticket is; on a device that is a desk, also whose it is, with a button."""
    found = open_page(request, gathering)
    token = request.COOKIES.get(COOKIE, "")
    here = None
    if token and queries.desk_by_token(request.coop.id, token) is not None:
        here = Desk(request, token)
    if here is not None and here.verdict and here.found.id == found.id:
        ticket_id = queries.ticket_by_code(found.id, read_code(code))
        people = queries.guests(request.coop.id, found.id, [ticket_id] if ticket_id else [], here.desk.gate)
        context = {
            "found": found,
            "words": found.words,
            "desk": here.desk,
            "desk_url": here.url,
            "press": uuid.uuid4(),
            "shown": _guest(here, people[0]) if people else None,
            "group": _group(here, people[0]) if people else [],
        }
        return private(render(request, "events/desk_ticket.html", context))
    return private(render(request, "events/ticket.html", {"found": found, "words": found.words}))
