"""Coming in: what every way of signing in ends with, and showing again who one is."""

import datetime as dt
import functools
import json
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, rough_network, visitor
from coopwerf.kernel.tenancy import parties
from coopwerf.kernel.web import Request

from .. import actions, queries
from ..actions import Proven
from ..states import SEEN, SignInWay, belongings

BACKEND = "coopwerf.people.sessions.AuthenticationBackend"

# What a session remembers.
ASKED = "people.asked"
SECOND = "people.second"
FRESH = "people.fresh"
CHALLENGE = "people.challenge"

QUARTER, DAY = 15 * 60, 24 * 60 * 60
TRIES_PER_VISITOR = 300
FRESH_FOR = QUARTER

P = ParamSpec("P")


def too_many() -> str:
    """Say that somebody has to wait."""
    return _("That was asked very often. Wait a quarter of an hour, then try again.")


def limited(response: HttpResponse) -> HttpResponse:
    """Mark an answer as one to somebody who asks too often."""
    response.status_code = 429
    response.headers["Retry-After"] = str(QUARTER)
    return response


def may_try(request: Request) -> bool:
    """Count a code, link or key that a visitor tries."""
    return once_more("sign-in tries", visitor(request), most=TRIES_PER_VISITOR, seconds=QUARTER)


def safe_path(text: str) -> str:
    """Return an address of this installation to go to, or the empty string for anything else."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours and len(text) <= 500 else ""


def go_on(request: Request, proven: Proven, way: SignInWay, *, now: dt.datetime) -> HttpResponse:
    """Ask who read the mail for the second step, where they set one up; else let them in."""
    if not queries.has_second_step(proven.account_id):
        return enter(request, proven.account_id, way, now=now, next_path=proven.next_path)
    request.session.pop(ASKED, None)
    request.session[SECOND] = {
        "account": str(proven.account_id),
        "way": way.value,
        "next": proven.next_path,
        "at": now.timestamp(),
    }
    return redirect("people:second-step")


def enter(
    request: Request, account_id: uuid.UUID, way: SignInWay, *, now: dt.datetime, next_path: str = ""
) -> HttpResponse:
    """Sign somebody in with a new session, and lead them where they were going."""
    account = get_user_model().objects.select_related("party").get(pk=account_id)
    login(request, account, backend=BACKEND)
    # The key is new from here on: whoever knew the visitor's one has nothing.
    if request.session.session_key is None:
        request.session.save()
    for key in (ASKED, SECOND, CHALLENGE):
        request.session.pop(key, None)
    request.session[FRESH] = request.session[SEEN] = now.timestamp()
    actions.open_session(
        actor=request.actor,
        now=now,
        account_id=account_id,
        session_key=str(request.session.session_key),
        way=way,
        network=rough_network(request),
        device=request.headers.get("User-Agent", ""),
    )
    with translation.override(account.party.language):
        messages.success(request, _("You are signed in."))
    return HttpResponseRedirect(safe_path(next_path) or _home(account_id, clock.civil_date(now)))


def _home(account_id: uuid.UUID, on: dt.date) -> str:
    """Return where somebody goes who was going nowhere: to the one place where they belong, else to their account."""
    mine = queries.actor_of(account_id, on=on).parties
    with parties(mine):
        places = {one.url for one in belongings(mine, on)}
    return places.pop() if len(places) == 1 else resolve_url("people:me")


def is_fresh(request: Request) -> bool:
    """Tell whether somebody showed lately who they are."""
    return clock.now().timestamp() - float(request.session.get(FRESH, 0)) < FRESH_FOR


def freshly(
    view: Callable[Concatenate[Request, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let a view be used only by somebody who showed lately who they are; else ask for a code by mail first."""

    @functools.wraps(view)
    def guarded(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(f"{reverse('people:confirm')}?{urlencode({'next': request.path})}")

    return guarded


def json_of(text: str) -> dict[str, Any] | None:
    """Return what a script put into a field, or None where it isn't an object."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
